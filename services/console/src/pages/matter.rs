//! 信访事项: everything about one matter, and the tie of a repeat.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    codes::{AssignmentState, MatterState},
    intake::commands::LinkRepeat,
    routing::commands::MatterView,
};
use kernel::{MatterId, Refusal, Role};

use super::{
    Names, Shown as Page, Visit, fresh_key, html, limits,
    matter_parts::{assignments, claims, documents, head, is_active, steps, timeline},
    refused_form, reveal,
    sign_in::frame_field,
    typed::Typed,
};
use crate::{
    board,
    door::Site,
    error,
    rest::{body, matters},
    rights::Right,
    views::{
        form::CommandForm,
        matter::{ActionView, LinkRepeatForm, MatterPage},
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
    let (content, identity) = panels.for_matter(visit, &names, id, &head, &shown.timeline);
    let view = MatterPage {
        chrome: visit
            .chrome_of(&names, if head.confidential { "restricted" } else { "board" }, &head.number)
            .await?,
        back_href: if head.confidential { "/restricted" } else { "/board" }.to_owned(),
        steps: steps(state, &shown.timeline, received_on),
        dues: Vec::new(),
        workings: routing.map(|v| limits::workings(&visit.site, visit.language, v)).unwrap_or_default(),
        claims: routing.map(|v| claims(&names, v)).unwrap_or_default(),
        assignments: routing.map(|v| assignments(&names, v, &shown.timeline)).unwrap_or_default(),
        timeline: timeline(visit, &names, &shown.timeline),
        documents: documents(&names, id, &head, routing),
        content,
        identity,
        actions: routing.map(|v| actions(visit, &names, id, v)).unwrap_or_default(),
        link_repeat: link_form(visit, id, &head.state, head.confidential, link),
        matter: head,
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(refusal.map_or_else(|| html(page.clone()), |refusal| refused_form(&refusal, page.clone())))
}

/// What this person can do now.
fn actions(visit: &Visit, names: &Names, id: MatterId, view: &MatterView) -> Vec<ActionView> {
    let actor = visit.caller.actor();
    let action = |code: &str, path: &str, primary| ActionView {
        code: code.to_owned(),
        href: format!("/matters/{id}/{path}"),
        primary,
        barred: None,
    };
    let mut actions = Vec::new();
    let routes = if view.restricted {
        Right::Restricted.is_held_by(actor)
    } else {
        visit.caller.is_office(Role::Screener)
    };
    if routes {
        match view.state {
            MatterState::Registered => actions.push(action("screen", "screen", true)),
            MatterState::Screened | MatterState::Returned => {
                actions.push(action("forward", "screen", true));
            }
            _ => {}
        }
    }
    if Right::Rule.is_held_by(actor) {
        match view.state {
            MatterState::Objected => actions.push(action("rule_objection", "objection", true)),
            MatterState::Disputed => actions.push(action("decide_competence", "competence", true)),
            _ => {}
        }
    }
    let active = view.assignments.iter().rev().find(|a| is_active(a.state));
    if let Some(active) = active {
        let early = matches!(
            active.state,
            AssignmentState::Sent | AssignmentState::Delivered | AssignmentState::Signed
        );
        if routes && early {
            actions.push(action("recall", "recall", false));
        }
        let on_paper = names.listed(&active.agency).is_some_and(|listed| !listed.computer);
        if on_paper && Right::OnBehalf.is_held_by(actor) && active.state != AssignmentState::Sent {
            actions.push(action("on_behalf", "on-behalf", true));
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
    let refusal = tried.map(|(_, refusal)| refusal);
    let typed = |name: &str| tried.map_or("", |(typed, _)| typed.get(name));
    let fields = ["reason", "matter_id"];
    let general = refusal.filter(|r| !r.field.as_deref().is_some_and(|f| fields.contains(&f)));
    Some(LinkRepeatForm {
        form: CommandForm {
            href: format!("/matters/{id}/link-repeat"),
            key: fresh_key(&visit.site.deps.mint),
            problem: general.map(|r| r.text(visit.language.is_english())),
            ..CommandForm::default()
        },
        earlier_number: frame_field(visit, typed("earlier_number"), refusal, "matter_id"),
        reason: frame_field(visit, typed("reason"), refusal, "reason"),
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
