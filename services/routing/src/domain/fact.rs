//! What can happen to a matter. Each is a fact on the bus, in the words of `contracts`.

use contracts::routing::{
    AcceptanceDeemedV1, AssignmentDeliveredV1, AssignmentObjectedV1, AssignmentRecalledV1,
    AssignmentSignedV1, CoAssignedV1, CoReleasedV1, CompetenceDecidedV1, DisputeRaisedV1, HandlingExtendedV1,
    MatterAcceptanceNotifiedV1, MatterClosedV1, MatterCoAnsweredV1, MatterForwardedV1, MatterOpinionIssuedV1,
    MatterOpinionServedV1, MatterProposedV1, MatterScreenedV1, ObjectionDecidedV1, ResolutionSetAsideV1,
    ReturnSetAsideV1,
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The rules proposed.
    Proposed(MatterProposedV1),
    /// 甄别
    Screened(MatterScreenedV1),
    /// 转送, 交办
    Forwarded(MatterForwardedV1),
    /// 撤回
    Recalled(AssignmentRecalledV1),
    /// The agency's node stored it.
    Delivered(AssignmentDeliveredV1),
    /// 签收
    Signed(AssignmentSignedV1),
    /// 受理告知
    Accepted(MatterAcceptanceNotifiedV1),
    /// 视为受理
    Deemed(AcceptanceDeemedV1),
    /// 出具意见
    Issued(MatterOpinionIssuedV1),
    /// 送达
    Served(MatterOpinionServedV1),
    /// 办结
    Closed(MatterClosedV1),
    /// 异议
    Objected(AssignmentObjectedV1),
    /// 异议核实
    ObjectionDecided(ObjectionDecidedV1),
    /// 管辖争议
    DisputeRaised(DisputeRaisedV1),
    /// 指定管辖
    CompetenceDecided(CompetenceDecidedV1),
    /// 延期
    Extended(HandlingExtendedV1),
    /// 议定事项未能执行
    ResolutionSetAside(ResolutionSetAsideV1),
    /// 协办
    CoAssigned(CoAssignedV1),
    /// 已答复主办
    CoAnswered(MatterCoAnsweredV1),
    /// 解除协办
    CoReleased(CoReleasedV1),
    /// A return that changes nothing.
    SetAside(ReturnSetAsideV1),
}
