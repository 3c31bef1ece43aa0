//! 异议核实 and 指定管辖 (Art. 23, 24): a person rules; the office records who was found competent.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    Changed,
    codes::AssignmentState,
    routing::{
        Decider,
        commands::{
            AssignmentView, DecideCompetence, DisputeView, MatterView, RejectObjection, RuleOnObjection,
            UpholdObjection,
        },
    },
};
use kernel::{MatterId, Refusal, Role};

use super::{
    Names, Shown as Page, Visit, co_form,
    form::{Draft, answer, malformed},
    limits,
    matter_parts::{head, objection},
    typed::Typed,
};
use crate::{
    door::Site,
    error,
    rest::{body, matters},
    views::{
        contest::{CompetencePage, ObjectionPage, RulingForm},
        form::Choice,
    },
};

const UPHOLD: &str = "uphold";
const REJECT: &str = "reject";
const UPHOLD_REASONS: [&str; 4] = ["not_competent", "competent_elsewhere", "duties_moved", "other"];
const REJECT_REASONS: [&str; 4] = ["within_duties", "not_substantiated", "first_receiver", "other"];

/// Fields that stand in the form of a decision, as the command knows them.
const COMPETENCE_FIELDS: [&str; 5] =
    ["lead", "hand_over.agency", "hand_over.limit_on", "document_number", "by"];

/// A form that was refused, and which.
type Tried<'t> = Option<(&'t str, &'t Typed, &'t Refusal)>;

async fn view_of(visit: &Visit, id: MatterId) -> Result<(matters::Shown, MatterView), Refusal> {
    let shown = matters::find(&visit.site, &visit.caller, id).await?;
    let view = shown.routing.clone().ok_or_else(|| error::NO_SUCH_MATTER_HERE.refuse())?;
    Ok((shown, view))
}

fn contested(view: &MatterView) -> Option<&AssignmentView> {
    view.assignments.iter().rev().find(|a| a.state == AssignmentState::Objected)
}

/// `GET /matters/{id}/objection`
pub async fn objection_of(visit: Visit, Path(id): Path<String>) -> Page {
    objection_page(&visit, body::matter_id(&id)?, None).await
}

async fn objection_page(visit: &Visit, id: MatterId, tried: Tried<'_>) -> Page {
    let (shown, view) = view_of(visit, id).await?;
    let Some(held) = contested(&view) else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let Some(open) = held.objections.last() else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let names = Names::of(visit).await?;
    let head = head(visit, &names, id, &shown);
    let t03 = held.dues.iter().find(|due| due.rule == calendar::RuleId::T03);
    let consents = view.restricted || visit.caller.is_office(Role::OfficeDirector);
    let form = |which: &str, reasons: &[&'static str]| ruling_form(visit, id, &view, which, reasons, tried);
    let page = ObjectionPage {
        chrome: visit.chrome(&names, if head.confidential { "restricted" } else { "board" }).await?,
        back_href: format!("/matters/{id}"),
        agency: names.agency(&held.agency),
        document_number: held.document_number.clone(),
        objections: held.objections.iter().map(|o| objection(&names, o)).collect(),
        letter_href: format!("/matters/{id}/print/{}", open.content_id),
        due: t03.map(|due| limits::due(&visit.site, visit.language, due)),
        bounces: view.bounces,
        uphold_barred: (open.late && !consents)
            .then(|| visit.site.say(visit.language, "objection-late-barred")),
        uphold: form(UPHOLD, &UPHOLD_REASONS),
        reject: form(REJECT, &REJECT_REASONS),
        matter: head,
    };
    let rendered = visit.site.page(visit.language, &page)?;
    Ok(answer(rendered, tried.map(|(.., refusal)| refusal)))
}

fn ruling_form(
    visit: &Visit,
    id: MatterId,
    view: &MatterView,
    which: &str,
    reasons: &[&'static str],
    tried: Tried<'_>,
) -> RulingForm {
    let mine = tried.filter(|(form, ..)| *form == which).map(|(_, typed, refusal)| (typed, refusal));
    let draft = Draft::new(visit, &["reason", "note"]).tried(mine);
    RulingForm {
        command: draft.command(format!("/matters/{id}/objection/{which}"), Some(view.version)),
        reasons: draft.codes("reason", reasons.iter().copied(), ""),
        reason_problem: draft.about("reason"),
        note: draft.field("note", ""),
    }
}

/// `POST /matters/{id}/objection/{ruling}`
pub async fn rule(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, which)): Path<(String, String)>,
    typed: Typed,
) -> Page {
    let matter_id = body::matter_id(&id)?;
    let (_, view) = view_of(&visit, matter_id).await?;
    let Some(held) = contested(&view) else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let rule = RuleOnObjection {
        matter_id,
        expected_version: typed.version(),
        assignment_id: held.assignment_id,
        reason: typed.get("reason").to_owned(),
        note: typed.some("note"),
    };
    let (outcome, notice) = match which.as_str() {
        UPHOLD => (site.ask(&visit.caller, "routing", &UpholdObjection { rule }).await, "objection_upheld"),
        REJECT => (site.ask(&visit.caller, "routing", &RejectObjection { rule }).await, "objection_rejected"),
        _ => return Err(web::errors::PAGE_NOT_FOUND.refuse().into()),
    };
    match outcome {
        Ok(changed) => done(&site, matter_id, &changed, notice).await,
        Err(refusal) => objection_page(&visit, matter_id, Some((&which, &typed, &refusal))).await,
    }
}

