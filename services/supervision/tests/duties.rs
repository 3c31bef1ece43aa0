//! Duties with their timers: facts in any order, a clock that stands still or jumps, on both databases.

use calendar::RuleId;
use contracts::{
    Due, MessageKind,
    codes::{DutyState, OrderOwed},
    intake::SubmissionRegisteredV1,
    supervision::commands::{CountDuties, DutyView, ListDuties, ListOrders, ShowDuties},
};
use kernel::Role;

use super::fixtures::{
    World, accepted, assignment_id, closed, co_answered, co_assigned, co_delivered, co_released, day,
    delivered, disputed, extended, forwarded, issued, matter_id, nine, objected, on_both, recalled,
    registered, ruled,
};

async fn duties(world: &World, n: u128) -> Vec<DutyView> {
    world.ask(Role::Supervisor, &ShowDuties { matter_id: matter_id(n) }).await.expect("duties")
}

async fn state(world: &World, n: u128, rule: RuleId) -> DutyState {
    let all = duties(world, n).await;
    all.iter().find(|duty| duty.rule == rule).map(|duty| duty.state).expect("a duty of the rule")
}

/// Registered, forwarded and delivered on 2026-08-03: T03 is due on 2026-08-18.
async fn with_an_agency(world: &World, n: u128) {
    world.intake(n, 1, &registered(n, "2026-08-03")).await;
    world.routing(n, 1, &forwarded(n, "2026-08-03")).await;
    world.routing(n, 2, &delivered(n, "2026-08-03")).await;
    world.hear().await;
}

#[tokio::test]
async fn each_warning_and_the_breach_ring_once_and_never_early() {
    on_both(|world| async move {
        with_an_agency(&world, 1).await;
        assert_eq!(state(&world, 1, RuleId::T01).await, DutyState::Met);
        world.at(nine("2026-08-14")).await;
        assert_eq!(world.told().await, [""; 0], "80 % of 15 days is the twelfth day");
        world.at(kernel::civil_midnight(day("2026-08-15"))).await;
        assert_eq!(world.told().await, ["duty_warned"]);
        // The last instant of the legal date is in time.
        world.at(kernel::civil_midnight(day("2026-08-19")).plus_ms(-1)).await;
        assert_eq!(world.told().await, ["duty_warned", "duty_warned"]);
        world.at(kernel::civil_midnight(day("2026-08-19"))).await;
        world.at(nine("2026-08-30")).await;
        assert_eq!(world.told().await, ["duty_warned", "duty_warned", "duty_breached"]);
        let stages: Vec<_> = world.said().await.iter().filter_map(|(_, b)| b["stage"].as_i64()).collect();
        assert_eq!(stages, [80, 100]);
        // T04 lapsed without a word.
        assert_eq!(state(&world, 1, RuleId::T04).await, DutyState::Lapsed);
    })
    .await;
}

#[tokio::test]
async fn a_pause_of_three_weeks_gives_the_same_rows_as_none() {
    let steady = rows(false).await;
    let paused = rows(true).await;
    assert_eq!(steady, paused);
    assert!(steady.iter().any(|duty| duty.rule == RuleId::T03 && duty.state == DutyState::Breached));
}

/// The duties after a late acceptance, with the service at work each day, or stopped until the end.
async fn rows(stopped: bool) -> Vec<DutyView> {
    let found = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = found.clone();
    on_both(move |world| {
        let kept = kept.clone();
        async move {
            with_an_agency(&world, 1).await;
            for n in 4..=24 {
                world.clock.set(nine(&format!("2026-08-{n:02}")));
                if n == 22 {
                    world.routing(1, 3, &accepted(1, "2026-08-22")).await;
                }
                if !stopped {
                    world.sweep().await;
                }
            }
            world.hear().await;
            world.sweep().await;
            let all = duties(&world, 1).await;
            kept.lock().expect("lock").extend(all);
        }
    })
    .await;
    found.lock().expect("lock").clone()
}

