//! What learning is told beside the confirmed matters: words of the catalogue for each category, and for each agency the
//! words of what it answers for and the names of where it does.

use chrono::NaiveDate;
use kernel::RegionCode;
use suggest::Word;

use super::{agency::Register, catalogue::Catalogue};

/// A division of the place, with the name that people write.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Its name.
    pub name: String,
}

/// What the name of its own region says for an agency, beside the catalogue's weights (1 to 10).
const PLACE_WEIGHT: u32 = 8;
/// Words at most: beyond it none are added.
const WORDS_AT_MOST: usize = 20_000;

/// The catalogue's words.
#[must_use]
pub fn category_words(catalogue: &Catalogue) -> Vec<Word> {
    let words = catalogue.categories.iter().flat_map(|category| {
        category.keywords.iter().map(|(word, weight)| said(&category.code, word, *weight))
    });
    words.take(WORDS_AT_MOST).collect()
}

/// Words of the agencies that exist on a day. A place that all share (the city's own) tells none from another and is
/// left out.
#[must_use]
pub fn agency_words(
    catalogue: &Catalogue,
    register: &Register,
    regions: &[Region],
    today: NaiveDate,
) -> Vec<Word> {
    let mut words = Vec::new();
    for agency in register.all().filter(|a| a.exists_on(today)) {
        for line in &agency.competence {
            let answers = |code: &str, parent: Option<&str>| {
                line.categories.iter().any(|c| c == code || Some(c.as_str()) == parent)
            };
            let categories = catalogue.categories.iter();
            for category in categories.filter(|c| answers(&c.code, c.parent.as_deref())) {
                let keywords = category.keywords.iter();
                words.extend(keywords.map(|(word, weight)| said(agency.code.as_str(), word, *weight)));
            }
            let own = regions.iter().filter(|r| r.code.is_within(&line.region) && !citywide(&line.region));
            words.extend(own.map(|r| Word {
                label: agency.code.to_string(),
                word: r.name.clone(),
                weight: PLACE_WEIGHT,
            }));
        }
    }
    words.truncate(WORDS_AT_MOST);
    words
}

fn citywide(region: &RegionCode) -> bool {
    region.as_str().ends_with("00") && region.as_str().len() == 6
}

fn said(label: &str, word: &str, weight: i64) -> Word {
    let weight = u32::try_from(weight).unwrap_or(1).max(1);
    Word { label: label.to_owned(), word: word.to_owned(), weight }
}

#[cfg(test)]
mod tests {
    use super::super::{agency::tests::agency, catalogue::Category};
    use super::*;

    #[test]
    fn an_agency_is_known_by_what_it_answers_for_and_by_its_own_place_alone() {
        let category = |code: &str, word: &str| Category {
            code: code.to_owned(),
            parent: code.split_once('.').map(|(p, _)| p.to_owned()),
            name_zh: code.to_owned(),
            name_en: code.to_owned(),
            usual_level: None,
            route: None,
            service_request: false,
            keywords: vec![(word.to_owned(), 5)],
        };
        let categories = vec![category("labour.wages", "拖欠工资"), category("urban.noise", "噪音")];
        let catalogue = Catalogue { version: "t".to_owned(), valid_from: None, categories };
        let region =
            |code: &str, name: &str| Region { code: code.parse().expect("region"), name: name.to_owned() };
        let regions = [region("990102", "清岩县"), region("990102002", "槐桥镇"), region("990101", "明湖区")];
        let register = Register::new([
            agency("renshe", None, "990100", &["labour"]),
            agency("qyrenshe", Some("renshe"), "990102", &["labour.wages"]),
        ]);
        let today = "2026-08-03".parse().expect("date");
        let words = agency_words(&catalogue, &register, &regions, today);
        let of = |label: &str| -> Vec<&str> {
            words.iter().filter(|w| w.label == label).map(|w| w.word.as_str()).collect()
        };
        assert_eq!(of("renshe"), ["拖欠工资"]);
        assert_eq!(of("qyrenshe"), ["拖欠工资", "清岩县", "槐桥镇"]);
        assert_eq!(category_words(&catalogue).len(), 2);
    }
}
