//! The rule of place (属地管理, Art. 5): which regions a text names, and which labels answer for them.

use rustc_hash::FxHashMap;

use crate::fold::fold_into;

/// Endings of names of divisions, longest first; what stands before is how people say it.
const ENDINGS: [&str; 9] = ["自治县", "街道", "新区", "县", "区", "市", "旗", "镇", "乡"];

/// One division: code and name; a longer code lies within a shorter one that begins it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Region {
    /// Six or nine digits; empty when unknown.
    pub code: String,
    /// Name in full.
    pub name: String,
}

/// A name to look for.
#[derive(Clone, Debug)]
struct Name {
    units: Vec<u16>,
    label: u32,
    full: bool,
}

/// The names that lead to a label.
#[derive(Clone, Debug, Default)]
pub struct Places {
    by_start: FxHashMap<u32, Vec<Name>>,
    /// Per label: whether it is a place's.
    pub is_place: Vec<bool>,
}

/// What a text says of a label's place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mention {
    /// Times in full.
    pub full: u32,
    /// Times without the ending, or a place within it.
    pub short: u32,
    /// Where first, in characters.
    pub first: Option<u32>,
}

impl Mention {
    /// How often at all.
    #[must_use]
    pub const fn times(&self) -> u32 {
        self.full + self.short
    }
}

fn units(text: &str) -> Vec<u16> {
    let mut out = Vec::new();
    fold_into(text, &mut out);
    out
}

/// The name without its ending, when two characters are left.
fn stem(name: &str) -> Option<&str> {
    let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))?;
    (stem.chars().count() >= 2).then_some(stem)
}

/// The part of a label after a level's prefix (`市级:`).
#[must_use]
pub fn bare(label: &str) -> &str {
    label.rsplit([':', '：']).next().unwrap_or(label)
}

impl Places {
    /// Labels that sound like a division answer for it; used where no list of regions is given.
    #[must_use]
    pub fn guessed(labels: &[String]) -> Vec<Region> {
        let plain = labels.iter().filter(|label| bare(label) == label.as_str() && stem(label).is_some());
        plain.map(|label| Region { code: String::new(), name: label.clone() }).collect()
    }

    /// Regions whose name is a label, and those that lie within one.
    #[must_use]
    pub fn new(labels: &[String], regions: &[Region]) -> Self {
        let mut places = Self { is_place: vec![false; labels.len()], ..Self::default() };
        let own: FxHashMap<&str, usize> = labels.iter().enumerate().map(|(i, l)| (l.as_str(), i)).collect();
        let mut codes: FxHashMap<&str, usize> = FxHashMap::default();
        for region in regions {
            if let Some(label) = own.get(region.name.as_str()) {
                if let Some(place) = places.is_place.get_mut(*label) {
                    *place = true;
                }
                places.add(&region.name, *label, true);
                if let Some(stem) = stem(&region.name) {
                    places.add(stem, *label, false);
                }
                codes.insert(&region.code, *label);
            }
        }
        for region in regions.iter().filter(|r| r.code.len() > 6 && !own.contains_key(r.name.as_str())) {
            if let Some(label) = region.code.get(..6).and_then(|county| codes.get(county)) {
                places.add(&region.name, *label, false);
                if let Some(stem) = stem(&region.name) {
                    places.add(stem, *label, false);
                }
            }
        }
        // The longest name that begins at a place is the one meant.
        places
            .by_start
            .values_mut()
            .for_each(|names| names.sort_by_key(|n| std::cmp::Reverse(n.units.len())));
        places
    }

    fn add(&mut self, name: &str, label: usize, full: bool) {
        let units = units(name);
        let (Some(first), Some(second)) = (units.first(), units.get(1)) else { return };
        let key = (u32::from(*first) << 16) | u32::from(*second);
        let label = u32::try_from(label).unwrap_or(u32::MAX);
        self.by_start.entry(key).or_default().push(Name { units, label, full });
    }

    /// Whether some labels are places and some are not, or places at all: the rule has something to say.
    #[must_use]
    pub fn divide(&self) -> bool {
        self.is_place.contains(&true)
    }

    /// Whether a division leads to one of the labels: others need not be kept.
    #[must_use]
    pub fn knows(&self, labels: &[String], region: &Region) -> bool {
        labels.contains(&region.name) || (region.code.len() > 6 && self.divide())
    }

    /// Counts what a folded text names, into one place per label; says how many labels are named.
    pub fn mentions(&self, text: &[u16], out: &mut Vec<Mention>) -> usize {
        out.clear();
        out.resize(self.is_place.len(), Mention::default());
        if self.by_start.is_empty() {
            return 0;
        }
        let mut skip = 0;
        for (at, pair) in text.windows(2).enumerate() {
            if at < skip {
                continue;
            }
            let key = pair.iter().fold(0_u32, |key, unit| (key << 16) | u32::from(*unit));
            let Some(names) = self.by_start.get(&key) else { continue };
            let rest = text.get(at..).unwrap_or(&[]);
            let Some(name) = names.iter().find(|name| rest.starts_with(&name.units)) else { continue };
            skip = at + name.units.len();
            if let Some(mention) = out.get_mut(name.label as usize) {
                if name.full {
                    mention.full += 1;
                } else {
                    mention.short += 1;
                }
                mention.first.get_or_insert(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        out.iter().filter(|m| m.times() > 0).count()
    }
}

/// How many numbers describe a label's place in a text.
pub const FEATURES: usize = 9;

/// What the mentions say of each label, as numbers whose weights are learned.
pub fn features(places: &Places, mentions: &[Mention], out: &mut Vec<[f32; FEATURES]>) {
    out.clear();
    let named = mentions.iter().filter(|m| m.times() > 0).count();
    let total: u32 = mentions.iter().map(Mention::times).sum();
    let first = mentions.iter().filter_map(|m| m.first).min();
    let yes = |condition: bool| if condition { 1.0 } else { 0.0 };
    for (mention, place) in mentions.iter().zip(&places.is_place) {
        let here = mention.times() > 0;
        out.push([
            yes(here),
            yes(here && mention.full == 0),
            yes(here && named == 1),
            yes(here && mention.first == first),
            if total > 0 { mention.times() as f32 / total as f32 } else { 0.0 },
            yes(*place && named == 0),
            yes(*place && named > 0 && !here),
            yes(here && mention.first.is_some_and(|f| f < 30)),
            yes(here) * (mention.times() as f32).ln_1p(),
        ]);
    }
}
