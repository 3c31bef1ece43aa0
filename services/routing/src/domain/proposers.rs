//! 内容分类目录 over time: the rules of each catalogue, in force from its day on. Codes stay for ever; names and words
//! may change, and new codes may come.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;

use super::{catalogue::Catalogue, propose::Proposer};

/// The rules of the place's first catalogue, in force since ever, and of those that were loaded after it.
pub struct Proposers {
    first: Arc<Proposer>,
    later: RwLock<Vec<(NaiveDate, Arc<Proposer>)>>,
}

impl Proposers {
    /// The place's first catalogue.
    #[must_use]
    pub fn new(first: Proposer) -> Self {
        Self { first: Arc::new(first), later: RwLock::default() }
    }

    /// The rules in force on a day: of two that began the same day, those loaded last.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Arc<Proposer> {
        let later = self.later.read().unwrap_or_else(PoisonError::into_inner);
        let newest = later.iter().filter(|(from, _)| *from <= day).max_by_key(|(from, _)| *from);
        newest.map_or(&self.first, |(_, proposer)| proposer).clone()
    }

    /// Takes in a catalogue that was loaded.
    pub fn learn(&self, from: NaiveDate, proposer: Proposer) {
        self.later.write().unwrap_or_else(PoisonError::into_inner).push((from, Arc::new(proposer)));
    }

    /// How many were loaded after the first.
    #[must_use]
    pub fn loaded(&self) -> usize {
        self.later.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// What a catalogue that comes into force lacks of those before it: a code that matters carry may not go.
#[must_use]
pub fn dropped<'c>(before: &'c Catalogue, after: &Catalogue) -> Option<&'c str> {
    before.categories.iter().map(|c| c.code.as_str()).find(|code| after.get(code).is_none())
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Category;
    use super::*;

    fn catalogue(version: &str, codes: &[&str]) -> Catalogue {
        let category = |code: &&str| Category {
            code: (*code).to_owned(),
            parent: None,
            name_zh: (*code).to_owned(),
            name_en: (*code).to_owned(),
            usual_level: None,
            route: None,
            service_request: false,
            keywords: vec![("路灯".to_owned(), 5)],
        };
        let categories = codes.iter().map(category).collect();
        Catalogue { version: version.to_owned(), valid_from: None, categories }
    }

    fn proposer(version: &str) -> Proposer {
        Proposer::try_new(catalogue(version, &["urban"])).expect("a catalogue")
    }

    #[test]
    fn a_catalogue_counts_from_its_day_on_and_the_one_loaded_last_of_a_day() {
        let proposers = Proposers::new(proposer("one"));
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        proposers.learn(day("2026-10-01"), proposer("two"));
        proposers.learn(day("2026-10-01"), proposer("three"));
        let on = |text: &str| proposers.on(day(text)).catalogue().version.clone();
        assert_eq!((on("2026-09-30"), on("2026-10-01")), ("one".to_owned(), "three".to_owned()));
        assert_eq!(proposers.loaded(), 2);
    }

    #[test]
    fn a_code_that_was_used_may_not_go() {
        let before = catalogue("one", &["urban", "labour"]);
        assert_eq!(dropped(&before, &catalogue("two", &["labour", "urban", "school"])), None);
        assert_eq!(dropped(&before, &catalogue("two", &["urban"])), Some("labour"));
    }
}
