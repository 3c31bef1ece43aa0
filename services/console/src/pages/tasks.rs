//! 待办: an agency's own list, one task, its steps and its files.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::{
    PageRequest,
    agency::commands::{
        CoPart, CountTasks, ListOrders, ListTasks, Open, Opened, PartText, ReceivedOrder, ShowDraft,
        ShowTask, Task,
    },
    codes::{AssignmentRole, AssignmentState, CoState, ContentPart, MatterState, OpenPurpose},
};
use kernel::{AgencyCode, AssignmentId, AttachmentId, Refusal};
use serde::Deserialize;

use super::{
    Names, Shown, Visit, co_form, encoded,
    form::answer,
    html, limits,
    matter_parts::{letter_kind, people, steps, timeline},
    orders::at_agency,
    reveal::{self, Panels, Words},
    steps::{self as forms, Asked, StepKind},
    typed::Typed,
};
use crate::{
    board::{self, EventRow, Listed, next_due},
    door::Site,
    error,
    rest::{attachments, body, matters, tasks as rest_tasks},
    views::{
        board::Tab,
        co::PartLine,
        matter::{ClaimView, DocumentView, Step},
        task::{RulingLine, TaskHead, TaskPage, TaskRow, TasksPage},
    },
};

/// The queues of an agency: code word and the state of their tasks.
const TABS: [(&str, Option<AssignmentState>); 8] = [
    ("to_sign", Some(AssignmentState::Delivered)),
    ("to_accept", Some(AssignmentState::Signed)),
    ("to_answer", Some(AssignmentState::Accepted)),
    ("objected", Some(AssignmentState::Objected)),
    ("to_serve", Some(AssignmentState::OpinionIssued)),
    ("to_close", Some(AssignmentState::Served)),
    ("co_answered", Some(AssignmentState::Answered)),
    ("done", Some(AssignmentState::Closed)),
];
const OPEN: &str = "open";

/// The list as an address asks for it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AskedList {
    tab: String,
    after: Option<String>,
}

/// `GET /tasks`
pub async fn list(visit: Visit, Query(asked): Query<AskedList>) -> Shown {
    let agency = rest_tasks::agency_of(&visit.caller, None)?;
    let names = Names::of(&visit).await?;
    let site = &visit.site;
    let tab = if asked.tab.is_empty() { OPEN } else { asked.tab.as_str() };
    let state = TABS.iter().find(|(code, _)| *code == tab).and_then(|(_, state)| *state);
    let page = PageRequest { after: asked.after.clone(), limit: None };
    let command = ListTasks { state, open_only: state.is_none(), page };
    let (found, counts) = tokio::try_join!(
        site.ask_agency(&visit.caller, &agency, &command),
        site.ask_agency(&visit.caller, &agency, &CountTasks {})
    )?;
    let count = |state: AssignmentState| counts.by_state.get(state.code()).copied().unwrap_or(0);
    let open: i64 = counts
        .by_state
        .iter()
        .filter(|(s, _)| !matches!(s.as_str(), "closed" | "recalled" | "returned" | "answered"))
        .map(|(_, n)| n)
        .sum();
    let tab_view = |code: &str, n: i64| Tab {
        code: code.to_owned(),
        href: format!("/tasks?tab={code}"),
        current: code == tab,
        count: u64::try_from(n).ok(),
    };
    let mut tabs = vec![tab_view(OPEN, open)];
    tabs.extend(TABS.iter().filter_map(|(code, state)| state.map(|s| tab_view(code, count(s)))));
    let mut rows = Vec::with_capacity(found.items.len());
    for task in &found.items {
        rows.push(row(&visit, &names, task).await?);
    }
    let view = TasksPage {
        chrome: visit.chrome_of(&names, "tasks", "").await?,
        tabs,
        buckets: Vec::new(),
        total: u64::try_from(state.map_or(open, count)).unwrap_or(0),
        rows,
        next_href: found.next.map(|next| format!("/tasks?tab={tab}&after={}", encoded(&next))),
    };
    Ok(html(site.page(visit.language, &view)?))
}

/// The board's row of a task's matter, if the agency holds it; never of an accusation.
pub async fn listed(visit: &Visit, task: &Task) -> Result<Option<Listed>, Refusal> {
    let id = task.dispatch.matter_id;
    let found = board::load(&visit.site.deps.db, id).await.map_err(|e| error::away(&e))?;
    Ok(found.and_then(|row| matters::own(row, &task.dispatch.agency)))
}