async fn done(site: &Site, id: MatterId, changed: &Changed, notice: &str) -> Page {
    site.board_has(id, "routing", changed.version).await?;
    Ok(Redirect::to(&format!("/matters/{id}?notice={notice}")).into_response())
}

/// `GET /matters/{id}/competence`
pub async fn competence(visit: Visit, Path(id): Path<String>) -> Page {
    competence_page(&visit, body::matter_id(&id)?, None).await
}

async fn competence_page(visit: &Visit, id: MatterId, tried: Option<(&Typed, &Refusal)>) -> Page {
    let (shown, view) = view_of(visit, id).await?;
    let Some(dispute) = view.dispute.clone() else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let names = Names::of(visit).await?;
    let matter = head(visit, &names, id, &shown);
    let draft = Draft::new(visit, &COMPETENCE_FIELDS).tried(tried);
    let lead = draft.value("lead", "");
    let claims: Vec<i64> = view.claims.iter().map(|c| c.claim_no).collect();
    let conference = matches!(dispute.deciders, Decider::Conference);
    let page = CompetencePage {
        chrome: visit.chrome(&names, if matter.confidential { "restricted" } else { "board" }).await?,
        back_href: format!("/matters/{id}"),
        refused: dispute.agencies.iter().map(|code| names.agency(code)).collect(),
        raised_on: dispute.raised_on.to_string(),
        superior: match &dispute.deciders {
            Decider::Superior(code) => Some(names.agency(code)),
            Decider::Conference => None,
        },
        command: draft.command(format!("/matters/{id}/competence"), Some(view.version)),
        leads: names
            .agencies()
            .map(|(listed, name)| Choice::named(listed.agency.as_str(), name, listed.agency.as_str() == lead))
            .collect(),
        lead_problem: draft.about("lead").or_else(|| draft.about("hand_over.agency")),
        due_on: draft.field_at("due_on", "", "hand_over.limit_on"),
        resolution: conference.then(|| draft.field_at("resolution", "", "by")),
        document_number: draft.field("document_number", ""),
        dissent: draft.value("dissent", "") == "yes",
        co: co_form::fields(
            &draft,
            &co_form::Offer { names: &names, claims: &claims, identity_possible: !view.restricted },
            "hand_over.co",
        ),
        matter,
    };
    let rendered = visit.site.page(visit.language, &page)?;
    Ok(answer(rendered, tried.map(|(_, refusal)| refusal)))
}

/// `POST /matters/{id}/competence`
pub async fn decide(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let matter_id = body::matter_id(&id)?;
    let (_, view) = view_of(&visit, matter_id).await?;
    let Some(dispute) = view.dispute else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let outcome = async {
        let command = command(matter_id, &dispute, &typed)?;
        site.ask(&visit.caller, "routing", &command).await
    }
    .await;
    match outcome {
        Ok(changed) => done(&site, matter_id, &changed, "competence_decided").await,
        Err(refusal) => competence_page(&visit, matter_id, Some((&typed, &refusal))).await,
    }
}

fn command(matter_id: MatterId, dispute: &DisputeView, typed: &Typed) -> Result<DecideCompetence, Refusal> {
    Ok(DecideCompetence {
        matter_id,
        expected_version: typed.version(),
        lead: typed.get("lead").parse().map_err(|_| malformed("lead"))?,
        due_on: typed.get("due_on").parse().map_err(|_| malformed("hand_over.limit_on"))?,
        by: match &dispute.deciders {
            Decider::Superior(code) => format!("superior:{code}"),
            Decider::Conference => format!("resolution:{}", typed.get("resolution")),
        },
        document_number: typed.get("document_number").to_owned(),
        dissent: typed.get("dissent") == "yes",
        co: co_form::read(typed, "hand_over.co")?,
    })
}
