//! What a rehearsal found, in words.

use std::fmt;

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// Wrong, and how.
    Failed(String),
    /// The consumer did nothing that could be judged.
    NotSeen(String),
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number, from 1.
    pub number: usize,
    /// What was asked of the consumer.
    pub rule: &'static str,
    /// What came of it.
    pub verdict: Verdict,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, why) = match &self.verdict {
            Verdict::Passed => ("ok  ", String::new()),
            Verdict::Failed(why) => ("WRONG", format!("\n       {why}")),
            Verdict::NotSeen(why) => ("not seen", format!(": {why}")),
        };
        write!(f, "{:>2}. {mark} {}{why}", self.number, self.rule)
    }
}

/// All checks, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Them.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Writes one down.
    pub(super) fn note(&mut self, rule: &'static str, verdict: Verdict) {
        let number = self.findings.len() + 1;
        self.findings.push(Finding { number, rule, verdict });
    }

    /// Writes down what a check came to.
    pub(super) fn judge(&mut self, rule: &'static str, outcome: Result<(), String>) -> bool {
        let passed = outcome.is_ok();
        self.note(rule, outcome.map_or_else(Verdict::Failed, |()| Verdict::Passed));
        passed
    }

    /// How many went wrong.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.findings.iter().filter(|f| matches!(f.verdict, Verdict::Failed(_))).count()
    }
}
