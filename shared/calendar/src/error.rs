//! Why a date or an extension is refused: typed, with the stable code that doors show.

use chrono::NaiveDate;
use kernel::{ErrorDef, ErrorKind, Refusal, WhoActs};

use crate::{BadLimit, PauseReason, RuleId};

/// The rules do not give this date, or do not allow this extension or pause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitRefused {
    /// No entry of the profile holds for a limit that starts on this day.
    #[error("{rule} has no numbers in force on {on}")]
    NotInForce {
        /// The rule.
        rule: RuleId,
        /// The start.
        on: NaiveDate,
    },
    /// The rule has no number of days (T11, T18).
    #[error("{rule} has no number of days")]
    NoDays {
        /// The rule.
        rule: RuleId,
    },
    /// The limit of a 交办 is named by the assigner and was not given (T05, Art. 22).
    #[error("{rule} needs the limit that the assigner named")]
    LimitNotNamed {
        /// The rule.
        rule: RuleId,
    },
    /// A limit was named for a rule whose number is the law's.
    #[error("{rule} has a number of its own; none may be named")]
    LimitNotNameable {
        /// The rule.
        rule: RuleId,
    },
    /// The rule knows no extension.
    #[error("{rule} cannot be extended")]
    NotExtendable {
        /// The rule.
        rule: RuleId,
    },
    /// It was extended already (Art. 34 caps the total; once by domain.md 1.5 f).
    #[error("{rule} was already extended by {extended_days} days; a second extension is refused")]
    SecondExtension {
        /// The rule.
        rule: RuleId,
        /// What it was extended by.
        extended_days: u32,
    },
    /// More days than the law allows, or none.
    #[error("{rule} may be extended by 1 to {most} days, not by {asked}")]
    ExtensionOutOfBounds {
        /// The rule.
        rule: RuleId,
        /// What was asked.
        asked: u32,
        /// What is allowed.
        most: u32,
    },
    /// Granted after the limit had run out, or before it began.
    #[error("the extension of {rule} was granted on {granted_on}, outside {start_on} to {legal_on}")]
    ExtensionOutOfTime {
        /// The rule.
        rule: RuleId,
        /// The day it was granted.
        granted_on: NaiveDate,
        /// The start of the limit.
        start_on: NaiveDate,
        /// Its legal date.
        legal_on: NaiveDate,
    },
    /// The rule does not stop for this reason.
    #[error("{rule} does not pause for {reason:?}")]
    PauseNotAllowed {
        /// The rule.
        rule: RuleId,
        /// The reason given.
        reason: PauseReason,
    },
    /// The numbers make no sense.
    #[error(transparent)]
    Bad(#[from] BadLimit),
}

const fn def(
    code: &'static str,
    kind: ErrorKind,
    acts: WhoActs,
    article: Option<&'static str>,
    zh: &'static str,
    en: &'static str,
) -> ErrorDef {
    ErrorDef { code, kind, acts, article, zh, en }
}

use ErrorKind::{Conflict, Invalid};
use WhoActs::{Administrator, Agency, Office, Sender};

