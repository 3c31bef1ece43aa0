//! Invariant 11: the board is what the facts make.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Dump, Violation};

/// After healing the board shows each matter that is no accusation, in its state, with its holder.
pub fn equals(dump: &Dump, found: &mut Vec<Violation>) {
    let rows: BTreeMap<&str, _> = dump.board.rows.iter().map(|r| (r.id.as_str(), r)).collect();
    let numbers: BTreeMap<&str, &str> =
        dump.intake.submissions.iter().map(|s| (s.id.as_str(), s.number.as_str())).collect();
    let recalled: BTreeSet<&str> = dump
        .routing
        .assignments
        .iter()
        .filter(|a| a.role == "lead" && matches!(a.state.as_str(), "recalled" | "returned"))
        .map(|a| a.matter_id.as_str())
        .collect();
    let linked: BTreeSet<&str> = dump.intake.links.iter().map(|l| l.submission_id.as_str()).collect();
    for matter in &dump.routing.matters {
        let row = rows.get(matter.id.as_str());
        if matter.restricted == 1 {
            if row.is_some() {
                found.push(Broken::Canary.at(format!("board: accusation {}", matter.id)));
            }
            if !dump.board.restricted.contains(&matter.id) {
                found.push(Broken::BoardDiffers.at(format!("accusation {} is not counted", matter.id)));
            }
            continue;
        }
        let Some(row) = row else {
            found.push(Broken::BoardDiffers.at(format!("no row of {}", matter.id)));
            continue;
        };
        if numbers.get(matter.id.as_str()) != Some(&row.number.as_str()) {
            found.push(Broken::BoardDiffers.at(format!("{} is shown as {}", matter.id, row.number)));
        }
        // Routing passes over a link that comes while an agency has the matter, and says nothing of it: once such a
        // matter is recalled or given back, the board cannot know whether routing holds it for attached or for screened.
        if linked.contains(matter.id.as_str()) && recalled.contains(matter.id.as_str()) {
            continue;
        }
        let holder = matter.claims().first().map(|c| c.holder.clone()).unwrap_or_default();
        if row.state != matter.state || row.agency != holder {
            let at = format!(
                "{} is {} with {holder}, shown {} with {}",
                matter.id, matter.state, row.state, row.agency
            );
            found.push(Broken::BoardDiffers.at(at));
        }
    }
    let known: BTreeSet<&str> = dump.routing.matters.iter().map(|m| m.id.as_str()).collect();
    for row in rows.keys().filter(|id| !known.contains(**id)) {
        found.push(Broken::BoardDiffers.at(format!("a row of {row}")));
    }
    counters(dump, found);
}

/// How the counters name accusations, of which the board holds nothing but that they are there.
const RESTRICTED: (&str, &str) = ("restricted", "office");

/// The counters are the sums of the rows.
fn counters(dump: &Dump, found: &mut Vec<Violation>) {
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for row in &dump.board.rows {
        *sums.entry((&row.state, &row.agency)).or_default() += 1;
    }
    let hidden = i64::try_from(dump.board.restricted.len()).unwrap_or(i64::MAX);
    if hidden > 0 {
        sums.insert(RESTRICTED, hidden);
    }
    let kept: BTreeMap<(&str, &str), i64> = dump
        .board
        .counters
        .iter()
        .filter(|c| c.n != 0)
        .map(|c| ((c.state.as_str(), c.agency.as_str()), c.n))
        .collect();
    if sums != kept {
        found.push(Broken::BoardDiffers.at(format!("counters {kept:?}, rows {sums:?}")));
    }
}
