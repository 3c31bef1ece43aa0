//! The shape of telephone numbers, as people write them in the mainland.

use super::digits::all_digits;

/// Longest text taken as a telephone, in characters.
pub const MAX_CHARS: usize = 32;

/// Whether a number in folded form (`super::digits`) looks like one that can be called: a mobile, a fixed
/// line with its area code (and an extension), a service number of 400 or 800, or one from abroad.
#[must_use]
pub fn looks_right(number: &str) -> bool {
    let plain: String = number.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    let (main, extension) = plain.split_once(['转', '*', '#', ',']).unwrap_or((&plain, "0"));
    if !all_digits(extension) || extension.len() > 6 {
        return false;
    }
    let home = main.strip_prefix("+86").or_else(|| main.strip_prefix("0086")).unwrap_or(main);
    if let Some(abroad) = home.strip_prefix('+') {
        return all_digits(abroad) && (7..=15).contains(&abroad.len());
    }
    all_digits(home) && (is_mobile(home) || is_fixed_line(home) || is_service(home))
}

fn is_mobile(number: &str) -> bool {
    number.len() == 11
        && number.starts_with('1')
        && number.as_bytes().get(1).is_some_and(|d| (b'3'..=b'9').contains(d))
}

/// Area codes: 010 and 02x with eight digits behind, 03xx to 09xx with seven or eight; without one seven or
/// eight digits that begin neither with 0 nor with 1.
fn is_fixed_line(number: &str) -> bool {
    match number.as_bytes() {
        [b'0', b'1' | b'2', ..] => number.len() == 11,
        [b'0', b'3'..=b'9', ..] => matches!(number.len(), 11 | 12),
        [b'2'..=b'9', ..] => matches!(number.len(), 7 | 8),
        _ => false,
    }
}

fn is_service(number: &str) -> bool {
    number.len() == 10 && (number.starts_with("400") || number.starts_with("800"))
}

#[cfg(test)]
mod tests {
    use super::{super::digits::folded, *};

    #[test]
    fn numbers_as_people_write_them() {
        for good in [
            "19900990008",
            "138 0000 0000",
            "+86 138-0000-0000",
            "010-12345678",
            "(0599)1234567",
            "0599-12345678转801",
            "4001234567",
            "１３８００００００００",
            "8123456",
            "+852 2345 6789",
        ] {
            assert!(looks_right(&folded(good)), "{good}");
        }
        for odd in [
            "",
            "12345",
            "12800000000",
            "1380000000",
            "138000000000",
            "010-1234567",
            "无",
            "1380000000a",
            "0599-1234567转",
            "+86",
            "转801",
        ] {
            assert!(!looks_right(&folded(odd)), "{odd}");
        }
    }
}
