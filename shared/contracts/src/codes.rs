//! Code lists of the field (domain.md section 4). The code word on the wire never changes its meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)* }
        impl $name {
            /// Every code, in the order shown to people.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The code word.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
            /// Reads a code word.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|c| c.code() == code)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    )*};
}

mod conference;
pub use conference::*;
mod suggestions;
pub use suggestions::*;
mod webhooks;
pub use webhooks::*;

codes! {
    /// 信访形式: how a submission came in.
    Channel {
        /// 来信
        Letter = "letter",
        /// 来访
        Visit = "visit",
        /// 网上信访
        Web = "web",
        /// 手机信访
        Mobile = "mobile",
        /// 微信信访
        Wechat = "wechat",
        /// 网上建议
        WebSuggestion = "web_suggestion",
        /// 电话信访
        Phone = "phone",
        /// 领导信箱
        LeaderMailbox = "leader_mailbox",
        /// 12345 热线转办
        Hotline = "hotline",
        /// 传真
        Fax = "fax",
        /// 上级转送
        SuperiorForwarded = "superior_forwarded",
        /// 上级交办
        SuperiorAssigned = "superior_assigned",
        /// 纪检监察机关转来
        DisciplineTransfer = "discipline_transfer",
        /// 人大转来
        CongressTransfer = "congress_transfer",
        /// 政协转来
        CppccTransfer = "cppcc_transfer",
        /// 媒体转来
        MediaTransfer = "media_transfer",
        /// 信访代理
        Proxy = "proxy",
        /// 领导接访
        Reception = "reception",
        /// 领导下访
        Outreach = "outreach",
    }
    /// 信访目的: what the petitioner wants.
    Purpose {
        /// 意见建议 (Art. 29)
        Suggestion = "suggestion",
        /// 检举控告 (Art. 30)
        Accusation = "accusation",
        /// 申诉 (Art. 31)
        Appeal = "appeal",
        /// 求决 (Art. 31)
        Claim = "claim",
        /// 咨询
        Inquiry = "inquiry",
        /// 其他
        Other = "other",
    }
    /// 信访人类别
    PetitionerKind {
        /// 公民
        Citizen = "citizen",
        /// 法人
        LegalPerson = "legal_person",
        /// 其他组织
        OtherOrganisation = "other_org",
    }
    /// The kind of an identity document's number.
    IdKind {
        /// 居民身份证 (GB 11643)
        CitizenId = "citizen_id",
        /// 统一社会信用代码 (GB 32100)
        CreditCode = "uscc",
        /// 护照
        Passport = "passport",
        /// Another paper.
        OtherPaper = "other",
    }
    /// 依法分类: the route of Art. 31 for claims.
    Route {
        /// 诉讼、检察监督、公安刑事程序
        R1 = "R1",
        /// 仲裁
        R2 = "R2",
        /// 党员申诉
        R3 = "R3",
        /// 行政复议等行政程序
        R4 = "R4",
        /// 申请查处、履行职责
        R5 = "R5",
        /// 信访程序: a written opinion within 60 days
        R6 = "R6",
    }
    /// 层级
    Level {
        /// 市级
        City = "city",
        /// 县级
        County = "county",
        /// 乡级
        Township = "township",
    }
    /// 单位撤并 (Art. 24): how an agency ends.
    AgencyEndKind {
        /// 撤销
        Abolished = "abolished",
        /// 合并
        Merged = "merged",
        /// 分立
        Split = "split",
    }
    /// The state of a matter (domain.md 2.1), as far as the suite takes it.
    MatterState {
        /// 已登记
        Registered = "registered",
        /// 已甄别
        Screened = "screened",
        /// 已转送
        Forwarded = "forwarded",
        /// 已交办
        Assigned = "assigned",
        /// 异议待核: the agency says that it is not competent (Art. 23).
        Objected = "objected",
        /// 管辖争议: with the common superior or the joint conference (Art. 24).
        Disputed = "disputed",
        /// 已退回: the objection was upheld; it must go elsewhere.
        Returned = "returned",
        /// 办理中
        Handling = "handling",
        /// 延期办理 (Art. 34)
        Extended = "extended",
        /// 已出具意见
        OpinionIssued = "opinion_issued",
        /// 已送达
        Served = "served",
        /// 办结
        Closed = "closed",
        /// 并入: a repeat attached to another matter.
        Attached = "attached",
    }
    /// The state of one assignment.
    AssignmentState {
        /// 已发出
        Sent = "sent",
        /// 已送达收件箱
        Delivered = "delivered",
        /// 已签收
        Signed = "signed",
        /// 已受理
        Accepted = "accepted",
        /// 已出具意见
        OpinionIssued = "opinion_issued",
        /// 已送达信访人
        Served = "served",
        /// 办结
        Closed = "closed",
        /// 已撤回
        Recalled = "recalled",
        /// 异议待核
        Objected = "objected",
        /// 已退回
        Returned = "returned",
        /// 已答复主办: a co-agency gave its part.
        Answered = "answered",
    }
    /// 转送 or 交办 (Art. 22)
    AssignmentMode {
        /// 转送: the agency answers the petitioner.
        Forward = "forward",
        /// 交办: with a limit, and the result fed back.
        Assign = "assign",
    }
    /// 主办 or 协办: who answers the petitioner with all parts, and who gives a part to that unit (Art. 24).
    AssignmentRole {
        /// 主办
        Lead = "lead",
        /// 协办
        Co = "co",
    }
    /// 协办事项: what a co-agency is asked for.
    CoTask {
        /// 核查事实
        Facts = "facts",
        /// 提出意见
        Opinion = "opinion",
        /// 提供资料
        Records = "records",
        /// 落实措施
        Measures = "measures",
    }
    /// A co-agency's part, as the lead sees it.
    CoState {
        /// 待协办意见
        Awaited = "awaited",
        /// 已答复主办
        Answered = "answered",
        /// 已解除协办
        Released = "released",
    }
    /// 解除协办: why a co-agency owes no part any more. The first four a person gives; the others follow from
    /// what happened to the lead.
    CoReleaseReason {
        /// 不再需要协办
        NotNeeded = "not_needed",
        /// 与该单位职责无关
        NotCompetent = "not_competent",
        /// 未按期提交，主办单位先行答复
        Overdue = "overdue",
        /// 其他
        Other = "other",
        /// 异议成立
        ObjectionUpheld = "objection_upheld",
        /// 主办单位变更
        LeadEnded = "lead_ended",
        /// 主办单位已出具意见
        OpinionSigned = "opinion_signed",
        /// 事项已办结
        MatterClosed = "matter_closed",
    }
    /// The outcome of one claim in an opinion (Art. 32).
    Outcome {
        /// 支持
        Supported = "supported",
        /// 合理但缺乏依据，解释疏导
        ReasonableNoBasis = "reasonable_no_basis",
        /// 不予支持
        NotSupported = "not_supported",
    }
    /// 办结方式 (domain.md 4.4)
    CloseCode {
        /// 支持并执行
        SupportedExecuted = "S",
        /// 部分支持
        Partly = "P",
        /// 合理无据，已解释
        Explained = "E",
        /// 不支持
        Unsupported = "U",
        /// 调解、和解
        Agreement = "A",
        /// 已答复（建议、咨询）
        Replied = "R",
        /// 导入法定途径
        Diverted = "D",
        /// 移送（纪检、政法）
        Transferred = "T",
    }
    /// 送达方式 (domain.md 4.7)
    ServiceWay {
        /// 当面
        InPerson = "in_person",
        /// 邮寄
        Mail = "mail",
        /// 电子
        Electronic = "electronic",
        /// 留置
        Left = "left",
        /// 公告
        Notice = "notice",
        /// 委托
        Entrusted = "entrusted",
    }
    /// 督办事由 (Art. 40; domain.md 1.8)
    OrderCause {
        /// 违反受理规定
        AcceptanceRulesBreached = "acceptance_rules_breached",
        /// 违反办理规定
        HandlingRulesBreached = "handling_rules_breached",
        /// 推诿敷衍
        Shirking = "shirking",
        /// 拖延
        Delay = "delay",
        /// 弄虚作假
        Falsification = "falsification",
        /// 拒不执行处理意见
        OpinionNotExecuted = "opinion_not_executed",
        /// 未按要求反馈结果
        ResultNotFedBack = "result_not_fed_back",
    }
    /// What a supervision order asks the agency to hand in.
    OrderOwed {
        /// 书面告知受理情况
        AcceptanceNotice = "acceptance_notice",
        /// 出具处理意见书
        Opinion = "opinion",
        /// 报送办结报告
        Report = "report",
        /// 执行处理意见并报送证明
        Execution = "execution",
        /// 书面说明情况
        Explanation = "explanation",
        /// 提交协办意见
        CoPart = "co_part",
    }
    /// 督办单状态 (domain.md 2.3)
    OrderState {
        /// 拟督办: proposed by a breach; a person confirms or drops it.
        Draft = "draft",
        /// 已发出
        Issued = "issued",
        /// 已签收
        Acknowledged = "acknowledged",
        /// 已回复
        Replied = "replied",
        /// 退回重报
        SentBack = "sent_back",
        /// 审核通过，督办办结
        Closed = "closed",
        /// 不予督办: a person dropped the draft.
        Dropped = "dropped",
    }
    /// What the office says of a reply to an order.
    OrderVerdict {
        /// 审核通过
        Accept = "accept",
        /// 退回重报
        SendBack = "send_back",
    }
    /// Why a reply to an order does not do.
    SendBackReason {
        /// 未回应督办事项
        NotAnswered = "not_answered",
        /// 未附证明
        NoProof = "no_proof",
        /// 无明确完成时间
        NoDate = "no_date",
        /// 尚未落实
        NotDone = "not_done",
        /// 内容不实
        Untrue = "untrue",
    }
    /// The state of a duty with a limit.
    DutyState {
        /// 期限内
        Running = "running",
        /// 已履行
        Met = "met",
        /// 已逾期: stays so when it is met late.
        Breached = "breached",
        /// 已取消: the assignment was taken back, or the duty fell away.
        Cancelled = "cancelled",
        /// 期满未行使: a right that ran out, which is no breach (T04).
        Lapsed = "lapsed",
    }
    /// What is opened.
    ContentPart {
        /// Title, text and claims.
        Text = "text",
        /// Name, number, telephone, address.
        Contact = "contact",
        /// One attached file.
        Attachment = "attachment",
    }
    /// Why content or contact is opened; logged and shown to the petitioner by unit.
    OpenPurpose {
        /// 甄别分类
        Screening = "screening",
        /// 办理
        Handling = "handling",
        /// 联系信访人
        Contacting = "contacting",
        /// 出具、送达文书
        Serving = "serving",
        /// 督查、审计
        Auditing = "auditing",
        /// 寄送通知: the notification service, or the desk that prints its letter
        Notice = "notice",
    }
    /// 通知方式: how a notice goes.
    NoticeChannel {
        /// 信函: printed at the desk and posted.
        Letter = "letter",
        /// 电子邮件
        Mail = "mail",
        /// 站内通知: the inbox of the console.
        Inbox = "inbox",
        /// 当场告知: given with the registration itself.
        OnTheSpot = "on_the_spot",
    }
    /// 通知状态 (domain.md 2.3)
    NoticeState {
        /// 待发送
        Queued = "queued",
        /// 正在发送: the attempt is on record before it is made.
        Sending = "sending",
        /// 结果不明: it was handed over and no answer was seen; a person decides.
        Unknown = "unknown",
        /// 已打印
        Printed = "printed",
        /// 已发出: posted, or taken by the recipient's mail server.
        Sent = "sent",
        /// 已送达, with proof.
        Delivered = "delivered",
        /// 无法送达: no way is left; the office decides what else to do.
        Unreachable = "unreachable",
        /// 不再发送: its matter turned out to be an accusation, and it was for others than the informant.
        Withdrawn = "withdrawn",
    }
    /// Why a notice did not reach its addressee by a way.
    NoticeTrouble {
        /// 匿名
        Anonymous = "anonymous",
        /// 未留联系方式
        NoContact = "no_contact",
        /// 对方拒收: the server of the recipient refused it.
        Refused = "refused",
        /// 多次发送失败
        TriedEnough = "tried_enough",
        /// 退件
        Returned = "returned",
    }
}

/// What an assignment is unless it says otherwise: every one before 协办 came was the only one.
#[must_use]
pub const fn lead() -> AssignmentRole {
    AssignmentRole::Lead
}

/// Whether a role goes without saying.
#[must_use]
pub const fn is_lead(role: &AssignmentRole) -> bool {
    matches!(role, AssignmentRole::Lead)
}
