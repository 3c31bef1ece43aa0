//! 查找可能的重复件、联名件: at most five that look like one matter, each with its evidence side by side.
//!
//! What is said decides. Whether the same person wrote both is asked of a pair that passed, and supports it as a
//! yes or no (domain.md 5). The look at the texts is on record before it is answered.

use std::collections::HashMap;

use contracts::{
    codes::{ContentPart, OpenPurpose},
    intake::commands::{LikeFound, LikePair, LikePassage, LikeSubmissions, MaskedText},
};
use kernel::{Actor, Clock, Refusal, SubmissionId};
use suggest::repeats::{OPENED_AT_MOST, Pair, shared, shown};
use web::door::Asked;

use super::{
    alike::{self, Known, Looked},
    masked,
    seen::{Look, Looker},
};
use crate::{
    Intake,
    domain::{like::Wanted, rights},
    error,
    repeats::off_the_loop,
    store::{self, sketches},
};

/// Finds what may be the same matter as a submission.
///
/// # Errors
/// A role that may not link it, a submission that is not there (or not for this role), or the store.
pub async fn run(intake: &Intake, asked: Asked<LikeSubmissions>) -> Result<LikeFound, Refusal> {
    let Asked { actor, command, .. } = asked;
    let id = command.submission_id;
    let row = intake.submission(id).await?;
    rights::look(&actor, rights::Look::Link, row.map(|r| r.restricted))?;
    let looked = alike::look(intake, &[command], Wanted::Shown, OPENED_AT_MOST).await?;
    let pairs = supported(intake, id, &looked).await?;
    if pairs.is_empty() {
        return Ok(LikeFound { submission_id: id, pairs: Vec::new() });
    }
    let texts = record(intake, &actor, id, &pairs).await?;
    let Some(here) = looked.known.get(&id) else { return Err(error::NO_SUCH_SUBMISSION.refuse()) };
    let mut answer = Vec::with_capacity(pairs.len());
    for pair in pairs {
        // One that was found to be an accusation since it was compared is not there.
        let (Some(there), Some(own), Some(other)) =
            (looked.known.get(&pair.other), texts.get(&id), texts.get(&pair.other))
        else {
            continue;
        };
        answer.push(shown_pair(&pair, here, there, [own, other]));
    }
    Ok(LikeFound { submission_id: id, pairs: answer })
}

/// The pairs shown, after the blind indexes of each that passed were compared.
async fn supported(
    intake: &Intake,
    id: SubmissionId,
    looked: &Looked,
) -> Result<Vec<Pair<SubmissionId>>, Refusal> {
    let passed = looked.found.iter().filter(|f| f.asked == id).flat_map(|f| &f.passed);
    let passed: Vec<Pair<SubmissionId>> = passed.cloned().collect();
    if passed.is_empty() {
        return Ok(passed);
    }
    let others: Vec<SubmissionId> = passed.iter().map(|pair| pair.other).collect();
    let same =
        intake.read(move |tx| Box::pin(async move { sketches::same_person(tx, id, &others).await })).await?;
    let pairs = passed.into_iter().map(|pair| match same.get(&pair.other) {
        Some(same) => pair.supported_by(*same),
        None => pair,
    });
    Ok(shown(pairs.collect()))
}

/// Puts the looks on record and gives the masked texts of those that are still there for this person.
async fn record(
    intake: &Intake,
    actor: &Actor,
    id: SubmissionId,
    pairs: &[Pair<SubmissionId>],
) -> Result<HashMap<SubmissionId, MaskedText>, Refusal> {
    let at = intake.clocks.business.now();
    let ids: Vec<SubmissionId> = std::iter::once(id).chain(pairs.iter().map(|p| p.other)).collect();
    let by = actor.clone();
    let opened = intake.write(move |tx| {
        let (ids, actor) = (ids.clone(), by.clone());
        Box::pin(async move {
            let mut rows = store::submissions(tx, &ids).await?;
            rows.retain(|row| rights::look(&actor, rights::Look::Link, Some(row.restricted)).is_ok());
            if rows.len() < 2 || rows.iter().all(|row| row.id != id) {
                return Ok((Vec::new(), Vec::new()));
            }
            // Heads are held in one order.
            let open: Vec<SubmissionId> = rows.iter().map(|row| row.id).collect();
            tx.expect_subjects("lianxi/intake", &open).await?;
            for submission in &open {
                let (part, purpose) = (ContentPart::Text, OpenPurpose::Screening);
                let by = Looker::Office(actor.user);
                Look { submission: *submission, by, part, purpose, at }.record(tx).await?;
            }
            let people = store::people_of(tx, &open).await?;
            Ok((rows, people))
        })
    });
    let (rows, people) = opened.await?;
    let keys = intake.keys.clone();
    let texts = off_the_loop(move || masked::mask_all(&keys, &rows, people)).await;
    let texts = texts.map_err(|e| error::store(&e))??;
    Ok(texts.into_iter().map(|text| (text.submission_id, text)).collect())
}

fn shown_pair(pair: &Pair<SubmissionId>, here: &Known, there: &Known, texts: [&MaskedText; 2]) -> LikePair {
    let [own, other] = texts.map(|t| t.text.as_str());
    let passages = shared(own, other).into_iter();
    LikePair {
        matter_id: there.row.id,
        number: there.row.number.clone(),
        open: !there.lying.closed,
        likeness: (pair.likeness * 100.0).round() as i64,
        passages: passages.map(|p| LikePassage { here: p.here, there: p.there }).collect(),
        compared: alike::named(&pair.compared, here, there),
        common_petitioner: pair.same_person,
    }
}
