//! One matter as lists show it. Codes and dates alone: no name, no text, nothing of an accusation.

use calendar::RuleId;
use chrono::NaiveDate;
use contracts::{
    Due,
    codes::{
        AssignmentMode, AssignmentState, Channel, CloseCode, Level, MatterState, PetitionerKind, Purpose,
        Route,
    },
};
use kernel::{AgencyCode, AssignmentId, MatterId, RegionCode, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A row of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BoardRow {
    /// The matter.
    pub matter_id: MatterId,
    /// The public number.
    pub number: String,
    /// How it came.
    pub channel: Channel,
    /// Class: as stated, then as decided.
    pub purpose: Purpose,
    /// Citizen, legal person, other organisation.
    pub petitioner_kind: PetitionerKind,
    /// Nobody gave a name.
    pub anonymous: bool,
    /// 联名.
    pub joint: bool,
    /// 人次.
    pub heads: i64,
    /// The petitioner asked that the identity not be passed on.
    pub identity_withheld: bool,
    /// Number of claims.
    pub claims: i64,
    /// Number of files.
    pub attachments: i64,
    /// Where the problem is.
    pub place_region: RegionCode,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// When it was registered, business clock.
    pub registered_at: UnixMillis,
    /// When it last changed, business clock.
    pub changed_at: UnixMillis,
    /// Its state.
    pub state: MatterState,
    /// Category as decided.
    pub category: Option<String>,
    /// Route as decided.
    pub route: Option<Route>,
    /// Level of the competent agency.
    pub level: Option<Level>,
    /// The agency that holds it; absent while it lies with the office.
    pub agency: Option<AgencyCode>,
    /// The assignment that counts.
    pub assignment_id: Option<AssignmentId>,
    /// Its fencing number.
    pub assignment_no: Option<i64>,
    /// Its state.
    pub assignment_state: Option<AssignmentState>,
    /// 转送 or 交办.
    pub mode: Option<AssignmentMode>,
    /// 信转 or 信交 number.
    pub document_number: Option<String>,
    /// The limit under a 交办.
    pub limit_on: Option<NaiveDate>,
    /// The office's own limit, kept for the case that the matter comes back.
    pub t01: Due,
    /// Limits that run.
    pub dues: Vec<Due>,
    /// The next of them that somebody owes.
    pub due: Option<Due>,
    /// What the rules proposed first.
    pub proposal: Option<ProposalSummary>,
    /// It was taken back from an agency before.
    pub recalled: bool,
    /// Refusals by agencies so far.
    #[serde(default)]
    pub bounces: i64,
    /// Where the assignment stood before its objection.
    #[serde(default)]
    pub before_objection: Option<AssignmentState>,
    /// The matter it was attached to as a repeat.
    pub attached_to: Option<MatterId>,
    /// An earlier open matter that it may repeat, while nobody has screened it: a person decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_of: Option<MatterId>,
    /// How it ended.
    pub close_code: Option<CloseCode>,
    /// Facts of intake seen.
    pub intake_version: i64,
    /// Facts of routing seen.
    pub routing_version: i64,
    /// Facts of supervision seen.
    #[serde(default)]
    pub supervision_version: i64,
    /// 视为受理: T03 passed without a notice.
    #[serde(default)]
    pub deemed: bool,
    /// 协办: who gives the lead a part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co: Vec<CoRow>,
}

/// One co-agency of the lead that holds the matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoRow {
    /// Who.
    pub agency: AgencyCode,
    /// Its assignment.
    pub assignment_id: AssignmentId,
    /// Its internal limit.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: AssignmentState,
}

impl CoRow {
    /// Whether the lead still waits for it.
    #[must_use]
    pub const fn waits(&self) -> bool {
        !matches!(
            self.state,
            AssignmentState::Answered | AssignmentState::Recalled | AssignmentState::Returned
        )
    }

    /// Whether the agency may see the matter in its own list: not once it was released.
    #[must_use]
    pub const fn stands(&self) -> bool {
        !matches!(self.state, AssignmentState::Recalled | AssignmentState::Returned)
    }
}

/// The best proposal of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalSummary {
    /// Category.
    pub category: Option<String>,
    /// Agency.
    pub agency: Option<String>,
    /// The lower confidence of the two, in percent.
    pub confidence: i64,
}

impl BoardRow {
    /// Whether somebody still has to act on it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, MatterState::Closed | MatterState::Attached)
    }

    /// Whether an agency helps the one that holds it.
    #[must_use]
    pub fn is_helped_by(&self, agency: &AgencyCode) -> bool {
        self.co.iter().any(|co| co.agency == *agency && co.stands())
    }

    /// How many parts the lead waits for.
    #[must_use]
    pub fn parts_awaited(&self) -> usize {
        self.co.iter().filter(|co| co.waits()).count()
    }

    /// The row as a co-agency sees it: of its own share alone, nothing of the lead's limits and papers, nor of
    /// another co-agency.
    #[must_use]
    pub fn as_helped_by(mut self, agency: &AgencyCode) -> Self {
        self.co.retain(|co| co.agency == *agency && co.stands());
        let own = self.co.first().cloned();
        self.assignment_id = own.as_ref().map(|co| co.assignment_id);
        self.assignment_state = own.as_ref().map(|co| co.state);
        self.limit_on = own.map(|co| co.due_on);
        (self.assignment_no, self.document_number, self.proposal) = (None, None, None);
        self.repeat_of = None;
        self.set_dues(Vec::new());
        self
    }

    /// Takes the limits that run now.
    pub fn set_dues(&mut self, dues: Vec<Due>) {
        self.due = next_due(&dues).cloned();
        self.dues = dues;
    }
}

/// The limit a list shows: the earliest duty. T04 is the agency's right to object, which lapses without
/// a breach, and T07 the petitioner's right; neither makes anybody late.
#[must_use]
pub fn next_due(dues: &[Due]) -> Option<&Due> {
    dues.iter()
        .filter(|due| !matches!(due.rule, RuleId::T04 | RuleId::T07))
        .min_by_key(|due| (due.alarm_on(), due.legal_on, due.rule))
}
