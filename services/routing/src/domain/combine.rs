//! One list of proposals from two sources: the rules of catalogue and register, and what was learned from matters that
//! people confirmed. Without the second it is what the rules say.
//!
//! The learned chances are calibrated and heard the rules' words already, so they lead. What the rules name and nothing
//! was learned of (a new category, a new agency) competes all the same; and an agency that the register does not find
//! competent is shown with that said, never alone where a competent one is known.

use chrono::NaiveDate;
use contracts::routing::{Proposal, Reason};
use kernel::{AgencyCode, RegionCode};
use suggest::{Ranked, SURE, shown};

use super::{
    agency::{Agency, Register},
    catalogue::Catalogue,
    succession::About,
};

/// All that is new to what was learned takes this share of the chances at most.
const NEW_AT_MOST: f64 = 0.5;

/// What a learned version says of one text.
#[derive(Clone, Debug)]
pub struct Learned<'m> {
    /// Its number.
    pub version: u32,
    /// Every code that it learned, with its chance, best first.
    pub chances: Vec<(&'m str, f64)>,
}

/// Categories: those of the catalogue in force alone; none where nothing was learned of any. `rules` are all that its words speak for, best first.
#[must_use]
pub fn categories(rules: &[Proposal], learned: &Learned<'_>, catalogue: &Catalogue) -> Option<Vec<Proposal>> {
    let weighed = weigh(rules, learned, |code| catalogue.get(code).map(|c| c.code.clone()));
    let count = shown(&ranked(&weighed)).len();
    let made = weighed.into_iter().take(count).map(|code| code.proposal(rules, Vec::new()));
    Some(made.collect::<Vec<_>>()).filter(|made| !made.is_empty())
}

/// Where and when an agency is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The register.
    pub register: &'a Register,
    /// The category proposed first.
    pub category: Option<&'a str>,
    /// Where the problem is.
    pub place: &'a RegionCode,
    /// The day.
    pub today: NaiveDate,
}

/// Agencies: those that exist on the day alone; of one that ended, its only successor. `fitting` are all that the
/// register finds competent, best first.
#[must_use]
pub fn agencies(fitting: &[Proposal], learned: &Learned<'_>, search: Search<'_>) -> Option<Vec<Proposal>> {
    let weighed = weigh(fitting, learned, |code| search.stands_for(code));
    let mut list: Vec<(Weighed, Vec<Reason>)> = weighed
        .into_iter()
        .map(|code| {
            let doubt = search.doubt(&code.code, fitting);
            (code, doubt)
        })
        .collect();
    let fits = |(_, doubt): &(Weighed, Vec<Reason>)| doubt.is_empty();
    // Of another place: behind those that answer for this one (属地管理, Art. 5).
    if list.iter().any(fits) {
        list.sort_by_key(|(_, doubt)| doubt.iter().any(|reason| reason.rule == OUTSIDE));
    }
    let mut chances: Vec<Ranked> = ranked_of(list.iter().map(|(code, _)| code));
    let best_fit = list.iter().position(fits);
    if best_fit.is_some_and(|at| at > 0) {
        // Not sure, whatever the chance: the register says otherwise.
        chances.iter_mut().for_each(|r| r.confidence = r.confidence.min(SURE / 2.0));
    }
    let count = shown(&chances).len();
    if let Some(at) = best_fit.filter(|at| *at >= count && count > 0) {
        list.swap(at, count - 1);
    }
    let made = list.into_iter().take(count).map(|(code, doubt)| code.proposal(fitting, doubt));
    Some(made.collect::<Vec<_>>()).filter(|made| !made.is_empty())
}

/// No line of competence of the agency covers the place.
const OUTSIDE: &str = "outside";
/// One does, and none names the category.
const OFF_LINE: &str = "off_line";

