//! 联席会议 as the locality's profile describes it (Art. 11, 13).

use contracts::{
    codes::MeetingKind,
    meetings::commands::{BodyView, KindView},
};
use kernel::{AgencyCode, Refusal};
use serde::{Deserialize, Serialize};

use crate::error;

/// One joint conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// 召集人: the post.
    pub convener: String,
    /// 成员单位
    pub members: Vec<AgencyCode>,
    /// Rooms it meets in.
    #[serde(default)]
    pub places: Vec<String>,
    /// Kinds of meeting.
    #[serde(default)]
    pub kinds: Vec<Kind>,
}

/// A kind of meeting that a conference has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Which.
    pub kind: MeetingKind,
    /// Days between the invitation and the meeting.
    pub notice_days: i64,
}

impl Body {
    /// Days of notice of a kind.
    ///
    /// # Errors
    /// `meeting_kind_not_of_conference`.
    pub fn notice_days(&self, kind: MeetingKind) -> Result<i64, Refusal> {
        let found = self.kinds.iter().find(|k| k.kind == kind);
        found.map(|k| k.notice_days).ok_or_else(|| error::KIND_NOT_OF_BODY.refuse().at("kind"))
    }

    /// As people see it.
    #[must_use]
    pub fn view(self) -> BodyView {
        BodyView {
            code: self.code,
            name: self.name_zh,
            convener: self.convener,
            members: self.members,
            kinds: self
                .kinds
                .into_iter()
                .map(|k| KindView { kind: k.kind, notice_days: k.notice_days })
                .collect(),
            places: self.places,
        }
    }
}
