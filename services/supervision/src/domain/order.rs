//! 督办函: one supervision order, from draft to acceptance (domain.md 2.3; Art. 38–40). Pure.

use std::collections::BTreeMap;

use calendar::RuleId;
use chrono::NaiveDate;
use contracts::{
    Due,
    codes::{AssignmentRole, OrderCause, OrderOwed, OrderState, OrderVerdict, SendBackReason},
    supervision::{OrderDispatchV1, VerdictDispatchV1},
};
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, OrderId, Refusal};

use crate::error;

/// The longest time for a reply, in days from today.
const REPLY_DAYS_AT_MOST: i64 = 365;

/// One order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Changes so far.
    pub version: i64,
    /// The matter.
    pub matter_id: MatterId,
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
    /// The limit that was breached, where one was.
    pub due: Option<Due>,
    /// 信督 number; absent while it is a draft.
    pub document_number: Option<String>,
    /// By when the agency replies.
    pub due_on: Option<NaiveDate>,
    /// The days so far, by the code word of the state.
    pub days: BTreeMap<String, NaiveDate>,
    /// Replies, oldest first.
    pub replies: Vec<(NaiveDate, ContentId)>,
    /// How often a reply was sent back.
    pub sent_back: i64,
}

/// What an order is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// The agency that holds it.
    pub agency: AgencyCode,
}

/// What a breach proposes: cause and what is owed. None for duties that no order follows from: the office's own,
/// and T04, which is a right.
#[must_use]
pub const fn proposal(rule: RuleId, role: AssignmentRole) -> Option<(OrderCause, OrderOwed)> {
    match rule {
        // A co-agency's internal limit: what it owes is its part, to the lead.
        RuleId::T05 if matches!(role, AssignmentRole::Co) => {
            Some((OrderCause::ResultNotFedBack, OrderOwed::CoPart))
        }
        RuleId::T03 => Some((OrderCause::AcceptanceRulesBreached, OrderOwed::AcceptanceNotice)),
        RuleId::T05 => Some((OrderCause::ResultNotFedBack, OrderOwed::Report)),
        RuleId::T06 => Some((OrderCause::HandlingRulesBreached, OrderOwed::Opinion)),
        _ => None,
    }
}

impl Order {
    /// 拟督办: nothing leaves the office until a person confirms it.
    #[must_use]
    pub fn draft(
        id: OrderId,
        about: About,
        (cause, owed): (OrderCause, OrderOwed),
        due: Option<Due>,
        on: NaiveDate,
    ) -> Self {
        let state = OrderState::Draft;
        Self {
            id,
            version: 1,
            matter_id: about.matter_id,
            assignment_id: about.assignment_id,
            agency: about.agency,
            state,
            cause,
            owed,
            due,
            document_number: None,
            due_on: None,
            days: BTreeMap::from([(state.code().to_owned(), on)]),
            replies: Vec::new(),
            sent_back: 0,
        }
    }

