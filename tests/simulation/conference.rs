//! 联席会议: items are taken, meetings called, moved, called off and held, resolutions fixed, reported and checked.

use chrono::Days;
use contracts::{
    PageRequest,
    agency::commands::{ListInvitations, ListResolutionTasks, ReplyInvitation, ReportTask},
    codes::{
        AgendaOutcome, AgendaState, Attendance, CallOffReason, InvitationReply, MeetingKind, MeetingState,
        ReplyReason, ResolutionTaskState, ResolutionTaskVerdict, SendBackReason, TaskChecker,
    },
    meetings::commands::{
        AttendanceEntry, CallMeeting, CallOffMeeting, CheckTask, DecideItem, Decision, FixMinutes,
        HoldMeeting, ItemView, ListItems, ListMeetings, ListTasks, MeetingPlan, MeetingRow, MeetingView,
        MoveMeeting, ProposeItem, ReopenItem, Resolved, ScreenItem, ShowMeeting,
    },
};
use kernel::{AgendaItemId, Clock, MeetingId, Refusal, civil_date};

use super::{
    office::told,
    world::{AGENCIES, JIWEI, RENSHE, World, code},
};

/// The conference of this world.
pub const BODY: &str = "shilianxi";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl World {
    /// What the conference does next, whatever is there to be done.
    pub async fn confer(&mut self) -> String {
        let done = match self.dice.below(10) {
            0..=2 => self.take_item().await,
            3..=4 => self.call_meeting().await,
            5..=7 => self.lead_meeting().await,
            8 => self.check_resolution().await,
            _ => self.answer_conference().await,
        };
        done.unwrap_or_else(|refusal| refusal.code.to_string())
    }

    /// In a healed world what waits for the conference gets a meeting, and every meeting that began is led to its
    /// end. `early`: people still bring items.
    pub async fn confer_on_all(&mut self, early: bool) -> Vec<String> {
        let mut words = Vec::new();
        let proposed = self.items(AgendaState::Proposed).await.map_or(0, |items| items.len());
        for _ in 0..proposed.max(usize::from(early)) {
            words.push(self.take_item().await);
        }
        words.push(self.call_meeting().await);
        let query = ListMeetings::default();
        let director = self.people.director.clone();
        let meetings =
            self.people.ask("meetings", &director, None, &query).await.map_or(Vec::new(), |m| m.items);
        let now = self.clocks.business.now();
        let begun = |row: &&MeetingRow| match row.state {
            MeetingState::Called => row.terms.starts_at <= now,
            state => state == MeetingState::Held,
        };
        for row in meetings.iter().filter(begun) {
            words.push(self.lead(row.terms.meeting_id).await);
        }
        for _ in 0..AGENCIES.len() {
            words.push(self.answer_conference().await);
            words.push(self.check_resolution().await);
        }
        words.into_iter().map(|done| done.unwrap_or_else(|refusal| refusal.code.to_string())).collect()
    }

    async fn items(&mut self, state: AgendaState) -> Result<Vec<ItemView>, Refusal> {
        let (director, query) =
            (self.people.director.clone(), ListItems { state: Some(state), ..ListItems::default() });
        Ok(self.people.ask("meetings", &director, None, &query).await?.items)
    }

    /// An item that came by itself is taken or returned; now and then a person brings one.
    async fn take_item(&mut self) -> Result<String, Refusal> {
        let director = self.people.director.clone();
        let proposed = self.items(AgendaState::Proposed).await?;
        if let Some(item) = self.dice.pick(&proposed).cloned() {
            let (item_id, expected_version) = (item.item_id, item.version);
            let command = ScreenItem { item_id, expected_version, take: self.dice.percent(90) };
            let answer = self.people.ask("meetings", &director, None, &command).await;
            return Ok(format!("{item_id} screened: {}", told(answer)));
        }
        let known = self.people.known();
        let Some((matter_id, _)) = self.dice.pick(&known).copied() else { return Ok("no matter".to_owned()) };
        let command = ProposeItem { matter_id, parties: vec![code(RENSHE), code(JIWEI)] };
        let answer = self.people.ask("meetings", &director, None, &command).await;
        Ok(format!("{matter_id} proposed: {}", told(answer)))
    }

    fn plan(&mut self, items: Vec<AgendaItemId>) -> MeetingPlan {
        let days = i64::try_from(1 + self.dice.below(4)).unwrap_or(1);
        let morning =
            kernel::civil_midnight(self.clocks.business.today()).plus_ms(days * DAY_MS + 9 * HOUR_MS);
        MeetingPlan {
            starts_at: morning,
            ends_at: morning.plus_ms(2 * HOUR_MS),
            place: "一号会议室".to_owned(),
            reply_by: civil_date(morning),
            agencies: Vec::new(),
            items,
            short_notice_reason: Some("时限将至".to_owned()),
        }
    }

    async fn call_meeting(&mut self) -> Result<String, Refusal> {
        let waiting = self.items(AgendaState::Screened).await?;
        if waiting.is_empty() {
            return Ok("nothing waits for a meeting".to_owned());
        }
        let plan = self.plan(waiting.iter().map(|item| item.item_id).collect());
        let call = CallMeeting { body: BODY.to_owned(), kind: MeetingKind::Case, title: None, plan };
        let director = self.people.director.clone();
        let answer = self.people.ask("meetings", &director, None, &call).await;
        Ok(format!("a meeting on {} items: {}", waiting.len(), told(answer)))
    }

    /// The next step of some meeting that is not over.
    async fn lead_meeting(&mut self) -> Result<String, Refusal> {
        let director = self.people.director.clone();
        let query = ListMeetings::default();
        let mut rows = self.people.ask("meetings", &director, None, &query).await?.items;
        rows.retain(|row| matches!(row.state, MeetingState::Called | MeetingState::Held));
        match self.dice.pick(&rows).map(|row| row.terms.meeting_id) {
            Some(meeting_id) => self.lead(meeting_id).await,
            None => Ok("no meeting is under way".to_owned()),
        }
    }

    /// Some steps come with a version of long ago.
    async fn lead(&mut self, meeting_id: MeetingId) -> Result<String, Refusal> {
        let director = self.people.director.clone();
        let shown = self.people.ask("meetings", &director, None, &ShowMeeting { meeting_id }).await?;
        let stale = self.dice.percent(8);
        let expected_version = if stale { shown.version - 1 } else { shown.version };
        let begun = self.clocks.business.now() >= shown.terms.starts_at;
        let done = match (shown.state, begun) {
            (MeetingState::Held, _) => return self.decide_meeting(&shown).await,
            (_, true) => {
                let attendance = self.attendance(&shown);
                let command = HoldMeeting { meeting_id, expected_version, attendance };
                told(self.people.ask("meetings", &director, None, &command).await)
            }
            (_, false) if self.dice.percent(30) => {
                let reason = CallOffReason::TooFew;
                let command = CallOffMeeting { meeting_id, expected_version, reason };
                told(self.people.ask("meetings", &director, None, &command).await)
            }
            (_, false) => {
                let plan = self.plan(shown.items.iter().map(|item| item.item_id).collect());
                let command = MoveMeeting { meeting_id, expected_version, plan };
                told(self.people.ask("meetings", &director, None, &command).await)
            }
        };
        if stale && done == "done" {
            self.broke.push(format!("a stale step of {meeting_id} was carried out"));
        }
        Ok(format!("{meeting_id} {}: {done}", shown.state))
    }

    fn attendance(&mut self, shown: &MeetingView) -> Vec<AttendanceEntry> {
        let entry = |(agency, came)| AttendanceEntry {
            agency,
            attendance: if came { Attendance::Present } else { Attendance::Absent },
            who: "副局长 甲".to_owned(),
        };
        let invited: Vec<_> =
            shown.invitations.iter().map(|one| (one.agency.clone(), self.dice.percent(80))).collect();
        invited.into_iter().map(entry).collect()
    }

    /// Decides what is undecided, then fixes the minutes.
    async fn decide_meeting(&mut self, shown: &MeetingView) -> Result<String, Refusal> {
        let director = self.people.director.clone();
        for item in shown.items.iter().filter(|item| item.decision.is_none()) {
            let decision = self.decision();
            let command = DecideItem { item_id: item.item_id, expected_version: item.version, decision };
            self.people.ask("meetings", &director, None, &command).await?;
        }
        let fix = FixMinutes {
            meeting_id: shown.terms.meeting_id,
            expected_version: shown.version,
            convener: "召集人 市委常委".to_owned(),
        };
        Ok(format!("minutes: {}", told(self.people.ask("meetings", &director, None, &fix).await)))
    }

    fn decision(&mut self) -> Decision {
        let later = |days| self.clocks.business.today().checked_add_days(Days::new(days)).unwrap_or_default();
        let (due_on, until_on) = (later(30), later(5));
        let outcome = match self.dice.below(10) {
            0 => AgendaOutcome::Deferred,
            1 => AgendaOutcome::Returned,
            _ => AgendaOutcome::Resolved,
        };
        let resolved = (outcome == AgendaOutcome::Resolved).then(|| Resolved {
            lead: code(AGENCIES[self.dice.below(AGENCIES.len())]),
            due_on,
            co: Vec::new(),
            action: "查清事实，依法答复。".to_owned(),
            checker: TaskChecker::Supervisor,
        });
        let until_on = (outcome == AgendaOutcome::Deferred).then_some(until_on);
        Decision {
            outcome, facts: "会议核对了职责。".to_owned(), resolved, until_on, dissent: Vec::new()
        }
    }

    /// A report is checked; a resolution that could not be carried out goes back to the agenda.
    async fn check_resolution(&mut self) -> Result<String, Refusal> {
        let director = self.people.director.clone();
        let resolved = self.items(AgendaState::Resolved).await?;
        let aside = resolved.iter().find(|i| i.resolution.as_ref().is_some_and(|r| r.set_aside.is_some()));
        if let Some(item) = aside.filter(|_| self.dice.percent(40)) {
            let command = ReopenItem { item_id: item.item_id, expected_version: item.version };
            let answer = self.people.ask("meetings", &director, None, &command).await;
            return Ok(format!("{} reopened: {}", item.item_id, told(answer)));
        }
        let query = ListTasks { state: Some(ResolutionTaskState::Reported), ..ListTasks::default() };
        let tasks = self.people.ask("meetings", &director, None, &query).await?.items;
        let Some(task) = self.dice.pick(&tasks).cloned() else { return Ok("no report to check".to_owned()) };
        let back = self.dice.percent(30);
        let in_a_week = self.clocks.business.today().checked_add_days(Days::new(7));
        let command = CheckTask {
            task_id: task.task_id,
            expected_version: task.version,
            verdict: if back { ResolutionTaskVerdict::SendBack } else { ResolutionTaskVerdict::Done },
            reason: back.then_some(SendBackReason::NoProof),
            due_on: in_a_week.filter(|_| back),
        };
        let answer = self.people.ask("meetings", &director, None, &command).await;
        Ok(format!("{}: {}", task.task_id, told(answer)))
    }

    /// An agency replies to an invitation, or reports on its task.
    async fn answer_conference(&mut self) -> Result<String, Refusal> {
        let agency = code(AGENCIES[self.dice.below(AGENCIES.len())]);
        let actor = self.desk_of(&agency);
        let on_behalf_paper = actor.is_office().then(|| self.mint.mint());
        let query = ListResolutionTasks { open_only: true, page: PageRequest::default() };
        let tasks = self.people.ask_agency(&agency, &actor, &query).await?.items;
        let owed = |state| matches!(state, ResolutionTaskState::Reported);
        if let Some(task) = tasks.iter().find(|task| !owed(task.state)) {
            let command = ReportTask {
                task_id: task.dispatch.task_id,
                expected_version: task.version,
                text: "已办结并书面答复。".to_owned(),
                obstacle: None,
                asks_until: None,
                on_behalf_paper,
            };
            let answer = self.people.ask_agency(&agency, &actor, &command).await;
            return Ok(format!("{agency} reports {}: {}", task.dispatch.task_id, told(answer)));
        }
        let invitations = self.people.ask_agency(&agency, &actor, &ListInvitations::default()).await?.items;
        let Some(invitation) = self.dice.pick(&invitations).cloned() else {
            return Ok(format!("{agency} is not invited"));
        };
        let comes = self.dice.percent(70);
        let command = ReplyInvitation {
            meeting_id: invitation.dispatch.terms.meeting_id,
            expected_version: invitation.version,
            reply: if comes { InvitationReply::Accepted } else { InvitationReply::Declined },
            reason: (!comes).then_some(ReplyReason::OtherMeeting),
            substitute_post: None,
            on_behalf_paper,
        };
        let answer = self.people.ask_agency(&agency, &actor, &command).await;
        Ok(format!("{agency} replies: {}", told(answer)))
    }
}
