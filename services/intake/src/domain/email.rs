//! The shape of mail addresses: enough to refuse a slip of the pen; whether one works, a notice shows.

/// Longest address, in bytes (RFC 5321).
const MAX_BYTES: usize = 254;

/// Whether a text can be a mail address: one `@`, something before it, a host with a dot behind it, and nothing
/// that could end a header line.
#[must_use]
pub fn looks_right(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let Some((local, host)) = text.split_once('@') else { return false };
    let labels = || host.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
    text.len() <= MAX_BYTES
        && !local.is_empty()
        && local.chars().all(plain)
        && host.contains('.')
        && labels()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_refused() {
        for good in ["a@b.cn", "luo.gensheng+1@mail.example", "x_y@sub.host.example"] {
            assert!(looks_right(good), "{good}");
        }
        for bad in
            ["", "a", "@b.cn", "a@b", "a@@b.cn", "a b@c.cn", "a@b..cn", "a@b.cn\r\nBcc: x@y.cn", "罗@b.cn"]
        {
            assert!(!looks_right(bad), "{bad}");
        }
        assert!(!looks_right(&format!("{}@b.cn", "a".repeat(254))));
    }
}
