//! How routing says no. Codes are published: they never change their meaning.

use db::StoreError;
use kernel::{ErrorDef, ErrorKind, Refusal, WhoActs};

/// A store error as the caller sees it.
pub(crate) fn away(store: &StoreError) -> Refusal {
    tracing::error!(error = %store, "routing's store failed");
    STORE_AWAY.refuse()
}

macro_rules! errors {
    ($($name:ident = $code:literal, $kind:ident, $acts:ident, $article:expr, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub static $name: ErrorDef = ErrorDef {
            code: $code, kind: ErrorKind::$kind, acts: WhoActs::$acts, article: $article, zh: $zh, en: $en,
        };)*
        /// Every refusal of routing.
        pub static ALL: &[&ErrorDef] = &[$(&$name,)*];
    };
}

errors! {
    NOT_ALLOWED = "routing_not_allowed", Forbidden, Administrator, None,
        "您的岗位不能办理此事；如确需办理，请联系本单位管理员授权。",
        "Your role may not do this; ask your administrator for the right.";
    NO_SUCH_MATTER = "no_such_matter", NotFound, Sender, None,
        "没有这件信访事项，或者它不在您的查看范围内；请核对编号。",
        "There is no such matter, or it is not yours to see; check the number.";
    NOT_HERE_YET = "not_here_yet", NotHereYet, Sender, None,
        "该信访件刚登记，转办服务尚未收到；请稍候几秒再试，内容未丢失。",
        "The matter was registered a moment ago and has not arrived here; try again in a few seconds.";
    STALE_VERSION = "stale_version", Conflict, Sender, None,
        "这件信访事项刚被他人更新（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "Somebody changed the matter meanwhile (now version {found}); reload, check and submit again.";
    WRONG_STATE = "wrong_state", Conflict, Sender, Some("Art. 22"),
        "当前状态为“{state}”，不能进行“{event}”；请刷新页面查看最新进度。",
        "In state `{state}` the step `{event}` is not possible; reload to see where the matter stands.";
    CATEGORY_OWED = "category_owed", Invalid, Sender, Some("Art. 22"),
        "请选择内容分类；只有检举控告类不需要分类。",
        "Choose a category; only an accusation goes without one.";
    UNKNOWN_CATEGORY = "unknown_category", Invalid, Sender, None,
        "目录中没有内容分类“{code}”；请从列表中选择。",
        "The catalogue has no category `{code}`; choose one of the list.";
    ROUTE_OWED = "route_owed", Invalid, Sender, Some("Art. 31"),
        "申诉求决类事项须选择办理途径（R1—R6）。",
        "A claim needs its route of Article 31 (R1–R6).";
    ROUTE_WITHOUT_CLAIM = "route_without_claim", Invalid, Sender, Some("Art. 31"),
        "只有申诉求决类事项才区分第三十一条的六种途径；请清空“办理途径”。",
        "Only claims have a route of Article 31; clear the field.";
    STAYS_RESTRICTED = "stays_restricted", Conflict, Office, Some("Art. 30"),
        "已作为检举控告件受控管理，不能改为普通事项；如属误判，请由专办员重新登记其中的普通诉求。",
        "The matter is handled as an accusation and stays restricted; register an ordinary claim in it anew.";
    UNKNOWN_AGENCY = "unknown_agency", Invalid, Sender, Some("Art. 22"),
        "单位名录中没有“{code}”，或该单位已撤并；请从列表中选择承办单位。",
        "The register has no agency `{code}`, or it has ended; choose one of the list.";
    ACCUSED_UNIT = "accused_unit", Forbidden, Office, Some("Art. 30"),
        "该单位不能接收此件：检举控告材料不得转给被检举控告的单位及其下属单位。请另选承办单位。",
        "This unit must not get the matter: an accusation never goes to the accused unit or one under it. Choose another.";
    ACCUSED_NOT_KNOWN_YET = "accused_not_known_yet", NotHereYet, Sender, Some("Art. 30"),
        "正在核对被检举控告单位，请稍候几秒再转办。",
        "The accused units are still being fetched; try again in a few seconds.";
    LIMIT_OWED = "limit_owed", Invalid, Sender, Some("Art. 22"),
        "交办须写明办理期限，请填写“办理期限”。",
        "An assignment names its limit: fill in the date.";
    LIMIT_WITHOUT_ASSIGNMENT = "limit_without_assignment", Invalid, Sender, Some("Art. 22"),
        "转送不另设期限（按条例十五日告知）；如需限期反馈，请选择“交办”。",
        "A forwarding has no limit of its own; choose an assignment if you need one.";
    LIMIT_OUT_OF_RANGE = "limit_out_of_range", Invalid, Sender, Some("Art. 22"),
        "办理期限须在明天到一年之内。",
        "The limit lies between tomorrow and a year from now.";
    NO_SUCH_ASSIGNMENT = "no_such_assignment", NotFound, Sender, None,
        "没有这件交转件，或它已撤回、办结；请刷新页面。",
        "There is no such assignment, or it has ended; reload the page.";
    ALREADY_ACCEPTED = "already_accepted", Conflict, Office, Some("Art. 23"),
        "承办单位已受理（{state}），不能撤回；请与承办单位协商或由其提出异议。",
        "The agency has accepted ({state}); it can no longer be recalled.";
    UNKNOWN_REASON = "unknown_reason", Invalid, Sender, None,
        "请选择撤回原因。",
        "Choose the reason of the recall.";
    NO_OPEN_OBJECTION = "no_open_objection", Conflict, Sender, Some("Art. 23"),
        "当前状态为“{state}”，没有待核的异议；请刷新页面。",
        "In state `{state}` there is no objection to rule on; reload the page.";
    RULING_REASON_OWED = "ruling_reason_owed", Invalid, Sender, Some("Art. 23"),
        "请选择同意或不同意异议的理由。",
        "Choose the reason of the ruling.";
    LATE_OBJECTION = "late_objection", Forbidden, Office, Some("Art. 23"),
        "该异议超过五个工作日才提出，同意须经联席办主任；请由主任办理，或不同意异议。",
        "The objection came after five working days; only the director may uphold it. Hand it on, or reject it.";
    NOTE_TOO_LONG = "office_note_too_long", TooLarge, Sender, None,
        "说明最多 {most} 个字；请精简。",
        "The office's words take at most {most} characters; shorten them.";
    UNIT_REFUSED_BEFORE = "unit_refused_before", Conflict, Sender, Some("Art. 23"),
        "联席办已同意该单位的异议；确需再次交该单位的，请填写理由。",
        "The office agreed that this unit is not competent; say why it gets the matter all the same.";
    NOT_THE_DECIDER = "not_the_decider", Invalid, Office, Some("Art. 24"),
        "管辖争议由共同的上一级机关决定，没有共同上一级的由联席会议协调；请填写有权决定者的书面决定。",
        "The common superior decides, or else the joint conference; record the decision of the one named.";
    DECISION_NUMBER_OWED = "decision_number_owed", Invalid, Sender, Some("Art. 24"),
        "请填写书面决定的文号（最多 {most} 个字）。",
        "Name the number of the written decision (at most {most} characters).";
    CO_TOO_MANY = "co_too_many", Invalid, Sender, Some("Art. 24"),
        "一件事项最多 {most} 个协办单位；请只保留确需协办的单位。",
        "A case takes at most {most} co-agencies; keep those that are needed.";
    CO_TWICE = "co_twice", Invalid, Sender, Some("Art. 24"),
        "协办单位“{agency}”重复；每个单位只列一次，并写明全部诉求。",
        "The co-agency `{agency}` is named twice; name it once, with all its claims.";
    CO_IS_LEAD = "co_is_lead", Invalid, Sender, Some("Art. 24"),
        "主办单位不能同时为协办单位；请另选协办单位。",
        "The lead cannot be its own co-agency; choose another unit.";
    CO_DUE_OUT_OF_RANGE = "co_due_out_of_range", Invalid, Sender, Some("Art. 24"),
        "协办时限须在明天到 {last} 之间：主办单位须在 {before} 前收齐协办意见再作答复。请修改协办时限。",
        "A part is due between tomorrow and {last}: the lead needs every part before {before}. Change the date.";
    CO_CLAIM_UNKNOWN = "co_claim_unknown", Invalid, Sender, Some("Art. 24"),
        "协办事项所列的诉求序号不存在或重复；请从诉求列表中选择，全部诉求可留空。",
        "A claim number is unknown or named twice; choose from the list, or leave it empty for all.";
    CO_REASON_OWED = "co_reason_owed", Invalid, Sender, Some("Art. 24"),
        "请选择解除协办的原因。",
        "Choose why the co-agency is released.";
    NOT_REGISTER_KEEPER = "not_register_keeper", Forbidden, Administrator, None,
        "单位名录由联席办系统管理员或主任维护；请联系他们办理。",
        "The register of agencies is kept by the office's administrator or director; ask one of them.";
    NO_SUCH_AGENCY = "no_such_agency", NotFound, Sender, None,
        "单位名录中没有“{code}”；请从名录中选择。",
        "The register has no agency `{code}`; choose one of the register.";
    AGENCY_STALE = "agency_stale", Conflict, Sender, None,
        "该单位的名录信息刚被他人更新（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "Somebody changed this entry meanwhile (now version {found}); reload, check and submit again.";
    AGENCY_CODE_TAKEN = "agency_code_taken", Conflict, Sender, None,
        "代码“{code}”已用过（撤并单位的代码也不再使用）；请另取代码。",
        "The code `{code}` is or was in use, and a code is never used again; choose another.";
    REGISTER_FULL = "register_full", TooMany, Operator, None,
        "单位名录最多 {most} 个单位；请联系运维人员。",
        "The register holds {most} agencies at most; tell the operator.";
    AGENCY_SITE = "agency_site", Invalid, Sender, None,
        "请选择办理站点：由联席办托管，或单位自建站点。",
        "Choose where it works: hosted by the office, or at a site of its own.";
    AGENCY_WORDS = "agency_words", Invalid, Sender, None,
        "此项必填或内容过长（最多 {most}）；请修改。",
        "This is owed, or too long (at most {most}); change it.";
    AGENCY_MAIL = "agency_mail", Invalid, Sender, Some("Art. 14"),
        "信访工作机构的电子邮箱不是有效地址；请修改或留空。",
        "The petition desk's mail address is none; change it or leave it empty.";
    AGENCY_DAY = "agency_day", Invalid, Sender, None,
        "日期须在今天前后 {days} 天以内，终止日不早于设立日；已到的设立日不能再改。",
        "The day lies within {days} days of today, an end not before the beginning; a beginning that has come stays.";
    AGENCY_SUPERIOR = "agency_superior", Invalid, Sender, Some("Art. 24"),
        "“{code}”不能作为上级单位：名录中没有、届时已撤并，或者是本单位及其下属单位。",
        "`{code}` cannot be the superior: it is unknown, has ended by then, or is this unit or one under it.";
    AGENCY_OVER = "agency_over", Conflict, Sender, Some("Art. 24"),
        "单位“{code}”已于 {last} 撤并，名录信息不再变更。",
        "The agency `{code}` ended on {last}; its entry stays as it is.";
    AGENCY_ENDED = "agency_ended", Invalid, Sender, Some("Art. 24"),
        "单位“{code}”已于 {last} 撤并，不能再接收事项。承继单位：{successors}；没有列出的，由本级党委、政府指定。",
        "The agency `{code}` ended on {last} and takes nothing more. Successors: {successors}; where none is named, the committee or government of the level names one.";
    AGENCY_NOT_YET = "agency_not_yet", Invalid, Sender, None,
        "单位“{code}”自 {from} 起设立，目前还不能接收事项；请另选单位。",
        "The agency `{code}` exists from {from} only; choose another.";
    SUCCESSORS_OWED = "successors_owed", Invalid, Sender, Some("Art. 24"),
        "合并须写明一个承继单位；分立须写明两个以上承继单位及各自的事项类别或区域。",
        "A merger names one successor; a split names two or more, each with its categories or regions.";
    SUCCESSOR_UNFIT = "successor_unfit", Invalid, Sender, Some("Art. 24"),
        "“{code}”不能作为承继单位：须在 {day} 存在、不是本单位、不重复列出。请先新增该单位。",
        "`{code}` cannot be a successor: it must exist on {day}, be another unit and be named once. Add it first.";
    AGENCY_HAS_UNITS = "agency_has_units", Conflict, Sender, Some("Art. 24"),
        "以下单位仍以本单位为上级：{units}。请先变更它们的上级单位，再办理撤并。",
        "These units still lie under it: {units}. Change their superior first, then end it.";
    AGENCY_GOES_ON = "agency_goes_on", Conflict, Office, Some("Art. 24"),
        "承办单位“{code}”未办理撤并，不能改派；如属误转，请撤回。",
        "The agency `{code}` does not end: nothing to hand to a successor. Recall a wrong forward instead.";
    OPINION_STANDS = "opinion_stands", Conflict, Office, Some("Art. 24"),
        "原单位已出具处理意见，意见继续有效，不再改派；请由承继单位人员在原单位账户下完成送达和办结。",
        "The opinion was issued and stands; the successor's people serve and complete it at the ended unit's desk.";
    NOT_SUGGESTION_KEEPER = "not_suggestion_keeper", Forbidden, Administrator, None,
        "系统建议由联席办系统管理员或主任管理；请联系他们办理。",
        "What the system proposes is looked after by the office's administrator or director; ask one of them.";
    SUGGESTIONS_STALE = "suggestions_stale", Conflict, Sender, None,
        "正在使用的版本刚有变化（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "Another version is in use meanwhile (now version {found}); reload, check and submit again.";
    NO_EARLIER_VERSION = "no_earlier_version", Conflict, Sender, None,
        "没有更早的版本可退回；如需停止使用，请选择“停用”。",
        "There is no earlier version to go back to; switch it off if it is not to be used.";
    SUGGESTION_FILES = "suggestion_files", Unavailable, Operator, None,
        "建议版本的文件无法读写，系统建议仍按规则提出；请联系运维人员。",
        "The files of the learned versions cannot be read or written; proposals go on by the rules. Tell the operator.";
    PERIOD_UPSIDE_DOWN = "period_upside_down", Invalid, Sender, None,
        "起始日期晚于截止日期；请修改。",
        "The period begins after its end; change the days.";
    STORE_AWAY = "routing_store_away", Unavailable, Operator, None,
        "转办数据库暂时不可用，未作任何更改；请稍后重试，仍不行请联系运维人员。",
        "The store of routing is away; nothing was changed. Try again, then tell the operator.";
    SECOND_SITE = "second_site", Conflict, Operator, None,
        "该单位已有另一处站点在办理（自 {since} 起）。请停用本处；如确需更换，请联席办先吊销旧站点。",
        "Another site has answered for this agency since {since}. Stop this one; to move, ask the office first.";
}
