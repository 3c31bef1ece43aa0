//! The steps of a task, one file each: what a person's command makes of it, or why not.

mod accept;
mod answer_co;
mod complete;
pub mod draft;
mod extend;
mod issue;
mod object;
mod serve;
mod sign;

use calendar::Law;
use chrono::NaiveDate;
use contracts::{
    Command,
    agency::commands::{PaperBody, Step, TaskChanged},
    codes::AssignmentRole,
};
use kernel::{OpinionId, Refusal};

use super::{happening::Happening, paper::Filed, task::Task};

/// The most characters of each text of a paper.
pub mod at_most {
    /// A name and post, a desk.
    pub const NAME: usize = 100;
    /// A telephone.
    pub const TELEPHONE: usize = 40;
    /// A unit's name.
    pub const UNIT: usize = 200;
    /// Route and procedure; law and policy; the opinion on one claim.
    pub const PARAGRAPHS: usize = 5_000;
    /// Facts; a report.
    pub const PAGES: usize = 20_000;
    /// What proves a service.
    pub const PROOF: usize = 1_000;
}

/// What a decision may rely on besides task and command.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Today, by the business clock; never before the task's latest day, should the clock lag.
    pub today: NaiveDate,
    /// The dates of the law.
    pub law: &'a Law,
    /// The unit that reviews, where the person names none.
    pub review_unit: &'a str,
    /// A fresh id, should an opinion be issued.
    pub opinion_id: OpinionId,
}

/// Given the paper once it is filed, what happened.
pub type Then = Box<dyn FnOnce(Filed) -> Vec<Happening> + Send>;

/// What a step takes.
pub enum Plan {
    /// Nothing but itself.
    Direct(Vec<Happening>),
    /// A paper, first into intake's content store, then filed with the step.
    Paper {
        /// The paper, without its document number.
        body: PaperBody,
        /// What happens once it is filed.
        then: Then,
    },
}

/// A command that takes a task one step further.
pub trait TaskStep: Command<Reply = TaskChanged> {
    /// Whether the head of the unit alone may take it.
    const BY_HEAD: bool = false;
    /// Whose step it is: the lead's unless it says otherwise.
    const OF: &'static [AssignmentRole] = &[AssignmentRole::Lead];

    /// Which task, and what the person saw.
    fn step(&self) -> &Step;

    /// Decides the step.
    ///
    /// # Errors
    /// The refusals of the step: state, dates, texts.
    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal>;
}
