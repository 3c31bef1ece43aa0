//! What people type into number fields, in one form.

/// Full-width forms become half-width, letters upper-case; spaces, hyphens and dashes fall away.
#[must_use]
pub fn folded(typed: &str) -> String {
    typed.chars().filter_map(fold).collect()
}

/// One letter in that form; `None` for what falls away.
#[must_use]
pub fn fold(typed: char) -> Option<char> {
    let half = match typed {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(typed) - 0xfee0).unwrap_or(typed),
        other => other,
    };
    let joint = half.is_whitespace()
        || matches!(half, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200d}' | '\u{feff}');
    (!joint).then(|| half.to_ascii_uppercase())
}

/// Whether the text is digits alone, at least one.
#[must_use]
pub fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_forms_become_one() {
        assert_eq!(folded(" １３８-0000 0000"), "13800000000");
        assert_eq!(folded("99000019851230002x"), "99000019851230002X");
        assert!(all_digits("019") && !all_digits("") && !all_digits("1a"));
    }
}
