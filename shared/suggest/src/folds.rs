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

/// The part of each text: labels are spread evenly, groups are not split, unless a label has no other: held out
/// whole, nobody would know it, and the judges would learn the opposite of what it says.
#[must_use]
pub fn folds(labels: &[u32], groups: &[usize], parts: usize, seed: u64) -> Vec<usize> {
    let kinds = labels.iter().max().map_or(0, |l| *l as usize + 1);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    shuffle(&mut order, seed);
    let mut next = vec![0_usize; kinds];
    let mut of_group = vec![None; labels.len()];
    let mut of_label = vec![None; kinds];
    let mut of_many = vec![false; kinds];
    for (label, group) in labels.iter().zip(groups) {
        let Some(first) = of_label.get_mut(*label as usize) else { continue };
        let other = *first.get_or_insert(*group) != *group;
        of_many.iter_mut().skip(*label as usize).take(1).for_each(|many| *many |= other);
    }
    let mut part = vec![0; labels.len()];
    for text in order {
        let (Some(label), Some(group)) = (labels.get(text), groups.get(text)) else { continue };
        let Some(turn) = next.get_mut(*label as usize) else { continue };
        let Some(chosen) = of_group.get_mut(*group) else { continue };
        // Labels begin at different parts, so that rare ones do not all fall into the first.
        let fresh = (*turn + *label as usize) % parts;
        let many = of_many.get(*label as usize).copied().unwrap_or(true);
        let own = if many { *chosen.get_or_insert(fresh) } else { fresh };
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

    #[test]
    fn a_label_of_near_identical_texts_alone_is_in_every_part() {
        let labels: Vec<u32> = (0..24).map(|i| u32::from(i >= 12)).collect();
        let groups: Vec<usize> = (0..24).map(|i| if i < 12 { 0 } else { 12 }).collect();
        let parts = folds(&labels, &groups, 5, 1);
        for half in [0..12, 12..24] {
            assert!((0..5).all(|p| half.clone().any(|i| parts[i] == p)), "{parts:?}");
        }
    }
}
