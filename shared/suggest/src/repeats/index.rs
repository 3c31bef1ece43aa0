//! Who might be the same matter: bands of sketches, and places that name the same object or agency.

use rustc_hash::FxHashMap;

use super::sketch::{BANDS, MINIMA, PER_BAND, Sketch};
use crate::grams::mix;

/// Entries looked at in one bucket, newest first.
const BUCKET_AT_MOST: usize = 512;
/// Candidates whose texts are worth opening.
pub const OPENED_AT_MOST: usize = 32;
/// Sketches share at least so many minima to be worth it (of 126), when nothing else speaks for the pair.
const SHARED_AT_LEAST: usize = 44;
/// The same, when place and object or agency are the same.
const SHARED_WITH_STRUCTURE: usize = 12;
const NONE: u32 = u32::MAX;

/// What a submission is about, beside its text. Holds nothing of who wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// Region code of the place.
    pub place: String,
    /// What is complained of: a unit, a site, an estate; as registered.
    pub object: Option<String>,
    /// The agency it lies with.
    pub agency: Option<String>,
    /// Day of receipt, counted from any fixed day.
    pub day: i64,
}

impl Structure {
    /// Keys under which submissions of like structure meet.
    fn keys(&self) -> impl Iterator<Item = u64> {
        let place = hash(self.place.get(..6).unwrap_or(&self.place), 1);
        let of = |part: &Option<String>, salt: u64| {
            part.as_deref()
                .filter(|p| !p.is_empty())
                .map(|p| mix(place ^ hash(&crate::fold::folded(p), salt)))
        };
        [of(&self.object, 2), of(&self.agency, 3)].into_iter().flatten()
    }
}

fn hash(text: &str, salt: u64) -> u64 {
    text.bytes().fold(mix(salt), |hash, byte| mix(hash ^ u64::from(byte)))
}

/// A submission that may be the same matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<K> {
    /// Which.
    pub id: K,
    /// Minima shared, of 126.
    pub shared: usize,
    /// Place and object or agency are the same. Not looked up where all are the very same text.
    pub structure: bool,
}

/// The index. It keeps sketches and hashes alone: no text, no name.
#[derive(Debug)]
pub struct Index<K> {
    ids: Vec<K>,
    sketches: Vec<u8>,
    /// Per band and bucket: the newest entry.
    heads: Vec<u32>,
    /// Per entry and band: the next older one in its bucket.
    older: Vec<[u32; BANDS]>,
    buckets: usize,
    structures: FxHashMap<u64, Vec<u32>>,
}

impl<K: Copy> Default for Index<K> {
    fn default() -> Self {
        Self::with_room_for(0)
    }
}

impl<K: Copy> Index<K> {
    /// An empty index, with room.
    #[must_use]
    pub fn with_room_for(submissions: usize) -> Self {
        let buckets = submissions.next_power_of_two().max(1 << 10);
        Self {
            ids: Vec::with_capacity(submissions),
            sketches: Vec::with_capacity(submissions * MINIMA),
            heads: vec![NONE; buckets * BANDS],
            older: Vec::with_capacity(submissions),
            buckets,
            structures: FxHashMap::default(),
        }
    }

    /// How many submissions are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds one.
    pub fn add(&mut self, id: K, sketch: &Sketch, structure: &Structure) {
        if self.ids.len() >= self.buckets * 2 {
            self.widen();
        }
        let Ok(entry) = u32::try_from(self.ids.len()) else { return };
        self.ids.push(id);
        self.sketches.extend_from_slice(&sketch.0);
        self.chain(entry, &sketch.0);
        for key in structure.keys() {
            self.structures.entry(key).or_default().push(entry);
        }
    }

    /// The newest with this very sketch, when there are so many that no other has a place beside them: they stand
    /// in each of its buckets, so one is enough. A letter that hundreds signed and sent costs no hundredfold.
    fn twins(&self, sketch: &Sketch, may: impl Fn(&K) -> bool) -> Option<Vec<Candidate<K>>> {
        let first = sketch.0.first_chunk::<PER_BAND>()?;
        let mut next = *self.heads.get(bucket(self.buckets, 0, first))?;
        let mut twins = Vec::with_capacity(OPENED_AT_MOST);
        for _ in 0..BUCKET_AT_MOST {
            let (entry, older) = (next as usize, self.older.get(next as usize)?);
            let same = self.sketches.get(entry * MINIMA..(entry + 1) * MINIMA) == Some(&sketch.0[..]);
            if let Some(id) = self.ids.get(entry).filter(|id| same && may(id)) {
                twins.push(Candidate { id: *id, shared: MINIMA, structure: false });
            }
            if twins.len() == OPENED_AT_MOST {
                return Some(twins);
            }
            next = older.first().copied()?;
        }
        None
    }

