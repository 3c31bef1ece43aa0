//! Resolutions and what follows from them: each binds once or is set aside, each task and invitation was sent.

use super::{Broken, Dump, Violation, dump::Said};

fn of<'d>(outbox: &'d [Said], token: &'d str) -> impl Iterator<Item = &'d Said> {
    outbox.iter().filter(move |row| row.event_type == token)
}

fn names(row: &Said, field: &str, value: &str) -> bool {
    let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
    body.get(field).and_then(|v| v.as_str()) == Some(value)
}

/// At every commit: nothing binds twice, and every invitation and task was dispatched with its row.
pub fn at_every_commit(dump: &Dump, found: &mut Vec<Violation>) {
    for resolution in &dump.meetings.resolutions {
        let ends = ends_of(dump, &resolution.id);
        if ends > 1 {
            found.push(Broken::ResolutionTwice.at(format!("{}: {ends} ends", resolution.id)));
        }
    }
    let outbox = &dump.meetings.store.outbox;
    for invitation in &dump.meetings.invitations {
        let sent = of(outbox, "lianxi.meetings.meeting_dispatched.v1").any(|row| {
            row.agency.as_deref() == Some(&invitation.agency) && row.subject_id == invitation.meeting_id
        });
        if !sent {
            let words = format!("{} to {}", invitation.meeting_id, invitation.agency);
            found.push(Broken::NotInvited.at(words));
        }
    }
    for task in &dump.meetings.resolution_tasks {
        let sent = of(outbox, "lianxi.meetings.task_dispatched.v1")
            .filter(|row| row.agency.as_deref() == Some(&task.agency) && names(row, "task_id", &task.id))
            .count();
        if sent != 1 {
            found.push(Broken::NotInvited.at(format!("task {} sent {sent} times", task.id)));
        }
    }
}

/// After healing: every resolution of a dispute has bound, or stands with its reason.
pub fn healed(dump: &Dump, found: &mut Vec<Violation>) {
    for resolution in dump.meetings.resolutions.iter().filter(|r| r.kind == "competence") {
        if ends_of(dump, &resolution.id) != 1 || resolution.state == "adopted" {
            found.push(Broken::ResolutionLost.at(format!("{} is {}", resolution.id, resolution.state)));
        }
    }
}

/// How often routing said what became of a resolution.
fn ends_of(dump: &Dump, id: &str) -> usize {
    let outbox = &dump.routing.store.outbox;
    let by = format!("resolution:{id}");
    of(outbox, "lianxi.routing.competence_decided.v1").filter(|row| names(row, "by", &by)).count()
        + of(outbox, "lianxi.routing.resolution_set_aside.v1")
            .filter(|row| names(row, "resolution_id", id))
            .count()
}
