//! One file per command: load → decide → store → reply.

pub mod add_co;
pub mod claim_site;
pub mod decide_competence;
pub mod forward;
pub mod name_accused;
pub mod queries;
pub mod reassign;
pub mod recall;
pub mod register;
pub mod release_co;
pub mod rule_on_objection;
pub mod screen;
pub mod suggestions;
pub mod why;

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
    load_by(tx, actor, id, expected_version, rights::may_route).await
}

/// The same for another right.
pub async fn load_by(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MatterId,
    expected_version: i64,
    right: fn(&Actor, &Matter) -> Result<(), Refusal>,
) -> Outcome<Matter> {
    let Some(matter) = store::load(tx, id).await? else { return Ok(Err(error::NOT_HERE_YET.refuse())) };
    Ok(right(actor, &matter).and_then(|()| matter.expect_version(expected_version)).map(|()| matter))
}

/// Stores a matter that a command changed.
pub async fn save(tx: &mut Tx<'_>, matter: &Matter, loaded: i64, now: UnixMillis) -> Outcome<Changed> {
    store::save(tx, matter, loaded, now).await?;
    Ok(Ok(Changed { matter_id: matter.id, version: matter.version }))
}
