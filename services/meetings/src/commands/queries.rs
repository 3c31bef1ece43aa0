//! What meetings shows: the office everything but accusations, an agency what it is invited to and its own tasks.

use contracts::{
    Page,
    codes::MeetingState,
    meetings::commands::{
        BodyView, InvitationView, ItemView, ListItems, ListMeetings, ListTasks, MeetingCounts, MeetingRow,
        MeetingView, TaskView,
    },
};
use db::{StoreError, Tx};
use kernel::{Actor, AgendaItemId, MeetingId, ResolutionTaskId};

use super::{Outcome, lines, now, settle};
use crate::{
    domain::{
        item::Item,
        meeting::{Invited, Meeting},
        task::Task,
    },
    error,
    rights::{self, Eyes},
    store::{self, items, meetings, tasks},
};

/// The conferences.
pub async fn bodies(tx: &mut Tx<'_>, actor: &Actor) -> Outcome<Vec<BodyView>> {
    settle!(rights::may_read(actor));
    Ok(Ok(store::bodies(tx).await?.into_iter().map(crate::domain::body::Body::view).collect()))
}

/// How many of everything.
pub async fn counts(tx: &mut Tx<'_>, actor: &Actor) -> Outcome<MeetingCounts> {
    settle!(rights::may_read(actor));
    let at = now(tx);
    Ok(Ok(store::counts(tx, at).await?))
}

/// One page of items.
pub async fn items(tx: &mut Tx<'_>, actor: &Actor, wish: &ListItems) -> Outcome<Page<ItemView>> {
    settle!(rights::may_read(actor));
    let (found, next) = items::page(tx, wish).await?;
    let mut views = Vec::with_capacity(found.len());
    for item in found {
        views.push(item_view(tx, item).await?);
    }
    Ok(Ok(Page { items: views, next }))
}

/// One item.
pub async fn item(tx: &mut Tx<'_>, actor: &Actor, id: AgendaItemId) -> Outcome<ItemView> {
    settle!(rights::may_read(actor));
    match items::load(tx, id).await? {
        Some(item) => Ok(Ok(item_view(tx, item).await?)),
        None => Ok(Err(error::NO_SUCH_ITEM.refuse())),
    }
}

async fn item_view(tx: &mut Tx<'_>, item: Item) -> Result<ItemView, StoreError> {
    let resolution = match item.resolution_id {
        Some(id) => items::resolution(tx, id).await?,
        None => None,
    };
    let tasks = tasks::of_item(tx, item.id).await?.into_iter().map(task_view).collect();
    Ok(ItemView {
        item_id: item.id,
        version: item.version,
        matter_id: item.matter_id,
        number: item.number,
        kind: item.kind,
        state: item.state,
        parties: item.parties,
        proposed_on: item.proposed_on,
        meeting_id: item.meeting_id,
        until_on: item.until_on,
        positions: item.positions,
        decision: item.decision,
        resolution,
        tasks,
    })
}

/// One page of meetings.
pub async fn meetings(tx: &mut Tx<'_>, actor: &Actor, wish: &ListMeetings) -> Outcome<Page<MeetingRow>> {
    let eyes = settle!(rights::eyes(actor));
    let (found, next) = meetings::page(tx, wish, eyes.agency()).await?;
    let row = |listed: meetings::Listed| MeetingRow {
        version: listed.meeting.version,
        state: listed.meeting.state,
        invited: listed.invited,
        replied: listed.replied,
        items: i64::try_from(listed.meeting.agenda.len()).unwrap_or(i64::MAX),
        terms: listed.meeting.terms,
    };
    Ok(Ok(Page { items: found.into_iter().map(row).collect(), next }))
}

/// One meeting with all that belongs to it. What was decided is an agency's to read once the minutes are fixed.
pub async fn meeting(tx: &mut Tx<'_>, actor: &Actor, id: MeetingId) -> Outcome<MeetingView> {
    let eyes = settle!(rights::eyes(actor));
    let Some(meeting) = meetings::load(tx, id).await? else {
        return Ok(Err(error::NO_SUCH_MEETING.refuse()));
    };
    let invited = meetings::invited(tx, id).await?;
    if let Eyes::Agency(agency) = &eyes
        && !invited.iter().any(|i| i.agency == *agency && !i.dropped)
    {
        return Ok(Err(error::NO_SUCH_MEETING.refuse()));
    }
    let mut found = Vec::new();
    for item in &meeting.agenda {
        // Withdrawn because it turned out to be an accusation: it is not there any more.
        found.extend(items::load(tx, *item).await?);
    }
    let agenda = lines(&found);
    let open = eyes == Eyes::Office || meeting.state == MeetingState::MinutesFixed;
    let mut views = Vec::with_capacity(found.len());
    for item in found {
        let of_this = item.meeting_id == Some(id);
        let mut view = item_view(tx, item).await?;
        if !open || !of_this {
            (view.decision, view.resolution) = (None, None);
            view.tasks = Vec::new();
        }
        if !open {
            view.positions = Vec::new();
        }
        views.push(view);
    }
    Ok(Ok(meeting_view(meeting, invited, agenda, views)))
}

fn meeting_view(
    meeting: Meeting,
    invited: Vec<Invited>,
    agenda: Vec<contracts::meetings::AgendaLine>,
    items: Vec<ItemView>,
) -> MeetingView {
    let invitation = |i: Invited| InvitationView {
        agency: i.agency,
        required: i.required,
        reply: i.reply,
        attendance: i.attendance,
        who: i.who,
    };
    MeetingView {
        version: meeting.version,
        state: meeting.state,
        convener: meeting.convener,
        short_notice_reason: meeting.short_notice_reason,
        call_off_reason: meeting.call_off_reason,
        called_on: meeting.called_on,
        invitations: invited.into_iter().filter(|i| !i.dropped).map(invitation).collect(),
        agenda,
        items,
        minutes_number: meeting.minutes_number,
        fixed_on: meeting.fixed_on,
        terms: meeting.terms,
    }
}

/// One page of tasks.
pub async fn tasks(tx: &mut Tx<'_>, actor: &Actor, wish: &ListTasks) -> Outcome<Page<TaskView>> {
    let eyes = settle!(rights::eyes(actor));
    let agency = eyes.agency().or(wish.agency.as_ref());
    let (found, next) = tasks::page(tx, wish, agency).await?;
    Ok(Ok(Page { items: found.into_iter().map(task_view).collect(), next }))
}

/// One task.
pub async fn task(tx: &mut Tx<'_>, actor: &Actor, id: ResolutionTaskId) -> Outcome<TaskView> {
    let eyes = settle!(rights::eyes(actor));
    let found = tasks::load(tx, id).await?;
    let own = |task: &Task| eyes.agency().is_none_or(|agency| task.agency == *agency);
    match found.filter(|(task, _)| own(task)) {
        Some(found) => Ok(Ok(task_view(found))),
        None => Ok(Err(error::NO_SUCH_TASK.refuse())),
    }
}

fn task_view((task, number): (Task, String)) -> TaskView {
    TaskView {
        task_id: task.id,
        version: task.version,
        resolution_id: task.resolution_id,
        document_number: task.document_number,
        meeting_id: task.meeting_id,
        item_id: task.item_id,
        matter_id: task.matter_id,
        number,
        agency: task.agency,
        role: task.role,
        lead: task.lead,
        action: task.action,
        due_on: task.due_on,
        checker: task.checker,
        state: task.state,
        days: task.days,
        reports: task.reports,
        sent_back: task.sent_back,
        overdue_on: task.overdue_on,
    }
}
