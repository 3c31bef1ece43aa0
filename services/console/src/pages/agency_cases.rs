//! 待改派 (Art. 24): cases of agencies that end, for a person to hand to a successor.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    PageRequest,
    codes::{AssignmentMode, AssignmentRole},
    routing::{
        commands::HandOver,
        register::{ListOrphans, Orphan, Reassign},
    },
};
use kernel::{MatterId, Refusal};

use super::{
    Names, Shown, Visit,
    agencies::Asked,
    encoded,
    form::{Draft, answer, malformed},
    typed::Typed,
};
use crate::{
    board,
    door::Site,
    error,
    rest::body,
    views::{
        agencies::{CaseForm, CaseRow, CasesPage},
        form::Choice,
    },
};

const FIELDS: &[&str] = &["hand_over.agency", "hand_over.limit_on"];

/// `GET /agencies/cases`
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, asked.after, None).await
}

type Tried<'t> = Option<(MatterId, &'t Typed, &'t Refusal)>;

async fn page(visit: &Visit, after: Option<String>, tried: Tried<'_>) -> Shown {
    let names = Names::of(visit).await?;
    let page = PageRequest { after, limit: None };
    let found = visit.site.ask(&visit.caller, "routing", &ListOrphans { page }).await?;
    let mut rows = Vec::with_capacity(found.items.len());
    for orphan in &found.items {
        let shown = board::load(&visit.site.deps.db, orphan.matter_id).await.map_err(|e| error::away(&e))?;
        let number = shown.map(|listed| listed.row.number).filter(|n| !n.is_empty());
        rows.push(row(visit, &names, orphan, number, tried));
    }
    let view = CasesPage {
        chrome: visit.chrome_of(&names, "agencies", "").await?,
        rows,
        next_href: found.next.map(|next| format!("/agencies/cases?after={}", encoded(&next))),
    };
    Ok(answer(visit.site.page(visit.language, &view)?, tried.map(|(_, _, refusal)| refusal)))
}

fn row(visit: &Visit, names: &Names, orphan: &Orphan, number: Option<String>, tried: Tried<'_>) -> CaseRow {
    let id = orphan.matter_id;
    let leads = orphan.role == AssignmentRole::Lead;
    CaseRow {
        id: id.to_string(),
        href: format!("/matters/{id}"),
        number: number.unwrap_or_else(|| id.to_string()),
        agency: names.agency(&orphan.agency),
        last_on: orphan.last_on.to_string(),
        ended: orphan.ended,
        state: orphan.state.code().to_owned(),
        successors: orphan.successors.iter().map(|code| names.agency(code)).collect(),
        form: leads.then(|| form(visit, names, orphan, tried)),
        co_href: (!leads).then(|| format!("/matters/{id}/co")),
    }
}

fn form(visit: &Visit, names: &Names, orphan: &Orphan, tried: Tried<'_>) -> CaseForm {
    let own = tried.filter(|(id, ..)| *id == orphan.matter_id).map(|(_, typed, refusal)| (typed, refusal));
    let draft = Draft::new(visit, FIELDS).tried(own);
    // A successor alone is proposed; of several none is, so that nobody takes the first for the right one.
    let only = match orphan.successors.as_slice() {
        [only] => only.as_str(),
        _ => "",
    };
    let chosen = draft.value("agency", only);
    let rank = |code: &str| orphan.successors.iter().all(|s| s.as_str() != code);
    let mut choices: Vec<_> = names.agencies().filter(|(a, _)| a.agency != orphan.agency).collect();
    choices.sort_by_key(|(listed, _)| rank(listed.agency.as_str()));
    CaseForm {
        command: draft.command(format!("/agencies/cases/{}", orphan.matter_id), Some(orphan.version)),
        agencies: choices
            .into_iter()
            .map(|(listed, name)| {
                let code = listed.agency.as_str();
                Choice::named(code, name, code == chosen)
            })
            .collect(),
        agency_problem: draft.about("hand_over.agency"),
        limit_on: draft.field_at("limit_on", "", "hand_over.limit_on"),
    }
}

/// `POST /agencies/cases/{id}`
pub async fn submit(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let matter_id = body::matter_id(&id)?;
    let outcome = async {
        let command = command(matter_id, &typed)?;
        site.ask(&visit.caller, "routing", &command).await
    }
    .await;
    match outcome {
        Ok(changed) => {
            site.board_has(matter_id, "routing", changed.version).await?;
            Ok(Redirect::to("/agencies/cases?notice=reassigned").into_response())
        }
        Err(refusal) => page(&visit, None, Some((matter_id, &typed, &refusal))).await,
    }
}

/// A limit makes it a 交办, none a 转送.
fn command(matter_id: MatterId, typed: &Typed) -> Result<Reassign, Refusal> {
    let limit_on = typed.some("limit_on").map(|day| day.parse().map_err(|_| malformed("hand_over.limit_on")));
    let limit_on = limit_on.transpose()?;
    Ok(Reassign {
        matter_id,
        expected_version: typed.version(),
        hand_over: HandOver {
            agency: typed.get("agency").parse().map_err(|_| malformed("hand_over.agency"))?,
            mode: if limit_on.is_some() { AssignmentMode::Assign } else { AssignmentMode::Forward },
            limit_on,
            override_reason: None,
            co: Vec::new(),
        },
    })
}
