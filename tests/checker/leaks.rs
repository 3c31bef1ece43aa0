//! Invariants 6 and 7: nothing of a matter reaches an agency that it never went to, but that it is on the agenda
//! for its parties; words of a submission lie
//! nowhere in the open; an accusation never reaches whom it accuses.

use std::collections::BTreeSet;

use super::{
    Broken, Dump, Violation,
    dump::{Item, Slip},
};

pub fn check(dump: &Dump, found: &mut Vec<Violation>) {
    let words = Words::of(&dump.told.slips);
    for (code, agency) in &dump.agencies {
        let own: BTreeSet<&str> = dump
            .routing
            .assignments
            .iter()
            .filter(|a| a.agency == *code)
            .map(|a| a.matter_id.as_str())
            .collect();
        let stream = format!("DISPATCH_{code}");
        let wire = dump.streams.get(&stream).map_or(&[][..], Vec::as_slice);
        let rows = agency.store.rows.iter().map(|(table, row)| (format!("{code} {table}"), row.as_str()));
        let wire = wire.iter().map(|m| (stream.clone(), m.text.as_str()));
        let seen = dump.told.seen.iter().filter(|(place, _)| place == code);
        let answers: Vec<(String, &str)> =
            seen.map(|(_, text)| (format!("answer to {code}"), text.as_str())).collect();
        let stored: Vec<(String, &str)> = rows.chain(wire).collect();
        let called: BTreeSet<&str> = own.iter().copied().chain(at_the_table(dump, code)).collect();
        foreign(dump, &called, stored.iter().chain(&answers), found);
        let is_own = |slip: &Slip| slip.receipt.as_ref().is_some_and(|(id, _)| own.contains(id.as_str()));
        words.seek(stored.iter(), |_| false, found);
        words.seek(answers.iter(), is_own, found);
    }
    in_the_open(dump, &words, found);
    betrayed(dump, found);
}

/// Matters on which an agency was heard or told what to do by the conference.
fn at_the_table<'d>(dump: &'d Dump, code: &'d str) -> impl Iterator<Item = &'d str> {
    let party = move |item: &&Item| item.parties.contains(&format!("\"{code}\""));
    let items = dump.meetings.items.iter().filter(party).map(|item| item.matter_id.as_str());
    let tasks = dump.meetings.resolution_tasks.iter().filter(move |task| task.agency == code);
    items.chain(tasks.map(|task| task.matter_id.as_str()))
}

/// Ids and numbers of matters that never went there.
fn foreign<'d>(
    dump: &Dump,
    own: &BTreeSet<&str>,
    places: impl Iterator<Item = &'d (String, &'d str)>,
    found: &mut Vec<Violation>,
) {
    let others: Vec<_> = dump.intake.submissions.iter().filter(|s| !own.contains(s.id.as_str())).collect();
    for (place, text) in places.filter(|(_, text)| text.contains("xf_") || text.contains("XF")) {
        for other in &others {
            if text.contains(&other.id) || text.contains(&other.number) {
                found.push(Broken::Foreign.at(format!("{place}: {}", other.id)));
            }
        }
    }
}

/// Words of submissions, also as the bytes of a blob.
struct Words<'d> {
    /// What every word begins with: most texts hold none of it and are searched no further.
    begin: BTreeSet<String>,
    all: Vec<(&'d Slip, &'d str, String)>,
}

/// Characters that words are sorted by.
const BEGIN: usize = 5;

impl<'d> Words<'d> {
    fn of(slips: &'d [Slip]) -> Self {
        let words = slips.iter().flat_map(|slip| slip.canaries.iter().map(move |word| (slip, word.as_str())));
        let all: Vec<_> = words.map(|(slip, word)| (slip, word, hex(word))).collect();
        let begin = all.iter().flat_map(|(_, word, hex)| {
            [word.chars().take(BEGIN).collect(), hex.chars().take(2 * BEGIN).collect()]
        });
        Self { begin: begin.collect(), all }
    }

    /// Finds them in places where they must not be; `allowed` names submissions that may be read there.
    fn seek<'p>(
        &self,
        places: impl Iterator<Item = &'p (String, &'p str)>,
        allowed: impl Fn(&Slip) -> bool,
        found: &mut Vec<Violation>,
    ) {
        for (place, text) in places.filter(|(_, text)| self.begin.iter().any(|b| text.contains(b.as_str()))) {
            for (_, word, _) in self
                .all
                .iter()
                .filter(|(_, word, hex)| text.contains(word) || text.contains(hex.as_str()))
                .filter(|(slip, ..)| !allowed(slip))
            {
                found.push(Broken::Canary.at(format!("{place}: {word}")));
            }
        }
    }
}

fn hex(word: &str) -> String {
    word.bytes().map(|b| format!("{b:02X}")).collect()
}

/// Outboxes are kept for ever and streams are read by many: neither holds a word of any submission, nor the
/// number of an accusation.
fn in_the_open(dump: &Dump, words: &Words<'_>, found: &mut Vec<Violation>) {
    let mut open: Vec<(String, &str)> = Vec::new();
    for (name, store) in dump.stores() {
        open.extend(
            store.outbox.iter().map(|s| (format!("{name} outbox {}", s.event_type), s.body.as_str())),
        );
    }
    for (stream, messages) in &dump.streams {
        open.extend(messages.iter().map(|m| (format!("{stream} {}", m.subject), m.text.as_str())));
    }
    words.seek(open.iter(), |_| false, found);
    for accusation in dump.intake.submissions.iter().filter(|s| s.restricted == 1) {
        for (place, text) in open.iter().filter(|(_, text)| text.contains(&accusation.number)) {
            found.push(Broken::Canary.at(format!("{place}: {} in {} bytes", accusation.number, text.len())));
        }
    }
}

fn betrayed(dump: &Dump, found: &mut Vec<Violation>) {
    for slip in &dump.told.slips {
        let Some((id, _)) = &slip.receipt else { continue };
        let barred: BTreeSet<&String> =
            slip.accused.iter().flat_map(|unit| dump.under.get(unit).into_iter().flatten()).collect();
        for assignment in dump.routing.assignments.iter().filter(|a| a.matter_id == *id) {
            if barred.contains(&assignment.agency) {
                found.push(Broken::Betrayed.at(format!("{id} at {}", assignment.agency)));
            }
        }
    }
}
