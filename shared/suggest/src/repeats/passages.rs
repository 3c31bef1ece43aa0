//! What two texts say in the same words, side by side.

use rustc_hash::FxHashMap;

use crate::fold::{BREAK, fold_char};

/// Shortest passage shown, in characters without marks.
const SHORTEST: usize = 6;
/// Passages shown with one pair.
const SHOWN_AT_MOST: usize = 5;

/// One passage in both texts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Passage {
    /// As the one says it.
    pub here: String,
    /// As the other does.
    pub there: String,
}

/// Folded characters without marks, and where each stands.
fn letters(text: &str) -> (Vec<u16>, Vec<usize>) {
    text.char_indices().map(|(at, c)| (fold_char(c), at)).filter(|(unit, _)| *unit != BREAK).unzip()
}

fn key(units: &[u16]) -> u64 {
    units.iter().fold(0, |key, unit| crate::grams::mix(key ^ u64::from(*unit)))
}

/// The longest passages that both say, at most five, longest first.
#[must_use]
pub fn shared(here: &str, there: &str) -> Vec<Passage> {
    let ((a, a_at), (b, b_at)) = (letters(here), letters(there));
    let mut starts: FxHashMap<u64, usize> = FxHashMap::default();
    for (at, window) in b.windows(SHORTEST).enumerate() {
        starts.entry(key(window)).or_insert(at);
    }
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(window) = a.get(at..at + SHORTEST) {
        let length = starts.get(&key(window)).map_or(0, |other| {
            let rest = a.iter().skip(at).zip(b.iter().skip(*other));
            let length = rest.take_while(|(x, y)| x == y).count();
            if length >= SHORTEST {
                found.push((length, at, *other));
            }
            length
        });
        at += length.max(1);
    }
    found.sort_by_key(|(length, at, _)| (std::cmp::Reverse(*length), *at));
    let cut = |text: &str, at: &[usize], from: usize, length: usize| {
        let start = at.get(from).copied().unwrap_or_default();
        let last = at.get(from + length - 1).copied().unwrap_or_default();
        let end = text.get(last..).and_then(|rest| rest.chars().next()).map_or(last, |c| last + c.len_utf8());
        text.get(start..end).unwrap_or_default().to_owned()
    };
    let passages = found.into_iter().take(SHOWN_AT_MOST).map(|(length, x, y)| Passage {
        here: cut(here, &a_at, x, length),
        there: cut(there, &b_at, y, length),
    });
    passages.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_quoted_from_each_text_in_its_own_spelling() {
        let passages = shared("您好，东风路的路灯坏了三个月。", "領導：東風路的路燈，壞了三個月！請修");
        assert_eq!(
            passages,
            [Passage {
                here: "东风路的路灯坏了三个月".into(), there: "東風路的路燈，壞了三個月".into()
            }]
        );
    }

    #[test]
    fn texts_without_a_common_passage_show_none() {
        assert_eq!(shared("路灯坏了", "工资没有发"), []);
        assert_eq!(shared("", "工资没有发"), []);
    }
}
