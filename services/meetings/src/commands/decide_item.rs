//! 记录意见, 记录议定结果: what was said and decided, kept until the minutes are fixed.

use contracts::{
    codes::MeetingState,
    meetings::commands::{DecideItem, ItemChanged, RecordPosition},
};
use db::Tx;
use kernel::{Actor, civil_date};

use super::{Outcome, item_changed, load_item, now, settle};
use crate::{
    domain::decision,
    error, rights,
    store::{self, items, meetings},
};

/// Records what a party said.
pub async fn record(tx: &mut Tx<'_>, actor: &Actor, command: &RecordPosition) -> Outcome<ItemChanged> {
    settle!(rights::may_prepare(actor));
    let today = civil_date(now(tx));
    let (mut item, loaded) = settle!(load_item(tx, command.item_id, command.expected_version).await?);
    settle!(item.record(&command.agency, &command.words, today));
    items::save(tx, &item, loaded).await?;
    Ok(Ok(item_changed(&item)))
}

/// Records what the meeting decided of an item.
pub async fn decide(tx: &mut Tx<'_>, actor: &Actor, command: &DecideItem) -> Outcome<ItemChanged> {
    settle!(rights::may_direct(actor));
    let today = civil_date(now(tx));
    // The meeting is held first, as by every command: two writers cannot wait for each other.
    let found = items::load(tx, command.item_id).await?;
    let Some(meeting_id) = found.and_then(|item| item.meeting_id) else {
        return Ok(Err(error::NO_SUCH_ITEM.refuse()));
    };
    let Some(meeting) = meetings::hold(tx, meeting_id).await? else {
        return Ok(Err(error::NO_SUCH_MEETING.refuse()));
    };
    settle!(meeting.expect(MeetingState::Held, "decide_item"));
    let (mut item, loaded) = settle!(load_item(tx, command.item_id, command.expected_version).await?);
    let units = store::units(tx).await?;
    let invited = meetings::invited(tx, meeting_id).await?;
    let checked = decision::checked(command.decision.clone(), &invited, |u| units.contains(u), today);
    settle!(item.decide(settle!(checked)));
    items::save(tx, &item, loaded).await?;
    Ok(Ok(item_changed(&item)))
}
