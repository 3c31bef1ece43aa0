//! 签收交办单, 报送落实情况 (Art. 12).

use std::sync::Arc;

use contracts::{
    Page,
    agency::commands::{
        ListResolutionTasks, PaperBody, ReceiveTask, ReportTask, ResolutionTask as TaskView,
        ResolutionTaskTaken, ShowResolutionTask,
    },
};
use db::{StoreError, Tx};
use kernel::{Actor, AttachmentId, Clock, Refusal, ResolutionTaskId, UnixMillis, civil_date};
use web::door::Asked;

use super::{
    Outcome, heard,
    paper::{self, Written},
};
use crate::{
    Deps,
    domain::{paper::Filed, resolution_task::ResolutionTask, steps::at_most, text},
    error,
    publish::{TaskReturn, publish_task},
    rights,
    store::{papers, resolution_tasks},
};

/// The tasks that resolutions gave the agency, the earliest due first.
///
/// # Errors
/// The refusals of rights and store.
pub async fn list(deps: Arc<Deps>, asked: Asked<ListResolutionTasks>) -> Result<Page<TaskView>, Refusal> {
    rights::sight(&asked.actor, &deps.code, &deps.config)?;
    let found = deps.db.read(move |tx| {
        Box::pin(async move {
            let (tasks, next) = resolution_tasks::page(tx, &asked.command).await?;
            let mut items = Vec::with_capacity(tasks.len());
            for task in tasks {
                items.push(view(tx, task).await?);
            }
            Ok(Ok(Page { items, next }))
        })
    });
    heard(found.await)
}

/// One of them.
///
/// # Errors
/// The refusals of rights and store.
pub async fn show(deps: Arc<Deps>, asked: Asked<ShowResolutionTask>) -> Result<TaskView, Refusal> {
    rights::sight(&asked.actor, &deps.code, &deps.config)?;
    let id = asked.command.task_id;
    let found = deps.db.read(move |tx| {
        Box::pin(async move {
            match resolution_tasks::load(tx, id).await? {
                Some(task) => Ok(Ok(view(tx, task).await?)),
                None => Ok(Err(error::NO_SUCH_RESOLUTION_TASK.refuse())),
            }
        })
    });
    heard(found.await)
}

async fn view(tx: &mut Tx<'_>, task: ResolutionTask) -> Result<TaskView, StoreError> {
    Ok(TaskView {
        state: task.state,
        version: task.version,
        due_on: task.due_on,
        days: task.days,
        sent_back: task.sent_back,
        reports: task.reports,
        assignment_id: resolution_tasks::assignment_of(tx, task.dispatch.matter_id).await?,
        dispatch: task.dispatch,
    })
}

/// Takes a task in hand.
///
/// # Errors
/// The refusals of rights, state and store.
pub async fn receive(deps: Arc<Deps>, asked: Asked<ReceiveTask>) -> Result<ResolutionTaskTaken, Refusal> {
    let asked = Arc::new(asked);
    let db = deps.db.clone();
    let done = web::once::write(&db, asked.request(), move |tx| {
        let (deps, asked) = (deps.clone(), asked.clone());
        Box::pin(async move {
            let now = deps.clocks.business.now();
            let wish = &asked.command;
            let step = (wish.task_id, wish.expected_version, wish.on_behalf_paper);
            let (mut task, on_behalf) = match find(tx, &deps, &asked.actor, step).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let (loaded, on) = (task.version, today(&task, now));
            if let Err(refusal) = task.receive(on) {
                return Ok(Err(refusal));
            }
            resolution_tasks::save(tx, &task, loaded).await?;
            publish_task(tx, &deps.code, &task, TaskReturn::Received(on), on_behalf, now).await?;
            Ok(Ok(taken(&task)))
        })
    });
    heard(done.await)
}

