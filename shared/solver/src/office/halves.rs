//! Half days (a run of working grains without a break), and which items could be on which. No meeting crosses a
//! break and no agency is at two meetings at once, so what one half day holds binds another only by its items,
//! the journeys of the day and rules of order.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits below")]

use super::{
    Model,
    agendas::{DAY, MARGIN},
    search::worth,
    together::Sets,
};

/// Most items: one bit each.
pub(super) const ITEMS: usize = 64;
/// Most grains of a half day: one bit each.
pub(super) const GRAINS: usize = 32;
/// Most kinds.
pub(super) const KINDS: usize = 8;

/// A half day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    pub day: usize,
    /// Its first grain.
    pub first: usize,
    pub len: usize,
}

/// An item on a half day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stay {
    /// Grains of the half day at which it can begin, one bit each.
    pub begins: u32,
    /// The least it costs there.
    pub least: i64,
}

/// The half days of a model.
pub(super) struct Halves {
    pub all: Vec<Half>,
    /// Half days of each day: the first and the one after the last.
    pub of_day: Vec<(usize, usize)>,
    stays: Vec<Stay>,
}

/// The items of a set, the lowest first. As `plan::bits` does for agencies, but in one word: the search is four
/// percent slower with two.
pub(super) fn each(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let item = set.trailing_zeros() as usize;
            set &= set - 1;
            item
        })
    })
}

impl Halves {
    /// Nothing where the model is beyond the limits here, or its kinds keep a distance over days.
    pub fn new(model: &Model, sets: &Sets) -> Option<Self> {
        let mut all = Vec::new();
        let mut grain = 0;
        while grain < model.grains {
            let end = model.part_end[grain].max(grain + 1);
            all.push(Half { day: model.day_of(grain), first: grain, len: end - grain });
            grain = end;
        }
        let fit = model.items.len() <= ITEMS
            && model.kinds.len() <= KINDS
            && model.kinds.iter().all(|kind| kind.spacing == 0)
            && model.minutes.len() <= DAY
            && all.iter().all(|half| half.len <= GRAINS)
            && all.len() < usize::from(u16::MAX);
        if !fit {
            return None;
        }
        let of_day = (0..model.days.len()).map(|day| {
            (all.partition_point(|half| half.day < day), all.partition_point(|half| half.day <= day))
        });
        let (of_day, stays) = (of_day.collect(), Self::stays(model, sets, &all));
        Some(Self { all, of_day, stays })
    }

    fn stays(model: &Model, sets: &Sets, all: &[Half]) -> Vec<Stay> {
        let stay = |item: usize, half: &Half| {
            let (facts, most) = (&model.items[item], sets.cheapest[item] + MARGIN);
            let mut stay = Stay { begins: 0, least: most };
            for at in 0..half.len {
                let cost = worth(model.alone(item, half.first + at));
                if at + facts.len <= half.len && facts.can_follow(half.first + at) && cost <= most {
                    stay.begins |= 1 << at;
                    stay.least = stay.least.min(cost);
                }
            }
            stay
        };
        (0..model.items.len()).flat_map(|item| all.iter().map(move |half| stay(item, half))).collect()
    }

    /// The half day of a grain.
    pub fn of_grain(&self, grain: usize) -> usize {
        self.all.partition_point(|half| half.first + half.len <= grain)
    }

    /// An item on a half day.
    pub fn stay(&self, item: usize, half: usize) -> &Stay {
        &self.stays[item * self.all.len() + half]
    }

    /// Half days on which an item could be.
    pub fn open_to(&self, item: usize) -> impl Iterator<Item = u16> + '_ {
        (0..self.all.len()).filter(move |half| self.stay(item, *half).begins != 0).map(|half| half as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::{
        Item, Part, Problem,
        generate::{Sizes, planted},
    };

    #[test]
    fn a_model_beyond_the_limits_does_not_suit() {
        let suits = |change: &dyn Fn(&mut Problem)| {
            let mut problem = planted(Sizes { items: ITEMS, ..Sizes::MONTH }, 2).problem;
            change(&mut problem);
            let model = Model::new(&problem, &calendar::Calendar::shipped()).expect("a sound problem");
            Halves::new(&model, &Sets::new(&model)).is_some()
        };
        assert!(suits(&|problem| assert_eq!(problem.items.len(), ITEMS)));
        assert!(!suits(&|problem| {
            let id = "ONE-MORE".to_owned();
            problem.items.push(Item { id, ..problem.items[0].clone() });
        }));
        assert!(!suits(&|problem| problem.kinds[0].spacing_days = 2));
        // Twelve hours without a break in grains of five minutes.
        assert!(!suits(&|problem| {
            problem.grain_minutes = 5;
            problem.parts = vec![Part { from: 420, to: 1140 }];
        }));
    }
}
