//! 工作台.

use axum::extract::Query;
use contracts::{
    PageRequest,
    codes::{Channel, MatterState, Purpose},
};

use super::{Names, Shown, Visit, encoded, html, like, limits};
use crate::{
    board::{
        self, BoardRow, Listed,
        list::{Asked, Bucket, Queue, Sort, Tally},
    },
    error,
    rest::matters,
    views::{
        board::{BoardFilters, BoardPage, BoardRow as RowView, Tab},
        form::Choice,
    },
};

/// Rows of a page.
const ROWS: i64 = 50;

/// `GET /board`
pub async fn show(visit: Visit, Query(mut asked): Query<Asked>) -> Shown {
    let queues = matters::queues(&visit.caller);
    if asked.tab.is_empty() {
        asked.tab = if queues.is_empty() { "all" } else { "mine" }.to_owned();
    }
    let site = &visit.site;
    let (today, sort) = (site.today(), asked.sort()?);
    let filters = asked.filters(today, &queues, None)?;
    let rows = PageRequest { after: None, limit: Some(asked.limit.unwrap_or(ROWS)) }.rows();
    let tally = board::list::tally(&site.deps.db, filters.any_due(), today).await?;
    let total = match filters.due() {
        Some(bucket) => {
            Bucket::ALL.iter().zip(tally.by_bucket).find(|(b, _)| **b == bucket).map_or(0, |(_, n)| n)
        }
        None => tally.total,
    };
    let page = board::list::page(&site.deps.db, filters, sort, &asked.after, rows, today).await?;
    let names = Names::of(&visit).await?;
    let view = BoardPage {
        chrome: visit.chrome_of(&names, "board", "").await?,
        tabs: tabs(&visit, &asked, &queues).await?,
        buckets: buckets(&asked, &tally),
        filters: filter_form(&asked, &names, sort),
        sorts: Sort::ALL
            .iter()
            .map(|s| tab(s.code(), href(&asked, &[("sort", s.code())]), *s == sort, None))
            .collect(),
        rows: page.items.iter().map(|listed| row(&visit, &names, listed)).collect(),
        total: u64::try_from(total).unwrap_or(0),
        next_href: page.next.map(|next| href(&asked, &[("after", &next)])),
        first_href: (!asked.after.is_empty()).then(|| href(&asked, &[])),
    };
    Ok(html(site.page(visit.language, &view)?))
}