    fn chain(&mut self, entry: u32, sketch: &[u8]) {
        let mut older = [NONE; BANDS];
        for ((band, slot), bytes) in older.iter_mut().enumerate().zip(sketch.chunks_exact(PER_BAND)) {
            if let Some(head) = self.heads.get_mut(bucket(self.buckets, band, bytes)) {
                *slot = std::mem::replace(head, entry);
            }
        }
        self.older.push(older);
    }

    /// Doubles the buckets; sketches are all that is needed for it.
    fn widen(&mut self) {
        self.buckets *= 4;
        self.heads = vec![NONE; self.buckets * BANDS];
        self.older.clear();
        let sketches = std::mem::take(&mut self.sketches);
        for (entry, sketch) in (0_u32..).zip(sketches.chunks_exact(MINIMA)) {
            self.chain(entry, sketch);
        }
        self.sketches = sketches;
    }

    /// Those whose texts are worth opening, likest first.
    #[must_use]
    pub fn candidates(&self, sketch: &Sketch, structure: &Structure) -> Vec<Candidate<K>> {
        self.candidates_among(sketch, structure, |_| true)
    }

    /// The same among those that `may` be: asked before the likest are taken, so that none of the others
    /// takes a place. One that was added twice may come twice.
    #[must_use]
    pub fn candidates_among(
        &self,
        sketch: &Sketch,
        structure: &Structure,
        may: impl Fn(&K) -> bool,
    ) -> Vec<Candidate<K>> {
        if let Some(twins) = self.twins(sketch, &may) {
            return twins;
        }
        let mut met: Vec<(u32, bool)> = Vec::new();
        for (band, bytes) in sketch.0.chunks_exact(PER_BAND).enumerate() {
            let mut next = self.heads.get(bucket(self.buckets, band, bytes)).copied().unwrap_or(NONE);
            for _ in 0..BUCKET_AT_MOST {
                let Some(older) = self.older.get(next as usize) else { break };
                met.push((next, false));
                next = older.get(band).copied().unwrap_or(NONE);
            }
        }
        for key in structure.keys() {
            let like = self.structures.get(&key).into_iter().flatten().rev().take(BUCKET_AT_MOST);
            met.extend(like.map(|entry| (*entry, true)));
        }
        // An entry met by structure comes first, so that it keeps that mark.
        met.sort_unstable_by_key(|(entry, structure)| (*entry, !structure));
        met.dedup_by_key(|(entry, _)| *entry);
        let mut found: Vec<(u32, usize, bool)> = met
            .into_iter()
            .filter_map(|(entry, structure)| {
                let from = entry as usize * MINIMA;
                let shared = sketch.shared(self.sketches.get(from..from + MINIMA)?);
                let least = if structure { SHARED_WITH_STRUCTURE } else { SHARED_AT_LEAST };
                let fits = shared >= least && self.ids.get(entry as usize).is_some_and(&may);
                fits.then_some((entry, shared, structure))
            })
            .collect();
        // Newest first among those that are alike.
        found.sort_unstable_by_key(|(entry, shared, _)| {
            (std::cmp::Reverse(*shared), std::cmp::Reverse(*entry))
        });
        found.truncate(OPENED_AT_MOST);
        let named = found.into_iter().filter_map(|(entry, shared, structure)| {
            Some(Candidate { id: *self.ids.get(entry as usize)?, shared, structure })
        });
        named.collect()
    }
}

fn bucket(buckets: usize, band: usize, bytes: &[u8]) -> usize {
    let key = bytes.iter().fold(band as u64, |key, byte| (key << 8) | u64::from(*byte));
    band * buckets + (mix(key) as usize & (buckets - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        Sketch::of(text).expect("sketch")
    }

    #[test]
    fn of_very_many_twins_the_newest_come_and_those_that_may_not_take_no_place() {
        let text = "东风路的路灯坏了三个月没有人修，夜里老人不敢出门，请尽快派人。";
        let (nowhere, twin) = (Structure::default(), sketch(text));
        let mut index = Index::default();
        index.add(0, &sketch(&format!("{text}谢谢")), &nowhere);
        for id in 1..=100 {
            index.add(id, &twin, &nowhere);
        }
        let ids = |found: Vec<Candidate<i32>>| found.into_iter().map(|c| c.id).collect::<Vec<_>>();
        assert_eq!(ids(index.candidates(&twin, &nowhere)), (69..=100).rev().collect::<Vec<_>>());
        let early = ids(index.candidates_among(&twin, &nowhere, |id| *id <= 3));
        assert_eq!(early, [3, 2, 1, 0], "fewer twins than places: the likest of the others follow");
    }
}
