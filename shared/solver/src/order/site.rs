//! Who is on site once a set of items was handled.

use super::Item;

/// Weights of sets of agencies, by tables of eight.
pub(super) struct Weigh {
    tables: Vec<[u64; 256]>,
}

impl Weigh {
    pub fn new(weights: &[u32]) -> Self {
        let tables = weights.chunks(8).map(|eight| {
            std::array::from_fn(|mask| {
                let held = eight.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1);
                held.map(|(_, &weight)| u64::from(weight)).sum()
            })
        });
        Self { tables: tables.collect() }
    }

    /// What a set weighs.
    #[inline]
    pub fn of(&self, mut agencies: u64) -> u64 {
        let mut sum = 0;
        for table in &self.tables {
            sum += table.get((agencies & 255) as usize).copied().unwrap_or(0);
            agencies >>= 8;
        }
        sum
    }
}

/// The agencies of sets of at most 24 items, from two half tables.
pub(super) struct Unions {
    low: Vec<u64>,
    high: Vec<u64>,
    half: usize,
}

impl Unions {
    pub fn new(items: &[Item]) -> Self {
        let half = items.len() / 2;
        let (low, high) = items.split_at(half);
        Self { low: unions(low), high: unions(high), half }
    }

    /// The agencies that a set of items needs.
    #[inline]
    pub fn of(&self, set: usize) -> u64 {
        let low = self.low.get(set & ((1 << self.half) - 1)).copied().unwrap_or(0);
        low | self.high.get(set >> self.half).copied().unwrap_or(0)
    }
}

fn unions(items: &[Item]) -> Vec<u64> {
    let mut all = vec![0; 1];
    for item in items {
        all.extend_from_within(..);
        let half = all.len() / 2;
        for set in all.iter_mut().skip(half) {
            *set |= item.agencies;
        }
    }
    all
}
