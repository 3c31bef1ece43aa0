//! 工作台: the read model of all matters that are no accusation, built from the facts of intake and
//! routing; lists, search, timelines and counts. Rebuildable from the facts at any time.

mod conferred;
mod feed;
mod handler;
mod index;
pub mod list;
pub mod milestones;
mod notified;
mod projection;
mod repeated;
mod row;
mod store;
mod supervised;
pub mod words;

pub use feed::{BoardFeed, BoardWatch};
pub use handler::{BoardHandler, FACTS};
pub use index::{IndexError, MaskedIndex};
pub use projection::{BoardFact, Step, apply};
pub use row::{BoardRow, ProposalSummary, next_due};
pub use store::{
    Counts, EventRow, Known, Listed, Mark, Slot, agencies, clear, counts, enter_register, event_rows, known,
    load, next_due_after, numbers,
};
