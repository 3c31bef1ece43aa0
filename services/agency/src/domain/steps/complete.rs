//! 办结: the agency closes its task; under a 交办 with a report (Art. 22).

use contracts::{
    Command,
    agency::commands::{Complete, PaperBody, Step},
    codes::{AssignmentMode, AssignmentState, CloseCode},
};
use kernel::Refusal;

use super::{Desk, Plan, TaskStep, at_most};
use crate::{
    domain::{close, happening::Happening, parts, task::Task, text},
    error,
};

impl TaskStep for Complete {
    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        use AssignmentState as S;
        if !matches!(task.state, S::Accepted | S::OpinionIssued | S::Served) {
            return Err(task.forbids(Self::NAME));
        }
        close::fits(task, self.close_code)?;
        // A reply is the answer of a matter without an opinion (Art. 29).
        if self.close_code == CloseCode::Replied {
            parts::expect_all_here(task, Self::NAME)?;
        }
        let (on, close_code) = (desk.today, self.close_code);
        let report = self.report.as_deref().map(str::trim).filter(|text| !text.is_empty());
        match (report, task.dispatch.mode) {
            (Some(report), _) => Ok(Plan::Paper {
                body: PaperBody::Report { text: text::bounded(report, at_most::PAGES, "report")? },
                then: Box::new(move |report| {
                    vec![Happening::Completed { on, close_code, report: Some(report) }]
                }),
            }),
            (None, AssignmentMode::Assign) => Err(error::REPORT_OWED.refuse().at("report")),
            (None, AssignmentMode::Forward) => {
                Ok(Plan::Direct(vec![Happening::Completed { on, close_code, report: None }]))
            }
        }
    }
}
