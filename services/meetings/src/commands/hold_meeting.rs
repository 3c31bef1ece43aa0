//! 登记到会: the meeting took place; who was there, and what was discussed.

use contracts::meetings::{
    MeetingHeldV1,
    commands::{HoldMeeting, MeetingChanged},
};
use db::Tx;
use kernel::{Actor, civil_date};

use super::{Held, Outcome, lines, load_agenda, load_meeting, meeting_changed, now, settle};
use crate::{
    domain::fact::Fact,
    publish::publish,
    rights,
    store::{items, meetings},
};

/// Records that a meeting took place.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &HoldMeeting) -> Outcome<MeetingChanged> {
    settle!(rights::may_direct(actor));
    let at = now(tx);
    let found = load_meeting(tx, command.meeting_id, command.expected_version).await?;
    let Held { mut meeting, loaded, mut invited } = settle!(found);
    let attendance = settle!(meeting.hold(&mut invited, &command.attendance, at));
    meetings::save(tx, &meeting, loaded).await?;
    for one in &invited {
        meetings::keep_invited(tx, meeting.id(), one).await?;
    }
    let mut discussed = Vec::new();
    for mut item in load_agenda(tx, &meeting.agenda).await? {
        let before = item.version;
        if item.discuss(meeting.id()) {
            items::save(tx, &item, before).await?;
            discussed.push(item);
        }
    }
    let fact = Fact::Held(MeetingHeldV1 {
        meeting_id: meeting.id(),
        held_on: civil_date(meeting.terms.starts_at),
        attendance,
        items: lines(&discussed),
    });
    publish(tx, &fact, at, None).await?;
    Ok(Ok(meeting_changed(&meeting)))
}
