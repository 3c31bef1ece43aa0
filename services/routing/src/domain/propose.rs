//! Proposals of category and agency, by rules: words of the catalogue, region, level and competence.
//!
//! A proposal is only that: it carries its reasons, and a person confirms or overrules it (domain.md 5).

use aho_corasick::{AhoCorasick, MatchKind};
use chrono::NaiveDate;
use contracts::{
    codes::{Level, Purpose},
    routing::{Proposal, Reason},
};
use kernel::RegionCode;

use super::{
    agency::{Agency, Register},
    catalogue::{Catalogue, Category},
};

/// How many are shown when the rules are not sure.
const SHOWN_AT_MOST: usize = 3;
/// A proposal that stands alone is at least this sure, in percent.
const SURE_PERCENT: i64 = 70;
/// Weight added to every score's sum, so that one weak word is never a certainty.
const DOUBT: i64 = 4;
/// A word counts at most this often: a letter that repeats itself is not surer.
const REPEATS_COUNTED: i64 = 3;
/// A word in the title counts so many times a word in the text.
const TITLE_TIMES: i64 = 3;
/// Reasons shown with one proposal.
const REASONS_AT_MOST: usize = 4;

/// The rules, made ready once for a catalogue.
pub struct Proposer {
    words: AhoCorasick,
    /// Per pattern: index of the category, weight.
    meanings: Vec<Vec<(usize, i64)>>,
    patterns: Vec<String>,
    catalogue: Catalogue,
}

/// The catalogue's words cannot be made ready.
#[derive(Debug)]
pub struct BadCatalogue(pub String);

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    /// Masked title.
    pub title: &'a str,
    /// Masked text and claims.
    pub text: &'a str,
    /// Class as stated.
    pub purpose: Purpose,
    /// Where the problem is.
    pub place: &'a RegionCode,
}

impl Proposer {
    /// Makes the rules of a catalogue ready.
    ///
    /// # Errors
    /// When the catalogue has more words than an automaton takes.
    pub fn try_new(catalogue: Catalogue) -> Result<Self, BadCatalogue> {
        let mut patterns: Vec<String> = Vec::new();
        let mut meanings: Vec<Vec<(usize, i64)>> = Vec::new();
        for (index, category) in catalogue.categories.iter().enumerate() {
            for (word, weight) in &category.keywords {
                match patterns.iter().position(|p| p == word) {
                    Some(at) => meanings.get_mut(at).into_iter().for_each(|m| m.push((index, *weight))),
                    None => {
                        patterns.push(word.clone());
                        meanings.push(vec![(index, *weight)]);
                    }
                }
            }
        }
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .map_err(|e| BadCatalogue(e.to_string()))?;
        Ok(Self { words, meanings, patterns, catalogue })
    }

    /// The catalogue.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Categories, best first: one when the rules are sure, up to three that compete, none without a word.
    #[must_use]
    pub fn categories(&self, looked: Looked<'_>) -> Vec<Proposal> {
        let mut all = self.every_category(looked);
        all.truncate(SHOWN_AT_MOST);
        only_the_sure_one(all)
    }

    /// Every category that a word speaks for, best first.
    #[must_use]
    pub fn every_category(&self, looked: Looked<'_>) -> Vec<Proposal> {
        let mut found = vec![0_i64; self.patterns.len()];
        for (text, times) in [(looked.title, TITLE_TIMES), (looked.text, 1)] {
            let mut here = vec![0_i64; self.patterns.len()];
            for hit in self.words.find_overlapping_iter(text) {
                if let Some(count) = here.get_mut(hit.pattern().as_usize()) {
                    *count = (*count + 1).min(REPEATS_COUNTED);
                }
            }
            for (total, count) in found.iter_mut().zip(here) {
                *total += count * times;
            }
        }
        let mut scores: Vec<(i64, Vec<(i64, usize)>)> =
            vec![(0, Vec::new()); self.catalogue.categories.len()];
        for (pattern, count) in found.iter().enumerate().filter(|(_, count)| **count > 0) {
            for (category, weight) in self.meanings.get(pattern).into_iter().flatten() {
                if let Some((score, words)) = scores.get_mut(*category) {
                    *score += weight * count;
                    words.push((weight * count, pattern));
                }
            }
        }
        let total: i64 = scores.iter().map(|(score, _)| score).sum::<i64>() + DOUBT;
        let mut ranked: Vec<(i64, usize)> =
            scores.iter().enumerate().filter(|(_, (s, _))| *s > 0).map(|(i, (s, _))| (*s, i)).collect();
        ranked.sort_by_key(|(score, index)| (-score, *index));
        let proposals = ranked.iter().filter_map(|(score, index)| {
            let (_, words) = scores.get_mut(*index)?;
            words.sort_by_key(|(weight, pattern)| (-weight, *pattern));
            let reasons = words.iter().take(REASONS_AT_MOST).filter_map(|(_, pattern)| {
                self.patterns
                    .get(*pattern)
                    .map(|word| Reason { rule: "keyword".to_owned(), detail: word.clone() })
            });
            let category = self.catalogue.categories.get(*index)?;
            Some(Proposal {
                code: category.code.clone(),
                confidence: score * 100 / total,
                reasons: reasons.collect(),
            })
        });
        proposals.collect()
    }

    /// Agencies for a category at a place, best first; only such as exist on the day.
    #[must_use]
    pub fn agencies(
        &self,
        category: &str,
        looked: Looked<'_>,
        register: &Register,
        today: NaiveDate,
    ) -> Vec<Proposal> {
        let mut all = self.every_agency(category, looked, register, today);
        all.truncate(SHOWN_AT_MOST);
        all
    }

