//! 单位名录: the register of agencies, and which of them answers for what.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{codes::Level, routing::Ending};
use kernel::{AgencyCode, RegionCode};
use serde::{Deserialize, Serialize};

/// What an agency answers for, within a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competence {
    /// Where.
    pub region: RegionCode,
    /// Codes of the catalogue; a first-level code stands for all below it.
    pub categories: Vec<String>,
}

/// One agency of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Its code.
    pub code: AgencyCode,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// City, county, township.
    pub level: Level,
    /// Where it sits.
    pub region: RegionCode,
    /// The unit above it.
    #[serde(default)]
    pub superior: Option<AgencyCode>,
    /// 系统: `government`, `discipline`, `politics_law`, …
    pub line: String,
    /// 机关代字 of its documents.
    pub doc_prefix: String,
    /// The unit that reviews its opinions (Art. 35).
    pub review_unit: String,
    /// `hosted` or `own`.
    pub site: String,
    /// Whether it works at a screen.
    pub computer: bool,
    /// From when.
    pub valid_from: NaiveDate,
    /// Until when, the day included.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// What it answers for.
    pub competence: Vec<Competence>,
    /// Telephone of its petition desk.
    #[serde(default)]
    pub telephone: String,
    /// Mail address of its petition desk (Art. 14).
    #[serde(default)]
    pub email: String,
    /// How it ends, once that is known (Art. 24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

impl Agency {
    /// Whether it exists on a day.
    #[must_use]
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// All agencies, by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register(BTreeMap<AgencyCode, Agency>);

/// No chain of superiors is longer: a longer one is a circle.
const LEVELS_AT_MOST: usize = 8;

impl Register {
    /// A register of these agencies.
    #[must_use]
    pub fn new(agencies: impl IntoIterator<Item = Agency>) -> Self {
        Self(agencies.into_iter().map(|a| (a.code.clone(), a)).collect())
    }

    /// One agency.
    #[must_use]
    pub fn get(&self, code: &AgencyCode) -> Option<&Agency> {
        self.0.get(code)
    }

    /// All, by code.
    pub fn all(&self) -> impl Iterator<Item = &Agency> {
        self.0.values()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are, ended ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The units above one, the nearest first.
    pub(super) fn above<'r>(&'r self, code: &AgencyCode) -> impl Iterator<Item = &'r AgencyCode> {
        let of = |code: &AgencyCode| self.get(code).and_then(|a| a.superior.as_ref());
        std::iter::successors(of(code), move |unit| of(unit)).take(LEVELS_AT_MOST)
    }

    /// 共同的上一级机关: the lowest unit above every one of these, itself none of them (Art. 24).
    #[must_use]
    pub fn common_superior(&self, units: &[AgencyCode]) -> Option<AgencyCode> {
        let (first, others) = units.split_first()?;
        let common = |unit: &&AgencyCode| {
            !units.contains(unit) && others.iter().all(|other| self.above(other).any(|a| a == *unit))
        };
        self.above(first).find(common).cloned()
    }

    /// Whether a unit is another or lies under it.
    #[must_use]
    pub fn is_under(&self, code: &AgencyCode, above: &AgencyCode) -> bool {
        let mut at = Some(code);
        for _ in 0..LEVELS_AT_MOST {
            match at {
                Some(unit) if unit == above => return true,
                Some(unit) => at = self.get(unit).and_then(|a| a.superior.as_ref()),
                None => return false,
            }
        }
        false
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn agency(code: &str, superior: Option<&str>, region: &str, categories: &[&str]) -> Agency {
        let region: RegionCode = region.parse().expect("region");
        Agency {
            code: code.parse().expect("code"),
            name_zh: format!("{code}局"),
            name_en: code.to_owned(),
            level: if region.as_str().len() == 9 { Level::Township } else { Level::City },
            superior: superior.map(|s| s.parse().expect("code")),
            line: "government".to_owned(),
            doc_prefix: code.to_owned(),
            review_unit: "市政府".to_owned(),
            site: "hosted".to_owned(),
            computer: true,
            valid_from: "2024-01-01".parse().expect("date"),
            valid_to: None,
            competence: vec![Competence {
                region: region.clone(),
                categories: categories.iter().map(|c| (*c).to_owned()).collect(),
            }],
            region,
            telephone: String::new(),
            email: String::new(),
            ending: None,
        }
    }

    #[test]
    fn a_unit_lies_under_every_unit_above_it_and_a_circle_ends() {
        let register = Register::new([
            agency("shifu", None, "990100", &[]),
            agency("minghu", Some("shifu"), "990101", &[]),
            agency("yingyue", Some("minghu"), "990101001", &[]),
            agency("aa", Some("bb"), "990100", &[]),
            agency("bb", Some("aa"), "990100", &[]),
        ]);
        let code = |t: &str| t.parse::<AgencyCode>().expect("code");
        assert!(register.is_under(&code("yingyue"), &code("shifu")));
        assert!(register.is_under(&code("minghu"), &code("minghu")));
        assert!(!register.is_under(&code("shifu"), &code("minghu")));
        assert!(!register.is_under(&code("aa"), &code("shifu")));
    }

    #[test]
    fn the_common_superior_is_the_lowest_unit_above_all_and_none_of_them() {
        let register = Register::new([
            agency("shifu", None, "990100", &[]),
            agency("jiwei", None, "990100", &[]),
            agency("minghu", Some("shifu"), "990101", &[]),
            agency("yingyue", Some("minghu"), "990101001", &[]),
            agency("gutai", Some("minghu"), "990101002", &[]),
            agency("aa", Some("bb"), "990100", &[]),
            agency("bb", Some("aa"), "990100", &[]),
        ]);
        let codes =
            |units: &[&str]| -> Vec<AgencyCode> { units.iter().map(|u| u.parse().expect("code")).collect() };
        for (units, superior) in [
            (&["yingyue", "gutai"][..], Some("minghu")),
            (&["minghu", "yingyue"], Some("shifu")),
            (&["yingyue"], Some("minghu")),
            (&["jiwei", "minghu"], None),
            (&["shifu", "minghu"], None),
            (&["aa", "bb"], None),
            (&[], None),
        ] {
            let found = register.common_superior(&codes(units));
            assert_eq!(found.as_ref().map(AgencyCode::as_str), superior, "{units:?}");
        }
    }
}
