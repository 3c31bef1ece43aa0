//! 议题: one item of the agenda, from the list to its outcome (domain.md 2.3). Pure.

use chrono::NaiveDate;
use contracts::{
    codes::{AgendaKind, AgendaOutcome, AgendaState, WithdrawalReason},
    meetings::{
        AgendaLine, ItemProposedV1, ItemSettledV1,
        commands::{Decision, PositionView},
    },
};
use kernel::{AgencyCode, AgendaItemId, MatterId, MeetingId, Refusal, ResolutionId};
use serde::{Deserialize, Serialize};

use super::text::{at_most, owed};
use crate::error;

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: AgendaItemId,
    /// Changes so far.
    pub version: i64,
    /// Its matter.
    pub matter_id: MatterId,
    /// The matter's public number.
    pub number: String,
    /// What it is about.
    pub kind: AgendaKind,
    /// Its state.
    pub state: AgendaState,
    /// Whose positions are heard.
    pub parties: Vec<AgencyCode>,
    /// The day it came onto the list.
    pub proposed_on: NaiveDate,
    /// The meeting that has it, or had it last.
    pub meeting_id: Option<MeetingId>,
    /// Until when it is deferred.
    pub until_on: Option<NaiveDate>,
    /// Positions, the oldest first.
    pub positions: Vec<Position>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// The resolution that it came to.
    pub resolution_id: Option<ResolutionId>,
}

/// A party's position.
pub type Position = PositionView;

/// What a new item is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its matter.
    pub matter_id: MatterId,
    /// The matter's public number.
    pub number: String,
    /// What it is about.
    pub kind: AgendaKind,
    /// Whose positions are heard.
    pub parties: Vec<AgencyCode>,
}

impl Item {
    /// 提出议题.
    #[must_use]
    pub fn propose(id: AgendaItemId, about: About, positions: Vec<Position>, on: NaiveDate) -> Self {
        Self {
            id,
            version: 1,
            matter_id: about.matter_id,
            number: about.number,
            kind: about.kind,
            state: AgendaState::Proposed,
            parties: about.parties,
            proposed_on: on,
            meeting_id: None,
            until_on: None,
            positions,
            decision: None,
            resolution_id: None,
        }
    }

    /// The fact of [`Self::propose`].
    #[must_use]
    pub fn proposed(&self) -> ItemProposedV1 {
        ItemProposedV1 {
            item_id: self.id,
            matter_id: self.matter_id,
            kind: self.kind,
            parties: self.parties.clone(),
            proposed_on: self.proposed_on,
        }
    }

