//! 联席会议 at the office: the agenda and what waits, one meeting with its forms, tasks of resolutions.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use chrono::Days;
use contracts::{
    Command, PageRequest,
    codes::{AgendaOutcome, Attendance, CallOffReason, ResolutionTaskVerdict, SendBackReason, TaskChecker},
    meetings::commands::{
        CallOffMeeting, CheckTask, DecideItem, FixMinutes, HoldMeeting, ListItems, ListMeetings, ListTasks,
        RecordPosition, ReopenItem, ScreenItem, ShowMeeting,
    },
};
use kernel::{Actor, AgendaItemId, Clock, MeetingId, Refusal, ResolutionTaskId, Role};
use serde::Deserialize;

use super::{
    Names, Shown, Visit, encoded, form, fresh_key,
    meeting_forms::{self, attendance, decision},
    typed::Typed,
};
use crate::{
    door::Site,
    rest::body,
    rights::Right,
    views::{
        board::Tab,
        form::{Choice, CommandForm},
        meeting::{MeetingPage, MeetingsPage, UnitNames, whole, wholes},
    },
};

pub(super) const MEETINGS: &str = "meetings";
/// Days that a form proposes for another report.
const ANEW_DAYS: u64 = 7;

/// The page as an address asks for it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    tab: String,
    after: Option<String>,
}

/// A form that each row sends to an address of its own.
pub(super) fn any_form(visit: &Visit) -> CommandForm {
    CommandForm { key: fresh_key(&visit.site.deps.mint), ..CommandForm::default() }
}

/// Names of every unit of the register.
pub(super) fn unit_names(names: &Names) -> UnitNames {
    names.every_agency().map(|(listed, name)| (listed.agency.to_string(), name)).collect()
}

/// `GET /meetings`
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, &asked, None).await
}

