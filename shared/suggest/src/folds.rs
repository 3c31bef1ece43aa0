//! Parts of a set that are kept apart: by label, and near-identical texts always together.

use crate::{
    repeats::{Index, MINIMA, Sketch, Structure},
    solve::shuffle,
};

/// Texts that share this many minima are one text for the purpose of a test.
const TOGETHER: usize = MINIMA / 2;

/// For each text the first one it is near-identical with, or itself.
#[must_use]
pub fn groups<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    let nowhere = Structure::default();
    let mut index = Index::default();
    let mut groups: Vec<usize> = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        let sketch = Sketch::of(text);
        let like = sketch.as_ref().and_then(|s| {
            let found = index.candidates(s, &nowhere);
            found.first().filter(|c| c.shared >= TOGETHER).and_then(|c| groups.get(c.id).copied())
        });
        groups.push(like.unwrap_or(at));
        if let Some(sketch) = sketch {
            index.add(at, &sketch, &nowhere);
        }
    }
    groups
}

/// The part of each text: labels are spread evenly, groups are not split.
#[must_use]
pub fn folds(labels: &[u32], groups: &[usize], parts: usize, seed: u64) -> Vec<usize> {
    let kinds = labels.iter().max().map_or(0, |l| *l as usize + 1);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    shuffle(&mut order, seed);
    let mut next = vec![0_usize; kinds];
    let mut of_group = vec![None; labels.len()];
    let mut part = vec![0; labels.len()];
    for text in order {
        let (Some(label), Some(group)) = (labels.get(text), groups.get(text)) else { continue };
        let Some(turn) = next.get_mut(*label as usize) else { continue };
        let Some(chosen) = of_group.get_mut(*group) else { continue };
        // Labels begin at different parts, so that rare ones do not all fall into the first.
        let fresh = (*turn + *label as usize) % parts;
        let own = *chosen.get_or_insert(fresh);
        *turn += 1;
        part.iter_mut().skip(text).take(1).for_each(|p| *p = own);
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_identical_texts_fall_into_one_part_and_labels_spread() {
        let texts: Vec<String> = (0..40_u32)
            .map(|i| (0..60).filter_map(|j| char::from_u32(0x4E00 + (i / 2) * 331 + j * 5)).collect())
            .collect();
        let groups = groups(texts.iter().map(String::as_str));
        assert!((0..40).all(|i| groups[i] == i / 2 * 2), "{groups:?}");
        let labels: Vec<u32> = (0..40).map(|i| u32::from(i >= 20)).collect();
        let parts = folds(&labels, &groups, 5, 3);
        assert!((0..20).all(|i| parts[2 * i] == parts[2 * i + 1]));
        assert!((0..5).all(|p| parts.iter().filter(|x| **x == p).count() >= 4), "{parts:?}");
    }
}
