//! 通知: letters to print and to post, notices that need a person. Numbers, kinds and days: nobody is named but on
//! the printed letter itself.

use serde::Serialize;

use super::{
    Page,
    board::Tab,
    chrome::Chrome,
    form::{Choice, CommandForm, Field},
};

/// The desk's page of notices.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NoticesPage {
    /// The frame.
    pub chrome: Chrome,
    /// Queues (texts `notices-tab-*`).
    pub tabs: Vec<Tab>,
    /// Which of them is shown: `to_print`, `printed`, `sent`, `mail`, `problems`.
    pub tab: String,
    /// Those of accusations, for their officer.
    pub restricted: bool,
    /// What was refused, in the page's language.
    pub problem: Option<String>,
    /// Hidden: what each form is sent with.
    pub key: String,
    /// The notices.
    pub rows: Vec<NoticeRow>,
    /// Whether this person may do something about them.
    pub may_act: bool,
    /// Ways of service (texts `service-way-*`).
    pub ways: Vec<Choice>,
    /// The day something was done.
    pub on: Field,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for NoticesPage {
    const TEMPLATE: &'static str = "notices.html";
}

/// One notice.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NoticeRow {
    /// Its id.
    pub id: String,
    /// The matter's page.
    pub href: String,
    /// The matter's number; of an accusation its id.
    pub number: String,
    /// What kind (texts `notice-kind-*`).
    pub kind: String,
    /// The way it goes (texts `notice-channel-*`).
    pub channel: String,
    /// Where it stands (texts `notice-state-*`).
    pub state: String,
    /// What went wrong last (texts `notice-trouble-*`).
    pub trouble: Option<String>,
    /// The day it was queued (ISO).
    pub queued_on: String,
    /// The day it was posted or sent (ISO).
    pub sent_on: Option<String>,
    /// The day it was delivered (ISO).
    pub delivered_on: Option<String>,
    /// Number of the posting, or the server's answer.
    pub proof: Option<String>,
}

/// Letters on paper, each with its envelope: names stand here and nowhere else, and are not kept.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LettersPaper {
    /// Back to the queue.
    pub back_href: String,
    /// The office.
    pub issuer: String,
    /// Its telephone and address.
    pub contact: String,
    /// Address of the public look-up.
    pub lookup_url: String,
    /// The same as QR code: an SVG element. Never holds the query code.
    pub qr_svg: String,
    /// The letters.
    pub letters: Vec<LetterSheet>,
    /// How many had no postal address and went another way.
    pub without_address: u64,
}

impl Page for LettersPaper {
    const TEMPLATE: &'static str = "print/notice_letters.html";
}

/// One letter.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LetterSheet {
    /// The public number: all that the envelope says.
    pub number: String,
    /// 检举控告: no unit and no subject stand on it.
    pub restricted: bool,
    /// To whom.
    pub name: String,
    /// Where.
    pub address: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub paragraphs: Vec<String>,
    /// On a receipt: the code in groups.
    pub query_code: Option<String>,
    /// The day it is dated (ISO).
    pub dated_on: String,
    /// Version of its template.
    pub template_version: String,
}

/// 站内通知.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InboxPage {
    /// The frame.
    pub chrome: Chrome,
    /// The newest first.
    pub items: Vec<InboxRow>,
    /// How many are unread.
    pub unread: u64,
    /// Hidden: what each form is sent with.
    pub key: String,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for InboxPage {
    const TEMPLATE: &'static str = "inbox.html";
}

/// One notice of an inbox.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InboxRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub paragraphs: Vec<String>,
    /// Where it leads.
    pub href: Option<String>,
    /// When it came (RFC 3339).
    pub at: String,
    /// Somebody of the unit has read it.
    pub read: bool,
}

/// 补发查询码.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReissuePage {
    /// The frame.
    pub chrome: Chrome,
    /// The form.
    pub command: CommandForm,
    /// The public number.
    pub number: Field,
    /// Number of the document shown.
    pub id_number: Field,
}

impl Page for ReissuePage {
    const TEMPLATE: &'static str = "reissue.html";
}
