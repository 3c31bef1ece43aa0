//! 议程排序: the order of the items of one meeting in which the agencies wait least.
//!
//! An agency is on site from its first item to its last; what it does not need in between is waiting. With
//! up to [`EXACT`] distinct sets of attendees the least waiting is found exactly (a dynamic programme over
//! subsets), beyond that by beam search and improvement, and the answer says which it was.

mod beam;
mod dzn;
mod exact;
mod site;

pub use dzn::read_dzn;

use crate::error::ProblemError;

/// Distinct sets of attendees that are ordered exactly.
pub const EXACT: usize = 22;
/// Most agencies of an agenda.
pub const MOST_AGENCIES: usize = 64;
/// Most items of an agenda.
pub const MOST_ITEMS: usize = 500;

/// The items of one meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    /// The items, in any order.
    pub items: Vec<Item>,
    /// What a minute of waiting weighs, by agency.
    pub weights: Vec<u32>,
    /// Pairs of items, the first of which comes before the second.
    pub before: Vec<(usize, usize)>,
    /// Items with a place of their own: item, place.
    pub fixed: Vec<(usize, usize)>,
}

/// One item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its length.
    pub minutes: u32,
    /// The agencies it needs, one bit each.
    pub agencies: u64,
}

/// An order of the items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// The items, first to last.
    pub sequence: Vec<usize>,
    /// Weighted time on site.
    pub presence: u64,
    /// Of it, weighted time spent waiting.
    pub waiting: u64,
    /// Whether no order is better.
    pub exact: bool,
}

/// The best order of an agenda.
///
/// # Errors
/// When an item or a rule refers to nothing, or the rules contradict each other.
pub fn order(agenda: &Agenda) -> Result<Ordered, ProblemError> {
    check(agenda)?;
    let ruled = !agenda.before.is_empty() || !agenda.fixed.is_empty();
    // Items of the same agencies stand together in some best order; rules on single items forbid the merger.
    let groups: Vec<Vec<usize>> =
        if ruled { (0..agenda.items.len()).map(|i| vec![i]).collect() } else { merged(&agenda.items) };
    let items: Vec<Item> = groups
        .iter()
        .filter_map(|group| {
            let first = group.first().and_then(|&i| agenda.items.get(i))?;
            let minutes = group.iter().filter_map(|&i| agenda.items.get(i)).map(|i| i.minutes).sum();
            Some(Item { minutes, agencies: first.agencies })
        })
        .collect();
    let exact = items.len() <= EXACT;
    let found = if exact {
        exact::best(&items, &agenda.weights, &agenda.before, &agenda.fixed)
    } else {
        beam::good(&items, &agenda.weights, &agenda.before, &agenda.fixed)
    };
    let Some(sequence) = found else {
        return Err(ProblemError::at(
            "before",
            "the items cannot be ordered: the rules contradict each other",
        ));
    };
    let sequence: Vec<usize> =
        sequence.into_iter().filter_map(|g| groups.get(g)).flatten().copied().collect();
    let (presence, waiting) = cost(agenda, &sequence);
    Ok(Ordered { sequence, presence, waiting, exact })
}

/// Weighted time on site, and of it waiting, of an order.
#[must_use]
pub fn cost(agenda: &Agenda, sequence: &[usize]) -> (u64, u64) {
    let items: Vec<&Item> = sequence.iter().filter_map(|&i| agenda.items.get(i)).collect();
    let mut sums = (0, 0);
    for (agency, &weight) in agenda.weights.iter().enumerate().take(MOST_AGENCIES) {
        let needs = |item: &&&Item| item.agencies >> agency & 1 == 1;
        let (Some(first), Some(last)) =
            (items.iter().position(|i| needs(&i)), items.iter().rposition(|i| needs(&i)))
        else {
            continue;
        };
        let stay: u64 = items.iter().skip(first).take(last - first + 1).map(|i| u64::from(i.minutes)).sum();
        let own: u64 = items.iter().filter(needs).map(|i| u64::from(i.minutes)).sum();
        sums = (sums.0 + u64::from(weight) * stay, sums.1 + u64::from(weight) * (stay - own));
    }
    sums
}

fn check(agenda: &Agenda) -> Result<(), ProblemError> {
    let (items, agencies) = (agenda.items.len(), agenda.weights.len());
    if items > MOST_ITEMS {
        return Err(ProblemError::at("items", format!("has {items} entries, at most {MOST_ITEMS}")));
    }
    if agencies > MOST_AGENCIES {
        return Err(ProblemError::at("weights", format!("has {agencies} entries, at most {MOST_AGENCIES}")));
    }
    for (at, item) in agenda.items.iter().enumerate() {
        if agencies < MOST_AGENCIES && item.agencies >> agencies != 0 {
            return Err(ProblemError::at(
                format!("items[{at}].agencies"),
                format!("there are {agencies} agencies"),
            ));
        }
        if item.minutes > 1_000_000 {
            return Err(ProblemError::at(format!("items[{at}].minutes"), "is beyond 1000000"));
        }
    }
    for (at, rule) in agenda.before.iter().enumerate() {
        if rule.0 >= items || rule.1 >= items || rule.0 == rule.1 {
            return Err(ProblemError::at(format!("before[{at}]"), "must name two items of the agenda"));
        }
    }
    for (at, rule) in agenda.fixed.iter().enumerate() {
        if rule.0 >= items || rule.1 >= items {
            return Err(ProblemError::at(
                format!("fixed[{at}]"),
                "must name an item and a place of the agenda",
            ));
        }
    }
    Ok(())
}

fn merged(items: &[Item]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(u64, Vec<usize>)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match groups.iter_mut().find(|group| group.0 == item.agencies) {
            Some(group) => group.1.push(at),
            None => groups.push((item.agencies, vec![at])),
        }
    }
    groups.into_iter().map(|group| group.1).collect()
}
