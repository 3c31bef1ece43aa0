//! What supervision listens to. Every type of these sources is named here, also the ignored ones; a test compares
//! the tables with the registry.

mod effects;
pub mod facts;
pub mod returns;

/// Types of `evt.intake.>` and `evt.routing.>`, and what supervision does with them.
pub const FACTS: &[(&str, &str)] = &[
    ("lianxi.intake.submission_registered.v1", "enters the matter, starts T01"),
    ("lianxi.intake.submission_linked.v1", "a repeat: T01 is met"),
    ("lianxi.intake.content_opened.v1", "ignored: the look is intake's own record"),
    ("lianxi.intake.query_code_reissued.v1", "ignored: no duty hangs on it"),
    ("lianxi.routing.matter_proposed.v1", "ignored: a proposal starts no duty"),
    ("lianxi.routing.matter_screened.v1", "an accusation is hidden from lists"),
    ("lianxi.routing.matter_forwarded.v1", "meets T01"),
    ("lianxi.routing.assignment_recalled.v1", "cancels the assignment's duties, T01 runs again"),
    ("lianxi.routing.assignment_delivered.v1", "starts T03, T04 and T05"),
    ("lianxi.routing.assignment_signed.v1", "ignored: no rule limits the signature"),
    ("lianxi.routing.acceptance_notified.v1", "meets T03, ends T04, starts T06"),
    ("lianxi.routing.acceptance_deemed.v1", "starts T06"),
    ("lianxi.routing.opinion_issued.v1", "meets T06"),
    ("lianxi.routing.opinion_served.v1", "ignored: T07 is the petitioner's right, not a duty"),
    ("lianxi.routing.matter_closed.v1", "meets T05 and what else was owed"),
    ("lianxi.routing.return_set_aside.v1", "ignored: it changed nothing"),
    ("lianxi.routing.agency_listed.v1", "ignored: supervision keeps no register"),
    ("lianxi.routing.agency_changed.v1", "ignored: supervision keeps no register"),
    ("lianxi.routing.agency_ended.v1", "ignored: its cases are handed on one by one, each a fact"),
    ("lianxi.routing.handling_extended.v1", "T06 runs longer"),
    ("lianxi.routing.assignment_objected.v1", "the right to object is used: T04 ends, T03 goes on"),
    ("lianxi.routing.objection_decided.v1", "upheld: cancels the assignment's duties, T01 runs again"),
    ("lianxi.routing.dispute_raised.v1", "the assignment's task ended with it, T01 runs again"),
    ("lianxi.routing.co_assigned.v1", "an order may be about it; the delivery starts its internal limit"),
    ("lianxi.routing.co_answered.v1", "meets the internal limit (T05), ends T04"),
    ("lianxi.routing.co_released.v1", "cancels the assignment's duties; T01 stays met"),
    ("lianxi.routing.competence_decided.v1", "ignored: the delivery that follows starts the duties"),
    ("lianxi.routing.resolution_set_aside.v1", "ignored: it changed nothing"),
    ("lianxi.routing.suggestions_changed.v1", "ignored: no duty hangs on it"),
];

/// Types of `returns.>` and what supervision does with them: it owns orders.
pub const RETURNS: &[(&str, &str)] = &[
    ("lianxi.agency.received.v1", "closes dispatches of orders"),
    ("lianxi.agency.signed.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.acceptance_notified.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.opinion_issued.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.opinion_served.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.completed.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.objected.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.extended.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.co_answered.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.order_acknowledged.v1", "the order is in hand"),
    ("lianxi.agency.order_replied.v1", "the order is replied to"),
    ("lianxi.agency.invitation_replied.v1", "ignored: meetings owns invitations"),
    ("lianxi.agency.position_filed.v1", "ignored: meetings owns the agenda"),
    ("lianxi.agency.task_received.v1", "ignored: meetings owns tasks"),
    ("lianxi.agency.task_reported.v1", "ignored: meetings owns tasks"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contracts::{MessageKind, registry};

    use super::*;

    #[test]
    fn every_fact_and_return_of_the_registry_is_in_the_tables() {
        let of = |table: &[(&'static str, &str)]| table.iter().map(|(t, _)| *t).collect::<BTreeSet<_>>();
        let all = |kind: MessageKind| {
            const OTHERS: [&str; 3] = ["lianxi.supervision.", "lianxi.meetings.", "lianxi.notification."];
            let heard = |t: &str| !OTHERS.iter().any(|other| t.starts_with(other));
            let types = registry::ALL.iter().filter(|e| e.kind == kind).map(|e| e.event_type);
            types.filter(|t| heard(t)).collect::<BTreeSet<_>>()
        };
        assert_eq!(of(FACTS), all(MessageKind::Fact));
        assert_eq!(of(RETURNS), all(MessageKind::Return));
    }

    #[test]
    fn what_the_table_of_returns_ignores_is_ignored() {
        let said = RETURNS.iter().filter(|(_, what)| what.starts_with("ignored")).map(|(t, _)| *t);
        assert_eq!(said.collect::<BTreeSet<_>>(), returns::IGNORED.iter().copied().collect());
    }
}
