//! After a room or an agency is lost: few changes, two plans, their differences.

use solver::{
    budget::Stop,
    office::{
        Aim, Busy, BusyKind, Change, Level, Problem, cost,
        generate::{Sizes, planted},
        replan, touched,
    },
};

use super::planning::{iterations, model};

fn published(seed: u64) -> Problem {
    let planted = planted(Sizes::MONTH, seed);
    Problem { published: planted.plan, ..planted.problem }
}

/// Meetings at another time or in another room or off, and items on another agenda.
fn count(changes: &[Change]) -> usize {
    changes.len()
}

fn lost(on: &solver::office::Published) -> Busy {
    Busy { on: on.on, until: None, from: 0, to: 1440, kind: BusyKind::Out }
}

#[test]
fn when_nothing_happened_nothing_changes() {
    let model = model(&published(1));
    let proposals = replan(&model, &iterations(20_000), &Stop::default());
    assert_eq!(proposals[0].changes, Vec::new());
}

#[test]
fn a_lost_room_or_agency_changes_the_least_and_one_more_at_most() {
    for seed in 0..6 {
        let mut problem = published(seed);
        let meeting = problem.published[usize::try_from(seed).expect("small")].clone();
        if seed % 2 == 0 {
            // The other rooms, in which nothing was planted, would do as well: another room for each meeting
            // that lost its own is a plan, and none has fewer changes.
            let like = problem.rooms[0].clone();
            for room in &mut problem.rooms {
                (room.capacity, room.equipment) = (like.capacity, like.equipment.clone());
            }
            for room in problem.rooms.iter_mut().filter(|r| r.name == meeting.room) {
                room.busy.push(lost(&meeting));
            }
        } else {
            let first = problem.items.iter().find(|i| i.id == meeting.items[0]).expect("the item");
            let lead = first.required[0].clone();
            for agency in problem.agencies.iter_mut().filter(|a| a.code == lead) {
                agency.busy.get_or_insert_default().push(lost(&meeting));
            }
        }
        let model = model(&problem);
        let least = touched(&model).len();
        assert!(least > 0, "seed {seed}: the event touches something");
        let proposals = replan(&model, &iterations(200_000), &Stop::default());
        assert!(proposals.len() >= 2);
        let first = &proposals[0];
        assert_eq!(first.aim, Aim::LeastChange);
        assert_eq!(first.cost.at(Level::Hard), 0, "seed {seed}");
        assert_eq!(first.cost.at(Level::Deferral), 0, "seed {seed}");
        let changed = count(&first.changes);
        assert!(
            (least..=least + 1).contains(&changed),
            "seed {seed}: {changed} changes where {least} must be: {:?}",
            first.changes
        );
        let second = &proposals[1];
        assert_eq!(second.aim, Aim::BestPlan);
        assert_eq!(second.cost, cost(&model, &second.plan));
        assert_eq!(second.cost.at(Level::Hard), 0, "seed {seed}");
        let quality =
            |p: &solver::office::Proposal| (p.cost.at(Level::Attendance), p.cost.at(Level::Comfort));
        assert!(quality(second) <= quality(first), "seed {seed}");
    }
}

#[test]
fn a_frozen_meeting_stays() {
    let mut problem = published(3);
    problem.published[0].frozen = true;
    let model = model(&problem);
    for proposal in replan(&model, &iterations(50_000), &Stop::default()) {
        let kept = proposal.plan.meetings.iter().find(|m| m.published == Some(0)).expect("it is there");
        assert_eq!((kept.start, kept.room), (model.published[0].start, model.published[0].room));
        assert_eq!(kept.items, model.published[0].items);
    }
}

#[test]
fn a_change_names_who_has_to_be_told() {
    let mut problem = published(2);
    let meeting = problem.published[0].clone();
    for room in problem.rooms.iter_mut().filter(|r| r.name == meeting.room) {
        room.busy.push(lost(&meeting));
    }
    let model = model(&problem);
    let proposals = replan(&model, &iterations(100_000), &Stop::default());
    assert!(!proposals[0].changes.is_empty());
    for change in &proposals[0].changes {
        let (Change::Time { tell, .. }
        | Change::Room { tell, .. }
        | Change::Item { tell, .. }
        | Change::Cancelled { tell, .. }) = change;
        assert!(!tell.is_empty(), "{change:?}");
    }
}
