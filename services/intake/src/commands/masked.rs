//! Masked texts in bulk, for the board's index and routing's rules.

use std::collections::HashMap;

use contracts::intake::commands::{Identity, MaskedText, MaskedTexts};
use kernel::{Refusal, SubmissionId};
use web::door::Asked;

use crate::{
    Intake,
    domain::{masking::Patterns, rights},
    error,
    repeats::off_the_loop,
    sealing::{Keys, SubmissionSeal},
    store::{self, PersonRow, Submission},
};

/// Most submissions of one call.
pub const MAX_ASKED: usize = 256;
/// Most bytes of an answer, well below the bus's 1 MiB.
const MAX_ANSWER_BYTES: usize = 900 * 1024;

/// Masks the texts of submissions for the suite itself. Accusations and unknown ids are absent from the
/// answer. Where all texts together would be larger than the bus takes, the longest ones lose their ends.
///
/// # Errors
/// Any other caller, too many at once, or the store.
pub async fn run(intake: &Intake, asked: Asked<MaskedTexts>) -> Result<Vec<MaskedText>, Refusal> {
    rights::suite_alone(&asked.actor)?;
    let ids = asked.command.submissions;
    if ids.len() > MAX_ASKED {
        return Err(error::TOO_MANY_ASKED.refuse().at("submissions").with("most", MAX_ASKED));
    }
    let (rows, people) = intake
        .read(move |tx| {
            Box::pin(async move {
                let mut rows = store::submissions(tx, &ids).await?;
                rows.retain(|row| !row.restricted);
                let open: Vec<SubmissionId> = rows.iter().map(|row| row.id).collect();
                Ok((rows, store::people_of(tx, &open).await?))
            })
        })
        .await?;
    let keys = intake.keys.clone();
    let masked = off_the_loop(move || mask_all(&keys, &rows, people)).await;
    let mut texts = masked.map_err(|e| error::store(&e))??;
    fit(&mut texts);
    Ok(texts)
}

/// Masks the texts of submissions. CPU work.
///
/// # Errors
/// When a seal does not open.
pub fn mask_all(
    keys: &Keys,
    rows: &[Submission],
    people: Vec<PersonRow>,
) -> Result<Vec<MaskedText>, Refusal> {
    let mut of_each: HashMap<String, Vec<PersonRow>> = HashMap::new();
    for person in people {
        of_each.entry(person.submission_id.clone()).or_default().push(person);
    }
    let masked = |row: &Submission| mask(keys, row, &of_each.remove(&row.id.to_string()).unwrap_or_default());
    rows.iter().map(masked).collect()
}

fn mask(keys: &Keys, row: &Submission, people: &[PersonRow]) -> Result<MaskedText, Refusal> {
    let seal = SubmissionSeal::of_row(keys, row.id, &row.data_key)?;
    let text = seal.open_content(&row.content)?;
    let open = |p: &PersonRow| seal.open_person(usize::try_from(p.position).unwrap_or(0), &p.person);
    let people: Vec<Identity> = people.iter().map(open).collect::<Result<_, _>>()?;
    let patterns = Patterns::of(&people);
    let whole = std::iter::once(&text.text).chain(&text.claims).map(String::as_str);
    let whole: Vec<&str> = whole.collect();
    Ok(MaskedText {
        submission_id: row.id,
        title: patterns.mask(&text.title),
        text: patterns.mask(&whole.join("\n")),
    })
}

/// Cuts the longest texts so that all fit into one answer.
fn fit(texts: &mut [MaskedText]) {
    let written = |text: &MaskedText| serde_json::to_string(text).map_or(0, |json| json.len() + 1);
    let lengths: Vec<usize> = texts.iter().map(written).collect();
    let cap = fair_cap(&lengths, MAX_ANSWER_BYTES);
    for (text, length) in texts.iter_mut().zip(lengths) {
        if length > cap {
            // Escapes make the JSON longer than the text: cut by the same share.
            let keep = text.text.len().saturating_mul(cap.saturating_sub(1_000)) / length.max(1);
            text.text.truncate(text.text.floor_char_boundary(keep));
        }
    }
}

/// The length to which the longest are cut, so that all together stay within a budget.
fn fair_cap(lengths: &[usize], budget: usize) -> usize {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let mut left = budget;
    for (at, length) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - at);
        if *length > share {
            return share;
        }
        left -= length;
    }
    usize::MAX
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{IdMint, SystemClock};

    use super::*;

    #[test]
    fn only_the_longest_are_cut() {
        assert_eq!(fair_cap(&[10, 20, 30], 60), usize::MAX);
        assert_eq!(fair_cap(&[10, 50, 60], 90), 40);
        assert_eq!(fair_cap(&[], 1), usize::MAX);
    }

    #[test]
    fn a_full_batch_of_the_longest_texts_fits() {
        let mint = IdMint::seeded(Arc::new(SystemClock), 1);
        let long = |n: usize| MaskedText {
            submission_id: mint.mint(),
            title: "题".repeat(100),
            text: if n.is_multiple_of(2) { "\"\n".repeat(10_000) } else { "文".repeat(30_000) },
        };
        let mut texts: Vec<MaskedText> = (0..MAX_ASKED).map(long).collect();
        fit(&mut texts);
        let json = serde_json::to_string(&texts).expect("json");
        assert!(json.len() < 1024 * 1024, "{}", json.len());
        assert!(texts.iter().all(|text| text.text.len() > 1_000));
    }
}
