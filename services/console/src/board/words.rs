//! Words of the index: every pair of neighbouring characters, as hexadecimal, so that Chinese is found
//! without a dictionary and both databases take the words alike.

use std::fmt::Write as _;

/// Characters of a masked text that are indexed; what follows is not found.
const INDEXED_MAX: usize = 8_000;
/// Characters of a query that count.
const QUERY_MAX: usize = 60;

/// The words of a text, in order, separated by spaces.
#[must_use]
pub fn of_text(text: &str) -> String {
    words(text, INDEXED_MAX).join(" ")
}

/// The words that a query asks for, each once; none when it has no two neighbouring characters.
#[must_use]
pub fn of_query(query: &str) -> Option<String> {
    let mut words = words(query, QUERY_MAX);
    words.sort_unstable();
    words.dedup();
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

fn words(text: &str, most: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut last: Option<char> = None;
    for c in text.chars().take(most).flat_map(char::to_lowercase) {
        if !c.is_alphanumeric() {
            last = None;
            continue;
        }
        if let Some(before) = last {
            let mut word = String::with_capacity(12);
            // Cannot fail: a String takes everything.
            let _ = write!(word, "x{:x}x{:x}", u32::from(before), u32::from(c));
            words.push(word);
        }
        last = Some(c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_characters_make_a_word_and_marks_part_them() {
        assert_eq!(of_text("拖欠工资").split(' ').count(), 3);
        assert_eq!(of_text("欠 薪"), "", "no neighbours");
        assert_eq!(of_text("■王"), "", "a masked name joins nothing");
        assert_eq!(of_text("AB"), of_text("ab"));
    }

    #[test]
    fn a_query_asks_for_each_word_once_and_for_nothing_when_it_has_none() {
        assert_eq!(of_query("哈哈哈"), Some("x54c8x54c8".into()));
        assert_eq!(of_query("工"), None);
        assert_eq!(of_query("\"*OR"), of_query("or"));
    }
}
