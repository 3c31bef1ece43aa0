//! 查阅: opens text, contact or a file through the agency's own account, with a purpose.
//!
//! Each look is asked of intake, so that the petitioner can see which unit looked, and noted here with the
//! person. While intake is away the agency's own sealed copy of the text serves; then the note here is the
//! only record. The contact is passed through and never stored.

use std::sync::Arc;

use contracts::agency::commands::{Open, Opened};
use db::Tx;
use kernel::{Clock, Refusal, UnixMillis};
use trust::SecretText;
use web::door::Asked;

use super::{Outcome, heard};
use crate::{
    Deps,
    domain::{looking, task::Task},
    error, intake, rights, store,
    store::{Look, Looked, Source},
};

/// Opens a part of a task's matter.
///
/// # Errors
/// The refusals of rights, state and purpose, intake's, and those of the seal.
pub async fn run(deps: Arc<Deps>, asked: Asked<Open>) -> Result<Opened, Refusal> {
    rights::may_open(&asked.actor, &deps.code)?;
    let now = deps.clocks.business.now();
    let task = find(&deps, &asked.command).await?;
    match intake::open(&deps, &task, &asked.command).await {
        Ok(answer) => {
            let kept = looking::is_kept(&task, asked.command.part).then_some(answer.text);
            note(deps, asked, Source::Intake, kept, now).await?;
            Ok(answer.opened)
        }
        Err(refusal) if intake::is_away(&refusal) && looking::is_kept(&task, asked.command.part) => {
            let command = asked.command.clone();
            match note(deps, asked, Source::Copy, None, now).await? {
                Some(copy) => intake::read(&task, &command, copy.expose()),
                None => Err(refusal),
            }
        }
        Err(refusal) => Err(refusal),
    }
}

async fn find(deps: &Deps, command: &Open) -> Result<Task, Refusal> {
    let command = command.clone();
    let found = deps.db.read(move |tx| {
        Box::pin(async move {
            Ok(match store::load(tx, command.assignment_id).await? {
                Some(task) => looking::may_open(&task, &command).map(|()| task),
                None => Err(error::NO_SUCH_TASK.refuse()),
            })
        })
    });
    heard(found.await)
}

/// Notes the look before anything is shown: with the text to be kept, or giving back the copy kept before.
async fn note(
    deps: Arc<Deps>,
    asked: Asked<Open>,
    source: Source,
    kept: Option<SecretText>,
    now: UnixMillis,
) -> Result<Option<SecretText>, Refusal> {
    let db = deps.db.clone();
    let (asked, kept) = (Arc::new(asked), Arc::new(kept));
    let outcome = db.write(move |tx| {
        let (deps, asked, kept) = (deps.clone(), asked.clone(), kept.clone());
        Box::pin(async move {
            let kept = kept.as_ref().as_ref();
            note_in(tx, &deps, &asked, source, kept, now).await
        })
    });
    heard(outcome.await)
}

async fn note_in(
    tx: &mut Tx<'_>,
    deps: &Deps,
    asked: &Asked<Open>,
    source: Source,
    kept: Option<&SecretText>,
    now: UnixMillis,
) -> Outcome<Option<SecretText>> {
    let id = asked.command.assignment_id;
    let Some(task) = store::hold(tx, id).await? else { return Ok(Err(error::NO_SUCH_TASK.refuse())) };
    // The office may have taken it back while intake was asked: then nothing is shown and nothing kept.
    if let Err(refusal) = looking::may_open(&task, &asked.command) {
        return Ok(Err(refusal));
    }
    let copy = match source {
        Source::Intake => None,
        Source::Copy => match store::sealed::kept_text(tx, &deps.key_ring, id).await? {
            Some(copy) => Some(copy),
            None => return Ok(Ok(None)),
        },
    };
    let Open { part, purpose, .. } = asked.command;
    let part = Looked::Content(part);
    let look = Look { assignment_id: id, user: asked.actor.user, part, purpose, source };
    store::note_look(tx, look, now).await?;
    if let Some(text) = kept {
        store::sealed::keep_text(tx, &deps.key_ring, id, text.expose(), now).await?;
    }
    Ok(Ok(copy))
}
