//! What a person writes into a paper: owed, bounded, storable.

use kernel::Refusal;

use crate::error;

/// Checks an owed text and gives it back without the blanks around it.
///
/// # Errors
/// `paper_field_owed`, `paper_field_too_long`, `paper_field_unreadable`.
pub fn owed(text: &str, most: usize, field: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(error::TEXT_OWED.refuse().at(field));
    }
    bounded(text, most, field)
}

/// Checks a text that may be empty.
///
/// # Errors
/// `paper_field_too_long`, `paper_field_unreadable`.
pub fn bounded(text: &str, most: usize, field: &str) -> Result<String, Refusal> {
    // PostgreSQL stores no NUL.
    if text.contains('\0') {
        return Err(error::TEXT_UNREADABLE.refuse().at(field));
    }
    if text.chars().count() > most {
        return Err(error::TEXT_TOO_LONG.refuse().at(field).with("most", most));
    }
    Ok(text.to_owned())
}

/// Checks a text of one line: a post, a room.
///
/// # Errors
/// `paper_field_too_long`, `paper_field_unreadable`.
pub fn line(text: &str, most: usize, field: &str) -> Result<String, Refusal> {
    if text.chars().any(char::is_control) {
        return Err(error::TEXT_UNREADABLE.refuse().at(field));
    }
    bounded(text, most, field)
}

/// Whether a text holds what can be the number of a citizen's identity card (GB 11643): 17 digits with a
/// possible date of birth, and a digit or X. A postal number is shorter or fits no date.
#[must_use]
pub fn holds_citizen_id(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(18).any(|window| {
        let number: String = window.iter().collect();
        let (Some(digits), Some(last)) = (number.get(..17), number.get(17..)) else { return false };
        let birth = number.get(6..14).unwrap_or_default();
        digits.bytes().all(|b| b.is_ascii_digit())
            && matches!(last, "X" | "x" | "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9")
            && chrono::NaiveDate::parse_from_str(birth, "%Y%m%d").is_ok()
            && matches!(birth.get(..2), Some("19" | "20"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owed_text_is_there_fits_and_can_be_stored() {
        assert_eq!(owed("  云岭 ", 2, "facts"), Ok("云岭".to_owned()));
        for (text, code) in [
            (" \n ", "paper_field_owed"),
            ("云岭市", "paper_field_too_long"),
            ("a\0", "paper_field_unreadable"),
        ] {
            let refusal = owed(text, 2, "facts").expect_err("refused");
            assert_eq!((refusal.code.as_ref(), refusal.field.as_deref()), (code, Some("facts")));
        }
    }

    #[test]
    fn an_identity_number_is_seen_and_a_postal_number_is_not() {
        assert!(holds_citizen_id("本人签收 990000199001010017"));
        assert!(holds_citizen_id("证件99000019851230002X，同住家属代收"));
        for fine in ["EMS 1234567890123", "快递单号 990000198513300021", "12345678901234567890", "本人签收"]
        {
            assert!(!holds_citizen_id(fine), "{fine}");
        }
    }
}
