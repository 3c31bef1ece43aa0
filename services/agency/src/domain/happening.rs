//! What happens to a task at the agency. Each becomes a return to the office, in the words of `contracts`.

use chrono::NaiveDate;
use contracts::{
    Due,
    agency::{ClaimOutcome, commands::PaperKind},
    codes::{AssignmentState, CloseCode, ServiceWay},
};
use kernel::{AgencyCode, OpinionId};

use super::paper::Filed;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// 签收
    Signed {
        /// The day.
        on: NaiveDate,
    },
    /// 受理告知
    Accepted {
        /// 受理之日
        on: NaiveDate,
        /// The notice.
        notice: Filed,
        /// T06, where it runs.
        dues: Vec<Due>,
    },
    /// 出具意见
    OpinionIssued {
        /// The day it was signed.
        on: NaiveDate,
        /// The opinion.
        opinion_id: OpinionId,
        /// One outcome per claim.
        outcomes: Vec<ClaimOutcome>,
        /// Its text.
        opinion: Filed,
    },
    /// 送达
    Served {
        /// The day of receipt.
        on: NaiveDate,
        /// Which opinion.
        opinion_id: OpinionId,
        /// How.
        way: ServiceWay,
        /// 送达回证
        record: Filed,
        /// T07, where it runs.
        dues: Vec<Due>,
    },
    /// 办结
    Completed {
        /// The day.
        on: NaiveDate,
        /// How it ended.
        close_code: CloseCode,
        /// 办结报告
        report: Option<Filed>,
    },
    /// 异议
    Objected {
        /// The day it was lodged.
        on: NaiveDate,
        /// The unit that the agency holds for competent.
        proposed_agency: Option<AgencyCode>,
        /// 异议函
        letter: Filed,
    },
    /// 协办意见送主办
    CoAnswered {
        /// The day it was signed.
        on: NaiveDate,
        /// One outcome per claim that was asked about.
        outcomes: Vec<ClaimOutcome>,
        /// 协办意见
        part: Filed,
    },
    /// 延期
    Extended {
        /// The day it was granted.
        on: NaiveDate,
        /// Days added.
        days: u32,
        /// T06 as it runs now.
        due: Due,
        /// 延期告知书
        notice: Filed,
    },
}

impl Happening {
    /// The state it leads to; an extension leads to none.
    #[must_use]
    pub const fn state(&self) -> Option<AssignmentState> {
        Some(match self {
            Self::Extended { .. } => return None,
            Self::Signed { .. } => AssignmentState::Signed,
            Self::Accepted { .. } => AssignmentState::Accepted,
            Self::OpinionIssued { .. } => AssignmentState::OpinionIssued,
            Self::Served { .. } => AssignmentState::Served,
            Self::Completed { .. } => AssignmentState::Closed,
            Self::Objected { .. } => AssignmentState::Objected,
            Self::CoAnswered { .. } => AssignmentState::Answered,
        })
    }

    /// The day it happened.
    #[must_use]
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Signed { on }
            | Self::Accepted { on, .. }
            | Self::OpinionIssued { on, .. }
            | Self::Served { on, .. }
            | Self::Completed { on, .. }
            | Self::Extended { on, .. }
            | Self::Objected { on, .. }
            | Self::CoAnswered { on, .. } => *on,
        }
    }

    /// The paper that it files.
    #[must_use]
    pub const fn paper(&self) -> Option<(PaperKind, &Filed)> {
        match self {
            Self::Signed { .. } | Self::Completed { report: None, .. } => None,
            Self::Accepted { notice, .. } => Some((PaperKind::AcceptanceNotice, notice)),
            Self::OpinionIssued { opinion, .. } => Some((PaperKind::Opinion, opinion)),
            Self::Served { record, .. } => Some((PaperKind::ServiceRecord, record)),
            Self::Extended { notice, .. } => Some((PaperKind::ExtensionNotice, notice)),
            Self::Objected { letter, .. } => Some((PaperKind::Objection, letter)),
            Self::CoAnswered { part, .. } => Some((PaperKind::CoPart, part)),
            Self::Completed { report: Some(report), .. } => Some((PaperKind::Report, report)),
        }
    }
}
