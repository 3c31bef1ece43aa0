//! The invariant checker (`architecture.md` section 7): pure functions over dumps of the databases and streams and
//! over what people were told. Each violation is a value that says which invariant, what, and where.
//!
//! `safety` holds at every commit, under any fault; `settled` holds once everything has healed and settled.

mod backlog;
mod board;
mod conference;
mod conservation;
mod delivery;
pub mod dump;
mod effects;
mod holders;
mod leaks;
mod notices;
mod planted;
mod promises;
pub mod read;
mod records;
mod timers;

use std::fmt;

pub use dump::Dump;

/// What was found broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Number of the invariant.
    pub invariant: u8,
    /// What is broken.
    pub what: Broken,
    /// Where: ids, codes, numbers.
    pub at: String,
}

/// What can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// 1: a person holds a number that the office does not have.
    NumberLost,
    /// 1: one form, two receipts.
    TwoReceipts,
    /// 1: two submissions under one number, or one form filed twice.
    NumberTwice,
    /// 1: an agency was told of a step that its database does not have.
    StepLost,
    /// 2: a claim without holder.
    NoHolder,
    /// 2: a claim whose holder is not the agency of the active assignment, or the office without one.
    WrongHolder,
    /// 2: two active assignments of one matter.
    TwoActive,
    /// 2: a part is asked for that no lead waits for, or a lead answered while one was.
    PartWithoutLead,
    /// 2: fencing numbers with a gap, or twice.
    AssignmentNumbers,
    /// 2: a matter that is neither with an agency nor in a queue of the office, nor ended.
    NowhereAtAll,
    /// 3: one message, two effects.
    EffectTwice,
    /// 3: a message without the effect that it must have.
    EffectMissing,
    /// 3: a second notice, opinion or completion of one step.
    StepTwice,
    /// 3: one audience was told of one fact twice.
    NoticeTwice,
    /// 3: a notice that has no end and stands in no queue, or tells of an accusation.
    NoticeStuck,
    /// 3: somebody registered and was not told so.
    NoticeMissing,
    /// 4: a dispatch without receipt.
    Unreceipted,
    /// 4: numbers of dispatches with a gap, or twice.
    SequenceGap,
    /// 4: the site's head is not the sender's.
    HeadDiffers,
    /// 4: a site does not hold what was dispatched to it, or holds what was not.
    SiteDiffers,
    /// 5: a consumer stands behind or before what was said.
    AppliedDiffers,
    /// 5: office and agency disagree on where an assignment stands.
    StateDiffers,
    /// 5: the version of a matter is not the number of its facts.
    VersionDiffers,
    /// 6: something of a matter at an agency that it never went to.
    Foreign,
    /// 7: words of a submission where they must never be.
    Canary,
    /// 7: an accusation went to a unit that it accuses, or to one under it.
    Betrayed,
    /// 8: a timer that fired twice, or though it was cancelled.
    TimerTwice,
    /// 8: a timer that fired before its time.
    TimerEarly,
    /// 8: a timer whose time has come and that did not fire.
    TimerMissed,
    /// 8: numbers of orders with a gap, or twice, or without a person.
    OrderNumbers,
    /// 8: two orders under way about one assignment.
    OrderTwice,
    /// 2: a resolution that came to two ends.
    ResolutionTwice,
    /// 2: a resolution that came to no end.
    ResolutionLost,
    /// 4: an invitation or a task that was not sent, or twice.
    NotInvited,
    /// 9: the audit chain does not verify.
    Chain,
    /// 10: the sums do not agree.
    Sum,
    /// 11: the board is not what the facts make.
    BoardDiffers,
    /// 11: the streams are not what the outboxes hold.
    StreamDiffers,
    /// 12: rows that were never sent.
    Unsent,
    /// 12: messages that were never taken in.
    Untaken,
    /// 12: messages that wait for ever for what comes before them.
    Parked,
    /// 12: a dead letter that nothing explains.
    DeadLetter,
    /// 12: a dead letter that nobody is told of.
    HiddenLetter,
}

impl Broken {
    const fn invariant(self) -> u8 {
        match self {
            Self::NumberLost | Self::TwoReceipts | Self::NumberTwice | Self::StepLost => 1,
            Self::NoHolder
            | Self::WrongHolder
            | Self::TwoActive
            | Self::PartWithoutLead
            | Self::AssignmentNumbers
            | Self::NowhereAtAll
            | Self::ResolutionTwice
            | Self::ResolutionLost => 2,
            Self::EffectTwice
            | Self::EffectMissing
            | Self::StepTwice
            | Self::NoticeTwice
            | Self::NoticeStuck
            | Self::NoticeMissing => 3,
            Self::Unreceipted
            | Self::SequenceGap
            | Self::HeadDiffers
            | Self::SiteDiffers
            | Self::NotInvited => 4,
            Self::AppliedDiffers | Self::StateDiffers | Self::VersionDiffers => 5,
            Self::Foreign => 6,
            Self::Canary | Self::Betrayed => 7,
            Self::TimerTwice
            | Self::TimerEarly
            | Self::TimerMissed
            | Self::OrderNumbers
            | Self::OrderTwice => 8,
            Self::Chain => 9,
            Self::Sum => 10,
            Self::BoardDiffers | Self::StreamDiffers => 11,
            Self::Unsent | Self::Untaken | Self::Parked | Self::DeadLetter | Self::HiddenLetter => 12,
        }
    }

    /// This, at a place.
    pub fn at(self, at: impl fmt::Display) -> Violation {
        Violation { invariant: self.invariant(), what: self, at: at.to_string() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}: {:?} at {}", self.invariant, self.what, self.at)
    }
}

type Rule = fn(&Dump, &mut Vec<Violation>);

const SAFETY: &[Rule] = &[
    promises::check,
    holders::check,
    effects::once,
    delivery::numbers,
    records::versions,
    leaks::check,
    conservation::within,
    timers::once,
    timers::orders,
    conference::at_every_commit,
    notices::once,
];

const SETTLED: &[Rule] = &[
    effects::all,
    holders::somewhere,
    delivery::settled,
    records::applied,
    records::states,
    conservation::settled,
    board::equals,
    backlog::check,
    backlog::streams,
    timers::settled,
    conference::healed,
    notices::all,
];

/// What must hold at every commit.
pub fn safety(dump: &Dump) -> Vec<Violation> {
    run(SAFETY, dump)
}

/// What must hold once everything has healed, besides safety.
pub fn settled(dump: &Dump) -> Vec<Violation> {
    let mut found = run(SAFETY, dump);
    found.extend(run(SETTLED, dump));
    found
}

fn run(rules: &[Rule], dump: &Dump) -> Vec<Violation> {
    let mut found = Vec::new();
    for rule in rules {
        rule(dump, &mut found);
    }
    found
}
