//! The exact order of one agenda by the subset programme of [`crate::order`].

use super::{Model, state::Slot};
use crate::order::{Agenda, Item, order};

/// Reorders an agenda so that its agencies wait least. Rules between its items are kept.
pub(super) fn reorder(model: &Model, slot: &mut Slot) {
    let facts = || slot.items().iter().filter_map(|&i| model.items.get(usize::from(i)));
    // Only the agencies of this agenda, numbered anew.
    let all = facts().fold(0_u128, |set, item| set | item.all_set);
    let agencies: Vec<usize> = super::plan::bits(all).take(64).collect();
    let items = facts().map(|item| Item {
        minutes: u32::try_from(item.len).unwrap_or(1),
        agencies: agencies
            .iter()
            .enumerate()
            .filter(|(_, a)| item.all_set >> **a & 1 == 1)
            .fold(0, |set, (bit, _)| set | 1 << bit),
    });
    let place = |item: usize| slot.items().iter().position(|&i| usize::from(i) == item);
    let before = model.rules.iter().filter_map(|&(a, b)| Some((place(a)?, place(b)?))).collect();
    let agenda =
        Agenda { items: items.collect(), weights: vec![1; agencies.len()], before, fixed: Vec::new() };
    if let Ok(ordered) = order(&agenda) {
        let old = *slot;
        for (to, from) in slot.items.iter_mut().zip(ordered.sequence) {
            if let Some(&item) = old.items().get(from) {
                *to = item;
            }
        }
    }
}
