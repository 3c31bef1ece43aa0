//! The refusals of the door itself, before any command was reached.

use kernel::{ErrorDef, ErrorKind, WhoActs};

use crate::door::NOT_SIGNED_IN;

/// The body, the query or the form does not read as the documented shape.
pub static MALFORMED_INPUT: ErrorDef = ErrorDef {
    code: "malformed_input",
    kind: ErrorKind::Invalid,
    acts: WhoActs::Sender,
    article: None,
    zh: "提交的内容格式不正确或缺少必填项，请检查后重新提交。",
    en: "The input is malformed or lacks a required field; please correct it and send it again.",
};
/// A media type that this route does not read.
pub static UNSUPPORTED_MEDIA_TYPE: ErrorDef = ErrorDef {
    code: "unsupported_media_type",
    kind: ErrorKind::Invalid,
    acts: WhoActs::Sender,
    article: None,
    zh: "不支持这种提交格式。",
    en: "This media type is not accepted here.",
};
/// The body is larger than the route takes.
pub static BODY_TOO_LARGE: ErrorDef = ErrorDef {
    code: "body_too_large",
    kind: ErrorKind::TooLarge,
    acts: WhoActs::Sender,
    article: None,
    zh: "提交的内容过大，请缩小后重新提交。",
    en: "The body is too large; please make it smaller and send it again.",
};
/// The client's budget for this route is used up.
pub static TOO_MANY_REQUESTS: ErrorDef = ErrorDef {
    code: "too_many_requests",
    kind: ErrorKind::TooMany,
    acts: WhoActs::Sender,
    article: None,
    zh: "操作过于频繁，请在 {retry_after_s} 秒后再试。",
    en: "Too many requests; please try again in {retry_after_s} seconds.",
};
/// The request came from a page of another site.
pub static CROSS_SITE_REQUEST: ErrorDef = ErrorDef {
    code: "cross_site_request",
    kind: ErrorKind::Forbidden,
    acts: WhoActs::Sender,
    article: None,
    zh: "该请求来自其他网站，已拒绝。请从本系统页面重新操作。",
    en: "The request came from another site and was refused; please repeat it from a page of this system.",
};
/// The actor may not do or see this.
pub static NOT_ALLOWED: ErrorDef = ErrorDef {
    code: "not_allowed",
    kind: ErrorKind::Forbidden,
    acts: WhoActs::Administrator,
    article: None,
    zh: "您没有此项操作的权限。",
    en: "You do not have the right to do this.",
};
/// No such page, or not for this actor.
pub static PAGE_NOT_FOUND: ErrorDef = ErrorDef {
    code: "page_not_found",
    kind: ErrorKind::NotFound,
    acts: WhoActs::Sender,
    article: None,
    zh: "没有这个页面，或者您无权查看。",
    en: "There is no such page, or not for you.",
};
/// The page exists, the method does not.
pub static METHOD_NOT_ALLOWED: ErrorDef = ErrorDef {
    code: "method_not_allowed",
    kind: ErrorKind::Invalid,
    acts: WhoActs::Sender,
    article: None,
    zh: "该地址不支持这种请求方法。",
    en: "This address does not take that method.",
};
/// The request took too long, or a part of the suite is away.
pub static TEMPORARILY_UNAVAILABLE: ErrorDef = ErrorDef {
    code: "temporarily_unavailable",
    kind: ErrorKind::Unavailable,
    acts: WhoActs::Operator,
    article: None,
    zh: "服务暂时不可用，请稍后再试。",
    en: "The service is temporarily unavailable; please try again later.",
};
/// A defect of ours.
pub static INTERNAL_ERROR: ErrorDef = ErrorDef {
    code: "internal_error",
    kind: ErrorKind::Internal,
    acts: WhoActs::Operator,
    article: None,
    zh: "系统内部错误，操作未完成。请联系系统管理人员。",
    en: "An internal error occurred and nothing was done; please tell the operator.",
};

/// All of them, for `ERRORS.md`; those of the NATS door are in [`crate::ask::ALL`].
pub static ALL: &[&ErrorDef] = &[
    &MALFORMED_INPUT,
    &UNSUPPORTED_MEDIA_TYPE,
    &BODY_TOO_LARGE,
    &TOO_MANY_REQUESTS,
    &CROSS_SITE_REQUEST,
    &NOT_ALLOWED,
    &PAGE_NOT_FOUND,
    &METHOD_NOT_ALLOWED,
    &TEMPORARILY_UNAVAILABLE,
    &INTERNAL_ERROR,
];

/// The refusal that says what a bare status means, for answers that the framework made.
#[must_use]
pub fn of_status(status: u16) -> &'static ErrorDef {
    match status {
        401 => &NOT_SIGNED_IN,
        403 => &NOT_ALLOWED,
        404 | 410 => &PAGE_NOT_FOUND,
        405 => &METHOD_NOT_ALLOWED,
        408 | 502..=504 => &TEMPORARILY_UNAVAILABLE,
        413 => &BODY_TOO_LARGE,
        415 => &UNSUPPORTED_MEDIA_TYPE,
        429 => &TOO_MANY_REQUESTS,
        400..=499 => &MALFORMED_INPUT,
        _ => &INTERNAL_ERROR,
    }
}
