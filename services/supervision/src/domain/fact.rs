//! What supervision says. Each is a fact on the bus, in the words of `contracts`.

use contracts::supervision::{
    DutyBreachedV1, DutyWarnedV1, OrderAcknowledgedV1, OrderClosedV1, OrderIssuedV1, OrderRepliedV1,
    OrderSentBackV1,
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// 预警
    Warned(DutyWarnedV1),
    /// 逾期
    Breached(DutyBreachedV1),
    /// 发出督办函
    Issued(OrderIssuedV1),
    /// 督办函签收
    Acknowledged(OrderAcknowledgedV1),
    /// 督办回复
    Replied(OrderRepliedV1),
    /// 督办办结
    Closed(OrderClosedV1),
    /// 督办退回
    SentBack(OrderSentBackV1),
}
