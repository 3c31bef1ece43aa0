//! Papers for A4, laid out after GB/T 9704. A name appears only where the addressee needs it.

use serde::Serialize;

use super::{Page, due::Due};

/// What every paper has.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PaperHead {
    /// Back to the matter or task.
    pub back_href: String,
    /// 发文机关: the issuing unit's full name.
    pub issuer: String,
    /// Document number, e.g. 云联信转〔2026〕17号.
    pub document_number: Option<String>,
    /// The matter's public number.
    pub matter_number: String,
    /// 成文日期 (ISO).
    pub dated_on: String,
    /// Handler.
    pub handler: Option<String>,
    /// Handler's telephone.
    pub telephone: Option<String>,
    /// Attachments by name.
    pub attachments: Vec<String>,
    /// Version of this template.
    pub template_version: String,
    /// Recorded by the office from the unit's paper.
    pub on_behalf: bool,
}

macro_rules! papers {
    ($($page:ident = $template:literal;)*) => {$(
        impl Page for $page { const TEMPLATE: &'static str = $template; }
    )*};
}

papers! {
    ReceiptPaper = "print/receipt.html";
    ForwardingLetter = "print/forwarding_letter.html";
    AssignmentLetter = "print/assignment_letter.html";
    AcceptanceNotice = "print/acceptance_notice.html";
    OpinionPaper = "print/opinion.html";
    ServiceRecord = "print/service_record.html";
    ObjectionLetter = "print/objection.html";
    ExtensionPaper = "print/extension_notice.html";
    CompletionReport = "print/report.html";
    OrderReplyPaper = "print/order_reply.html";
    PositionPaper = "print/position.html";
    TaskReportPaper = "print/task_report.html";
    CoLetter = "print/co_letter.html";
    CoPartPaper = "print/co_part.html";
}

/// 信访事项登记回执.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReceiptPaper {
    /// Head.
    pub paper: PaperHead,
    /// The query code.
    pub query_code: String,
    /// When it was registered (RFC 3339).
    pub registered_at: String,
    /// Channel (texts `channel-*`).
    pub channel: String,
    /// Address of the public look-up.
    pub lookup_url: String,
    /// The address as QR code: an SVG element, inserted as it is. Never holds the query code.
    pub qr_svg: String,
    /// The next step's limit.
    pub due: Option<Due>,
    /// Files received, by count.
    pub attachment_count: u32,
}

/// One claim on a letter.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LetterClaim {
    /// Its number.
    pub no: u32,
    /// Its masked text, where the office has it.
    pub text: Option<String>,
}

/// 转送函.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ForwardingLetter {
    /// Head.
    pub paper: PaperHead,
    /// To whom.
    pub addressee: String,
    /// The ground, e.g. 《信访工作条例》第二十二条第一项.
    pub legal_ground: String,
    /// First receipt (ISO).
    pub received_on: String,
    /// Channel (texts `channel-*`).
    pub channel: String,
    /// Content class, named.
    pub category: String,
    /// Masked summary.
    pub summary: String,
    /// Claims.
    pub claims: Vec<LetterClaim>,
    /// 协办, with the day of each part.
    pub co_agencies: Vec<String>,
    /// T03.
    pub notify_due: Due,
    /// T04.
    pub objection_due: Due,
}

/// 交办函.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AssignmentLetter {
    /// Head.
    pub paper: PaperHead,
    /// 主办.
    pub addressee: String,
    /// The ground, e.g. 《信访工作条例》第二十二条第三项.
    pub legal_ground: String,
    /// 协办.
    pub co_agencies: Vec<String>,
    /// First receipt (ISO).
    pub received_on: String,
    /// Channel (texts `channel-*`).
    pub channel: String,
    /// Content class, named.
    pub category: String,
    /// Masked summary.
    pub summary: String,
    /// Claims.
    pub claims: Vec<LetterClaim>,
    /// T03.
    pub notify_due: Due,
    /// T04.
    pub objection_due: Due,
    /// The limit that the office sets (ISO).
    pub limit_on: String,
}

/// 协办函.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CoLetter {
    /// Head.
    pub paper: PaperHead,
    /// 协办.
    pub addressee: String,
    /// 主办.
    pub lead: String,
    /// The ground.
    pub legal_ground: String,
    /// First receipt (ISO).
    pub received_on: String,
    /// Content class, named.
    pub category: String,
    /// Masked summary.
    pub summary: String,
    /// Claims it is asked about.
    pub claims: Vec<LetterClaim>,
    /// What is asked for (texts `co-task-*`).
    pub task: Option<String>,
    /// T04.
    pub objection_due: Due,
    /// The internal limit (ISO).
    pub limit_on: String,
}

/// 协办意见.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CoPartPaper {
    /// Head.
    pub paper: PaperHead,
    /// 主办.
    pub addressee: String,
    /// Number of the letter it answers.
    pub letter_number: String,
    /// Facts found.
    pub facts: String,
    /// Law and policy.
    pub basis: String,
    /// One answer per claim.
    pub answers: Vec<PaperAnswer>,
    /// Name and post.
    pub signer: String,
}

/// 受理告知书.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AcceptanceNotice {
    /// Head.
    pub paper: PaperHead,
    /// The petitioner, for this reader alone.
    pub addressee: String,
    /// In the agency's inbox since (ISO).
    pub received_on: String,
    /// 受理之日 (ISO).
    pub accepted_on: String,
    /// Masked summary.
    pub summary: String,
    /// Route and procedure.
    pub notice: String,
    /// T06, where it runs: under the petition procedure alone.
    pub due: Option<Due>,
    /// Address of the public look-up.
    pub lookup_url: String,
}

