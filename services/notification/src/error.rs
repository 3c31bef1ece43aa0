//! How notification says no. Codes are published: they never change their meaning.

use db::StoreError;
use kernel::{ErrorDef, ErrorKind, Refusal, WhoActs};

macro_rules! errors {
    ($($name:ident = $code:literal, $kind:ident, $acts:ident, $article:expr, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub static $name: ErrorDef = ErrorDef {
            code: $code, kind: ErrorKind::$kind, acts: WhoActs::$acts, article: $article, zh: $zh, en: $en,
        };)*
        /// Every refusal of notification.
        pub static ALL: &[&ErrorDef] = &[$(&$name,)*];
    };
}

errors! {
    NOT_ALLOWED = "notification_not_allowed", Forbidden, Administrator, None,
        "您的岗位不能办理通知；如确需办理，请联系本单位管理员授权。",
        "Your role may not handle notices; ask your administrator for the right.";
    NO_SUCH_NOTICE = "no_such_notice", NotFound, Sender, None,
        "没有这份通知，或者它不在您的查看范围内；请刷新页面。",
        "There is no such notice, or it is not yours to see; reload the page.";
    NOTICE_STATE = "notice_state", Conflict, Sender, None,
        "这份通知当前的状态（{state}）不能这样办理（{event}）；请刷新页面后再看。",
        "A notice in state {state} does not take this step ({event}); reload the page.";
    NOTICE_STALE = "notice_stale", Conflict, Sender, None,
        "这份通知刚被他人办理（现为第 {found} 版）；请刷新页面后再看。",
        "Somebody took a step on the notice meanwhile (it is at version {found}); reload the page.";
    NOTICE_DAY = "notice_day", Invalid, Sender, None,
        "日期不能晚于今天，也不能早于通知产生之日；请改正。",
        "The day is not after today and not before the notice itself; correct it.";
    NOTICE_CHANNEL = "notice_channel", Invalid, Sender, None,
        "这份通知不能用这种方式发送；请另选一种。",
        "This notice cannot go this way; choose another.";
    TOO_MANY_LETTERS = "too_many_letters", Invalid, Sender, None,
        "一次请选择 1 到 {most} 份；请分批办理。",
        "Choose 1 to {most} at once; do the rest in another batch.";
    PROOF_OWED = "delivery_proof_owed", Invalid, Sender, None,
        "请填写送达凭证（回执编号、单号或者签收情况，{most} 个字以内）。",
        "Name the proof of delivery (number of the receipt, or who signed), at most {most} characters.";
    STORE_AWAY = "notification_store_away", Unavailable, Operator, None,
        "通知服务暂时无法存取数据，未作任何更改；请稍后重试。",
        "The store of notification is away and nothing was changed; try again.";
    TEMPLATE_FAULT = "notice_template_fault", Internal, Operator, None,
        "通知模板“{template}”无法生成文字；请联系运维人员核对模板。",
        "The template `{template}` gives no text; the operator checks it.";
}

/// A store error as the caller sees it; logged here, once.
#[must_use]
pub fn away(store: &StoreError) -> Refusal {
    tracing::error!(error = %store, "notification's store failed");
    STORE_AWAY.refuse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_without_fault() {
        let own = web::errors_doc::ErrorSection { owner: "notification", defs: ALL };
        assert_eq!(web::errors_doc::faults(&[own]), Vec::<String>::new());
    }
}
