//! From a run's key to its row: open addressing, one read for most runs.

/// Spreads keys over the upper bits (Fibonacci hashing): one multiplication a look.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

const EMPTY: u64 = u64::MAX;

/// The table. Thirty-two bits of a key's hash are kept to tell runs apart.
#[derive(Clone, Debug, Default)]
pub struct Table {
    slots: Vec<u64>,
    mask: usize,
    shift: u32,
}

impl Table {
    /// Rows in the order of the keys.
    #[must_use]
    pub fn new(keys: &[u64]) -> Self {
        let size = (keys.len() * 2).next_power_of_two().max(2);
        let mut table = Self { slots: vec![EMPTY; size], mask: size - 1, shift: 64 - size.trailing_zeros() };
        for (row, key) in keys.iter().enumerate() {
            let hash = key.wrapping_mul(SPREAD);
            let mut at = (hash >> table.shift) as usize;
            while table.slots.get(at).is_some_and(|slot| *slot != EMPTY) {
                at = (at + 1) & table.mask;
            }
            if let Some(slot) = table.slots.get_mut(at) {
                *slot = (mark(hash) << 32) | (row as u64 & 0xFFFF_FFFF);
            }
        }
        table
    }

    /// The row of a key.
    #[must_use]
    pub fn row(&self, key: u64) -> Option<u32> {
        let hash = key.wrapping_mul(SPREAD);
        let mut at = (hash >> self.shift) as usize;
        loop {
            let slot = *self.slots.get(at)?;
            if slot == EMPTY {
                return None;
            }
            if slot >> 32 == mark(hash) {
                return u32::try_from(slot & 0xFFFF_FFFF).ok();
            }
            at = (at + 1) & self.mask;
        }
    }
}

/// The bits that tell runs of one slot apart: those in the middle, for the upper ones chose the slot.
const fn mark(hash: u64) -> u64 {
    (hash >> 12) & 0xFFFF_FFFF
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