/// The number a task is known by: the matter's, or its letter's.
pub fn number(task: &Task) -> String {
    task.dispatch.summary.number.clone().unwrap_or_else(|| task.dispatch.document_number.clone())
}

/// The masked title, or a word in its place.
pub fn summary(visit: &Visit, names: &Names, task: &Task, listed: Option<&Listed>) -> String {
    let title = listed.and_then(|row| row.title.clone());
    title.unwrap_or_else(|| match &task.dispatch.summary.category {
        Some(code) => names.category(code),
        None => visit.site.say(visit.language, &format!("purpose-{}", task.dispatch.summary.purpose)),
    })
}

fn flags(task: &Task) -> Vec<String> {
    let summary = &task.dispatch.summary;
    let flags = [
        (task.dispatch.restricted, "restricted"),
        (summary.joint, "joint"),
        (summary.anonymous, "anonymous"),
        (!task.dispatch.identity_travels && !summary.anonymous, "withheld"),
    ];
    flags.iter().filter(|(set, _)| *set).map(|(_, code)| (*code).to_owned()).collect()
}

fn delivered_on(task: &Task) -> String {
    let on = task.days.get(AssignmentState::Delivered.code()).copied();
    on.unwrap_or(task.dispatch.sent_on).to_string()
}

/// The limits that still run at a task's state.
fn running(task: &Task) -> Vec<contracts::Due> {
    use calendar::RuleId;
    let met: &[RuleId] = match task.state {
        AssignmentState::Sent
        | AssignmentState::Delivered
        | AssignmentState::Signed
        | AssignmentState::Objected => &[],
        AssignmentState::Accepted => &[RuleId::T03, RuleId::T04],
        AssignmentState::OpinionIssued | AssignmentState::Served => &[RuleId::T03, RuleId::T04, RuleId::T06],
        AssignmentState::Closed
        | AssignmentState::Recalled
        | AssignmentState::Returned
        | AssignmentState::Answered => return Vec::new(),
    };
    task.dues.iter().filter(|due| !met.contains(&due.rule)).cloned().collect()
}

async fn row(visit: &Visit, names: &Names, task: &Task) -> Result<TaskRow, Refusal> {
    let listed = listed(visit, task).await?;
    Ok(TaskRow {
        href: format!("/tasks/{}", task.dispatch.assignment_id),
        number: number(task),
        summary: summary(visit, names, task, listed.as_ref()),
        category: task.dispatch.summary.category.as_ref().map(|code| names.category(code)),
        mode: task.dispatch.mode.code().to_owned(),
        state: task.state.code().to_owned(),
        delivered_on: delivered_on(task),
        due: next_due(&running(task)).map(|due| limits::due(&visit.site, visit.language, due)),
        flags: flags(task),
        lead: task.dispatch.lead.as_ref().map(|code| names.agency(code)),
    })
}

/// `GET /tasks/{id}`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Shown {
    page(&visit, body::id(&id)?, Panels::default(), Tried::default()).await
}

/// A task of the visitor's own agency.
pub async fn find(visit: &Visit, agency: &AgencyCode, assignment_id: AssignmentId) -> Result<Task, Refusal> {
    visit.site.ask_agency(&visit.caller, agency, &ShowTask { assignment_id }).await
}

/// A step's form on its way back.
#[derive(Clone, Copy, Default)]
pub struct Tried<'t> {
    /// Which step; `None` for the one the task waits for.
    pub step: Option<StepKind>,
    /// What was typed.
    pub typed: Option<&'t Typed>,
    /// Why it was refused.
    pub refusal: Option<&'t Refusal>,
}

