//! Duties, timers and orders, pure: given, when, then.

use calendar::RuleId;
use contracts::{
    codes::{AssignmentRole, DutyState, OrderCause, OrderOwed, OrderState, OrderVerdict, SendBackReason},
    routing::AcceptanceDeemedV1,
};
use kernel::{ContentId, OrderId, UnixMillis, civil_midnight};
use supervision::domain::{
    duty::{Alarm, AlarmKind, Duty, alarms},
    fact::Fact,
    order::{About, Order, proposal},
    timers::{Effect, Heard, effects},
};

use super::fixtures::{
    accepted, assignment_id, closed, code, day, delivered, disputed, due, extended, forwarded, issued, law,
    matter_id, objected, recalled, ruled,
};

const STAGES: [i64; 2] = [80, 100];

fn duty(rule: RuleId, start: &str) -> Duty {
    Duty::start(matter_id(1), Some((assignment_id(1), code("renshe"))), due(rule, start))
}

fn ring_all(duty: &mut Duty) -> Vec<Fact> {
    alarms(&duty.due, &[50, 80, 100]).iter().filter_map(|alarm| duty.ring(alarm)).collect()
}

#[test]
fn a_limit_warns_at_its_stages_and_breaches_after_the_legal_date() {
    // 15 days from 09-20: nominal 10-05, legal 10-08 over the holidays (domain.md 1.5).
    let all = alarms(&due(RuleId::T03, "2026-09-20"), &STAGES);
    let expected = [
        Alarm { kind: AlarmKind::Warn(80), on: day("2026-10-02") },
        Alarm { kind: AlarmKind::Warn(100), on: day("2026-10-05") },
        Alarm { kind: AlarmKind::Breach, on: day("2026-10-09") },
    ];
    assert_eq!(all, expected);
    assert_eq!(all.last().map(Alarm::at), Some(civil_midnight(day("2026-10-09"))));
}

#[test]
fn a_right_to_object_warns_nobody_and_lapses_without_a_breach() {
    let mut right = duty(RuleId::T04, "2026-08-03");
    let all = alarms(&right.due, &STAGES);
    assert_eq!(all, [Alarm { kind: AlarmKind::Lapse, on: day("2026-08-11") }]);
    assert_eq!(all.first().and_then(|alarm| right.ring(alarm)), None);
    assert_eq!((right.state, right.open), (DutyState::Lapsed, false));
}

#[test]
fn a_provisional_date_never_breaches() {
    let far = due(RuleId::T06, "2026-12-01");
    assert!(far.provisional, "2027 is not published");
    assert!(alarms(&far, &STAGES).iter().all(|alarm| alarm.kind != AlarmKind::Breach));
}

#[test]
fn what_is_met_in_time_stays_silent() {
    let mut met = duty(RuleId::T03, "2026-08-03");
    met.meet(day("2026-08-18"));
    assert_eq!((met.state, met.met_on, met.open), (DutyState::Met, Some(day("2026-08-18")), false));
    assert_eq!(ring_all(&mut met), []);
}

#[test]
fn what_is_met_late_stays_breached() {
    let mut late = duty(RuleId::T03, "2026-08-03");
    assert_eq!(ring_all(&mut late).len(), 4, "three warnings and the breach");
    late.meet(day("2026-08-25"));
    assert_eq!((late.state, late.open, late.warned), (DutyState::Breached, false, Some(100)));
    assert_eq!((late.breached_on, late.met_on), (Some(day("2026-08-19")), Some(day("2026-08-25"))));
}

#[test]
fn a_recalled_duty_is_cancelled_and_a_breach_stays_on_the_record() {
    let mut running = duty(RuleId::T03, "2026-08-03");
    running.cancel();
    assert_eq!((running.state, running.open), (DutyState::Cancelled, false));
    let mut breached = duty(RuleId::T03, "2026-08-03");
    ring_all(&mut breached);
    breached.cancel();
    assert_eq!((breached.state, breached.open), (DutyState::Breached, false));
}

