//! 协办单位 of a matter: who gives the lead a part; one more is asked, or one is released, by a person.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    codes::{AssignmentRole, AssignmentState, CoReleaseReason},
    routing::commands::{AddCo, AssignmentView, MatterView, ReleaseCo},
};
use kernel::{AssignmentId, MatterId, Refusal};

use super::{
    Names, Shown as Page, Visit, co_form,
    form::{Draft, answer, malformed},
    matter_parts::{head, is_active},
    typed::Typed,
};
use crate::{
    door::Site,
    error,
    rest::{body, matters},
    views::{
        co::{AddForm, CoPage, PartLine, ReleaseForm},
        form::Choice,
    },
};

/// The reasons that a person gives.
const REASONS: [CoReleaseReason; 4] = [
    CoReleaseReason::NotNeeded,
    CoReleaseReason::NotCompetent,
    CoReleaseReason::Overdue,
    CoReleaseReason::Other,
];

/// Which form was refused.
#[derive(Clone, Copy)]
enum Tried<'t> {
    None,
    Add(&'t Typed, &'t Refusal),
    Release(&'t Refusal),
}

/// The lead that is at work, if one is.
fn lead_of(view: &MatterView) -> Option<&AssignmentView> {
    view.assignments.iter().rev().find(|a| a.role == AssignmentRole::Lead && is_active(a.state))
}

/// `GET /matters/{id}/co`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Page {
    page(&visit, body::matter_id(&id)?, Tried::None).await
}

async fn page(visit: &Visit, id: MatterId, tried: Tried<'_>) -> Page {
    let shown = matters::find(&visit.site, &visit.caller, id).await?;
    let view = shown.routing.clone().ok_or_else(|| error::NO_SUCH_MATTER_HERE.refuse())?;
    let Some(lead) = lead_of(&view) else {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    };
    let names = Names::of(visit).await?;
    let matter = head(visit, &names, id, &shown);
    let parts =
        view.assignments.iter().filter(|a| a.share.as_ref().is_some_and(|s| s.lead_no == lead.assignment_no));
    let early = matches!(
        lead.state,
        AssignmentState::Sent
            | AssignmentState::Delivered
            | AssignmentState::Signed
            | AssignmentState::Accepted
    );
    let refusal = match tried {
        Tried::None => None,
        Tried::Add(_, refusal) | Tried::Release(refusal) => Some(refusal),
    };
    let release_problem = match tried {
        Tried::Release(refusal) => Some(refusal.text(visit.language.is_english())),
        Tried::None | Tried::Add(..) => None,
    };
    let page = CoPage {
        chrome: visit.chrome(&names, if matter.confidential { "restricted" } else { "board" }).await?,
        back_href: format!("/matters/{id}"),
        lead: names.agency(&lead.agency),
        parts: parts.map(|a| line_of(visit, &names, id, &view, a)).collect(),
        release_problem,
        add: early.then(|| add_form(visit, &names, id, &view, tried)),
        matter,
    };
    let rendered = visit.site.page(visit.language, &page)?;
    Ok(answer(rendered, refusal))
}

/// A co-agency's assignment as a part.
pub fn part_of(visit: &Visit, names: &Names, id: MatterId, a: &AssignmentView) -> PartLine {
    let share = a.share.as_ref();
    let awaited = is_active(a.state);
    let paper = a.papers.iter().find(|(kind, _)| kind == "co_part").map(|(_, content)| content);
    let ended = [AssignmentState::Answered, AssignmentState::Recalled, AssignmentState::Returned];
    let on = ended.iter().find_map(|state| a.days.get(state.code()));
    PartLine {
        agency: names.agency(&a.agency),
        no: co_form::number(a.assignment_no),
        due_on: a.limit_on.unwrap_or(a.sent_on).to_string(),
        late: awaited && a.limit_on.is_some_and(|on| on < visit.site.today()),
        state: match a.state {
            AssignmentState::Answered => "answered",
            AssignmentState::Recalled | AssignmentState::Returned => "released",
            _ => "awaited",
        }
        .to_owned(),
        on: on.map(ToString::to_string),
        released: share.and_then(|s| s.released).map(|reason| reason.code().to_owned()),
        claims: share.map(|s| s.claims.iter().map(|no| co_form::number(*no)).collect()).unwrap_or_default(),
        task: share.and_then(|s| s.task).map(|task| task.code().to_owned()),
        outcomes: share.map(|s| co_form::outcomes(&s.outcomes)).unwrap_or_default(),
        href: paper.map(|content| format!("/matters/{id}/print/{content}")),
        release: None,
    }
}

fn line_of(visit: &Visit, names: &Names, id: MatterId, view: &MatterView, a: &AssignmentView) -> PartLine {
    let release = is_active(a.state).then(|| ReleaseForm {
        command: Draft::new(visit, &[])
            .command(format!("/matters/{id}/co/{}/release", a.assignment_id), Some(view.version)),
        reasons: REASONS.iter().map(|reason| Choice::code(reason.code(), false)).collect(),
    });
    PartLine { release, ..part_of(visit, names, id, a) }
}

fn add_form(visit: &Visit, names: &Names, id: MatterId, view: &MatterView, tried: Tried<'_>) -> AddForm {
    let tried = match tried {
        Tried::Add(typed, refusal) => Some((typed, refusal)),
        Tried::None | Tried::Release(_) => None,
    };
    let draft = Draft::new(visit, &["co.agency", "co.due_on", "co.claims", "override_reason"]).tried(tried);
    let claims: Vec<i64> = view.claims.iter().map(|c| c.claim_no).collect();
    let offer = co_form::Offer { names, claims: &claims, identity_possible: !view.restricted };
    AddForm {
        command: draft.command(format!("/matters/{id}/co"), Some(view.version)),
        line: co_form::line(&draft, &offer, 1, "co"),
        override_reason: draft.field("override_reason", ""),
    }
}

/// `POST /matters/{id}/co`
pub async fn add(State(site): State<Arc<Site>>, visit: Visit, Path(id): Path<String>, typed: Typed) -> Page {
    let matter_id = body::matter_id(&id)?;
    let outcome = async {
        let co = co_form::read_line(&typed, 1, "co")?.ok_or_else(|| malformed("co.agency"))?;
        let (expected_version, override_reason) = (typed.version(), typed.some("override_reason"));
        let command = AddCo { matter_id, expected_version, co, override_reason };
        site.ask(&visit.caller, "routing", &command).await
    }
    .await;
    match outcome {
        Ok(changed) => {
            site.board_has(matter_id, "routing", changed.version).await?;
            Ok(Redirect::to(&format!("/matters/{id}?notice=co_added")).into_response())
        }
        Err(refusal) => page(&visit, matter_id, Tried::Add(&typed, &refusal)).await,
    }
}

/// `POST /matters/{id}/co/{assignment}/release`
pub async fn release(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, assignment)): Path<(String, String)>,
    typed: Typed,
) -> Page {
    let matter_id = body::matter_id(&id)?;
    let assignment_id: AssignmentId = body::id(&assignment)?;
    let reason = CoReleaseReason::from_code(typed.get("reason")).ok_or_else(|| malformed("reason"))?;
    let command = ReleaseCo { matter_id, expected_version: typed.version(), assignment_id, reason };
    match site.ask(&visit.caller, "routing", &command).await {
        Ok(changed) => {
            site.board_has(matter_id, "routing", changed.version).await?;
            Ok(Redirect::to(&format!("/matters/{id}?notice=co_released")).into_response())
        }
        Err(refusal) => page(&visit, matter_id, Tried::Release(&refusal)).await,
    }
}