static NOT_IN_FORCE: ErrorDef = def(
    "limit_not_in_force",
    Invalid,
    Administrator,
    None,
    "时限 {rule} 在 {on} 没有有效的规则；请管理员补充政策规则集。",
    "Limit {rule} has no numbers in force on {on}; an administrator must add them to the policy profile.",
);
static NO_DAYS: ErrorDef = def(
    "limit_without_days",
    Invalid,
    Sender,
    None,
    "时限 {rule} 没有天数，不能计算日期。",
    "Limit {rule} has no number of days; it gives no date.",
);
static NOT_NAMED: ErrorDef = def(
    "limit_not_named",
    Invalid,
    Office,
    Some("Art. 22"),
    "交办必须指定办理期限。",
    "An assignment must name its limit.",
);
static NOT_NAMEABLE: ErrorDef = def(
    "limit_not_nameable",
    Invalid,
    Sender,
    None,
    "时限 {rule} 由法规规定，不能另行指定。",
    "Limit {rule} is set by law; none may be named.",
);
static NOT_EXTENDABLE: ErrorDef = def(
    "limit_not_extendable",
    Conflict,
    Agency,
    None,
    "时限 {rule} 不能延长。",
    "Limit {rule} cannot be extended.",
);
static SECOND_EXTENSION: ErrorDef = def(
    "second_extension",
    Conflict,
    Agency,
    Some("Art. 34"),
    "已延长过 {extended_days} 日，不能再次延长。",
    "It was already extended by {extended_days} days; a second extension is refused.",
);
static EXTENSION_OUT_OF_BOUNDS: ErrorDef = def(
    "extension_out_of_bounds",
    Invalid,
    Agency,
    Some("Art. 34"),
    "只能延长 1 至 {most} 日，不能延长 {asked} 日。",
    "It may be extended by 1 to {most} days, not by {asked}.",
);
static EXTENSION_OUT_OF_TIME: ErrorDef = def(
    "extension_out_of_time",
    Conflict,
    Agency,
    Some("Art. 34"),
    "延期须在期限届满前批准（{start_on} 至 {legal_on}），批准日为 {granted_on}。",
    "An extension must be granted within the limit ({start_on} to {legal_on}), not on {granted_on}.",
);
static PAUSE_NOT_ALLOWED: ErrorDef = def(
    "pause_not_allowed",
    Invalid,
    Agency,
    None,
    "时限 {rule} 不因此停止计算。",
    "Limit {rule} does not stop for this reason.",
);
static BAD_LIMIT: ErrorDef = def(
    "limit_unreckonable",
    Invalid,
    Sender,
    None,
    "期限无法计算：{why}",
    "The limit cannot be reckoned: {why}",
);

/// Every refusal of this crate, for the generated list of error codes.
pub static ALL: &[&ErrorDef] = &[
    &NOT_IN_FORCE,
    &NO_DAYS,
    &NOT_NAMED,
    &NOT_NAMEABLE,
    &NOT_EXTENDABLE,
    &SECOND_EXTENSION,
    &EXTENSION_OUT_OF_BOUNDS,
    &EXTENSION_OUT_OF_TIME,
    &PAUSE_NOT_ALLOWED,
    &BAD_LIMIT,
];

impl From<LimitRefused> for Refusal {
    fn from(refused: LimitRefused) -> Self {
        use LimitRefused as L;
        match refused {
            L::NotInForce { rule, on } => NOT_IN_FORCE.refuse().with("rule", rule).with("on", on),
            L::NoDays { rule } => NO_DAYS.refuse().with("rule", rule),
            L::LimitNotNamed { rule } => NOT_NAMED.refuse().with("rule", rule),
            L::LimitNotNameable { rule } => NOT_NAMEABLE.refuse().with("rule", rule),
            L::NotExtendable { rule } => NOT_EXTENDABLE.refuse().with("rule", rule),
            L::SecondExtension { rule, extended_days } => {
                SECOND_EXTENSION.refuse().with("rule", rule).with("extended_days", extended_days)
            }
            L::ExtensionOutOfBounds { rule, asked, most } => {
                EXTENSION_OUT_OF_BOUNDS.refuse().with("rule", rule).with("asked", asked).with("most", most)
            }
            L::ExtensionOutOfTime { rule, granted_on, start_on, legal_on } => EXTENSION_OUT_OF_TIME
                .refuse()
                .with("rule", rule)
                .with("granted_on", granted_on)
                .with("start_on", start_on)
                .with("legal_on", legal_on),
            L::PauseNotAllowed { rule, .. } => PAUSE_NOT_ALLOWED.refuse().with("rule", rule),
            L::Bad(why) => BAD_LIMIT.refuse().with("why", why),
        }
    }
}
