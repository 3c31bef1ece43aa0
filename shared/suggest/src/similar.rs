//! Earlier matters that a person confirmed, found again by what they are about.
//!
//! Only rare runs of two and three characters are kept, as hashes. An accusation is never put on the shelf,
//! and whoever asks says which matters the reader may open: no other is named (Art. 30, 46).

use rustc_hash::FxHashMap;

use crate::{
    fold::{BREAK, fold_into},
    grams::mix,
    predict::Scratch,
    train::Standing,
};

/// Runs kept of each matter.
const KEPT: usize = 64;
/// Matters looked at for one run; a run of more is too common to say anything.
const COMMON: usize = 256;
/// Runs that must be shared.
const SHARED_AT_LEAST: usize = 4;

/// A matter like the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// Its id.
    pub id: String,
    /// Label that a person confirmed.
    pub label: String,
    /// Share of the rarest runs in common, 0 to 1.
    pub likeness: f64,
}

/// The shelf.
#[derive(Debug, Default)]
pub struct Shelf {
    matters: Vec<(String, String)>,
    by_run: FxHashMap<u32, Vec<u32>>,
}

/// Hashes of the runs of two and three characters, each once: the same chosen few of any text.
fn runs(units: &[u16]) -> Vec<u32> {
    let mut runs: Vec<u32> = Vec::with_capacity(units.len() * 2);
    for length in [2, 3] {
        for window in units.windows(length).filter(|w| !w.contains(&BREAK)) {
            let key = window.iter().fold(0, |key, unit| (key << 16) | u64::from(*unit));
            runs.push((mix(key) >> 32) as u32);
        }
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}

impl Shelf {
    /// Puts a confirmed matter on the shelf; says whether it did.
    pub fn put(&mut self, id: &str, label: &str, text: &str, standing: Standing) -> bool {
        if standing == Standing::Accusation {
            return false;
        }
        let Ok(number) = u32::try_from(self.matters.len()) else { return false };
        let mut units = Vec::new();
        fold_into(text, &mut units);
        let mut runs = runs(&units);
        // Those met least so far say most.
        runs.sort_by_key(|run| (self.by_run.get(run).map_or(0, Vec::len), *run));
        for run in runs.into_iter().take(KEPT) {
            self.by_run.entry(run).or_default().push(number);
        }
        self.matters.push((id.to_owned(), label.to_owned()));
        true
    }

    /// How many matters are on it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.matters.len()
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.matters.is_empty()
    }

    /// The matters most like a text, of one label where it is named, that the reader may open.
    #[must_use]
    pub fn like(
        &self,
        text: &str,
        label: Option<&str>,
        most: usize,
        may_open: &dyn Fn(&str) -> bool,
        scratch: &mut Scratch,
    ) -> Vec<Similar> {
        fold_into(text, &mut scratch.units);
        let mut shared: FxHashMap<u32, usize> = FxHashMap::default();
        for run in runs(&scratch.units) {
            let Some(matters) = self.by_run.get(&run).filter(|m| m.len() <= COMMON) else { continue };
            matters.iter().for_each(|matter| *shared.entry(*matter).or_default() += 1);
        }
        let mut ranked: Vec<(usize, u32)> =
            shared.into_iter().filter(|(_, n)| *n >= SHARED_AT_LEAST).map(|(m, n)| (n, m)).collect();
        ranked.sort_unstable_by_key(|(n, matter)| (std::cmp::Reverse(*n), std::cmp::Reverse(*matter)));
        let found = ranked.into_iter().filter_map(|(n, matter)| {
            let (id, own) = self.matters.get(matter as usize)?;
            let fits = label.is_none_or(|label| label == own) && may_open(id);
            fits.then(|| Similar { id: id.clone(), label: own.clone(), likeness: n as f64 / KEPT as f64 })
        });
        found.take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> Shelf {
        let mut shelf = Shelf::default();
        assert!(shelf.put("m1", "城建", "北站路夜间施工噪音扰民，工地半夜还在浇筑混凝土", Standing::Open));
        assert!(shelf.put("m2", "劳动", "包工头拖欠工资三个月，工人多次讨要无果", Standing::Open));
        assert!(!shelf.put("m3", "城建", "北站路夜间施工噪音扰民，举报局长受贿", Standing::Accusation));
        shelf
    }

    #[test]
    fn a_like_matter_is_found_and_another_is_not() {
        let found = shelf().like("工地夜间施工，噪音扰民", None, 3, &|_| true, &mut Scratch::default());
        assert_eq!(found.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["m1"]);
    }

    #[test]
    fn what_the_reader_may_not_open_is_not_named() {
        let found =
            shelf().like("工地夜间施工，噪音扰民", None, 3, &|id| id != "m1", &mut Scratch::default());
        assert_eq!(found, []);
    }

    #[test]
    fn an_accusation_is_not_on_the_shelf() {
        let shelf = shelf();
        assert_eq!(shelf.len(), 2);
        assert_eq!(shelf.like("举报局长受贿", None, 3, &|_| true, &mut Scratch::default()), []);
    }
}
