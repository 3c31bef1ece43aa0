//! The OpenAPI document: every route of the REST face is in it, with what it reads, gives and refuses.

use std::{collections::BTreeSet, sync::Arc};

use axum::{body::Body, http::StatusCode};
use console::door::{self, Site};
use serde_json::Value;

use crate::support::Rig;

async fn document() -> (Value, BTreeSet<(String, String)>) {
    let (rig, fresh) = Rig::fresh().await;
    let site = Arc::new(Site::try_new(&rig.deps).expect("site"));
    let routes = door::routes(&site);
    let made = routes.table().iter().filter(|row| row.path.starts_with("/api/"));
    let made = made.map(|row| (row.method.to_lowercase(), row.path.to_owned())).collect();
    let answer = rig.send("GET", "/api/v1/openapi.json", None, &[], Body::empty()).await;
    assert_eq!(answer.status, StatusCode::OK);
    let document = answer.json();
    fresh.discard().await.expect("discarded");
    (document, made)
}

/// A route that somebody adds without `.says(…)` is missing here.
#[tokio::test]
async fn every_route_of_the_rest_face_is_described() {
    let (document, made) = document().await;
    let paths = document["paths"].as_object().expect("paths");
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().expect("methods").keys().map(move |method| (method.clone(), path.clone()))
        })
        .collect();
    let silent: Vec<_> = made.difference(&described).collect();
    assert!(silent.is_empty(), "routes without `.says(…)` in rest/mod.rs: {silent:?}");
    assert_eq!(described, made);
}

#[tokio::test]
async fn the_document_holds_together() {
    let (document, _) = document().await;
    let text = document.to_string();
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let id = operation["operationId"].as_str().expect("an id").to_owned();
            assert!(ids.insert(id.clone()), "{id} twice");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|s| s.starts_with('2')), "{method} {path} succeeds nowhere");
            assert!(responses.contains_key("401") && responses.contains_key("422"), "{method} {path}");
            let in_path = path.matches('{').count();
            let parameters = operation["parameters"].as_array().expect("parameters");
            assert_eq!(parameters.iter().filter(|p| p["in"] == "path").count(), in_path, "{path}");
        }
    }
    // Every reference leads somewhere.
    for part in text.split("\"$ref\":\"").skip(1) {
        let target = part.split('"').next().expect("a reference");
        let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leaves the document"));
        assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
    }
    let codes = &document["components"]["responses"]["console_401"]["content"]["application/problem+json"];
    assert!(codes.to_string().contains("\"not_signed_in\""), "{codes}");
    // What stands in the path is not asked for again, and If-Match stands for the version.
    let screen = &document["paths"]["/api/v1/matters/{id}/screen"]["post"]["requestBody"]["content"];
    let schema = &screen["application/json"]["schema"];
    assert!(schema["properties"].get("matter_id").is_none(), "{schema}");
    let required = schema["required"].as_array().expect("required");
    assert!(!required.contains(&"expected_version".into()) && required.contains(&"purpose".into()));
}

