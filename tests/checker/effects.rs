//! Invariant 3: one effect of each message, one notice and one answer of each step.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Dump, Violation, dump::Said};

/// What an agency returns about an assignment; receipts are apart.
const STEPS: &[&str] = &[
    "signed",
    "objected",
    "extended",
    "acceptance_notified",
    "opinion_issued",
    "opinion_served",
    "completed",
    "co_answered",
];
/// A step that may come once more: an objection that was refused.
const AGAIN: &[&str] = &["objected", "assignment_objected"];
/// What routing makes of them.
const FACTS: &[&str] = &[
    "assignment_objected",
    "handling_extended",
    "assignment_signed",
    "acceptance_notified",
    "opinion_issued",
    "opinion_served",
    "matter_closed",
    "co_answered",
    "return_set_aside",
];

fn assignment_of(said: &Said) -> String {
    let body: serde_json::Value = serde_json::from_str(&said.body).unwrap_or_default();
    body.get("assignment_id").and_then(|v| v.as_str()).unwrap_or_default().to_owned()
}

/// At every commit.
pub fn once(dump: &Dump, found: &mut Vec<Violation>) {
    let mut registered = BTreeSet::new();
    for said in dump.intake.store.outbox.iter().filter(|s| s.token() == "submission_registered") {
        if !registered.insert(&said.subject_id) {
            found.push(Broken::EffectTwice.at(format!("registration of {}", said.subject_id)));
        }
    }
    let mut caused: BTreeMap<&str, usize> = BTreeMap::new();
    let mut steps = BTreeSet::new();
    for said in dump.routing.store.outbox.iter().filter(|s| FACTS.contains(&s.token())) {
        if let Some(cause) = &said.causation {
            *caused.entry(cause).or_default() += 1;
        }
        let once = said.token() != "return_set_aside" && !AGAIN.contains(&said.token());
        if once && !steps.insert((assignment_of(said), said.token())) {
            found.push(Broken::StepTwice.at(format!("{} {}", said.token(), assignment_of(said))));
        }
    }
    for (cause, n) in caused.into_iter().filter(|(_, n)| *n > 1) {
        found.push(Broken::EffectTwice.at(format!("return {cause} had {n} effects")));
    }
    for (code, agency) in &dump.agencies {
        let mut answered = BTreeSet::new();
        for said in agency.store.outbox.iter().filter(|s| STEPS.contains(&s.token())) {
            let once = !AGAIN.contains(&said.token());
            if once && !answered.insert((assignment_of(said), said.token())) {
                found.push(Broken::StepTwice.at(format!("{code} {} {}", said.token(), assignment_of(said))));
            }
        }
    }
}

/// After healing nothing went without its effect.
pub fn all(dump: &Dump, found: &mut Vec<Violation>) {
    let matters: BTreeSet<&str> = dump.routing.matters.iter().map(|m| m.id.as_str()).collect();
    for submission in dump.intake.submissions.iter().filter(|s| !matters.contains(s.id.as_str())) {
        found.push(Broken::EffectMissing.at(format!("no matter for {}", submission.id)));
    }
    let causes: BTreeSet<&str> =
        dump.routing.store.outbox.iter().filter_map(|s| s.causation.as_deref()).collect();
    for (code, agency) in &dump.agencies {
        for said in agency.store.outbox.iter().filter(|s| STEPS.contains(&s.token())) {
            if !causes.contains(said.id.as_str()) {
                found.push(Broken::EffectMissing.at(format!("{code} {} {}", said.token(), said.id)));
            }
        }
    }
}
