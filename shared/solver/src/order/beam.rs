//! A good order where there are too many items for the best: beam search, then moving single items.

use super::{Agenda, Item, cost, site::Weigh};

/// Beginnings kept at each length.
const WIDTH: usize = 400;
/// Rounds of improvement.
const ROUNDS: usize = 20;

#[derive(Clone)]
struct Beginning {
    sequence: Vec<usize>,
    seen: u64,
    cost: u64,
}

/// A good order, or none when no beginning can go on.
pub(super) fn good(
    items: &[Item],
    weights: &[u32],
    before: &[(usize, usize)],
    fixed: &[(usize, usize)],
) -> Option<Vec<usize>> {
    let weigh = Weigh::new(weights);
    let mut beam = vec![Beginning { sequence: Vec::new(), seen: 0, cost: 0 }];
    for place in 0..items.len() {
        let mut longer = Vec::new();
        for beginning in &beam {
            let left: Vec<usize> = (0..items.len()).filter(|i| !beginning.sequence.contains(i)).collect();
            let needed = left.iter().filter_map(|&i| items.get(i)).fold(0, |all, item| all | item.agencies);
            for &i in left.iter().filter(|&&i| allowed(&beginning.sequence, i, place, before, fixed)) {
                let Some(item) = items.get(i) else { continue };
                let waiting = weigh.of(beginning.seen & needed & !item.agencies);
                let mut next = beginning.clone();
                next.sequence.push(i);
                next.seen |= item.agencies;
                next.cost += waiting * u64::from(item.minutes);
                longer.push(next);
            }
        }
        longer.sort_by_key(|b| (b.cost, weigh.of(b.seen)));
        longer.truncate(WIDTH);
        beam = longer;
    }
    let best = beam.into_iter().next()?;
    let agenda = Agenda {
        items: items.to_vec(),
        weights: weights.to_vec(),
        before: before.to_vec(),
        fixed: fixed.to_vec(),
    };
    Some(improved(&agenda, best.sequence))
}

fn allowed(
    sequence: &[usize],
    i: usize,
    place: usize,
    before: &[(usize, usize)],
    fixed: &[(usize, usize)],
) -> bool {
    before.iter().all(|rule| rule.1 != i || sequence.contains(&rule.0))
        && fixed.iter().all(|&(item, at)| (item == i) == (at == place))
}

fn improved(agenda: &Agenda, mut sequence: Vec<usize>) -> Vec<usize> {
    let mut least = cost(agenda, &sequence).0;
    for _ in 0..ROUNDS {
        let before = least;
        for from in 0..sequence.len() {
            for to in 0..sequence.len() {
                let mut moved = sequence.clone();
                let item = moved.remove(from);
                moved.insert(to, item);
                let priced = cost(agenda, &moved).0;
                if priced < least && keeps(agenda, &moved) {
                    (least, sequence) = (priced, moved);
                }
            }
        }
        if least == before {
            break;
        }
    }
    sequence
}

fn keeps(agenda: &Agenda, sequence: &[usize]) -> bool {
    sequence.iter().enumerate().all(|(place, &i)| {
        allowed(sequence.get(..place).unwrap_or_default(), i, place, &agenda.before, &agenda.fixed)
    })
}
