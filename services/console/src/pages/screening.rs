//! 甄别, 转送、交办, 撤回: a person decides; what the rules propose stands beside it with its reasons.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, AssignmentState, Level, MatterState, Purpose, Route},
    routing::{
        AgencyListedV1, Proposal,
        commands::{AssignmentView, Forward, HandOver, MatterView, NameAccused, Recall, Screen},
        suggestions::{CodeWhy, Seen, Why, WhyProposed},
    },
};
use kernel::{AgencyCode, MatterId, Refusal};

use super::{
    Names, Shown as Page, Visit, co_form,
    form::{Draft, answer, malformed},
    like, limits,
    matter_parts::{claims, head},
    reveal::{Panels, Words},
    typed::Typed,
};
use crate::{
    door::Site,
    error,
    rest::{body, matters},
    views::{
        chrome::Link,
        form::Choice,
        screening::{
            NameAccusedForm, Proposal as ProposalView, ProposalReason, ProposedCode, RecallPage,
            ScreeningForm, ScreeningPage,
        },
    },
};

const LATER: &str = "later";
/// Fields of the form, as the command names them.
const FIELDS: [&str; 6] =
    ["category", "route", "hand_over.agency", "agency", "hand_over.limit_on", "hand_over.override_reason"];
const REASONS: [&str; 4] = ["wrong_agency", "wrong_category", "duplicate", "other"];

/// `GET /matters/{id}/screen`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Page {
    page(&visit, body::matter_id(&id)?, None).await
}

async fn view_of(visit: &Visit, id: MatterId) -> Result<(matters::Shown, MatterView), Refusal> {
    let shown = matters::find(&visit.site, &visit.caller, id).await?;
    let view = shown.routing.clone().ok_or_else(|| error::NO_SUCH_MATTER_HERE.refuse())?;
    Ok((shown, view))
}

async fn page(visit: &Visit, id: MatterId, tried: Option<(&Typed, &Refusal)>) -> Page {
    let (shown, view) = view_of(visit, id).await?;
    let names = Names::of(visit).await?;
    let head = head(visit, &names, id, &shown);
    let (content, _) = Panels::default().for_matter(visit, &names, id, &head, &shown.timeline);
    let with_office =
        matches!(view.state, MatterState::Registered | MatterState::Screened | MatterState::Returned);
    let page = ScreeningPage {
        chrome: visit
            .chrome_of(&names, if head.confidential { "restricted" } else { "board" }, &head.number)
            .await?,
        back_href: format!("/matters/{id}"),
        claims: claims(&names, &view, &Words::default()),
        due: with_office.then(|| limits::due(&visit.site, visit.language, &view.t01)),
        content,
        proposal: proposal(visit, &names, (id, &shown, &view), &why(visit, &view).await),
        form: form(visit, &names, id, &view, tried),
        name_accused: view.restricted.then(|| accused_form(visit, &names, id, &view)),
        matter: head,
    };
    let rendered = visit.site.page(visit.language, &page)?;
    Ok(answer(rendered, tried.map(|(_, refusal)| refusal)))
}

/// What the text says for learned proposals; the page stands without it when routing or intake is away.
async fn why(visit: &Visit, view: &MatterView) -> Why {
    let mut reasons = view.categories.iter().chain(&view.agencies).flat_map(|p| &p.reasons);
    if !reasons.any(|reason| reason.rule == "learned") {
        return Why::default();
    }
    let asked = WhyProposed { matter_id: view.matter_id };
    visit.site.ask(&visit.caller, "routing", &asked).await.unwrap_or_default()
}

fn proposal(
    visit: &Visit,
    names: &Names,
    (id, shown, view): (MatterId, &matters::Shown, &MatterView),
    why: &Why,
) -> ProposalView {
    let reason = |reason: &contracts::routing::Reason| ProposalReason {
        rule: reason.rule.clone(),
        detail: match reason.rule.as_str() {
            "region" | "outside" => {
                reason.detail.parse().map_or_else(|_| reason.detail.clone(), |code| names.region(&code))
            }
            "category_line" | "off_line" => names.category(&reason.detail),
            "level" => visit.site.say(visit.language, &format!("level-{}", reason.detail)),
            _ => reason.detail.clone(),
        },
    };
    let one = |proposed: &Proposal, name: String, whys: &[CodeWhy]| {
        let why = whys.iter().find(|why| why.code == proposed.code);
        let earlier = why.into_iter().flat_map(|why| &why.earlier);
        ProposedCode {
            name,
            confidence: u32::try_from(proposed.confidence).unwrap_or(0),
            reasons: proposed.reasons.iter().map(reason).collect(),
            terms: why.map(|why| why.terms.clone()).unwrap_or_default(),
            earlier: earlier
                .map(|e| Link { href: format!("/matters/{}", e.matter_id), text: e.number.clone() })
                .collect(),
        }
    };
    let (categories, agencies) = (view.categories.iter(), view.agencies.iter());
    ProposalView {
        categories: categories.map(|p| one(p, names.category(&p.code), &why.categories)).collect(),
        agencies: agencies.map(|p| one(p, names.holder(&p.code), &why.agencies)).collect(),
        repeat_of: shown.board.as_ref().and_then(|listed| like::repeat(visit, id, listed)),
    }
}

