//! Columns ↔ domain: the only place that knows columns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    codes::{
        AgendaKind, AgendaState, Attendance, CallOffReason, MeetingState, ResolutionState,
        ResolutionTaskRole, ResolutionTaskState, SendBackReason, TaskChecker,
    },
    meetings::{
        MeetingTerms,
        commands::{Decision, ReplyView, ResolutionView},
    },
};
use db::{JsonText, StoreError, parse};
use kernel::{AgencyCode, AgendaItemId, ContentId, UnixMillis};

use crate::domain::{
    item::{Item, Position},
    meeting::{Invited, Meeting},
    task::Task,
};

/// Reads a stored code word.
fn code<T>(
    table: &'static str,
    column: &'static str,
    row: &str,
    text: &str,
    from: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    from(text).ok_or_else(|| StoreError::corrupt(table, column, row))
}

#[derive(sqlx::FromRow)]
pub struct ItemRow {
    pub id: String,
    version: i64,
    matter_id: String,
    number: String,
    kind: String,
    state: String,
    parties: JsonText<Vec<AgencyCode>>,
    proposed_on: String,
    meeting_id: Option<String>,
    until_on: Option<String>,
    positions: JsonText<Vec<Position>>,
    decision: Option<JsonText<Decision>>,
    resolution_id: Option<String>,
    pub sort_on: String,
}

impl ItemRow {
    pub fn into_item(self) -> Result<Item, StoreError> {
        const TABLE: &str = "item";
        let id = self.id;
        Ok(Item {
            id: parse(TABLE, "id", &id, &id)?,
            version: self.version,
            matter_id: parse(TABLE, "matter_id", &id, &self.matter_id)?,
            number: self.number,
            kind: code(TABLE, "kind", &id, &self.kind, AgendaKind::from_code)?,
            state: code(TABLE, "state", &id, &self.state, AgendaState::from_code)?,
            parties: self.parties.0,
            proposed_on: parse(TABLE, "proposed_on", &id, &self.proposed_on)?,
            meeting_id: self.meeting_id.map(|t| parse(TABLE, "meeting_id", &id, &t)).transpose()?,
            until_on: self.until_on.map(|t| parse(TABLE, "until_on", &id, &t)).transpose()?,
            positions: self.positions.0,
            decision: self.decision.map(|d| d.0),
            resolution_id: self.resolution_id.map(|t| parse(TABLE, "resolution_id", &id, &t)).transpose()?,
        })
    }
}

#[derive(sqlx::FromRow)]
pub struct MeetingRow {
    pub id: String,
    version: i64,
    state: String,
    terms: JsonText<MeetingTerms>,
    pub starts_at: i64,
    notice_days: i64,
    convener: String,
    agenda: JsonText<Vec<AgendaItemId>>,
    short_notice_reason: Option<String>,
    call_off_reason: Option<String>,
    called_on: String,
    minutes_number: Option<String>,
    fixed_on: Option<String>,
}

impl MeetingRow {
    pub fn into_meeting(self) -> Result<Meeting, StoreError> {
        const TABLE: &str = "meeting";
        let id = self.id;
        let reason = |t: String| code(TABLE, "call_off_reason", &id, &t, CallOffReason::from_code);
        Ok(Meeting {
            version: self.version,
            state: code(TABLE, "state", &id, &self.state, MeetingState::from_code)?,
            terms: self.terms.0,
            notice_days: self.notice_days,
            convener: self.convener,
            agenda: self.agenda.0,
            short_notice_reason: self.short_notice_reason,
            call_off_reason: self.call_off_reason.map(reason).transpose()?,
            called_on: parse(TABLE, "called_on", &id, &self.called_on)?,
            minutes_number: self.minutes_number,
            fixed_on: self.fixed_on.map(|t| parse(TABLE, "fixed_on", &id, &t)).transpose()?,
        })
    }
}

