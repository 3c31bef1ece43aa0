//! Named checks that components set: the relay, the bus, a database. A process is ready when every
//! check passes; a check that was only registered counts as starting and does not pass.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use crate::mask::masked;

/// The longest reason kept, in characters.
pub const REASON_MAX: usize = 200;

/// The state of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// Registered, not decided yet.
    Starting,
    /// In order.
    Passing,
    /// Out of order, and why; never personal data.
    Failing(String),
}

impl fmt::Display for CheckState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starting => f.write_str("starting"),
            Self::Passing => f.write_str("passing"),
            Self::Failing(reason) => write!(f, "failing: {reason}"),
        }
    }
}

/// The checks of a process; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Health {
    checks: Arc<RwLock<BTreeMap<String, CheckState>>>,
}

impl Health {
    /// No checks: ready at once.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a check, named `<service>.<part>` (`intake.relay`, `bus`), in state starting. A name
    /// that exists keeps its state: a component that starts again takes up its own check.
    #[must_use]
    pub fn check(&self, name: &str) -> Check {
        self.write(|checks| {
            checks.entry(name.to_owned()).or_insert(CheckState::Starting);
        });
        Check { health: self.clone(), name: name.to_owned() }
    }

    /// Every check with its state, by name.
    #[must_use]
    pub fn report(&self) -> Vec<(String, CheckState)> {
        let checks = self.checks.read().unwrap_or_else(PoisonError::into_inner);
        checks.iter().map(|(name, state)| (name.clone(), state.clone())).collect()
    }

    /// The checks that do not pass, by name.
    #[must_use]
    pub fn not_passing(&self) -> Vec<(String, CheckState)> {
        self.report().into_iter().filter(|(_, state)| *state != CheckState::Passing).collect()
    }

    /// Whether every check passes.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.not_passing().is_empty()
    }

    fn write<T>(&self, change: impl FnOnce(&mut BTreeMap<String, CheckState>) -> T) -> T {
        change(&mut self.checks.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One check, held by the component that answers for it.
#[derive(Clone, Debug)]
pub struct Check {
    health: Health,
    name: String,
}

impl Check {
    /// In order.
    pub fn pass(&self) {
        if self.set(&CheckState::Passing) {
            tracing::info!(check = %self.name, "check passes");
        }
    }

    /// Out of order, with a reason for the operator; never personal data.
    pub fn fail(&self, reason: &str) {
        let first_line = reason.lines().next().unwrap_or_default();
        let kept: String = masked(first_line).chars().take(REASON_MAX).collect();
        if self.set(&CheckState::Failing(kept.clone())) {
            tracing::warn!(check = %self.name, reason = %kept, "check fails");
        }
    }

    /// Its state.
    #[must_use]
    pub fn state(&self) -> CheckState {
        let checks = self.health.checks.read().unwrap_or_else(PoisonError::into_inner);
        checks.get(&self.name).cloned().unwrap_or(CheckState::Starting)
    }

    /// Removes the check: its component has ended on purpose.
    pub fn retire(self) {
        self.health.write(|checks| {
            checks.remove(&self.name);
        });
    }

    /// Sets the state; whether the kind of state changed, so that a flapping reason logs once.
    fn set(&self, state: &CheckState) -> bool {
        self.health.write(|checks| {
            let before = checks.insert(self.name.clone(), state.clone());
            before.is_none_or(|b| std::mem::discriminant(&b) != std::mem::discriminant(state))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_ready_when_every_check_passes() {
        let health = Health::new();
        assert!(health.is_ready());
        let (bus, db) = (health.check("bus"), health.check("intake.db"));
        assert!(!health.is_ready(), "a check that is only registered does not pass");
        bus.pass();
        db.fail("disk full\nsecond line");
        assert_eq!(
            health.not_passing(),
            vec![("intake.db".to_owned(), CheckState::Failing("disk full".to_owned()))]
        );
        db.pass();
        assert!(health.is_ready());
    }

    #[test]
    fn a_component_that_starts_again_takes_up_its_check() {
        let health = Health::new();
        health.check("bus").pass();
        assert_eq!(health.check("bus").state(), CheckState::Passing);
        health.check("bus").retire();
        assert!(health.report().is_empty());
    }

    #[test]
    fn a_reason_is_short_and_masked() {
        let health = Health::new();
        let check = health.check("db");
        check.fail(&format!("duplicate key 13800138000 {}", "x".repeat(500)));
        let CheckState::Failing(reason) = check.state() else { panic!("failing") };
        assert!(reason.contains("138********") && reason.chars().count() == REASON_MAX, "{reason}");
    }
}
