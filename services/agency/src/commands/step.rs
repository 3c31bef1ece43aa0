//! One step of a task. A step with a paper takes three turns: enter the paper in the register and decide,
//! put it into intake's content store, then decide again and record step and return in one transaction.
//! No transaction waits for the network, and the same command again takes up where the last one stopped.

use std::sync::Arc;

use contracts::agency::commands::{PaperBody, TaskChanged};
use db::{StoreError, Tx};
use kernel::{AttachmentId, Clock, ContentId, OpinionId, Refusal, UnixMillis, civil_date};
use web::{door::Asked, once};

use super::{First, Outcome, heard};
use crate::{
    Deps,
    domain::{
        happening::Happening,
        paper::{self, Filed},
        steps::{Desk, Plan, TaskStep},
        task::Task,
    },
    error, intake,
    publish::publish,
    rights, store,
    store::papers::Register,
};

/// One command under way: who asks what, and the one instant it is dated by.
struct Under<C> {
    deps: Arc<Deps>,
    asked: Asked<C>,
    now: UnixMillis,
    opinion_id: OpinionId,
}

/// Carries a step out.
///
/// # Errors
/// The refusals of rights, step, intake and store.
pub async fn carry_out<C: TaskStep>(deps: Arc<Deps>, asked: Asked<C>) -> Result<TaskChanged, Refusal> {
    let now = deps.clocks.business.now();
    let opinion_id = deps.mint.mint();
    let under = Arc::new(Under { deps, asked, now, opinion_id });
    let (task, entered) = match under.first().await? {
        First::Done(changed) => return Ok(changed),
        First::Paper(task, entered) => (task, entered),
    };
    let filed = intake::put(&under.deps, &task, &entered).await?;
    under.last(filed).await
}

impl<C: TaskStep> Under<C> {
    async fn first(self: &Arc<Self>) -> Result<First<TaskChanged>, Refusal> {
        let under = self.clone();
        let outcome = once::turn(&self.deps.db, self.asked.request(), First::TURN, move |tx| {
            let under = under.clone();
            Box::pin(async move { under.begin(tx).await })
        });
        heard(outcome.await)
    }

    async fn last(self: &Arc<Self>, filed: Filed) -> Result<TaskChanged, Refusal> {
        let under = self.clone();
        let outcome = once::write(&self.deps.db, self.asked.request(), move |tx| {
            let (under, filed) = (under.clone(), filed.clone());
            Box::pin(async move { under.finish(tx, filed).await })
        });
        heard(outcome.await)
    }

    async fn begin(&self, tx: &mut Tx<'_>) -> Outcome<First<TaskChanged>> {
        let (mut task, on_behalf, plan) = match self.decide(tx).await? {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Err(refusal)),
        };
        match plan {
            Plan::Direct(happenings) => {
                let changed = self.record(tx, &mut task, &happenings, on_behalf).await?;
                Ok(Ok(First::Done(changed)))
            }
            Plan::Paper { body, .. } => self.enter(tx, task, body).await,
        }
    }

    async fn enter(&self, tx: &mut Tx<'_>, task: Task, body: PaperBody) -> Outcome<First<TaskChanged>> {
        // Before it gets a number. The number itself adds a few bytes, for which intake's limit has room:
        // `intake::put` checks the whole.
        let text = serde_json::to_string(&body).map_err(|e| StoreError::other(e.to_string()))?;
        if let Err(refusal) = paper::fits(&text) {
            return Ok(Err(refusal));
        }
        let register =
            Register { ring: &self.deps.key_ring, prefix: &self.deps.config.doc_prefix, now: self.now };
        let entered = store::papers::enter(tx, &register, task.id(), body).await?;
        Ok(Ok(First::Paper(Box::new(task), Box::new(entered))))
    }

    async fn finish(&self, tx: &mut Tx<'_>, filed: Filed) -> Outcome<TaskChanged> {
        let (mut task, on_behalf, plan) = match self.decide(tx).await? {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Plan::Paper { then, .. } = plan else {
            return Err(StoreError::other("a step with a paper became one without"));
        };
        if !self.file(tx, &task, filed.content_id).await? {
            // Somebody entered another text for the same step meanwhile; theirs stands.
            return Ok(Err(error::TASK_STALE.refuse().at("expected_version").with("found", task.version)));
        }
        let changed = self.record(tx, &mut task, &then(filed), on_behalf).await?;
        Ok(Ok(changed))
    }

    async fn file(&self, tx: &mut Tx<'_>, task: &Task, paper: ContentId) -> Result<bool, StoreError> {
        store::papers::file(tx, task.id(), paper, self.now).await
    }

    /// Holds the task and decides the step: once before the paper, once after.
    async fn decide(&self, tx: &mut Tx<'_>) -> Outcome<(Task, Option<AttachmentId>, Plan)> {
        let command = &self.asked.command;
        let step = command.step();
        let Some(task) = store::hold(tx, step.assignment_id).await? else {
            return Ok(rights::sight(&self.asked.actor, &self.deps.code, &self.deps.config)
                .and_then(|_| Err(error::NO_SUCH_TASK.refuse())));
        };
        Ok(self.judge(&task).map(|(on_behalf, plan)| (task, on_behalf, plan)))
    }

    fn judge(&self, task: &Task) -> Result<(Option<AttachmentId>, Plan), Refusal> {
        let command = &self.asked.command;
        let step = command.step();
        let (code, config) = (&self.deps.code, &self.deps.config);
        let on_behalf = rights::may_step(&self.asked.actor, code, config, task, step, C::BY_HEAD)?;
        // A recall raised the version: who is stale because of it hears the reason instead.
        task.expect_not_recalled(C::NAME)?;
        task.expect_role(C::OF, C::NAME)?;
        task.expect_version(step.expected_version)?;
        let desk = Desk {
            today: civil_date(self.now).max(task.last_day()),
            law: &self.deps.law,
            review_unit: &config.review_unit,
            opinion_id: self.opinion_id,
        };
        Ok((on_behalf, command.plan(task, &desk)?))
    }

    /// Publishes what happened and stores the task.
    async fn record(
        &self,
        tx: &mut Tx<'_>,
        task: &mut Task,
        happenings: &[Happening],
        on_behalf: Option<AttachmentId>,
    ) -> Result<TaskChanged, StoreError> {
        let loaded = task.version;
        if happenings.iter().any(|h| matches!(h, Happening::CoAnswered { .. })) {
            store::sealed::drop_draft(tx, task.id()).await?;
        }
        for happening in happenings {
            publish(tx, &self.deps.code, task, happening, on_behalf, self.now).await?;
        }
        store::save(tx, task, loaded, self.now).await?;
        Ok(TaskChanged { matter_id: task.matter_id(), version: task.version, state: task.state })
    }
}
