//! 收悉: a cumulative receipt closes dispatches and starts the agency's limits (domain.md 1.5 h).

use contracts::{Message, agency::ReceivedV1};
use db::{StoreError, Tx, outbox::Receipt};
use kernel::{AgencyCode, Clock, civil_date};

use crate::{Rules, domain::returns, publish::publish, store};
use bus::Applied;

/// Assignments that one receipt delivers at once; more are delivered by the receipts that follow it.
const DELIVERED_AT_ONCE: i64 = 5_000;

/// Takes a receipt in. One from a second site of the agency is refused and alarmed.
pub async fn take(
    tx: &mut Tx<'_>,
    rules: &Rules,
    agency: &AgencyCode,
    receipt: &ReceivedV1,
    message: &Message,
) -> Result<Applied, StoreError> {
    if receipt.sender != "routing" {
        return Ok(Applied::Ignored);
    }
    let now = tx.clocks().business.now();
    if !store::is_its_site(tx, agency, &receipt.site, now).await? {
        tracing::error!(agency = %agency, site = %receipt.site, "a second site answers for this agency: refused");
        return Ok(Applied::Ignored);
    }
    // What the site misses goes out again; a receipt of nothing yet is none of dispatch 0.
    match bus::take_receipt(tx, agency, receipt).await?.receipt {
        Receipt::Closed(_) => {}
        Receipt::Unknown => {
            return Ok(Applied::Poison(format!("receipt of dispatch {} never made", receipt.to_seq)));
        }
        Receipt::HeadDiffers => {
            return Ok(Applied::Poison(format!(
                "receipt of dispatch {}: the site's hash differs",
                receipt.to_seq
            )));
        }
    }
    // The day of delivery is that of the receipt, within what the office itself saw.
    let delivered_on = civil_date(message.at.min(now));
    for (assignment, matter) in store::undelivered(tx, agency, receipt.to_seq, DELIVERED_AT_ONCE).await? {
        let Some(mut matter) = store::load(tx, matter).await? else { continue };
        let loaded = matter.version;
        let Some(found) = matter.assignments.iter().find(|a| a.id == assignment) else { continue };
        let decided = returns::delivered(&matter, found, delivered_on, &rules.law);
        if let Some(fact) = decided.map_err(|e| StoreError::other(e.to_string()))? {
            publish(tx, &mut matter, fact, now, Some(message.id)).await?;
            if let Some(delivered) = matter.assignments.iter().find(|a| a.id == assignment) {
                store::save_assignment(tx, matter.id, delivered).await?;
            }
            store::save(tx, &matter, loaded, now).await?;
        }
    }
    Ok(Applied::Done)
}
