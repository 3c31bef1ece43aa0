//! The least waiting, by dynamic programming over the subsets of items already handled.

use super::{
    Item,
    site::{Unions, Weigh},
};

/// Not reachable.
const NEVER: u64 = u64::MAX;

struct Step<'a> {
    items: &'a [Item],
    weigh: Weigh,
    unions: Unions,
    earlier: Vec<usize>,
    fixed: &'a [(usize, usize)],
}

/// The best order, or none when the rules leave none.
pub(super) fn best(
    items: &[Item],
    weights: &[u32],
    before: &[(usize, usize)],
    fixed: &[(usize, usize)],
) -> Option<Vec<usize>> {
    let earlier = (0..items.len())
        .map(|i| before.iter().filter(|rule| rule.1 == i).fold(0, |set, rule| set | 1 << rule.0))
        .collect();
    let step = Step { items, weigh: Weigh::new(weights), unions: Unions::new(items), earlier, fixed };
    let full = (1_usize << items.len()) - 1;
    let mut least = vec![NEVER; full + 1];
    if let Some(start) = least.first_mut() {
        *start = 0;
    }
    for set in 0..full {
        let so_far = least.get(set).copied().unwrap_or(NEVER);
        if so_far == NEVER {
            continue;
        }
        let on_site = step.on_site(set, full);
        for (i, item) in items.iter().enumerate() {
            if step.allowed(set, i)
                && let Some(cost) = least.get_mut(set | 1 << i)
            {
                *cost = (*cost).min(so_far + step.cost(on_site, *item));
            }
        }
    }
    step.back(&least, full)
}

impl Step<'_> {
    /// The agencies that were seen and are still needed.
    #[inline]
    fn on_site(&self, set: usize, full: usize) -> u64 {
        self.unions.of(set) & self.unions.of(full & !set)
    }

    #[inline]
    fn allowed(&self, set: usize, i: usize) -> bool {
        if set >> i & 1 == 1 || self.earlier.get(i).is_some_and(|earlier| earlier & !set != 0) {
            return false;
        }
        if self.fixed.is_empty() {
            return true;
        }
        let place = set.count_ones() as usize;
        self.fixed.iter().all(|&(item, at)| (item == i) == (at == place))
    }

    #[inline]
    fn cost(&self, on_site: u64, item: Item) -> u64 {
        u64::from(item.minutes) * self.weigh.of(on_site & !item.agencies)
    }

    fn back(&self, least: &[u64], full: usize) -> Option<Vec<usize>> {
        let mut sequence = Vec::with_capacity(self.items.len());
        let mut set = full;
        while set != 0 {
            let total = least.get(set).copied().filter(|&cost| cost != NEVER)?;
            let last = self.items.iter().enumerate().find(|(i, item)| {
                let without = set & !(1 << i);
                without != set
                    && self.allowed(without, *i)
                    && least.get(without).is_some_and(|&cost| {
                        cost != NEVER && cost + self.cost(self.on_site(without, full), **item) == total
                    })
            })?;
            sequence.push(last.0);
            set &= !(1 << last.0);
        }
        sequence.reverse();
        Some(sequence)
    }
}
