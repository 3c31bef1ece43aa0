//! 取消会议: everyone invited is told; its items go back to the list.

use contracts::meetings::{
    CancellationDispatchV1, MeetingCalledOffV1,
    commands::{CallOffMeeting, MeetingChanged},
};
use db::{Draft, Tx};
use kernel::{Actor, civil_date};

use super::{Held, Outcome, invitees, load_agenda, load_meeting, meeting_changed, now, settle};
use crate::{
    domain::fact::Fact,
    publish::publish,
    rights,
    store::{items, meetings},
};

/// Calls a meeting off.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &CallOffMeeting) -> Outcome<MeetingChanged> {
    settle!(rights::may_direct(actor));
    let at = now(tx);
    let found = load_meeting(tx, command.meeting_id, command.expected_version).await?;
    let Held { mut meeting, loaded, invited } = settle!(found);
    settle!(meeting.call_off(command.reason));
    meetings::save(tx, &meeting, loaded).await?;
    for mut item in load_agenda(tx, &meeting.agenda).await? {
        let before = item.version;
        if item.unschedule(meeting.id()) {
            items::save(tx, &item, before).await?;
        }
    }
    let fact = Fact::CalledOff(Box::new(MeetingCalledOffV1 {
        terms: meeting.terms.clone(),
        agencies: invitees(&invited),
        reason: command.reason,
        called_off_on: civil_date(at),
    }));
    publish(tx, &fact, at, None).await?;
    for one in invited.iter().filter(|i| !i.dropped) {
        let cancellation = CancellationDispatchV1 {
            meeting_id: meeting.id(),
            agency: one.agency.clone(),
            sequence: meeting.terms.sequence,
            reason: Some(command.reason),
            cancelled_on: civil_date(at),
        };
        tx.dispatch(&one.agency, Draft::of(meeting.id(), at, &cancellation)?).await?;
    }
    Ok(Ok(meeting_changed(&meeting)))
}
