//! The joint conferences, from the profile's `conference.toml`.

use db::{Db, StoreError};
use serde::Deserialize;

use crate::{domain::body::Body, store};

/// `conference.toml` as people write it. A locality without the file has no conference.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConferenceFile {
    /// The office's part.
    #[serde(default)]
    pub office: OfficePart,
    /// The conferences.
    #[serde(rename = "body", default)]
    pub bodies: Vec<Body>,
}

/// What invitations take from the profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficePart {
    /// Domain after the `@` of an invitation's uid.
    pub uid_domain: String,
}

impl Default for OfficePart {
    fn default() -> Self {
        Self { uid_domain: "lianxi.invalid".to_owned() }
    }
}

/// Brings the conferences up to what the profile says.
///
/// # Errors
/// What the store says.
pub async fn seed(db: &Db, bodies: Vec<Body>) -> Result<(), StoreError> {
    db.write(move |tx| {
        let bodies = bodies.clone();
        Box::pin(async move {
            for body in &bodies {
                store::keep_body(tx, body).await?;
            }
            Ok(())
        })
    })
    .await
}
