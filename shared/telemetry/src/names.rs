//! The grammar of names. A name that does not follow it is refused by a test or replaced at run time,
//! so that dashboards can rely on it and nothing personal can hide in a label.
//!
//! - **Spans**: `<service>.<command>`, lower-case words with underscores: `intake.register`,
//!   `console.http`, `agency.apply`. Fields are dotted: `matter.id`, `assignment.id`, `event.type`.
//! - **Metrics**: `lianxi_<noun>_<what>[_<unit>][_total]`; counters end in `_total`, lengths of time
//!   are in seconds.
//! - **Label values**: code words (service, command, outcome, route template), never an id, never
//!   anything a person typed.

/// The first word of every metric.
pub const METRIC_PREFIX: &str = "lianxi";
/// The longest label value, in bytes.
pub const LABEL_MAX: usize = 80;
/// What stands for a label value that breaks the grammar.
pub const INVALID_LABEL: &str = "invalid";
/// The most digits in a row in a label value: a status or a version fits, an id or a telephone not.
const LABEL_DIGITS_MAX: usize = 5;

/// Whether the text is a lower-case word: begins with a letter, then letters, digits, underscores.
#[must_use]
pub fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether the text is a span's name, `<service>.<command>`.
#[must_use]
pub fn is_span_name(text: &str) -> bool {
    text.split_once('.').is_some_and(|(service, command)| is_word(service) && is_word(command))
}

/// Whether the text is a span's or an event's field: dotted words.
#[must_use]
pub fn is_field_name(text: &str) -> bool {
    text.split('.').all(is_word)
}

/// Whether the text is a metric's name, its prefix included.
#[must_use]
pub fn is_metric_name(text: &str) -> bool {
    text.strip_prefix(METRIC_PREFIX).and_then(|t| t.strip_prefix('_')).is_some_and(|rest| {
        is_word(rest) && rest.contains('_') && !rest.contains("__") && !rest.ends_with('_')
    })
}

/// Whether the text may be a label's value.
#[must_use]
pub fn is_label_value(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-./:{}*".contains(c);
    let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    (1..=LABEL_MAX).contains(&text.len()) && text.chars().all(allowed) && longest <= LABEL_DIGITS_MAX
}

/// The text as a label's value: itself, or [`INVALID_LABEL`] when the grammar forbids it.
#[must_use]
pub fn label(text: &str) -> &str {
    if is_label_value(text) { text } else { INVALID_LABEL }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn span_and_field_names_are_lower_case_words() {
        assert!(is_span_name("intake.register") && is_span_name("routing.apply_2"));
        for bad in ["intake", "Intake.register", "intake.", ".register", "a.b.c", "intake.re gister"] {
            assert!(!is_span_name(bad), "{bad}");
        }
        assert!(is_field_name("matter.id") && is_field_name("outcome"));
        assert!(!is_field_name("matter..id") && !is_field_name("信访人"));
    }

    #[test]
    fn metric_names_carry_the_prefix_and_at_least_two_words() {
        assert!(is_metric_name("lianxi_outbox_pending_rows"));
        for bad in ["outbox_pending", "lianxi_rows", "lianxi_outbox__rows", "lianxi_outbox_rows_", "lianxi"] {
            assert!(!is_metric_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_label_holds_code_words_and_nothing_personal() {
        for good in ["register", "GET", "/matters/{id}", "agency/renshe", "503", "routing.evt"] {
            assert_eq!(label(good), good);
        }
        for bad in ["张三", "13800138000", "xf 1", "", "a?b=c", &"x".repeat(LABEL_MAX + 1)] {
            assert_eq!(label(bad), INVALID_LABEL, "{bad}");
        }
    }
}
