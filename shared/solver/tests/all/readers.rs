//! Readers meet anything: they answer with a problem or with the field that is wrong, and never panic.

use calendar::Calendar;
use solver::{
    office::{self, Model, generate::Sizes},
    order, timetable,
};

fn mutate(rng: &mut fastrand::Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..rng.usize(1..6) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.usize(0..bytes.len());
        match rng.u8(0..6) {
            0 => bytes[at] = rng.u8(..),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, *rng.choice(b"0123456789-{}[],:\"enull").expect("some")),
            3 => bytes.truncate(at),
            4 => {
                let digits = rng.usize(1..12);
                bytes.splice(at..at, std::iter::repeat_n(b'9', digits));
            }
            _ => {
                let to = (at + rng.usize(1..40)).min(bytes.len());
                let copy = bytes[at..to].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn anything_may_be_read_as_a_benchmark() {
    let good = serde_json::to_string(&timetable::generate(12, 1)).expect("json");
    timetable::Problem::read(&good).expect("the generated one is sound");
    let mut rng = fastrand::Rng::with_seed(1);
    let mut refused = 0;
    for _ in 0..4_000 {
        match timetable::Problem::read(&mutate(&mut rng, &good)) {
            Ok(problem) => {
                let options = timetable::Options {
                    budget: solver::budget::Budget::Iterations(1_000),
                    seed: 1,
                    threads: 1,
                };
                let found = timetable::solve(&problem, &options, &Default::default(), &mut |_, _| {});
                assert_eq!(timetable::score(&problem, &found.plan), Some(found.score));
            }
            Err(error) => {
                refused += 1;
                assert!(!error.field.is_empty());
            }
        }
    }
    assert!(refused > 1_000, "{refused}");
}

#[test]
fn anything_may_be_read_as_an_offices_problem() {
    let sizes = Sizes { items: 5, agencies: 4, rooms: 2, days: 9, busy: 20 };
    let planted = office::generate::planted(sizes, 1);
    let good = office::Problem { published: planted.plan, ..planted.problem };
    let good = serde_json::to_string(&good).expect("json");
    let mut rng = fastrand::Rng::with_seed(2);
    for _ in 0..2_000 {
        let Ok(problem) = office::Problem::read(&mutate(&mut rng, &good)) else { continue };
        match Model::new(&problem, &Calendar::shipped()) {
            Ok(model) => {
                let options = super::planning::iterations(400);
                let old = office::published(&model);
                let found = office::solve(&model, Some(&old), &options, &Default::default(), &mut |_, _| {});
                assert_eq!(office::cost(&model, &found.plan), found.cost);
                for item in 0..model.items.len() {
                    let _ = office::why_not(&model, item);
                }
            }
            Err(error) => assert!(!error.field.is_empty()),
        }
    }
}

#[test]
fn anything_may_be_read_as_an_agenda() {
    let good = include_str!("../samples/agenda.dzn");
    let mut rng = fastrand::Rng::with_seed(3);
    for _ in 0..5_000 {
        if let Ok(agenda) = order::read_dzn(&mutate(&mut rng, good))
            && agenda.items.len() <= 10
        {
            let _ = order::order(&agenda);
        }
    }
}

#[test]
fn a_wrong_field_is_named() {
    let field = |change: &dyn Fn(&mut timetable::Problem)| {
        let mut problem = timetable::generate(5, 1);
        change(&mut problem);
        timetable::Problem::read(&serde_json::to_string(&problem).expect("json")).expect_err("wrong").field
    };
    assert_eq!(field(&|p| p.meetings[3].required[1] = 99), "meetings[3].required[1]");
    assert_eq!(field(&|p| p.meetings[2].duration = 0), "meetings[2].duration");
    assert_eq!(field(&|p| p.rooms.clear()), "rooms");
    assert_eq!(field(&|p| p.weights = [("Room conflict".to_owned(), 2)].into()), "weights.Room conflict");
    let missing = timetable::Problem::read(r#"{"grains":[[0,0]],"rooms":[{"capacity":"x"}]}"#);
    assert_eq!(missing.expect_err("a text is no number").field, "rooms[0].capacity");

    let field = |change: &dyn Fn(&mut office::Problem)| {
        let mut problem = office::generate::planted(Sizes::MONTH, 1).problem;
        change(&mut problem);
        Model::new(&problem, &Calendar::shipped()).expect_err("wrong").field
    };
    assert_eq!(field(&|p| p.items[4].required[1] = "NOBODY".into()), "items[4].required[1]");
    assert_eq!(field(&|p| p.items[4].kind = "ball".into()), "items[4].kind");
    assert_eq!(field(&|p| p.items[1].after = vec![p.items[1].id.clone()]), "items[1].after[0]");
    assert_eq!(field(&|p| p.to = p.from.pred_opt().expect("a day")), "to");
    assert_eq!(field(&|p| p.agencies[2].delegations = 0), "agencies[2].delegations");
    assert_eq!(field(&|p| p.kinds[0].max_items = 0), "kinds[0].max_items");
    let typed = office::Problem::read(r#"{"today":"2026-13-01"}"#).expect_err("no such month");
    assert_eq!(typed.field, "today");
}
