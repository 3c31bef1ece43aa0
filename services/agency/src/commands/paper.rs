//! A paper that answers the office takes three turns, as a step with a paper does: enter it in the register and decide,
//! put it into intake's content store, then decide again and record answer and return in one transaction.

use std::sync::Arc;

use contracts::{Command, agency::commands::PaperBody};
use db::{StoreError, Tx};
use kernel::{Actor, AssignmentId, Clock, Refusal};
use web::{door::Asked, once};

use super::{First, Outcome, heard};
use crate::{
    Deps,
    domain::paper::{self, Filed},
    error, intake,
    store::{
        self,
        papers::{self, Register},
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
pub trait Written: Command {
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
    ) -> impl Future<Output = Outcome<Self::Reply>> + Send;
}

/// Takes the three turns.
///
/// # Errors
/// The refusals of the command, of intake and of the store.
pub async fn write<W: Written>(deps: &Arc<Deps>, asked: Asked<W>) -> Result<W::Reply, Refusal> {
    let asked = Arc::new(asked);
    let first = {
        let (node, asked) = (deps.clone(), asked.clone());
        once::turn(&deps.db, asked.request(), First::TURN, move |tx| {
            let (node, asked) = (node.clone(), asked.clone());
            Box::pin(async move { enter(tx, &node, &asked.command, &asked.actor).await })
        })
    };
    let (task, entered) = match heard(first.await)? {
        First::Done(reply) => return Ok(reply),
        First::Paper(task, entered) => (task, entered),
    };
    let filed = intake::put(deps, &task, &entered).await?;
    let (node, id) = (deps.clone(), task.id());
    let last = once::write(&deps.db, asked.request(), move |tx| {
        let (node, asked, filed) = (node.clone(), asked.clone(), (id, filed.clone()));
        Box::pin(async move { asked.command.finish(tx, &node, &asked.actor, filed).await })
    });
    heard(last.await)
}

async fn enter<W: Written>(
    tx: &mut Tx<'_>,
    deps: &Deps,
    command: &W,
    actor: &Actor,
) -> Outcome<First<W::Reply>> {
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
    Ok(Ok(First::Paper(Box::new(task), Box::new(entered))))
}
