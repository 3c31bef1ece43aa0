//! 查询: the petitioner's own look-up by number and query code. Milestones, units, dates; nothing else.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use chrono::NaiveDate;
use contracts::{
    Due,
    codes::{ContentPart, MatterState, OpenPurpose},
    intake::{
        Unit,
        commands::{LookUp, LookedUp},
    },
};
use kernel::{AgencyCode, Refusal, UnixMillis};
use schemars::JsonSchema;
use serde::Serialize;
use web::{extract::Json, problem::Refused};

use crate::{
    board::{self, BoardRow, milestones::Milestone},
    door::{Caller, Site},
    error,
};

/// What the petitioner sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublicView {
    /// The public number.
    pub number: String,
    /// When it was registered.
    pub registered_at: UnixMillis,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// Its state; of an accusation that it is registered, whatever happened since.
    pub state: MatterState,
    /// The agency that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// Milestones, oldest first.
    pub milestones: Vec<Milestone>,
    /// The limit that somebody owes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// T07: until when a review may be asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_due: Option<Due>,
    /// Which units opened the file, and why.
    pub openings: Vec<PublicOpening>,
}

/// One look at the file, by unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublicOpening {
    /// Who.
    pub unit: Unit,
    /// What.
    pub part: ContentPart,
    /// Why.
    pub purpose: OpenPurpose,
    /// When.
    pub at: UnixMillis,
}

/// `POST /api/v1/lookup`
pub async fn look_up(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(asked): Json<LookUp>,
) -> Result<Answer<PublicView>, Refused> {
    Ok(Answer(find(&site, &caller, &asked).await?))
}

/// Looks up within the limits of address and number.
///
/// # Errors
/// `too_many_requests`; intake's one answer to every wrong pair.
pub async fn find(site: &Site, caller: &Caller, asked: &LookUp) -> Result<PublicView, Refusal> {
    site.limits.lookup_by_ip.take(&caller.ip)?;
    let typed: String = asked.number.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    site.limits.lookup_by_number.take(&typed.to_uppercase())?;
    // The right lies in the pair alone: a signed-in person looks up as the public does.
    let public = Caller::public(caller.ip.clone());
    let found = site.ask(&public, "intake", asked).await?;
    let view = if found.restricted { None } else { open_view(site, &found).await? };
    Ok(view.unwrap_or_else(|| registered_alone(&found)))
}

/// The milestones of the matter that a submission belongs to.
async fn open_view(site: &Site, found: &LookedUp) -> Result<Option<PublicView>, Refusal> {
    let db = &site.deps.db;
    let row = board::load(db, found.matter_id).await.map_err(|e| error::away(&e))?;
    let Some(BoardRow { state, agency, due, dues, .. }) = row.map(|listed| listed.row) else {
        return Ok(None);
    };
    let timeline = board::event_rows(db, found.matter_id).await.map_err(|e| error::away(&e))?;
    let mut milestones = board::milestones::milestones(&timeline);
    // A repeat was registered on a day of its own.
    if let Some(first) = milestones.first_mut().filter(|m| m.code == "registered") {
        first.on = found.received_on;
    }
    let review_due = dues.into_iter().find(|due| due.rule == calendar::RuleId::T07);
    Ok(Some(PublicView { state, agency, milestones, due, review_due, ..registered_alone(found) }))
}

fn registered_alone(found: &LookedUp) -> PublicView {
    let registered = Milestone {
        code: "registered".to_owned(),
        on: found.received_on,
        agency: None,
        document_number: None,
        notice: None,
    };
    let opening = |o: &contracts::intake::commands::Opening| PublicOpening {
        unit: o.unit.clone(),
        part: o.part,
        purpose: o.purpose,
        at: o.at,
    };
    PublicView {
        number: found.number.clone(),
        registered_at: found.registered_at,
        received_on: found.received_on,
        state: MatterState::Registered,
        agency: None,
        milestones: vec![registered],
        due: None,
        review_due: None,
        openings: found.openings.iter().map(opening).collect(),
    }
}
