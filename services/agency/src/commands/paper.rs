//! A paper that answers the office takes three turns, as a step with a paper does: enter it in the register and decide,
//! put it into intake's content store, then decide again and record answer and return in one transaction.

use std::sync::Arc;

use contracts::agency::commands::PaperBody;
use db::{StoreError, Tx};
use kernel::{Actor, AssignmentId, Clock, Refusal};

use super::{Outcome, heard};
use crate::{
    Deps,
    domain::{
        paper::{self, Filed},
        task::Task,
    },
    error, intake,
    store::{
        self,
        papers::{self, Entered, Register},
    },
};

/// A paper to be entered.
pub struct ToEnter {
    /// Under whose key it is sealed.
    pub assignment_id: AssignmentId,
    /// One paper each.
    pub round: String,
    /// What it says.
    pub body: PaperBody,
}

/// A command that files such a paper.
pub trait Written: Send + Sync + 'static {
    /// What its caller hears.
    type Done: Send + 'static;

    /// Decides, and says what is to be entered.
    fn enter(
        &self,
        tx: &mut Tx<'_>,
        deps: &Deps,
        actor: &Actor,
    ) -> impl Future<Output = Outcome<ToEnter>> + Send;

    /// Decides again, and records answer and return.
    fn finish(
        &self,
        tx: &mut Tx<'_>,
        deps: &Deps,
        actor: &Actor,
        filed: (AssignmentId, Filed),
    ) -> impl Future<Output = Outcome<Self::Done>> + Send;
}

/// Takes the three turns.
///
/// # Errors
/// The refusals of the command, of intake and of the store.
pub async fn write<W: Written>(deps: &Arc<Deps>, command: Arc<W>, actor: Actor) -> Result<W::Done, Refusal> {
    let actor = Arc::new(actor);
    let (task, entered) = {
        let (node, command, actor) = (deps.clone(), command.clone(), actor.clone());
        let first = deps.db.write(move |tx| {
            let (node, command, actor) = (node.clone(), command.clone(), actor.clone());
            Box::pin(async move { enter(tx, &node, command.as_ref(), &actor).await })
        });
        heard(first.await)?
    };
    let filed = intake::put(deps, &task, &entered).await?;
    let (node, id) = (deps.clone(), task.id());
    let last = deps.db.write(move |tx| {
        let (node, command, actor) = (node.clone(), command.clone(), actor.clone());
        let filed = (id, filed.clone());
        Box::pin(async move { command.finish(tx, &node, &actor, filed).await })
    });
    heard(last.await)
}

async fn enter<W: Written>(
    tx: &mut Tx<'_>,
    deps: &Deps,
    command: &W,
    actor: &Actor,
) -> Outcome<(Task, Entered)> {
    let wish = match command.enter(tx, deps, actor).await? {
        Ok(wish) => wish,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(task) = store::hold(tx, wish.assignment_id).await? else {
        return Ok(Err(error::NO_TASK_OF_MATTER.refuse()));
    };
    let written = serde_json::to_string(&wish.body).map_err(|e| StoreError::other(e.to_string()))?;
    if let Err(refusal) = paper::fits(&written) {
        return Ok(Err(refusal));
    }
    let now = deps.clocks.business.now();
    let register = Register { ring: &deps.key_ring, prefix: &deps.config.doc_prefix, now };
    let entered = papers::enter_round(tx, &register, task.id(), &wish.round, wish.body).await?;
    Ok(Ok((task, entered)))
}
