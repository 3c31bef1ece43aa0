//! 审定纪要: the convener fixes the minutes. What was resolved is numbered, published and given to the agencies as
//! tasks; of a dispute of competence routing makes the binding assignment (Art. 24).

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use contracts::{
    codes::{AgendaOutcome, AgendaState, ResolutionState, ResolutionTaskRole, ResolutionTaskState},
    meetings::{
        MinutesDispatchV1, MinutesFixedV1, ResolutionAdoptedV1,
        commands::{Decision, FixMinutes, MeetingChanged, ResolutionView, Resolved},
    },
};
use db::{Draft, StoreError, Tx};
use kernel::{Actor, AgencyCode, ResolutionId, UnixMillis, civil_date};

use super::{Held, Outcome, load_agenda, load_meeting, meeting_changed, now, settle};
use crate::{
    domain::{fact::Fact, item::Item, meeting::Meeting, task::Task},
    publish::publish,
    rights,
    store::{items, meetings, tasks},
};

/// Fixes the minutes of a meeting.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &FixMinutes) -> Outcome<MeetingChanged> {
    settle!(rights::may_direct(actor));
    let at = now(tx);
    let today = civil_date(at);
    let found = load_meeting(tx, command.meeting_id, command.expected_version).await?;
    let Held { mut meeting, loaded, invited } = settle!(found);
    // What was settled elsewhere meanwhile is not decided here.
    let of_this =
        |item: &Item| item.state == AgendaState::Discussed && item.meeting_id == Some(command.meeting_id);
    let agenda: Vec<Item> = load_agenda(tx, &meeting.agenda).await?.into_iter().filter(of_this).collect();
    settle!(meeting.fix(&agenda, &command.convener, today));
    let year = today.year();
    let number = tx.next_number(&format!("信议纪-{year}"), 1).await?;
    let document_number = format!("信议纪〔{year}〕{number}号");
    meeting.minutes_number = Some(document_number.clone());
    meetings::save(tx, &meeting, loaded).await?;
    let mut resolutions = Vec::new();
    for item in agenda {
        resolutions.extend(conclude(tx, &meeting, item, at).await?);
    }
    let (meeting_id, fixed_on) = (meeting.id(), today);
    let fact = MinutesFixedV1 { meeting_id, document_number: document_number.clone(), resolutions, fixed_on };
    publish(tx, &Fact::Fixed(fact), at, None).await?;
    for one in invited.iter().filter(|i| !i.dropped) {
        let agency = one.agency.clone();
        let minutes =
            MinutesDispatchV1 { meeting_id, agency, document_number: document_number.clone(), fixed_on };
        tx.dispatch(&one.agency, Draft::of(meeting_id, at, &minutes)?).await?;
    }
    Ok(Ok(meeting_changed(&meeting)))
}

/// Gives an item its outcome; says the resolution, where it came to one.
async fn conclude(
    tx: &mut Tx<'_>,
    meeting: &Meeting,
    mut item: Item,
    at: UnixMillis,
) -> Result<Option<ResolutionId>, StoreError> {
    let (loaded, today) = (item.version, civil_date(at));
    let Some(decision) = item.decision.clone() else {
        return Err(StoreError::other("an item without an outcome passed the guard"));
    };
    let (AgendaOutcome::Resolved, Some(resolved)) = (decision.outcome, &decision.resolved) else {
        item.conclude(decision.outcome, None);
        items::save(tx, &item, loaded).await?;
        publish(tx, &Fact::Settled(item.settled(None, today)), at, None).await?;
        return Ok(None);
    };
    let year = today.year();
    let number = tx.next_number(&format!("信议-{year}"), 1).await?;
    let view = ResolutionView {
        resolution_id: tx.mint().mint(),
        document_number: format!("信议〔{year}〕{number}号"),
        state: ResolutionState::Adopted,
        set_aside: None,
        adopted_on: today,
    };
    item.conclude(decision.outcome, Some(view.resolution_id));
    items::save(tx, &item, loaded).await?;
    items::adopt(tx, &item, meeting.id(), item.kind, &view).await?;
    let fact = Fact::Adopted(adopted(meeting, &item, &decision, resolved, &view));
    publish(tx, &fact, at, None).await?;
    for task in issued(tx, meeting, &item, resolved, &view) {
        tasks::insert(tx, &task).await?;
        let (fact, letter) = task.issued(today);
        publish(tx, &Fact::Issued(fact), at, None).await?;
        tx.dispatch(&task.agency, Draft::of(task.matter_id, at, &letter)?).await?;
    }
    Ok(Some(view.resolution_id))
}

fn adopted(
    meeting: &Meeting,
    item: &Item,
    decision: &Decision,
    resolved: &Resolved,
    view: &ResolutionView,
) -> ResolutionAdoptedV1 {
    ResolutionAdoptedV1 {
        resolution_id: view.resolution_id,
        document_number: view.document_number.clone(),
        meeting_id: meeting.id(),
        item_id: item.id,
        matter_id: item.matter_id,
        kind: item.kind,
        lead: resolved.lead.clone(),
        co: resolved.co.clone(),
        due_on: resolved.due_on,
        checker: resolved.checker,
        dissent: !decision.dissent.is_empty(),
        adopted_on: view.adopted_on,
    }
}

/// One task for the lead, one for each co-handling unit: each has exactly one unit, a date and a checker.
fn issued(
    tx: &Tx<'_>,
    meeting: &Meeting,
    item: &Item,
    resolved: &Resolved,
    view: &ResolutionView,
) -> Vec<Task> {
    let lead = (resolved.lead.clone(), ResolutionTaskRole::Lead, resolved.due_on);
    let co = resolved.co.iter().map(|co| (co.agency.clone(), ResolutionTaskRole::Assist, co.due_on));
    let task = |(agency, role, due_on): (AgencyCode, ResolutionTaskRole, NaiveDate)| {
        let state = ResolutionTaskState::Issued;
        let mut task = Task {
            id: tx.mint().mint(),
            version: 1,
            resolution_id: view.resolution_id,
            document_number: view.document_number.clone(),
            meeting_id: meeting.id(),
            item_id: item.id,
            matter_id: item.matter_id,
            agency,
            role,
            lead: resolved.lead.clone(),
            action: resolved.action.clone(),
            due_on,
            checker: resolved.checker,
            state,
            days: BTreeMap::from([(state.code().to_owned(), view.adopted_on)]),
            reports: Vec::new(),
            sent_back: None,
            overdue_on: None,
            fires_at: None,
        };
        task.run_until(due_on);
        task
    };
    std::iter::once(lead).chain(co).map(task).collect()
}