#[tokio::test]
async fn a_late_agency_stays_breached_and_is_met_late() {
    on_both(|world| async move {
        with_an_agency(&world, 1).await;
        world.at(nine("2026-08-20")).await;
        let counted = world.ask(Role::Leader, &CountDuties {}).await.expect("counts");
        assert_eq!((counted.overdue, counted.ever_overdue), (1, 1));
        world.clock.set(nine("2026-08-25"));
        world.routing(1, 3, &accepted(1, "2026-08-25")).await;
        world.hear().await;
        let all = duties(&world, 1).await;
        let t03 = all.iter().find(|duty| duty.rule == RuleId::T03).expect("T03");
        assert_eq!((t03.state, t03.open), (DutyState::Breached, false));
        assert_eq!((t03.breached_on, t03.met_on), (Some(day("2026-08-19")), Some(day("2026-08-25"))));
        let counted = world.ask(Role::Leader, &CountDuties {}).await.expect("counts");
        assert_eq!((counted.overdue, counted.ever_overdue, counted.running), (0, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn facts_that_come_twice_or_before_their_time_change_nothing() {
    on_both(|world| async move {
        let first = world.message("lianxi/intake", &matter_id(1), 1, &registered(1, "2026-08-03"));
        let sent = world.message("lianxi/routing", &matter_id(1), 1, &forwarded(1, "2026-08-03"));
        let came = world.message("lianxi/routing", &matter_id(1), 2, &delivered(1, "2026-08-03"));
        // Routing's facts overtake intake's, and each other.
        for early in [&came, &sent, &came, &first, &sent, &first, &came] {
            world.send(early, MessageKind::Fact).await;
            world.hear().await;
        }
        world.clock.advance_ms(2_000);
        world.hear().await;
        let rules: Vec<_> = duties(&world, 1).await.iter().map(|d| (d.rule, d.state)).collect();
        let running = DutyState::Running;
        assert_eq!(rules, [(RuleId::T04, running), (RuleId::T01, DutyState::Met), (RuleId::T03, running)]);
        world.at(nine("2026-08-30")).await;
        assert_eq!(world.told().await.len(), 3, "two warnings and one breach");
    })
    .await;
}

#[tokio::test]
async fn a_recall_cancels_and_the_office_owes_it_again() {
    on_both(|world| async move {
        with_an_agency(&world, 1).await;
        world.clock.set(nine("2026-08-06"));
        world.routing(1, 3, &recalled(1, "2026-08-06")).await;
        world.hear().await;
        assert_eq!(state(&world, 1, RuleId::T03).await, DutyState::Cancelled);
        assert_eq!(state(&world, 1, RuleId::T01).await, DutyState::Running);
        world.at(nine("2026-08-31")).await;
        let rules: Vec<_> = world.said().await.iter().map(|(_, b)| b["rule"].clone()).collect();
        assert_eq!(rules, ["T01", "T01", "T01"], "what was cancelled never rings");
    })
    .await;
}

#[tokio::test]
async fn t05_is_met_by_the_closing_and_t06_by_the_opinion() {
    on_both(|world| async move {
        world.intake(1, 1, &registered(1, "2026-08-03")).await;
        world.routing(1, 1, &forwarded(1, "2026-08-03")).await;
        let mut assigned = delivered(1, "2026-08-03");
        let law = super::fixtures::law();
        let t05: Due = law.named(day("2026-08-03"), day("2026-08-21")).expect("T05");
        assigned.dues.push(t05);
        world.routing(1, 2, &assigned).await;
        world.routing(1, 3, &accepted(1, "2026-08-04")).await;
        world.routing(1, 4, &issued(1, "2026-08-05")).await;
        world.hear().await;
        assert_eq!(state(&world, 1, RuleId::T06).await, DutyState::Met);
        assert_eq!(state(&world, 1, RuleId::T05).await, DutyState::Running);
        world.routing(1, 5, &closed(1, "2026-08-06")).await;
        world.hear().await;
        world.at(nine("2026-12-01")).await;
        let states: Vec<_> = duties(&world, 1).await.iter().map(|d| d.state).collect();
        assert_eq!(states, [DutyState::Met; 5]);
        assert_eq!(world.told().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_accusation_has_its_timers_and_no_list_but_the_restricted_officers() {
    on_both(|world| async move {
        let hidden = SubmissionRegisteredV1 { submission_id: matter_id(9), open: None };
        world.intake(9, 1, &hidden).await;
        world.intake(1, 1, &registered(1, "2026-08-03")).await;
        world.hear().await;
        let listed = |role: Role| {
            let world = &world;
            async move { world.ask(role, &ListDuties::default()).await.expect("list").items }
        };
        let officer = listed(Role::RestrictedOfficer).await;
        assert_eq!(officer.iter().map(|d| d.matter_id).collect::<Vec<_>>(), [matter_id(9)]);
        for role in [Role::Supervisor, Role::OfficeDirector, Role::Leader] {
            let seen = listed(role).await;
            assert_eq!(seen.iter().map(|d| d.matter_id).collect::<Vec<_>>(), [matter_id(1)], "{role}");
            let shown = world.ask(role, &ShowDuties { matter_id: matter_id(9) }).await;
            assert_eq!(shown.expect_err("hidden").code, "no_such_supervised_matter");
        }
        let barred = world.ask(Role::Handler, &ListDuties::default()).await;
        assert_eq!(barred.expect_err("no reader").code, "supervision_not_allowed");
        world.at(nine("2026-08-30")).await;
        let about =
            world.said().await.iter().filter(|(_, b)| b["matter_id"] == matter_id(9).to_string()).count();
        assert_eq!(about, 3);
    })
    .await;
}

#[tokio::test]
async fn lists_go_by_the_nominal_date_and_by_pages() {
    on_both(|world| async move {
        for (n, on) in [(1, "2026-08-05"), (2, "2026-08-03"), (3, "2026-08-04")] {
            world.intake(n, 1, &registered(n, on)).await;
        }
        world.hear().await;
        let page = |after: Option<String>| ListDuties {
            page: contracts::PageRequest { after, limit: Some(2) },
            ..ListDuties::default()
        };
        let first = world.ask(Role::Screener, &page(None)).await.expect("page");
        let second = world.ask(Role::Screener, &page(first.next.clone())).await.expect("page");
        let ids: Vec<_> = first.items.iter().chain(&second.items).map(|d| d.matter_id).collect();
        assert_eq!(ids, [matter_id(2), matter_id(3), matter_id(1)]);
        assert_eq!(second.next, None);
    })
    .await;
}

#[tokio::test]
async fn an_objection_leaves_t03_running_until_the_office_agrees() {
    on_both(|world| async move {
        with_an_agency(&world, 1).await;
        world.routing(1, 3, &objected(1, "2026-08-05")).await;
        world.routing(1, 4, &ruled(1, "2026-08-06", false)).await;
        world.hear().await;
        assert_eq!(state(&world, 1, RuleId::T04).await, DutyState::Met);
        assert_eq!(state(&world, 1, RuleId::T03).await, DutyState::Running);
        // Refused before, it comes again: a dispute ends the assignment.
        world.routing(1, 5, &objected(1, "2026-08-07")).await;
        world.routing(1, 6, &disputed(1, "2026-08-07")).await;
        with_an_agency(&world, 2).await;
        world.routing(2, 3, &objected(2, "2026-08-05")).await;
        world.routing(2, 4, &ruled(2, "2026-08-06", true)).await;
        world.hear().await;
        for n in [1, 2] {
            assert_eq!(state(&world, n, RuleId::T03).await, DutyState::Cancelled, "{n}");
            assert_eq!(state(&world, n, RuleId::T01).await, DutyState::Running, "{n}");
        }
        world.at(nine("2026-08-30")).await;
        let breached = world.said().await.into_iter().filter(|(token, _)| token == "duty_breached");
        assert!(breached.map(|(_, body)| body["rule"].clone()).all(|rule| rule == "T01"));
    })
    .await;
}

#[tokio::test]
async fn an_extension_puts_off_the_breach_of_t06() {
    on_both(|world| async move {
        with_an_agency(&world, 1).await;
        world.routing(1, 3, &accepted(1, "2026-08-05")).await;
        world.routing(1, 4, &extended(1, "2026-08-05", "2026-08-06")).await;
        world.hear().await;
        world.at(nine("2026-10-20")).await;
        assert_eq!(state(&world, 1, RuleId::T06).await, DutyState::Running);
        world.at(nine("2026-11-20")).await;
        assert_eq!(state(&world, 1, RuleId::T06).await, DutyState::Breached);
    })
    .await;
}

/// 协办 (Art. 24): a co-agency's internal limit is watched like any other; T01 is the lead's.
#[tokio::test]
async fn a_co_agencys_internal_limit_is_met_breached_or_cancelled_alone() {
    on_both(|world| async move {
        with_an_agency(&world, 1).await;
        for (n, version) in [(21_u128, 3_i64), (22, 4), (23, 5)] {
            world.routing(1, version, &co_assigned(1, n)).await;
        }
        for (n, version) in [(21_u128, 6_i64), (22, 7), (23, 8)] {
            world.routing(1, version, &co_delivered(1, n)).await;
        }
        world.routing(1, 9, &co_answered(1, 21, "2026-08-10")).await;
        world.routing(1, 10, &co_released(1, 22, "2026-08-11")).await;
        world.hear().await;
        let of = |all: &[DutyView], n: u128, rule: RuleId| {
            let duty = all.iter().find(|d| d.assignment_id == Some(assignment_id(n)) && d.rule == rule);
            duty.map(|duty| duty.state).expect("a duty")
        };
        let all = duties(&world, 1).await;
        assert_eq!(of(&all, 21, RuleId::T05), DutyState::Met);
        assert_eq!(of(&all, 22, RuleId::T05), DutyState::Cancelled);
        assert_eq!(of(&all, 23, RuleId::T05), DutyState::Running);
        assert_eq!(state(&world, 1, RuleId::T01).await, DutyState::Met, "the matter is with its lead");
        world.at(nine("2026-08-21")).await;
        let all = duties(&world, 1).await;
        assert_eq!(of(&all, 23, RuleId::T05), DutyState::Breached);
        let orders = world.ask(Role::Supervisor, &ListOrders::default()).await.expect("orders").items;
        let about = orders.iter().find(|o| o.assignment_id == assignment_id(23)).expect("a draft");
        assert_eq!(about.owed, OrderOwed::CoPart);
    })
    .await;
}

/// The receipt travels apart from the steps: what came before it meets the limits that it starts.
#[tokio::test]
async fn a_receipt_after_the_acceptance_starts_limits_that_are_met() {
    on_both(|world| async move {
        world.intake(1, 1, &registered(1, "2026-08-03")).await;
        world.routing(1, 1, &forwarded(1, "2026-08-03")).await;
        world.routing(1, 2, &accepted(1, "2026-08-05")).await;
        let mut late = delivered(1, "2026-08-03");
        late.met = vec![(RuleId::T03, day("2026-08-05")), (RuleId::T04, day("2026-08-05"))];
        world.routing(1, 3, &late).await;
        world.hear().await;
        assert_eq!(state(&world, 1, RuleId::T03).await, DutyState::Met);
        assert_eq!(state(&world, 1, RuleId::T04).await, DutyState::Met);
        assert_eq!(state(&world, 1, RuleId::T06).await, DutyState::Running);
        world.at(nine("2026-08-30")).await;
        assert_eq!(world.told().await, [""; 0], "what is met warns nobody");
    })
    .await;
}
