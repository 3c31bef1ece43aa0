//! Commands and queries of supervision: `svc.supervision.<name>`.

use calendar::RuleId;
use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Due, Page, PageRequest,
    codes::{DutyState, OrderCause, OrderOwed, OrderState, OrderVerdict, SendBackReason},
    command::commands,
};

/// The duties that are not met, the earliest due first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListDuties {
    /// Only those of this agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// Only those of this rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// Only those past their legal date.
    #[serde(default)]
    pub breached_only: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// Every duty of one matter, met ones included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowDuties {
    /// Which.
    pub matter_id: MatterId,
}

/// How many duties run, and how many were ever overdue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountDuties {}

/// The answer to [`CountDuties`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyCounts {
    /// Duties that run, warned of or not.
    pub running: i64,
    /// Of those, warned of.
    pub warned: i64,
    /// Past their legal date and not met.
    pub overdue: i64,
    /// Ever past their legal date, met late or not.
    pub ever_overdue: i64,
    /// Orders by state.
    pub orders: std::collections::BTreeMap<String, i64>,
}

/// One duty with its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyView {
    /// The matter.
    pub matter_id: MatterId,
    /// The public number; absent for an accusation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The rule.
    pub rule: RuleId,
    /// The assignment, where it hangs on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_id: Option<AssignmentId>,
    /// The agency that owes it; absent where the office does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// The limit with its working.
    pub due: Due,
    /// Its state.
    pub state: DutyState,
    /// Whether it is still owed.
    pub open: bool,
    /// The highest stage warned of, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<i64>,
    /// The first day after the limit, once it passed unmet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_on: Option<NaiveDate>,
    /// The day it was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_on: Option<NaiveDate>,
}

/// 发督办函: a person confirms a draft, or issues an order of their own (Art. 40).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueOrder {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment whose agency is urged.
    pub assignment_id: AssignmentId,
    /// The draft that is confirmed; absent for an order without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Why.
    pub cause: OrderCause,
    /// What the agency must hand in.
    pub owed: OrderOwed,
    /// By when the agency replies: after today, within a year.
    pub due_on: NaiveDate,
}

/// 不予督办: a person drops a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropOrder {
    /// Which draft.
    pub order_id: OrderId,
    /// The version the person saw.
    pub expected_version: i64,
}

/// 审核回复: accepts a reply, or sends it back with a reason and another day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeOrder {
    /// Which.
    pub order_id: OrderId,
    /// The version the person saw.
    pub expected_version: i64,
    /// What the office says.
    pub verdict: OrderVerdict,
    /// Why it is sent back; owed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SendBackReason>,
    /// By when the agency replies anew; owed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// Orders and drafts, open ones first, the earliest due first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListOrders {
    /// Only those to this agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// Only those about this matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter_id: Option<MatterId>,
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<OrderState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One order, by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowOrder {
    /// Which.
    pub order_id: OrderId,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderView {
    /// The order.
    pub order_id: OrderId,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// The matter.
    pub matter_id: MatterId,
    /// The matter's public number; absent for an accusation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The assignment it is about.
    pub assignment_id: AssignmentId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// Its state.
    pub state: OrderState,
    /// Why.
    pub cause: OrderCause,
    /// What the agency must hand in.
    pub owed: OrderOwed,
    /// The rule that was breached, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// Its limit with the working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// 信督 number; absent while it is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// The day it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
    /// By when the agency replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The days so far, by the code word of the state.
    pub days: std::collections::BTreeMap<String, NaiveDate>,
    /// Replies, oldest first: the day and the sealed paper.
    pub replies: Vec<(NaiveDate, ContentId)>,
    /// How often a reply was sent back.
    pub sent_back: i64,
}

/// An order changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderChanged {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The order's new version.
    pub version: i64,
    /// Its new state.
    pub state: OrderState,
    /// `ce-version` of the last fact; the page waits until the board has it. 0: there was none.
    pub fact_version: i64,
}

commands! {
    ListDuties = "duties" -> Page<DutyView>;
    ShowDuties = "matter_duties" -> Vec<DutyView>;
    CountDuties = "counts" -> DutyCounts;
    IssueOrder = "issue_order" -> OrderChanged;
    DropOrder = "drop_order" -> OrderChanged;
    JudgeOrder = "judge_order" -> OrderChanged;
    ListOrders = "orders" -> Page<OrderView>;
    ShowOrder = "order" -> OrderView;
}
