//! 承办件: one task of the agency, and how what happens changes it.

use std::collections::BTreeMap;

use calendar::RuleId;
use chrono::NaiveDate;
use contracts::{
    Due,
    agency::{
        ClaimOutcome,
        commands::{CoPart, PaperKind, TaskRuling},
    },
    codes::{AssignmentRole, AssignmentState, CloseCode},
    routing::AssignmentDispatchV1,
};
use kernel::{AssignmentId, ContentId, EventId, MatterId, OpinionId, Refusal};

use super::happening::Happening;
use crate::error;

/// Open tasks in which no limit runs come after those with one, closed tasks last of all.
const NO_LIMIT: NaiveDate = civil(9999, 12, 30);
const ENDED: NaiveDate = civil(9999, 12, 31);

/// The day of an extension among the days of a task, whose state it does not change.
const EXTENDED: &str = "extended";

const fn civil(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MAX,
    }
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What the office dispatched, word by word.
    pub dispatch: AssignmentDispatchV1,
    /// The dispatch's message: the cause of every return.
    pub dispatched_by: EventId,
    /// Counts what happened, from 1; guards against writers who saw less.
    pub version: i64,
    /// Its state.
    pub state: AssignmentState,
    /// The days so far, by code word of the state.
    pub days: BTreeMap<String, NaiveDate>,
    /// Limits, running and met.
    pub dues: Vec<Due>,
    /// Papers filed so far.
    pub papers: Vec<(PaperKind, ContentId)>,
    /// The outcomes of its opinion.
    pub outcomes: Vec<ClaimOutcome>,
    /// Its opinion.
    pub opinion_id: Option<OpinionId>,
    /// How it ended.
    pub close_code: Option<CloseCode>,
    /// Why the office took it back.
    pub recall_reason: Option<String>,
    /// The office's last ruling on an objection.
    pub ruling: Option<TaskRuling>,
    /// Of the lead: the parts of the co-agencies.
    pub co: Vec<CoPart>,
    /// Of a 协办件: a draft of the part is kept.
    pub drafted: bool,
}

impl Task {
    /// The assignment.
    #[must_use]
    pub const fn id(&self) -> AssignmentId {
        self.dispatch.assignment_id
    }

    /// The matter.
    #[must_use]
    pub const fn matter_id(&self) -> MatterId {
        self.dispatch.matter_id
    }

    /// Whether something is still owed.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(
            self.state,
            AssignmentState::Closed
                | AssignmentState::Recalled
                | AssignmentState::Returned
                | AssignmentState::Answered
        )
    }

    /// The day of a state that was reached.
    #[must_use]
    pub fn day(&self, state: AssignmentState) -> Option<NaiveDate> {
        self.days.get(state.code()).copied()
    }

    /// The latest day so far: a new step is not before it.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        self.days.values().copied().max().unwrap_or(self.dispatch.sent_on)
    }

    /// The day it came into the unit's inbox.
    #[must_use]
    pub fn delivered_on(&self) -> NaiveDate {
        self.day(AssignmentState::Delivered).unwrap_or(self.dispatch.sent_on)
    }

    /// The refusal of an event that the state forbids.
    #[must_use]
    pub fn forbids(&self, event: &str) -> Refusal {
        error::TASK_WRONG_STATE.refuse().when(self.state.code(), event)
    }

    /// Refuses every step on a task that the office took back.
    ///
    /// # Errors
    /// `task_recalled`, with the office's reason.
    pub fn expect_not_recalled(&self, event: &str) -> Result<(), Refusal> {
        if self.state != AssignmentState::Recalled {
            return Ok(());
        }
        let reason = self.recall_reason.as_deref().unwrap_or("other");
        Err(error::TASK_RECALLED.refuse().when(self.state.code(), event).with("reason", reason))
    }

    /// Refuses the steps of the other role: the lead tells and answers the petitioner, a co-agency gives its part.
    ///
    /// # Errors
    /// `co_task`, `lead_task`.
    pub fn expect_role(&self, of: &[AssignmentRole], event: &str) -> Result<(), Refusal> {
        if of.contains(&self.dispatch.role) {
            return Ok(());
        }
        match &self.dispatch.lead {
            Some(lead) => Err(error::CO_TASK.refuse().when(self.state.code(), event).with("lead", lead)),
            None => Err(error::LEAD_TASK.refuse().when(self.state.code(), event)),
        }
    }

    /// Refuses a writer who saw an older version.
    ///
    /// # Errors
    /// `task_stale`.
    pub fn expect_version(&self, expected: i64) -> Result<(), Refusal> {
        if self.version == expected {
            return Ok(());
        }
        Err(error::TASK_STALE.refuse().at("expected_version").with("found", self.version))
    }

    /// Changes the task by what happened.
    pub fn apply(&mut self, happening: &Happening) {
        if let Some(state) = happening.state() {
            self.state = state;
            self.days.insert(state.code().to_owned(), happening.on());
        }
        if let Some((kind, filed)) = happening.paper() {
            self.papers.push((kind, filed.content_id));
        }
        match happening {
            Happening::Signed { .. } | Happening::Objected { .. } => {}
            Happening::Accepted { dues, .. } | Happening::Served { dues, .. } => {
                self.dues.extend_from_slice(dues);
            }
            Happening::Extended { on, due, .. } => {
                self.days.insert(EXTENDED.to_owned(), *on);
                self.dues.iter_mut().filter(|old| old.rule == due.rule).for_each(|old| old.clone_from(due));
            }
            Happening::OpinionIssued { opinion_id, outcomes, .. } => {
                self.opinion_id = Some(*opinion_id);
                self.outcomes.clone_from(outcomes);
            }
            Happening::CoAnswered { outcomes, .. } => {
                self.outcomes.clone_from(outcomes);
                self.drafted = false;
            }
            Happening::Completed { close_code, .. } => self.close_code = Some(*close_code),
        }
        self.version += 1;
    }

    /// What the list is ordered by: the earliest limit of this unit that still runs.
    #[must_use]
    pub fn sort_on(&self) -> NaiveDate {
        if !self.is_open() {
            return ENDED;
        }
        let runs = |rule: RuleId| match rule {
            // T04 is the right to object, owed by a unit that is not competent; it does not order the list.
            // An objection does not stop it (domain.md 1.5, trap c).
            RuleId::T03 => matches!(
                self.state,
                AssignmentState::Delivered | AssignmentState::Signed | AssignmentState::Objected
            ),
            RuleId::T05 => true,
            RuleId::T06 => self.state == AssignmentState::Accepted,
            _ => false,
        };
        self.dues.iter().filter(|due| runs(due.rule)).map(|due| due.nominal_on).min().unwrap_or(NO_LIMIT)
    }
}
