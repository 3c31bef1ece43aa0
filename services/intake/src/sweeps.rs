//! What intake does now and then. A sweep is a function of the clock; the runner decides when.

use std::sync::Arc;

use db::StoreError;
use kernel::{Refusal, SubmissionId};
use suggest::repeats::Sketch;

use crate::{
    Intake,
    commands::alike,
    error,
    repeats::off_the_loop,
    store::{self, attachments, sketches},
};

/// Uploads that one step looks at.
const MAX_EXPIRED: i64 = 100;
/// Submissions of before that one step sketches.
const MAX_SKETCHED: i64 = 256;

/// The sweeps of intake.
#[derive(Clone)]
pub struct Sweeps {
    intake: Arc<Intake>,
}

impl Sweeps {
    pub(crate) fn new(intake: Arc<Intake>) -> Self {
        Self { intake }
    }

    /// Drops uploads that nobody finished, and those of the portal that no submission named, once they are
    /// older than the configuration allows (technical clock). Says how many; 100 mean that more may wait.
    ///
    /// # Errors
    /// What the store says.
    pub async fn expire_uploads(&self) -> Result<usize, StoreError> {
        let before = self.intake.clocks.technical.now().plus_ms(-self.intake.config.upload_ttl_ms);
        let db = &self.intake.db;
        let expired = db
            .peek(move |tx| Box::pin(async move { attachments::expired(tx, before, MAX_EXPIRED).await }))
            .await?;
        let mut dropped = 0;
        for id in expired {
            // Rows first: bytes without a row are lost space, a row without bytes would be a broken promise.
            let objects =
                db.write(move |tx| Box::pin(async move { attachments::drop_upload(tx, id).await })).await?;
            for object in objects {
                if self.intake.files.delete(&object).await.is_err() {
                    tracing::warn!(attachment = %id, "an object of an expired upload stays on the disk");
                }
            }
            dropped += 1;
        }
        Ok(dropped)
    }

    /// Sketches open submissions that were registered before there were sketches. Says how many; it has come to
    /// the end when none was left.
    ///
    /// # Errors
    /// What the store says, or a seal that does not open.
    pub async fn sketch_earlier(&self) -> Result<usize, Refusal> {
        let intake = &self.intake;
        let owed = intake.read(|tx| Box::pin(async move { sketches::owed_after(tx).await })).await?;
        let Some(after) = owed else { return Ok(0) };
        let rows = intake.read(move |tx| {
            Box::pin(async move {
                let ids = sketches::missing(tx, &after, MAX_SKETCHED).await?;
                store::submissions(tx, &ids).await
            })
        });
        let rows = rows.await?;
        let (count, last) = (rows.len(), rows.last().map(|row| row.id));
        let (keys, repeats) = (intake.keys.clone(), intake.repeats.clone());
        let work = move || {
            let open = rows.iter().filter(|row| !row.restricted);
            let sketch = |row: &store::Submission| {
                alike::open(&keys, row).map(|said| Some((row.id, repeats.sketch(alike::parts(&said))?)))
            };
            open.map(sketch).collect::<Result<Vec<_>, Refusal>>()
        };
        let made = off_the_loop(work).await.map_err(|e| error::store(&e))??;
        let made: Vec<(SubmissionId, Sketch)> = made.into_iter().flatten().collect();
        let entered = intake.write(move |tx| {
            let made = made.clone();
            Box::pin(async move {
                sketches::enter(tx, &made).await?;
                sketches::came_to(tx, last).await
            })
        });
        entered.await?;
        Ok(count)
    }
}
