//! 可能的重复件、联名件: what may be one matter. Asked about one submission; nothing leads from a person to matters.

use kernel::{AgencyCode, MatterId, SubmissionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 可能的重复件、联名件: which others may be the same matter, for whoever may link it. A person confirms. Logged as a
/// look at the text of each that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LikeSubmissions {
    /// Which one.
    pub submission_id: SubmissionId,
    /// While it lies with the office: the agency proposed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
}

/// The answer to [`LikeSubmissions`]: at most five, surest first. Others are neither shown nor counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LikeFound {
    /// Which one was asked about.
    pub submission_id: SubmissionId,
    /// Each with its evidence.
    pub pairs: Vec<LikePair>,
}

/// Two that look like one matter, side by side: `here` is the one asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LikePair {
    /// The other's matter.
    pub matter_id: MatterId,
    /// Its public number.
    pub number: String,
    /// Whether it can be linked to: it is not closed.
    pub open: bool,
    /// Likeness of the texts in percent.
    pub likeness: i64,
    /// What both say in the same words, longest first, masked.
    pub passages: Vec<LikePassage>,
    /// Place, agency and day of both.
    pub compared: Vec<LikeCompared>,
    /// Whether a petitioner or co-signer of the one is one of the other; absent where there is nothing to compare.
    /// Asked of pairs alone that looked like one matter without it (domain.md 5).
    pub common_petitioner: Option<bool>,
}

/// One passage of both texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LikePassage {
    /// As the one says it.
    pub here: String,
    /// As the other does.
    pub there: String,
}

/// One thing in which both agree, or do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LikeCompared {
    /// `place`, `agency`, `day`.
    pub what: String,
    /// Region code, agency code or day of the one; empty where there is none.
    pub here: String,
    /// The other's.
    pub there: String,
    /// Whether they agree.
    pub same: bool,
}

/// The surest earlier open matter that each of these may repeat, for routing's proposals: asked by the suite alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SameMatter {
    /// At most 256.
    pub submissions: Vec<LikeSubmissions>,
}

/// One that looks like a matter that was there before. Those without one are absent, as are accusations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SameMatterFound {
    /// Which one was asked about.
    pub submission_id: SubmissionId,
    /// The matter it may repeat.
    pub matter_id: MatterId,
}
