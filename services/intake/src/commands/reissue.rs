//! 补发查询码 (Art. 21): at the counter, for whoever shows the document that was recorded at registration.

use contracts::intake::{
    QueryCodeReissuedV1,
    commands::{Receipt, ReissueCode},
};
use kernel::{Clock, Refusal, civil_date};
use trust::{QueryCode, chain::ChainHasher};
use web::door::Asked;

use super::receipt;
use crate::{
    Intake,
    domain::{
        fact::Fact,
        number,
        rights::{self, Look},
    },
    error, publish,
    sealing::SubmissionSeal,
    store::{
        self,
        codes::{self, NewCode},
    },
};

/// New codes for one submission on one day.
pub const MAX_GIVEN_A_DAY: i64 = 2;
/// Documents that do not fit, for one submission on one day: nobody tries out numbers.
pub const MAX_WRONG_A_DAY: i64 = 5;

/// Gives a new code; the one before opens nothing from the commit on. The same request again gives the same receipt.
///
/// # Errors
/// A role that may not; a number and a document that do not go together, whichever of them is wrong; too many tries;
/// or the store.
pub async fn run(intake: &Intake, asked: Asked<ReissueCode>) -> Result<Receipt, Refusal> {
    let Asked { actor, command, idempotency_key } = asked;
    rights::look(&actor, Look::Receipt, Some(false))
        .or_else(|_| rights::look(&actor, Look::Receipt, Some(true)))?;
    let differs = || error::DOCUMENT_DIFFERS.refuse();
    let wanted = number::read(&command.number).ok_or_else(differs)?;
    let found = intake.read(move |tx| Box::pin(async move { store::by_number(tx, &wanted).await })).await?;
    // An accusation is there for its officer alone.
    let row = found
        .filter(|row| rights::look(&actor, Look::Receipt, Some(row.restricted)).is_ok())
        .ok_or_else(differs)?;
    let index = intake.keys.blind.index("id_number", &command.id_number).ok_or_else(differs)?;
    let index = hex::encode(index.as_bytes());
    let request = idempotency_key.map(|key| {
        let hash = ChainHasher::v1().field("reissue").field(rights::owner(&actor)).field(&key);
        hash.finish().to_hex()
    });
    let code = QueryCode::mint(&intake.mint);
    let seal = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?;
    let new = NewCode {
        id: row.id,
        code: seal.seal_code(&intake.mint, &code).map_err(|e| error::sealed(&e))?,
        code_hash: intake.keys.codes.hash(&row.number, &code).as_bytes().to_vec(),
        request,
        at: intake.clocks.business.now(),
        by: actor.user,
    };
    give(intake, new, index).await??;
    let row = intake.submission(row.id).await?.ok_or_else(differs)?;
    receipt::of(&intake.keys, &row)
}

async fn give(intake: &Intake, new: NewCode, index: String) -> Result<Result<(), Refusal>, Refusal> {
    intake
        .write(move |tx| {
            let (new, index) = (new.clone(), index.clone());
            Box::pin(async move {
                let day = civil_date(new.at);
                let tries = codes::hold_tries(tx, new.id, day).await?;
                let last = codes::last(tx, new.id).await?;
                let again = last.as_ref().is_some_and(|l| l.request.is_some() && l.request == new.request);
                if again {
                    return Ok(Ok(()));
                }
                if tries.wrong >= MAX_WRONG_A_DAY || tries.given >= MAX_GIVEN_A_DAY {
                    let spent = error::CODE_TRIES_SPENT.refuse().with("given", MAX_GIVEN_A_DAY);
                    return Ok(Err(spent.with("wrong", MAX_WRONG_A_DAY)));
                }
                if !codes::has_document(tx, new.id, &index).await? {
                    codes::count_wrong(tx, new.id, day).await?;
                    return Ok(Err(error::DOCUMENT_DIFFERS.refuse()));
                }
                let times = last.map_or(0, |l| l.times) + 1;
                codes::put(tx, &new, times, day).await?;
                let fact = QueryCodeReissuedV1 { submission_id: new.id, reissued_on: day, times };
                tx.publish(publish::draft(&Fact::Reissued(fact), new.at)?).await?;
                Ok(Ok(()))
            })
        })
        .await
}
