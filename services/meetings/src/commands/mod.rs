//! One file per command: load → decide → store → reply.

pub mod agenda;
pub mod call_meeting;
pub mod call_off_meeting;
pub mod check_task;
pub mod decide_item;
pub mod fix_minutes;
pub mod hold_meeting;
pub mod move_meeting;
pub mod queries;

use contracts::meetings::{
    AgendaLine, Invitee,
    commands::{ItemChanged, MeetingChanged},
};
use db::{Draft, StoreError, Tx};
use kernel::{AgendaItemId, Clock, MeetingId, Refusal, UnixMillis};

use crate::{
    domain::{
        item::Item,
        meeting::{Invited, Meeting},
    },
    error,
    store::{items, meetings},
};

/// A refusal is a value and commits; a store error rolls back.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Ends a command with its refusal, else gives the value.
macro_rules! settle {
    ($decided:expr) => {
        match $decided {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}
pub(crate) use settle;

/// A meeting that is about to change, with who is invited.
pub struct Held {
    /// The meeting.
    pub meeting: Meeting,
    /// The version that was loaded.
    pub loaded: i64,
    /// Its invitations, dropped ones included.
    pub invited: Vec<Invited>,
}

/// Loads the meeting of a command, held until the commit, and checks what the caller saw.
async fn load_meeting(tx: &mut Tx<'_>, id: MeetingId, expected_version: i64) -> Outcome<Held> {
    let Some(meeting) = meetings::hold(tx, id).await? else {
        return Ok(Err(error::NO_SUCH_MEETING.refuse()));
    };
    settle!(meeting.expect_version(expected_version));
    let (loaded, invited) = (meeting.version, meetings::invited(tx, id).await?);
    Ok(Ok(Held { meeting, loaded, invited }))
}

/// Loads the item of a command, held until the commit, and checks what the caller saw.
async fn load_item(tx: &mut Tx<'_>, id: AgendaItemId, expected_version: i64) -> Outcome<(Item, i64)> {
    let Some(item) = items::hold(tx, id).await? else { return Ok(Err(error::NO_SUCH_ITEM.refuse())) };
    settle!(item.expect_version(expected_version));
    let loaded = item.version;
    Ok(Ok((item, loaded)))
}

/// Holds the items of an agenda, in its order. Those that left it meanwhile are not there.
async fn load_agenda(tx: &mut Tx<'_>, agenda: &[AgendaItemId]) -> Result<Vec<Item>, StoreError> {
    // Held in one order, whatever the agenda's: two writers cannot wait for each other.
    let mut sorted = agenda.to_vec();
    sorted.sort_unstable();
    let mut found = Vec::with_capacity(sorted.len());
    for id in sorted {
        found.extend(items::hold(tx, id).await?);
    }
    found.sort_by_key(|item| agenda.iter().position(|id| *id == item.id));
    Ok(found)
}

/// Who is invited now, as facts say it.
fn invitees(invited: &[Invited]) -> Vec<Invitee> {
    let now = invited.iter().filter(|i| !i.dropped);
    now.map(|i| Invitee { agency: i.agency.clone(), required: i.required }).collect()
}

fn lines(items: &[Item]) -> Vec<AgendaLine> {
    items.iter().map(Item::line).collect()
}

/// Sends the meeting, as it is now, to everyone invited.
async fn notify(
    tx: &mut Tx<'_>,
    meeting: &Meeting,
    invited: &[Invited],
    items: &[Item],
    at: UnixMillis,
) -> Result<(), StoreError> {
    for one in invited.iter().filter(|i| !i.dropped) {
        let notice = meeting.notice(one, items);
        tx.dispatch(&one.agency, Draft::of(meeting.id(), at, &notice)?).await?;
    }
    Ok(())
}

fn now(tx: &Tx<'_>) -> UnixMillis {
    tx.clocks().business.now()
}

fn item_changed(item: &Item) -> ItemChanged {
    ItemChanged { item_id: item.id, version: item.version, state: item.state }
}

fn meeting_changed(meeting: &Meeting) -> MeetingChanged {
    MeetingChanged {
        meeting_id: meeting.id(),
        version: meeting.version,
        state: meeting.state,
        sequence: meeting.terms.sequence,
    }
}
