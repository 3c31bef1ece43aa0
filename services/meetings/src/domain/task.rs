//! 交办单: what a resolution gives an agency, reported and checked (Art. 12; domain.md 2.3). Pure.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use contracts::{
    codes::{ResolutionTaskRole, ResolutionTaskState, ResolutionTaskVerdict, SendBackReason, TaskChecker},
    meetings::{TaskCheckedV1, TaskDispatchV1, TaskIssuedV1, TaskOverdueV1, TaskReceivedV1, TaskReportedV1},
};
use kernel::{
    AgencyCode, AgendaItemId, ContentId, MatterId, MeetingId, Refusal, ResolutionId, ResolutionTaskId,
    UnixMillis, civil_midnight,
};

use crate::error;

/// The longest time for another report, in days from today.
const DAYS_AT_MOST: i64 = 365;

/// One task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: ResolutionTaskId,
    /// Changes so far.
    pub version: i64,
    /// Its resolution.
    pub resolution_id: ResolutionId,
    /// 信议 number.
    pub document_number: String,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The item.
    pub item_id: AgendaItemId,
    /// The matter.
    pub matter_id: MatterId,
    /// Who must.
    pub agency: AgencyCode,
    /// Lead or assisting.
    pub role: ResolutionTaskRole,
    /// 责任单位
    pub lead: AgencyCode,
    /// What is to be done.
    pub action: String,
    /// By when it reports now.
    pub due_on: NaiveDate,
    /// Who checks.
    pub checker: TaskChecker,
    /// Its state.
    pub state: ResolutionTaskState,
    /// The days so far, by the code word of the state.
    pub days: BTreeMap<String, NaiveDate>,
    /// Reports, the oldest first.
    pub reports: Vec<(NaiveDate, ContentId)>,
    /// Why the last report was sent back.
    pub sent_back: Option<SendBackReason>,
    /// The first day after the due date that passed without a report.
    pub overdue_on: Option<NaiveDate>,
    /// When the date that runs has passed; none when a report is there or it has rung.
    pub fires_at: Option<UnixMillis>,
}

/// A step that an agency stated: the day, and whether the office recorded it from a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The day on its paper.
    pub on: NaiveDate,
    /// Recorded by the office.
    pub on_behalf: bool,
}

fn after(due_on: NaiveDate) -> NaiveDate {
    due_on.checked_add_days(Days::new(1)).unwrap_or(due_on)
}

impl Task {
    /// Sets the date that a report is owed by.
    pub fn run_until(&mut self, due_on: NaiveDate) {
        self.due_on = due_on;
        self.fires_at = Some(civil_midnight(after(due_on)));
    }

