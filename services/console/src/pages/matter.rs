//! 信访事项: everything about one matter, and the tie of a repeat.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentRole, AssignmentState, MatterState, OrderState},
    intake::commands::LinkRepeat,
    meetings::commands::{ItemView, ListItems},
    routing::commands::{AssignmentView, MatterView},
    supervision::commands::{ListOrders, OrderView},
};
use kernel::{ErrorKind, MatterId, Refusal, Role};

use super::{
    Names, Shown as Page, Visit,
    form::{Draft, answer},
    limits,
    matter_parts::{assignments, claims, documents, head, is_active, people, steps, timeline},
    meetings::unit_names,
    orders::{in_office, issue_form, urges},
    reveal,
    typed::Typed,
};
use crate::{
    board,
    door::Site,
    error,
    rest::{body, matters},
    rights::Right,
    views::{
        matter::{ActionView, LinkRepeatForm, MatterPage},
        meeting::wholes,
        supervision::IssueForm,
    },
};

/// `GET /matters/{id}`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Page {
    page(&visit, body::matter_id(&id)?, reveal::Panels::default(), None).await
}

/// The page, with a panel that was just opened or a form that was refused.
pub async fn page(
    visit: &Visit,
    id: MatterId,
    panels: reveal::Panels,
    link: Option<(&Typed, &Refusal)>,
) -> Page {
    let shown = matters::find(&visit.site, &visit.caller, id).await?;
    let names = Names::of(visit).await?;
    let head = head(visit, &names, id, &shown);
    let routing = shown.routing.as_ref();
    let state = MatterState::from_code(&head.state).unwrap_or(MatterState::Registered);
    let received_on = head.received_on.parse().unwrap_or_default();
    let refusal = panels.refusal.clone().or_else(|| link.map(|(_, refusal)| refusal.clone()));
    let days = routing.map(days).unwrap_or_default();
    let numbers = routing.iter().flat_map(|v| v.claims.iter().map(|claim| claim.claim_no));
    let words = panels.words(numbers, None);
    let orders = orders_about(visit, id).await?;
    let (content, identity) = panels.for_matter(visit, &names, id, &head, &shown.timeline);
    let view = MatterPage {
        chrome: visit
            .chrome_of(&names, if head.confidential { "restricted" } else { "board" }, &head.number)
            .await?,
        back_href: if head.confidential { "/restricted" } else { "/board" }.to_owned(),
        steps: steps(state, &shown.timeline, received_on, &days),
        dues: Vec::new(),
        workings: routing.map(|v| limits::workings(&visit.site, visit.language, v)).unwrap_or_default(),
        claims: routing.map(|v| claims(&names, v, &words)).unwrap_or_default(),
        assignments: routing.map(|v| assignments(visit, &names, id, v, &shown.timeline)).unwrap_or_default(),
        timeline: timeline(visit, &names, &people(visit, &shown.timeline).await?, &shown.timeline),
        documents: documents(&names, id, &head, routing),
        content,
        identity,
        actions: routing.map(|v| actions(visit, &names, id, v, &orders)).unwrap_or_default(),
        issue_order: issue_order(visit, id, routing, &orders),
        orders: orders.iter().map(|order| in_office(visit, &names, order)).collect(),
        items: wholes(&items_about(visit, id).await?),
        unit_names: unit_names(&names),
        link_repeat: link_form(visit, id, &head.state, head.confidential, link),
        matter: head,
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(answer(page, refusal.as_ref()))
}

/// The days of the assignment that stands, or stood last.
fn days(view: &MatterView) -> BTreeMap<String, NaiveDate> {
    let leads = view.assignments.iter().rev().find(|a| a.role == AssignmentRole::Lead);
    let Some(held) = leads else { return BTreeMap::new() };
    let sent = (AssignmentState::Sent.code().to_owned(), held.sent_on);
    held.days.clone().into_iter().chain([sent]).collect()
}

/// Orders about the matter. They are beside the point of the page: while supervision is away it shows none.
async fn orders_about(visit: &Visit, id: MatterId) -> Result<Vec<OrderView>, Refusal> {
    if !Right::Duties.is_held_by(visit.caller.actor()) {
        return Ok(Vec::new());
    }
    let command = ListOrders { matter_id: Some(id), ..ListOrders::default() };
    match visit.site.ask(&visit.caller, "supervision", &command).await {
        Ok(page) => Ok(page.items),
        Err(refusal) if refusal.kind == ErrorKind::Unavailable => Ok(Vec::new()),
        Err(refusal) => Err(refusal),
    }
}

/// What the joint conference has of the matter; none while meetings is away.
async fn items_about(visit: &Visit, id: MatterId) -> Result<Vec<ItemView>, Refusal> {
    if !Right::Agenda.is_held_by(visit.caller.actor()) {
        return Ok(Vec::new());
    }
    let command = ListItems { matter_id: Some(id), ..ListItems::default() };
    match visit.site.ask(&visit.caller, "meetings", &command).await {
        Ok(page) => Ok(page.items),
        Err(refusal) if refusal.kind == ErrorKind::Unavailable => Ok(Vec::new()),
        Err(refusal) => Err(refusal),
    }
}

/// The form of a new order, while an agency holds the matter and none about it is open.
fn issue_order(
    visit: &Visit,
    id: MatterId,
    view: Option<&MatterView>,
    orders: &[OrderView],
) -> Option<IssueForm> {
    let view = view.filter(|view| urges(visit, view.restricted))?;
    let leads = view.assignments.iter().rev().filter(|a| a.role == AssignmentRole::Lead);
    let held = leads.into_iter().find(|a| a.state != AssignmentState::Recalled)?;
    let open = |o: &OrderView| !matches!(o.state, OrderState::Closed | OrderState::Dropped);
    if held.state == AssignmentState::Sent
        || orders.iter().any(|o| o.assignment_id == held.assignment_id && open(o))
    {
        return None;
    }
    Some(issue_form(visit, id, held.assignment_id, None))
}

/// What this person can do now.
fn actions(
    visit: &Visit,
    names: &Names,
    id: MatterId,
    view: &MatterView,
    orders: &[OrderView],
) -> Vec<ActionView> {
    let actor = visit.caller.actor();
    let action = |code: &str, path: &str, primary| ActionView {
        code: code.to_owned(),
        href: format!("/matters/{id}/{path}"),
        primary,
        barred: None,
    };
    let mut actions = Vec::new();
    // The restricted officer's right to route is over accusations, the others' over all else.
    let routes = if view.restricted {
        Right::Restricted.is_held_by(actor)
    } else {
        visit.caller.is_office(Role::Screener) || visit.caller.is_office(Role::OfficeDirector)
    };
    if routes {
        match view.state {
            MatterState::Registered => {
                actions.push(action("screen", "screen", true));
                if Right::LinkRepeat.is_held_by(actor) && !view.restricted {
                    actions.push(action("like", "like", false));
                }
            }
            MatterState::Screened | MatterState::Returned => {
                actions.push(action("forward", "screen", true));
            }
            _ => {}
        }
    }
    if Right::Rule.is_held_by(actor) {
        match view.state {
            MatterState::Objected => actions.push(action("rule_objection", "objection", true)),
            // A co-agency's objection leaves the matter where it is.
            _ if view.assignments.iter().any(|a| a.state == AssignmentState::Objected) => {
                actions.push(action("rule_objection", "objection", true));
            }
            MatterState::Disputed => actions.push(action("decide_competence", "competence", true)),
            _ => {}
        }
    }
    let active = view.assignments.iter().rev().find(|a| is_active(a.state) && a.role == AssignmentRole::Lead);
    if routes && active.is_some() {
        actions.push(action("co", "co", false));
    }
    let on_paper = |a: &&AssignmentView| names.listed(&a.agency).is_some_and(|listed| !listed.computer);
    let helps = |a: &&AssignmentView| is_active(a.state) && a.role == AssignmentRole::Co;
    for helper in view.assignments.iter().filter(helps).filter(on_paper) {
        if Right::OnBehalf.is_held_by(actor) && helper.state != AssignmentState::Sent {
            let path = format!("on-behalf?no={}", helper.assignment_no);
            actions.push(action("on_behalf_co", &path, true));
        }
    }
    if let Some(active) = active {
        let early = matches!(
            active.state,
            AssignmentState::Sent | AssignmentState::Delivered | AssignmentState::Signed
        );
        if routes && early {
            actions.push(action("recall", "recall", false));
        }
        if on_paper(&active) && Right::OnBehalf.is_held_by(actor) && active.state != AssignmentState::Sent {
            actions.push(action("on_behalf", "on-behalf", true));
        }
    }
    let open = |o: &&OrderView| {
        matches!(o.state, OrderState::Issued | OrderState::Acknowledged | OrderState::SentBack)
    };
    for order in orders.iter().filter(open) {
        let held = view.assignments.iter().find(|a| a.assignment_id == order.assignment_id);
        if let Some(held) = held.filter(on_paper).filter(|_| Right::OnBehalf.is_held_by(actor)) {
            let path = format!("on-behalf?no={}", held.assignment_no);
            actions.push(action("on_behalf_order", &path, true));
        }
    }
    if Right::Identity.is_held_by(actor) {
        actions.push(action("print_receipt", "print/receipt", false));
    }
    if let Some(active) = active {
        actions.push(action("print_letter", &format!("print/letter-{}", active.assignment_no), false));
    }
    actions
}

/// Only what lies with the office unscreened can be a repeat.
fn link_form(
    visit: &Visit,
    id: MatterId,
    state: &str,
    confidential: bool,
    tried: Option<(&Typed, &Refusal)>,
) -> Option<LinkRepeatForm> {
    let may = Right::LinkRepeat.is_held_by(visit.caller.actor()) && !confidential;
    if !(may && state == MatterState::Registered.code() || tried.is_some()) {
        return None;
    }
    let draft = Draft::new(visit, &["reason", "matter_id"]).tried(tried);
    Some(LinkRepeatForm {
        form: draft.command(format!("/matters/{id}/link-repeat"), None),
        earlier_number: draft.field_at("earlier_number", "", "matter_id"),
        reason: draft.field("reason", ""),
    })
}

/// `POST /matters/{id}/link-repeat`
pub async fn link_repeat(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let submission_id = body::matter_id(&id)?;
    match link(&site, &visit, submission_id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("/matters/{id}?notice=linked")).into_response()),
        Err(refusal) => {
            page(&visit, submission_id, reveal::Panels::default(), Some((&typed, &refusal))).await
        }
    }
}

async fn link(site: &Site, visit: &Visit, submission_id: MatterId, typed: &Typed) -> Result<(), Refusal> {
    let number = typed.get("earlier_number");
    let found = match number.parse() {
        Ok(id) => Some(id),
        Err(_) => board::numbers(&site.deps.db, number).await.map_err(|e| error::away(&e))?,
    };
    let matter_id = found.ok_or_else(|| error::NO_SUCH_MATTER_HERE.refuse().at("matter_id"))?;
    let command = LinkRepeat { submission_id, matter_id, reason: typed.get("reason").to_owned() };
    let changed = site.ask(&visit.caller, "intake", &command).await?;
    site.board_has(submission_id, "intake", changed.version).await.map(drop)
}
