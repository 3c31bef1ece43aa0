//! What an agency's node shows.

use std::{collections::BTreeMap, sync::Arc};

use contracts::{
    Page,
    agency::commands::{CountTasks, ListTasks, PaperBody, ShowPaper, ShowTask, Task as TaskView, TaskCounts},
};
use db::inbox::{self, SubjectKey};
use kernel::Refusal;
use web::door::Asked;

use super::heard;
use crate::{Deps, consumers, domain::task::Task, error, rights, store};

fn view(task: Task) -> TaskView {
    TaskView {
        dispatch: task.dispatch,
        state: task.state,
        version: task.version,
        days: task.days,
        dues: task.dues,
        papers: task.papers,
        outcomes: task.outcomes,
        ruling: task.ruling,
        co: task.co,
        drafted: task.drafted,
    }
}

/// The list, the earliest due first.
///
/// # Errors
/// The refusals of rights and store.
pub async fn tasks(deps: Arc<Deps>, asked: Asked<ListTasks>) -> Result<Page<TaskView>, Refusal> {
    let sight = rights::sight(&asked.actor, &deps.code, &deps.config)?;
    let page = deps
        .db
        .read(move |tx| Box::pin(async move { Ok(Ok(store::page(tx, &asked.command, sight).await?)) }));
    let page = heard(page.await)?;
    Ok(Page { items: page.items.into_iter().map(view).collect(), next: page.next })
}

/// One task.
///
/// # Errors
/// `no_such_task`, and the refusals of rights and store.
pub async fn task(deps: Arc<Deps>, asked: Asked<ShowTask>) -> Result<TaskView, Refusal> {
    let sight = rights::sight(&asked.actor, &deps.code, &deps.config)?;
    let id = asked.command.assignment_id;
    let found = deps.db.read(move |tx| Box::pin(async move { Ok(Ok(store::load(tx, id).await?)) }));
    heard(found.await)?.filter(|task| sight.sees(task)).map(view).ok_or_else(|| error::NO_SUCH_TASK.refuse())
}

/// How many tasks, and how far each sender's dispatches have come.
///
/// # Errors
/// The refusals of rights and store.
pub async fn counts(deps: Arc<Deps>, asked: Asked<CountTasks>) -> Result<TaskCounts, Refusal> {
    let sight = rights::counting(&asked.actor, &deps.code, &deps.config)?;
    let counted = deps.db.read(move |tx| {
        Box::pin(async move {
            let keys: Vec<SubjectKey> =
                consumers::SENDERS.iter().map(|sender| SubjectKey::new(*sender, "")).collect();
            let applied = inbox::applied(tx, consumers::NAME, &keys).await?;
            Ok(Ok((store::counts(tx, sight).await?, applied)))
        })
    });
    let (by_state, applied) = heard(counted.await)?;
    let received: BTreeMap<String, i64> =
        applied.into_iter().map(|(key, mark)| (key.order_key, mark.version)).collect();
    Ok(TaskCounts { agency: deps.code.clone(), by_state, received })
}

/// One of the task's papers, from the agency's own sealed copy.
///
/// # Errors
/// `no_such_task_paper`, and the refusals of rights and store.
pub async fn paper(deps: Arc<Deps>, asked: Asked<ShowPaper>) -> Result<PaperBody, Refusal> {
    rights::may_open(&asked.actor, &deps.code)?;
    let ShowPaper { assignment_id, content_id } = asked.command;
    let ring = deps.key_ring.clone();
    let found = deps.db.read(move |tx| {
        Box::pin(async move { Ok(Ok(store::papers::filed(tx, &ring, assignment_id, content_id).await?)) })
    });
    let text = heard(found.await)?.ok_or_else(|| error::NO_SUCH_PAPER.refuse())?;
    serde_json::from_str(text.expose()).map_err(|_| error::SEAL_UNREADABLE.refuse().with("why", "paper"))
}