    /// Whether something is still to be done about it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, ResolutionTaskState::Done | ResolutionTaskState::Withdrawn)
    }

    fn reach(&mut self, state: ResolutionTaskState, on: NaiveDate) {
        self.state = state;
        self.days.insert(state.code().to_owned(), on);
        self.version += 1;
    }

    /// A stated day, within what the office itself saw.
    fn clamped(&self, stated: NaiveDate, today: NaiveDate) -> NaiveDate {
        let issued = self.days.get(ResolutionTaskState::Issued.code()).copied().unwrap_or(today);
        stated.clamp(issued.min(today), today)
    }

    /// The fact and the letter of a new task.
    #[must_use]
    pub fn issued(&self, on: NaiveDate) -> (TaskIssuedV1, TaskDispatchV1) {
        let (task_id, resolution_id) = (self.id, self.resolution_id);
        let (meeting_id, item_id, matter_id) = (self.meeting_id, self.item_id, self.matter_id);
        let (role, due_on, checker) = (self.role, self.due_on, self.checker);
        let fact = TaskIssuedV1 {
            task_id,
            resolution_id,
            meeting_id,
            item_id,
            matter_id,
            agency: self.agency.clone(),
            role,
            due_on,
            checker,
            document_number: self.document_number.clone(),
            issued_on: on,
        };
        let letter = TaskDispatchV1 {
            task_id,
            resolution_id,
            meeting_id,
            item_id,
            matter_id,
            agency: self.agency.clone(),
            role,
            lead: self.lead.clone(),
            due_on,
            checker,
            document_number: self.document_number.clone(),
            issued_on: on,
        };
        (fact, letter)
    }

    /// 签收. One that was taken back, or has a report, stays as it is.
    pub fn receive(&mut self, stated: Stated, today: NaiveDate) -> TaskReceivedV1 {
        let on = self.clamped(stated.on, today);
        if self.state == ResolutionTaskState::Issued {
            self.reach(ResolutionTaskState::Received, on);
        }
        TaskReceivedV1 {
            task_id: self.id,
            matter_id: self.matter_id,
            agency: self.agency.clone(),
            received_on: on,
            on_behalf: stated.on_behalf,
        }
    }

    /// 报告. It is kept also when the task was taken back while it was on its way.
    pub fn report(&mut self, stated: Stated, paper: ContentId, today: NaiveDate) -> TaskReportedV1 {
        let on = self.clamped(stated.on, today);
        self.reports.push((on, paper));
        if self.is_open() {
            (self.sent_back, self.fires_at) = (None, None);
            self.reach(ResolutionTaskState::Reported, on);
        } else {
            self.version += 1;
        }
        TaskReportedV1 {
            task_id: self.id,
            matter_id: self.matter_id,
            agency: self.agency.clone(),
            content_id: paper,
            reported_on: on,
            late: on > self.due_on,
            on_behalf: stated.on_behalf,
        }
    }

    /// The due date passed without a report (Art. 12). Once per date, never early.
    pub fn ring(&mut self, now: UnixMillis) -> Option<TaskOverdueV1> {
        let fires_at = self.fires_at?;
        if now < fires_at || !self.is_open() {
            return None;
        }
        let overdue_on = after(self.due_on);
        (self.fires_at, self.overdue_on) = (None, Some(overdue_on));
        self.version += 1;
        Some(TaskOverdueV1 {
            task_id: self.id,
            resolution_id: self.resolution_id,
            matter_id: self.matter_id,
            agency: self.agency.clone(),
            due_on: self.due_on,
            overdue_on,
        })
    }

    /// Refuses a writer who saw an older version.
    ///
    /// # Errors
    /// `conference_stale`.
    pub fn expect_version(&self, expected: i64) -> Result<(), Refusal> {
        if self.version == expected {
            return Ok(());
        }
        Err(error::STALE.refuse().at("expected_version").with("found", self.version))
    }

    /// 核验: done, or sent back with a reason and another day.
    ///
    /// # Errors
    /// `resolution_task_wrong_state`, `task_send_back_incomplete`, `resolution_due_out_of_range`.
    pub fn check(
        &mut self,
        verdict: ResolutionTaskVerdict,
        (reason, due_on): (Option<SendBackReason>, Option<NaiveDate>),
        today: NaiveDate,
    ) -> Result<TaskCheckedV1, Refusal> {
        if self.state != ResolutionTaskState::Reported {
            return Err(error::TASK_WRONG_STATE.refuse().when(self.state.code(), "check_task"));
        }
        match verdict {
            ResolutionTaskVerdict::Done => {
                self.reach(ResolutionTaskState::Done, today);
                Ok(self.checked(verdict, None, None, today))
            }
            ResolutionTaskVerdict::SendBack => {
                let incomplete = |field: &str| error::SEND_BACK_INCOMPLETE.refuse().at(field);
                let reason = reason.ok_or_else(|| incomplete("reason"))?;
                let due_on = due_on.ok_or_else(|| incomplete("due_on"))?;
                if due_on <= today || (due_on - today).num_days() > DAYS_AT_MOST {
                    return Err(error::DUE_OUT_OF_RANGE.refuse().at("due_on"));
                }
                self.sent_back = Some(reason);
                self.overdue_on = None;
                self.run_until(due_on);
                self.reach(ResolutionTaskState::SentBack, today);
                Ok(self.checked(verdict, Some(reason), Some(due_on), today))
            }
            // A task is taken back with its resolution alone.
            ResolutionTaskVerdict::Withdraw => {
                Err(error::TASK_WRONG_STATE.refuse().when(self.state.code(), "withdraw_task"))
            }
        }
    }

    /// 撤销, because the resolution could not be carried out. `None` when it had ended.
    pub fn withdraw(&mut self, today: NaiveDate) -> Option<TaskCheckedV1> {
        if !self.is_open() {
            return None;
        }
        self.fires_at = None;
        self.reach(ResolutionTaskState::Withdrawn, today);
        Some(self.checked(ResolutionTaskVerdict::Withdraw, None, None, today))
    }

    fn checked(
        &self,
        verdict: ResolutionTaskVerdict,
        reason: Option<SendBackReason>,
        due_on: Option<NaiveDate>,
        on: NaiveDate,
    ) -> TaskCheckedV1 {
        TaskCheckedV1 {
            task_id: self.id,
            matter_id: self.matter_id,
            agency: self.agency.clone(),
            verdict,
            reason,
            due_on,
            checked_on: on,
        }
    }
}
