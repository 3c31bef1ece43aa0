//! What the demo counts at its end, from the books of each service.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    agency::commands::TaskCounts,
    codes::{AgendaState, MeetingState, OrderState, ResolutionState, ResolutionTaskState},
    meetings::commands::MeetingCounts,
    notification::commands::NoticeCounts,
    supervision::commands::DutyCounts,
};
use serde::{Deserialize, Serialize};

/// The counts of one run; the last line of `lianxi demo --once`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Agencies that hold at least one task.
    pub agencies: i64,
    /// Submissions with a number.
    pub registered: i64,
    /// Assignments sent to agencies.
    pub dispatched: i64,
    /// Assignments that the agencies' own nodes hold.
    pub received: i64,
    /// Matters answered: opinion, reply or transfer.
    pub answered: i64,
    /// Matters closed.
    pub closed: i64,
    /// Repeats attached to another matter.
    pub attached: i64,
    /// Wrong forwards taken back.
    pub recalled: i64,
    /// Given back after an objection, among those dispatched and received.
    pub returned: i64,
    /// Parts that co-agencies gave their leads, among those dispatched and received.
    #[serde(default)]
    pub co_parts: i64,
    /// Meetings of the joint conference whose minutes are fixed.
    #[serde(default)]
    pub meetings: i64,
    /// Resolutions that routing made binding.
    #[serde(default)]
    pub resolutions: i64,
    /// Duties that were ever past their legal date.
    pub overdue: i64,
    /// Supervision orders that were issued, replied to and closed.
    pub orders: i64,
    /// Notices to petitioners, each told once and sent, printed or given.
    pub notices: i64,
    /// What somebody has a number for and no book shows, and what was sent and nobody holds.
    pub lost: i64,
    /// What a book shows twice.
    pub duplicated: i64,
}

/// What was seen at the end of a run.
#[derive(Debug, Default)]
pub struct Seen {
    /// Numbers that people were given.
    pub numbers: Vec<String>,
    /// Numbers that the office's books show, one entry per showing.
    pub found: Vec<String>,
    /// Matters' states.
    pub states: BTreeMap<String, i64>,
    /// Assignments by agency, as routing has them, with their state.
    pub assignments: Vec<(String, String)>,
    /// What each agency's node holds.
    pub held: Vec<TaskCounts>,
    /// What supervision watched.
    pub watched: DutyCounts,
    /// What the joint conference did.
    pub met: MeetingCounts,
    /// What petitioners were told.
    pub told: NoticeCounts,
}

impl Seen {
    /// Counts.
    #[must_use]
    pub fn count(&self) -> Counts {
        let given: BTreeSet<&String> = self.numbers.iter().collect();
        let found: BTreeSet<&String> = self.found.iter().collect();
        let state = |name: &str| self.states.get(name).copied().unwrap_or(0);
        let held: i64 = self.held.iter().flat_map(|h| h.by_state.values()).sum();
        let sent = length(self.assignments.len());
        let recalled = length(self.assignments.iter().filter(|(_, s)| s == "recalled").count());
        let returned = length(self.assignments.iter().filter(|(_, s)| s == "returned").count());
        let missing = length(given.difference(&found).count());
        let twice = length(self.found.len() - found.len()) + length(self.numbers.len() - given.len());
        let waiting = |state: &str| self.told.petitioners.get(state).copied().unwrap_or(0);
        let unsent: i64 = ["queued", "sending", "unknown", "printed"].into_iter().map(waiting).sum();
        Counts {
            agencies: length(self.held.iter().filter(|h| h.by_state.values().any(|n| *n > 0)).count()),
            registered: length(given.len()),
            dispatched: sent,
            received: held,
            answered: state("closed"),
            closed: state("closed"),
            attached: state("attached"),
            recalled,
            returned,
            co_parts: length(self.assignments.iter().filter(|(_, s)| s == "answered").count()),
            meetings: self.met.meetings.get(MeetingState::MinutesFixed.code()).copied().unwrap_or(0),
            resolutions: self.met.resolutions.get(ResolutionState::Binding.code()).copied().unwrap_or(0),
            overdue: self.watched.ever_overdue,
            orders: self.watched.orders.get(OrderState::Closed.code()).copied().unwrap_or(0),
            notices: self.told.petitioners.values().sum(),
            lost: missing + (sent - held).max(0) + unsent + self.undecided(),
            duplicated: twice + (held - sent).max(0) + self.told.twice,
        }
    }
}