async fn page(visit: &Visit, asked: &Asked, refusal: Option<&Refusal>) -> Shown {
    let names = Names::of(visit).await?;
    let request = PageRequest { after: asked.after.clone(), limit: None };
    let tab =
        if matches!(asked.tab.as_str(), "meetings" | "resolution_tasks") { &asked.tab } else { "agenda" };
    let (mut items, mut meetings, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
    let next = match tab {
        "meetings" => {
            let command = ListMeetings { state: None, page: request };
            let found = visit.site.ask(&visit.caller, MEETINGS, &command).await?;
            meetings = wholes(&found.items);
            found.next
        }
        "resolution_tasks" => {
            let command = ListTasks { page: request, ..ListTasks::default() };
            let found = visit.site.ask(&visit.caller, MEETINGS, &command).await?;
            tasks = wholes(&found.items);
            found.next
        }
        _ => {
            let command = ListItems { page: request, ..ListItems::default() };
            let found = visit.site.ask(&visit.caller, MEETINGS, &command).await?;
            items = wholes(&found.items);
            found.next
        }
    };
    let tabs = ["agenda", "meetings", "resolution_tasks"].map(|code| Tab {
        code: code.to_owned(),
        href: format!("/meetings?tab={code}"),
        current: code == tab,
        count: None,
    });
    let (actor, today) = (visit.caller.actor(), visit.site.today());
    let view = MeetingsPage {
        chrome: visit.chrome_of(&names, "meetings", "").await?,
        tabs: tabs.to_vec(),
        tab: tab.to_owned(),
        problem: refusal.map(|r| r.text(visit.language.is_english())),
        names: unit_names(&names),
        items,
        meetings,
        tasks,
        form: any_form(visit),
        prepares: Right::Prepare.is_held_by(actor),
        directs: Right::Confer.is_held_by(actor),
        checks: checks_as(actor),
        reasons: SendBackReason::ALL.iter().map(|r| Choice::code(r.code(), false)).collect(),
        anew_on: today.checked_add_days(Days::new(ANEW_DAYS)).unwrap_or(today).to_string(),
        today: today.to_string(),
        next_href: next.map(|next| format!("/meetings?tab={tab}&after={}", encoded(&next))),
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(form::answer(page, refusal))
}

/// As whom somebody may check tasks: as the checker whom the resolution names, the director as every one.
fn checks_as(actor: Option<&Actor>) -> Vec<TaskChecker> {
    let holds = |role| actor.is_some_and(|actor| actor.has(role));
    let named = |checker: &TaskChecker| match checker {
        TaskChecker::Director => holds(Role::OfficeDirector),
        TaskChecker::Supervisor => holds(Role::Supervisor),
        TaskChecker::Screener => holds(Role::Screener),
    };
    let directs = holds(Role::OfficeDirector);
    TaskChecker::ALL.iter().copied().filter(|checker| directs || named(checker)).collect()
}

/// `GET /meetings/{id}`
pub async fn one(visit: Visit, Path(id): Path<String>) -> Shown {
    meeting_page(&visit, body::id(&id)?, None).await
}

async fn meeting_page(visit: &Visit, id: MeetingId, tried: Option<(&Typed, &Refusal)>) -> Shown {
    let names = Names::of(visit).await?;
    let meeting = visit.site.ask(&visit.caller, MEETINGS, &ShowMeeting { meeting_id: id }).await?;
    let actor = visit.caller.actor();
    let refusal = tried.map(|(_, refusal)| refusal);
    let codes = |all: &[&str]| all.iter().map(|code| Choice::code(*code, false)).collect::<Vec<_>>();
    let view = MeetingPage {
        chrome: visit.chrome_of(&names, "meetings", &meeting.terms.title).await?,
        problem: refusal.map(|r| r.text(visit.language.is_english())),
        begun: visit.site.deps.clocks.business.now() >= meeting.terms.starts_at,
        meeting: whole(&meeting),
        form: any_form(visit),
        prepares: Right::Prepare.is_held_by(actor),
        directs: Right::Confer.is_held_by(actor),
        units: names
            .agencies()
            .map(|(listed, name)| Choice::named(listed.agency.as_str(), name, false))
            .collect(),
        names: unit_names(&names),
        outcomes: codes(&AgendaOutcome::ALL.iter().map(|o| o.code()).collect::<Vec<_>>()),
        checkers: codes(&TaskChecker::ALL.iter().map(|c| c.code()).collect::<Vec<_>>()),
        call_off: codes(&CallOffReason::ALL.iter().map(|r| r.code()).collect::<Vec<_>>()),
        attendance: codes(&Attendance::ALL.iter().map(|a| a.code()).collect::<Vec<_>>()),
        typed: tried.map(|(typed, _)| typed.values()).unwrap_or_default(),
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(form::answer(page, refusal))
}

/// `POST /meetings/{id}/{verb}`: `call_off_meeting`, `hold_meeting`, `fix_minutes`.
pub async fn step(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    typed: Typed,
) -> Shown {
    let meeting_id: MeetingId = body::id(&id)?;
    let expected_version = typed.version();
    let malformed = |field: &str| web::errors::MALFORMED_INPUT.refuse().at(field.to_owned());
    let done = match verb.as_str() {
        CallOffMeeting::NAME => {
            let reason = CallOffReason::from_code(typed.get("reason")).ok_or_else(|| malformed("reason"))?;
            let command = CallOffMeeting { meeting_id, expected_version, reason };
            site.ask(&visit.caller, MEETINGS, &command).await
        }
        HoldMeeting::NAME => match attendance(&typed) {
            Ok(attendance) => {
                let command = HoldMeeting { meeting_id, expected_version, attendance };
                site.ask(&visit.caller, MEETINGS, &command).await
            }
            Err(refusal) => Err(refusal),
        },
        FixMinutes::NAME => {
            let convener = typed.get("convener").to_owned();
            let command = FixMinutes { meeting_id, expected_version, convener };
            site.ask(&visit.caller, MEETINGS, &command).await
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/meetings/{id}?notice=meeting_changed")).into_response()),
        Err(refusal) => meeting_page(&visit, meeting_id, Some((&typed, &refusal))).await,
    }
}

/// `POST /agenda/{id}/{verb}`: `screen_item`, `record_position`, `decide_item`, `reopen_item`; back to where it was sent.
pub async fn item_step(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    typed: Typed,
) -> Shown {
    let item_id: AgendaItemId = body::id(&id)?;
    let expected_version = typed.version();
    let ask = &visit.caller;
    let done = match verb.as_str() {
        ScreenItem::NAME => {
            let command = ScreenItem { item_id, expected_version, take: typed.is_on("take") };
            site.ask(ask, MEETINGS, &command).await
        }
        ReopenItem::NAME => site.ask(ask, MEETINGS, &ReopenItem { item_id, expected_version }).await,
        RecordPosition::NAME => match typed.get("agency").parse() {
            Ok(agency) => {
                let words = typed.get("words").to_owned();
                let command = RecordPosition { item_id, expected_version, agency, words };
                site.ask(ask, MEETINGS, &command).await
            }
            Err(_) => Err(web::errors::MALFORMED_INPUT.refuse().at("agency")),
        },
        DecideItem::NAME => match decision(&typed) {
            Ok(decision) => {
                site.ask(ask, MEETINGS, &DecideItem { item_id, expected_version, decision }).await
            }
            Err(refusal) => Err(refusal),
        },
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    let meeting: Option<MeetingId> = typed.get("meeting").parse().ok();
    match (done, meeting) {
        (Ok(_), Some(meeting)) => {
            Ok(Redirect::to(&format!("/meetings/{meeting}?notice=item_changed#{id}")).into_response())
        }
        (Ok(_), None) => Ok(Redirect::to("/meetings?notice=item_changed").into_response()),
        (Err(refusal), Some(meeting)) => meeting_page(&visit, meeting, Some((&typed, &refusal))).await,
        (Err(refusal), None) => page(&visit, &Asked::default(), Some(&refusal)).await,
    }
}

/// `POST /resolution-tasks/{id}/check`
pub async fn check(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let task_id: ResolutionTaskId = body::id(&id)?;
    let verdict = ResolutionTaskVerdict::from_code(typed.get("verdict"));
    let command = CheckTask {
        task_id,
        expected_version: typed.version(),
        verdict: verdict.ok_or_else(|| web::errors::MALFORMED_INPUT.refuse().at("verdict"))?,
        reason: SendBackReason::from_code(typed.get("reason")),
        due_on: meeting_forms::day(&typed, "due_on"),
    };
    let asked = Asked { tab: "resolution_tasks".to_owned(), after: None };
    match site.ask(&visit.caller, MEETINGS, &command).await {
        Ok(_) => Ok(Redirect::to("/meetings?tab=resolution_tasks&notice=task_checked").into_response()),
        Err(refusal) => page(&visit, &asked, Some(&refusal)).await,
    }
}
