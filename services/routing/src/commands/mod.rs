//! One file per command: load → decide → store → reply.

pub mod forward;
pub mod name_accused;
pub mod queries;
pub mod recall;
pub mod screen;

use contracts::Changed;
use db::{StoreError, Tx};
use kernel::{Actor, MatterId, Refusal, UnixMillis};

use crate::{domain::matter::Matter, error, rights, store};

/// A refusal is a value and commits; a store error rolls back.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Loads the matter of a command and checks who asks and what they saw.
pub async fn load_for(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MatterId,
    expected_version: i64,
) -> Outcome<Matter> {
    let Some(matter) = store::load(tx, id).await? else { return Ok(Err(error::NOT_HERE_YET.refuse())) };
    Ok(rights::may_route(actor, &matter)
        .and_then(|()| matter.expect_version(expected_version))
        .map(|()| matter))
}

/// Stores a matter that a command changed.
pub async fn save(tx: &mut Tx<'_>, matter: &Matter, loaded: i64, now: UnixMillis) -> Outcome<Changed> {
    store::save(tx, matter, loaded, now).await?;
    Ok(Ok(Changed { matter_id: matter.id, version: matter.version }))
}