/// The page, with a panel that was just opened or a step that was refused.
pub async fn page(visit: &Visit, id: AssignmentId, panels: Panels, tried: Tried<'_>) -> Shown {
    let agency = rest_tasks::agency_of(&visit.caller, None)?;
    let task = find(visit, &agency, id).await?;
    let names = Names::of(visit).await?;
    let listed = listed(visit, &task).await?;
    let events = match &listed {
        Some(row) => own_events(visit, &agency, row).await?,
        None => Vec::new(),
    };
    let received = received_orders(visit, &agency, id).await?;
    let orders: Vec<_> = received
        .iter()
        .map(|order| {
            let typed = panels.typed_for(&order.dispatch.order_id.to_string());
            at_agency(visit, &names, &number(&task), order, typed.as_deref())
        })
        .collect();
    let (site, language) = (&visit.site, visit.language);
    let refusal = panels.refusal.clone().or_else(|| tried.refusal.cloned());
    let words = panels.words(task.dispatch.claims.iter().copied(), tried.typed);
    let (content, identity) = panels.for_task(visit, id, task.dispatch.identity_travels);
    let next = tried.step.or(StepKind::next_for(&task, visit));
    let part = draft_of(visit, &agency, &task).await?;
    let claims = claims(&names, &task, &words);
    let asked = Asked {
        href: format!("/tasks/{id}/"),
        typed: tried.typed,
        refusal: tried.refusal,
        words,
        open_href: visit.caller.agency().map(|_| reveal::text_door(id)),
        part,
    };
    let form = next.filter(|step| step.is_for(visit));
    let form = form.map(|step| forms::form(visit, &names, &task, step, &asked));
    let fresh = Asked { href: format!("/tasks/{id}/"), ..Asked::default() };
    let beside = StepKind::beside(&task)
        .into_iter()
        .filter(|step| Some(*step) != tried.step && step.is_for(visit))
        .map(|step| forms::form(visit, &names, &task, step, &fresh));
    let barred = next.is_some() && form.is_none();
    let day = |state: AssignmentState| task.days.get(state.code()).copied();
    let ended = matches!(
        task.state,
        AssignmentState::Closed
            | AssignmentState::Recalled
            | AssignmentState::Returned
            | AssignmentState::Answered
    );
    let workings = task.dues.iter().filter_map(|due| {
        let met_on = match due.rule {
            calendar::RuleId::T03 => day(AssignmentState::Accepted).or(day(AssignmentState::Closed)),
            calendar::RuleId::T05 => day(AssignmentState::Closed).or(day(AssignmentState::Answered)),
            calendar::RuleId::T06 => day(AssignmentState::OpinionIssued),
            _ => None,
        };
        let lapsed = due.rule == calendar::RuleId::T04 && day(AssignmentState::Accepted).is_some();
        let extended_on = task.days.get("extended").copied();
        limits::working(site, language, due, limits::Course { met_on, ended: ended || lapsed, extended_on })
    });
    let mut days = task.days.clone();
    days.insert(AssignmentState::Sent.code().to_owned(), task.dispatch.sent_on);
    let view = TaskPage {
        chrome: visit.chrome_of(&names, "tasks", &number(&task)).await?,
        back_href: "/tasks".to_owned(),
        task: head(visit, &names, &task, listed.as_ref()),
        steps: match task.dispatch.role {
            AssignmentRole::Lead => {
                steps(matter_state(&task), &events, task.dispatch.summary.received_on, &days)
            }
            AssignmentRole::Co => co_steps(&task),
        },
        parts: parts(visit, &names, id, &task),
        dues: Vec::new(),
        workings: workings.collect(),
        claims,
        content,
        identity,
        next: form,
        beside: beside.collect(),
        ruling: task.ruling.as_ref().map(|r| RulingLine {
            ruling: r.ruling.code().to_owned(),
            reason: r.reason.clone(),
            on: r.decided_on.to_string(),
            note: None,
        }),
        next_barred: barred.then(|| site.say(language, "task-head-signs")),
        draft_only: next == Some(StepKind::DraftPart),
        orders,
        documents: documents(&names, id, &task),
        timeline: timeline(visit, &names, &people(visit, &events).await?, &events),
    };
    let page = site.page(language, &view)?;
    Ok(answer(page, refusal.as_ref()))
}

/// Orders that the agency got about a task.
async fn received_orders(
    visit: &Visit,
    agency: &AgencyCode,
    id: AssignmentId,
) -> Result<Vec<ReceivedOrder>, Refusal> {
    let command = ListOrders { assignment_id: Some(id), ..ListOrders::default() };
    Ok(visit.site.ask_agency(&visit.caller, agency, &command).await?.items)
}

async fn own_events(visit: &Visit, agency: &AgencyCode, row: &Listed) -> Result<Vec<EventRow>, Refusal> {
    let events =
        board::event_rows(&visit.site.deps.db, row.row.matter_id).await.map_err(|e| error::away(&e))?;
    Ok(events.into_iter().filter_map(|event| event.for_agency(agency)).collect())
}

