//! 审核议题, 提出议题, 重新上会: the agenda before and after a meeting.

use contracts::{
    codes::{AgendaKind, ResolutionState},
    meetings::{
        TaskVerdictDispatchV1,
        commands::{ItemChanged, ProposeItem, ReopenItem, ScreenItem},
    },
};
use db::{Draft, Tx};
use kernel::{Actor, civil_date};

use super::{Outcome, item_changed, load_item, now, settle};
use crate::{
    domain::{
        fact::Fact,
        item::{About, Item},
    },
    error,
    publish::publish,
    rights,
    store::{self, items, tasks},
};

/// Most parties of an item.
const PARTIES_AT_MOST: usize = 20;

/// Takes an item onto the list of what a meeting deals with, or returns it.
pub async fn screen(tx: &mut Tx<'_>, actor: &Actor, command: &ScreenItem) -> Outcome<ItemChanged> {
    settle!(rights::may_prepare(actor));
    let at = now(tx);
    let (mut item, loaded) = settle!(load_item(tx, command.item_id, command.expected_version).await?);
    let settled = settle!(item.screen(command.take, civil_date(at)));
    items::save(tx, &item, loaded).await?;
    if let Some(settled) = settled {
        publish(tx, &Fact::Settled(settled), at, None).await?;
    }
    Ok(Ok(item_changed(&item)))
}

/// Brings a stuck matter before the conference (domain.md 2.2, transition 30). Never an accusation.
pub async fn propose(tx: &mut Tx<'_>, actor: &Actor, command: &ProposeItem) -> Outcome<ItemChanged> {
    settle!(rights::may_prepare(actor));
    let at = now(tx);
    let found = store::hold(tx, command.matter_id).await?;
    let Some(number) = found.filter(|m| !m.restricted).and_then(|m| m.number) else {
        return Ok(Err(error::NO_SUCH_MATTER.refuse().at("matter_id")));
    };
    let units = store::units(tx).await?;
    let mut parties = command.parties.clone();
    parties.sort();
    parties.dedup();
    if let Some(unknown) = parties.iter().find(|unit| !units.contains(*unit)) {
        return Ok(Err(error::NO_SUCH_UNIT.refuse().at("parties").with("unit", unknown)));
    }
    if parties.is_empty() || parties.len() > PARTIES_AT_MOST {
        return Ok(Err(error::NOBODY_INVITED.refuse().at("parties").with("most", PARTIES_AT_MOST)));
    }
    let about = About { matter_id: command.matter_id, number, kind: AgendaKind::Coordination, parties };
    let item = Item::propose(tx.mint().mint(), about, Vec::new(), civil_date(at));
    if !items::insert(tx, &item).await? {
        return Ok(Err(error::ITEM_OPEN_ALREADY.refuse().at("matter_id")));
    }
    publish(tx, &Fact::Proposed(item.proposed()), at, None).await?;
    Ok(Ok(item_changed(&item)))
}

/// A resolution that could not be carried out goes back to the agenda; its tasks are taken back.
pub async fn reopen(tx: &mut Tx<'_>, actor: &Actor, command: &ReopenItem) -> Outcome<ItemChanged> {
    settle!(rights::may_direct(actor));
    let at = now(tx);
    let (mut item, loaded) = settle!(load_item(tx, command.item_id, command.expected_version).await?);
    let Some(resolution) = item.resolution_id else {
        return Ok(Err(error::NOT_SET_ASIDE.refuse()));
    };
    settle!(item.reopen());
    let from = (ResolutionState::SetAside, ResolutionState::Void);
    let why = items::resolution(tx, resolution).await?.and_then(|r| r.set_aside);
    if !items::settle(tx, resolution, from, why.as_deref()).await? {
        return Ok(Err(error::NOT_SET_ASIDE.refuse()));
    }
    items::save(tx, &item, loaded).await?;
    for (task, _) in tasks::of_item(tx, item.id).await? {
        let Some(mut task) = tasks::hold(tx, task.id).await? else { continue };
        let loaded = task.version;
        let Some(checked) = task.withdraw(civil_date(at)) else { continue };
        tasks::save(tx, &task, loaded).await?;
        let verdict = TaskVerdictDispatchV1 {
            task_id: task.id,
            matter_id: task.matter_id,
            agency: task.agency.clone(),
            verdict: checked.verdict,
            reason: None,
            due_on: None,
            checked_on: checked.checked_on,
        };
        publish(tx, &Fact::Checked(checked), at, None).await?;
        tx.dispatch(&task.agency, Draft::of(task.matter_id, at, &verdict)?).await?;
    }
    Ok(Ok(item_changed(&item)))
}
