//! What both looks for repeats share: candidates from the index, checked against the rows, texts compared.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::Datelike;
use contracts::intake::commands::LikeSubmissions;
use kernel::{AgencyCode, Refusal, SubmissionId};
use suggest::repeats::{Compared, NEAR_IDENTICAL, Pair, Side, Structure, compare};

use crate::{
    Intake,
    domain::like::{Candidate, Wanted},
    error,
    repeats::off_the_loop,
    sealing::{Keys, SealedText, SubmissionSeal},
    store::{
        self, Submission,
        sketches::{self, Lying},
    },
};

/// Rows that one statement loads.
const ROWS_AT_ONCE: usize = 256;

/// A submission with what is known of its matter.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its row.
    pub row: Submission,
    /// Where it lies.
    pub lying: Lying,
}

impl Known {
    /// As the decision sees it.
    #[must_use]
    pub const fn candidate(&self) -> Candidate {
        let row = &self.row;
        let closed = self.lying.closed;
        Candidate { id: row.id, matter_id: row.matter_id, restricted: row.restricted, closed }
    }

    fn structure(&self, proposed: Option<&AgencyCode>) -> Structure {
        Structure {
            place: self.row.place_region.to_string(),
            object: None,
            agency: self.lying.agency.as_ref().or(proposed).map(ToString::to_string),
            day: i64::from(self.row.received_on.num_days_from_ce()),
        }
    }
}

/// What was found about one submission.
#[derive(Debug)]
pub struct Found {
    /// Which.
    pub asked: SubmissionId,
    /// Pairs that passed, in the order of the candidates. What both say in the same words is not in them: that is
    /// taken from masked texts.
    pub passed: Vec<Pair<SubmissionId>>,
}

/// Everything that was looked at.
#[derive(Debug, Default)]
pub struct Looked {
    /// Every submission whose row was read.
    pub known: HashMap<SubmissionId, Known>,
    /// What was found of each that was asked about and may be compared.
    pub found: Vec<Found>,
}

/// Looks for the same matter of each, in `most` candidates at most.
///
/// # Errors
/// The store, or a seal that does not open.
pub async fn look(
    intake: &Intake,
    asked: &[LikeSubmissions],
    wanted: Wanted,
    most: usize,
) -> Result<Looked, Refusal> {
    intake.repeats.catch_up().await.map_err(|e| error::store(&e))?;
    let mut known = HashMap::new();
    load(intake, asked.iter().map(|a| a.submission_id).collect(), &mut known).await?;
    let asked: Vec<Asked> = asked
        .iter()
        .filter_map(|a| known.get(&a.submission_id).map(|known| Asked::of(known, a.agency.as_ref())))
        .filter(|a| !a.candidate.restricted)
        .collect();
    let asked = met(intake, asked, wanted, most).await?;
    let ids: HashSet<SubmissionId> = asked.iter().flat_map(|a| a.met.iter().copied()).collect();
    load(intake, ids, &mut known).await?;
    // A repeat stands for the matter it was linked to.
    let matters: HashSet<SubmissionId> = known.values().map(|k| k.row.matter_id).collect();
    load(intake, matters, &mut known).await?;
    let known = Arc::new(known);
    let (keys, rows) = (intake.keys.clone(), known.clone());
    let work = move || asked.iter().map(|a| compared(&keys, &rows, a, wanted)).collect::<Result<_, _>>();
    let found: Vec<Found> = off_the_loop(work).await.map_err(|e| error::store(&e))??;
    Ok(Looked { known: Arc::unwrap_or_clone(known), found })
}

/// One that was asked about, and the candidates that the index gave.
struct Asked {
    candidate: Candidate,
    structure: Structure,
    said: Option<SealedText>,
    met: Vec<SubmissionId>,
    known: Known,
}

impl Asked {
    fn of(known: &Known, proposed: Option<&AgencyCode>) -> Self {
        Self {
            candidate: known.candidate(),
            structure: known.structure(proposed),
            said: None,
            met: Vec::new(),
            known: known.clone(),
        }
    }
}

