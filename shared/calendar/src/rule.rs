//! The ids of the statutory and configured limits, T01 to T21 (domain.md 1.5), and the words of a rule.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::clip;

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $code:literal;)*) => {
        /// One limit of the timer table. On the wire `T06`, `T01a`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum RuleId { $($(#[$doc])* #[serde(rename = $code)] $id,)* }

        impl RuleId {
            /// Every rule, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            /// The code, as on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$id => $code,)* }
            }
        }
    };
}

// Append-only: a code that was used once is never given another meaning.
rules! {
    /// 转送、交办时限: the petition department forwards or assigns (Art. 22).
    T01 = "T01";
    /// 各级内部转送时限: each tier of petition departments passes on (former rule of 2014).
    T01a = "T01a";
    /// 直接收到事项的告知: the agency tells a petitioner who came directly (Art. 23).
    T02 = "T02";
    /// 转送、交办事项的告知: the agency tells receipt, route and procedure (Art. 23).
    T03 = "T03";
    /// 异议: the agency objects that it is not competent (Art. 23).
    T04 = "T04";
    /// 交办事项的指定期限: the limit named in the letter of assignment (Art. 22).
    T05 = "T05";
    /// 办理期限: a matter of Art. 31(6) is concluded (Art. 34).
    T06 = "T06";
    /// 请求复查: the petitioner asks for a review (Art. 35).
    T07 = "T07";
    /// 复查: the reviewing unit gives its opinion (Art. 35).
    T08 = "T08";
    /// 请求复核: the petitioner asks for a re-review (Art. 36).
    T09 = "T09";
    /// 复核: the re-reviewing unit gives its opinion (Art. 36).
    T10 = "T10";
    /// 不再受理: same facts and reasons after the re-review (Art. 36).
    T11 = "T11";
    /// 三项建议的反馈: written feedback on a proposal (Art. 40).
    T12 = "T12";
    /// 简易办理受理: the simple procedure decides on acceptance.
    T13 = "T13";
    /// 简易办理答复: the simple procedure gives its opinion.
    T14 = "T14";
    /// 简易办理转送: an intermediate tier of the simple procedure passes on.
    T15 = "T15";
    /// 复查复核申请审查: a request for review is admitted or refused.
    T16 = "T16";
    /// 听证通知: notice before a hearing.
    T17 = "T17";
    /// 重大紧急信息报告: report of a major or urgent matter (Art. 25).
    T18 = "T18";
    /// 年度考核与年度报告: yearly assessment and report (Arts 39, 41).
    T19 = "T19";
    /// 满意度评价期: the window for the petitioner's rating.
    T20 = "T20";
    /// 登记: registration.
    T21 = "T21";
}

/// The text names no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such rule: `{0}` (T01, T01a, T02 … T21)")]
pub struct UnknownRule(String);

impl FromStr for RuleId {
    type Err = UnknownRule;
    fn from_str(text: &str) -> Result<Self, UnknownRule> {
        let found = Self::ALL.iter().copied().find(|id| id.code().eq_ignore_ascii_case(text));
        found.ok_or_else(|| UnknownRule(clip(text)))
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A language of the suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// zh-CN.
    #[default]
    Zh,
    /// English.
    En,
}

/// The text names no language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither zh nor en")]
pub struct UnknownLang(String);

impl FromStr for Lang {
    type Err = UnknownLang;
    fn from_str(text: &str) -> Result<Self, UnknownLang> {
        match text {
            "zh" | "zh-CN" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            other => Err(UnknownLang(clip(other))),
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// zh-CN.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// A text in both languages.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
