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
    Names, Shown as Page, Visit, fresh_key, html, limits,
    matter_parts::{head, objection},
    refused_form,
    sign_in::frame_field,
    typed::Typed,
};
use crate::{
    door::Site,
    error,
    rest::{body, matters},
    views::{
        contest::{CompetencePage, ObjectionPage, RulingForm},
        form::{Choice, CommandForm},
    },
};

const UPHOLD: &str = "uphold";
const REJECT: &str = "reject";
const UPHOLD_REASONS: [&str; 4] = ["not_competent", "competent_elsewhere", "duties_moved", "other"];
const REJECT_REASONS: [&str; 4] = ["within_duties", "not_substantiated", "first_receiver", "other"];

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
    Ok(tried.map_or_else(|| html(rendered.clone()), |(.., refusal)| refused_form(refusal, rendered.clone())))
}

fn ruling_form(
    visit: &Visit,
    id: MatterId,
    view: &MatterView,
    which: &str,
    reasons: &[&'static str],
    tried: Tried<'_>,
) -> RulingForm {
    let mine = tried.filter(|(form, ..)| *form == which);
    let refusal = mine.map(|(.., refusal)| refusal);
    let typed = |name: &str| mine.map_or("", |(_, typed, _)| typed.get(name));
    let english = visit.language.is_english();
    let about = |field: &str| refusal.filter(|r| r.field.as_deref() == Some(field));
    let general = refusal.filter(|r| !matches!(r.field.as_deref(), Some("reason" | "note")));
    RulingForm {
        command: CommandForm {
            href: format!("/matters/{id}/objection/{which}"),
            key: fresh_key(&visit.site.deps.mint),
            version: view.version.to_string(),
            problem: general.map(|r| r.text(english)),
        },
        reasons: reasons.iter().map(|code| Choice::code(*code, *code == typed("reason"))).collect(),
        reason_problem: about("reason").map(|r| r.text(english)),
        note: frame_field(visit, typed("note"), refusal, "note"),
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
    let (answer, notice) = match which.as_str() {
        UPHOLD => (site.ask(&visit.caller, "routing", &UpholdObjection { rule }).await, "objection_upheld"),
        REJECT => (site.ask(&visit.caller, "routing", &RejectObjection { rule }).await, "objection_rejected"),
        _ => return Err(web::errors::PAGE_NOT_FOUND.refuse().into()),
    };
    match answer {
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
    let refusal = tried.map(|(_, refusal)| refusal);
    let typed = |name: &str| tried.map_or("", |(typed, _)| typed.get(name));
    let english = visit.language.is_english();
    let about = |fields: &[&str]| {
        refusal.filter(|r| r.field.as_deref().is_some_and(|f| fields.contains(&f))).map(|r| r.text(english))
    };
    let lead_fields = ["lead", "hand_over.agency"];
    let fields = ["lead", "hand_over.agency", "hand_over.limit_on", "document_number", "by"];
    let general = refusal.filter(|r| !r.field.as_deref().is_some_and(|f| fields.contains(&f)));
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
        command: CommandForm {
            href: format!("/matters/{id}/competence"),
            key: fresh_key(&visit.site.deps.mint),
            version: view.version.to_string(),
            problem: general.map(|r| r.text(english)),
        },
        leads: names
            .agencies()
            .map(|(listed, name)| {
                Choice::named(listed.agency.as_str(), name, listed.agency.as_str() == typed("lead"))
            })
            .collect(),
        lead_problem: about(&lead_fields),
        due_on: frame_field(visit, typed("due_on"), refusal, "hand_over.limit_on"),
        resolution: conference.then(|| frame_field(visit, typed("resolution"), refusal, "by")),
        document_number: frame_field(visit, typed("document_number"), refusal, "document_number"),
        dissent: typed("dissent") == "yes",
        matter,
    };
    let rendered = visit.site.page(visit.language, &page)?;
    Ok(tried.map_or_else(|| html(rendered.clone()), |(_, refusal)| refused_form(refusal, rendered.clone())))
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
    let malformed = |field: &str| web::errors::MALFORMED_INPUT.refuse().at(field);
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
    })
}
