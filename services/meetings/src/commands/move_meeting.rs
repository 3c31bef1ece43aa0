//! 变更会议: another time, place, agenda or other invitations; the uid stays, the sequence is one higher.

use contracts::{
    codes::AgendaState,
    meetings::{
        CancellationDispatchV1, MeetingMovedV1,
        commands::{MeetingChanged, MoveMeeting},
    },
};
use db::{Draft, StoreError, Tx};
use kernel::{Actor, AgencyCode, AgendaItemId, MeetingId, Refusal, UnixMillis, civil_date};

use super::{
    Held, Outcome, invitees, lines, load_agenda, load_meeting, meeting_changed, notify, now, settle,
};
use crate::{
    domain::{
        fact::Fact,
        item::Item,
        meeting::{Invited, Meeting},
        plan,
    },
    error,
    publish::publish,
    rights,
    store::{self, items, meetings},
};

/// Moves a meeting.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &MoveMeeting) -> Outcome<MeetingChanged> {
    settle!(rights::may_direct(actor));
    let at = now(tx);
    let found = load_meeting(tx, command.meeting_id, command.expected_version).await?;
    let Held { mut meeting, loaded, mut invited } = settle!(found);
    let both: Vec<AgendaItemId> = meeting
        .agenda
        .iter()
        .chain(command.plan.items.iter().filter(|i| !meeting.agenda.contains(i)))
        .copied()
        .collect();
    let mut all = load_agenda(tx, &both).await?;
    if let Some(refusal) = unknown(&all, &command.plan.items) {
        return Ok(Err(refusal));
    }
    let units = store::units(tx).await?;
    let stay = |item: &&Item| command.plan.items.contains(&item.id);
    let parties: Vec<AgencyCode> = all.iter().filter(stay).flat_map(|i| i.parties.clone()).collect();
    let notice = meeting.notice_days;
    let checked = plan::checked(command.plan.clone(), &parties, notice, |u| units.contains(u), at);
    let plan = settle!(checked);
    settle!(meeting.relocate(&plan));
    for item in &mut all {
        let before = item.version;
        settle!(change(item, &plan.items, meeting.id()));
        if item.version != before {
            items::save(tx, item, before).await?;
        }
    }
    let mut agenda: Vec<Item> = all.into_iter().filter(|i| plan.items.contains(&i.id)).collect();
    agenda.sort_by_key(|item| plan.items.iter().position(|id| *id == item.id));
    let dropped = invite(&mut invited, &plan.agencies);
    meetings::save(tx, &meeting, loaded).await?;
    for one in &invited {
        meetings::keep_invited(tx, meeting.id(), one).await?;
    }
    let fact = Fact::Moved(Box::new(MeetingMovedV1 {
        terms: meeting.terms.clone(),
        agencies: invitees(&invited),
        items: lines(&agenda),
        dropped: dropped.clone(),
    }));
    publish(tx, &fact, at, None).await?;
    notify(tx, &meeting, &invited, &agenda, at).await?;
    disinvite(tx, &meeting, &dropped, at).await?;
    Ok(Ok(meeting_changed(&meeting)))
}

fn unknown(found: &[Item], wanted: &[AgendaItemId]) -> Option<Refusal> {
    let there = |id: &AgendaItemId| found.iter().any(|item| item.id == *id);
    (!wanted.iter().all(there)).then(|| error::NO_SUCH_ITEM.refuse().at("plan.items"))
}

/// What leaves the agenda goes back to the list; what is new comes onto it.
fn change(item: &mut Item, wanted: &[AgendaItemId], meeting: MeetingId) -> Result<(), Refusal> {
    if !wanted.contains(&item.id) {
        item.unschedule(meeting);
        return Ok(());
    }
    if item.state == AgendaState::Scheduled && item.meeting_id == Some(meeting) {
        return Ok(());
    }
    item.schedule(meeting)
}

/// Brings the invitations up to a plan; says who is invited no more.
fn invite(invited: &mut Vec<Invited>, wanted: &[contracts::meetings::Invitee]) -> Vec<AgencyCode> {
    let mut dropped = Vec::new();
    for one in invited.iter_mut() {
        let wish = wanted.iter().find(|w| w.agency == one.agency);
        if let Some(wish) = wish {
            (one.required, one.dropped) = (wish.required, false);
        } else if !one.dropped {
            one.dropped = true;
            dropped.push(one.agency.clone());
        }
    }
    for wish in wanted {
        if !invited.iter().any(|i| i.agency == wish.agency) {
            invited.push(Invited::of(wish));
        }
    }
    dropped
}

async fn disinvite(
    tx: &mut Tx<'_>,
    meeting: &Meeting,
    dropped: &[AgencyCode],
    at: UnixMillis,
) -> Result<(), StoreError> {
    for agency in dropped {
        let cancellation = CancellationDispatchV1 {
            meeting_id: meeting.id(),
            agency: agency.clone(),
            sequence: meeting.terms.sequence,
            reason: None,
            cancelled_on: civil_date(at),
        };
        tx.dispatch(agency, Draft::of(meeting.id(), at, &cancellation)?).await?;
    }
    Ok(())
}
