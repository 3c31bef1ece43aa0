//! 召集会议, 变更会议: one form for both.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use contracts::{
    codes::{AgendaState, MeetingKind},
    meetings::commands::{
        BodyView, CallMeeting, ItemView, ListBodies, ListItems, MeetingView, MoveMeeting, ShowMeeting,
    },
};
use kernel::{MeetingId, Refusal, UnixMillis};

use super::{
    Names, Shown, Visit, form, meeting_forms,
    meetings::{MEETINGS, any_form},
    typed::Typed,
};
use crate::{
    door::Site,
    rest::body,
    views::{
        form::{Choice, CommandForm},
        meeting::{CallItem, CallPage, InviteRow, whole},
    },
};

/// Days ahead that a form proposes.
const AHEAD_DAYS: u64 = 5;

/// `GET /meetings/call`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, None, None).await
}

/// `POST /meetings/call`
pub async fn submit(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let command = meeting_forms::kind(&typed).and_then(|kind| {
        let (body, title) = (typed.get("body").to_owned(), typed.some("title"));
        Ok(CallMeeting { body, kind, title, plan: meeting_forms::plan(&typed)? })
    });
    let done = match command {
        Ok(command) => site.ask(&visit.caller, MEETINGS, &command).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(changed) => {
            let to = format!("/meetings/{}?notice=meeting_called", changed.meeting_id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(refusal) => page(&visit, None, Some((&typed, &refusal))).await,
    }
}

/// `GET /meetings/{id}/move`
pub async fn show_move(visit: Visit, Path(id): Path<String>) -> Shown {
    let meeting = found(&visit, body::id(&id)?).await?;
    page(&visit, Some(&meeting), None).await
}

/// `POST /meetings/{id}/move`
pub async fn submit_move(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let meeting_id: MeetingId = body::id(&id)?;
    let done = match meeting_forms::plan(&typed) {
        Ok(plan) => {
            let command = MoveMeeting { meeting_id, expected_version: typed.version(), plan };
            site.ask(&visit.caller, MEETINGS, &command).await
        }
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/meetings/{id}?notice=meeting_changed")).into_response()),
        Err(refusal) => {
            let meeting = found(&visit, meeting_id).await?;
            page(&visit, Some(&meeting), Some((&typed, &refusal))).await
        }
    }
}

async fn found(visit: &Visit, meeting_id: MeetingId) -> Result<MeetingView, Refusal> {
    visit.site.ask(&visit.caller, MEETINGS, &ShowMeeting { meeting_id }).await
}

async fn page(visit: &Visit, moved: Option<&MeetingView>, tried: Option<(&Typed, &Refusal)>) -> Shown {
    let names = Names::of(visit).await?;
    let bodies = visit.site.ask(&visit.caller, MEETINGS, &ListBodies {}).await?;
    let wanted = moved.map(|m| m.terms.body.clone());
    let body = bodies.into_iter().find(|b| wanted.as_ref().is_none_or(|code| *code == b.code));
    let body = body.ok_or_else(|| web::errors::PAGE_NOT_FOUND.refuse())?;
    let open = ListItems { open_only: true, ..ListItems::default() };
    let items = visit.site.ask(&visit.caller, MEETINGS, &open).await?.items;
    let typed = match tried {
        Some((typed, _)) => typed.values(),
        None => moved.map_or_else(|| fresh(visit, &body), standing),
    };
    let refusal = tried.map(|(_, refusal)| refusal);
    let form = match moved {
        Some(meeting) => CommandForm {
            href: format!("/meetings/{}/move", meeting.terms.meeting_id),
            version: meeting.version.to_string(),
            ..any_form(visit)
        },
        None => CommandForm { href: "/meetings/call".to_owned(), ..any_form(visit) },
    };
    let kind = |k: &contracts::meetings::commands::KindView| {
        let word = visit.site.say(visit.language, &format!("meeting-kind-{}", k.kind));
        Choice::named(
            k.kind.code(),
            format!("{word} · {}", k.notice_days),
            typed.get("kind").map(String::as_str) == Some(k.kind.code()),
        )
    };
    let view = CallPage {
        chrome: visit.chrome(&names, "meetings").await?,
        problem: refusal.map(|r| r.text(visit.language.is_english())),
        form,
        moves: moved.is_some(),
        kinds: body.kinds.iter().map(kind).collect(),
        units: rows(&names, &body, &typed),
        items: items
            .iter()
            .filter(|i| can_be_called(i, moved))
            .map(|i| row(&names, i, moved, tried.map(|t| t.0)))
            .collect(),
        body: whole(&body),
        typed,
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(form::answer(page, refusal))
}

fn can_be_called(item: &ItemView, moved: Option<&MeetingView>) -> bool {
    let here = moved.is_some_and(|m| item.meeting_id == Some(m.terms.meeting_id));
    here || matches!(item.state, AgendaState::Screened | AgendaState::Deferred)
}

fn row(names: &Names, item: &ItemView, moved: Option<&MeetingView>, typed: Option<&Typed>) -> CallItem {
    let id = item.item_id.to_string();
    let chosen = match (typed, moved) {
        (Some(typed), _) => typed.all("item").any(|chosen| chosen == id),
        (None, Some(meeting)) => meeting.agenda.iter().any(|line| line.item_id == item.item_id),
        (None, None) => true,
    };
    let parties = item.parties.iter().map(|p| names.agency(p)).collect();
    CallItem { id, number: item.number.clone(), parties, chosen }
}

/// The members of the conference, then every other unit that was chosen.
fn rows(names: &Names, body: &BodyView, typed: &BTreeMap<String, String>) -> Vec<InviteRow> {
    let chosen = |code: &str| typed.get(&format!("invite-{code}")).cloned().unwrap_or_default();
    let mut rows: Vec<InviteRow> = body
        .members
        .iter()
        .map(|code| InviteRow {
            code: code.to_string(),
            name: names.agency(code),
            chosen: chosen(code.as_str()),
        })
        .collect();
    for (listed, name) in names.agencies() {
        let code = listed.agency.to_string();
        if !rows.iter().any(|row| row.code == code) && !chosen(&code).is_empty() {
            rows.push(InviteRow { chosen: chosen(&code), code, name });
        }
    }
    rows
}

/// The nearest weekday from a day on: a proposal, which a person looks at.
fn weekday(mut on: NaiveDate, next: fn(&NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
    while matches!(on.weekday(), Weekday::Sat | Weekday::Sun) {
        let Some(following) = next(&on) else { break };
        on = following;
    }
    on
}

fn fresh(visit: &Visit, body: &BodyView) -> BTreeMap<String, String> {
    let today = visit.site.today();
    let ahead = today.checked_add_days(Days::new(AHEAD_DAYS)).unwrap_or(today);
    let on = weekday(ahead, NaiveDate::succ_opt);
    let before = weekday(on.pred_opt().unwrap_or(on), NaiveDate::pred_opt);
    let place = body.places.first().cloned().unwrap_or_default();
    [
        ("on", on.to_string()),
        ("from", "09:00".to_owned()),
        ("until", "11:00".to_owned()),
        ("reply_by", before.to_string()),
        ("place", place),
        ("kind", MeetingKind::Working.code().to_owned()),
    ]
    .map(|(field, value)| (field.to_owned(), value))
    .into()
}

/// The fields of a meeting that stands.
fn standing(meeting: &MeetingView) -> BTreeMap<String, String> {
    let terms = &meeting.terms;
    let (on, from) = parts(terms.starts_at);
    let mut fields: BTreeMap<String, String> = [
        ("on", on),
        ("from", from),
        ("until", parts(terms.ends_at).1),
        ("reply_by", terms.reply_by.to_string()),
        ("place", terms.place.clone()),
        ("kind", terms.kind.code().to_owned()),
        ("short_notice_reason", meeting.short_notice_reason.clone().unwrap_or_default()),
    ]
    .map(|(field, value)| (field.to_owned(), value))
    .into();
    for invitation in &meeting.invitations {
        let wish = if invitation.required { "required" } else { "optional" };
        fields.insert(format!("invite-{}", invitation.agency), wish.to_owned());
    }
    fields
}

/// Day and time of an instant in Asia/Shanghai.
fn parts(at: UnixMillis) -> (String, String) {
    let text = at.to_string();
    let (on, rest) = text.split_once('T').unwrap_or_default();
    (on.to_owned(), rest.chars().take(5).collect())
}
