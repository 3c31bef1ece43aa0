//! Lists from the board, and one matter: the board's row with what routing holds.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use calendar::Explanation;
use contracts::{
    Due, Page, PageRequest,
    intake::commands::{LikeFound, LikeSubmissions},
    routing::commands::{MatterView, RestrictedQueue, RestrictedRow, ShowMatter},
};
use kernel::{AgencyCode, ErrorKind, MatterId, Refusal, Role};
use schemars::JsonSchema;
use serde::Serialize;
use web::{extract::Query, problem::Refused};

use super::{body, etag};
use crate::{
    board::{
        self, BoardRow, Counts, EventRow, Known, Listed,
        list::{Asked, Queue},
    },
    door::{Caller, Site},
    error,
    rights::Right,
};

/// The queues of a caller's roles, the first one's own.
#[must_use]
pub fn queues(caller: &Caller) -> Vec<Queue> {
    let mut queues = Vec::new();
    if caller.is_office(Role::Screener) {
        queues.push(Queue::ToRoute);
    }
    if caller.is_office(Role::Registrar) {
        queues.push(Queue::RegisteredToday);
    }
    if caller.is_office(Role::OfficeDirector) || caller.is_office(Role::Leader) {
        queues.extend([Queue::Overdue, Queue::Assigned]);
    }
    queues
}

/// `GET /api/v1/matters`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Answer<Page<Listed>>, Refused> {
    let today = site.today();
    let filters = asked.filters(today, &queues(&caller), caller.agency())?;
    let rows = PageRequest { after: None, limit: asked.limit }.rows();
    let mut page =
        board::list::page(&site.deps.db, filters, asked.sort()?, &asked.after, rows, today).await?;
    if let Some(agency) = caller.agency() {
        page.items = page.items.into_iter().filter_map(|listed| own(listed, agency)).collect();
    }
    Ok(Answer(page))
}

/// A row as an agency may see it: the lead's whole, a co-agency's of its own share, nobody else's.
#[must_use]
pub fn own(listed: Listed, agency: &AgencyCode) -> Option<Listed> {
    // What may repeat what is the office's own question.
    let listed = Listed { repeat_number: None, row: BoardRow { repeat_of: None, ..listed.row }, ..listed };
    if listed.row.agency.as_ref() == Some(agency) {
        return Some(listed);
    }
    if !listed.row.is_helped_by(agency) {
        return None;
    }
    Some(Listed { row: listed.row.as_helped_by(agency), ..listed })
}

/// `GET /api/v1/counts`
pub async fn counts(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<Counts>, Refused> {
    let only = caller.agency().map(ToString::to_string);
    let restricted = caller.is_office(Role::RestrictedOfficer);
    let counts = board::counts(&site.deps.db, only.as_deref(), restricted).await;
    Ok(Answer(counts.map_err(|e| error::away(&e))?))
}

/// One matter.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shown {
    /// The board's row; absent for an accusation.
    pub board: Option<Listed>,
    /// What routing holds; absent until it is there, and for people of agencies.
    pub routing: Option<MatterView>,
    /// What happened, oldest first.
    pub timeline: Vec<EventRow>,
    /// How each limit was worked out.
    pub explanations: Vec<Explanation>,
}

/// `GET /api/v1/matters/{id}`
pub async fn show(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let shown = find(&site, &caller, body::matter_id(&id)?).await?;
    let row = shown.board.as_ref().map(|listed| &listed.row);
    let routing = shown.routing.as_ref().map(|view| view.version).or(row.map(|row| row.routing_version));
    let others = row.map_or([0, 0, 0], |r| [r.routing_version, r.intake_version, r.supervision_version]);
    let versions = [routing.unwrap_or(0), others[0], others[1], others[2]];
    Ok(etag::answer(&headers, &versions, &shown))
}

/// The version of intake's first fact about a matter.
const REGISTRATION: i64 = 1;

