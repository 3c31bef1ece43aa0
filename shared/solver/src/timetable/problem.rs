//! The public benchmark's problem: meetings of fixed size into grains and rooms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{ProblemError, from_json};

/// Most meetings of one problem.
pub const MOST_MEETINGS: usize = 5_000;
/// Most grains of one problem.
pub const MOST_GRAINS: usize = 20_000;
/// Most rooms of one problem.
pub const MOST_ROOMS: usize = 64;
/// Most people of one meeting.
pub const MOST_ATTENDEES: usize = 255;

/// A problem as its file has it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// Each grain: its day and its first minute of that day; indices run on over lunch and midnight.
    pub grains: Vec<(u32, u32)>,
    /// The rooms.
    pub rooms: Vec<Room>,
    /// The people's names; meetings refer to them by index.
    pub persons: Vec<String>,
    /// Weights by constraint; a file that has them must have those of the benchmark.
    #[serde(default)]
    pub weights: std::collections::BTreeMap<String, i64>,
    /// The meetings.
    pub meetings: Vec<Meeting>,
}

/// A room.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Room {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// How many people fit.
    pub capacity: u32,
}

/// A meeting.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Meeting {
    /// What it is about.
    #[serde(default)]
    pub topic: String,
    /// Length in grains.
    pub duration: u32,
    /// Who must be there, by index.
    pub required: Vec<u32>,
    /// Who should be there, by index; none of the required.
    #[serde(default)]
    pub preferred: Vec<u32>,
}

/// The benchmark's weights by the names of its files.
pub const WEIGHTS: [(&str, i64); 12] = [
    ("Room conflict", 1),
    ("Don't go in overtime", 1),
    ("Required attendance conflict", 1),
    ("Required room capacity", 1),
    ("Start and end on same day", 1),
    ("Required and preferred attendance conflict", 1),
    ("Preferred attendance conflict", 1),
    ("Do all meetings as soon as possible", 1),
    ("One TimeGrain break between two consecutive meetings", 100),
    ("Overlapping meetings", 10),
    ("Assign larger rooms first", 1),
    ("Room stability", 1),
];

impl Problem {
    /// Reads a file's text and checks it.
    ///
    /// # Errors
    /// Names the field that is wrong.
    pub fn read(text: &str) -> Result<Self, ProblemError> {
        let problem: Self = from_json(text)?;
        problem.check()?;
        Ok(problem)
    }

    /// Whether it can be solved at all: every reference points somewhere, every size is within its limit.
    ///
    /// # Errors
    /// Names the field that is wrong.
    pub fn check(&self) -> Result<(), ProblemError> {
        within("grains", self.grains.len(), MOST_GRAINS)?;
        within("rooms", self.rooms.len(), MOST_ROOMS)?;
        within("meetings", self.meetings.len(), MOST_MEETINGS)?;
        for (at, pair) in self.grains.windows(2).enumerate() {
            if let [before, after] = pair
                && before >= after
            {
                let why = "a grain must lie after the one before it (day, then minute)";
                return Err(ProblemError::at(format!("grains[{}]", at + 1), why));
            }
        }
        for (at, room) in self.rooms.iter().enumerate() {
            if room.capacity > 1_000_000 {
                return Err(ProblemError::at(format!("rooms[{at}].capacity"), "is beyond 1000000"));
            }
        }
        for (name, weight) in &self.weights {
            let known = WEIGHTS.iter().find(|(known, _)| known == name);
            if known.is_none_or(|(_, wanted)| wanted != weight) {
                let wanted =
                    known.map_or("no constraint of the benchmark".to_owned(), |(_, w)| format!("{w}"));
                return Err(ProblemError::at(
                    format!("weights.{name}"),
                    format!("is {weight}, must be {wanted}"),
                ));
            }
        }
        self.meetings.iter().enumerate().try_for_each(|(at, meeting)| self.check_meeting(at, meeting))
    }

    fn check_meeting(&self, at: usize, meeting: &Meeting) -> Result<(), ProblemError> {
        let length = usize::try_from(meeting.duration).unwrap_or(usize::MAX);
        if length == 0 || length > self.grains.len() {
            let why = format!("is {length} grains, must be 1 to {}", self.grains.len());
            return Err(ProblemError::at(format!("meetings[{at}].duration"), why));
        }
        let mut seen = vec![false; self.persons.len()];
        for (field, list) in [("required", &meeting.required), ("preferred", &meeting.preferred)] {
            for (place, &person) in list.iter().enumerate() {
                let field = format!("meetings[{at}].{field}[{place}]");
                match seen.get_mut(usize::try_from(person).unwrap_or(usize::MAX)) {
                    None => {
                        let why = format!("is {person}, but there are {} persons", self.persons.len());
                        return Err(ProblemError::at(field, why));
                    }
                    Some(true) => return Err(ProblemError::at(field, "names a person twice")),
                    Some(slot) => *slot = true,
                }
            }
        }
        let many = meeting.required.len() + meeting.preferred.len();
        if many > MOST_ATTENDEES {
            let why = format!("names {many} persons with preferred, at most {MOST_ATTENDEES}");
            return Err(ProblemError::at(format!("meetings[{at}].required"), why));
        }
        Ok(())
    }
}

fn within(field: &str, size: usize, most: usize) -> Result<(), ProblemError> {
    match size {
        0 => Err(ProblemError::at(field, "is empty")),
        _ if size > most => Err(ProblemError::at(field, format!("has {size} entries, at most {most}"))),
        _ => Ok(()),
    }
}
