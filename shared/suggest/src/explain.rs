//! Why a label is proposed: words of the text, the rule that spoke, earlier matters that the reader may open.

use serde::Serialize;

use crate::{
    fold::{BREAK, fold_char},
    grams::{LONGEST, OPENING},
    model::Model,
    predict::Scratch,
    similar::{Shelf, Similar},
};

/// Terms shown with one proposal.
const TERMS_AT_MOST: usize = 4;
/// Longest term, in characters.
const LONGEST_TERM: usize = 8;
/// Earlier matters shown with one proposal.
const EARLIER_AT_MOST: usize = 3;

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", content = "detail", rename_all = "snake_case")]
pub enum Reason {
    /// A passage of the text that speaks for the label.
    Term(String),
    /// A word of the catalogue.
    Keyword(String),
    /// The text names the label's place.
    Region(String),
    /// A matter that was confirmed with this label, by its id.
    Earlier(String),
}

/// Folded characters, and where each stands in the text.
fn aligned(text: &str) -> (Vec<u16>, Vec<(usize, usize)>) {
    let (mut units, mut at) = (Vec::new(), Vec::new());
    for (from, c) in text.char_indices() {
        let unit = fold_char(c);
        if unit == BREAK && units.last().is_none_or(|u| *u == BREAK) {
            continue;
        }
        units.push(unit);
        at.push((from, from + c.len_utf8()));
    }
    (units, at)
}

impl Model {
    /// Why the text has this label rather than `instead`.
    #[must_use]
    pub fn reasons(&self, text: &str, label: usize, instead: Option<usize>) -> Vec<Reason> {
        let (units, at) = aligned(text);
        let quote = |from: usize, to: usize| {
            let start = at.get(from).map_or(0, |r| r.0);
            let end = to.checked_sub(1).and_then(|last| at.get(last)).map_or(start, |r| r.1);
            text.get(start..end).unwrap_or_default().to_owned()
        };
        let mut reasons: Vec<Reason> = Vec::new();
        let mut add = |reason: Reason| {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        for (from, to) in self.words.met(&units, label).into_iter().take(TERMS_AT_MOST) {
            add(Reason::Keyword(quote(from, to)));
        }
        let mut mentions = Vec::new();
        self.places.mentions(&units, &mut mentions);
        if let Some(name) =
            self.head.labels.get(label).filter(|_| mentions.get(label).is_some_and(|m| m.times() > 0))
        {
            add(Reason::Region(name.clone()));
        }
        for (from, to) in self.terms(&units, label, instead) {
            add(Reason::Term(quote(from, to)));
        }
        reasons
    }

    /// The passages that speak most for a label, strongest first.
    fn terms(&self, units: &[u16], label: usize, instead: Option<usize>) -> Vec<(usize, usize)> {
        // Each character gets its share of every run that it lies in.
        let mut worth = vec![0.0_f32; units.len()];
        for start in 0..units.len() {
            let mut key = 0_u64;
            for (length, unit) in (1..).zip(units.iter().skip(start).take(LONGEST)) {
                if *unit == BREAK {
                    break;
                }
                key = (key << 16) | u64::from(*unit);
                let share = self.says(key, label, instead) / length as f32;
                let share = if start < OPENING { 2.0 * share } else { share };
                worth.iter_mut().skip(start).take(length).for_each(|w| *w += share);
            }
        }
        let mut spans = spans(units, &worth);
        spans.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        spans.into_iter().take(TERMS_AT_MOST).map(|(from, to, _)| (from, to)).collect()
    }

    /// What one run says for a label, against its rival or the mean.
    fn says(&self, key: u64, label: usize, instead: Option<usize>) -> f32 {
        let Some(row) = self.table.row(key) else { return 0.0 };
        let weights = self.weights.row(row as usize);
        let kinds = self.head.labels.len();
        let mean = || weights.iter().take(kinds).sum::<f32>() / kinds.max(1) as f32;
        let rival = instead.and_then(|rival| weights.get(rival).copied()).unwrap_or_else(mean);
        let idf = self.idf.get(row as usize).copied().unwrap_or_default();
        (weights.get(label).copied().unwrap_or_default() - rival) * idf
    }
}

/// Unbroken passages of characters that speak for it, at least two and at most eight long.
fn spans(units: &[u16], worth: &[f32]) -> Vec<(usize, usize, f32)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, f32)> = None;
    for (at, (unit, value)) in units.iter().zip(worth).enumerate() {
        let speaks = *unit != BREAK && *value > 0.0;
        open = match open {
            Some((from, sum)) if speaks && at - from < LONGEST_TERM => Some((from, sum + value)),
            Some((from, sum)) => {
                found.push((from, at, sum));
                speaks.then_some((at, *value))
            }
            None => speaks.then_some((at, *value)),
        };
    }
    found.extend(open.map(|(from, sum)| (from, units.len(), sum)));
    found.retain(|(from, to, _)| to - from >= 2);
    found
}

/// Earlier matters with the label that are like the text; only those that the reader may open.
#[must_use]
pub fn earlier(
    shelf: &Shelf,
    text: &str,
    label: &str,
    may_open: &dyn Fn(&str) -> bool,
    scratch: &mut Scratch,
) -> Vec<Reason> {
    let like = shelf.like(text, Some(label), EARLIER_AT_MOST, may_open, scratch);
    like.into_iter().map(|Similar { id, .. }| Reason::Earlier(id)).collect()
}