/// One matter as the caller may see it.
///
/// # Errors
/// `matter_not_here`, which is also the answer for what the caller must not know of.
pub async fn find(site: &Site, caller: &Caller, id: MatterId) -> Result<Shown, Refusal> {
    let db = &site.deps.db;
    let not_here = || error::NO_SUCH_MATTER_HERE.refuse();
    let mut row = board::load(db, id).await.map_err(|e| error::away(&e))?;
    if let Some(agency) = caller.agency() {
        let row = row.and_then(|listed| own(listed, agency)).ok_or_else(not_here)?;
        let timeline = board::event_rows(db, id).await.map_err(|e| error::away(&e))?;
        let explanations = explain(site, row.row.dues.iter());
        let timeline = timeline.into_iter().filter_map(|event| event.for_agency(agency)).collect();
        return Ok(Shown { board: Some(row), routing: None, timeline, explanations });
    }
    let routing = match site.ask(caller, "routing", &ShowMatter { matter_id: id }).await {
        Ok(view) => Some(view),
        Err(refusal) if matches!(refusal.kind, ErrorKind::NotFound | ErrorKind::NotHereYet) => None,
        Err(refusal) => return Err(refusal),
    };
    if row.is_none() && routing.as_ref().is_some_and(|view| !view.restricted) {
        // Routing was quicker: both learn of a matter by its registration.
        site.board_has(id, "intake", REGISTRATION).await?;
        row = board::load(db, id).await.map_err(|e| error::away(&e))?;
    }
    if row.is_none() && routing.is_none() && !is_known_accusation(site, caller, id).await? {
        return Err(not_here());
    }
    let timeline = match &row {
        Some(_) => board::event_rows(db, id).await.map_err(|e| error::away(&e))?,
        None => Vec::new(),
    };
    let explanations = match (&routing, &row) {
        (Some(view), _) => explain(site, dues_of(view)),
        (None, Some(listed)) => explain(site, listed.row.dues.iter()),
        (None, None) => Vec::new(),
    };
    Ok(Shown { board: row, routing, timeline, explanations })
}

/// An accusation that routing has not taken in yet is there for its officer.
async fn is_known_accusation(site: &Site, caller: &Caller, id: MatterId) -> Result<bool, Refusal> {
    if !Right::Restricted.is_held_by(caller.actor()) {
        return Ok(false);
    }
    let known = site.deps.db.read(|tx| Box::pin(async move { board::known(tx, id).await }));
    Ok(matches!(known.await.map_err(|e| error::away(&e))?, Known::Restricted(_)))
}

/// Every limit of a matter: the office's own, then those of its assignments.
pub fn dues_of(view: &MatterView) -> impl Iterator<Item = &Due> {
    std::iter::once(&view.t01).chain(view.assignments.iter().flat_map(|a| a.dues.iter()))
}

/// The working of limits; one whose stored numbers make no sense is left out and logged.
pub fn explain<'d>(site: &Site, dues: impl Iterator<Item = &'d Due>) -> Vec<Explanation> {
    let (policy, calendar) = (&site.deps.policy, &site.deps.calendar);
    dues.filter_map(|due| {
        due.explain(policy, calendar)
            .map_err(|error| tracing::error!(%error, rule = %due.rule, "a stored limit has no working"))
            .ok()
    })
    .collect()
}

/// `GET /api/v1/restricted`
pub async fn restricted(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<RestrictedRow>>, Refused> {
    Ok(Answer(site.ask(&caller, "routing", &RestrictedQueue { page }).await?))
}

/// `GET /api/v1/matters/{id}/like`
pub async fn like(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer<LikeFound>, Refused> {
    let id = body::matter_id(&id)?;
    let shown = find(&site, &caller, id).await?;
    Ok(Answer(like_of(&site, &caller, id, shown.routing.as_ref()).await?))
}

/// What may be the same matter, compared with the agency that is proposed while none has it.
///
/// # Errors
/// As intake's.
pub async fn like_of(
    site: &Site,
    caller: &Caller,
    id: MatterId,
    view: Option<&MatterView>,
) -> Result<LikeFound, Refusal> {
    let proposed = view.and_then(|v| v.agencies.first()).and_then(|best| best.code.parse().ok());
    site.ask(caller, "intake", &LikeSubmissions { submission_id: id, agency: proposed }).await
}