/// The form: as typed, else as decided before, else as proposed.
fn form(
    visit: &Visit,
    names: &Names,
    id: MatterId,
    view: &MatterView,
    tried: Option<(&Typed, &Refusal)>,
) -> ScreeningForm {
    let draft = Draft::new(visit, &FIELDS).tried(tried);
    let first = |proposals: &[Proposal]| proposals.first().map(|p| p.code.clone()).unwrap_or_default();
    let category = draft.value("category", &view.category.clone().unwrap_or_else(|| first(&view.categories)));
    let agency = draft.value("agency", &first(&view.agencies));
    let proposed_level =
        agency.parse().ok().and_then(|code: AgencyCode| names.listed(&code).map(|a| a.level));
    let numbers: Vec<i64> = view.claims.iter().map(|c| c.claim_no).collect();
    let version = tried.map_or(view.version, |(typed, _)| typed.version());
    ScreeningForm {
        command: draft.command(format!("/matters/{id}/screen"), Some(version)),
        seen_category: draft.value("seen_category", &first(&view.categories)),
        seen_agency: draft.value("seen_agency", &first(&view.agencies)),
        categories: names
            .categories()
            .map(|(row, name)| Choice::named(row.code.as_str(), name, row.code == category))
            .collect(),
        category_problem: draft.about("category"),
        purposes: draft.codes("purpose", Purpose::ALL.iter().map(|p| p.code()), view.purpose.code()),
        routes: draft.codes(
            "route",
            Route::ALL.iter().map(|r| r.code()),
            view.route.map_or("", |r| r.code()),
        ),
        route_problem: draft.about("route"),
        levels: draft.codes(
            "level",
            Level::ALL.iter().map(|l| l.code()),
            proposed_level.unwrap_or(Level::County).code(),
        ),
        modes: draft.codes("mode", ["forward", "assign", LATER], AssignmentMode::Forward.code()),
        agencies: agencies(names, &agency),
        agency_problem: draft.about("hand_over.agency").or_else(|| draft.about("agency")),
        limit_on: draft.field_at("limit_on", "", "hand_over.limit_on"),
        override_reason: view
            .assignments
            .iter()
            .any(|a| a.state == AssignmentState::Returned)
            .then(|| draft.field_at("override_reason", "", "hand_over.override_reason")),
        co: co_form::fields(&draft, &co_offer(names, view, &numbers), "hand_over.co"),
    }
}

/// What the lines of co-agencies choose from.
fn co_offer<'a>(names: &'a Names, view: &MatterView, claims: &'a [i64]) -> co_form::Offer<'a> {
    co_form::Offer { names, claims, identity_possible: !view.restricted }
}

/// Every agency by name, one of them chosen.
fn agencies(names: &Names, chosen: &str) -> Vec<Choice> {
    let one = |(listed, name): (&AgencyListedV1, String)| {
        Choice::named(listed.agency.as_str(), name, listed.agency.as_str() == chosen)
    };
    names.agencies().map(one).collect()
}

fn accused_form(visit: &Visit, names: &Names, id: MatterId, view: &MatterView) -> NameAccusedForm {
    NameAccusedForm {
        command: Draft::new(visit, &[]).command(format!("/matters/{id}/accused"), Some(view.version)),
        agencies: agencies(names, ""),
    }
}

/// `POST /matters/{id}/screen`
pub async fn submit(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let matter_id = body::matter_id(&id)?;
    match decide(&site, &visit, matter_id, &typed).await {
        Ok(notice) => Ok(Redirect::to(&format!("/matters/{id}?notice={notice}")).into_response()),
        Err(refusal) => page(&visit, matter_id, Some((&typed, &refusal))).await,
    }
}

fn hand_over(typed: &Typed) -> Result<Option<HandOver>, Refusal> {
    let mode = typed.get("mode");
    if mode == LATER {
        return Ok(None);
    }
    let mode = AssignmentMode::from_code(mode).ok_or_else(|| malformed("mode"))?;
    let agency = typed.get("agency").parse().map_err(|_| malformed("hand_over.agency"))?;
    let limit_on: Option<NaiveDate> = match typed.some("limit_on") {
        Some(text) if mode == AssignmentMode::Assign => {
            Some(text.parse().map_err(|_| malformed("hand_over.limit_on"))?)
        }
        _ => None,
    };
    let (override_reason, co) = (typed.some("override_reason"), co_form::read(typed, "hand_over.co")?);
    Ok(Some(HandOver { agency, mode, limit_on, override_reason, co }))
}