impl Search<'_> {
    /// The agency that a learned code stands for today.
    fn stands_for(&self, code: &str) -> Option<String> {
        let code: AgencyCode = code.parse().ok()?;
        let agency = self.register.get(&code)?;
        if agency.exists_on(self.today) {
            return Some(code.to_string());
        }
        let about = About { category: self.category, place: Some(self.place) };
        match self.register.heirs_for(&code, about, self.today).as_slice() {
            [only] if self.register.get(only).is_some_and(|a| a.exists_on(self.today)) => {
                Some(only.to_string())
            }
            _ => None,
        }
    }

    /// Why the register does not find it competent; nothing where it does.
    fn doubt(&self, code: &str, fitting: &[Proposal]) -> Vec<Reason> {
        if fitting.iter().any(|p| p.code == code) {
            return Vec::new();
        }
        let agency = code.parse().ok().and_then(|code: AgencyCode| self.register.get(&code));
        let covers = |a: &Agency| a.competence.iter().any(|c| self.place.is_within(&c.region));
        match (agency.is_some_and(covers), self.category) {
            (false, _) => vec![Reason { rule: OUTSIDE.to_owned(), detail: self.place.to_string() }],
            (true, Some(category)) => {
                vec![Reason { rule: OFF_LINE.to_owned(), detail: category.to_owned() }]
            }
            // Without a category nobody can be compared with the register.
            (true, None) => Vec::new(),
        }
    }
}

/// A code with its chance, and the version that knows it.
#[derive(Debug)]
struct Weighed {
    code: String,
    chance: f64,
    version: Option<u32>,
}

impl Weighed {
    fn proposal(self, rules: &[Proposal], doubt: Vec<Reason>) -> Proposal {
        let of_rules = rules.iter().find(|p| p.code == self.code).map(|p| p.reasons.clone());
        let learned = self.version.map(|v| Reason { rule: "learned".to_owned(), detail: v.to_string() });
        let reasons = of_rules.unwrap_or_default().into_iter().chain(doubt).chain(learned);
        // Rounded down: what is not sure is never shown as if it were.
        let confidence = (self.chance * 100.0).floor() as i64;
        Proposal { code: self.code, confidence: confidence.clamp(0, 100), reasons: reasons.collect() }
    }
}

/// Learned chances of the codes that exist, and those of the rules for codes that nothing was learned of. What was
/// learned of codes that exist no more stays doubt: the others do not become surer by it.
fn weigh(
    rules: &[Proposal],
    learned: &Learned<'_>,
    stands_for: impl Fn(&str) -> Option<String>,
) -> Vec<Weighed> {
    let mut weighed: Vec<Weighed> = Vec::new();
    for (code, chance) in &learned.chances {
        let Some(code) = stands_for(code) else { continue };
        match weighed.iter_mut().find(|w| w.code == code) {
            Some(same) => same.chance += chance,
            None => weighed.push(Weighed { code, chance: *chance, version: Some(learned.version) }),
        }
    }
    let is_new = |p: &&Proposal| !weighed.iter().any(|w| w.code == p.code);
    let new: Vec<(String, f64)> = rules
        .iter()
        .filter(is_new)
        .map(|p| (p.code.clone(), f64::from(i32::try_from(p.confidence).unwrap_or(0)) / 100.0))
        .collect();
    let sum: f64 = new.iter().map(|(_, chance)| chance).sum();
    let share = sum.min(NEW_AT_MOST);
    weighed.iter_mut().for_each(|w| w.chance *= 1.0 - share);
    if sum > 0.0 {
        let scaled = new.into_iter().map(|(code, chance)| (code, chance / sum * share));
        weighed.extend(scaled.map(|(code, chance)| Weighed { code, chance, version: None }));
    }
    weighed.sort_by(|a, b| b.chance.total_cmp(&a.chance).then_with(|| a.code.cmp(&b.code)));
    weighed
}

fn ranked(weighed: &[Weighed]) -> Vec<Ranked> {
    ranked_of(weighed.iter())
}

