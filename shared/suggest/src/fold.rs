//! One spelling of a text: simplified characters, half width, lower case, digits alike, marks as one break.

use std::sync::OnceLock;

/// Stands for whatever parts words: white space, punctuation, line ends.
pub const BREAK: u16 = 0x20;
/// Stands for every digit: numbers of houses and files teach nothing.
const DIGIT: u16 = 0x30;
/// Stands for every character beyond the basic plane.
const RARE: u16 = 0x3013;
const PLANE: usize = 0x1_0000;

/// Pairs of a traditional and a simplified character, see `data/NOTICE`.
const PAIRS: &str = include_str!("../data/simplified.txt");

fn table() -> &'static [u16] {
    static TABLE: OnceLock<Vec<u16>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut simplified: Vec<u16> = (0..=u16::MAX).collect();
        for line in PAIRS.lines().filter(|line| !line.starts_with('#')) {
            let mut chars = line.chars();
            while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
                if let (Some(slot), Ok(to)) =
                    (simplified.get_mut(from as usize), u16::try_from(u32::from(to)))
                {
                    *slot = to;
                }
            }
        }
        let one = |code: u32| char::from_u32(code).map_or(BREAK, |c| plain(c, &simplified));
        (0..PLANE).map(|code| one(u32::try_from(code).unwrap_or(0x20))).collect()
    })
}

fn plain(c: char, simplified: &[u16]) -> u16 {
    let narrow = match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    if narrow.is_numeric() && !is_han(narrow) {
        DIGIT
    } else if narrow.is_alphabetic() {
        let lower = narrow.to_lowercase().next().unwrap_or(narrow);
        simplified.get(lower as usize).copied().unwrap_or(RARE)
    } else {
        BREAK
    }
}

const fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x3007)
}

/// The folded character.
#[must_use]
pub fn fold_char(c: char) -> u16 {
    table().get(c as usize).copied().unwrap_or(RARE)
}

/// The folded character; digits stay apart, for texts that must not be taken for one another.
#[must_use]
pub fn fold_exactly(c: char) -> u16 {
    match (fold_char(c), c) {
        (DIGIT, '0'..='9') => c as u16,
        (DIGIT, '０'..='９') => u16::try_from(u32::from(c) - 0xFEE0).unwrap_or(DIGIT),
        (unit, _) => unit,
    }
}

/// Folds a text into `out`, which is emptied first; breaks are never doubled, first or last.
pub fn fold_into(text: &str, out: &mut Vec<u16>) {
    out.clear();
    let table = table();
    let mut broken = true;
    for c in text.chars() {
        let unit = table.get(c as usize).copied().unwrap_or(RARE);
        if unit == BREAK {
            if !broken {
                out.push(BREAK);
            }
            broken = true;
        } else {
            out.push(unit);
            broken = false;
        }
    }
    if out.last() == Some(&BREAK) {
        out.pop();
    }
}

/// The folded text as a string, for people and tests.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut units = Vec::new();
    fold_into(text, &mut units);
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_scripts_widths_and_cases_are_one() {
        assert_eq!(folded("東風縣ＡＢＣ小區，拖欠工資！"), folded("东风县abc小区 拖欠工资"));
        assert_eq!(folded("12号楼3层"), "00号楼0层");
        assert_eq!(folded("  一，、二 \n "), "一 二");
        assert_eq!(folded("𠮷"), "〓");
        assert_eq!(folded(""), "");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["臺灣後面的髮廊", "A1區,７樓", "乾坤", "１２ab　c"] {
            assert_eq!(folded(&folded(text)), folded(text));
        }
    }
}
