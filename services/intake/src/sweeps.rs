//! What intake does now and then. A sweep is a function of the clock; the runner decides when.

use std::sync::Arc;

use db::StoreError;

use crate::{Intake, store::attachments};

/// Uploads that one step looks at.
const MAX_EXPIRED: i64 = 100;

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
}