/// Each thing that a page does, the verb where its address takes several, and how a program does it. `—` names what
/// is the browser's alone.
const TWINS: &[(&str, &str, &str)] = &[
    ("/login", "", "POST /api/v1/sessions"),
    ("/logout", "", "DELETE /api/v1/sessions/current"),
    ("/first-run/{token}", "", "— the link is opened once, by a person, at a machine just set up"),
    ("/demo/clock", "", "— the demo's clock is moved by its visitor"),
    ("/account", "", "POST /api/v1/account/password"),
    ("/users", "", "POST /api/v1/users"),
    ("/users/{id}/roles", "", "POST /api/v1/users/{id}/roles"),
    ("/users/{id}/disabled", "", "POST /api/v1/users/{id}/disabled"),
    ("/users/{id}/password", "", "POST /api/v1/users/{id}/password"),
    ("/users/keys", "", "POST /api/v1/keys"),
    ("/users/keys/{id}/revoke", "", "DELETE /api/v1/keys/{id}"),
    ("/matters/{id}/link-repeat", "", "POST /api/v1/matters/{id}/link_repeat"),
    ("/matters/{id}/content", "", "POST /api/v1/matters/{id}/content"),
    ("/matters/{id}/identity", "", "POST /api/v1/matters/{id}/identity"),
    ("/matters/{id}/screen", "", "POST /api/v1/matters/{id}/screen"),
    ("/matters/{id}/accused", "", "POST /api/v1/matters/{id}/name_accused"),
    ("/matters/{id}/recall", "", "POST /api/v1/matters/{id}/recall"),
    ("/matters/{id}/objection/{ruling}", "uphold", "POST /api/v1/matters/{id}/uphold_objection"),
    ("/matters/{id}/objection/{ruling}", "reject", "POST /api/v1/matters/{id}/reject_objection"),
    ("/matters/{id}/competence", "", "POST /api/v1/matters/{id}/decide_competence"),
    ("/matters/{id}/co", "", "POST /api/v1/matters/{id}/add_co"),
    ("/matters/{id}/co/{assignment}/release", "", "POST /api/v1/matters/{id}/release_co"),
    ("/matters/{id}/on-behalf", "", "POST /api/v1/tasks/{id}/sign"),
    (
        "/matters/{id}/on-behalf/orders/{order}/{verb}",
        "acknowledge_order",
        "POST /api/v1/tasks/orders/{id}/acknowledge_order",
    ),
    (
        "/matters/{id}/on-behalf/orders/{order}/{verb}",
        "reply_order",
        "POST /api/v1/tasks/orders/{id}/reply_order",
    ),
    ("/supervision/issue", "", "POST /api/v1/matters/{id}/issue_order"),
    ("/supervision/orders/{id}/{verb}", "judge_order", "POST /api/v1/orders/{id}/judge_order"),
    ("/supervision/orders/{id}/{verb}", "drop_order", "POST /api/v1/orders/{id}/drop_order"),
    ("/notices/print", "", "POST /api/v1/notices/print"),
    ("/notices/post", "", "POST /api/v1/notices/post"),
    ("/notices/{id}/{step}", "deliver", "POST /api/v1/notices/{id}/deliver"),
    ("/notices/{id}/{step}", "return", "POST /api/v1/notices/{id}/return"),
    ("/notices/{id}/{step}", "send_again", "POST /api/v1/notices/{id}/send_again"),
    ("/reissue", "", "POST /api/v1/query_codes"),
    ("/inbox/read", "", "POST /api/v1/inbox/read"),
    ("/meetings/call", "", "POST /api/v1/meetings"),
    ("/meetings/{id}/move", "", "POST /api/v1/meetings/{id}/move_meeting"),
    ("/meetings/{id}/do/{verb}", "call_off_meeting", "POST /api/v1/meetings/{id}/call_off_meeting"),
    ("/meetings/{id}/do/{verb}", "hold_meeting", "POST /api/v1/meetings/{id}/hold_meeting"),
    ("/meetings/{id}/do/{verb}", "fix_minutes", "POST /api/v1/meetings/{id}/fix_minutes"),
    ("/agenda/{id}/{verb}", "screen_item", "POST /api/v1/agenda/{id}/screen_item"),
    ("/agenda/{id}/{verb}", "reopen_item", "POST /api/v1/agenda/{id}/reopen_item"),
    ("/agenda/{id}/{verb}", "record_position", "POST /api/v1/agenda/{id}/record_position"),
    ("/agenda/{id}/{verb}", "decide_item", "POST /api/v1/agenda/{id}/decide_item"),
    ("/resolution-tasks/{id}/check", "", "POST /api/v1/resolution_tasks/{id}/check_task"),
    (
        "/conference/meetings/{id}/{verb}",
        "reply_invitation",
        "POST /api/v1/tasks/meetings/{id}/reply_invitation",
    ),
    ("/conference/meetings/{id}/{verb}", "file_position", "POST /api/v1/tasks/meetings/{id}/file_position"),
    (
        "/conference/tasks/{id}/{verb}",
        "receive_resolution_task",
        "POST /api/v1/tasks/resolutions/{id}/receive_resolution_task",
    ),
    (
        "/conference/tasks/{id}/{verb}",
        "report_resolution_task",
        "POST /api/v1/tasks/resolutions/{id}/report_resolution_task",
    ),
    ("/register", "", "POST /api/v1/submissions"),
    ("/register/rows", "", "— the form's own rows"),
    ("/tasks/{id}/{step}", "sign", "POST /api/v1/tasks/{id}/sign"),
    ("/tasks/{id}/{step}", "notify_acceptance", "POST /api/v1/tasks/{id}/notify_acceptance"),
    ("/tasks/{id}/{step}", "object", "POST /api/v1/tasks/{id}/object"),
    ("/tasks/{id}/{step}", "extend", "POST /api/v1/tasks/{id}/extend"),
    ("/tasks/{id}/{step}", "issue_opinion", "POST /api/v1/tasks/{id}/issue_opinion"),
    ("/tasks/{id}/{step}", "record_service", "POST /api/v1/tasks/{id}/record_service"),
    ("/tasks/{id}/{step}", "close", "POST /api/v1/tasks/{id}/complete"),
    ("/tasks/{id}/{step}", "answer_co", "POST /api/v1/tasks/{id}/answer_co"),
    ("/tasks/{id}/{step}", "draft_part", "POST /api/v1/tasks/{id}/draft_part"),
    (
        "/tasks/{id}/orders/{order}/{verb}",
        "acknowledge_order",
        "POST /api/v1/tasks/orders/{id}/acknowledge_order",
    ),
    ("/tasks/{id}/orders/{order}/{verb}", "reply_order", "POST /api/v1/tasks/orders/{id}/reply_order"),
    ("/tasks/{id}/open/{part}", "text", "POST /api/v1/tasks/{id}/open"),
    ("/tasks/{id}/open/{part}", "contact", "POST /api/v1/tasks/{id}/open"),
    ("/portal", "", "POST /api/v1/lookup"),
    ("/portal/register", "", "POST /api/v1/submissions"),
    ("/portal/register/rows", "", "— the form's own rows"),
    ("/status", "", "GET /api/v1/status"),
    ("/matters/{id}/print/{paper}", "", "GET /api/v1/matters/{id}/papers/{paper}"),
    ("/tasks/{id}/print/{paper}", "", "GET /api/v1/tasks/{id}/papers/{paper}"),
    ("/meetings/{id}/print/{paper}", "", "GET /api/v1/meetings/{id}/papers/{paper}"),
    ("/resolution-tasks/{id}/print", "", "GET /api/v1/resolution_tasks/{id}/paper"),
    ("/registered/{ticket}/receipt", "", "POST /api/v1/matters/{id}/receipt"),
    ("/webhooks", "", "POST /api/v1/webhooks"),
    ("/webhooks/{id}/set", "", "POST /api/v1/webhooks/{id}/set"),
    ("/webhooks/{id}/rotate", "", "POST /api/v1/webhooks/{id}/rotate"),
    ("/open311/v2/requests.json", "", "— a program's own door, described by GeoReport v2"),
    ("/open311/v2/requests.xml", "", "— the same in XML"),
    ("/webhooks/announcements/{id}/again", "", "POST /api/v1/webhooks/announcements/{id}/again"),
    ("/agencies/new", "", "POST /api/v1/agencies"),
    ("/agencies/cases/{id}", "", "POST /api/v1/matters/{id}/reassign"),
    ("/agency/{code}/change", "", "POST /api/v1/agencies/{code}/change_agency"),
    ("/agency/{code}/end", "", "POST /api/v1/agencies/{code}/end_agency"),
    ("/suggestions/learn", "", "POST /api/v1/suggestions/learn"),
    ("/suggestions/{kind}/switch", "", "POST /api/v1/suggestions/switch"),
];

