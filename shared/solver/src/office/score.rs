//! The score of a plan and its reasons: one walk serves the solver's checks, the tests and the screens.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The levels of a score, worst first. The first that differs decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// L0: must not be.
    Hard,
    /// L1: items not placed, by priority.
    Deferral,
    /// L2: what people were told is changed.
    Disruption,
    /// L3: optional attendees missing, tentative time used, quorum without margin.
    Attendance,
    /// L4: lateness against the office's own deadline, waiting, journeys, rhythm, room.
    Comfort,
}

impl Level {
    /// Every level, worst first.
    pub const ALL: [Self; 5] =
        [Self::Hard, Self::Deferral, Self::Disruption, Self::Attendance, Self::Comfort];
}

/// Costs by level, zero or above; less is better, the first level that differs decides.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Cost(pub [i64; 5]);

impl Cost {
    /// Adds to a level.
    pub const fn add(&mut self, level: Level, amount: i64) {
        let [hard, deferral, disruption, attendance, comfort] = &mut self.0;
        match level {
            Level::Hard => *hard += amount,
            Level::Deferral => *deferral += amount,
            Level::Disruption => *disruption += amount,
            Level::Attendance => *attendance += amount,
            Level::Comfort => *comfort += amount,
        }
    }

    /// Adds another cost so many times.
    pub(super) fn add_all(&mut self, other: Self, times: i64) {
        for (sum, part) in self.0.iter_mut().zip(other.0) {
            *sum += times * part;
        }
    }

    /// What a level costs.
    #[must_use]
    pub const fn at(&self, level: Level) -> i64 {
        let [hard, deferral, disruption, attendance, comfort] = self.0;
        match level {
            Level::Hard => hard,
            Level::Deferral => deferral,
            Level::Disruption => disruption,
            Level::Attendance => attendance,
            Level::Comfort => comfort,
        }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [hard, deferral, disruption, attendance, comfort] = self.0;
        write!(out, "{hard}/{deferral}/{disruption}/{attendance}/{comfort}")
    }
}

