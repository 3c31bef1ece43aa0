//! The papers that people print, for a program that prints or files them: the same page, `text/html` in the language
//! asked for. What is in them stands as JSON in the operations of the matter, the meeting and the task. And what an
//! operator looks at.

use crate::{
    door::{Operation, Routes},
    pages::print,
    rights::Right,
};

use super::status;

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let op = Operation::new;
    routes
        .get("/api/v1/matters/{id}/papers/{paper}", Right::Matter, print::of_matter)
        .says(
            op(
                "A paper of a matter: `receipt`, `letter-<assignment number>`, or a content id",
                "routing.intake.supervision.meetings",
            )
            .gives_html(),
        )
        .get("/api/v1/tasks/{id}/papers/{paper}", Right::Tasks, print::of_task)
        .says(
            op("A paper of a task: `letter`, `part-<assignment number>`, or a content id", "agency.routing")
                .gives_html(),
        )
        .get("/api/v1/meetings/{id}/papers/{paper}", Right::Meetings, print::of_meeting)
        .says(op("A paper of a meeting: `notice` or `minutes`", "meetings.routing").gives_html())
        .get("/api/v1/resolution_tasks/{id}/paper", Right::Meetings, print::of_resolution_task)
        .says(op("交办单: the paper of a resolution's task", "meetings.routing").gives_html())
        .get("/api/v1/status", Right::Status, status::show)
        .says(op("运行状态: what this process knows of the suite", "console").gives::<status::Status>())
}
