//! 部门职责: what ordinary departments answer for, by the words of their names. It stands in where an office has no
//! catalogue of its own for a label, so that a department with a handful of confirmed matters is found all the same.

use crate::words::Word;

/// `words of a name = words of its matters`, a department a line.
const DUTIES: &str = include_str!("../data/duties.txt");

/// Words that speak for labels named after a department; the first line that fits a label is its own.
#[must_use]
pub fn duties(labels: &[String], known: &[Word]) -> Vec<Word> {
    let without = labels.iter().filter(|label| !known.iter().any(|word| word.label == **label));
    without.flat_map(|label| of_label(label)).collect()
}

fn of_label(label: &str) -> impl Iterator<Item = Word> {
    let matters = departments().find(|(names, _)| names.split('|').any(|name| label.contains(name)));
    let words = matters.map(|(_, words)| words.split_whitespace()).into_iter().flatten();
    words.map(|word| Word { label: label.to_owned(), word: word.to_owned(), weight: 1 })
}

fn departments() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = DUTIES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(names, words)| (names.trim(), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_named_after_a_department_has_its_words_unless_the_catalogue_has_some() {
        let labels = ["市级:教育局", "商州区", "交警支队"].map(str::to_owned);
        let own = Word { label: "交警支队".into(), word: "闯红灯".into(), weight: 3 };
        let words = duties(&labels, &[own]);
        assert!(words.iter().any(|w| w.label == "市级:教育局" && w.word == "幼儿园"));
        assert!(words.iter().all(|w| w.label == "市级:教育局"), "a place and a label with words have none");
    }

    #[test]
    fn every_line_names_a_department_and_words_of_two_characters_and_more() {
        assert!(departments().count() > 20);
        for (names, words) in departments() {
            assert!(!names.is_empty() && words.split_whitespace().all(|w| w.chars().count() >= 2), "{names}");
        }
        let lines = DUTIES.lines().filter(|l| !l.starts_with('#'));
        assert_eq!(lines.count(), departments().count(), "a line without `=`");
    }
}
