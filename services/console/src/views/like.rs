//! 可能的重复件、联名件: two that look like one matter, side by side. A person decides.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    matter::{LinkRepeatForm, MatterHead},
};

/// The page of one submission.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LikePage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the matter.
    pub back_href: String,
    /// The matter.
    pub matter: MatterHead,
    /// At most five, surest first.
    pub pairs: Vec<LikeView>,
}

impl Page for LikePage {
    const TEMPLATE: &'static str = "like.html";
}

/// One pair.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LikeView {
    /// The other's public number.
    pub number: String,
    /// Its page.
    pub href: String,
    /// Likeness of the texts in percent.
    pub likeness: i64,
    /// `same`, `different` or `unknown` (texts `like-*`).
    pub person: String,
    /// It is not closed.
    pub open: bool,
    /// Place, agency and day of both.
    pub compared: Vec<Compared>,
    /// What both say in the same words.
    pub passages: Vec<Passage>,
    /// 认定重复件, while the submission waits and the other is open.
    pub link: Option<LinkRepeatForm>,
}

/// One thing of both, named.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Compared {
    /// `place`, `agency`, `day` (texts `like-*`).
    pub what: String,
    /// This one's; a day is ISO.
    pub here: String,
    /// The other's.
    pub there: String,
    /// Whether they agree.
    pub same: bool,
}

/// One passage of both texts, masked.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Passage {
    /// As this one says it.
    pub here: String,
    /// As the other does.
    pub there: String,
}
