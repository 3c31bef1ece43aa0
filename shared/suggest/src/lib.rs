//! The suggestion engine: category, agency and repeats, proposed with reasons; a person confirms each
//! (domain.md 1.9 and 5). Pure: no bus, no database, no network; only the command line and the versions
//! touch files.
//!
//! - [`train()`] learns a [`Model`] from confirmed routings; the same examples, rules and seed give the same
//!   model. [`Model::rank`] proposes, [`Model::reasons`] says why, [`shown`] leaves the one that is sure or
//!   the two or three that compete.
//! - [`Versions`]: it learns on, each newcomer compared with the version in use, revertible, switched off at
//!   will.
//! - [`repeats`]: candidates of repeats and joint petitions from sketches, and the evidence of a pair.
//! - [`Shelf`]: earlier confirmed matters, named only to readers who may open them.
//! - [`cli`]: `lianxi suggest`.
//!
//! What it refuses: accusations never teach, are never indexed and never shown ([`Standing`]); nothing here
//! takes an identity and returns matters; nothing counts, scores or groups persons.

mod bayes;
mod calibrate;
pub mod cli;
mod corpus;
mod duties;
mod evaluate;
mod explain;
mod fold;
mod folds;
mod format;
mod grams;
mod judges;
mod metrics;
mod model;
mod predict;
mod regions;
pub mod repeats;
mod similar;
mod solve;
mod stack;
mod table;
mod tables;
mod train;
mod trial;
mod versions;
mod words;

pub use evaluate::{CrossValidated, Spread, cross_validate, evaluate};
pub use explain::{Reason, earlier};
pub use fold::folded;
pub use format::{FormatError, VERSION};
pub use metrics::{Metrics, Outcome, metrics};
pub use model::{Head, Model, Origin};
pub use predict::{COMPETING, Ranked, SURE, Scratch, is_sure, shown};
pub use regions::{Mention, Places, Region};
pub use similar::{Shelf, Similar};
pub use tables::{Row, TableError, regions, rows_of};
pub use train::{Example, How, MIN_TEXTS, MOST_LABELS, Rules, Standing, TrainError, train};
pub use trial::{AtScale, Found, at_scale, repeats as try_repeats};
pub use versions::{Entry, State, VersionError, Versions};
pub use words::Word;
