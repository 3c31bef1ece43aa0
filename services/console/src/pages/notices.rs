//! 通知寄发: the desk prints letters, posts them and records what became of them.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    Command, PageRequest,
    codes::{NoticeChannel, NoticeState, ServiceWay},
    notification::commands::{
        Letter, ListNotices, NoticeView, NoticesChanged, PostLetters, PrintLetters, RecordDelivery,
        RecordReturn, SendAgain,
    },
};
use kernel::{NoticeId, Refusal, Role};
use serde::Deserialize;

use super::{Names, Shown, Visit, encoded, form, fresh_key, html, print, typed::Typed};
use crate::{
    door::Site,
    rest::body,
    rights::Right,
    views::{
        board::Tab,
        form::{Choice, Field},
        notices::{LetterSheet, LettersPaper, NoticeRow, NoticesPage},
    },
};

/// Queues of notices, as tabs.
const TABS: [&str; 5] = ["to_print", "printed", "sent", "mail", "problems"];

/// The page as an address asks for it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    tab: String,
    restricted: bool,
    after: Option<String>,
}

impl Asked {
    fn of(typed: &Typed) -> Self {
        Self { tab: typed.get("tab").to_owned(), restricted: typed.is_on("restricted"), after: None }
    }

    fn href(&self) -> String {
        format!("/notices?tab={}&restricted={}", encoded(&self.tab), self.restricted)
    }
}

/// `GET /notices`
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, &asked, None).await
}

async fn page(visit: &Visit, asked: &Asked, refusal: Option<&Refusal>) -> Shown {
    let names = Names::of(visit).await?;
    let tab = TABS.iter().copied().find(|tab| *tab == asked.tab).unwrap_or("to_print");
    // Who handles accusations alone has no other list.
    let officer = visit.caller.is_office(Role::RestrictedOfficer);
    let restricted = officer && (asked.restricted || !ordinary(visit));
    let wish = ListNotices {
        restricted,
        page: PageRequest { after: asked.after.clone(), limit: None },
        ..queue(tab)
    };
    let found = visit.site.ask(&visit.caller, "notification", &wish).await?;
    let link = |code: &str, restricted: bool| format!("/notices?tab={code}&restricted={restricted}");
    let mut tabs: Vec<Tab> = TABS
        .iter()
        // Of an accusation nothing is mailed.
        .filter(|code| !(restricted && **code == "mail"))
        .map(|code| Tab {
            code: (*code).to_owned(),
            href: link(code, restricted),
            current: *code == tab,
            count: None,
        })
        .collect();
    if officer && ordinary(visit) {
        let code = if restricted { "ordinary" } else { "restricted" };
        tabs.push(Tab {
            code: code.to_owned(),
            href: link("to_print", !restricted),
            current: false,
            count: None,
        });
    }
    let ways = ServiceWay::ALL.iter().map(|way| Choice::code(way.code(), *way == ServiceWay::Mail));
    let view = NoticesPage {
        chrome: visit.chrome_of(&names, "notices", "").await?,
        tabs,
        tab: tab.to_owned(),
        restricted,
        problem: refusal.map(|r| r.text(visit.language.is_english())),
        key: fresh_key(&visit.site.deps.mint),
        rows: found.items.iter().map(row).collect(),
        may_act: Right::Letters.is_held_by(visit.caller.actor()),
        ways: ways.collect(),
        on: Field::of(visit.site.today().to_string()),
        next_href: found.next.map(|next| format!("{}&after={}", link(tab, restricted), encoded(&next))),
    };
    Ok(form::answer(visit.site.page(visit.language, &view)?, refusal))
}

/// Whether somebody has another role that sees notices.
fn ordinary(visit: &Visit) -> bool {
    use Role::{Auditor, Leader, OfficeDirector, Operator, Registrar, Screener, Supervisor};
    let readers = [Registrar, Screener, OfficeDirector, Supervisor, Leader, Auditor, Operator];
    readers.iter().any(|role| visit.caller.is_office(*role))
}

fn queue(tab: &str) -> ListNotices {
    use NoticeState::{Printed, Queued, Sending, Sent, Unknown, Unreachable};
    let (states, channel) = match tab {
        "printed" => (vec![Printed], Some(NoticeChannel::Letter)),
        "sent" => (vec![Sent], Some(NoticeChannel::Letter)),
        "mail" => (vec![Queued, Sending, Sent], Some(NoticeChannel::Mail)),
        "problems" => (vec![Unknown, Unreachable], None),
        _ => (vec![Queued], Some(NoticeChannel::Letter)),
    };
    ListNotices { states, channel, ..ListNotices::default() }
}

