//! Invariants 5 and 9: facts are applied in order, stale returns change nothing, the record verifies.

use std::collections::BTreeMap;

use super::{Broken, Dump, Violation};

/// At every commit: each subject's versions are gapless and the chains verify.
pub fn versions(dump: &Dump, found: &mut Vec<Violation>) {
    for (name, store) in dump.stores() {
        let mut last: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for said in &store.outbox {
            let before = last.entry((&said.order_key, &said.subject_id)).or_default();
            if said.version != *before + 1 {
                found.push(Broken::VersionDiffers.at(format!("{name} {} {}", said.subject_id, said.version)));
            }
            *before = said.version;
        }
        found.extend(store.audit.iter().map(|fault| Broken::Chain.at(format!("{name} {fault}"))));
    }
    let mut facts: BTreeMap<&str, i64> = BTreeMap::new();
    for said in dump.routing.store.outbox.iter().filter(|s| s.kind == "fact") {
        let last = facts.entry(&said.subject_id).or_default();
        *last = said.version.max(*last);
    }
    for matter in &dump.routing.matters {
        let said = facts.get(matter.id.as_str()).copied().unwrap_or(0);
        if matter.version != said {
            found
                .push(Broken::VersionDiffers.at(format!("{} at {}, said {said}", matter.id, matter.version)));
        }
    }
}

/// Who reads whose facts and returns: consumer's store, consumer's name, kinds and sources.
fn listens(consumer: &str, kind: &str, order_key: &str) -> bool {
    match consumer {
        "routing-intake" => kind == "fact" && order_key == "lianxi/intake",
        "routing-returns" => kind == "return",
        "intake" => kind == "fact" && order_key == "lianxi/routing",
        "routing-meetings" => kind == "fact" && order_key == "lianxi/meetings",
        "meetings-facts" => kind == "fact" && matches!(order_key, "lianxi/intake" | "lianxi/routing"),
        "meetings-returns" => kind == "return",
        "routing-supervision" => kind == "fact" && order_key == "lianxi/supervision",
        "supervision-facts" => kind == "fact" && matches!(order_key, "lianxi/intake" | "lianxi/routing"),
        "supervision-returns" => kind == "return",
        "notification" => {
            kind == "fact" && matches!(order_key, "lianxi/intake" | "lianxi/routing" | "lianxi/supervision")
        }
        "board" => kind == "fact",
        _ => false,
    }
}

/// After healing every consumer stands where the speakers stand.
pub fn applied(dump: &Dump, found: &mut Vec<Violation>) {
    let mut said: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    for (_, store) in dump.stores() {
        for row in &store.outbox {
            let last = said.entry((&row.kind, &row.order_key, &row.subject_id)).or_default();
            *last = row.version.max(*last);
        }
    }
    for (consumer, store) in [
        ("routing-intake", &dump.routing.store),
        ("routing-returns", &dump.routing.store),
        ("routing-supervision", &dump.routing.store),
        ("routing-meetings", &dump.routing.store),
        ("meetings-facts", &dump.meetings.store),
        ("meetings-returns", &dump.meetings.store),
        ("notification", &dump.notification.store),
        ("supervision-facts", &dump.supervision.store),
        ("supervision-returns", &dump.supervision.store),
        ("intake", &dump.intake.store),
        ("board", &dump.board.store),
    ] {
        let marks: BTreeMap<(&str, &str), i64> = store
            .applied
            .iter()
            .filter(|a| a.consumer == consumer)
            .map(|a| ((a.order_key.as_str(), a.subject_id.as_str()), a.version))
            .collect();
        for ((kind, order_key, subject), version) in &said {
            let mark = marks.get(&(*order_key, *subject)).copied().unwrap_or(0);
            if listens(consumer, kind, order_key) && mark != *version {
                let at = format!("{consumer} {order_key} {subject} at {mark}, said {version}");
                found.push(Broken::AppliedDiffers.at(at));
            }
        }
    }
}

/// After healing office and agency agree, but for a recall that crossed a completion.
pub fn states(dump: &Dump, found: &mut Vec<Violation>) {
    for assignment in &dump.routing.assignments {
        let tasks = dump.agencies.get(&assignment.agency).map_or(&[][..], |a| a.tasks.as_slice());
        let Some(task) = tasks.iter().find(|t| t.assignment_id == assignment.id) else { continue };
        // A recall, or a release, that crossed the agency's last step.
        let crossed = assignment.state == "recalled" && matches!(task.state.as_str(), "closed" | "answered");
        if task.state != assignment.state && !crossed {
            let at = format!(
                "{} is {} at the office, {} at {}",
                assignment.id, assignment.state, task.state, assignment.agency
            );
            found.push(Broken::StateDiffers.at(at));
        }
    }
}
