//! From a run's key to its row: open addressing, one read for most runs.

use crate::grams::mix;

const EMPTY: u64 = u64::MAX;

/// The table. Half of a key's hash is kept to tell runs apart.
#[derive(Clone, Debug, Default)]
pub struct Table {
    slots: Vec<u64>,
    mask: usize,
}

impl Table {
    /// Rows in the order of the keys.
    #[must_use]
    pub fn new(keys: &[u64]) -> Self {
        let size = (keys.len() * 2).next_power_of_two().max(2);
        let mut table = Self { slots: vec![EMPTY; size], mask: size - 1 };
        for (row, key) in keys.iter().enumerate() {
            let hash = mix(*key);
            let mut at = hash as usize & table.mask;
            while table.slots.get(at).is_some_and(|slot| *slot != EMPTY) {
                at = (at + 1) & table.mask;
            }
            if let Some(slot) = table.slots.get_mut(at) {
                *slot = (hash & !0xFFFF_FFFF) | (row as u64 & 0xFFFF_FFFF);
            }
        }
        table
    }

    /// The row of a key.
    #[must_use]
    pub fn row(&self, key: u64) -> Option<u32> {
        let hash = mix(key);
        let mut at = hash as usize & self.mask;
        loop {
            let slot = *self.slots.get(at)?;
            if slot == EMPTY {
                return None;
            }
            if slot >> 32 == hash >> 32 {
                return u32::try_from(slot & 0xFFFF_FFFF).ok();
            }
            at = (at + 1) & self.mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_row_and_others_have_none() {
        let keys: Vec<u64> = (1..5000).map(|k| k * 7919).collect();
        let table = Table::new(&keys);
        for (row, key) in keys.iter().enumerate() {
            assert_eq!(table.row(*key), u32::try_from(row).ok());
        }
        assert!((1..5000).all(|k| table.row(k * 7919 + 1).is_none()));
        assert_eq!(Table::new(&[]).row(1), None);
    }
}