#[test]
fn an_extension_moves_a_running_limit_alone() {
    let mut running = duty(RuleId::T06, "2026-08-03");
    let extension = calendar::Extension { days: 30, granted_on: day("2026-09-01") };
    let law = law();
    let longer = running.due.extended(extension, &law.profile, &law.calendar).expect("extended");
    assert!(running.extend(longer.clone()));
    assert_eq!(running.due.legal_on, day("2026-11-02"));
    assert!(!running.extend(longer), "the same again changes nothing");
    running.meet(day("2026-09-02"));
    assert!(!running.extend(due(RuleId::T06, "2026-08-03")), "a met one keeps its date");
}

#[test]
fn owners_facts_start_and_stop_the_duties() {
    let whose = || Some((assignment_id(1), code("renshe")));
    let (own, on) = (Some(assignment_id(1)), day("2026-08-05"));
    let t01 = due(RuleId::T01, "2026-08-03");
    assert_eq!(effects(&Heard::Registered(t01.clone())), [Effect::Start(None, t01)]);
    assert_eq!(effects(&Heard::Attached(on)), [Effect::Meet(RuleId::T01, None, on)]);
    assert_eq!(effects(&Heard::Forwarded(forwarded(1, "2026-08-05"))), [Effect::Meet(RuleId::T01, None, on)]);
    assert_eq!(
        effects(&Heard::Delivered(delivered(1, "2026-08-05"))),
        [RuleId::T03, RuleId::T04].map(|rule| Effect::Start(whose(), due(rule, "2026-08-05")))
    );
    assert_eq!(
        effects(&Heard::Accepted(accepted(1, "2026-08-05"))),
        [
            Effect::Meet(RuleId::T03, own, on),
            Effect::Meet(RuleId::T04, own, on),
            Effect::Start(whose(), due(RuleId::T06, "2026-08-05")),
        ]
    );
    assert_eq!(effects(&Heard::Issued(issued(1, "2026-08-05"))), [Effect::Meet(RuleId::T06, own, on)]);
    assert_eq!(
        effects(&Heard::Recalled(recalled(1, "2026-08-05"))),
        [Effect::Cancel(assignment_id(1)), Effect::Reopen(RuleId::T01)]
    );
    assert!(effects(&Heard::Closed(closed(1, "2026-08-05"))).contains(&Effect::Meet(RuleId::T05, own, on)));
}

#[test]
fn a_deemed_acceptance_starts_t06_and_meets_nothing() {
    let deemed = AcceptanceDeemedV1 {
        matter_id: matter_id(1),
        assignment_id: assignment_id(1),
        assignment_no: 1,
        agency: code("renshe"),
        accepted_on: day("2026-08-18"),
        dues: vec![due(RuleId::T06, "2026-08-18")],
    };
    let started = Effect::Start(Some((assignment_id(1), code("renshe"))), due(RuleId::T06, "2026-08-18"));
    assert_eq!(effects(&Heard::Deemed(deemed)), [started]);
}

#[test]
fn an_objection_ends_the_right_to_object_alone_and_a_ruling_what_it_frees() {
    let (own, on) = (Some(assignment_id(1)), day("2026-08-05"));
    let back = [Effect::Cancel(assignment_id(1)), Effect::Reopen(RuleId::T01)];
    assert_eq!(
        effects(&Heard::Objected(objected(1, "2026-08-05"))),
        [Effect::Meet(RuleId::T04, own, on)],
        "T03 goes on (domain.md 1.5 c)"
    );
    assert_eq!(effects(&Heard::ObjectionDecided(ruled(1, "2026-08-06", false))), []);
    assert_eq!(effects(&Heard::ObjectionDecided(ruled(1, "2026-08-06", true))), back);
    assert_eq!(effects(&Heard::Disputed(disputed(1, "2026-08-06"))), back);
}

#[test]
fn an_extension_is_the_limit_that_routing_names() {
    let fact = extended(1, "2026-08-05", "2026-09-01");
    assert_eq!(effects(&Heard::Extended(fact.clone())), [Effect::Extend(assignment_id(1), fact.due)]);
}

#[test]
fn breaches_of_an_agency_propose_an_order_and_no_others() {
    let proposing: Vec<RuleId> =
        RuleId::ALL.iter().copied().filter(|rule| proposal(*rule, AssignmentRole::Lead).is_some()).collect();
    assert_eq!(proposing, [RuleId::T03, RuleId::T05, RuleId::T06]);
    let owed = |role| proposal(RuleId::T05, role).map(|(_, owed)| owed);
    assert_eq!(owed(AssignmentRole::Lead), Some(OrderOwed::Report));
    assert_eq!(owed(AssignmentRole::Co), Some(OrderOwed::CoPart), "a co-agency owes its part, not a report");
}

