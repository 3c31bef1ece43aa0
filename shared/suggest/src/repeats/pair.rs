//! Whether two submissions look like one matter, with the evidence of both side by side.
//!
//! "同人+同事": what is said decides first. Only a pair that passed on text and structure may be supported
//! by the same person, and only as a yes or no about that pair; there is no way here from a person to
//! matters, and nothing is counted (domain.md 5).

use serde::Serialize;

use super::{
    index::Structure,
    passages::{Passage, shared},
    sketch::{cosine, counted},
};

/// Texts this like are near-identical.
pub const NEAR_IDENTICAL: f64 = 0.8;
/// Texts this like are one matter when place and object or agency agree and a year lies between at most.
pub const ALIKE: f64 = 0.45;
/// Longest time between submissions whose texts are only alike.
const DAYS_APART: i64 = 365;
/// Pairs shown.
pub const PAIRS_AT_MOST: usize = 5;

/// A submission to compare.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Masked text.
    pub text: &'a str,
    /// Place, object, agency, day.
    pub structure: &'a Structure,
}

/// One thing that both say, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// `place`, `object`, `agency` or `day`.
    pub what: &'static str,
    /// As the one has it.
    pub here: String,
    /// As the other has it.
    pub there: String,
    /// Whether they agree.
    pub same: bool,
}

/// A pair that passed the threshold of the same matter. It is made by [`compare`] alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair<K> {
    /// The earlier submission.
    pub other: K,
    /// Likeness of the texts, 0 to 1.
    pub likeness: f64,
    /// Passages in both.
    pub passages: Vec<Passage>,
    /// Place, object, agency, day.
    pub compared: Vec<Compared>,
    /// Whether the same person wrote both, where that was asked.
    pub same_person: Option<bool>,
}

/// Compares two submissions; none when they do not look like one matter.
#[must_use]
pub fn compare<K>(other: K, here: Side<'_>, there: Side<'_>) -> Option<Pair<K>> {
    let likeness = cosine(&counted(here.text), &counted(there.text));
    let compared = compared(here.structure, there.structure);
    let same = |what: &str| compared.iter().any(|c| c.what == what && c.same);
    let like_structure = same("place") && (same("object") || same("agency")) && same("day");
    let passes = likeness >= NEAR_IDENTICAL || (likeness >= ALIKE && like_structure);
    passes.then(|| Pair {
        other,
        likeness,
        passages: shared(here.text, there.text),
        compared,
        same_person: None,
    })
}

fn compared(here: &Structure, there: &Structure) -> Vec<Compared> {
    let county = |s: &Structure| s.place.get(..6).unwrap_or(&s.place).to_owned();
    let optional = |what, a: &Option<String>, b: &Option<String>| Compared {
        what,
        here: a.clone().unwrap_or_default(),
        there: b.clone().unwrap_or_default(),
        same: a.is_some() && a.as_deref().map(crate::fold::folded) == b.as_deref().map(crate::fold::folded),
    };
    vec![
        Compared {
            what: "place",
            here: here.place.clone(),
            there: there.place.clone(),
            same: !here.place.is_empty() && county(here) == county(there),
        },
        optional("object", &here.object, &there.object),
        optional("agency", &here.agency, &there.agency),
        Compared {
            what: "day",
            here: here.day.to_string(),
            there: there.day.to_string(),
            same: here.day.abs_diff(there.day) <= DAYS_APART.unsigned_abs(),
        },
    ]
}

impl<K> Pair<K> {
    /// Adds what blind indexes say of this one pair. Their comparison is all that enters here.
    #[must_use]
    pub fn supported_by(mut self, same_person: bool) -> Self {
        self.same_person = Some(same_person);
        self
    }
}

/// The pairs shown, surest first: near-identical texts, then the likest; the same person settles a tie.
#[must_use]
pub fn shown<K>(mut pairs: Vec<Pair<K>>) -> Vec<Pair<K>> {
    pairs.sort_by(|a, b| {
        let tenth = |p: &Pair<K>| (p.likeness * 10.0).floor();
        tenth(b)
            .total_cmp(&tenth(a))
            .then_with(|| (b.same_person == Some(true)).cmp(&(a.same_person == Some(true))))
            .then_with(|| b.likeness.total_cmp(&a.likeness))
    });
    pairs.truncate(PAIRS_AT_MOST);
    pairs
}
