//! What meetings says. Each is a fact on the bus, in the words of `contracts`.

use contracts::meetings::{
    InvitationRepliedV1, ItemProposedV1, ItemSettledV1, MeetingCalledOffV1, MeetingCalledV1, MeetingHeldV1,
    MeetingMovedV1, MinutesFixedV1, ResolutionAdoptedV1, TaskCheckedV1, TaskIssuedV1, TaskOverdueV1,
    TaskReceivedV1, TaskReportedV1,
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// 议题提出
    Proposed(ItemProposedV1),
    /// 议题了结 without a resolution
    Settled(ItemSettledV1),
    /// 召集会议
    Called(Box<MeetingCalledV1>),
    /// 会议变更
    Moved(Box<MeetingMovedV1>),
    /// 取消会议
    CalledOff(Box<MeetingCalledOffV1>),
    /// 参会回复
    Replied(InvitationRepliedV1),
    /// 会议召开
    Held(MeetingHeldV1),
    /// 议定
    Adopted(ResolutionAdoptedV1),
    /// 会议纪要审定
    Fixed(MinutesFixedV1),
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
}