    /// Whether something is still to be done about it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, OrderState::Closed | OrderState::Dropped)
    }

    /// Refuses a writer who saw an older version.
    ///
    /// # Errors
    /// `order_stale`.
    pub fn expect_version(&self, expected: i64) -> Result<(), Refusal> {
        if self.version == expected {
            return Ok(());
        }
        Err(error::ORDER_STALE.refuse().at("expected_version").with("found", self.version))
    }

    fn expect(&self, from: &[OrderState], event: &str) -> Result<(), Refusal> {
        if from.contains(&self.state) {
            return Ok(());
        }
        Err(error::ORDER_WRONG_STATE.refuse().when(self.state.code(), event))
    }

    fn reach(&mut self, state: OrderState, on: NaiveDate) {
        self.state = state;
        self.days.insert(state.code().to_owned(), on);
        self.version += 1;
    }

    /// Whether a person may issue it, to be answered by a day.
    ///
    /// # Errors
    /// `order_wrong_state`, `order_due_out_of_range`.
    pub fn may_issue(&self, due_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
        self.expect(&[OrderState::Draft], "issue_order")?;
        within_a_year(due_on, today)
    }

    /// 发出: a person issues it, with its number.
    pub fn issue(
        &mut self,
        (cause, owed): (OrderCause, OrderOwed),
        number: String,
        due_on: NaiveDate,
        on: NaiveDate,
    ) {
        (self.cause, self.owed) = (cause, owed);
        self.document_number = Some(number);
        self.due_on = Some(due_on);
        self.reach(OrderState::Issued, on);
    }

    /// 不予督办: a person drops a draft.
    ///
    /// # Errors
    /// `order_wrong_state`.
    pub fn drop_draft(&mut self, on: NaiveDate) -> Result<(), Refusal> {
        self.expect(&[OrderState::Draft], "drop_order")?;
        self.reach(OrderState::Dropped, on);
        Ok(())
    }

    /// 签收 by the agency.
    ///
    /// # Errors
    /// `order_wrong_state`.
    pub fn acknowledge(&mut self, stated: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Refusal> {
        self.expect(&[OrderState::Issued], "order_acknowledged")?;
        let on = self.clamped(OrderState::Issued, stated, today);
        self.reach(OrderState::Acknowledged, on);
        Ok(on)
    }

    /// 回复 by the agency.
    ///
    /// # Errors
    /// `order_wrong_state`.
    pub fn reply(
        &mut self,
        stated: NaiveDate,
        paper: ContentId,
        today: NaiveDate,
    ) -> Result<NaiveDate, Refusal> {
        self.expect(&[OrderState::Acknowledged, OrderState::SentBack], "order_replied")?;
        let on = self.clamped(self.state, stated, today);
        self.replies.push((on, paper));
        self.reach(OrderState::Replied, on);
        Ok(on)
    }

    /// A stated day, within what the office itself saw.
    fn clamped(&self, since: OrderState, stated: NaiveDate, today: NaiveDate) -> NaiveDate {
        let first = self.days.get(since.code()).copied().unwrap_or(today).min(today);
        stated.clamp(first, today)
    }

    /// 审核: a person accepts the reply, or sends it back with a reason and another day.
    ///
    /// # Errors
    /// `order_wrong_state`, `send_back_incomplete`, `order_due_out_of_range`.
    pub fn judge(
        &mut self,
        verdict: OrderVerdict,
        reason: Option<SendBackReason>,
        due_on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<VerdictDispatchV1, Refusal> {
        self.expect(&[OrderState::Replied], "judge_order")?;
        let (reason, due_on) = match verdict {
            OrderVerdict::Accept => {
                self.reach(OrderState::Closed, today);
                (None, None)
            }
            OrderVerdict::SendBack => {
                let reason = reason.ok_or_else(|| error::SEND_BACK_INCOMPLETE.refuse().at("reason"))?;
                let due_on = due_on.ok_or_else(|| error::SEND_BACK_INCOMPLETE.refuse().at("due_on"))?;
                within_a_year(due_on, today)?;
                self.due_on = Some(due_on);
                self.sent_back += 1;
                self.reach(OrderState::SentBack, today);
                (Some(reason), Some(due_on))
            }
        };
        Ok(VerdictDispatchV1 {
            order_id: self.id,
            matter_id: self.matter_id,
            agency: self.agency.clone(),
            verdict,
            reason,
            due_on,
            judged_on: today,
        })
    }

    /// The letter as it goes to the agency; `None` while it is a draft.
    #[must_use]
    pub fn letter(&self, restricted: bool) -> Option<OrderDispatchV1> {
        Some(OrderDispatchV1 {
            order_id: self.id,
            matter_id: self.matter_id,
            assignment_id: self.assignment_id,
            agency: self.agency.clone(),
            cause: self.cause,
            rule: self.due.as_ref().map(|due| due.rule),
            due: self.due.clone(),
            owed: self.owed,
            issued_on: self.days.get(OrderState::Issued.code()).copied()?,
            due_on: self.due_on?,
            document_number: self.document_number.clone()?,
            restricted,
        })
    }
}

fn within_a_year(due_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if due_on <= today || (due_on - today).num_days() > REPLY_DAYS_AT_MOST {
        return Err(error::ORDER_DUE_OUT_OF_RANGE.refuse().at("due_on"));
    }
    Ok(())
}