/// What the form was shown with: empty where nothing was proposed, absent where the form did not say.
fn seen(typed: &Typed) -> Option<Seen> {
    typed.all("seen_category").next()?;
    let agency = typed.some("seen_agency").and_then(|code| code.parse().ok());
    Some(Seen { category: typed.some("seen_category"), agency })
}

/// Screens, and hands over if asked; a matter that was screened as it now stands is handed over alone.
async fn decide(
    site: &Site,
    visit: &Visit,
    matter_id: MatterId,
    typed: &Typed,
) -> Result<&'static str, Refusal> {
    let purpose = Purpose::from_code(typed.get("purpose")).ok_or_else(|| malformed("purpose"))?;
    let level = Level::from_code(typed.get("level")).ok_or_else(|| malformed("level"))?;
    let claim = matches!(purpose, Purpose::Claim | Purpose::Appeal);
    let command = Screen {
        matter_id,
        expected_version: typed.version(),
        purpose,
        category: typed.some("category").filter(|_| purpose != Purpose::Accusation),
        route: Route::from_code(typed.get("route")).filter(|_| claim),
        level,
        hand_over: hand_over(typed)?,
        seen: seen(typed),
    };
    let (_, view) = view_of(visit, matter_id).await?;
    let as_decided = matches!(view.state, MatterState::Screened | MatterState::Returned)
        && (view.purpose, &view.category, view.route) == (command.purpose, &command.category, command.route);
    let notice = match command.hand_over.as_ref().map(|h| h.mode) {
        Some(AssignmentMode::Forward) => "forwarded",
        Some(AssignmentMode::Assign) => "assigned",
        None => "screened",
    };
    let changed = match command.hand_over.clone() {
        Some(hand_over) if as_decided => {
            let expected_version = command.expected_version;
            site.ask(&visit.caller, "routing", &Forward { matter_id, expected_version, hand_over }).await?
        }
        _ => site.ask(&visit.caller, "routing", &command).await?,
    };
    site.board_has(matter_id, "routing", changed.version).await?;
    Ok(notice)
}

/// `POST /matters/{id}/accused`
pub async fn name_accused(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let matter_id = body::matter_id(&id)?;
    let agencies = typed.all("accused").filter_map(|code| code.parse().ok()).collect();
    let command = NameAccused { matter_id, expected_version: typed.version(), agencies };
    site.ask(&visit.caller, "routing", &command).await?;
    Ok(Redirect::to(&format!("/matters/{id}/screen?notice=accused_named")).into_response())
}

/// The assignment that may be taken back.
fn recallable(view: &MatterView) -> Option<&AssignmentView> {
    view.assignments.iter().rev().filter(|a| a.role == AssignmentRole::Lead).find(|a| {
        matches!(a.state, AssignmentState::Sent | AssignmentState::Delivered | AssignmentState::Signed)
    })
}

/// `GET /matters/{id}/recall`
pub async fn recall(visit: Visit, Path(id): Path<String>) -> Page {
    recall_page(&visit, body::matter_id(&id)?, None).await
}

async fn recall_page(visit: &Visit, id: MatterId, tried: Option<(&Typed, &Refusal)>) -> Page {
    let (shown, view) = view_of(visit, id).await?;
    let Some(held) = recallable(&view) else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let names = Names::of(visit).await?;
    let head = head(visit, &names, id, &shown);
    let draft = Draft::new(visit, &["reason"]).tried(tried);
    let page = RecallPage {
        chrome: visit.chrome(&names, if head.confidential { "restricted" } else { "board" }).await?,
        back_href: format!("/matters/{id}"),
        agency: names.agency(&held.agency),
        document_number: held.document_number.clone(),
        sent_on: held.sent_on.to_string(),
        signed: held.state == AssignmentState::Signed,
        command: draft.command(format!("/matters/{id}/recall"), Some(view.version)),
        reasons: draft.codes("reason", REASONS, ""),
        reason_problem: draft.about("reason"),
        matter: head,
    };
    let rendered = visit.site.page(visit.language, &page)?;
    Ok(answer(rendered, tried.map(|(_, refusal)| refusal)))
}

/// `POST /matters/{id}/recall`
pub async fn recall_submit(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let matter_id = body::matter_id(&id)?;
    let (_, view) = view_of(&visit, matter_id).await?;
    let Some(held) = recallable(&view) else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let command = Recall {
        matter_id,
        expected_version: typed.version(),
        assignment_id: held.assignment_id,
        reason: typed.get("reason").to_owned(),
    };
    match site.ask(&visit.caller, "routing", &command).await {
        Ok(changed) => {
            site.board_has(matter_id, "routing", changed.version).await?;
            Ok(Redirect::to(&format!("/matters/{id}?notice=recalled")).into_response())
        }
        Err(refusal) => recall_page(&visit, matter_id, Some((&typed, &refusal))).await,
    }
}
