//! 期限义务: a duty with its limit, and the alarms that ring while nobody meets it (domain.md 1.5).

use calendar::RuleId;
use chrono::NaiveDate;
use contracts::{
    Due,
    codes::DutyState,
    supervision::{DutyBreachedV1, DutyWarnedV1},
};
use kernel::{AgencyCode, AssignmentId, MatterId, UnixMillis, civil_midnight};

use super::fact::Fact;

/// One duty of one matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment and the agency that owes it; absent where the office does.
    pub hangs_on: Option<(AssignmentId, AgencyCode)>,
    /// The limit with its working.
    pub due: Due,
    /// Its state.
    pub state: DutyState,
    /// Whether it is still owed: it runs, or it was breached and nobody has met it.
    pub open: bool,
    /// The highest stage warned of, in percent.
    pub warned: Option<i64>,
    /// The first day after the limit, once it passed unmet.
    pub breached_on: Option<NaiveDate>,
    /// The day it was met.
    pub met_on: Option<NaiveDate>,
    /// Changes so far; guards against writers who saw an older one.
    pub version: i64,
}

/// What an alarm rings for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKind {
    /// 预警 at a percentage of the limit.
    Warn(i64),
    /// 逾期: the legal date has passed.
    Breach,
    /// A right ran out unused, which is no breach (T04).
    Lapse,
}

impl AlarmKind {
    /// The word in the store; in the order of ringing, should several ring at one instant.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Warn(stage) => format!("warn_{stage:03}"),
            Self::Breach => "breach".to_owned(),
            Self::Lapse => "lapse".to_owned(),
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "breach" => Some(Self::Breach),
            "lapse" => Some(Self::Lapse),
            _ => code.strip_prefix("warn_").and_then(|stage| stage.parse().ok()).map(Self::Warn),
        }
    }
}

/// A timer: rings at the beginning of a day, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What for.
    pub kind: AlarmKind,
    /// The day at whose beginning it rings.
    pub on: NaiveDate,
}

impl Alarm {
    /// The instant, in Asia/Shanghai: a limit ends at 24:00 of its day.
    #[must_use]
    pub fn at(&self) -> UnixMillis {
        civil_midnight(self.on)
    }
}

/// The alarms of a limit. A provisional one has no breach: its year is not known yet.
#[must_use]
pub fn alarms(due: &Due, stages: &[i64]) -> Vec<Alarm> {
    let after = due.legal_on.succ_opt().unwrap_or(due.legal_on);
    if due.rule == RuleId::T04 {
        // A right to object warns nobody and lapses in silence.
        let lapse = Alarm { kind: AlarmKind::Lapse, on: after };
        return if due.provisional { Vec::new() } else { vec![lapse] };
    }
    let span = (due.nominal_on - due.start_on).num_days().max(0);
    let warn = |stage: &i64| {
        // Rounded up, so that a stage is never said to be reached early.
        let days = (span * stage + 99) / 100;
        let on = due.start_on.checked_add_signed(chrono::TimeDelta::days(days)).unwrap_or(due.nominal_on);
        Alarm { kind: AlarmKind::Warn(*stage), on }
    };
    let mut all: Vec<Alarm> = stages.iter().map(warn).collect();
    if !due.provisional {
        all.push(Alarm { kind: AlarmKind::Breach, on: after });
    }
    all
}

impl Duty {
    /// A duty that begins to run.
    #[must_use]
    pub const fn start(matter_id: MatterId, hangs_on: Option<(AssignmentId, AgencyCode)>, due: Due) -> Self {
        Self {
            matter_id,
            hangs_on,
            due,
            state: DutyState::Running,
            open: true,
            warned: None,
            breached_on: None,
            met_on: None,
            version: 1,
        }
    }

    /// Its name in the store: what is started twice is one duty.
    #[must_use]
    pub fn id(&self) -> String {
        match &self.hangs_on {
            Some((assignment, _)) => format!("{}/{assignment}", self.due.rule),
            None => format!("{}/{}", self.due.rule, self.matter_id),
        }
    }

    fn change(&mut self) {
        self.version += 1;
    }

    /// An alarm rings. What is no longer owed stays silent.
    pub fn ring(&mut self, alarm: &Alarm) -> Option<Fact> {
        if self.state != DutyState::Running {
            return None;
        }
        self.change();
        let (matter_id, rule, due) = (self.matter_id, self.due.rule, self.due.clone());
        let assignment_id = self.hangs_on.as_ref().map(|(id, _)| *id);
        let agency = self.hangs_on.as_ref().map(|(_, agency)| agency.clone());
        match alarm.kind {
            AlarmKind::Warn(stage) => {
                self.warned = Some(self.warned.map_or(stage, |before| before.max(stage)));
                Some(Fact::Warned(DutyWarnedV1 { matter_id, rule, assignment_id, agency, due, stage }))
            }
            AlarmKind::Breach => {
                self.state = DutyState::Breached;
                self.breached_on = Some(alarm.on);
                let breached_on = alarm.on;
                Some(Fact::Breached(DutyBreachedV1 {
                    matter_id,
                    rule,
                    assignment_id,
                    agency,
                    due,
                    breached_on,
                }))
            }
            AlarmKind::Lapse => {
                self.state = DutyState::Lapsed;
                self.open = false;
                None
            }
        }
    }

    /// 已履行. One that was breached stays breached, and met late.
    pub fn meet(&mut self, on: NaiveDate) {
        if !self.open {
            return;
        }
        self.change();
        self.open = false;
        self.met_on = Some(on);
        if self.state == DutyState::Running {
            self.state = DutyState::Met;
        }
    }

    /// 已取消: the assignment was taken back. A breach stays on the record.
    pub fn cancel(&mut self) {
        if !self.open {
            return;
        }
        self.change();
        self.open = false;
        if self.state == DutyState::Running {
            self.state = DutyState::Cancelled;
        }
    }

    /// The matter lies with the office again, whose limit never stopped.
    pub fn reopen(&mut self) {
        if self.open {
            return;
        }
        self.change();
        self.open = true;
        self.met_on = None;
        if self.breached_on.is_none() {
            self.state = DutyState::Running;
        }
    }

    /// 延期: another limit, while the old one runs (Art. 34). Says whether it was taken.
    pub fn extend(&mut self, due: Due) -> bool {
        if self.state != DutyState::Running || due.rule != self.due.rule || due == self.due {
            return false;
        }
        self.change();
        self.due = due;
        true
    }
}
