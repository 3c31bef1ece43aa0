//! Invariants 11 and 12: backlogs drain, streams hold what was said, dead letters are explained and visible.

use std::collections::BTreeSet;

use super::{Broken, Dump, Violation};

/// After healing nothing waits.
pub fn check(dump: &Dump, found: &mut Vec<Violation>) {
    for (name, store) in dump.stores() {
        for said in store.outbox.iter().filter(|s| s.sent_at.is_none()) {
            found.push(Broken::Unsent.at(format!("{name} {} {}", said.event_type, said.id)));
        }
        for row in &store.parked {
            let at = format!("{} {} {} {}", row.consumer, row.order_key, row.subject_id, row.version);
            found.push(Broken::Parked.at(at));
        }
        for letter in &store.dead {
            if !dump.told.poison.contains(&letter.message_id) {
                let at = format!("{} {}: {}", letter.consumer, letter.message_id, letter.reason);
                found.push(Broken::DeadLetter.at(at));
            }
        }
        let told = store.outbox.iter().filter(|s| s.kind == "dead_letter").count();
        if told < store.dead.len() && !dump.agencies.contains_key(name) {
            found.push(Broken::HiddenLetter.at(format!("{name}: {} dead, {told} told", store.dead.len())));
        }
    }
    for (place, n) in dump.untaken.iter().filter(|(_, n)| **n > 0) {
        found.push(Broken::Untaken.at(format!("{place}: {n}")));
    }
}

/// Each fact and return that was said lies in its stream. Dispatches may have rotted after their receipt.
pub fn streams(dump: &Dump, found: &mut Vec<Violation>) {
    let ids = |stream: &str| -> BTreeSet<&str> {
        dump.streams.get(stream).into_iter().flatten().map(|m| m.id.as_str()).collect()
    };
    let (facts, returns) = (ids("EVT"), ids("RETURNS"));
    for (name, store) in dump.stores() {
        for said in &store.outbox {
            let there = match said.kind.as_str() {
                "fact" => facts.contains(said.id.as_str()),
                "return" => returns.contains(said.id.as_str()),
                _ => true,
            };
            if !there {
                found.push(Broken::StreamDiffers.at(format!("{name} {} {}", said.event_type, said.id)));
            }
        }
    }
    let all: BTreeSet<&str> =
        dump.stores().flat_map(|(_, s)| s.outbox.iter().map(|o| o.id.as_str())).collect();
    for (stream, messages) in &dump.streams {
        for stored in messages.iter().filter(|m| !m.id.is_empty() && !all.contains(m.id.as_str())) {
            found.push(Broken::StreamDiffers.at(format!("{stream} holds {} that nobody said", stored.id)));
        }
    }
}
