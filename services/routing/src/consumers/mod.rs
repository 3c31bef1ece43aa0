//! What routing listens to: facts of intake, supervision and meetings, and what agencies return. Every type of these sources is named
//! here, also the ignored ones; a test compares the tables with the registry.

pub mod duties;
pub mod receipts;
pub mod resolutions;
pub mod returns;
pub mod submissions;

/// Types of `evt.intake.>` and what routing does with them.
pub const INTAKE: &[(&str, &str)] = &[
    ("lianxi.intake.submission_registered.v1", "enters a matter"),
    ("lianxi.intake.submission_linked.v1", "attaches a repeat"),
    ("lianxi.intake.content_opened.v1", "ignored: the look is intake's own record"),
];

/// Types of `evt.supervision.>` and what routing does with them.
pub const SUPERVISION: &[(&str, &str)] = &[
    ("lianxi.supervision.duty_warned.v1", "ignored: a warning changes nothing"),
    ("lianxi.supervision.duty_breached.v1", "of T03: acceptance is deemed, T06 runs"),
    ("lianxi.supervision.order_issued.v1", "ignored: orders are supervision's"),
    ("lianxi.supervision.order_acknowledged.v1", "ignored: orders are supervision's"),
    ("lianxi.supervision.order_replied.v1", "ignored: orders are supervision's"),
    ("lianxi.supervision.order_closed.v1", "ignored: orders are supervision's"),
    ("lianxi.supervision.order_sent_back.v1", "ignored: orders are supervision's"),
];

/// Types of `evt.meetings.>` and what routing does with them.
pub const MEETINGS: &[(&str, &str)] = &[
    (
        "lianxi.meetings.resolution_adopted.v1",
        "of a dispute: the binding assignment, or set aside with its reason",
    ),
    ("lianxi.meetings.item_proposed.v1", "ignored: the agenda is meetings'"),
    ("lianxi.meetings.item_settled.v1", "ignored: the agenda is meetings'"),
    ("lianxi.meetings.meeting_called.v1", "ignored: of no matter"),
    ("lianxi.meetings.meeting_moved.v1", "ignored: of no matter"),
    ("lianxi.meetings.meeting_called_off.v1", "ignored: of no matter"),
    ("lianxi.meetings.invitation_replied.v1", "ignored: of no matter"),
    ("lianxi.meetings.meeting_held.v1", "ignored: of no matter"),
    ("lianxi.meetings.minutes_fixed.v1", "ignored: of no matter"),
    ("lianxi.meetings.task_issued.v1", "ignored: tasks are meetings'"),
    ("lianxi.meetings.task_received.v1", "ignored: tasks are meetings'"),
    ("lianxi.meetings.task_reported.v1", "ignored: tasks are meetings'"),
    ("lianxi.meetings.task_checked.v1", "ignored: tasks are meetings'"),
    ("lianxi.meetings.task_overdue.v1", "ignored: tasks are meetings'"),
];

/// Types of `returns.>` and what routing does with them: it owns assignments.
pub const RETURNS: &[(&str, &str)] = &[
    ("lianxi.agency.received.v1", "closes dispatches, starts T03 and T04"),
    ("lianxi.agency.signed.v1", "records the signature"),
    ("lianxi.agency.acceptance_notified.v1", "meets T03, starts T06"),
    ("lianxi.agency.opinion_issued.v1", "records the outcome of each claim"),
    ("lianxi.agency.opinion_served.v1", "starts T07"),
    ("lianxi.agency.completed.v1", "closes the matter"),
    ("lianxi.agency.order_acknowledged.v1", "ignored: supervision owns orders"),
    ("lianxi.agency.order_replied.v1", "ignored: supervision owns orders"),
    ("lianxi.agency.extended.v1", "lengthens T06, if it may"),
    ("lianxi.agency.invitation_replied.v1", "ignored: meetings owns invitations"),
    ("lianxi.agency.position_filed.v1", "ignored: meetings owns the agenda"),
    ("lianxi.agency.task_received.v1", "ignored: meetings owns tasks"),
    ("lianxi.agency.task_reported.v1", "ignored: meetings owns tasks"),
    ("lianxi.agency.co_answered.v1", "a part for the lead, passed on to it"),
    ("lianxi.agency.objected.v1", "an objection to rule on, or a dispute"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contracts::{MessageKind, registry};

    use super::*;

    #[test]
    fn every_fact_of_meetings_is_in_the_table() {
        let named: BTreeSet<_> = MEETINGS.iter().map(|(t, _)| *t).collect();
        let all = registry::ALL.iter().filter(|e| e.kind == MessageKind::Fact).map(|e| e.event_type);
        assert_eq!(named, all.filter(|t| t.starts_with("lianxi.meetings.")).collect());
    }
}
