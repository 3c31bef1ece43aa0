//! Commands and queries of notification: `svc.notification.<name>`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{MatterId, NoticeId, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Page, PageRequest,
    codes::{NoticeChannel, NoticeState, NoticeTrouble, ServiceWay},
    command::commands,
};

/// Notices to petitioners, the oldest first: ids, kinds and dates; nobody's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListNotices {
    /// Only those in these states; empty: all.
    #[serde(default)]
    pub states: Vec<NoticeState>,
    /// Only those of this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<NoticeChannel>,
    /// Those of accusations, for the officer of accusations alone.
    #[serde(default)]
    pub restricted: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One notice as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeView {
    /// The notice.
    pub notice_id: NoticeId,
    /// The matter.
    pub matter_id: MatterId,
    /// Its public number; absent for an accusation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// 检举控告.
    pub restricted: bool,
    /// What kind.
    pub template: String,
    /// Version of the template.
    pub template_version: i64,
    /// The way it goes now.
    pub channel: NoticeChannel,
    /// Where it stands.
    pub state: NoticeState,
    /// What went wrong last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<NoticeTrouble>,
    /// The day of what it tells of.
    pub queued_on: NaiveDate,
    /// Attempts to send it.
    pub attempts: i64,
    /// When the next one is made (technical clock).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<UnixMillis>,
    /// The day it was posted or sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_on: Option<NaiveDate>,
    /// The day it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<NaiveDate>,
    /// How it was served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<ServiceWay>,
    /// Number of the posting, or what the server said; no address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Its version, for the next step.
    pub version: i64,
}

/// One notice to a petitioner, by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowNotice {
    /// Which.
    pub notice_id: NoticeId,
}

/// The notices of a matter to its petitioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticesOfMatter {
    /// Which.
    pub matter_id: MatterId,
}

/// 打印: renders letters with the addressees' contact, which is asked of intake now; they count as printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintLetters {
    /// Which; 1 to 50.
    pub notices: Vec<NoticeId>,
    /// In English.
    #[serde(default)]
    pub english: bool,
}

/// Letters to print, and those that turned out to have no postal address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PrintedLetters {
    /// In the order asked for.
    pub letters: Vec<Letter>,
    /// They went to another way, or cannot be reached.
    pub without_address: Vec<NoticeId>,
}

/// A letter with its envelope.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Letter {
    /// The notice.
    pub notice_id: NoticeId,
    /// The public number, which is all that the envelope says of the matter.
    pub number: String,
    /// 检举控告: neither the letter nor the envelope names a unit or a subject.
    pub restricted: bool,
    /// To whom.
    pub name: String,
    /// Where.
    pub address: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub paragraphs: Vec<String>,
    /// Query code in groups, on a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_code: Option<String>,
    /// The day it is dated.
    pub dated_on: NaiveDate,
    /// Version of its template.
    pub template_version: i64,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.notice_id)
    }
}

/// 寄出: printed letters left the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostLetters {
    /// Which; 1 to 50.
    pub notices: Vec<NoticeId>,
    /// The day, today or before.
    pub posted_on: NaiveDate,
    /// How: by post, by another's hand; `in_person` counts as delivered.
    pub way: ServiceWay,
    /// 挂号信、快递单号, for one letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// 登记送达: there is a proof that it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordDelivery {
    /// Which.
    pub notice_id: NoticeId,
    /// The version the person saw; nobody else's step is passed over when it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<i64>,
    /// The day, today or before.
    pub delivered_on: NaiveDate,
    /// How.
    pub way: ServiceWay,
    /// Number of the return receipt, or what else proves it.
    pub proof: String,
}

/// 退件: it came back, and goes another way if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordReturn {
    /// Which.
    pub notice_id: NoticeId,
    /// The version the person saw; nobody else's step is passed over when it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<i64>,
    /// The day, today or before.
    pub returned_on: NaiveDate,
}

/// 重新发送: a person says that a mail of unknown fate, or a notice without a way, is sent once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendAgain {
    /// Which.
    pub notice_id: NoticeId,
    /// The version the person saw; nobody else's step is passed over when it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<i64>,
    /// By which way.
    pub channel: NoticeChannel,
}

/// What became of notices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticesChanged {
    /// How many changed; those that were there already are not counted.
    pub changed: i64,
}

/// How many notices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountNotices {}

/// Notices by state; of accusations none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeCounts {
    /// To petitioners, by state.
    pub petitioners: BTreeMap<String, i64>,
    /// To agencies' mail desks, by state.
    pub desks: BTreeMap<String, i64>,
    /// In inboxes.
    pub inbox: i64,
    /// Facts told twice to one audience: none, ever.
    pub twice: i64,
}

/// 站内通知: the newest first, for the caller's unit and roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListInbox {
    /// In English.
    #[serde(default)]
    pub english: bool,
    /// Only unread ones.
    #[serde(default)]
    pub unread_only: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One notice in an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InboxItem {
    /// The notice.
    pub notice_id: NoticeId,
    /// What kind.
    pub template: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub paragraphs: Vec<String>,
    /// The matter, the meeting or what else it is about.
    pub subject_id: String,
    /// The assignment, where the reader's task is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_id: Option<String>,
    /// When it was put there (business clock).
    pub at: UnixMillis,
    /// Somebody of the unit has read it.
    pub read: bool,
}

/// Says that a unit's people have read notices; all of them when none is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadInbox {
    /// Which; at most 200.
    #[serde(default)]
    pub notices: Vec<NoticeId>,
}

/// How many notices of the caller's unit and roles nobody has read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountUnread {}

/// Unread notices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// How many.
    pub unread: i64,
}

/// Whether any inbox has changed: asked by consoles, for whoever watches a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InboxMark {}

/// Rises with each change of any inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// The mark.
    pub mark: i64,
}

commands! {
    ListNotices = "list" -> Page<NoticeView>;
    ShowNotice = "notice" -> NoticeView;
    NoticesOfMatter = "of_matter" -> Vec<NoticeView>;
    PrintLetters = "print" -> PrintedLetters;
    PostLetters = "post" -> NoticesChanged;
    RecordDelivery = "deliver" -> NoticesChanged;
    RecordReturn = "return" -> NoticesChanged;
    SendAgain = "send_again" -> NoticesChanged;
    CountNotices = "count" -> NoticeCounts;
    ListInbox = "inbox" -> Page<InboxItem>;
    ReadInbox = "read" -> NoticesChanged;
    CountUnread = "unread" -> Unread;
    InboxMark = "mark" -> Mark;
}
