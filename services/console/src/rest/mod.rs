//! The REST face: JSON in, JSON or a problem (RFC 9457) out. Every route with its right in one table.

pub mod attachments;
pub mod body;
mod commands;
pub mod lookup;
pub mod matters;
pub mod meetings;
mod notices;
mod registers;
pub mod sessions;
pub mod submissions;
pub mod supervision;
pub mod tasks;

use crate::{door::Routes, rights::Right};

/// Adds the REST face.
pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .post("/api/v1/sessions", Right::Public, sessions::open)
        .delete("/api/v1/sessions/current", Right::SignedIn, sessions::close)
        .post("/api/v1/submissions", Right::Public, submissions::register)
        .upload("/api/v1/attachments", Right::Public, attachments::BODY_MAX, attachments::attach)
        .get("/api/v1/attachments/{id}", Right::Content, attachments::fetch)
        .post("/api/v1/lookup", Right::Public, lookup::look_up)
        .get("/api/v1/matters", Right::Board, matters::list)
        .get("/api/v1/matters/{id}", Right::Board, matters::show)
        .get("/api/v1/counts", Right::Board, matters::counts)
        .get("/api/v1/restricted", Right::Restricted, matters::restricted)
        .get("/api/v1/agencies", Right::SignedIn, registers::agencies)
        .get("/api/v1/categories", Right::Public, registers::categories);
    let routes = routes
        .post("/api/v1/matters/{id}/screen", Right::Route, commands::screen)
        .post("/api/v1/matters/{id}/forward", Right::Route, commands::forward)
        .post("/api/v1/matters/{id}/recall", Right::Route, commands::recall)
        .post("/api/v1/matters/{id}/uphold_objection", Right::Rule, commands::uphold_objection)
        .post("/api/v1/matters/{id}/reject_objection", Right::Rule, commands::reject_objection)
        .post("/api/v1/matters/{id}/decide_competence", Right::Rule, commands::decide_competence)
        .post("/api/v1/matters/{id}/add_co", Right::Route, commands::add_co)
        .post("/api/v1/matters/{id}/release_co", Right::Route, commands::release_co)
        .post("/api/v1/matters/{id}/name_accused", Right::Restricted, commands::name_accused)
        .post("/api/v1/matters/{id}/link_repeat", Right::LinkRepeat, commands::link_repeat)
        .post("/api/v1/matters/{id}/content", Right::Content, commands::content)
        .post("/api/v1/matters/{id}/identity", Right::Identity, commands::identity)
        .post("/api/v1/matters/{id}/paper", Right::Paper, commands::paper)
        .post("/api/v1/matters/{id}/receipt", Right::Identity, commands::receipt);
    let routes = routes
        .get("/api/v1/duties", Right::Duties, supervision::duties)
        .get("/api/v1/duties/counts", Right::Duties, supervision::counts)
        .get("/api/v1/matters/{id}/duties", Right::Duties, supervision::of_matter)
        .get("/api/v1/orders", Right::Duties, supervision::orders)
        .post("/api/v1/matters/{id}/issue_order", Right::Urge, supervision::issue)
        .post("/api/v1/orders/{id}/{verb}", Right::Urge, supervision::step)
        .get("/api/v1/tasks/orders", Right::Tasks, supervision::received)
        .post("/api/v1/tasks/orders/{id}/{verb}", Right::Tasks, supervision::answer);
    let routes = routes
        .get("/api/v1/agenda", Right::Agenda, meetings::items)
        .get("/api/v1/agenda/{id}", Right::Agenda, meetings::item)
        .post("/api/v1/agenda", Right::Prepare, meetings::propose)
        .post("/api/v1/agenda/{id}/{verb}", Right::Prepare, meetings::item_step)
        .get("/api/v1/meetings", Right::Meetings, meetings::list)
        .get("/api/v1/meetings/bodies", Right::Agenda, meetings::bodies)
        .get("/api/v1/meetings/counts", Right::Agenda, meetings::counts)
        .get("/api/v1/meetings/{id}", Right::Meetings, meetings::show)
        .post("/api/v1/meetings", Right::Confer, meetings::call)
        .post("/api/v1/meetings/{id}/{verb}", Right::Confer, meetings::step)
        .get("/api/v1/resolution_tasks", Right::Meetings, meetings::tasks)
        .post("/api/v1/resolution_tasks/{id}/check_task", Right::Check, meetings::check)
        .get("/api/v1/tasks/meetings", Right::Tasks, meetings::invitations)
        .get("/api/v1/tasks/meetings/{id}", Right::Tasks, meetings::invitation)
        .post("/api/v1/tasks/meetings/{id}/{verb}", Right::Tasks, meetings::answer)
        .get("/api/v1/tasks/resolutions", Right::Tasks, meetings::resolutions)
        .post("/api/v1/tasks/resolutions/{id}/{verb}", Right::Tasks, meetings::report);
    let routes = routes
        .get("/api/v1/notices", Right::Notices, notices::list)
        .get("/api/v1/notices/counts", Right::Notices, notices::counts)
        .post("/api/v1/notices/print", Right::Letters, notices::print)
        .post("/api/v1/notices/post", Right::Letters, notices::post)
        .post("/api/v1/notices/{id}/{step}", Right::Letters, notices::step)
        .get("/api/v1/matters/{id}/notices", Right::Notices, notices::of_matter)
        .get("/api/v1/inbox", Right::Inbox, notices::inbox)
        .get("/api/v1/inbox/unread", Right::Inbox, notices::unread)
        .post("/api/v1/inbox/read", Right::Inbox, notices::read)
        .post("/api/v1/query_codes", Right::Letters, notices::reissue);
    routes
        .get("/api/v1/tasks", Right::Tasks, tasks::list)
        .get("/api/v1/tasks/counts", Right::TaskCounts, tasks::counts)
        .get("/api/v1/tasks/{id}", Right::Tasks, tasks::show)
        .post("/api/v1/tasks/{id}/{step}", Right::Tasks, tasks::step)
}
