//! 工作台: the list of matters. It holds no petitioner's name and no accusation.

use serde::Serialize;

use super::{
    Page,
    chrome::{Chrome, Link},
    due::Due,
    form::Choice,
};

/// The board.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BoardPage {
    /// The frame.
    pub chrome: Chrome,
    /// My queues, each with its count.
    pub tabs: Vec<Tab>,
    /// Open duties by the time left, each a filter.
    pub buckets: Vec<Tab>,
    /// The filter form.
    pub filters: BoardFilters,
    /// Ways to sort: `due`, `received`, `updated` (texts `sort-*`).
    pub sorts: Vec<Tab>,
    /// The matters of this page.
    pub rows: Vec<BoardRow>,
    /// How many matters match in all.
    pub total: u64,
    /// The page after this one.
    pub next_href: Option<String>,
    /// The first page, when this is not it.
    pub first_href: Option<String>,
}

impl Page for BoardPage {
    const TEMPLATE: &'static str = "board.html";
}

/// A choice that is a link: a queue, a bucket, an order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tab {
    /// Code word (texts `tab-*`, `bucket-*`, `sort-*`).
    pub code: String,
    /// Where it leads, all other filters kept.
    pub href: String,
    /// It is the one shown.
    pub current: bool,
    /// How many.
    pub count: Option<u64>,
}

/// The filters, as the address has them. An empty code stands for all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BoardFilters {
    /// Where the form is sent (GET).
    pub href: String,
    /// Words to find in numbers and masked summaries.
    pub q: String,
    /// The queue, sent along.
    pub tab: String,
    /// The bucket, sent along.
    pub due: String,
    /// The order, sent along.
    pub sort: String,
    /// Matter states (texts `state-*`).
    pub states: Vec<Choice>,
    /// Agencies, named.
    pub agencies: Vec<Choice>,
    /// Content classes, named.
    pub categories: Vec<Choice>,
    /// Channels (texts `channel-*`).
    pub channels: Vec<Choice>,
    /// Purposes (texts `purpose-*`).
    pub purposes: Vec<Choice>,
    /// How many of the selects are set: shown on the folded filter of a telephone.
    pub active: u32,
    /// The same queue without any filter.
    pub clear_href: String,
}

/// One matter of the list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BoardRow {
    /// The matter's page.
    pub href: String,
    /// The public number.
    pub number: String,
    /// The masked summary, one line.
    pub summary: String,
    /// Content class, named.
    pub category: Option<String>,
    /// Region, named.
    pub region_name: String,
    /// `letter`, `visit`, `web` … (texts `channel-*`).
    pub channel: String,
    /// `suggestion`, `claim` … (texts `purpose-*`).
    pub purpose: String,
    /// Matter state (texts `state-*`).
    pub state: String,
    /// The unit that holds it.
    pub holder: Option<String>,
    /// First receipt (ISO).
    pub received_on: String,
    /// The earliest running limit.
    pub due: Option<Due>,
    /// `joint`, `urgent`, `repeat`, `multi_agency`, `returned`, `deemed` (texts `flag-*`).
    pub flags: Vec<String>,
    /// 可能的重复件: the number of the earlier matter, and where the two stand side by side.
    pub repeat: Option<Link>,
    /// How many units give the holder a part.
    pub parts: usize,
    /// How many of them it waits for.
    pub parts_awaited: usize,
}
