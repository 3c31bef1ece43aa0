//! Lists: filters, order, cursor, search.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use contracts::{
    Page,
    codes::{Channel, MatterState, Purpose},
};
use db::{Db, Query, StoreError, Tx};
use kernel::{AgencyCode, Refusal};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    store::{Listed, ListedRow, NEVER, OFFICE},
    words,
};
use crate::{error, store::board as sql};

/// Matters that a search may find; of more, the newest.
const HITS_MAX: i64 = 500;
/// After every text that a column holds.
const LAST: &str = "~";

/// The time left, as lists part it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// The legal date has passed.
    Overdue,
    /// The nominal date is today, or has passed and rolled.
    Today,
    /// Within three days.
    ThreeDays,
    /// Within seven days.
    Week,
    /// Later.
    Later,
}

impl Bucket {
    /// All, the most pressing first.
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Today, Self::ThreeDays, Self::Week, Self::Later];

    /// The code word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::ThreeDays => "three_days",
            Self::Week => "week",
            Self::Later => "later",
        }
    }

    /// The bucket of a date.
    #[must_use]
    pub fn of(nominal_on: NaiveDate, legal_on: NaiveDate, provisional: bool, today: NaiveDate) -> Self {
        match (nominal_on - today).num_days() {
            _ if today > legal_on && !provisional => Self::Overdue,
            ..=0 => Self::Today,
            1..=3 => Self::ThreeDays,
            4..=7 => Self::Week,
            _ => Self::Later,
        }
    }
}

/// 我的队列: what waits for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// 登记员: registered today.
    RegisteredToday,
    /// 甄别转办员: registered and screened, with the office.
    ToRoute,
    /// 主任: overdue.
    Overdue,
    /// 主任: under a 交办.
    Assigned,
    /// 待甄别.
    ToScreen,
    /// 待转送、交办.
    ToSend,
    /// 异议待核 and 管辖争议.
    Contested,
    /// At an agency, unanswered.
    AtAgency,
    /// 办理中.
    Handling,
    /// The opinion is there.
    Answered,
    /// 办结.
    Closed,
}

impl Queue {
    /// All.
    pub const ALL: [Self; 11] = [
        Self::ToRoute,
        Self::RegisteredToday,
        Self::Overdue,
        Self::Assigned,
        Self::ToScreen,
        Self::ToSend,
        Self::Contested,
        Self::AtAgency,
        Self::Handling,
        Self::Answered,
        Self::Closed,
    ];
    /// Those that are the same for every role, in the order of the path.
    pub const STATIONS: [Self; 7] = [
        Self::ToScreen,
        Self::ToSend,
        Self::Contested,
        Self::AtAgency,
        Self::Handling,
        Self::Answered,
        Self::Closed,
    ];

    /// The code word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RegisteredToday => "registered_today",
            Self::ToRoute => "to_route",
            Self::Overdue => "overdue",
            Self::Assigned => "assigned",
            Self::ToScreen => "to_screen",
            Self::ToSend => "to_send",
            Self::Contested => "contested",
            Self::AtAgency => "at_agency",
            Self::Handling => "handling",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    /// The states it shows; none: all.
    #[must_use]
    pub const fn states(self) -> &'static [MatterState] {
        use MatterState as S;
        match self {
            Self::RegisteredToday | Self::Overdue => &[],
            Self::ToRoute => &[S::Registered, S::Screened, S::Returned],
            Self::Assigned => &[S::Assigned],
            Self::ToScreen => &[S::Registered],
            Self::ToSend => &[S::Screened, S::Returned],
            Self::Contested => &[S::Objected, S::Disputed],
            Self::AtAgency => &[S::Forwarded, S::Assigned],
            Self::Handling => &[S::Handling, S::Extended],
            Self::Answered => &[S::OpinionIssued, S::Served],
            Self::Closed => &[S::Closed],
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The earliest due first.
    #[default]
    Due,
    /// The newest receipt first.
    Received,
    /// The newest change first.
    Updated,
}

impl Sort {
    /// All.
    pub const ALL: [Self; 3] = [Self::Due, Self::Received, Self::Updated];

