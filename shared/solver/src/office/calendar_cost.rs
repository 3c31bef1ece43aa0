//! What an item costs at a start by itself: calendars, deadlines, pins. The table of the search is made of it.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]

use super::{
    Constraint, Entities, Model,
    model::{NOT_FREE, TENTATIVE},
};

/// Calls with each (constraint, entities, amount) of an item that begins at a grain.
pub(super) fn item_at(
    model: &Model,
    item: usize,
    grain: usize,
    sink: &mut impl FnMut(Constraint, Entities, i64),
) {
    if grain >= model.grains {
        // Beyond the horizon there are no calendars; the meeting is outside hours, which is hard enough.
        return;
    }
    attendance(model, item, grain, sink);
    let facts = &model.items[item];
    let (on, minute) = model.when(grain);
    let about = Entities::item(item).at(grain);
    let mut days = |constraint, late: i64| {
        if late > 0 {
            sink(constraint, about, late);
        }
    };
    days(Constraint::Early, facts.earliest.map_or(0, |from| (from - on).num_days()));
    days(Constraint::Statutory, facts.statutory.map_or(0, |to| (on - to).num_days()));
    days(Constraint::Tardy, facts.internal.map_or(0, |to| (on - to).num_days()));
    let (pinned_on, pinned_minute, _) = facts.pin;
    days(Constraint::Pin, i64::from(pinned_on.is_some_and(|to| to != on)));
    days(Constraint::Pin, i64::from(pinned_minute.is_some_and(|to| to != minute)));
}

fn attendance(model: &Model, item: usize, grain: usize, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    let facts = &model.items[item];
    let until = (grain + facts.len).min(model.grains);
    let count = |agency: usize, flag: u8| {
        let busy = &model.agencies[agency].busy[grain..until];
        i64::try_from(busy.iter().filter(|&&b| b & flag != 0).count()).unwrap_or(0)
    };
    let about = |agency: usize| Entities::item(item).agency(agency).at(grain);
    let whole_quorum = facts.quorum >= facts.others.len();
    let mut missing = 0;
    for agency in facts.required() {
        let taken = count(agency, NOT_FREE);
        if taken > 0 {
            if whole_quorum || facts.lead.contains(&agency) {
                sink(Constraint::AgencyBusy, about(agency), taken);
            } else {
                missing += 1;
            }
        }
        let tentative = count(agency, TENTATIVE);
        if tentative > 0 && taken == 0 {
            sink(Constraint::Tentative, about(agency), tentative);
        }
    }
    let spare = facts.others.len().saturating_sub(facts.quorum);
    if missing > spare {
        let short = i64::try_from((missing - spare) * facts.len).unwrap_or(0);
        sink(Constraint::Quorum, Entities::item(item).at(grain), short);
    } else if missing > 0 {
        let missing = i64::try_from(missing).unwrap_or(0);
        sink(Constraint::QuorumMargin, Entities::item(item).at(grain), missing);
    }
    for &agency in &facts.optional {
        if count(agency, NOT_FREE) > 0 {
            sink(Constraint::OptionalMissing, about(agency), 1);
        }
    }
}
