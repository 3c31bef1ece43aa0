//! What can happen at intake. Each is a fact on the bus, in the words of `contracts`.

use contracts::intake::{ContentOpenedV1, QueryCodeReissuedV1, SubmissionLinkedV1, SubmissionRegisteredV1};
use kernel::SubmissionId;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// 登记
    Registered(SubmissionRegisteredV1),
    /// 重复件并入
    Linked(SubmissionLinkedV1),
    /// 查阅
    Opened(ContentOpenedV1),
    /// 补发查询码
    Reissued(QueryCodeReissuedV1),
}

impl Fact {
    /// The submission it is about.
    #[must_use]
    pub const fn submission(&self) -> SubmissionId {
        match self {
            Self::Registered(fact) => fact.submission_id,
            Self::Linked(fact) => fact.submission_id,
            Self::Opened(fact) => fact.submission_id,
            Self::Reissued(fact) => fact.submission_id,
        }
    }
}
