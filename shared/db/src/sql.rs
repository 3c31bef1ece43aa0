//! One statement, in the dialect of each database.

/// A statement with numbered placeholders `$1`, `$2`, … Services keep theirs in `store/sql.rs` with a
/// list `ALL`, which a test prepares on both databases.
#[derive(Debug)]
pub struct Sql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
    pub(crate) params: usize,
}

impl Sql {
    /// One text for both databases: the rule.
    #[must_use]
    pub const fn same(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text, params: count(text) }
    }

    /// A text for each: the exception, with a comment that says why. Does not compile when the two
    /// take different parameters.
    #[must_use]
    pub const fn split(sqlite: &'static str, postgres: &'static str) -> Self {
        assert!(count(sqlite) == count(postgres), "both dialects must take the same parameters");
        Self { sqlite, postgres, params: count(sqlite) }
    }

    /// Tells statements apart: each is a static of its own.
    pub(crate) fn address(&'static self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// How many values the statement takes.
    #[must_use]
    pub const fn params(&self) -> usize {
        self.params
    }

    /// The text that SQLite gets.
    #[must_use]
    pub const fn sqlite(&self) -> &'static str {
        self.sqlite
    }

    /// The text that PostgreSQL gets.
    #[must_use]
    pub const fn postgres(&self) -> &'static str {
        self.postgres
    }
}

/// The highest `$n` in a text.
#[expect(
    clippy::indexing_slicing,
    reason = "const: `get` cannot be called, and the index is below the length"
)]
const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut highest) = (0, 0);
    while at < bytes.len() {
        if bytes[at] != b'$' {
            at += 1;
            continue;
        }
        let mut number = 0;
        at += 1;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            number = number * 10 + (bytes[at] - b'0') as usize;
            at += 1;
        }
        if number > highest {
            highest = number;
        }
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_placeholder_counts() {
        assert_eq!(Sql::same("SELECT $2, $1, $2").params(), 2);
        assert_eq!(Sql::same("SELECT value->>'$.a'").params(), 0);
        assert_eq!(Sql::split("SELECT $12", "SELECT $12 FOR UPDATE").params(), 12);
    }
}
