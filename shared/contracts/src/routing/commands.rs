//! Commands and queries of routing: `svc.routing.<name>`.

use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId, RegionCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Changed, Due, Page, PageRequest,
    agency::ClaimOutcome,
    codes::{
        AssignmentMode, AssignmentRole, AssignmentState, CloseCode, CoReleaseReason, CoTask, Level,
        MatterState, Purpose, Route,
    },
    command::commands,
    routing::{
        AgencyListedV1, Decider, Proposal, Ruling,
        register::{
            AddAgency, AgencyKept, AgencyLine, AgencyView, ChangeAgency, EndAgency, ListOrphans, Orphan,
            PageAgencies, Reassign, ShowAgency,
        },
        suggestions::{
            Agreement, LearnNow, LearningAsked, Seen, ShowAgreement, ShowSuggestions, SuggestionView,
            SuggestionsView, SwitchSuggestions, Why, WhyProposed,
        },
    },
};

/// 甄别: decides class, category and route, and may hand over in the same step. A person confirms; nothing is
/// classified or forwarded by software alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Class as decided. Accusation makes the matter restricted.
    pub purpose: Purpose,
    /// Code of the catalogue; owed unless it is an accusation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Route of Art. 31; owed for claims and appeals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// Level of the competent agency.
    pub level: Level,
    /// Hands over at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<HandOver>,
    /// What stood before the person; what routing holds when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// To whom, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The agency.
    pub agency: AgencyCode,
    /// 转送 or 交办.
    pub mode: AssignmentMode,
    /// 办理期限: owed under a 交办, refused under a 转送; after today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_on: Option<NaiveDate>,
    /// Why it goes to a unit that the office agreed is not competent; owed in that case alone (Art. 23).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    /// 协办: who gives a part to the agency above, which answers with all of them (Art. 24).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co: Vec<CoHandler>,
}

/// 协办单位: gives its part to the lead by its own earlier day; it neither notifies nor answers the petitioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoHandler {
    /// The agency.
    pub agency: AgencyCode,
    /// 内部时限: before the limit of the lead [D].
    pub due_on: NaiveDate,
    /// The claims it is asked about, by number; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<i64>,
    /// What it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CoTask>,
    /// Whether it may open the contact, where the lead may: not unless the office says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_identity: bool,
}

/// 转送 or 交办 of a screened matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forward {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// To whom, and how.
    pub hand_over: HandOver,
}

/// 撤回误转: takes a wrong forward back; refused once the agency accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recall {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Which assignment.
    pub assignment_id: AssignmentId,
    /// `wrong_agency`, `wrong_category`, `duplicate`, `other`.
    pub reason: String,
}

/// 同意异议 (Art. 23): the material comes back; the matter must go elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpholdObjection {
    /// What is ruled, and on what.
    #[serde(flatten)]
    pub rule: RuleOnObjection,
}

/// 不同意异议 (Art. 23): the agency goes on; T03 never stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectObjection {
    /// What is ruled, and on what.
    #[serde(flatten)]
    pub rule: RuleOnObjection,
}

/// What both rulings say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleOnObjection {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Which assignment.
    pub assignment_id: AssignmentId,
    /// Code of the reason.
    pub reason: String,
    /// The office's own words, short; they stay in routing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// 指定管辖 (Art. 24): records the written decision of the common superior, or of the joint conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideCompetence {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// 主办
    pub lead: AgencyCode,
    /// 办理期限
    pub due_on: NaiveDate,
    /// `superior:<code>` or `resolution:<id>`.
    pub by: String,
    /// Number of the written decision.
    pub document_number: String,
    /// A member's dissent is on record.
    #[serde(default)]
    pub dissent: bool,
    /// 协办
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co: Vec<CoHandler>,
}

/// 增加协办: one more unit gives a part, while the lead has not answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCo {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Who, by when, on what.
    pub co: CoHandler,
    /// Why it is asked although its refusal stands; owed in that case alone (Art. 23).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

/// 解除协办: the unit owes no part any more; the lead is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseCo {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Which assignment.
    pub assignment_id: AssignmentId,
    /// Why: one of the reasons that a person gives.
    pub reason: CoReleaseReason,
}

/// The matter as routing holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowMatter {
    /// Which.
    pub matter_id: MatterId,
}

/// The answer to [`ShowMatter`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterView {
    /// The matter.
    pub matter_id: MatterId,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// Its state.
    pub state: MatterState,
    /// 检举控告.
    pub restricted: bool,
    /// Class as decided, or as stated until then.
    pub purpose: Purpose,
    /// Category as decided.
    pub category: Option<String>,
    /// Route as decided.
    pub route: Option<Route>,
    /// Where the problem is; absent for restricted matters.
    pub place_region: Option<RegionCode>,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// T01.
    pub t01: Due,
    /// Proposed categories, best first.
    pub categories: Vec<Proposal>,
    /// Proposed agencies, best first.
    pub agencies: Vec<Proposal>,
    /// Each claim with its holder: `office`, or an agency's code.
    pub claims: Vec<ClaimView>,
    /// All assignments, oldest first.
    pub assignments: Vec<AssignmentView>,
    /// Refusals so far.
    #[serde(default)]
    pub bounces: i64,
    /// The dispute that waits for a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<DisputeView>,
}

/// One claim and who holds it (invariant 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimView {
    /// From 1.
    pub claim_no: i64,
    /// `office`, or an agency's code.
    pub holder: String,
    /// Outcome, once there is an opinion.
    pub outcome: Option<ClaimOutcome>,
}

