//! What meetings listens to. Every type of these sources is named here, also the ignored ones; a test compares the
//! tables with the registry.

pub mod facts;
pub mod returns;

/// Types of `evt.intake.>` and `evt.routing.>`, and what meetings does with them.
pub const FACTS: &[(&str, &str)] = &[
    ("lianxi.intake.submission_registered.v1", "enters the matter with its number"),
    ("lianxi.intake.submission_linked.v1", "ignored: a repeat is never disputed"),
    ("lianxi.intake.query_code_reissued.v1", "ignored: it is between the counter and the petitioner"),
    ("lianxi.intake.content_opened.v1", "ignored: the look is intake's own record"),
    ("lianxi.routing.matter_proposed.v1", "ignored: a proposal is no dispute"),
    ("lianxi.routing.matter_screened.v1", "an accusation leaves the agenda"),
    ("lianxi.routing.matter_forwarded.v1", "a dispute that was settled elsewhere leaves the agenda"),
    ("lianxi.routing.assignment_recalled.v1", "an item about it leaves the agenda"),
    ("lianxi.routing.assignment_delivered.v1", "ignored"),
    ("lianxi.routing.assignment_signed.v1", "ignored"),
    ("lianxi.routing.acceptance_notified.v1", "ignored"),
    ("lianxi.routing.acceptance_deemed.v1", "ignored"),
    ("lianxi.routing.opinion_issued.v1", "ignored"),
    ("lianxi.routing.opinion_served.v1", "ignored"),
    ("lianxi.routing.matter_closed.v1", "an item about it leaves the agenda"),
    ("lianxi.routing.return_set_aside.v1", "ignored: it changed nothing"),
    ("lianxi.routing.agency_listed.v1", "a unit that can be invited"),
    ("lianxi.routing.agency_changed.v1", "from when to when it can be invited"),
    ("lianxi.routing.agency_ended.v1", "until when it can be invited"),
    ("lianxi.routing.handling_extended.v1", "ignored"),
    ("lianxi.routing.assignment_objected.v1", "the letter is its agency's position"),
    ("lianxi.routing.objection_decided.v1", "ignored: a second one comes as a dispute"),
    ("lianxi.routing.dispute_raised.v1", "an item, where the conference decides"),
    ("lianxi.routing.competence_decided.v1", "the resolution binds, or the item was decided elsewhere"),
    ("lianxi.routing.co_assigned.v1", "ignored"),
    ("lianxi.routing.co_answered.v1", "ignored"),
    ("lianxi.routing.co_released.v1", "ignored"),
    ("lianxi.routing.resolution_set_aside.v1", "the resolution waits for a person"),
    ("lianxi.routing.suggestions_changed.v1", "ignored"),
];

/// Types of `returns.>` and what meetings does with them: it owns invitations, positions and tasks.
pub const RETURNS: &[(&str, &str)] = &[
    ("lianxi.agency.received.v1", "closes dispatches of invitations and tasks"),
    ("lianxi.agency.signed.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.acceptance_notified.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.opinion_issued.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.opinion_served.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.completed.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.objected.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.extended.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.order_acknowledged.v1", "ignored: supervision owns orders"),
    ("lianxi.agency.order_replied.v1", "ignored: supervision owns orders"),
    ("lianxi.agency.co_answered.v1", "ignored: routing owns assignments"),
    ("lianxi.agency.invitation_replied.v1", "the agency comes, or not"),
    ("lianxi.agency.position_filed.v1", "a party's position"),
    ("lianxi.agency.task_received.v1", "the task is in hand"),
    ("lianxi.agency.task_reported.v1", "the task is reported on"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contracts::{MessageKind, registry};

    use super::*;

    #[test]
    fn every_fact_and_return_of_the_registry_is_in_the_tables() {
        let of = |table: &[(&'static str, &str)]| table.iter().map(|(t, _)| *t).collect::<BTreeSet<_>>();
        let all = |kind: MessageKind, contexts: &[&str]| {
            let heard = |t: &str| contexts.iter().any(|c| t.starts_with(&format!("lianxi.{c}.")));
            let types = registry::ALL.iter().filter(|e| e.kind == kind).map(|e| e.event_type);
            types.filter(|t| heard(t)).collect::<BTreeSet<_>>()
        };
        assert_eq!(of(FACTS), all(MessageKind::Fact, &["intake", "routing"]));
        assert_eq!(of(RETURNS), all(MessageKind::Return, &["agency"]));
    }
}