/// Pages whose addresses end with a verb answer a verb that there is none of in one way.
const VERBS: &[&str] = &["{verb}", "{step}", "{ruling}", "{part}"];

#[tokio::test]
async fn what_a_page_does_a_program_can_do() {
    let (rig, fresh) = Rig::fresh().await;
    let site = Arc::new(Site::try_new(&rig.deps).expect("site"));
    let routes = door::routes(&site);
    let is_page = |path: &str| !path.starts_with("/api/");
    let is_shown = |path: &str| path == "/status" || path.contains("/print") || path.ends_with("/receipt");
    let acts = routes.table().iter().filter(|row| is_page(row.path));
    let acts = acts.filter(|row| row.method != "GET" || is_shown(row.path));
    let acts: BTreeSet<&str> = acts.map(|row| row.path).collect();
    let listed: BTreeSet<&str> = TWINS.iter().map(|(page, _, _)| *page).collect();
    assert_eq!(acts, listed, "actions and papers of pages, and this list of their twins");
    let made: BTreeSet<String> =
        routes.described().iter().map(|(row, _)| format!("{} {}", row.method, row.path)).collect();
    for (page, verb, twin) in TWINS {
        assert!(twin.starts_with('—') || made.contains(*twin), "{page}: no {twin}");
        let takes_verb = page.rsplit('/').next().is_some_and(|last| VERBS.contains(&last));
        assert_eq!(takes_verb, !verb.is_empty(), "{page} {verb}");
    }
    // No operation on a thing of its own is left without a page's action, or the page has a verb that is not listed.
    let twins: BTreeSet<&str> = TWINS.iter().map(|(_, _, twin)| *twin).collect();
    let bare: Vec<&String> = made
        .iter()
        .filter(|op| op.starts_with("POST") && op.contains("{id}/"))
        .filter(|op| !twins.contains(op.as_str()))
        .collect();
    let alone: BTreeSet<&str> = WITHOUT_PAGE.iter().map(|(op, _)| *op).collect();
    assert_eq!(bare.iter().map(|op| op.as_str()).collect::<BTreeSet<_>>(), alone, "steps that no page takes");
    fresh.discard().await.expect("discarded");
}