/// The draft of a part, where one is kept.
async fn draft_of(visit: &Visit, agency: &AgencyCode, task: &Task) -> Result<Option<PartText>, Refusal> {
    if !task.drafted {
        return Ok(None);
    }
    let command = ShowDraft { assignment_id: task.dispatch.assignment_id };
    visit.site.ask_agency(&visit.caller, agency, &command).await.map(Some)
}

/// The parts that the lead has or waits for.
fn parts(visit: &Visit, names: &Names, id: AssignmentId, task: &Task) -> Vec<PartLine> {
    let one = |part: &CoPart| {
        let here = part.state == CoState::Answered && visit.caller.agency().is_some();
        let href = here.then(|| format!("/tasks/{id}/print/part-{}", part.asked.assignment_no));
        co_form::part_line(names, part, visit.site.today(), href)
    };
    task.co.iter().map(one).collect()
}

/// The path of a co-agency: in the inbox, signed for, its part sent.
fn co_steps(task: &Task) -> Vec<Step> {
    use AssignmentState as S;
    let stations = [("delivered", S::Delivered), ("signed", S::Signed), ("co_answered", S::Answered)];
    let reached = stations.iter().filter(|(_, state)| task.days.contains_key(state.code())).count();
    let step = |(n, (code, state)): (usize, &(&str, S))| Step {
        code: (*code).to_owned(),
        on: task.days.get(state.code()).map(ToString::to_string),
        state: if task.days.contains_key(state.code()) {
            "done"
        } else if n == reached {
            "current"
        } else {
            "ahead"
        }
        .to_owned(),
    };
    stations.iter().enumerate().map(step).collect()
}

const fn matter_state(task: &Task) -> MatterState {
    match task.state {
        AssignmentState::Sent
        | AssignmentState::Delivered
        | AssignmentState::Signed
        | AssignmentState::Objected
        | AssignmentState::Returned
        | AssignmentState::Recalled => MatterState::Forwarded,
        AssignmentState::Accepted => MatterState::Handling,
        AssignmentState::OpinionIssued => MatterState::OpinionIssued,
        AssignmentState::Served => MatterState::Served,
        AssignmentState::Closed | AssignmentState::Answered => MatterState::Closed,
    }
}

fn head(visit: &Visit, names: &Names, task: &Task, listed: Option<&Listed>) -> TaskHead {
    let dispatch = &task.dispatch;
    TaskHead {
        number: number(task),
        summary: summary(visit, names, task, listed),
        state: task.state.code().to_owned(),
        mode: dispatch.mode.code().to_owned(),
        document_number: dispatch.document_number.clone(),
        legal_ground: limits::ground(visit.language, &dispatch.legal_ground),
        sender: names.office().to_owned(),
        sent_on: dispatch.sent_on.to_string(),
        delivered_on: delivered_on(task),
        limit_on: dispatch.limit_on.map(|on| on.to_string()),
        contact: dispatch.office_contact.clone(),
        category: dispatch.summary.category.as_ref().map(|code| names.category(code)),
        purpose: dispatch.summary.purpose.code().to_owned(),
        route: dispatch.summary.route.map(|route| route.code().to_owned()),
        region_name: dispatch
            .summary
            .place_region
            .as_ref()
            .map_or("—".to_owned(), |code| names.region(code)),
        people: u32::try_from(dispatch.summary.heads).unwrap_or(1),
        flags: flags(task),
        identity_withheld: !dispatch.identity_travels,
        lead: dispatch.lead.as_ref().map(|code| names.agency(code)),
        co_task: dispatch.task.map(|task| task.code().to_owned()),
    }
}

fn claims(names: &Names, task: &Task, words: &Words) -> Vec<ClaimView> {
    let one = |no: &i64| {
        let outcome = task.outcomes.iter().find(|o| o.claim_no == *no);
        ClaimView {
            no: u32::try_from(*no).unwrap_or(0),
            text: words.get(no).cloned(),
            holder: Some(names.agency(&task.dispatch.agency)),
            state: match (task.state, outcome) {
                (AssignmentState::Closed, _) => "closed",
                (_, Some(_)) => "answered",
                (_, None) => "open",
            }
            .to_owned(),
            outcome: outcome.map(|o| o.outcome.code().to_owned()),
        }
    };
    task.dispatch.claims.iter().map(one).collect()
}

