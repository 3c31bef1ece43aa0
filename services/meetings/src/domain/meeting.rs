//! 会议: called, moved, called off or held; its minutes fixed (Art. 12; RFC 5546). Pure.

use chrono::NaiveDate;
use contracts::{
    codes::{Attendance, CallOffReason, MeetingState},
    meetings::{
        Attended, Invitee, MeetingDispatchV1, MeetingTerms,
        commands::{AttendanceEntry, MeetingPlan, ReplyView},
    },
};
use kernel::{AgencyCode, AgendaItemId, MeetingId, Refusal, UnixMillis};

use super::{
    item::Item,
    text::{at_most, owed},
};
use crate::error;

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Changes so far.
    pub version: i64,
    /// Its state.
    pub state: MeetingState,
    /// What, when, where.
    pub terms: MeetingTerms,
    /// Days of notice of its kind.
    pub notice_days: i64,
    /// 召集人: the post; with the minutes name and post of who fixed them.
    pub convener: String,
    /// The agenda, in order.
    pub agenda: Vec<AgendaItemId>,
    /// Why with less notice than usual.
    pub short_notice_reason: Option<String>,
    /// Why it was called off.
    pub call_off_reason: Option<CallOffReason>,
    /// The day it was called.
    pub called_on: NaiveDate,
    /// Number of the minutes.
    pub minutes_number: Option<String>,
    /// The day the minutes were fixed.
    pub fixed_on: Option<NaiveDate>,
}

/// One invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Who.
    pub agency: AgencyCode,
    /// Must come, or may.
    pub required: bool,
    /// No more invited.
    pub dropped: bool,
    /// Its newest reply.
    pub reply: Option<ReplyView>,
    /// Whether it came.
    pub attendance: Option<Attendance>,
    /// Name and post of who came.
    pub who: String,
}

impl Invited {
    /// A new invitation.
    #[must_use]
    pub fn of(invitee: &Invitee) -> Self {
        Self {
            agency: invitee.agency.clone(),
            required: invitee.required,
            dropped: false,
            reply: None,
            attendance: None,
            who: String::new(),
        }
    }

    /// Takes a reply in: one to an older invitation than the last does not replace it (RFC 5546).
    pub fn hear(&mut self, reply: ReplyView) {
        if self.reply.as_ref().is_none_or(|there| there.sequence <= reply.sequence) {
            self.reply = Some(reply);
        }
    }
}

impl Meeting {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> MeetingId {
        self.terms.meeting_id
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

    /// Refuses a step in another state.
    ///
    /// # Errors
    /// `meeting_wrong_state`.
    pub fn expect(&self, state: MeetingState, event: &str) -> Result<(), Refusal> {
        if self.state == state {
            return Ok(());
        }
        Err(error::MEETING_WRONG_STATE.refuse().when(self.state.code(), event))
    }

    /// 变更: the uid stays, the sequence is one higher.
    ///
    /// # Errors
    /// `meeting_wrong_state`.
    pub fn relocate(&mut self, plan: &MeetingPlan) -> Result<(), Refusal> {
        self.expect(MeetingState::Called, "move_meeting")?;
        self.terms.sequence += 1;
        (self.terms.starts_at, self.terms.ends_at) = (plan.starts_at, plan.ends_at);
        self.terms.place.clone_from(&plan.place);
        self.terms.reply_by = plan.reply_by;
        self.agenda.clone_from(&plan.items);
        self.short_notice_reason.clone_from(&plan.short_notice_reason);
        self.version += 1;
        Ok(())
    }

    /// 取消.
    ///
    /// # Errors
    /// `meeting_wrong_state`.
    pub fn call_off(&mut self, reason: CallOffReason) -> Result<(), Refusal> {
        self.expect(MeetingState::Called, "call_off_meeting")?;
        self.terms.sequence += 1;
        self.state = MeetingState::CalledOff;
        self.call_off_reason = Some(reason);
        self.version += 1;
        Ok(())
    }

    /// 召开, with who was there; not before its start.
    ///
    /// # Errors
    /// `meeting_wrong_state`, `meeting_not_started`, `attendance_incomplete`.
    pub fn hold(
        &mut self,
        invited: &mut [Invited],
        attendance: &[AttendanceEntry],
        now: UnixMillis,
    ) -> Result<Vec<Attended>, Refusal> {
        self.expect(MeetingState::Called, "hold_meeting")?;
        if now < self.terms.starts_at {
            return Err(error::NOT_STARTED.refuse().with("starts", self.terms.starts_at));
        }
        let incomplete = || error::ATTENDANCE_INCOMPLETE.refuse().at("attendance");
        let mut attended = Vec::new();
        for one in invited.iter_mut().filter(|i| !i.dropped) {
            let mut entries = attendance.iter().filter(|e| e.agency == one.agency);
            let (Some(entry), None) = (entries.next(), entries.next()) else { return Err(incomplete()) };
            one.who = match entry.attendance {
                Attendance::Absent => String::new(),
                Attendance::Present | Attendance::Substitute => {
                    owed(&entry.who, at_most::LINE, "who", false)?
                }
            };
            one.attendance = Some(entry.attendance);
            attended.push(Attended { agency: one.agency.clone(), attendance: entry.attendance });
        }
        if attended.len() != attendance.len() {
            return Err(incomplete());
        }
        self.state = MeetingState::Held;
        self.version += 1;
        Ok(attended)
    }

    /// 审定纪要: every item has its outcome.
    ///
    /// # Errors
    /// `meeting_wrong_state`, `items_undecided`, `positions_owed`, what is wrong with the convener's name.
    pub fn fix(&mut self, items: &[Item], convener: &str, on: NaiveDate) -> Result<(), Refusal> {
        self.expect(MeetingState::Held, "fix_minutes")?;
        for item in items {
            match &item.decision {
                None => return Err(error::UNDECIDED.refuse().with("item", &item.number)),
                Some(decision) if decision.resolved.is_some() => item.may_resolve()?,
                Some(_) => {}
            }
        }
        self.convener = owed(convener, at_most::LINE, "convener", false)?;
        self.state = MeetingState::MinutesFixed;
        self.fixed_on = Some(on);
        self.version += 1;
        Ok(())
    }

    /// 会议通知 as it reaches one agency.
    #[must_use]
    pub fn notice(&self, invited: &Invited, items: &[Item]) -> MeetingDispatchV1 {
        let party = |item: &&Item| item.parties.contains(&invited.agency);
        MeetingDispatchV1 {
            terms: self.terms.clone(),
            agency: invited.agency.clone(),
            required: invited.required,
            party_to: items.iter().filter(party).map(|item| item.id).collect(),
            // Nothing of a matter goes into the store of a unit that it never went to.
            items: items.iter().filter(party).map(Item::line).collect(),
        }
    }
}
