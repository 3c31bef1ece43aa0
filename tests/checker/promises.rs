//! Invariant 1: what a person was told, exists.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Dump, Violation};

pub fn check(dump: &Dump, found: &mut Vec<Violation>) {
    let numbers: BTreeMap<&str, &str> =
        dump.intake.submissions.iter().map(|s| (s.id.as_str(), s.number.as_str())).collect();
    for slip in &dump.told.slips {
        if slip.other_receipt {
            found.push(Broken::TwoReceipts.at(&slip.key));
        }
        if let Some((id, number)) = &slip.receipt
            && numbers.get(id.as_str()) != Some(&number.as_str())
        {
            found.push(Broken::NumberLost.at(number));
        }
    }
    let mut seen = BTreeSet::new();
    for (id, number) in &numbers {
        if !seen.insert(number) {
            found.push(Broken::NumberTwice.at(format!("{number} {id}")));
        }
    }
    // Each form makes one submission at most.
    let mut filed = BTreeSet::new();
    for (key, submission) in &dump.intake.keys {
        if !filed.insert(submission) {
            found.push(Broken::NumberTwice.at(format!("{submission} under {key}")));
        }
    }
    if dump.intake.submissions.len() != dump.intake.keys.len() {
        let sums = format!("{} submissions, {} forms", dump.intake.submissions.len(), dump.intake.keys.len());
        found.push(Broken::NumberTwice.at(sums));
    }
    steps(dump, found);
}

fn steps(dump: &Dump, found: &mut Vec<Violation>) {
    for step in &dump.told.steps {
        let tasks = dump.agencies.get(&step.agency).map_or(&[][..], |a| a.tasks.as_slice());
        let held = tasks.iter().find(|t| t.assignment_id == step.assignment).map_or(0, |t| t.version);
        if held < step.version {
            found.push(
                Broken::StepLost.at(format!("{} {} version {}", step.agency, step.assignment, step.version)),
            );
        }
    }
}