/// Opens what was asked about and lets the index say what may be like it.
async fn met(
    intake: &Intake,
    mut asked: Vec<Asked>,
    wanted: Wanted,
    most: usize,
) -> Result<Vec<Asked>, Refusal> {
    let (keys, repeats) = (intake.keys.clone(), intake.repeats.clone());
    let work = move || {
        for one in &mut asked {
            let said = open(&keys, &one.known.row)?;
            if let Some(sketch) = repeats.sketch(parts(&said)) {
                let id = one.candidate.id;
                let mut met = repeats.candidates(&sketch, &one.structure, |o| wanted.may_name(o, id));
                // Among equals the first one registered.
                met.sort_by_key(|(other, shared)| (Reverse(*shared), *other));
                one.met = met.into_iter().map(|(other, _)| other).take(most).collect();
            }
            one.said = Some(said);
        }
        Ok::<_, Refusal>(asked)
    };
    off_the_loop(work).await.map_err(|e| error::store(&e))?
}

/// Compares one with its candidates. Those are checked here against their rows: an index that is behind names
/// nobody.
fn compared(
    keys: &Keys,
    known: &HashMap<SubmissionId, Known>,
    asked: &Asked,
    wanted: Wanted,
) -> Result<Found, Refusal> {
    let id = asked.candidate.id;
    let mut found = Found { asked: id, passed: Vec::new() };
    let Some(said) = &asked.said else { return Ok(found) };
    let text = joined(said);
    let here = Side { text: &text, structure: &asked.structure };
    let mut seen = HashSet::new();
    for met in &asked.met {
        let Some(matter) = known.get(met).and_then(|k| known.get(&k.row.matter_id)) else { continue };
        if !seen.insert(matter.row.id) || !wanted.may_compare(matter.candidate(), asked.candidate) {
            continue;
        }
        let text = joined(&open(keys, &matter.row)?);
        let structure = matter.structure(None);
        let Some(mut pair) = compare(matter.row.id, here, Side { text: &text, structure: &structure }) else {
            continue;
        };
        // Of plain texts: never to be shown.
        pair.passages.clear();
        let sure = pair.likeness >= NEAR_IDENTICAL;
        found.passed.push(pair);
        // One is proposed: behind a near-identical one nothing likelier comes.
        if sure && wanted == Wanted::Proposed {
            break;
        }
    }
    Ok(found)
}

async fn load(
    intake: &Intake,
    ids: HashSet<SubmissionId>,
    known: &mut HashMap<SubmissionId, Known>,
) -> Result<(), Refusal> {
    let ids: Vec<SubmissionId> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
    for some in ids.chunks(ROWS_AT_ONCE) {
        let some = some.to_vec();
        let loaded = intake.read(move |tx| {
            Box::pin(
                async move { Ok((store::submissions(tx, &some).await?, sketches::lying(tx, &some).await?)) },
            )
        });
        let (rows, mut lying) = loaded.await?;
        known.extend(rows.into_iter().map(|row| {
            let lying = lying.remove(&row.id).unwrap_or_default();
            (row.id, Known { row, lying })
        }));
    }
    Ok(())
}

/// What a stored submission says.
///
/// # Errors
/// When a seal does not open.
pub fn open(keys: &Keys, row: &Submission) -> Result<SealedText, Refusal> {
    SubmissionSeal::of_row(keys, row.id, &row.data_key)?.open_content(&row.content)
}

/// Title, text and claims, as they are sketched.
pub fn parts(said: &SealedText) -> impl Iterator<Item = &str> {
    [&said.title, &said.text].into_iter().chain(&said.claims).map(String::as_str)
}

fn joined(said: &SealedText) -> String {
    parts(said).collect::<Vec<_>>().join("\n")
}

/// What was compared beside the texts, with the words of the rows.
#[must_use]
pub fn named(
    compared: &[Compared],
    here: &Known,
    there: &Known,
) -> Vec<contracts::intake::commands::LikeCompared> {
    let one = |c: &Compared| {
        let (a, b) = match c.what {
            "place" => (here.row.place_region.to_string(), there.row.place_region.to_string()),
            "agency" => (c.here.clone(), c.there.clone()),
            "day" => (here.row.received_on.to_string(), there.row.received_on.to_string()),
            // Registration knows of no object apart from the text.
            _ => return None,
        };
        Some(contracts::intake::commands::LikeCompared {
            what: c.what.to_owned(),
            here: a,
            there: b,
            same: c.same,
        })
    };
    compared.iter().filter_map(one).collect()
}