/// 管辖争议
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisputeView {
    /// Who refused.
    pub agencies: Vec<AgencyCode>,
    /// The day.
    pub raised_on: NaiveDate,
    /// Who decides.
    pub deciders: Decider,
}

/// 异议
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectionView {
    /// The day as used.
    pub objected_on: NaiveDate,
    /// After T04.
    pub late: bool,
    /// The unit that the agency holds for competent.
    pub proposed_agency: Option<AgencyCode>,
    /// Its reasons, sealed in intake.
    pub content_id: kernel::ContentId,
    /// The ruling; absent while it is owed.
    pub ruling: Option<RulingView>,
}

/// The office's answer to an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RulingView {
    /// The answer.
    pub ruling: Ruling,
    /// Code of the reason.
    pub reason: String,
    /// The office's own words.
    pub note: Option<String>,
    /// The day.
    pub decided_on: NaiveDate,
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignmentView {
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// From 1.
    pub assignment_no: i64,
    /// Whom it went to.
    pub agency: AgencyCode,
    /// 转送 or 交办.
    pub mode: AssignmentMode,
    /// Its state.
    pub state: AssignmentState,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// `Art. 22(1)` and its like.
    pub legal_ground: String,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// The limit under a 交办.
    pub limit_on: Option<NaiveDate>,
    /// Delivered, signed, accepted, issued, served, closed: the days so far, by code word.
    pub days: std::collections::BTreeMap<String, NaiveDate>,
    /// Running and met limits.
    pub dues: Vec<Due>,
    /// Papers of the agency: kind (`acceptance_notice`, `opinion`, `service_record`, `report`) and content id.
    pub papers: Vec<(String, kernel::ContentId)>,
    /// How it ended.
    pub close_code: Option<CloseCode>,
    /// Follows a decision on competence: no objection any more.
    #[serde(default)]
    pub binding: bool,
    /// Why it went to a unit that had refused the matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    /// Objections, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objections: Vec<ObjectionView>,
    /// 主办 or 协办.
    #[serde(default = "crate::codes::lead", skip_serializing_if = "crate::codes::is_lead")]
    pub role: AssignmentRole,
    /// Of a co-agency: its share of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<CoShare>,
}

/// 协办分工: what a co-agency's assignment is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoShare {
    /// Number of the lead's assignment.
    pub lead_no: i64,
    /// The claims it is asked about, by number.
    pub claims: Vec<i64>,
    /// What it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CoTask>,
    /// The outcomes of its part, once it is here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<ClaimOutcome>,
    /// Why it was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<CoReleaseReason>,
    /// Whether it may open the contact.
    #[serde(default)]
    pub with_identity: bool,
}

/// 检举控告件: the restricted queue, for the restricted officer alone. No search, no filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestrictedQueue {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One restricted matter: dates and state, nothing of its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestrictedRow {
    /// The matter.
    pub matter_id: MatterId,
    /// Its state.
    pub state: MatterState,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// T01.
    pub t01: Due,
}

/// Units an accusation must never reach, told by the one who opened it (guard of Art. 30).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameAccused {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// The accused units; added to those named at registration.
    pub agencies: Vec<AgencyCode>,
}

/// 单位名录
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListAgencies {}

/// One agency as routing's register has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyRow {
    /// What was published of it.
    #[serde(flatten)]
    pub listed: AgencyListedV1,
    /// `hosted` or `own`.
    pub site: String,
    /// Category codes it answers for.
    pub competence: Vec<String>,
    /// Telephone of its petition desk.
    pub telephone: String,
}

/// 分类目录
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListCategories {}

/// One category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryRow {
    /// Its code.
    pub code: String,
    /// Code of the category above it.
    pub parent: Option<String>,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// An ordinary service request (a lamp, a drain, rubbish): programs may send it by Open311.
    #[serde(default)]
    pub service_request: bool,
}

/// `svc.routing.site.<agency>`: an agency's own site asks, before its first pull, whether it is the one that answers
/// for the agency. The first to ask becomes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimSite {
    /// The name that the installation made for itself and tells in every receipt.
    pub site: String,
}

/// It is the one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteClaimed {
    /// The same name.
    pub site: String,
}

commands! {
    Screen = "screen" -> Changed;
    Forward = "forward" -> Changed;
    Recall = "recall" -> Changed;
    UpholdObjection = "uphold_objection" -> Changed;
    RejectObjection = "reject_objection" -> Changed;
    DecideCompetence = "decide_competence" -> Changed;
    AddCo = "add_co" -> Changed;
    ReleaseCo = "release_co" -> Changed;
    NameAccused = "name_accused" -> Changed;
    ShowMatter = "matter" -> MatterView;
    RestrictedQueue = "restricted_queue" -> Page<RestrictedRow>;
    ListAgencies = "agencies" -> Vec<AgencyRow>;
    ListCategories = "categories" -> Vec<CategoryRow>;
    ClaimSite = "site" -> SiteClaimed;
    AddAgency = "add_agency" -> AgencyKept;
    ChangeAgency = "change_agency" -> AgencyKept;
    EndAgency = "end_agency" -> AgencyKept;
    ShowAgency = "agency" -> AgencyView;
    PageAgencies = "agencies_page" -> Page<AgencyLine>;
    ListOrphans = "orphans" -> Page<Orphan>;
    Reassign = "reassign" -> Changed;
    WhyProposed = "why_proposed" -> Why;
    ShowSuggestions = "suggestions" -> SuggestionsView;
    LearnNow = "learn_now" -> LearningAsked;
    SwitchSuggestions = "switch_suggestions" -> SuggestionView;
    ShowAgreement = "agreement" -> Agreement;
}
