//! The pages: each handler loads, fills a view struct of `views`, and renders it. A form that is refused is
//! shown again with what was typed and what is wrong beside it.

mod account;
mod agencies;
mod agency_cases;
mod agency_form;
mod board;
mod clock;
mod co;
mod co_form;
mod conference;
mod contest;
mod form;
mod frame;
mod inbox;
mod like;
mod limits;
mod matter;
mod matter_parts;
mod meeting_call;
mod meeting_forms;
mod meetings;
mod notices;
mod on_behalf;
mod orders;
mod portal;
pub(crate) mod print;
mod register;
mod register_form;
mod reissue;
mod restricted;
mod reveal;
mod screening;
mod sign_in;
mod status;
mod steps;
mod suggestions;
mod supervision;
mod tasks;
mod typed;
mod user_keys;
mod users;
mod webhooks;

use axum::response::{Html, IntoResponse, Redirect, Response};
use kernel::IdMint;
use web::problem::Refused;

use crate::{door::Routes, rights::Right};
use frame::{Names, Visit};

/// What a handler of a page gives back.
type Shown = Result<Response, Refused>;

/// The largest form with files, in bytes.
const FORM_MAX: usize = 48 * 1024 * 1024;

/// Adds the pages.
pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/", Right::Public, home)
        .get("/login", Right::Public, sign_in::show)
        .post("/login", Right::Public, sign_in::submit)
        .post("/logout", Right::SignedIn, sign_in::leave)
        .get("/first-run/{token}", Right::Public, sign_in::first_run)
        .post("/first-run/{token}", Right::Public, sign_in::first_run_submit)
        .post("/demo/clock", Right::SignedIn, clock::submit)
        .get("/account", Right::SignedIn, account::show)
        .post("/account", Right::SignedIn, account::submit)
        .get("/users", Right::Users, users::show)
        .post("/users", Right::Users, users::add)
        .post("/users/{id}/roles", Right::Users, users::roles)
        .post("/users/{id}/disabled", Right::Users, users::disabled)
        .post("/users/{id}/password", Right::Users, users::password)
        .post("/users/keys", Right::Users, user_keys::make)
        .post("/users/keys/{id}/revoke", Right::Users, user_keys::revoke)
        .get("/agencies", Right::Agencies, agencies::show)
        .get("/agencies/new", Right::KeepAgencies, agencies::new)
        .post("/agencies/new", Right::KeepAgencies, agencies::add)
        .get("/agencies/cases", Right::Route, agency_cases::show)
        .post("/agencies/cases/{id}", Right::Route, agency_cases::submit)
        .get("/agency/{code}", Right::Agencies, agencies::one)
        .post("/agency/{code}/change", Right::KeepAgencies, agencies::change)
        .post("/agency/{code}/end", Right::KeepAgencies, agencies::end)
        .get("/suggestions", Right::Suggestions, suggestions::show)
        .post("/suggestions/learn", Right::Suggestions, suggestions::learn)
        .post("/suggestions/{kind}/switch", Right::Suggestions, suggestions::switch)
        .get("/status", Right::Status, status::show);
    let routes = routes
        .get("/webhooks", Right::Webhooks, webhooks::show)
        .post("/webhooks", Right::Webhooks, webhooks::add)
        .post("/webhooks/{id}/set", Right::Webhooks, webhooks::set)
        .post("/webhooks/{id}/rotate", Right::Webhooks, webhooks::rotate)
        .post("/webhooks/announcements/{id}/again", Right::Webhooks, webhooks::again);
    let routes = routes
        .get("/board", Right::Matter, board::show)
        .get("/matters/{id}", Right::Matter, matter::show)
        .get("/matters/{id}/like", Right::LinkRepeat, like::show)
        .post("/matters/{id}/link-repeat", Right::LinkRepeat, matter::link_repeat)
        .post("/matters/{id}/content", Right::Content, reveal::content)
        .post("/matters/{id}/identity", Right::Identity, reveal::identity)
        .get("/matters/{id}/screen", Right::Route, screening::show)
        .post("/matters/{id}/screen", Right::Route, screening::submit)
        .post("/matters/{id}/accused", Right::Restricted, screening::name_accused)
        .get("/matters/{id}/recall", Right::Route, screening::recall)
        .post("/matters/{id}/recall", Right::Route, screening::recall_submit)
        .get("/matters/{id}/objection", Right::Rule, contest::objection_of)
        .post("/matters/{id}/objection/{ruling}", Right::Rule, contest::rule)
        .get("/matters/{id}/competence", Right::Rule, contest::competence)
        .post("/matters/{id}/competence", Right::Rule, contest::decide)
        .get("/matters/{id}/co", Right::Route, co::show)
        .post("/matters/{id}/co", Right::Route, co::add)
        .post("/matters/{id}/co/{assignment}/release", Right::Route, co::release)
        .get("/matters/{id}/on-behalf", Right::OnBehalf, on_behalf::show)
        .upload("/matters/{id}/on-behalf", Right::OnBehalf, FORM_MAX, on_behalf::submit)
        .upload("/matters/{id}/on-behalf/orders/{order}/{verb}", Right::OnBehalf, FORM_MAX, on_behalf::order)
        .get("/matters/{id}/print/{paper}", Right::Matter, print::of_matter)
        .get("/supervision", Right::Duties, supervision::show)
        .post("/supervision/issue", Right::Urge, supervision::issue)
        .post("/supervision/orders/{id}/{verb}", Right::Urge, supervision::step)
        .get("/notices", Right::Notices, notices::show)
        .post("/notices/print", Right::Letters, notices::print_letters)
        .post("/notices/post", Right::Letters, notices::post)
        .post("/notices/{id}/{step}", Right::Letters, notices::step)
        .get("/reissue", Right::Letters, reissue::show)
        .post("/reissue", Right::Letters, reissue::submit)
        .get("/inbox", Right::Inbox, inbox::show)
        .post("/inbox/read", Right::Inbox, inbox::read)
        .get("/inbox/live", Right::Inbox, inbox::live)
        .get("/meetings", Right::Agenda, meetings::show)
        .get("/meetings/call", Right::Confer, meeting_call::show)
        .post("/meetings/call", Right::Confer, meeting_call::submit)
        .get("/meetings/{id}", Right::Agenda, meetings::one)
        .get("/meetings/{id}/move", Right::Confer, meeting_call::show_move)
        .post("/meetings/{id}/move", Right::Confer, meeting_call::submit_move)
        .post("/meetings/{id}/do/{verb}", Right::Confer, meetings::step)
        .get("/meetings/{id}/print/{paper}", Right::Meetings, print::of_meeting)
        .post("/agenda/{id}/{verb}", Right::Prepare, meetings::item_step)
        .post("/resolution-tasks/{id}/check", Right::Check, meetings::check)
        .get("/resolution-tasks/{id}/print", Right::Meetings, print::of_resolution_task)
        .get("/restricted", Right::Restricted, restricted::show)
        .get("/register", Right::Register, register::show)
        .upload("/register", Right::Register, FORM_MAX, register::submit)
        .upload("/register/rows", Right::Register, FORM_MAX, register::rows)
        .get("/registered/{ticket}", Right::Public, register::registered)
        .get("/registered/{ticket}/receipt", Right::Public, print::receipt);
    routes
        .get("/tasks", Right::Tasks, tasks::list)
        .get("/conference", Right::Tasks, conference::show)
        .post("/conference/meetings/{id}/{verb}", Right::Tasks, conference::answer)
        .post("/conference/tasks/{id}/{verb}", Right::Tasks, conference::report)
        .get("/tasks/{id}", Right::Tasks, tasks::show)
        .post("/tasks/{id}/{step}", Right::Tasks, tasks::submit)
        .post("/tasks/{id}/orders/{order}/{verb}", Right::Tasks, supervision::answer)
        .post("/tasks/{id}/open/{part}", Right::Tasks, reveal::of_task)
        .get("/tasks/{id}/print/{paper}", Right::Tasks, print::of_task)
        .get("/tasks/{id}/files/{file}", Right::Tasks, tasks::file)
        .get("/portal", Right::Public, portal::show)
        .post("/portal", Right::Public, portal::look_up)
        .get("/portal/register", Right::Public, register::show_public)
        .upload("/portal/register", Right::Public, FORM_MAX, register::submit_public)
        .upload("/portal/register/rows", Right::Public, FORM_MAX, register::rows_public)
}

/// `/` leads everybody to the own desk.
async fn home(visit: Visit) -> Redirect {
    let actor = visit.caller.actor();
    let desks = [
        ("/board", Right::Matter),
        ("/tasks", Right::Tasks),
        ("/status", Right::Status),
        ("/users", Right::Users),
        ("/account", Right::SignedIn),
    ];
    let office_tasks = |right: Right| right == Right::Tasks && visit.caller.agency().is_none();
    let desk = desks.iter().find(|(_, right)| right.is_held_by(actor) && !office_tasks(*right));
    let front = if visit.site.deps.config.own.is_some() { "/login" } else { "/portal" };
    Redirect::to(desk.map_or(front, |(href, _)| href))
}

/// A rendered page as an answer.
fn html(page: Html<String>) -> Response {
    page.into_response()
}

/// A key for a form that is shown for the first time.
fn fresh_key(mint: &IdMint) -> String {
    let key: kernel::EventId = mint.mint();
    key.to_string()
}

/// Part of an address.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