/// A meeting with how many are invited and how many replied.
#[derive(sqlx::FromRow)]
pub struct ListedMeeting {
    #[sqlx(flatten)]
    pub meeting: MeetingRow,
    pub invited: i64,
    pub replied: i64,
}

#[derive(sqlx::FromRow)]
pub struct InvitationRow {
    agency: String,
    required: i64,
    dropped: i64,
    reply: Option<JsonText<ReplyView>>,
    attendance: Option<String>,
    who: String,
}

impl InvitationRow {
    pub fn into_invited(self) -> Result<Invited, StoreError> {
        const TABLE: &str = "invitation";
        let agency = self.agency;
        let attendance = |t: String| code(TABLE, "attendance", &agency, &t, Attendance::from_code);
        Ok(Invited {
            required: self.required == 1,
            dropped: self.dropped == 1,
            reply: self.reply.map(|r| r.0),
            attendance: self.attendance.map(attendance).transpose()?,
            who: self.who,
            agency: parse(TABLE, "agency", &agency, &agency)?,
        })
    }
}

#[derive(sqlx::FromRow)]
pub struct ResolutionRow {
    id: String,
    document_number: String,
    state: String,
    set_aside: Option<String>,
    adopted_on: String,
}

impl ResolutionRow {
    pub fn into_view(self) -> Result<ResolutionView, StoreError> {
        const TABLE: &str = "resolution";
        let id = self.id;
        Ok(ResolutionView {
            resolution_id: parse(TABLE, "id", &id, &id)?,
            document_number: self.document_number,
            state: code(TABLE, "state", &id, &self.state, ResolutionState::from_code)?,
            set_aside: self.set_aside,
            adopted_on: parse(TABLE, "adopted_on", &id, &self.adopted_on)?,
        })
    }
}

#[derive(sqlx::FromRow)]
pub struct TaskRow {
    pub id: String,
    version: i64,
    resolution_id: String,
    document_number: String,
    meeting_id: String,
    item_id: String,
    matter_id: String,
    agency: String,
    role: String,
    lead: String,
    action: String,
    due_on: String,
    checker: String,
    state: String,
    days: JsonText<BTreeMap<String, NaiveDate>>,
    reports: JsonText<Vec<(NaiveDate, ContentId)>>,
    sent_back: Option<String>,
    overdue_on: Option<String>,
    fires_at: Option<i64>,
    pub sort_on: String,
    pub number: String,
}

impl TaskRow {
    /// The task with its matter's public number.
    pub fn into_task(self) -> Result<(Task, String), StoreError> {
        const TABLE: &str = "task";
        let id = self.id;
        let reason = |t: String| code(TABLE, "sent_back", &id, &t, SendBackReason::from_code);
        let task = Task {
            id: parse(TABLE, "id", &id, &id)?,
            version: self.version,
            resolution_id: parse(TABLE, "resolution_id", &id, &self.resolution_id)?,
            document_number: self.document_number,
            meeting_id: parse(TABLE, "meeting_id", &id, &self.meeting_id)?,
            item_id: parse(TABLE, "item_id", &id, &self.item_id)?,
            matter_id: parse(TABLE, "matter_id", &id, &self.matter_id)?,
            agency: parse(TABLE, "agency", &id, &self.agency)?,
            role: code(TABLE, "role", &id, &self.role, ResolutionTaskRole::from_code)?,
            lead: parse(TABLE, "lead", &id, &self.lead)?,
            action: self.action,
            due_on: parse(TABLE, "due_on", &id, &self.due_on)?,
            checker: code(TABLE, "checker", &id, &self.checker, TaskChecker::from_code)?,
            state: code(TABLE, "state", &id, &self.state, ResolutionTaskState::from_code)?,
            days: self.days.0,
            reports: self.reports.0,
            sent_back: self.sent_back.map(reason).transpose()?,
            overdue_on: self.overdue_on.map(|t| parse(TABLE, "overdue_on", &id, &t)).transpose()?,
            fires_at: self.fires_at.map(UnixMillis),
        };
        Ok((task, self.number))
    }
}
