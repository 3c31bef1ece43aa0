//! Learned versions of proposals: `suggest/category` and `suggest/agency` of the data folder, followed by the process that
//! runs routing, so that `lianxi suggest off|on|revert|use --versions` counts while it runs.

use std::sync::Arc;

use bus::Shutdown;
use contracts::codes::SuggestionKind;
use routing::suggester::{FOLDER, Region, Suggester};

use crate::{followed, site::Site};

/// The versions of a data folder, read once: what cannot be read is said by the check of who follows them.
#[must_use]
pub fn open(site: &Site) -> Arc<Suggester> {
    let regions =
        site.locality.regions.iter().map(|r| Region { code: r.code.clone(), name: r.name_zh.clone() });
    let suggester = Suggester::in_folder(site.place.dir(), regions.collect());
    for kind in SuggestionKind::ALL {
        if let Err(error) = suggester.read(*kind) {
            tracing::warn!(kind = %kind, %error, "a learned version cannot be read: rules propose alone");
        }
    }
    Arc::new(suggester)
}

/// Follows one kind's file until asked to end.
///
/// # Errors
/// As [`followed::follow`].
pub async fn follow(
    site: Arc<Site>,
    suggester: Arc<Suggester>,
    kind: SuggestionKind,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let file = format!("{FOLDER}/{kind}/versions.json");
    followed::follow(&site, (&file, &format!("learned {kind}")), shutdown, || {
        if suggester.read(kind)? {
            tracing::info!(kind = %kind, "another learned version proposes");
        }
        Ok(())
    })
    .await
}