    /// The code word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Received => "received",
            Self::Updated => "updated",
        }
    }
}

/// A list as an address asks for it; an empty text is no filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Asked {
    /// Matter state.
    pub state: String,
    /// `office` or an agency's code.
    pub agency: String,
    /// Category, or one above it.
    pub category: String,
    /// Channel.
    pub channel: String,
    /// Purpose.
    pub purpose: String,
    /// Words or a number.
    pub q: String,
    /// A bucket of time left.
    pub due: String,
    /// A queue, or `true` for the first of one's roles.
    pub mine: String,
    /// The same on pages.
    pub tab: String,
    /// The order.
    pub sort: String,
    /// Where the last page ended.
    pub after: String,
    /// Rows of a page.
    pub limit: Option<i64>,
}

/// A list, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    states: Vec<String>,
    agency: String,
    /// Also what the agency helps with: asked by that agency alone.
    helped: bool,
    category: String,
    channel: String,
    purpose: String,
    q: String,
    due: Option<Bucket>,
    registered_on: String,
}

fn known<T: Copy>(
    field: &str,
    text: &str,
    all: &[T],
    code: impl Fn(T) -> &'static str,
) -> Result<Option<T>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = all.iter().copied().find(|one| code(*one) == text);
    let shown: String = text.chars().take(40).collect();
    found.map(Some).ok_or_else(|| error::UNKNOWN_FILTER.refuse().at(field).with("value", shown))
}

impl Asked {
    /// The order.
    ///
    /// # Errors
    /// `unknown_filter`.
    pub fn sort(&self) -> Result<Sort, Refusal> {
        known("sort", &self.sort, &Sort::ALL, Sort::code).map(Option::unwrap_or_default)
    }

    /// The filters. A queue narrows what the other filters leave. `queues` are those of the caller's
    /// roles, `only` the one agency that the caller may see.
    ///
    /// # Errors
    /// `unknown_filter` with its field.
    pub fn filters(
        &self,
        today: NaiveDate,
        queues: &[Queue],
        only: Option<&AgencyCode>,
    ) -> Result<Filters, Refusal> {
        let state = known("state", &self.state, MatterState::ALL, MatterState::code)?;
        let channel = known("channel", &self.channel, Channel::ALL, Channel::code)?;
        let purpose = known("purpose", &self.purpose, Purpose::ALL, Purpose::code)?;
        if !(self.agency.is_empty() || self.agency == OFFICE || self.agency.parse::<AgencyCode>().is_ok()) {
            return Err(error::UNKNOWN_FILTER.refuse().at("agency").with("value", "…"));
        }
        let mut filters = Filters {
            states: state.map(|s| s.code().to_owned()).into_iter().collect(),
            agency: only.map_or_else(|| self.agency.clone(), ToString::to_string),
            helped: only.is_some(),
            category: self.category.chars().take(60).collect(),
            channel: channel.map_or("", Channel::code).to_owned(),
            purpose: purpose.map_or("", Purpose::code).to_owned(),
            q: self.q.trim().chars().take(60).collect(),
            due: known("due", &self.due, &Bucket::ALL, Bucket::code)?,
            registered_on: String::new(),
        };
        let word = if self.mine.is_empty() { self.tab.as_str() } else { self.mine.as_str() };
        let queue = match word {
            "" | "all" | "false" | "0" => None,
            "true" | "1" | "mine" => queues.first().copied(),
            word => known("mine", word, &Queue::ALL, Queue::code)?,
        };
        if let Some(queue) = queue {
            filters.narrow(queue, today);
        }
        Ok(filters)
    }
}

