//! 协办意见 at the agency: the handler's draft, and a part that the lead opens.

use std::sync::Arc;

use contracts::{
    Command,
    agency::commands::{DraftPart, OpenPart, PaperBody, PartText, ShowDraft, TaskChanged},
    codes::{AssignmentRole, CoState, OpenPurpose},
};
use db::{StoreError, Tx};
use kernel::{Clock, ContentId, Refusal, UnixMillis};
use web::door::Asked;

use super::{Outcome, heard};
use crate::{
    Deps,
    domain::{looking, steps::draft, task::Task},
    error, intake, rights, store,
    store::{Look, Looked, Source},
};

/// 起草: keeps the draft, sealed; the newest replaces the one before.
///
/// # Errors
/// The refusals of rights, role, state and text.
pub async fn draft(deps: Arc<Deps>, asked: Asked<DraftPart>) -> Result<TaskChanged, Refusal> {
    rights::may_open(&asked.actor, &deps.code)?;
    let now = deps.clocks.business.now();
    let (db, asked) = (deps.db.clone(), Arc::new(asked));
    let outcome = web::once::write(&db, asked.request(), move |tx| {
        let (deps, asked) = (deps.clone(), asked.clone());
        Box::pin(async move { keep(tx, &deps, &asked, now).await })
    });
    heard(outcome.await)
}

async fn keep(
    tx: &mut Tx<'_>,
    deps: &Deps,
    asked: &Asked<DraftPart>,
    now: UnixMillis,
) -> Outcome<TaskChanged> {
    let step = &asked.command.step;
    let Some(mut task) = store::hold(tx, step.assignment_id).await? else {
        return Ok(Err(error::NO_SUCH_TASK.refuse()));
    };
    let judged = rights::may_step(&asked.actor, &deps.code, &deps.config, &task, step, false)
        .and_then(|_| task.expect_not_recalled(DraftPart::NAME))
        .and_then(|()| task.expect_role(&[AssignmentRole::Co], DraftPart::NAME))
        .and_then(|()| task.expect_version(step.expected_version))
        .and_then(|()| draft::fits(&task, &asked.command.part));
    if let Err(refusal) = judged {
        return Ok(Err(refusal));
    }
    let text = serde_json::to_string(&asked.command.part).map_err(|e| StoreError::other(e.to_string()))?;
    store::sealed::keep_draft(tx, &deps.key_ring, task.id(), &text, now).await?;
    let loaded = task.version;
    task.drafted = true;
    task.version += 1;
    store::save(tx, &task, loaded, now).await?;
    Ok(Ok(TaskChanged { matter_id: task.matter_id(), version: task.version, state: task.state }))
}

/// The draft, for the agency's own people.
///
/// # Errors
/// `no_draft`, and the refusals of rights and store.
pub async fn show_draft(deps: Arc<Deps>, asked: Asked<ShowDraft>) -> Result<PartText, Refusal> {
    rights::may_open(&asked.actor, &deps.code)?;
    let (ring, id) = (deps.key_ring.clone(), asked.command.assignment_id);
    let found = deps
        .db
        .read(move |tx| Box::pin(async move { Ok(Ok(store::sealed::kept_draft(tx, &ring, id).await?)) }));
    let text = heard(found.await)?.ok_or_else(|| error::NO_DRAFT.refuse())?;
    serde_json::from_str(text.expose()).map_err(|_| error::SEAL_UNREADABLE.refuse().with("why", "draft"))
}

/// 查阅协办意见: the lead opens a part that is here, through its own account; the look is noted before it is shown.
///
/// # Errors
/// `co_part_not_here`, the refusals of rights, intake's, and those of the seal.
pub async fn open(deps: Arc<Deps>, asked: Asked<OpenPart>) -> Result<PaperBody, Refusal> {
    rights::may_open(&asked.actor, &deps.code)?;
    let now = deps.clocks.business.now();
    let (id, co_no) = (asked.command.assignment_id, asked.command.co_no);
    let found = deps.db.read(move |tx| Box::pin(async move { Ok(Ok(store::load(tx, id).await?)) }));
    let task = heard(found.await)?.ok_or_else(|| error::NO_SUCH_TASK.refuse())?;
    let part = here(&task, co_no)?;
    let body = intake::open_part(&deps, &task, &part).await?;
    let look = Look {
        assignment_id: id,
        user: asked.actor.user,
        part: Looked::CoPart,
        purpose: OpenPurpose::Handling,
        source: Source::Intake,
    };
    let noted = deps.db.write(move |tx| {
        Box::pin(async move {
            // The office may have taken the task back while intake was asked.
            let still = store::hold(tx, id).await?.ok_or_else(|| StoreError::other("a task went away"))?;
            if let Err(refusal) = looking::is_ours(&still) {
                return Ok(Err(refusal));
            }
            store::note_look(tx, look, now).await?;
            Ok(Ok(()))
        })
    });
    heard(noted.await)?;
    Ok(body)
}

/// A part as the lead was told of it.
fn here(task: &Task, co_no: i64) -> Result<(ContentId, String), Refusal> {
    looking::is_ours(task)?;
    let part = task.co.iter().find(|p| p.asked.assignment_no == co_no && p.state == CoState::Answered);
    part.and_then(|p| Some((p.content_id?, p.content_hash.clone()?)))
        .ok_or_else(|| error::CO_PART_NOT_HERE.refuse().at("co_no"))
}