macro_rules! constraints {
    ($($(#[$doc:meta])* $name:ident = $level:ident;)*) => {
        /// What a plan is judged by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Constraint { $($(#[$doc])* $name,)* }
        impl Constraint {
            /// Its level.
            #[must_use]
            pub const fn level(self) -> Level { match self { $(Self::$name => Level::$level,)* } }
        }
    };
}

constraints! {
    /// A required agency is not free: grains.
    AgencyBusy = Hard;
    /// Fewer of the required than the quorum are free: missing agencies times grains.
    Quorum = Hard;
    /// An agency attends more at once than it has delegations: grains.
    AgencyTwice = Hard;
    /// Two meetings in one room: grains.
    RoomTwice = Hard;
    /// The room is taken by others: grains.
    RoomBusy = Hard;
    /// Seats that the room lacks.
    RoomSmall = Hard;
    /// Equipment that the room lacks.
    RoomLacks = Hard;
    /// Grains outside the part of the day in which the meeting begins.
    OutsideHours = Hard;
    /// Days by which the notice is too short.
    Notice = Hard;
    /// The meeting begins outside its kind's windows.
    Window = Hard;
    /// Days before the item's material is ready.
    Early = Hard;
    /// Days after the law's last day.
    Statutory = Hard;
    /// An item is not discussed after the one it follows.
    Precedence = Hard;
    /// Two items that must be apart share an agenda.
    Apart = Hard;
    /// Items beyond the most of an agenda.
    TooMany = Hard;
    /// Grains beyond the longest meeting.
    TooLong = Hard;
    /// Two meetings of a kind are too close.
    Spacing = Hard;
    /// A person's decision is not kept.
    Pin = Hard;
    /// A confidential item shares its agenda: other items.
    Alone = Hard;
    /// An item is not placed: its priority.
    Deferred = Deferral;
    /// A published meeting is at another time.
    TimeMoved = Disruption;
    /// A published meeting is in another room.
    RoomMoved = Disruption;
    /// A published item is on another agenda, or on none.
    ItemMoved = Disruption;
    /// Grains of a required agency's tentative time.
    Tentative = Attendance;
    /// An optional agency that is not free.
    OptionalMissing = Attendance;
    /// Grains in which an optional agency attends elsewhere.
    OptionalTwice = Attendance;
    /// Required agencies missing within the quorum.
    QuorumMargin = Attendance;
    /// Days after the office's own last day.
    Tardy = Comfort;
    /// Grains an agency waits between its items.
    Waiting = Comfort;
    /// Meetings.
    Opened = Comfort;
    /// Agencies coming on a day.
    Journey = Comfort;
    /// The kind's preferred weekday or hour is missed.
    Rhythm = Comfort;
    /// Empty seats, by fours.
    RoomFit = Comfort;
    /// Chairs of a meeting beyond one.
    Chairs = Comfort;
}

/// The constraints with a weight of their own.
pub(super) const WEIGHED: [Constraint; 13] = [
    Constraint::TimeMoved,
    Constraint::RoomMoved,
    Constraint::ItemMoved,
    Constraint::Tentative,
    Constraint::OptionalMissing,
    Constraint::QuorumMargin,
    Constraint::Tardy,
    Constraint::Waiting,
    Constraint::Opened,
    Constraint::Journey,
    Constraint::Rhythm,
    Constraint::RoomFit,
    Constraint::Chairs,
];

/// Weights within a level, per unit of each constraint. A tenant's own; the version goes with the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// Which weights these are.
    pub version: String,
    /// Per attendee who accepted, when the time changes.
    pub time_moved: i64,
    /// Per attendee who accepted, when only the room changes.
    pub room_moved: i64,
    /// Per item on another agenda.
    pub item_moved: i64,
    /// A change within this many days of today counts double.
    pub near_days: u32,
    /// Per grain of tentative time.
    pub tentative: i64,
    /// Per optional agency missing.
    pub optional: i64,
    /// Per required agency missing within the quorum.
    pub quorum_margin: i64,
    /// Per day after the office's own last day.
    pub tardy: i64,
    /// Per grain and agency of waiting.
    pub waiting: i64,
    /// Per meeting.
    pub opened: i64,
    /// Per agency and day.
    pub journey: i64,
    /// Per preferred weekday or hour missed.
    pub rhythm: i64,
    /// Per four empty seats.
    pub room_fit: i64,
    /// Per chair of a meeting beyond one.
    pub chairs: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            version: "default-1".to_owned(),
            time_moved: 10,
            room_moved: 3,
            item_moved: 5,
            near_days: 5,
            tentative: 1,
            optional: 4,
            quorum_margin: 2,
            tardy: 10,
            waiting: 1,
            opened: 20,
            journey: 4,
            rhythm: 5,
            room_fit: 1,
            chairs: 5,
        }
    }
}

impl Weights {
    /// What one unit of a constraint weighs within its level.
    #[must_use]
    pub const fn of(&self, constraint: Constraint) -> i64 {
        match constraint {
            Constraint::TimeMoved => self.time_moved,
            Constraint::RoomMoved => self.room_moved,
            Constraint::ItemMoved => self.item_moved,
            Constraint::Tentative => self.tentative,
            Constraint::OptionalMissing | Constraint::OptionalTwice => self.optional,
            Constraint::QuorumMargin => self.quorum_margin,
            Constraint::Tardy => self.tardy,
            Constraint::Waiting => self.waiting,
            Constraint::Opened => self.opened,
            Constraint::Journey => self.journey,
            Constraint::Rhythm => self.rhythm,
            Constraint::RoomFit => self.room_fit,
            Constraint::Chairs => self.chairs,
            _ => 1,
        }
    }
}