fn order(state: OrderState) -> Order {
    let about = About { matter_id: matter_id(1), assignment_id: assignment_id(1), agency: code("renshe") };
    let wish = (OrderCause::Delay, OrderOwed::Explanation);
    let id = OrderId::from_parts(UnixMillis(1), 1);
    let mut order = Order::draft(id, about, wish, None, day("2026-08-19"));
    let (today, paper) = (day("2026-08-20"), ContentId::from_parts(UnixMillis(1), 9));
    if state == OrderState::Draft {
        return order;
    }
    order.issue(wish, "信督〔2026〕1号".to_owned(), day("2026-08-27"), today);
    if state == OrderState::Issued {
        return order;
    }
    order.acknowledge(today, today).expect("acknowledged");
    if state == OrderState::Acknowledged {
        return order;
    }
    order.reply(today, paper, today).expect("replied");
    let (verdict, reason, due_on) = match state {
        OrderState::Replied => return order,
        OrderState::SentBack => {
            (OrderVerdict::SendBack, Some(SendBackReason::NoProof), Some(day("2026-08-31")))
        }
        _ => (OrderVerdict::Accept, None, None),
    };
    order.judge(verdict, reason, due_on, today).expect("judged");
    order
}

#[test]
fn an_order_goes_from_draft_to_acceptance() {
    let done = order(OrderState::Closed);
    assert_eq!((done.state, done.is_open(), done.version), (OrderState::Closed, false, 5));
    assert!(done.letter(false).is_some(), "the letter stays as it was");
}

#[test]
fn a_reply_that_does_not_do_comes_anew() {
    let mut again = order(OrderState::SentBack);
    assert_eq!((again.due_on, again.sent_back), (Some(day("2026-08-31")), 1));
    let on = again.reply(day("2026-08-01"), ContentId::from_parts(UnixMillis(1), 10), day("2026-08-22"));
    assert_eq!(on, Ok(day("2026-08-20")), "no day before it was sent back");
    assert_eq!((again.state, again.replies.len()), (OrderState::Replied, 2));
}

#[test]
fn each_step_is_refused_in_every_other_state() {
    use OrderState as S;
    let today = day("2026-08-20");
    for state in [S::Draft, S::Issued, S::Acknowledged, S::Replied, S::SentBack, S::Closed] {
        let wrong = |result: Result<(), kernel::Refusal>| {
            result.err().is_some_and(|refusal| refusal.code == "order_wrong_state")
        };
        assert_eq!(wrong(order(state).may_issue(day("2026-08-27"), today)), state != S::Draft, "{state}");
        assert_eq!(wrong(order(state).drop_draft(today)), state != S::Draft, "{state}");
        assert_eq!(wrong(order(state).acknowledge(today, today).map(drop)), state != S::Issued, "{state}");
        let paper = ContentId::from_parts(UnixMillis(1), 11);
        let replied = order(state).reply(today, paper, today).map(drop);
        assert_eq!(wrong(replied), !matches!(state, S::Acknowledged | S::SentBack), "{state}");
        let judged = order(state).judge(OrderVerdict::Accept, None, None, today).map(drop);
        assert_eq!(wrong(judged), state != S::Replied, "{state}");
    }
}

#[test]
fn a_reply_is_due_between_tomorrow_and_a_year() {
    let today = day("2026-08-20");
    for (due_on, fits) in
        [("2026-08-20", false), ("2026-08-21", true), ("2027-08-20", true), ("2027-08-21", false)]
    {
        let asked = order(OrderState::Draft).may_issue(day(due_on), today);
        assert_eq!(asked.is_ok(), fits, "{due_on}");
    }
    let mut replied = order(OrderState::Replied);
    let lacking = replied.judge(OrderVerdict::SendBack, None, Some(day("2026-08-31")), today);
    assert_eq!(lacking.expect_err("no reason").code, "send_back_incomplete");
}
