//! 重复件、联名件: which earlier submissions may be the same matter. A person confirms.

mod index;
mod pair;
mod passages;
mod sketch;

pub use index::{Candidate, Index, OPENED_AT_MOST, Structure};
pub use pair::{ALIKE, Compared, NEAR_IDENTICAL, PAIRS_AT_MOST, Pair, Side, compare, shown};
pub use passages::{Passage, shared};
pub use sketch::{BANDS, MINIMA, PER_BAND, Secret, Sketch, cosine, counted};
