//! Effects of a fact → rows of duties and alarms.

use calendar::RuleId;
use db::{StoreError, Tx};
use kernel::{AssignmentId, MatterId};

use crate::{
    Rules,
    domain::{
        duty::{self, Duty},
        timers::Effect,
    },
    store,
    sweeps::renew,
};

/// Carries effects out on the duties of a held matter.
pub async fn carry_out(
    tx: &mut Tx<'_>,
    rules: &Rules,
    matter: MatterId,
    effects: Vec<Effect>,
) -> Result<(), StoreError> {
    for effect in effects {
        match effect {
            Effect::Start(hangs_on, due) => {
                let duty = Duty::start(matter, hangs_on, due);
                store::start(tx, &duty, &duty::alarms(&duty.due, &rules.stages)).await?;
            }
            Effect::Meet(rule, assignment, on) => {
                let found = find(tx, matter, rule, assignment).await?;
                change(tx, rules, found, |duty| duty.meet(on)).await?;
            }
            Effect::Cancel(assignment) => {
                for duty in store::of_assignment(tx, matter, assignment).await? {
                    change(tx, rules, Some(duty), Duty::cancel).await?;
                }
            }
            Effect::Reopen(rule) => {
                let found = find(tx, matter, rule, None).await?;
                change(tx, rules, found, Duty::reopen).await?;
            }
            Effect::Extend(assignment, due) => {
                if let Some(duty) = find(tx, matter, due.rule, Some(assignment)).await? {
                    renew(tx, duty, due, &rules.stages).await?;
                }
            }
        }
    }
    Ok(())
}

async fn find(
    tx: &mut Tx<'_>,
    matter: MatterId,
    rule: RuleId,
    assignment: Option<AssignmentId>,
) -> Result<Option<Duty>, StoreError> {
    let id = match assignment {
        Some(assignment) => format!("{rule}/{assignment}"),
        None => format!("{rule}/{matter}"),
    };
    store::duty(tx, &id).await
}

/// Changes a duty; its alarms wait only while it runs.
async fn change(
    tx: &mut Tx<'_>,
    rules: &Rules,
    duty: Option<Duty>,
    change: impl FnOnce(&mut Duty),
) -> Result<(), StoreError> {
    let Some(mut duty) = duty else { return Ok(()) };
    let loaded = duty.version;
    change(&mut duty);
    if duty.version == loaded {
        return Ok(());
    }
    store::save(tx, &duty, loaded).await?;
    if duty.open {
        store::arm(tx, &duty, &duty::alarms(&duty.due, &rules.stages)).await
    } else {
        store::disarm(tx, &duty).await
    }
}
