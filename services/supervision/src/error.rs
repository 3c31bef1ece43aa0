//! How supervision says no. Codes are published: they never change their meaning.

use kernel::{ErrorDef, ErrorKind, WhoActs};

macro_rules! errors {
    ($($name:ident = $code:literal, $kind:ident, $acts:ident, $article:expr, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub static $name: ErrorDef = ErrorDef {
            code: $code, kind: ErrorKind::$kind, acts: WhoActs::$acts, article: $article, zh: $zh, en: $en,
        };)*
        /// Every refusal of supervision.
        pub static ALL: &[&ErrorDef] = &[$(&$name,)*];
    };
}

errors! {
    NOT_ALLOWED = "supervision_not_allowed", Forbidden, Administrator, None,
        "您的岗位不能督办；如确需办理，请联系本单位管理员授权。",
        "Your role may not supervise; ask your administrator for the right.";
    NO_SUCH_DUTY = "no_such_supervised_matter", NotFound, Sender, None,
        "督查服务没有这件信访事项，或者它不在您的查看范围内；请核对编号，刚登记的请稍候几秒。",
        "Supervision has no such matter, or it is not yours to see; check the number, and wait a few seconds if it was just registered.";
    NO_SUCH_ORDER = "no_such_order", NotFound, Sender, None,
        "没有这份督办函，或者它不在您的查看范围内；请刷新页面。",
        "There is no such order, or it is not yours to see; reload the page.";
    NO_SUCH_ASSIGNMENT = "no_assignment_to_urge", NotFound, Sender, Some("Art. 40"),
        "没有这件交转件，或它已撤回；督办函只能发给持有此件的单位。",
        "There is no such assignment, or it was taken back; an order goes to the agency that holds one.";
    ORDER_OPEN_ALREADY = "order_open_already", Conflict, Sender, Some("Art. 40"),
        "此件已有一份督办函（或拟督办）尚未办结；请先处理该件。",
        "An order or a draft about this assignment is still open; deal with that one first.";
    ORDER_STALE = "order_stale", Conflict, Sender, None,
        "这份督办函刚被更新（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "The order was changed meanwhile (now version {found}); reload, check and submit again.";
    ORDER_WRONG_STATE = "order_wrong_state", Conflict, Sender, Some("Art. 40"),
        "督办函当前状态为“{state}”，不能进行“{event}”；请刷新页面。",
        "In state `{state}` the order's step `{event}` is not possible; reload to see where it stands.";
    ORDER_DUE_OUT_OF_RANGE = "order_due_out_of_range", Invalid, Sender, Some("Art. 40"),
        "回复期限须在明天到一年之内。",
        "The day for the reply lies between tomorrow and a year from now.";
    SEND_BACK_INCOMPLETE = "send_back_incomplete", Invalid, Sender, Some("Art. 40"),
        "退回须写明原因和新的回复期限。",
        "A reply is sent back with a reason and another day.";
    STORE_AWAY = "supervision_store_away", Unavailable, Operator, None,
        "督查数据库暂时不可用，未作任何更改；请稍后重试，仍不行请联系运维人员。",
        "The store of supervision is away; nothing was changed. Try again, then tell the operator.";
}