impl Seen {
    /// Items without a resolution, and tasks of resolutions that nobody has done.
    fn undecided(&self) -> i64 {
        let besides = |counts: &BTreeMap<String, i64>, end: &str| -> i64 {
            counts.iter().filter(|(state, _)| *state != end).map(|(_, n)| n).sum()
        };
        besides(&self.met.items, AgendaState::Resolved.code())
            + besides(&self.met.tasks, ResolutionTaskState::Done.code())
    }
}

fn length(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Counts {
    /// Whether everything came to its end, once.
    #[must_use]
    pub fn is_whole(&self, petitions: usize) -> bool {
        self.lost == 0
            && self.duplicated == 0
            && self.registered == length(petitions)
            && self.closed + self.attached == self.registered
            && self.answered == self.closed
            && self.received == self.dispatched
            && self.orders == self.overdue
    }

    /// A table for a person.
    #[must_use]
    pub fn table(&self) -> String {
        let rows = [
            ("成员单位", "agencies", self.agencies),
            ("登记", "registered", self.registered),
            ("转送、交办", "dispatched", self.dispatched),
            ("单位收到", "received", self.received),
            ("答复", "answered", self.answered),
            ("办结", "closed", self.closed),
            ("重复件并入", "attached", self.attached),
            ("误转撤回", "recalled", self.recalled),
            ("异议退回", "returned", self.returned),
            ("协办意见", "co_parts", self.co_parts),
            ("联席会议", "meetings", self.meetings),
            ("会议议定", "resolutions", self.resolutions),
            ("逾期", "overdue", self.overdue),
            ("督办办结", "orders", self.orders),
            ("通知信访人", "notices", self.notices),
            ("丢失", "lost", self.lost),
            ("重复", "duplicated", self.duplicated),
        ];
        rows.iter().map(|(zh, en, n)| format!("{n:>6}  {zh} {en}\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Seen {
        Seen {
            numbers: vec!["1".into(), "2".into()],
            found: vec!["1".into(), "2".into()],
            states: BTreeMap::from([("closed".into(), 1), ("attached".into(), 1)]),
            assignments: vec![("renshe".into(), "closed".into())],
            held: vec![TaskCounts {
                agency: "renshe".parse().expect("code"),
                by_state: BTreeMap::from([("closed".into(), 1)]),
                received: BTreeMap::new(),
            }],
            watched: DutyCounts::default(),
            met: MeetingCounts::default(),
            told: NoticeCounts::default(),
        }
    }

    #[test]
    fn a_whole_run_is_whole() {
        assert!(whole().count().is_whole(2), "{:?}", whole().count());
    }

    #[test]
    fn what_is_lost_or_double_shows() {
        let mut lost = whole();
        lost.found.pop();
        assert_eq!(lost.count().lost, 1);
        let mut undelivered = whole();
        undelivered.held.clear();
        assert_eq!(undelivered.count().lost, 1);
        let mut unsent = whole();
        unsent.told.petitioners = BTreeMap::from([("queued".into(), 1), ("sent".into(), 2)]);
        assert_eq!((unsent.count().notices, unsent.count().lost), (3, 1));
        let mut undecided = whole();
        undecided.met.items = BTreeMap::from([("proposed".into(), 1), ("resolved".into(), 2)]);
        undecided.met.tasks = BTreeMap::from([("done".into(), 1)]);
        assert_eq!(undecided.count().lost, 1);
        let mut double = whole();
        double.found.push("1".into());
        assert_eq!(double.count().duplicated, 1);
        assert!(!double.count().is_whole(2));
    }
}
