//! 督办函 at the agency: acknowledged, replied to, and replied to anew when the office sends a reply back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    codes::{OrderState, OrderVerdict, SendBackReason},
    supervision::{OrderDispatchV1, VerdictDispatchV1},
};
use kernel::{ContentId, EventId, Refusal};

use crate::error;

/// One order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What the office dispatched.
    pub dispatch: OrderDispatchV1,
    /// The dispatch: the cause of every return.
    pub dispatched_by: EventId,
    /// Changes so far.
    pub version: i64,
    /// Its state.
    pub state: OrderState,
    /// By when a reply is owed now.
    pub due_on: NaiveDate,
    /// The days so far, by the code word of the state.
    pub days: BTreeMap<String, NaiveDate>,
    /// Why the last reply was sent back.
    pub sent_back: Option<SendBackReason>,
    /// Replies so far, oldest first.
    pub replies: Vec<ContentId>,
}

impl Order {
    /// An order as it comes in.
    #[must_use]
    pub fn received(dispatch: OrderDispatchV1, dispatched_by: EventId) -> Self {
        let state = OrderState::Issued;
        Self {
            dispatched_by,
            version: 1,
            state,
            due_on: dispatch.due_on,
            days: BTreeMap::from([(state.code().to_owned(), dispatch.issued_on)]),
            sent_back: None,
            replies: Vec::new(),
            dispatch,
        }
    }

    /// Whether something is still to be done about it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, OrderState::Closed)
    }

    /// Which round of replying it is in: one paper each.
    #[must_use]
    pub fn round(&self) -> String {
        format!("{}/{}", self.dispatch.order_id, self.replies.len() + 1)
    }

    /// Refuses a writer who saw an older version.
    ///
    /// # Errors
    /// `received_order_stale`.
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

    /// 签收
    ///
    /// # Errors
    /// `received_order_wrong_state`.
    pub fn acknowledge(&mut self, today: NaiveDate) -> Result<(), Refusal> {
        self.expect(&[OrderState::Issued], "acknowledge_order")?;
        self.reach(OrderState::Acknowledged, today);
        Ok(())
    }

    /// Whether it may be replied to now.
    ///
    /// # Errors
    /// `received_order_wrong_state`.
    pub fn may_reply(&self) -> Result<(), Refusal> {
        self.expect(&[OrderState::Issued, OrderState::Acknowledged, OrderState::SentBack], "reply_order")
    }

    /// 回复, with its paper.
    ///
    /// # Errors
    /// `received_order_wrong_state`.
    pub fn reply(&mut self, paper: ContentId, today: NaiveDate) -> Result<(), Refusal> {
        self.may_reply()?;
        self.replies.push(paper);
        self.sent_back = None;
        self.reach(OrderState::Replied, today);
        Ok(())
    }

    /// What the office says of a reply; says whether it fits.
    #[must_use]
    pub fn judged(&mut self, verdict: &VerdictDispatchV1) -> bool {
        if self.state != OrderState::Replied {
            return false;
        }
        match (verdict.verdict, verdict.due_on) {
            (OrderVerdict::Accept, _) => self.reach(OrderState::Closed, verdict.judged_on),
            (OrderVerdict::SendBack, Some(due_on)) => {
                (self.due_on, self.sent_back) = (due_on, verdict.reason);
                self.reach(OrderState::SentBack, verdict.judged_on);
            }
            (OrderVerdict::SendBack, None) => return false,
        }
        true
    }
}
