//! A bounded memory of what was used lately, for signatures that were made or checked a moment ago.
//!
//! Two generations: what is used moves to the young one; when that is full it becomes the old one and
//! the old one is dropped. Every step is O(1), at most `capacity` entries are kept, and an entry used
//! within the last `capacity / 2` distinct ones is always there.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard},
};

pub(crate) struct Recent<V> {
    half: usize,
    generations: Mutex<Generations<V>>,
}

struct Generations<V> {
    young: HashMap<Box<str>, V>,
    old: HashMap<Box<str>, V>,
}

impl<V: Clone> Recent<V> {
    pub(crate) fn holding(capacity: usize) -> Self {
        let generations = Mutex::new(Generations { young: HashMap::new(), old: HashMap::new() });
        Self { half: (capacity / 2).max(1), generations }
    }

    fn lock(&self) -> MutexGuard<'_, Generations<V>> {
        // No step below can leave the maps half changed, so a poisoned lock is still good.
        self.generations.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn get(&self, key: &str) -> Option<V> {
        let mut all = self.lock();
        if let Some(value) = all.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = all.old.remove_entry(key)?;
        self.insert(&mut all, key, value.clone());
        Some(value)
    }

    pub(crate) fn put(&self, key: &str, value: V) {
        let mut all = self.lock();
        all.old.remove(key);
        self.insert(&mut all, key.into(), value);
    }

    fn insert(&self, all: &mut Generations<V>, key: Box<str>, value: V) {
        if all.young.len() >= self.half && !all.young.contains_key(&key) {
            all.old = mem::take(&mut all.young);
        }
        all.young.insert(key, value);
    }

    pub(crate) fn clear(&self) {
        let mut all = self.lock();
        all.young.clear();
        all.old.clear();
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let all = self.lock();
        all.young.len() + all.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_holds_more_than_its_capacity_and_keeps_what_is_used() {
        let recent = Recent::holding(8);
        recent.put("kept", 0);
        for n in 1..100 {
            recent.put(&n.to_string(), n);
            assert!(recent.len() <= 8, "{n}: {}", recent.len());
            assert_eq!(recent.get("kept"), Some(0), "{n}");
        }
        assert_eq!((recent.get("99"), recent.get("1")), (Some(99), None));
    }

    #[test]
    fn a_key_has_one_value_and_clear_forgets_all() {
        let recent = Recent::holding(2);
        recent.put("a", 1);
        recent.put("b", 2);
        recent.put("a", 3);
        assert_eq!((recent.get("a"), recent.len()), (Some(3), 2));
        recent.clear();
        assert_eq!((recent.get("a"), recent.len()), (None, 0));
    }
}
