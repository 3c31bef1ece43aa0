//! Problems with the statistics of the public sets, for sizes whose own sets are not at hand.

use fastrand::Rng;

use super::{Meeting, Problem, Room};

/// Lengths in grains, and how often each comes.
const LENGTHS: [(u32, u32); 7] = [(1, 18), (2, 7), (3, 19), (4, 14), (6, 10), (8, 13), (16, 19)];
/// Numbers of people, and how often each comes.
const SIZES: [(u32, u32); 12] = [
    (2, 15),
    (3, 6),
    (4, 11),
    (5, 9),
    (6, 6),
    (8, 11),
    (10, 8),
    (12, 5),
    (14, 5),
    (16, 14),
    (20, 6),
    (30, 4),
];
/// Seats of the rooms.
const CAPACITIES: [u32; 5] = [30, 20, 16, 14, 12];
/// People of every problem.
const PERSONS: u32 = 38;
/// Grains of a day: 08:00 to 12:00 and 13:00 to 18:00.
const DAY: u32 = 36;

/// A problem of so many meetings: about 39 % of the rooms' time, 38 persons, ten attendances a meeting.
#[must_use]
pub fn generate(meetings: u32, seed: u64) -> Problem {
    let mut rng = Rng::with_seed(seed);
    let grains = (0..(meetings * 16 / 5).max(DAY)).map(|grain| {
        let (day, minute) = (grain / DAY, (grain % DAY) * 15);
        (day, if minute < 240 { 480 + minute } else { 540 + minute })
    });
    let meetings = (0..meetings).map(|number| {
        let mut people: Vec<u32> = (0..PERSONS).collect();
        rng.shuffle(&mut people);
        let size = pick(&mut rng, &SIZES);
        let required = rng.u32(0..=size).max(2);
        people.truncate(usize::try_from(size).unwrap_or(2));
        let preferred = people.split_off(usize::try_from(required).unwrap_or(2));
        let duration = pick(&mut rng, &LENGTHS);
        Meeting { topic: format!("Meeting {number}"), duration, required: people, preferred }
    });
    let meetings = meetings.collect();
    Problem {
        name: format!("generated, seed {seed}"),
        grains: grains.collect(),
        rooms: CAPACITIES.map(|capacity| Room { name: format!("Room for {capacity}"), capacity }).to_vec(),
        persons: (1..=PERSONS).map(|p| format!("Person {p}")).collect(),
        weights: std::collections::BTreeMap::new(),
        meetings,
    }
}

fn pick(rng: &mut Rng, table: &[(u32, u32)]) -> u32 {
    let mut at = rng.u32(0..table.iter().map(|row| row.1).sum());
    for (value, often) in table {
        match at.checked_sub(*often) {
            Some(rest) => at = rest,
            None => return *value,
        }
    }
    0
}