/// The address of the same list with some words changed, on its first page.
fn href(asked: &Asked, changes: &[(&str, &str)]) -> String {
    let words = [
        ("tab", asked.tab.as_str()),
        ("state", &asked.state),
        ("agency", &asked.agency),
        ("category", &asked.category),
        ("channel", &asked.channel),
        ("purpose", &asked.purpose),
        ("q", &asked.q),
        ("due", &asked.due),
        ("sort", &asked.sort),
        ("after", ""),
    ];
    let pairs: Vec<String> = words
        .iter()
        .map(|(name, value)| (name, changes.iter().find(|(n, _)| n == name).map_or(*value, |(_, v)| v)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    if pairs.is_empty() { "/board".to_owned() } else { format!("/board?{}", pairs.join("&")) }
}

fn tab(code: &str, href: String, current: bool, count: Option<i64>) -> Tab {
    Tab { code: code.to_owned(), href, current, count: count.and_then(|n| u64::try_from(n).ok()) }
}

async fn tabs(visit: &Visit, asked: &Asked, queues: &[Queue]) -> Result<Vec<Tab>, kernel::Refusal> {
    let counts = board::counts(&visit.site.deps.db, None, false).await.map_err(|e| error::away(&e))?;
    let count =
        |queue: &Queue| queue.states().iter().filter_map(|s| counts.by_state.get(s.code())).sum::<i64>();
    let to = |code: &str| href(asked, &[("tab", code), ("state", ""), ("due", "")]);
    let is = |code: &str| asked.tab == code;
    let mut tabs = Vec::new();
    if let Some(own) = queues.first() {
        // A queue by day or by time left has no counter; its list says how many.
        let own_count = (!own.states().is_empty()).then(|| count(own));
        tabs.push(tab("mine", to("mine"), is("mine"), own_count));
    }
    for queue in Queue::STATIONS {
        tabs.push(tab(queue.code(), to(queue.code()), is(queue.code()), Some(count(&queue))));
    }
    tabs.push(tab("all", to("all"), is("all"), Some(counts.total)));
    Ok(tabs)
}

fn buckets(asked: &Asked, tally: &Tally) -> Vec<Tab> {
    let one = |(bucket, n): (&Bucket, i64)| {
        let current = asked.due == bucket.code();
        // A second click takes the filter away.
        let to = if current { "" } else { bucket.code() };
        tab(bucket.code(), href(asked, &[("due", to)]), current, Some(n))
    };
    Bucket::ALL.iter().zip(tally.by_bucket).map(one).collect()
}

fn filter_form(asked: &Asked, names: &Names, sort: Sort) -> BoardFilters {
    let codes = |all: &[&'static str], chosen: &str| -> Vec<Choice> {
        all.iter().map(|code| Choice::code(*code, *code == chosen)).collect()
    };
    let states: Vec<_> = MatterState::ALL.iter().map(|s| s.code()).collect();
    let channels: Vec<_> = Channel::ALL.iter().map(|c| c.code()).collect();
    // No accusation is ever on the board.
    let purposes: Vec<_> =
        Purpose::ALL.iter().filter(|p| **p != Purpose::Accusation).map(|p| p.code()).collect();
    let office = std::iter::once(Choice::named("office", names.holder_of(None), asked.agency == "office"));
    let agencies = names.every_agency().map(|(listed, name)| {
        Choice::named(listed.agency.as_str(), name, asked.agency == listed.agency.as_str())
    });
    let set = [&asked.state, &asked.agency, &asked.category, &asked.channel, &asked.purpose];
    BoardFilters {
        href: "/board".to_owned(),
        q: asked.q.clone(),
        tab: asked.tab.clone(),
        due: asked.due.clone(),
        sort: sort.code().to_owned(),
        states: codes(&states, &asked.state),
        agencies: office.chain(agencies).collect(),
        categories: names
            .categories()
            .map(|(row, name)| Choice::named(row.code.as_str(), name, asked.category == row.code))
            .collect(),
        channels: codes(&channels, &asked.channel),
        purposes: codes(&purposes, &asked.purpose),
        active: u32::try_from(set.iter().filter(|s| !s.is_empty()).count()).unwrap_or(0),
        clear_href: format!("/board?tab={}", encoded(&asked.tab)),
    }
}

/// The masked title, or a word in its place until the index has it.
pub fn summary(listed: &Listed, names: &Names) -> String {
    listed.title.clone().unwrap_or_else(|| {
        let row = &listed.row;
        row.category.as_ref().map_or_else(|| row.number.clone(), |code| names.category(code))
    })
}

/// Flags of a matter.
pub fn flags(row: &BoardRow) -> Vec<String> {
    let flags = [
        (row.joint, "joint"),
        (row.anonymous, "anonymous"),
        (row.identity_withheld, "withheld"),
        (row.recalled, "recalled"),
        (row.deemed, "deemed"),
        (row.bounces > 0, "objected"),
        (row.attached_to.is_some(), "repeat"),
    ];
    flags.iter().filter(|(set, _)| *set).map(|(_, code)| (*code).to_owned()).collect()
}

fn row(visit: &Visit, names: &Names, listed: &Listed) -> RowView {
    let row = &listed.row;
    RowView {
        href: format!("/matters/{}", row.matter_id),
        number: row.number.clone(),
        summary: summary(listed, names),
        category: row.category.as_ref().map(|code| names.category(code)),
        region_name: names.region(&row.place_region),
        channel: row.channel.code().to_owned(),
        purpose: row.purpose.code().to_owned(),
        state: row.state.code().to_owned(),
        holder: Some(names.holder_of(row.agency.as_ref())),
        received_on: row.received_on.to_string(),
        due: row.due.as_ref().map(|due| limits::due(&visit.site, visit.language, due)),
        flags: flags(row),
        repeat: like::repeat(visit, row.matter_id, listed),
        parts: row.co.iter().filter(|co| co.stands()).count(),
        parts_awaited: row.parts_awaited(),
    }
}
