//! What supervision says of a matter: lines of its timeline. The duty's limit itself is on the row already.

use contracts::{
    BadMessage, Event, Message,
    supervision::{
        DutyBreachedV1, DutyWarnedV1, OrderAcknowledgedV1, OrderClosedV1, OrderIssuedV1, OrderRepliedV1,
        OrderSentBackV1,
    },
};
use kernel::{AgencyCode, MatterId};

use super::milestones::Detail;

/// A fact of supervision, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Supervised {
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

/// Reads a fact of supervision; `None` for a type of another context.
pub(super) fn decode(m: &Message) -> Option<Result<Supervised, BadMessage>> {
    Some(match m.event_type.as_str() {
        DutyWarnedV1::TYPE => m.decode().map(Supervised::Warned),
        DutyBreachedV1::TYPE => m.decode().map(Supervised::Breached),
        OrderIssuedV1::TYPE => m.decode().map(Supervised::Issued),
        OrderAcknowledgedV1::TYPE => m.decode().map(Supervised::Acknowledged),
        OrderRepliedV1::TYPE => m.decode().map(Supervised::Replied),
        OrderClosedV1::TYPE => m.decode().map(Supervised::Closed),
        OrderSentBackV1::TYPE => m.decode().map(Supervised::SentBack),
        _ => return None,
    })
}

impl Supervised {
    /// The matter.
    #[must_use]
    pub const fn matter(&self) -> MatterId {
        match self {
            Self::Warned(f) => f.matter_id,
            Self::Breached(f) => f.matter_id,
            Self::Issued(f) => f.matter_id,
            Self::Acknowledged(f) => f.matter_id,
            Self::Replied(f) => f.matter_id,
            Self::Closed(f) => f.matter_id,
            Self::SentBack(f) => f.matter_id,
        }
    }

    /// The agency it tells of; none where the office is late.
    #[must_use]
    pub const fn agency(&self) -> Option<&AgencyCode> {
        match self {
            Self::Warned(f) => f.agency.as_ref(),
            Self::Breached(f) => f.agency.as_ref(),
            Self::Issued(f) => Some(&f.agency),
            Self::Acknowledged(f) => Some(&f.agency),
            Self::Replied(f) => Some(&f.agency),
            Self::Closed(f) => Some(&f.agency),
            Self::SentBack(f) => Some(&f.agency),
        }
    }

    /// Puts what the line says into its detail.
    pub(super) fn tell(&self, detail: &mut Detail) {
        match self {
            Self::Warned(f) => (detail.rule, detail.stage) = (Some(f.rule), Some(f.stage)),
            Self::Breached(f) => (detail.rule, detail.on) = (Some(f.rule), Some(f.breached_on)),
            Self::Issued(f) => {
                (detail.on, detail.limit_on) = (Some(f.issued_on), Some(f.due_on));
                detail.document_number = Some(f.document_number.clone());
                detail.reason = Some(f.cause.code().to_owned());
            }
            Self::Acknowledged(f) => {
                (detail.on, detail.on_behalf) = (Some(f.acknowledged_on), f.on_behalf);
            }
            Self::Replied(f) => {
                (detail.on, detail.on_behalf) = (Some(f.replied_on), f.on_behalf);
                detail.content_id = Some(f.content_id);
            }
            Self::Closed(f) => detail.on = Some(f.closed_on),
            Self::SentBack(f) => {
                (detail.on, detail.limit_on) = (Some(f.sent_back_on), Some(f.due_on));
                detail.reason = Some(f.reason.code().to_owned());
            }
        }
    }
}
