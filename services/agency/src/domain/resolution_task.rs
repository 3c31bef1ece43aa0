//! 交办单 at the agency: received, reported on, and reported anew when the office sends a report back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    codes::{ResolutionTaskState as State, ResolutionTaskVerdict, SendBackReason},
    meetings::{TaskDispatchV1, TaskVerdictDispatchV1},
};
use kernel::{ContentId, EventId, Refusal};

use crate::error;

/// One task of a resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolutionTask {
    /// What the office dispatched.
    pub dispatch: TaskDispatchV1,
    /// The dispatch: the cause of every return.
    pub dispatched_by: EventId,
    /// Changes so far.
    pub version: i64,
    /// Its state.
    pub state: State,
    /// By when a report is owed now.
    pub due_on: NaiveDate,
    /// The days so far, by the code word of the state.
    pub days: BTreeMap<String, NaiveDate>,
    /// Why the last report was sent back.
    pub sent_back: Option<SendBackReason>,
    /// Reports so far, oldest first.
    pub reports: Vec<ContentId>,
}

impl ResolutionTask {
    /// A task as it comes in.
    #[must_use]
    pub fn issued(dispatch: TaskDispatchV1, dispatched_by: EventId) -> Self {
        let state = State::Issued;
        Self {
            dispatched_by,
            version: 1,
            state,
            due_on: dispatch.due_on,
            days: BTreeMap::from([(state.code().to_owned(), dispatch.issued_on)]),
            sent_back: None,
            reports: Vec::new(),
            dispatch,
        }
    }

    /// Whether something is still to be done about it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, State::Done | State::Withdrawn)
    }

    /// Which round of reporting it is in: one paper each.
    #[must_use]
    pub fn round(&self) -> String {
        format!("{}/{}", self.dispatch.task_id, self.reports.len() + 1)
    }

    /// Refuses a writer who saw an older version.
    ///
    /// # Errors
    /// `received_task_stale`.
    pub fn expect_version(&self, expected: i64) -> Result<(), Refusal> {
        if self.version == expected {
            return Ok(());
        }
        Err(error::RESOLUTION_TASK_STALE.refuse().at("expected_version").with("found", self.version))
    }

    fn expect(&self, from: &[State], event: &str) -> Result<(), Refusal> {
        if from.contains(&self.state) {
            return Ok(());
        }
        Err(error::RESOLUTION_TASK_WRONG_STATE.refuse().when(self.state.code(), event))
    }

    fn reach(&mut self, state: State, on: NaiveDate) {
        self.state = state;
        self.days.insert(state.code().to_owned(), on);
        self.version += 1;
    }

    /// 签收
    ///
    /// # Errors
    /// `received_task_wrong_state`.
    pub fn receive(&mut self, today: NaiveDate) -> Result<(), Refusal> {
        self.expect(&[State::Issued], "receive_resolution_task")?;
        self.reach(State::Received, today);
        Ok(())
    }

    /// Whether it may be reported on now.
    ///
    /// # Errors
    /// `received_task_wrong_state`.
    pub fn may_report(&self) -> Result<(), Refusal> {
        self.expect(&[State::Issued, State::Received, State::SentBack], "report_resolution_task")
    }

    /// 报告, with its paper.
    ///
    /// # Errors
    /// `received_task_wrong_state`.
    pub fn report(&mut self, paper: ContentId, today: NaiveDate) -> Result<(), Refusal> {
        self.may_report()?;
        self.reports.push(paper);
        self.sent_back = None;
        self.reach(State::Reported, today);
        Ok(())
    }

    /// What the office says of it; says whether it fits.
    #[must_use]
    pub fn judged(&mut self, verdict: &TaskVerdictDispatchV1) -> bool {
        match (verdict.verdict, verdict.due_on) {
            (ResolutionTaskVerdict::Withdraw, _) if self.is_open() => {
                self.reach(State::Withdrawn, verdict.checked_on);
            }
            (ResolutionTaskVerdict::Done, _) if self.state == State::Reported => {
                self.reach(State::Done, verdict.checked_on);
            }
            (ResolutionTaskVerdict::SendBack, Some(due_on)) if self.state == State::Reported => {
                (self.due_on, self.sent_back) = (due_on, verdict.reason);
                self.reach(State::SentBack, verdict.checked_on);
            }
            _ => return false,
        }
        true
    }
}
