//! `lianxi import`: rows of a CSV file or a workbook become registrations, by the REST face, in one's own name.
//!
//! Each row has a key for ever (`import:<source>:<key>`), so a run that broke off is simply run again and a second
//! run adds nothing. Denied columns are dropped and named. Software proposes as for any other submission; with
//! `--confirm-as` a person's account hands over what is proposed first, which is that person's act.

mod confirm;
pub mod denied;
pub mod mapping;
mod report;
mod row;
pub mod rows;
mod run;
mod settle;

pub use report::{Outcome, Summary};
pub use run::{Wanted, run};