    /// Whether it still waits for something.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self.state {
            AgendaState::Proposed
            | AgendaState::Screened
            | AgendaState::Scheduled
            | AgendaState::Discussed
            | AgendaState::Deferred => true,
            AgendaState::Resolved
            | AgendaState::Returned
            | AgendaState::ReportedUp
            | AgendaState::Withdrawn => false,
        }
    }

    /// Its line of an agenda.
    #[must_use]
    pub fn line(&self) -> AgendaLine {
        AgendaLine { item_id: self.id, matter_id: self.matter_id, number: self.number.clone() }
    }

    /// Refuses a writer who saw an older version.
    ///
    /// # Errors
    /// `conference_stale`.
    pub fn expect_version(&self, expected: i64) -> Result<(), Refusal> {
        if self.version == expected {
            return Ok(());
        }
        Err(error::STALE.refuse().at("expected_version").with("found", self.version))
    }

    fn expect(&self, from: &[AgendaState], event: &str) -> Result<(), Refusal> {
        if from.contains(&self.state) {
            return Ok(());
        }
        Err(error::ITEM_WRONG_STATE.refuse().when(self.state.code(), event))
    }

    fn reach(&mut self, state: AgendaState) {
        self.state = state;
        self.version += 1;
    }

    /// 审核议题: taken, or returned to the office.
    ///
    /// # Errors
    /// `agenda_item_wrong_state`.
    pub fn screen(&mut self, take: bool, on: NaiveDate) -> Result<Option<ItemSettledV1>, Refusal> {
        let from: &[AgendaState] = if take {
            &[AgendaState::Proposed]
        } else {
            &[AgendaState::Proposed, AgendaState::Screened, AgendaState::Deferred]
        };
        self.expect(from, "screen_item")?;
        if take {
            self.reach(AgendaState::Screened);
            return Ok(None);
        }
        self.reach(AgendaState::Returned);
        Ok(Some(self.settled(None, on)))
    }

    /// 列入会议.
    ///
    /// # Errors
    /// `agenda_item_wrong_state`.
    pub fn schedule(&mut self, meeting: MeetingId) -> Result<(), Refusal> {
        self.expect(&[AgendaState::Screened, AgendaState::Deferred], "schedule_item")?;
        self.meeting_id = Some(meeting);
        self.until_on = None;
        self.reach(AgendaState::Scheduled);
        Ok(())
    }

    /// Back to the list: the meeting was called off, or goes on without it. Says whether it was on that meeting.
    pub fn unschedule(&mut self, meeting: MeetingId) -> bool {
        if self.state != AgendaState::Scheduled || self.meeting_id != Some(meeting) {
            return false;
        }
        self.meeting_id = None;
        self.reach(AgendaState::Screened);
        true
    }

    /// 已讨论. Says whether it was on that meeting.
    pub fn discuss(&mut self, meeting: MeetingId) -> bool {
        if self.state != AgendaState::Scheduled || self.meeting_id != Some(meeting) {
            return false;
        }
        self.reach(AgendaState::Discussed);
        true
    }

    /// 书面意见, or what was said at the meeting. A paper that comes twice is kept once.
    pub fn hear(&mut self, position: Position) {
        let there = |p: &Position| p.content_id.is_some() && p.content_id == position.content_id;
        if !self.positions.iter().any(there) {
            self.positions.push(position);
            self.version += 1;
        }
    }

    /// 记录意见: what a party says, in words, by the office.
    ///
    /// # Errors
    /// `not_a_party`, `agenda_item_wrong_state`, what is wrong with the words.
    pub fn record(&mut self, agency: &AgencyCode, words: &str, on: NaiveDate) -> Result<(), Refusal> {
        self.expect(&[AgendaState::Scheduled, AgendaState::Discussed], "record_position")?;
        if !self.parties.contains(agency) {
            return Err(error::NOT_A_PARTY.refuse().at("agency"));
        }
        let words = owed(words, at_most::PARAGRAPH, "words", true)?;
        self.hear(Position { agency: agency.clone(), on, content_id: None, words: Some(words) });
        Ok(())
    }

    /// The first party whose position is not known (domain.md 2.3).
    #[must_use]
    pub fn unheard(&self) -> Option<&AgencyCode> {
        self.parties.iter().find(|party| !self.positions.iter().any(|p| p.agency == **party))
    }

    /// Whether it may be resolved: a dispute of competence needs the positions of all sides.
    ///
    /// # Errors
    /// `positions_owed`.
    pub fn may_resolve(&self) -> Result<(), Refusal> {
        match (self.kind, self.unheard()) {
            (AgendaKind::Competence, Some(unit)) => Err(error::POSITIONS_OWED.refuse().with("unit", unit)),
            _ => Ok(()),
        }
    }

    /// 记录议定结果: kept until the minutes are fixed, and changed until then.
    ///
    /// # Errors
    /// `agenda_item_wrong_state`, `positions_owed`.
    pub fn decide(&mut self, decision: Decision) -> Result<(), Refusal> {
        self.expect(&[AgendaState::Discussed], "decide_item")?;
        if decision.outcome == AgendaOutcome::Resolved {
            self.may_resolve()?;
        }
        self.decision = Some(decision);
        self.version += 1;
        Ok(())
    }

    /// With the minutes its outcome stands.
    pub fn conclude(&mut self, outcome: AgendaOutcome, resolution: Option<ResolutionId>) {
        self.resolution_id = resolution;
        self.until_on = self.decision.as_ref().and_then(|d| d.until_on);
        self.reach(match outcome {
            AgendaOutcome::Resolved => AgendaState::Resolved,
            AgendaOutcome::Deferred => AgendaState::Deferred,
            AgendaOutcome::Returned => AgendaState::Returned,
            AgendaOutcome::ReportedUp => AgendaState::ReportedUp,
        });
    }

    /// 撤出: settled elsewhere. `None` when it waits for nothing any more.
    pub fn withdraw(&mut self, reason: WithdrawalReason, on: NaiveDate) -> Option<ItemSettledV1> {
        if !self.is_open() {
            return None;
        }
        self.reach(AgendaState::Withdrawn);
        Some(self.settled(Some(reason), on))
    }

    /// 重新上会, after its resolution could not be carried out.
    ///
    /// # Errors
    /// `agenda_item_wrong_state`.
    pub fn reopen(&mut self) -> Result<(), Refusal> {
        self.expect(&[AgendaState::Resolved], "reopen_item")?;
        (self.meeting_id, self.decision, self.resolution_id) = (None, None, None);
        self.reach(AgendaState::Screened);
        Ok(())
    }

    /// The fact of an end without a resolution.
    #[must_use]
    pub fn settled(&self, withdrawal: Option<WithdrawalReason>, on: NaiveDate) -> ItemSettledV1 {
        ItemSettledV1 {
            item_id: self.id,
            matter_id: self.matter_id,
            state: self.state,
            meeting_id: self.meeting_id,
            withdrawal,
            until_on: self.until_on,
            settled_on: on,
        }
    }
}