fn documents(names: &Names, id: AssignmentId, task: &Task) -> Vec<DocumentView> {
    let letter = letter_kind(task.dispatch.role, task.dispatch.mode);
    let mut documents = vec![DocumentView {
        kind: letter.to_owned(),
        number: Some(task.dispatch.document_number.clone()),
        on: task.dispatch.sent_on.to_string(),
        unit: names.office().to_owned(),
        href: format!("/tasks/{id}/print/letter"),
    }];
    for (kind, content) in &task.papers {
        use contracts::agency::commands::PaperKind as K;
        let (code, state) = match kind {
            K::AcceptanceNotice => ("acceptance_notice", AssignmentState::Accepted),
            K::Opinion => ("opinion", AssignmentState::OpinionIssued),
            K::ServiceRecord => ("service_record", AssignmentState::Served),
            K::Report => ("report", AssignmentState::Closed),
            K::ExtensionNotice => {
                let on = task.days.get("extended").copied().unwrap_or(task.dispatch.sent_on);
                documents.push(extension_notice(names, id, task, *content, on));
                continue;
            }
            K::Objection => ("objection", AssignmentState::Objected),
            // Shown with its order, its meeting, its resolution.
            K::OrderReply | K::Position | K::TaskReport => continue,
            K::CoPart => ("co_part", AssignmentState::Answered),
        };
        let on = task.days.get(state.code()).copied().unwrap_or(task.dispatch.sent_on);
        documents.push(DocumentView {
            kind: code.to_owned(),
            number: None,
            on: on.to_string(),
            unit: names.agency(&task.dispatch.agency),
            href: format!("/tasks/{id}/print/{content}"),
        });
    }
    documents
}

fn extension_notice(
    names: &Names,
    id: AssignmentId,
    task: &Task,
    content: kernel::ContentId,
    on: chrono::NaiveDate,
) -> DocumentView {
    DocumentView {
        kind: "extension_notice".to_owned(),
        number: None,
        on: on.to_string(),
        unit: names.agency(&task.dispatch.agency),
        href: format!("/tasks/{id}/print/{content}"),
    }
}

/// `POST /tasks/{id}/{step}`
pub async fn submit(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, step)): Path<(String, String)>,
    typed: Typed,
) -> Shown {
    let assignment_id: AssignmentId = body::id(&id)?;
    let step = StepKind::from_code(&step).ok_or_else(|| web::errors::PAGE_NOT_FOUND.refuse())?;
    let agency = rest_tasks::agency_of(&visit.caller, None)?;
    let task = find(&visit, &agency, assignment_id).await?;
    match forms::take(&site, &visit, &task, step, &typed, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/tasks/{id}?notice={}", step.notice())).into_response()),
        Err(refusal) => {
            let tried = Tried { step: Some(step), typed: Some(&typed), refusal: Some(&refusal) };
            page(&visit, assignment_id, Panels::default(), tried).await
        }
    }
}

/// `GET /tasks/{id}/files/{file}`: a file of the submission, through the agency's own account; logged.
pub async fn file(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, web::problem::Refused> {
    let assignment_id: AssignmentId = body::id(&id)?;
    let attachment: AttachmentId = body::id(&file)?;
    let agency = rest_tasks::agency_of(&visit.caller, None)?;
    let unreadable = || web::ask::UNREADABLE_REPLY.refuse().with("service", &agency);
    let mut bytes = Vec::new();
    loop {
        let offset = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let command = Open {
            assignment_id,
            part: ContentPart::Attachment,
            attachment: Some((attachment, offset)),
            purpose: OpenPurpose::Handling,
        };
        let opened = site.ask_agency(&visit.caller, &agency, &command).await?;
        let Opened::Attachment(piece) = opened else { return Err(unreadable().into()) };
        let piece_bytes = BASE64_STANDARD.decode(&piece.chunk).map_err(|_| unreadable())?;
        if piece_bytes.is_empty() || bytes.len() + piece_bytes.len() > attachments::FILE_MAX {
            return Err(unreadable().into());
        }
        bytes.extend_from_slice(&piece_bytes);
        if i64::try_from(bytes.len()).is_ok_and(|n| n >= piece.meta.size) {
            return Ok(attachments::download(&piece.meta, bytes));
        }
    }
}