/// Steps that are another action's part on the pages.
const WITHOUT_PAGE: &[(&str, &str)] = &[
    ("POST /api/v1/matters/{id}/forward", "the page of the screening hands over at once"),
    ("POST /api/v1/matters/{id}/paper", "the papers' print pages open them"),
    ("POST /api/v1/tasks/{id}/draft", "the form of the part shows its draft"),
    ("POST /api/v1/tasks/{id}/open_part", "the parts' print pages open them"),
];

/// POSTs that take no `Idempotency-Key`, and why.
const NOT_ONCE: &[(&str, &str)] = &[
    ("/api/v1/sessions", "each sign-in is a session of its own, counted as one"),
    ("/api/v1/attachments", "a file that no registration names is forgotten"),
    ("/api/v1/lookup", "a look"),
    ("/api/v1/matters/{id}/content", "each look is on record"),
    ("/api/v1/matters/{id}/identity", "each look is on record"),
    ("/api/v1/matters/{id}/paper", "each look is on record"),
    ("/api/v1/matters/{id}/receipt", "each look is on record"),
    ("/api/v1/tasks/{id}/open", "each look is on record"),
    ("/api/v1/tasks/{id}/draft", "a look"),
    ("/api/v1/tasks/{id}/open_part", "each look is on record"),
    (
        "/api/v1/notices/print",
        "a letter is printed as often as it is needed; each look at a contact is on record",
    ),
    ("/api/v1/webhooks", "the secret is in the first answer, and kept sealed; one too many is set inactive"),
    (
        "/api/v1/webhooks/{id}/rotate",
        "done at a version that is gone after the first time; the secret is kept sealed",
    ),
    ("/api/v1/users", "a login is taken once; the password is in the first answer and kept nowhere"),
    ("/api/v1/users/{id}/roles", "done at a version that is gone after the first time"),
    ("/api/v1/users/{id}/disabled", "done at a version that is gone after the first time"),
    ("/api/v1/users/{id}/password", "the password is in the first answer and kept nowhere"),
    ("/api/v1/keys", "a login is taken once; the token is in the first answer and kept nowhere"),
    ("/api/v1/suggestions/learn", "one learning at a time; who asks meanwhile is told that it is under way"),
    (
        "/api/v1/suggestions/switch",
        "done at a version in use that is another one after the first time, or as it is",
    ),
    ("/api/v1/account/password", "the present password is asked for, and it is gone after the first time"),
];

#[tokio::test]
async fn whatever_creates_or_acts_takes_an_idempotency_key() {
    let (document, _) = document().await;
    let paths = document["paths"].as_object().expect("paths");
    let takes = |operation: &Value| {
        let parameters = operation["parameters"].as_array().expect("parameters");
        parameters.iter().any(|p| p["name"] == "Idempotency-Key")
    };
    let posts = paths.iter().filter_map(|(path, methods)| Some((path.as_str(), methods.get("post")?)));
    let without: BTreeSet<&str> = posts.filter(|(_, post)| !takes(post)).map(|(path, _)| path).collect();
    assert_eq!(without, NOT_ONCE.iter().map(|(path, _)| *path).collect());
}
