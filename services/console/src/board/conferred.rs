//! What the joint conference says of a matter: lines of its timeline. Facts of a meeting as a whole have no row here.

use contracts::{
    BadMessage, Event, Message,
    meetings::{
        InvitationRepliedV1, ItemProposedV1, ItemSettledV1, MeetingCalledOffV1, MeetingCalledV1,
        MeetingHeldV1, MeetingMovedV1, MinutesFixedV1, ResolutionAdoptedV1, TaskCheckedV1, TaskIssuedV1,
        TaskOverdueV1, TaskReceivedV1, TaskReportedV1,
    },
};
use kernel::{AgencyCode, MatterId};

use super::milestones::Detail;

/// A fact about an item, a resolution or a task, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conferred {
    /// 议题提出
    Proposed(ItemProposedV1),
    /// 议题了结 without a resolution
    Settled(ItemSettledV1),
    /// 议定
    Adopted(ResolutionAdoptedV1),
    /// 下达交办单
    Issued(TaskIssuedV1),
    /// 交办单签收
    Received(TaskReceivedV1),
    /// 落实情况报告
    Reported(TaskReportedV1),
    /// 核验
    Checked(TaskCheckedV1),
    /// 交办单逾期
    Overdue(TaskOverdueV1),
    /// Of a meeting as a whole.
    Meeting,
}

/// Reads a fact of meetings; `None` for a type of another context.
pub(super) fn decode(m: &Message) -> Option<Result<Conferred, BadMessage>> {
    Some(match m.event_type.as_str() {
        ItemProposedV1::TYPE => m.decode().map(Conferred::Proposed),
        ItemSettledV1::TYPE => m.decode().map(Conferred::Settled),
        ResolutionAdoptedV1::TYPE => m.decode().map(Conferred::Adopted),
        TaskIssuedV1::TYPE => m.decode().map(Conferred::Issued),
        TaskReceivedV1::TYPE => m.decode().map(Conferred::Received),
        TaskReportedV1::TYPE => m.decode().map(Conferred::Reported),
        TaskCheckedV1::TYPE => m.decode().map(Conferred::Checked),
        TaskOverdueV1::TYPE => m.decode().map(Conferred::Overdue),
        MeetingCalledV1::TYPE
        | MeetingMovedV1::TYPE
        | MeetingCalledOffV1::TYPE
        | InvitationRepliedV1::TYPE
        | MeetingHeldV1::TYPE
        | MinutesFixedV1::TYPE => Ok(Conferred::Meeting),
        _ => return None,
    })
}

impl Conferred {
    /// The matter, where it is about one.
    #[must_use]
    pub const fn matter(&self) -> Option<MatterId> {
        Some(match self {
            Self::Proposed(f) => f.matter_id,
            Self::Settled(f) => f.matter_id,
            Self::Adopted(f) => f.matter_id,
            Self::Issued(f) => f.matter_id,
            Self::Received(f) => f.matter_id,
            Self::Reported(f) => f.matter_id,
            Self::Checked(f) => f.matter_id,
            Self::Overdue(f) => f.matter_id,
            Self::Meeting => return None,
        })
    }

    /// The agency whose task it is. What the conference decided is the office's to see.
    #[must_use]
    pub const fn agency(&self) -> Option<&AgencyCode> {
        Some(match self {
            Self::Issued(f) => &f.agency,
            Self::Received(f) => &f.agency,
            Self::Reported(f) => &f.agency,
            Self::Checked(f) => &f.agency,
            Self::Overdue(f) => &f.agency,
            Self::Proposed(_) | Self::Settled(_) | Self::Adopted(_) | Self::Meeting => return None,
        })
    }

    /// Puts what the line says into its detail.
    pub(super) fn tell(&self, detail: &mut Detail) {
        match self {
            Self::Proposed(f) => detail.on = Some(f.proposed_on),
            Self::Settled(f) => {
                (detail.on, detail.until) = (Some(f.settled_on), f.until_on);
                detail.reason = Some(f.state.code().to_owned());
            }
            Self::Adopted(f) => {
                (detail.on, detail.limit_on) = (Some(f.adopted_on), Some(f.due_on));
                detail.document_number = Some(f.document_number.clone());
            }
            Self::Issued(f) => {
                (detail.on, detail.limit_on) = (Some(f.issued_on), Some(f.due_on));
                detail.document_number = Some(f.document_number.clone());
            }
            Self::Received(f) => (detail.on, detail.on_behalf) = (Some(f.received_on), f.on_behalf),
            Self::Reported(f) => {
                (detail.on, detail.on_behalf) = (Some(f.reported_on), f.on_behalf);
                (detail.late, detail.content_id) = (f.late, Some(f.content_id));
            }
            Self::Checked(f) => {
                (detail.on, detail.limit_on) = (Some(f.checked_on), f.due_on);
                detail.reason = f.reason.map(|reason| reason.code().to_owned());
            }
            Self::Overdue(f) => (detail.on, detail.limit_on) = (Some(f.overdue_on), Some(f.due_on)),
            Self::Meeting => {}
        }
    }
}
