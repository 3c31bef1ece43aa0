//! Code lists of the joint conference (domain.md 2.3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

codes! {
    /// 会议类型 (Art. 12; profile `conference.toml` gives its notice)
    MeetingKind {
        /// 全体会议
        Plenary = "plenary",
        /// 工作会议
        Working = "working",
        /// 交办（协调）会
        Coordination = "coordination",
        /// 专题会商
        Case = "case",
    }
    /// 会议状态
    MeetingState {
        /// 已召集, also after a change of time or place
        Called = "called",
        /// 已取消
        CalledOff = "called_off",
        /// 已召开
        Held = "held",
        /// 纪要已审定
        MinutesFixed = "minutes_fixed",
    }
    /// 议题类型
    AgendaKind {
        /// 管辖争议 (Art. 24)
        Competence = "competence",
        /// 协调事项 (domain.md 2.2, transition 30)
        Coordination = "coordination",
    }
    /// 议题状态 (domain.md 2.3)
    AgendaState {
        /// 待审核
        Proposed = "proposed",
        /// 待上会
        Screened = "screened",
        /// 已列入会议
        Scheduled = "scheduled",
        /// 已讨论，待审定纪要
        Discussed = "discussed",
        /// 已议定
        Resolved = "resolved",
        /// 缓议: waits for another meeting.
        Deferred = "deferred",
        /// 退回
        Returned = "returned",
        /// 报请党委、政府决定
        ReportedUp = "reported_up",
        /// 撤出: settled elsewhere.
        Withdrawn = "withdrawn",
    }
    /// What a meeting says of an item.
    AgendaOutcome {
        /// 议定
        Resolved = "resolved",
        /// 缓议
        Deferred = "deferred",
        /// 退回
        Returned = "returned",
        /// 报请党委、政府决定
        ReportedUp = "reported_up",
    }
    /// Why an item left the agenda without a meeting.
    WithdrawalReason {
        /// 已撤回
        Recalled = "recalled",
        /// 已由其他机关决定
        DecidedElsewhere = "decided_elsewhere",
        /// 事项不再需要会议
        MatterEnded = "matter_ended",
    }
    /// 参会回复 (iTIP PARTSTAT)
    InvitationReply {
        /// 参加
        Accepted = "accepted",
        /// 请假
        Declined = "declined",
        /// 待定
        Tentative = "tentative",
    }
    /// Why an invitation is declined or left open.
    ReplyReason {
        /// 另有会议
        OtherMeeting = "other_meeting",
        /// 公出
        OutOfOffice = "out_of_office",
        /// 与本单位职责无关
        NotOurMatter = "not_our_matter",
        /// 其他
        Other = "other",
    }
    /// 到会情况
    Attendance {
        /// 到会
        Present = "present",
        /// 代为参会
        Substitute = "substitute",
        /// 缺席
        Absent = "absent",
    }
    /// Why a meeting is called off.
    CallOffReason {
        /// 到会人数不足
        TooFew = "too_few",
        /// 议题已解决
        Settled = "settled",
        /// 并入其他会议
        Merged = "merged",
        /// 突发情况
        Emergency = "emergency",
        /// 其他
        Other = "other",
    }
    /// 议定事项状态
    ResolutionState {
        /// 已议定
        Adopted = "adopted",
        /// 已指定管辖: the binding assignment is made.
        Binding = "binding",
        /// 未能执行: routing could not carry it out; a person decides.
        SetAside = "set_aside",
        /// 已撤销: the item went back to the agenda.
        Void = "void",
    }
    /// 交办单中的职责
    ResolutionTaskRole {
        /// 牵头（责任单位）
        Lead = "lead",
        /// 配合
        Assist = "assist",
    }
    /// 交办单状态 (domain.md 2.3)
    ResolutionTaskState {
        /// 已下达
        Issued = "issued",
        /// 已签收
        Received = "received",
        /// 已报告
        Reported = "reported",
        /// 退回重报
        SentBack = "sent_back",
        /// 已核验完成
        Done = "done",
        /// 已撤销: the resolution could not be carried out.
        Withdrawn = "withdrawn",
    }
    /// What the office says of a task.
    ResolutionTaskVerdict {
        /// 核验通过
        Done = "done",
        /// 退回重报
        SendBack = "send_back",
        /// 撤销
        Withdraw = "withdraw",
    }
    /// 核验人: who checks a task.
    TaskChecker {
        /// 联席办主任
        Director = "director",
        /// 督查专员
        Supervisor = "supervisor",
        /// 甄别转办员
        Screener = "screener",
    }
}
