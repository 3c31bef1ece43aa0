//! Papers of agencies, and the probes of key-encryption keys.

use db::{StoreError, Tx};
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, UnixMillis};

use super::{PaperRow, sql};

/// A paper to be stored.
#[derive(Clone, Debug)]
pub struct NewPaper {
    /// Minted by the agency.
    pub id: ContentId,
    /// Whose matter.
    pub matter: MatterId,
    /// By which assignment.
    pub assignment: AssignmentId,
    /// Who wrote it.
    pub agency: AgencyCode,
    /// SHA-256 of the body, hex.
    pub sha256: String,
    /// When it came.
    pub at: UnixMillis,
    /// The sealed cell.
    pub body: Vec<u8>,
}

/// Stores a paper; `false` when its id is there already.
///
/// # Errors
/// What the store says.
pub async fn insert(tx: &mut Tx<'_>, paper: &NewPaper) -> Result<bool, StoreError> {
    let query = tx.query(&sql::INSERT_PAPER).bind(paper.id).bind(paper.matter).bind(paper.assignment);
    let query = query.bind(&paper.agency).bind(&paper.sha256).bind(paper.at).bind(&paper.body);
    Ok(query.run().await? == 1)
}

/// One paper.
///
/// # Errors
/// What the store says.
pub async fn load(tx: &mut Tx<'_>, id: ContentId) -> Result<Option<PaperRow>, StoreError> {
    tx.query(&sql::LOAD_PAPER).bind(id).optional().await
}

/// Every key-encryption key that wrapped something here: its id and its probe.
///
/// # Errors
/// What the store says.
pub async fn keks(tx: &mut Tx<'_>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    tx.query(&sql::LOAD_KEKS).all().await
}

/// Notes a key-encryption key.
///
/// # Errors
/// What the store says.
pub async fn note_kek(tx: &mut Tx<'_>, id: &str, probe: &[u8], now: UnixMillis) -> Result<(), StoreError> {
    tx.query(&sql::INSERT_KEK).bind(id).bind(probe).bind(now).run().await.map(|_| ())
}