/// Reports on a task in writing.
///
/// # Errors
/// The refusals of rights, state, text, intake and store.
pub async fn report(deps: Arc<Deps>, asked: Asked<ReportTask>) -> Result<ResolutionTaskTaken, Refusal> {
    paper::write(&deps, asked).await
}

impl Written for ReportTask {
    async fn enter(&self, tx: &mut Tx<'_>, deps: &Deps, actor: &Actor) -> Outcome<paper::ToEnter> {
        let step = (self.task_id, self.expected_version, self.on_behalf_paper);
        let (task, _) = match find(tx, deps, actor, step).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = task.may_report() {
            return Ok(Err(refusal));
        }
        let Some(assignment_id) = resolution_tasks::assignment_of(tx, task.dispatch.matter_id).await? else {
            return Ok(Err(error::NO_TASK_OF_MATTER.refuse()));
        };
        let obstacle = self.obstacle.as_deref().map(str::trim).filter(|given| !given.is_empty());
        let body = text::owed(&self.text, at_most::PAGES, "text").and_then(|text| {
            let obstacle = obstacle.map(|given| text::owed(given, at_most::PAGES, "obstacle")).transpose()?;
            Ok(PaperBody::TaskReport {
                resolution_number: task.dispatch.document_number.clone(),
                text,
                obstacle,
                asks_until: self.asks_until,
                reported_on: today(&task, deps.clocks.business.now()),
            })
        });
        Ok(body.map(|body| paper::ToEnter { assignment_id, round: task.round(), body }))
    }

    async fn finish(
        &self,
        tx: &mut Tx<'_>,
        deps: &Deps,
        actor: &Actor,
        (assignment_id, filed): (kernel::AssignmentId, Filed),
    ) -> Outcome<ResolutionTaskTaken> {
        let now = deps.clocks.business.now();
        let step = (self.task_id, self.expected_version, self.on_behalf_paper);
        let (mut task, on_behalf) = match find(tx, deps, actor, step).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !papers::file(tx, assignment_id, filed.content_id, now).await? {
            // Somebody entered another text for the same report meanwhile; theirs stands.
            let refusal = error::RESOLUTION_TASK_STALE.refuse().at("expected_version");
            return Ok(Err(refusal.with("found", task.version)));
        }
        let (loaded, on) = (task.version, today(&task, now));
        // Who reports has the task in hand: one that was not received is so on that day.
        if task.receive(on).is_ok() {
            publish_task(tx, &deps.code, &task, TaskReturn::Received(on), on_behalf, now).await?;
        }
        if let Err(refusal) = task.report(filed.content_id, on) {
            return Ok(Err(refusal));
        }
        resolution_tasks::save(tx, &task, loaded).await?;
        publish_task(tx, &deps.code, &task, TaskReturn::Reported(on, filed), on_behalf, now).await?;
        Ok(Ok(taken(&task)))
    }
}

/// Holds a task and checks who asks and what they saw.
async fn find(
    tx: &mut Tx<'_>,
    deps: &Deps,
    actor: &Actor,
    (id, expected_version, paper): (ResolutionTaskId, i64, Option<AttachmentId>),
) -> Outcome<(ResolutionTask, Option<AttachmentId>)> {
    let paper = match rights::may_answer_office(actor, &deps.code, &deps.config, paper) {
        Ok(paper) => paper,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(task) = resolution_tasks::hold(tx, id).await? else {
        return Ok(Err(error::NO_SUCH_RESOLUTION_TASK.refuse()));
    };
    Ok(task.expect_version(expected_version).map(|()| (task, paper)))
}

/// Today by the business clock; never before the task's latest day, should the clock lag.
fn today(task: &ResolutionTask, now: UnixMillis) -> chrono::NaiveDate {
    task.days.values().max().copied().unwrap_or_default().max(civil_date(now))
}

fn taken(task: &ResolutionTask) -> ResolutionTaskTaken {
    ResolutionTaskTaken { task_id: task.dispatch.task_id, version: task.version, state: task.state }
}