impl Filters {
    fn narrow(&mut self, queue: Queue, today: NaiveDate) {
        match queue {
            Queue::RegisteredToday => self.registered_on = today.to_string(),
            Queue::Overdue => self.due = Some(Bucket::Overdue),
            Queue::ToRoute
            | Queue::Assigned
            | Queue::ToScreen
            | Queue::ToSend
            | Queue::Contested
            | Queue::AtAgency
            | Queue::Handling
            | Queue::Answered
            | Queue::Closed => {}
        }
        if self.states.is_empty() {
            self.states = queue.states().iter().map(|state| state.code().to_owned()).collect();
        }
    }

    /// The time left that is asked for.
    #[must_use]
    pub const fn due(&self) -> Option<Bucket> {
        self.due
    }

    /// The same without the filter by time left: what the buckets are counted over.
    #[must_use]
    pub fn any_due(&self) -> Self {
        Self { due: None, ..self.clone() }
    }

    /// From and to of the nominal date, then of the date of a breach.
    fn due_range(&self, today: NaiveDate) -> [String; 4] {
        let day = |n: u64| today.checked_add_days(Days::new(n)).unwrap_or(today).to_string();
        let yesterday = today.pred_opt().unwrap_or(today).to_string();
        let any = || (String::new(), LAST.to_owned());
        let ((from, to), (breach_from, breach_to)) = match self.due {
            None => (any(), any()),
            Some(Bucket::Overdue) => (any(), (String::new(), yesterday)),
            Some(Bucket::Today) => ((String::new(), day(0)), (day(0), LAST.to_owned())),
            Some(Bucket::ThreeDays) => ((day(1), day(3)), any()),
            Some(Bucket::Week) => ((day(4), day(7)), any()),
            Some(Bucket::Later) => ((day(8), "9999-12-30".to_owned()), any()),
        };
        [from, to, breach_from, breach_to]
    }

    async fn hits(&self, tx: &mut Tx<'_>, sqlite: bool) -> Result<Option<String>, StoreError> {
        if self.q.is_empty() {
            return Ok(None);
        }
        let mut hits: BTreeSet<String> = BTreeSet::new();
        let number = self.q.to_uppercase();
        if number.is_ascii() && number.starts_with("XF") {
            let query = tx.query(&sql::NUMBERS_FROM).bind(number.as_str()).bind(format!("{number}{LAST}"));
            let rows: Vec<(String,)> = query.bind(HITS_MAX).all().await?;
            hits.extend(rows.into_iter().map(|(id,)| id));
        } else if let Some(words) = words::of_query(&self.q) {
            // Quoted for FTS5, whose words could else be taken for operators.
            let quoted = words.split(' ').map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(" ");
            let asked = if sqlite { quoted } else { words };
            let rows: Vec<(String,)> = tx.query(&sql::SEARCH).bind(asked).bind(HITS_MAX).all().await?;
            hits.extend(rows.into_iter().map(|(id,)| id));
        }
        serde_json::to_string(&hits).map(Some).map_err(|e| StoreError::other(e.to_string()))
    }

    fn bind<'q>(&self, query: Query<'q>, today: NaiveDate, hits: Option<&str>) -> Query<'q> {
        let first = self.states.first().map_or("", String::as_str);
        let states = format!(",{},", self.states.join(","));
        let [due_from, due_to, breach_from, breach_to] = self.due_range(today);
        let query = query.bind(first).bind(states).bind(self.agency.as_str());
        let query =
            query.bind(self.category.as_str()).bind(self.channel.as_str()).bind(self.purpose.as_str());
        let query = query.bind(due_from).bind(due_to).bind(breach_from).bind(breach_to);
        let query = query.bind(self.registered_on.as_str()).bind(i64::from(hits.is_some()));
        query.bind(hits.unwrap_or("[]"))
    }
}

