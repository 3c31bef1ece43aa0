//! What notification listens to. Every type of these sources is named here, also the ignored ones; a test compares
//! the tables with the registry.

pub mod facts;

/// Types of `evt.intake.>`, `evt.routing.>`, `evt.supervision.>` and `evt.meetings.>`, and what notification does with them beside
/// telling of them, where its table says so (`domain::told`).
pub const FACTS: &[(&str, &str)] = &[
    ("lianxi.intake.submission_registered.v1", "enters the matter; told"),
    ("lianxi.intake.submission_linked.v1", "told"),
    ("lianxi.intake.content_opened.v1", "ignored: the petitioner's look-up shows it"),
    ("lianxi.intake.query_code_reissued.v1", "ignored: the new receipt is given at the counter"),
    ("lianxi.routing.matter_proposed.v1", "ignored: a proposal concerns nobody outside"),
    ("lianxi.routing.matter_screened.v1", "an accusation leaves every way but its officer's letters"),
    ("lianxi.routing.matter_forwarded.v1", "told"),
    ("lianxi.routing.assignment_recalled.v1", "ignored: the hand-over that follows is told"),
    ("lianxi.routing.assignment_delivered.v1", "told"),
    ("lianxi.routing.assignment_signed.v1", "ignored: an inner step of the unit"),
    ("lianxi.routing.acceptance_notified.v1", "told"),
    ("lianxi.routing.acceptance_deemed.v1", "ignored: the unit's notice stays owed"),
    ("lianxi.routing.opinion_issued.v1", "told"),
    ("lianxi.routing.opinion_served.v1", "ignored: the petitioner has the opinion itself"),
    ("lianxi.routing.matter_closed.v1", "ignored: the opinion was told"),
    ("lianxi.routing.return_set_aside.v1", "ignored: it changed nothing"),
    ("lianxi.routing.agency_listed.v1", "names and mailboxes of agencies"),
    ("lianxi.routing.agency_changed.v1", "its name and mailbox as they are now"),
    ("lianxi.routing.agency_ended.v1", "its name and mailbox as they are now"),
    ("lianxi.routing.handling_extended.v1", "told"),
    ("lianxi.routing.assignment_objected.v1", "told"),
    ("lianxi.routing.objection_decided.v1", "told"),
    ("lianxi.routing.dispute_raised.v1", "told"),
    ("lianxi.routing.competence_decided.v1", "ignored: the hand-over that follows is told"),
    ("lianxi.supervision.duty_warned.v1", "told"),
    ("lianxi.supervision.duty_breached.v1", "told"),
    ("lianxi.supervision.order_issued.v1", "told"),
    ("lianxi.supervision.order_acknowledged.v1", "ignored: the duty's own page shows it"),
    ("lianxi.supervision.order_replied.v1", "told"),
    ("lianxi.supervision.order_closed.v1", "ignored: the verdict reaches the agency as a dispatch"),
    ("lianxi.supervision.order_sent_back.v1", "told"),
    ("lianxi.routing.co_assigned.v1", "ignored: the delivery to the co-agency is told"),
    ("lianxi.routing.co_answered.v1", "told"),
    ("lianxi.routing.co_released.v1", "ignored: it reaches both units as a dispatch"),
    ("lianxi.routing.resolution_set_aside.v1", "ignored: it changed nothing"),
    ("lianxi.routing.suggestions_changed.v1", "ignored: the office's own tool"),
    ("lianxi.meetings.item_proposed.v1", "ignored: the office's own agenda"),
    ("lianxi.meetings.item_settled.v1", "ignored: the minutes reach the members as a dispatch"),
    ("lianxi.meetings.meeting_called.v1", "told"),
    ("lianxi.meetings.meeting_moved.v1", "told"),
    ("lianxi.meetings.meeting_called_off.v1", "told"),
    ("lianxi.meetings.invitation_replied.v1", "ignored: the meeting's own page shows it"),
    ("lianxi.meetings.meeting_held.v1", "ignored: the minutes reach the members as a dispatch"),
    ("lianxi.meetings.resolution_adopted.v1", "ignored: the task reaches the unit as a dispatch"),
    ("lianxi.meetings.minutes_fixed.v1", "ignored: the minutes reach the members as a dispatch"),
    ("lianxi.meetings.task_issued.v1", "ignored: the task reaches the unit as a dispatch"),
    ("lianxi.meetings.task_received.v1", "ignored: the task's own page shows it"),
    ("lianxi.meetings.task_reported.v1", "ignored: the task's own page shows it"),
    ("lianxi.meetings.task_checked.v1", "ignored: the verdict reaches the unit as a dispatch"),
    ("lianxi.meetings.task_overdue.v1", "ignored: the task's own page shows it"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contracts::{MessageKind, registry};

    use super::*;
    use crate::domain::told;

    #[test]
    fn every_fact_of_the_registry_is_in_the_table() {
        let own: BTreeSet<&str> = FACTS.iter().map(|(t, _)| *t).collect();
        let heard = |t: &&str| !t.starts_with("lianxi.notification.");
        let all = registry::ALL.iter().filter(|e| e.kind == MessageKind::Fact).map(|e| e.event_type);
        assert_eq!(own, all.filter(heard).collect());
    }

    #[test]
    fn what_the_table_calls_told_can_be_told() {
        let told = |(_, what): &&(&str, &str)| what.ends_with("told") && !what.starts_with("ignored");
        let words: BTreeSet<&str> = FACTS.iter().filter(told).map(|(t, _)| *t).collect();
        assert_eq!(words, told::ALL.iter().map(|t| t.event_type).collect());
    }
}
