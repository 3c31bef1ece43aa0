//! How meetings says no. Codes are published: they never change their meaning.

use kernel::{ErrorDef, ErrorKind, WhoActs};

macro_rules! errors {
    ($($name:ident = $code:literal, $kind:ident, $acts:ident, $article:expr, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub static $name: ErrorDef = ErrorDef {
            code: $code, kind: ErrorKind::$kind, acts: WhoActs::$acts, article: $article, zh: $zh, en: $en,
        };)*
        /// Every refusal of meetings.
        pub static ALL: &[&ErrorDef] = &[$(&$name,)*];
    };
}

errors! {
    NOT_ALLOWED = "meetings_not_allowed", Forbidden, Administrator, None,
        "您的岗位不能办理会议事务；如确需办理，请联系本单位管理员授权。",
        "Your role may not do this with meetings; ask your administrator for the right.";
    NO_SUCH_BODY = "no_such_conference", NotFound, Sender, None,
        "没有这个联席会议；请从列表中选择。",
        "There is no such joint conference; choose one of the list.";
    NO_SUCH_ITEM = "no_such_agenda_item", NotFound, Sender, None,
        "没有这个议题，或者它不在您的查看范围内；请刷新页面。",
        "There is no such agenda item, or it is not yours to see; reload the page.";
    NO_SUCH_MEETING = "no_such_meeting", NotFound, Sender, None,
        "没有这次会议，或者您的单位未受邀请；请刷新页面。",
        "There is no such meeting, or your unit is not invited; reload the page.";
    NO_SUCH_TASK = "no_such_resolution_task", NotFound, Sender, None,
        "没有这份交办单，或者它不在您的查看范围内；请刷新页面。",
        "There is no such task of a resolution, or it is not yours to see; reload the page.";
    NO_SUCH_MATTER = "no_matter_for_agenda", NotFound, Sender, None,
        "会议服务没有这件信访事项，或者它不能列入议题；请核对编号，刚登记的请稍候几秒。",
        "Meetings has no such matter, or it cannot be put on an agenda; check the number, and wait a few seconds if it was just registered.";
    NO_SUCH_UNIT = "no_such_conference_unit", Invalid, Sender, None,
        "单位名录中没有“{unit}”；请从名录中选择。",
        "The register has no unit `{unit}`; choose one of the register.";
    ITEM_OPEN_ALREADY = "agenda_item_open_already", Conflict, Sender, None,
        "这件信访事项已有一个未了结的议题；请先处理该议题。",
        "An agenda item about this matter is still open; deal with that one first.";
    STALE = "conference_stale", Conflict, Sender, None,
        "内容刚被他人更新（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "Somebody changed it meanwhile (now version {found}); reload, check and submit again.";
    ITEM_WRONG_STATE = "agenda_item_wrong_state", Conflict, Sender, None,
        "议题当前状态为“{state}”，不能进行“{event}”；请刷新页面。",
        "In state `{state}` the agenda item's step `{event}` is not possible; reload to see where it stands.";
    MEETING_WRONG_STATE = "meeting_wrong_state", Conflict, Sender, None,
        "会议当前状态为“{state}”，不能进行“{event}”；请刷新页面。",
        "In state `{state}` the meeting's step `{event}` is not possible; reload to see where it stands.";
    TASK_WRONG_STATE = "resolution_task_wrong_state", Conflict, Sender, Some("Art. 12"),
        "交办单当前状态为“{state}”，不能进行“{event}”；请刷新页面。",
        "In state `{state}` the task's step `{event}` is not possible; reload to see where it stands.";
    KIND_NOT_OF_BODY = "meeting_kind_not_of_conference", Invalid, Sender, None,
        "该联席会议不设此类会议；请从列表中选择。",
        "This conference has no meetings of that kind; choose one of the list.";
    TIMES_WRONG = "meeting_times_wrong", Invalid, Sender, None,
        "会议须在现在之后开始，在同一天内结束，且结束晚于开始；请改正时间。",
        "A meeting begins after now and ends later the same day; correct the times.";
    REPLY_BY_WRONG = "meeting_reply_by_wrong", Invalid, Sender, None,
        "回复截止日须在今天到会议当天之间；请改正。",
        "The day for replies lies between today and the day of the meeting; correct it.";
    NOTICE_SHORT = "meeting_notice_short", Invalid, Sender, None,
        "此类会议应提前 {owed} 天通知，现仅提前 {given} 天；确需召开的，请写明理由后再提交。",
        "This kind of meeting has {owed} days of notice, this one {given}; to call it all the same, give the reason and submit again.";
    NOBODY_INVITED = "meeting_without_invitations", Invalid, Sender, None,
        "请至少邀请一个单位，每个单位一次，最多 {most} 个。",
        "Invite at least one unit, each once, at most {most}.";
    AGENDA_WRONG = "meeting_agenda_wrong", Invalid, Sender, None,
        "议程中每个议题只列一次，最多 {most} 个。",
        "An agenda has each item once, and at most {most}.";
    TEXT_OWED = "conference_field_owed", Invalid, Sender, None,
        "请填写“{field}”，该项不能为空。",
        "Fill in `{field}`; it must not be empty.";
    TEXT_TOO_LONG = "conference_field_too_long", TooLarge, Sender, None,
        "“{field}”最多 {most} 个字，且不能含控制字符；请精简后提交。",
        "`{field}` takes at most {most} characters and no control characters; shorten it.";
    NOT_STARTED = "meeting_not_started", Conflict, Office, None,
        "会议尚未开始（{starts}），不能登记到会；请在会议开始后登记。",
        "The meeting has not begun ({starts}); record the attendance after its start.";
    ATTENDANCE_INCOMPLETE = "attendance_incomplete", Invalid, Sender, None,
        "每个受邀单位须登记一次到会情况；到会的须写明姓名和职务。",
        "Record the attendance of each invited unit once, with name and post of who came.";
    POSITIONS_OWED = "positions_owed", Conflict, Office, Some("Art. 24"),
        "管辖争议须有各方书面意见才能议定，尚缺：{unit}；请该单位提交，或记录其会上发言。",
        "A dispute of competence is resolved with the positions of all sides; missing: {unit}. Let that unit file it, or record what it says.";
    NOT_A_PARTY = "not_a_party", Invalid, Sender, None,
        "该单位不是此议题的当事单位；请从当事单位中选择。",
        "That unit is no party to the item; choose one of the parties.";
    RESOLVED_OWED = "resolved_owed", Invalid, Sender, Some("Art. 24"),
        "议定的议题须写明责任单位、期限、任务和核验人；未议定的不填。",
        "A resolved item names one lead, a due date, the action and who checks; others name none of them.";
    CO_WRONG = "co_units_wrong", Invalid, Sender, None,
        "协办单位不能与责任单位相同，每个单位一次，期限须在今天之后、且早于责任单位的期限。",
        "A co-handling unit is not the lead, stands once, and is due after today and before the lead.";
    DUE_OUT_OF_RANGE = "resolution_due_out_of_range", Invalid, Sender, None,
        "期限须在明天到一年之内。",
        "The date lies between tomorrow and a year from now.";
    UNTIL_OWED = "deferral_date_owed", Invalid, Sender, None,
        "缓议须写明缓至何日（今天之后、一年之内）；其他结果不填。",
        "A deferral names its day, after today and within a year; other outcomes name none.";
    DISSENT_NOT_INVITED = "dissent_not_invited", Invalid, Sender, None,
        "只有到会的受邀单位才能记录异议；请核对单位，并写明异议内容。",
        "Only a unit that was invited and came may dissent; check the unit, and give its words.";
    UNDECIDED = "items_undecided", Conflict, Office, None,
        "议题“{item}”尚未记录结果；每个议题都须议定、缓议、退回或报请，才能审定纪要。",
        "Item `{item}` has no outcome yet; resolve, defer, return or report up each before the minutes are fixed.";
    NOT_SET_ASIDE = "resolution_not_set_aside", Conflict, Sender, None,
        "只有未能执行的议定事项才能重新上会。",
        "Only a resolution that could not be carried out goes back to the agenda.";
    SEND_BACK_INCOMPLETE = "task_send_back_incomplete", Invalid, Sender, Some("Art. 12"),
        "退回须写明原因和新的期限。",
        "A report is sent back with a reason and another day.";
    STORE_AWAY = "meetings_store_away", Unavailable, Operator, None,
        "会议数据库暂时不可用，未作任何更改；请稍后重试，仍不行请联系运维人员。",
        "The store of meetings is away; nothing was changed. Try again, then tell the operator.";
}
