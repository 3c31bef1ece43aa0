//! Invariant 10: nothing is lost between the counters.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Dump, Violation};

/// States that the suite has so far.
const STATES: &[&str] = &[
    "registered",
    "screened",
    "forwarded",
    "assigned",
    "objected",
    "disputed",
    "returned",
    "handling",
    "extended",
    "opinion_issued",
    "served",
    "closed",
    "attached",
];

/// At every snapshot: routing has no matter that was not registered, and each in a state of the list.
pub fn within(dump: &Dump, found: &mut Vec<Violation>) {
    let registered: BTreeSet<&str> = dump.intake.submissions.iter().map(|s| s.id.as_str()).collect();
    for matter in &dump.routing.matters {
        if !registered.contains(matter.id.as_str()) || !STATES.contains(&matter.state.as_str()) {
            found.push(Broken::Sum.at(format!("{} in {}", matter.id, matter.state)));
        }
    }
    for link in &dump.intake.links {
        if !registered.contains(link.submission_id.as_str()) || !registered.contains(link.matter_id.as_str())
        {
            found.push(Broken::Sum.at(format!("{} repeats {}", link.submission_id, link.matter_id)));
        }
    }
    let said = dump.intake.store.outbox.iter().filter(|s| s.token() == "submission_registered").count();
    if said != registered.len() {
        found.push(Broken::Sum.at(format!("{} registered, {said} said", registered.len())));
    }
}

/// After healing: registered = the sum over the states, in total and per agency.
pub fn settled(dump: &Dump, found: &mut Vec<Violation>) {
    let (registered, held) = (dump.intake.submissions.len(), dump.routing.matters.len());
    if registered != held {
        found.push(Broken::Sum.at(format!("{registered} registered, {held} matters")));
    }
    let mut office: BTreeMap<&str, usize> = BTreeMap::new();
    for assignment in &dump.routing.assignments {
        *office.entry(&assignment.agency).or_default() += 1;
    }
    for (code, agency) in &dump.agencies {
        let sent = office.get(code.as_str()).copied().unwrap_or(0);
        if sent != agency.tasks.len() {
            found.push(Broken::Sum.at(format!("{code} was given {sent}, has {}", agency.tasks.len())));
        }
    }
}
