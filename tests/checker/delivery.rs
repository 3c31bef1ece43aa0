//! Invariant 4: dispatches are numbered without gaps, arrive, and are receipted.

use std::collections::BTreeSet;

use super::{Broken, Dump, Violation, dump::Store};

/// Who numbers dispatches, and the store it numbers them in.
fn senders(dump: &Dump) -> [(&'static str, &Store); 3] {
    [
        ("routing", &dump.routing.store),
        ("supervision", &dump.supervision.store),
        ("meetings", &dump.meetings.store),
    ]
}

/// At every commit: the sender's numbers are gapless, and no site has more than was sent.
pub fn numbers(dump: &Dump, found: &mut Vec<Violation>) {
    for (sender, store) in senders(dump) {
        for (code, agency) in &dump.agencies {
            let sent = sent_to(store, code);
            let numbers: Vec<i64> = sent.iter().map(|(seq, _)| *seq).collect();
            if !numbers.iter().copied().eq((1..).take(numbers.len())) {
                found.push(Broken::SequenceGap.at(format!("{sender} to {code}: {numbers:?}")));
            }
            let Some(mark) = agency.store.applied.iter().find(|a| a.order_key == sender) else { continue };
            let there = sent.iter().find(|(seq, _)| *seq == mark.version).map(|(_, hash)| *hash);
            if there != mark.hash.as_deref() {
                found.push(Broken::HeadDiffers.at(format!("{code} at {sender} {}", mark.version)));
            }
        }
    }
}

fn sent_to<'d>(store: &'d Store, code: &str) -> Vec<(i64, &'d str)> {
    let mut sent: Vec<(i64, &str)> = store
        .outbox
        .iter()
        .filter(|s| s.agency.as_deref() == Some(code))
        .map(|s| (s.agency_seq.unwrap_or(0), s.agency_hash.as_deref().unwrap_or_default()))
        .collect();
    sent.sort_unstable();
    sent
}

/// After healing: everything receipted, each site at the head, each assignment a task there and nothing else.
pub fn settled(dump: &Dump, found: &mut Vec<Violation>) {
    for (sender, store) in senders(dump) {
        for said in store.outbox.iter().filter(|s| s.agency.is_some() && s.received_at.is_none()) {
            let code = said.agency.as_deref().unwrap_or_default();
            found.push(Broken::Unreceipted.at(format!("{code} {sender} {}", said.agency_seq.unwrap_or(0))));
        }
        for head in &store.dispatch_heads {
            let site = dump.agencies.get(&head.agency);
            let mark = site.and_then(|a| a.store.applied.iter().find(|m| m.order_key == sender));
            let at = mark.map(|m| (m.version, m.hash.as_deref().unwrap_or_default()));
            if at != Some((head.seq, head.hash.as_str())) {
                let at = format!("{} at {at:?}, {sender} sent {}", head.agency, head.seq);
                found.push(Broken::HeadDiffers.at(at));
            }
        }
    }
    for (code, agency) in &dump.agencies {
        let given = dump.routing.assignments.iter().filter(|a| a.agency == *code);
        let sent: BTreeSet<(&str, &str)> = given.map(|a| (a.id.as_str(), a.matter_id.as_str())).collect();
        let held: BTreeSet<(&str, &str)> =
            agency.tasks.iter().map(|t| (t.assignment_id.as_str(), t.matter_id.as_str())).collect();
        for (id, matter) in sent.symmetric_difference(&held) {
            found.push(Broken::SiteDiffers.at(format!("{code} {id} of {matter}")));
        }
    }
}