/// 异议函 (Art. 23).
#[derive(Clone, Debug, Default, Serialize)]
pub struct ObjectionLetter {
    /// Head.
    pub paper: PaperHead,
    /// The office.
    pub addressee: String,
    /// Number of the letter it answers.
    pub letter_number: String,
    /// In the agency's inbox since (ISO).
    pub received_on: String,
    /// The day it is lodged (ISO).
    pub objected_on: String,
    /// T04.
    pub due: Due,
    /// Detailed reasons.
    pub reasons: String,
    /// The clause of the unit's own duties.
    pub own_duties: String,
    /// The unit held for competent.
    pub proposed: Option<String>,
}

/// 延期告知书 (Art. 34).
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExtensionPaper {
    /// Head.
    pub paper: PaperHead,
    /// The petitioner, for this reader alone.
    pub addressee: String,
    /// 受理之日 (ISO).
    pub accepted_on: String,
    /// Masked summary.
    pub summary: String,
    /// Days added.
    pub days: u32,
    /// T06 before.
    pub old_due: Due,
    /// T06 now.
    pub new_due: Due,
    /// Why.
    pub reason: String,
    /// Who approved.
    pub approver: String,
    /// Address of the public look-up.
    pub lookup_url: String,
}

/// 信访事项处理意见书.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OpinionPaper {
    /// Head.
    pub paper: PaperHead,
    /// The petitioner, for this reader alone.
    pub addressee: String,
    /// Who forwarded it.
    pub sender: String,
    /// When (ISO).
    pub sent_on: String,
    /// 受理之日 (ISO).
    pub accepted_on: String,
    /// Each claim with its answer.
    pub answers: Vec<PaperAnswer>,
    /// Facts found.
    pub facts: String,
    /// Law or policy.
    pub basis: String,
    /// The unit that reviews.
    pub review_unit: String,
    /// Days to ask for a review (T07).
    pub remedy_days: u32,
    /// Who signed.
    pub signer: String,
}

/// One claim and its answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PaperAnswer {
    /// Its number.
    pub no: u32,
    /// The claim.
    pub text: Option<String>,
    /// Outcome (texts `outcome-*`).
    pub outcome: String,
    /// The opinion on it.
    pub opinion: String,
}

/// 送达回证. `None` everywhere below gives a blank form to fill in by hand.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ServiceRecord {
    /// Head.
    pub paper: PaperHead,
    /// The addressee, for this reader alone.
    pub addressee: String,
    /// The paper served (texts `document-*`).
    pub served_document: String,
    /// The number of that paper, never the matter's.
    pub served_number: Option<String>,
    /// Way (texts `service-way-*`).
    pub way: Option<String>,
    /// Served (ISO).
    pub served_on: Option<String>,
    /// Posting number, who signed, witnesses.
    pub proof: Option<String>,
}

/// 办结报告 (Art. 22): what a 交办 is answered with.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CompletionReport {
    /// Head.
    pub paper: PaperHead,
    /// The office that assigned it.
    pub addressee: String,
    /// 信交 number of the office.
    pub assigned_number: String,
    /// When it was sent (ISO).
    pub assigned_on: String,
    /// The limit that the office set (ISO).
    pub limit_on: Option<String>,
    /// The petitioner, for this reader alone.
    pub petitioner: String,
    /// How many signed; 0 where it is sealed.
    pub people: u32,
    /// Channel (texts `channel-*`); empty where it is sealed.
    pub channel: String,
    /// First receipt (ISO).
    pub received_on: String,
    /// Content class, named.
    pub category: String,
    /// Masked summary.
    pub summary: String,
    /// Numbers of the claims, for a matter without an opinion.
    pub claims: Vec<u32>,
    /// 受理之日 (ISO).
    pub accepted_on: Option<String>,
    /// Served (ISO).
    pub served_on: Option<String>,
    /// Closed (ISO).
    pub closed_on: Option<String>,
    /// How it ended (texts `close-*`).
    pub close_code: Option<String>,
    /// What the agency reports.
    pub report: String,
    /// Facts found, from the opinion.
    pub facts: Option<String>,
    /// Law or policy, from the opinion.
    pub basis: Option<String>,
    /// Each claim with its answer, from the opinion.
    pub answers: Vec<PaperAnswer>,
    /// Who signed the opinion.
    pub signer: Option<String>,
}

/// 督办回复: what the unit did on a supervision order, and what proves it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OrderReplyPaper {
    /// Head.
    pub paper: PaperHead,
    /// The office.
    pub addressee: String,
    /// 信督 number.
    pub order_number: String,
    /// Masked summary of the matter.
    pub summary: String,
    /// The unit's own words.
    pub text: String,
}

/// 议题书面意见: what a party to a dispute says of its competence.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PositionPaper {
    /// Head.
    pub paper: PaperHead,
    /// The office.
    pub addressee: String,
    /// Masked summary of the matter.
    pub summary: String,
    /// What the unit says, and why.
    pub text: String,
    /// The clause of its own duties.
    pub own_duties: String,
}

/// 落实情况报告: what the unit did because of a resolution.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskReportPaper {
    /// Head.
    pub paper: PaperHead,
    /// The office.
    pub addressee: String,
    /// 信议 number.
    pub resolution_number: String,
    /// Masked summary of the matter.
    pub summary: String,
    /// What was done, and what proves it.
    pub text: String,
    /// What stands in the way.
    pub obstacle: Option<String>,
    /// Another date that the unit asks for (ISO).
    pub asks_until: Option<String>,
}
