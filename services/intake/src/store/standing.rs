//! What intake keeps of routing's matters: who may open them, which are accusations, closed, or repeats.

use db::{StoreError, Tx};
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, SubmissionId, UnixMillis, UserId};

use super::{rows, sketches, sql};
use crate::domain::{
    access::{Right, RightState},
    link::Pair,
};

/// An assignment as routing's fact names it.
#[derive(Clone, Debug)]
pub struct Assignment<'a> {
    /// Its id.
    pub id: AssignmentId,
    /// Its matter.
    pub matter_id: MatterId,
    /// Whom it went to.
    pub agency: &'a AgencyCode,
    /// Fencing number.
    pub no: i64,
}

/// The right that an assignment gives, if intake has heard of it.
///
/// # Errors
/// What the store says.
pub async fn right(tx: &mut Tx<'_>, id: AssignmentId) -> Result<Option<Right>, StoreError> {
    let line: Option<rows::RightLine> = tx.query(&sql::LOAD_RIGHT).bind(id).optional().await?;
    line.map(rows::RightLine::read).transpose()
}

/// Gives a right. One that was ended before it came stays ended.
///
/// # Errors
/// What the store says.
pub async fn grant(
    tx: &mut Tx<'_>,
    assignment: &Assignment<'_>,
    identity_travels: bool,
) -> Result<(), StoreError> {
    let query = tx.query(&sql::GRANT_RIGHT).bind(assignment.id).bind(assignment.matter_id);
    query.bind(assignment.agency).bind(assignment.no).bind(i64::from(identity_travels)).run().await?;
    Ok(())
}

/// Ends a right.
///
/// # Errors
/// What the store says.
pub async fn end(tx: &mut Tx<'_>, assignment: &Assignment<'_>, state: RightState) -> Result<(), StoreError> {
    let query = tx.query(&sql::END_RIGHT).bind(assignment.id).bind(assignment.matter_id);
    query.bind(assignment.agency).bind(assignment.no).bind(state.code()).run_one().await
}

/// Lets a lead open a co-agency's part.
///
/// # Errors
/// What the store says.
pub async fn give_part(
    tx: &mut Tx<'_>,
    part: ContentId,
    matter: MatterId,
    lead: AssignmentId,
) -> Result<(), StoreError> {
    tx.query(&sql::GIVE_PART).bind(part).bind(matter).bind(lead).run().await.map(drop)
}

/// Whether a part was given to this lead.
///
/// # Errors
/// What the store says.
pub async fn is_part_of(tx: &mut Tx<'_>, part: ContentId, lead: AssignmentId) -> Result<bool, StoreError> {
    let row: Option<(String,)> = tx.query(&sql::PART_OF_LEAD).bind(part).bind(lead).optional().await?;
    Ok(row.is_some())
}

/// Notes that a matter was found to be an accusation. It stays one, and no sketch of it stays.
///
/// # Errors
/// What the store says.
pub async fn restrict(tx: &mut Tx<'_>, matter: MatterId) -> Result<(), StoreError> {
    tx.query(&sql::RESTRICT_MATTER).bind(matter).run_one().await?;
    sketches::forget(tx, matter).await
}

/// Notes that a matter is closed.
///
/// # Errors
/// What the store says.
pub async fn close(tx: &mut Tx<'_>, matter: MatterId) -> Result<(), StoreError> {
    tx.query(&sql::CLOSE_MATTER).bind(matter).run_one().await
}

/// What stands between a submission and a matter it may repeat.
///
/// # Errors
/// What the store says.
pub async fn pair(tx: &mut Tx<'_>, submission: SubmissionId, matter: MatterId) -> Result<Pair, StoreError> {
    let line: rows::PairLine = tx.query(&sql::LOAD_LINK_PAIR).bind(submission).bind(matter).one().await?;
    Ok(Pair {
        same: submission == matter,
        linked: line.linked > 0,
        has_repeats: line.repeats > 0,
        handed_over: line.handed_over > 0,
        target_linked: line.target_linked > 0,
        target_closed: line.target_closed > 0,
    })
}

/// A link to be stored.
#[derive(Clone, Debug)]
pub struct Link {
    /// The repeat.
    pub submission: SubmissionId,
    /// The matter it repeats.
    pub matter: MatterId,
    /// Why, sealed.
    pub reason: Vec<u8>,
    /// Who says so.
    pub by: UserId,
    /// When.
    pub at: UnixMillis,
}

/// Stores a link.
///
/// # Errors
/// What the store says.
pub async fn link(tx: &mut Tx<'_>, link: &Link) -> Result<(), StoreError> {
    let query = tx.query(&sql::INSERT_LINK).bind(link.submission).bind(link.matter);
    query.bind(&link.reason).bind(link.by).bind(link.at).run_one().await
}
