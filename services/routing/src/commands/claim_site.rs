//! An agency's own site says that it is the one, before its first pull.

use contracts::routing::commands::{ClaimSite, SiteClaimed};
use db::{StoreError, Tx};
use kernel::{AgencyCode, Clock, Refusal, civil_date};

use crate::{error, store};

/// Claims the site, or refuses a second one. The agency is the one of the subject, never of the body.
///
/// # Errors
/// What the store says.
pub async fn run(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    command: &ClaimSite,
) -> Result<Result<SiteClaimed, Refusal>, StoreError> {
    let now = tx.clocks().business.now();
    store::claim_released(tx, agency, &command.site, now).await?;
    let (site, since) = store::site_of(tx, agency, &command.site, now).await?;
    if site == command.site {
        return Ok(Ok(SiteClaimed { site }));
    }
    tracing::error!(agency = %agency, site = %command.site, "a second site asks to answer for this agency: refused");
    Ok(Err(error::SECOND_SITE.refuse().with("since", civil_date(since))))
}

/// Lets the site of an agency go: it moves, and the next one that asks is the one.
///
/// # Errors
/// What the store says.
pub async fn release(tx: &mut Tx<'_>, agency: &AgencyCode) -> Result<(), StoreError> {
    let now = tx.clocks().business.now();
    tracing::warn!(agency = %agency, "the site of this agency is let go; the next one to ask is taken");
    store::release_site(tx, agency, now).await
}