fn ranked_of<'w>(weighed: impl Iterator<Item = &'w Weighed>) -> Vec<Ranked> {
    weighed.enumerate().map(|(label, w)| Ranked { label, confidence: w.chance }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{agency::tests::agency, catalogue::Category};
    use super::*;

    fn catalogue(codes: &[&str]) -> Catalogue {
        let category = |code: &&str| Category {
            code: (*code).to_owned(),
            parent: None,
            name_zh: (*code).to_owned(),
            name_en: (*code).to_owned(),
            usual_level: None,
            route: None,
            service_request: false,
            keywords: Vec::new(),
        };
        let categories = codes.iter().map(category).collect();
        Catalogue { version: "t".to_owned(), valid_from: None, categories }
    }

    fn rule(code: &str, confidence: i64) -> Proposal {
        let reasons = vec![Reason { rule: "keyword".to_owned(), detail: code.to_owned() }];
        Proposal { code: code.to_owned(), confidence, reasons }
    }

    fn learned(chances: &'static [(&'static str, f64)]) -> Learned<'static> {
        Learned { version: 3, chances: chances.to_vec() }
    }

    fn codes(made: &[Proposal]) -> Vec<&str> {
        made.iter().map(|p| p.code.as_str()).collect()
    }

    fn rules_of(proposal: &Proposal) -> Vec<&str> {
        proposal.reasons.iter().map(|r| r.rule.as_str()).collect()
    }

    #[test]
    fn given_nothing_learned_of_any_code_that_exists_the_rules_stand() {
        let learned = learned(&[("gone", 1.0)]);
        assert_eq!(categories(&[], &learned, &catalogue(&["wages"])), None);
    }

    #[test]
    fn given_a_sure_chance_it_stands_alone_with_the_rules_reasons_and_its_version() {
        let learned = learned(&[("wages", 0.91), ("noise", 0.09)]);
        let made = categories(&[rule("wages", 40)], &learned, &catalogue(&["wages", "noise"]));
        let made = made.expect("proposals");
        assert_eq!((codes(&made), made[0].confidence), (vec!["wages"], 91));
        assert_eq!(rules_of(&made[0]), ["keyword", "learned"]);
        assert_eq!(made[0].reasons[1].detail, "3");
    }

    #[test]
    fn given_no_sure_chance_two_or_three_compete() {
        let all = catalogue(&["wages", "noise", "land"]);
        let three = learned(&[("noise", 0.5), ("wages", 0.3), ("land", 0.2)]);
        assert_eq!(codes(&categories(&[], &three, &all).expect("proposals")), ["noise", "wages", "land"]);
        let two = learned(&[("noise", 0.55), ("wages", 0.43), ("land", 0.02)]);
        assert_eq!(codes(&categories(&[], &two, &all).expect("proposals")), ["noise", "wages"]);
    }

    #[test]
    fn given_a_code_that_is_no_more_it_is_left_out_and_the_others_become_no_surer() {
        let learned = learned(&[("gone", 0.8), ("wages", 0.15), ("noise", 0.05)]);
        let made = categories(&[], &learned, &catalogue(&["wages", "noise"])).expect("proposals");
        assert_eq!(codes(&made), ["wages", "noise"]);
        assert_eq!(made[0].confidence, 15);
    }

    #[test]
    fn given_a_new_category_that_the_words_name_clearly_it_competes_and_nothing_stands_alone() {
        let learned = learned(&[("wages", 0.95), ("noise", 0.05)]);
        let all = catalogue(&["wages", "noise", "meals"]);
        let made = categories(&[rule("meals", 80), rule("wages", 10)], &learned, &all).expect("made");
        assert_eq!(codes(&made)[..2], ["meals", "wages"]);
        assert_eq!(rules_of(&made[0]), ["keyword"], "nothing was learned of it");
        let weak = categories(&[rule("meals", 15)], &learned, &all).expect("made");
        assert_eq!(codes(&weak), ["wages"], "a passing word does not unsettle a sure one");
    }

    fn register() -> Register {
        Register::new([
            agency("renshe", None, "990100", &["labour"]),
            agency("qyrenshe", Some("renshe"), "990102", &["labour.wages"]),
            agency("mhrenshe", Some("renshe"), "990101", &["labour.wages"]),
            agency("chengguan", None, "990100", &["urban"]),
        ])
    }

    fn agencies_of(fitting: &[Proposal], learned: &Learned<'_>, register: &Register) -> Vec<Proposal> {
        let place: RegionCode = "990102002".parse().expect("region");
        let today = "2026-08-03".parse().expect("date");
        let search = Search { register, category: Some("labour.wages"), place: &place, today };
        agencies(fitting, learned, search).expect("proposals")
    }

    #[test]
    fn given_a_sure_agency_that_the_register_finds_competent_it_stands_alone() {
        let learned = learned(&[("qyrenshe", 0.8), ("renshe", 0.2)]);
        let made = agencies_of(&[rule("qyrenshe", 70), rule("renshe", 20)], &learned, &register());
        assert_eq!(codes(&made), ["qyrenshe"]);
    }

    #[test]
    fn given_an_agency_of_another_place_it_comes_behind_with_that_said() {
        let learned = learned(&[("mhrenshe", 0.9), ("qyrenshe", 0.06), ("renshe", 0.04)]);
        let made = agencies_of(&[rule("qyrenshe", 70), rule("renshe", 20)], &learned, &register());
        assert_eq!(codes(&made), ["qyrenshe", "renshe", "mhrenshe"]);
        assert_eq!(rules_of(&made[2]), ["outside", "learned"]);
    }

    #[test]
    fn given_a_habit_that_the_register_does_not_know_it_is_shown_with_that_said_and_not_alone() {
        let learned = learned(&[("chengguan", 0.9), ("qyrenshe", 0.06), ("renshe", 0.04)]);
        let made = agencies_of(&[rule("qyrenshe", 70), rule("renshe", 20)], &learned, &register());
        assert_eq!(codes(&made)[..2], ["chengguan", "qyrenshe"]);
        assert_eq!(rules_of(&made[0]), ["off_line", "learned"]);
        assert_eq!(made[0].reasons[0].detail, "labour.wages");
        assert_eq!(rules_of(&made[1]), ["keyword", "learned"]);
    }

    #[test]
    fn given_a_new_agency_that_the_register_finds_competent_it_competes() {
        let learned = learned(&[("renshe", 1.0)]);
        let made = agencies_of(&[rule("qyrenshe", 83), rule("renshe", 37)], &learned, &register());
        assert_eq!(made.len(), 2, "{made:?}");
        assert!(codes(&made).contains(&"qyrenshe"));
    }

    #[test]
    fn given_an_agency_that_ended_its_only_successor_takes_its_place() {
        use contracts::{
            codes::AgencyEndKind,
            routing::{Ending, Succession},
        };
        let mut old = agency("laodong", None, "990100", &["labour"]);
        old.valid_to = Some("2026-06-30".parse().expect("date"));
        let heir =
            Succession { agency: "renshe".parse().expect("code"), categories: vec![], regions: vec![] };
        old.ending = Some(Ending {
            kind: AgencyEndKind::Merged,
            last_on: "2026-06-30".parse().expect("date"),
            ground: "云编〔2026〕9号".to_owned(),
            successors: vec![heir],
        });
        let register = Register::new([old, agency("renshe", None, "990100", &["labour"])]);
        let learned = learned(&[("laodong", 0.7), ("renshe", 0.3)]);
        let made = agencies_of(&[rule("renshe", 90)], &learned, &register);
        assert_eq!((codes(&made), made[0].confidence), (vec!["renshe"], 100));
    }
}