/// One page.
///
/// # Errors
/// `bad_cursor`; the store is away.
pub async fn page(
    db: &Db,
    filters: Filters,
    sort: Sort,
    after: &str,
    rows: i64,
    today: NaiveDate,
) -> Result<Page<Listed>, Refusal> {
    let (key, id) = cursor(sort, after)?;
    let sqlite = db.dialect() == db::Dialect::Sqlite;
    let statement = match sort {
        Sort::Due => &sql::PAGE_BY_DUE,
        Sort::Received => &sql::PAGE_BY_RECEIVED,
        Sort::Updated => &sql::PAGE_BY_CHANGE,
    };
    let found = db.read(move |tx| {
        Box::pin(async move {
            let hits = filters.hits(tx, sqlite).await?;
            let query = filters.bind(tx.query(statement), today, hits.as_deref());
            // One more than shown tells whether there is another page.
            let query = query.bind(key).bind(id).bind(rows + 1).bind(i64::from(filters.helped));
            let found: Vec<ListedRow> = query.all().await?;
            Ok(found)
        })
    });
    let mut items: Vec<Listed> =
        found.await.map_err(|e| error::away(&e))?.into_iter().map(Listed::from).collect();
    let shown = usize::try_from(rows).unwrap_or(usize::MAX);
    let more = items.len() > shown;
    items.truncate(shown);
    super::repeated::name(db, &mut items).await.map_err(|e| error::away(&e))?;
    let next = items.last().filter(|_| more).map(|last| cursor_of(sort, last));
    Ok(Page { items, next })
}

fn cursor_of(sort: Sort, last: &Listed) -> String {
    let row = &last.row;
    let key = match sort {
        Sort::Due => row.due.as_ref().map_or_else(|| NEVER.to_owned(), |due| due.alarm_on().to_string()),
        Sort::Received => row.received_on.to_string(),
        Sort::Updated => row.changed_at.0.to_string(),
    };
    format!("{key}.{}", row.matter_id)
}

fn cursor(sort: Sort, after: &str) -> Result<(String, String), Refusal> {
    if after.is_empty() {
        return Ok(match sort {
            Sort::Due => (String::new(), String::new()),
            Sort::Received => (LAST.to_owned(), LAST.to_owned()),
            Sort::Updated => (i64::MAX.to_string(), LAST.to_owned()),
        });
    }
    let bad = || error::BAD_CURSOR.refuse().at("after");
    let (key, id) = after.split_once('.').ok_or_else(bad)?;
    let fits = match sort {
        Sort::Due | Sort::Received => key.parse::<NaiveDate>().is_ok(),
        Sort::Updated => key.parse::<i64>().is_ok(),
    };
    if fits && id.parse::<kernel::MatterId>().is_ok() {
        Ok((key.to_owned(), id.to_owned()))
    } else {
        Err(bad())
    }
}

/// How many match, in all and by the time left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In all.
    pub total: i64,
    /// By bucket, in the order of [`Bucket::ALL`].
    pub by_bucket: [i64; 5],
}

/// Counts what matches.
///
/// # Errors
/// The store is away.
pub async fn tally(db: &Db, filters: Filters, today: NaiveDate) -> Result<Tally, Refusal> {
    let sqlite = db.dialect() == db::Dialect::Sqlite;
    let day = |n: u64| today.checked_add_days(Days::new(n)).unwrap_or(today);
    let (in_three, in_seven) = (day(3), day(7));
    let counted = db.read(move |tx| {
        Box::pin(async move {
            let hits = filters.hits(tx, sqlite).await?;
            let query = filters.bind(tx.query(&sql::TALLY), today, hits.as_deref());
            let row: (i64, i64, i64, i64, i64, i64) =
                query.bind(today).bind(in_three).bind(in_seven).bind(i64::from(filters.helped)).one().await?;
            Ok(row)
        })
    });
    let (total, overdue, now, three, week, later) = counted.await.map_err(|e| error::away(&e))?;
    Ok(Tally { total, by_bucket: [overdue, now, three, week, later] })
}
