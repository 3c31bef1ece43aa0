//! 查询: the petitioner's own look-up by number and query code (Art. 21).

use contracts::intake::commands::{LookUp, LookedUp};
use kernel::Refusal;
use web::door::Asked;

use crate::{Intake, domain::number, error, store};

/// Longest typed code or number that is looked at, in bytes.
const MAX_TYPED_BYTES: usize = 256;

/// Looks a submission up. Every wrong pair gets the same answer after the same work: an unknown number, a wrong
/// code, and both unreadable. Whoever holds the pair may ask; guessing is slowed down at the door.
///
/// # Errors
/// `no_such_pair`, or the store.
pub async fn run(intake: &Intake, asked: Asked<LookUp>) -> Result<LookedUp, Refusal> {
    let LookUp { number: typed, query_code } = asked.command;
    let wrong = || error::NO_SUCH_PAIR.refuse();
    if typed.len() > MAX_TYPED_BYTES || query_code.len() > MAX_TYPED_BYTES {
        return Err(wrong());
    }
    // A text that is no number is looked for as well, in vain.
    let read = number::read(&typed).unwrap_or_default();
    let wanted = read.clone();
    let found = intake
        .read(move |tx| {
            Box::pin(async move {
                let row = store::by_number(tx, &wanted).await?;
                let openings = match &row {
                    Some(row) => store::openings(tx, row.id).await?,
                    None => Vec::new(),
                };
                Ok(row.map(|row| (row, openings)))
            })
        })
        .await?;
    let stored = found.as_ref().map(|(row, _)| row.code_hash.as_slice());
    if !intake.keys.codes.opens(&read, &query_code, stored) {
        return Err(wrong());
    }
    let (row, openings) = found.ok_or_else(wrong)?;
    Ok(LookedUp {
        submission_id: row.id,
        matter_id: row.matter_id,
        number: row.number,
        registered_at: row.registered_at,
        received_on: row.received_on,
        restricted: row.restricted,
        // Of an accusation only receipt and transfer are shown.
        openings: if row.restricted { Vec::new() } else { openings },
    })
}
