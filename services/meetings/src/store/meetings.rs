//! Typed access to meetings and invitations.

use contracts::meetings::commands::ListMeetings;
use db::{JsonText, StoreError, Tx};
use kernel::{AgencyCode, MeetingId};

use super::{
    rows::{InvitationRow, ListedMeeting, MeetingRow},
    sql,
};
use crate::domain::meeting::{Invited, Meeting};

/// Enters a meeting.
pub async fn insert(tx: &mut Tx<'_>, meeting: &Meeting) -> Result<(), StoreError> {
    tx.query(&sql::INSERT_MEETING)
        .bind(meeting.id())
        .bind(meeting.version)
        .bind(meeting.state.code())
        .bind(&meeting.terms.body)
        .bind(JsonText(&meeting.terms))
        .bind(meeting.terms.sequence)
        .bind(meeting.terms.starts_at)
        .bind(meeting.terms.reply_by)
        .bind(meeting.notice_days)
        .bind(&meeting.convener)
        .bind(JsonText(&meeting.agenda))
        .bind(meeting.short_notice_reason.as_deref())
        .bind(meeting.call_off_reason.map(contracts::codes::CallOffReason::code))
        .bind(meeting.called_on)
        .bind(meeting.minutes_number.as_deref())
        .bind(meeting.fixed_on)
        .run_one()
        .await
}

/// Stores a changed meeting over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, meeting: &Meeting, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_MEETING)
        .bind(meeting.id())
        .bind(loaded)
        .bind(meeting.version)
        .bind(meeting.state.code())
        .bind(JsonText(&meeting.terms))
        .bind(meeting.terms.sequence)
        .bind(meeting.terms.starts_at)
        .bind(meeting.terms.reply_by)
        .bind(&meeting.convener)
        .bind(JsonText(&meeting.agenda))
        .bind(meeting.short_notice_reason.as_deref())
        .bind(meeting.call_off_reason.map(contracts::codes::CallOffReason::code))
        .bind(meeting.minutes_number.as_deref())
        .bind(meeting.fixed_on)
        .run_one()
        .await
}

/// One meeting.
pub async fn load(tx: &mut Tx<'_>, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
    let row: Option<MeetingRow> = tx.query(&sql::LOAD_MEETING).bind(id).optional().await?;
    row.map(MeetingRow::into_meeting).transpose()
}

/// Loads a meeting that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
    if tx.query(&sql::HOLD_MEETING).bind(id).run().await? == 0 {
        return Ok(None);
    }
    load(tx, id).await
}

/// A meeting in the list.
pub struct Listed {
    /// The meeting.
    pub meeting: Meeting,
    /// How many are invited.
    pub invited: i64,
    /// How many replied to the newest invitation.
    pub replied: i64,
}

/// One page of meetings, the latest first; of an agency those that it is invited to.
pub async fn page(
    tx: &mut Tx<'_>,
    wish: &ListMeetings,
    agency: Option<&AgencyCode>,
) -> Result<(Vec<Listed>, Option<String>), StoreError> {
    let limit = wish.page.rows();
    let after = wish.page.after.as_deref().and_then(|a| a.split_once('~'));
    let (starts_at, id) =
        after.and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id))).unwrap_or((i64::MAX, ""));
    let rows: Vec<ListedMeeting> = tx
        .query(&sql::PAGE_OF_MEETINGS)
        .bind(wish.state.map(contracts::codes::MeetingState::code))
        .bind(agency)
        .bind(starts_at)
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|r| format!("{}~{}", r.meeting.starts_at, r.meeting.id));
    let listed = |row: ListedMeeting| {
        Ok(Listed { meeting: row.meeting.into_meeting()?, invited: row.invited, replied: row.replied })
    };
    Ok((rows.into_iter().map(listed).collect::<Result<_, StoreError>>()?, next))
}

/// Enters or replaces an invitation of a held meeting.
pub async fn keep_invited(tx: &mut Tx<'_>, id: MeetingId, invited: &Invited) -> Result<(), StoreError> {
    tx.query(&sql::KEEP_INVITATION)
        .bind(id)
        .bind(&invited.agency)
        .bind(i64::from(invited.required))
        .bind(i64::from(invited.dropped))
        .bind(invited.reply.as_ref().map(JsonText))
        .bind(invited.reply.as_ref().map(|r| r.sequence))
        .bind(invited.attendance.map(contracts::codes::Attendance::code))
        .bind(&invited.who)
        .run()
        .await
        .map(drop)
}

/// The invitations of a meeting, dropped ones included; who must come first.
pub async fn invited(tx: &mut Tx<'_>, id: MeetingId) -> Result<Vec<Invited>, StoreError> {
    let rows: Vec<InvitationRow> = tx.query(&sql::INVITATIONS).bind(id).all().await?;
    rows.into_iter().map(InvitationRow::into_invited).collect()
}
