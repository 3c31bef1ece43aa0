//! 系统建议: what stands behind the proposals of category and agency, whether people take them, and how they are
//! learned anew. Nothing here is about a person.

use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codes::{LearningEnd, SuggestionKind};

/// What stood before the person who decided: the first proposal of each list, or that there was none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The category proposed first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The agency proposed first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
}

/// 建议依据: why category and agency are proposed, in the text's own masked words and by earlier matters that the
/// reader may open. Made at the look and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyProposed {
    /// The matter.
    pub matter_id: MatterId,
}

/// The answer to [`WhyProposed`], in the order of the proposals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Why {
    /// Of each proposed category.
    pub categories: Vec<CodeWhy>,
    /// Of each proposed agency.
    pub agencies: Vec<CodeWhy>,
}

/// What speaks for one proposed code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeWhy {
    /// The category's or the agency's code.
    pub code: String,
    /// Passages of the masked text.
    pub terms: Vec<String>,
    /// Earlier matters like it that were decided so, three at most.
    pub earlier: Vec<Earlier>,
}

/// An earlier matter that was decided so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Earlier {
    /// The matter.
    pub matter_id: MatterId,
    /// Its number.
    pub number: String,
}

/// Which versions there are, and how learning goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowSuggestions {}

/// The answer to [`ShowSuggestions`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestionsView {
    /// Category, then agency.
    pub kinds: Vec<SuggestionView>,
    /// Somebody asked for learning, and it is not done yet.
    pub learning: bool,
    /// Confirmations and corrections since the last learning, counted up to `learns_after`.
    pub fresh: i64,
    /// So many of them are learned from by themselves, once a day; 0: only when somebody asks.
    pub learns_after: i64,
}

/// One kind of proposals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestionView {
    /// Of what.
    pub kind: SuggestionKind,
    /// The version in use, or that would be if it were not switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_use: Option<i64>,
    /// Switched off: the rules propose alone.
    pub off: bool,
    /// Its files cannot be read: the rules propose alone.
    pub damaged: bool,
    /// There is an earlier version to go back to.
    pub can_go_back: bool,
    /// The newest versions, newest first.
    pub versions: Vec<SuggestionVersion>,
    /// How the last learning ended; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Learned>,
}

/// How a learning ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Learned {
    /// The day.
    pub learned_on: NaiveDate,
    /// How.
    pub end: LearningEnd,
    /// Confirmed matters that there were.
    pub texts: i64,
}

/// One version, and what it was compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestionVersion {
    /// From 1.
    pub number: i64,
    /// Confirmed matters that it learned from.
    pub texts: i64,
    /// Whether it took over.
    pub taken: bool,
    /// On the newest matters, learned without them.
    pub figures: Figures,
    /// What the rules alone propose first is right, on the same matters, in tenths of a percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_right: Option<i64>,
    /// The version in use then, on the same matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Figures>,
}

/// How good proposals are, in tenths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Matters it was tried on.
    pub texts: i64,
    /// The first proposal is right.
    pub first_right: i64,
    /// The right one is among the first three.
    pub among_three: i64,
    /// By how much the confidence shown misses what comes true.
    pub confidence_off: i64,
}

/// 立即学习: learns from the confirmed matters, one learning at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LearnNow {}

/// It will be done, or is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LearningAsked {
    /// It was asked for before, and is not done yet.
    pub under_way: bool,
}

/// What a person does with the versions of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionSwitch {
    /// 停用
    Off,
    /// 启用
    On,
    /// 退回上一版本
    Back,
}

/// 启用、停用、退回: switches proposals of a learned version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchSuggestions {
    /// Of what.
    pub kind: SuggestionKind,
    /// What to do.
    pub switch: SuggestionSwitch,
    /// The version that the person saw in use; another one by now refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_use: Option<i64>,
}

/// 采纳情况: whether people take what is proposed, by category, over screenings of a period. The last screening of a
/// matter counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAgreement {
    /// The first day; ninety days ago when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// The answer to [`ShowAgreement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// By category: the one proposed first; where nothing was proposed, the one decided.
    pub categories: Vec<CategoryAgreement>,
    /// Of agencies, where the matter was handed over in the same step.
    pub agencies: Uses,
}

/// One category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryAgreement {
    /// Its code.
    pub category: String,
    /// What became of its proposals.
    pub uses: Uses,
}

/// What became of proposals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Uses {
    /// Proposed first: `taken` and `overruled` together.
    pub proposed: i64,
    /// Decided as proposed first.
    pub taken: i64,
    /// Decided otherwise, also when another one of those shown was taken.
    pub overruled: i64,
    /// Nothing was proposed.
    pub none: i64,
}