/// A notice as a row.
pub fn row(notice: &NoticeView) -> NoticeRow {
    NoticeRow {
        id: notice.notice_id.to_string(),
        href: format!("/matters/{}", notice.matter_id),
        number: notice.number.clone().unwrap_or_else(|| notice.matter_id.to_string()),
        kind: notice.template.clone(),
        channel: notice.channel.code().to_owned(),
        state: notice.state.code().to_owned(),
        trouble: notice.trouble.map(|t| t.code().to_owned()),
        queued_on: notice.queued_on.to_string(),
        sent_on: notice.sent_on.map(|on| on.to_string()),
        delivered_on: notice.delivered_on.map(|on| on.to_string()),
        proof: notice.proof.clone(),
    }
}

fn chosen(typed: &Typed) -> Result<Vec<NoticeId>, Refusal> {
    typed.all("notice").map(body::id).collect()
}

/// `POST /notices/print`: the letters themselves, with the contact that was opened for them.
pub async fn print_letters(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let asked = Asked::of(&typed);
    let command =
        chosen(&typed).map(|notices| PrintLetters { notices, english: visit.language.is_english() });
    let printed = match command {
        Ok(command) => site.ask(&visit.caller, "notification", &command).await,
        Err(refusal) => Err(refusal),
    };
    let printed = match printed {
        Ok(printed) => printed,
        Err(refusal) => return page(&visit, &asked, Some(&refusal)).await,
    };
    let names = Names::of(&visit).await?;
    let url = print::lookup_url(&visit);
    let office = &site.deps.config.office;
    let view = LettersPaper {
        back_href: Asked { tab: "printed".to_owned(), ..asked }.href(),
        issuer: names.office().to_owned(),
        contact: format!("{}　{}", office.telephone, office.address),
        qr_svg: print::qr(&url)?,
        lookup_url: url,
        letters: printed.letters.into_iter().map(sheet).collect(),
        without_address: u64::try_from(printed.without_address.len()).unwrap_or(0),
    };
    Ok(html(site.page(visit.language, &view)?))
}

fn sheet(letter: Letter) -> LetterSheet {
    LetterSheet {
        number: letter.number,
        restricted: letter.restricted,
        name: letter.name,
        address: letter.address,
        title: letter.title,
        paragraphs: letter.paragraphs,
        query_code: letter.query_code,
        dated_on: letter.dated_on.to_string(),
        template_version: letter.template_version.to_string(),
    }
}

fn day(typed: &Typed) -> Result<chrono::NaiveDate, Refusal> {
    typed.get("on").parse().map_err(|_| form::malformed("on"))
}

fn way(typed: &Typed) -> Result<ServiceWay, Refusal> {
    ServiceWay::from_code(typed.get("way")).ok_or_else(|| form::malformed("way"))
}

/// `POST /notices/post`
pub async fn post(visit: Visit, typed: Typed) -> Shown {
    let command = || {
        Ok(PostLetters {
            notices: chosen(&typed)?,
            posted_on: day(&typed)?,
            way: way(&typed)?,
            proof: typed.some("proof"),
        })
    };
    carry_out(&visit, &typed, command()).await
}

/// `POST /notices/{id}/{step}`: `deliver`, `return`, `send_again`.
pub async fn step(visit: Visit, Path((id, step)): Path<(String, String)>, typed: Typed) -> Shown {
    let notice_id: NoticeId = body::id(&id)?;
    match step.as_str() {
        RecordDelivery::NAME => {
            let command = || {
                let (delivered_on, way) = (day(&typed)?, way(&typed)?);
                Ok(RecordDelivery {
                    notice_id,
                    expected_version: None,
                    delivered_on,
                    way,
                    proof: typed.get("proof").to_owned(),
                })
            };
            carry_out(&visit, &typed, command()).await
        }
        RecordReturn::NAME => {
            let command = day(&typed).map(|returned_on| RecordReturn {
                notice_id,
                expected_version: None,
                returned_on,
            });
            carry_out(&visit, &typed, command).await
        }
        SendAgain::NAME => {
            let channel = NoticeChannel::from_code(typed.get("channel"));
            let command = channel.ok_or_else(|| form::malformed("channel"));
            carry_out(
                &visit,
                &typed,
                command.map(|channel| SendAgain { notice_id, expected_version: None, channel }),
            )
            .await
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse().into()),
    }
}

async fn carry_out<C: Command<Reply = NoticesChanged>>(
    visit: &Visit,
    typed: &Typed,
    command: Result<C, Refusal>,
) -> Shown {
    let asked = Asked::of(typed);
    let done = match command {
        Ok(command) => visit.site.ask(&visit.caller, "notification", &command).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("{}&notice=notices_changed", asked.href())).into_response()),
        Err(refusal) => page(visit, &asked, Some(&refusal)).await,
    }
}