    /// Every agency that the register finds competent for a category at a place, best first.
    #[must_use]
    pub fn every_agency(
        &self,
        category: &str,
        looked: Looked<'_>,
        register: &Register,
        today: NaiveDate,
    ) -> Vec<Proposal> {
        let Some(category) = self.catalogue.get(category) else { return Vec::new() };
        let mut fitting: Vec<(i64, &Agency, Vec<Reason>)> = register
            .all()
            .filter(|agency| agency.exists_on(today))
            .filter_map(|agency| {
                fit(agency, category, looked.place).map(|(score, reasons)| (score, agency, reasons))
            })
            .collect();
        fitting.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.code.cmp(&b.1.code)));
        let total: i64 = fitting.iter().take(SHOWN_AT_MOST).map(|f| f.0).sum::<i64>() + DOUBT;
        let best = fitting.first().map_or(0, |f| f.0);
        let proposals = fitting.into_iter().map(|(score, agency, reasons)| Proposal {
            code: agency.code.to_string(),
            confidence: if score == best { 50 + score * 50 / total } else { score * 50 / total },
            reasons,
        });
        proposals.collect()
    }
}

/// How well an agency fits, or that it does not answer for the category there.
fn fit(agency: &Agency, category: &Category, place: &RegionCode) -> Option<(i64, Vec<Reason>)> {
    let line = agency.competence.iter().filter(|c| place.is_within(&c.region)).find_map(|c| {
        let exact = c.categories.iter().find(|code| **code == category.code);
        let first_level = c.categories.iter().find(|code| category.parent.as_ref() == Some(*code));
        exact.map(|code| (c, code, 4)).or_else(|| first_level.map(|code| (c, code, 2)))
    });
    let (competence, code, exactness) = line?;
    let mut reasons = vec![
        Reason { rule: "category_line".to_owned(), detail: code.clone() },
        Reason { rule: "region".to_owned(), detail: competence.region.to_string() },
    ];
    // The nearer the competence's region to the place, the more it says.
    let nearness = match agency.level {
        Level::City => 1,
        Level::County => 2,
        Level::Township => 3,
    };
    let usual = category.usual_level == Some(agency.level);
    if usual {
        reasons.push(Reason { rule: "level".to_owned(), detail: agency.level.code().to_owned() });
    }
    Some((exactness * 4 + nearness * 3 + if usual { 2 } else { 0 }, reasons))
}

/// One proposal alone when it is sure; else those that compete, so that nobody takes a guess for a rule.
fn only_the_sure_one(mut proposals: Vec<Proposal>) -> Vec<Proposal> {
    if proposals.first().is_some_and(|p| p.confidence >= SURE_PERCENT) {
        proposals.truncate(1);
    }
    proposals
}

#[cfg(test)]
mod tests {
    use super::super::agency::tests::agency;
    use super::*;

    fn proposer() -> Proposer {
        let category = |code: &str, words: &[(&str, i64)]| Category {
            code: code.to_owned(),
            parent: code.split_once('.').map(|(p, _)| p.to_owned()),
            name_zh: code.to_owned(),
            name_en: code.to_owned(),
            usual_level: None,
            route: None,
            service_request: false,
            keywords: words.iter().map(|(w, n)| ((*w).to_owned(), *n)).collect(),
        };
        let categories = vec![
            category("labour.wages", &[("拖欠工资", 5), ("包工头", 3), ("工资", 2)]),
            category("urban.noise", &[("噪音", 5), ("夜间施工", 4), ("工地", 1)]),
        ];
        Proposer::try_new(Catalogue { version: "t".to_owned(), valid_from: None, categories })
            .expect("catalogue")
    }

    fn looked<'a>(title: &'a str, text: &'a str, place: &'a RegionCode) -> Looked<'a> {
        Looked { title, text, purpose: Purpose::Claim, place }
    }

    #[test]
    fn the_words_of_the_catalogue_decide_and_are_the_reason() {
        let place: RegionCode = "990102".parse().expect("region");
        let proposals = proposer().categories(looked("工地拖欠工资", "包工头一直不给工资", &place));
        assert_eq!(proposals.first().map(|p| p.code.as_str()), Some("labour.wages"));
        assert_eq!(proposals.len(), 1, "sure: {proposals:?}");
        assert!(proposals[0].reasons.contains(&Reason { rule: "keyword".into(), detail: "拖欠工资".into() }));
    }

    #[test]
    fn without_a_word_nothing_is_proposed_and_a_weak_one_is_not_sure() {
        let place: RegionCode = "990102".parse().expect("region");
        assert_eq!(proposer().categories(looked("天气", "今天很好", &place)), vec![]);
        let weak = proposer().categories(looked("", "工地旁边", &place));
        assert!(weak[0].confidence < SURE_PERCENT, "{weak:?}");
    }

    #[test]
    fn the_nearest_competent_agency_comes_first_and_others_far_away_never() {
        let register = Register::new([
            agency("renshe", None, "990100", &["labour"]),
            agency("qyrenshe", Some("renshe"), "990102", &["labour.wages"]),
            agency("mhrenshe", Some("renshe"), "990101", &["labour.wages"]),
        ]);
        let today = "2026-08-03".parse().expect("date");
        let place: RegionCode = "990102002".parse().expect("region");
        let proposals = proposer().agencies("labour.wages", looked("", "", &place), &register, today);
        let codes: Vec<&str> = proposals.iter().map(|p| p.code.as_str()).collect();
        assert_eq!(codes, ["qyrenshe", "renshe"]);
    }
}
