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

/// Each thing that a page does, and how a program does it. `—` names what is the browser's alone.
const TWINS: &[(&str, &str)] = &[
    ("/login", "POST /api/v1/sessions"),
    ("/logout", "DELETE /api/v1/sessions/current"),
    ("/first-run/{token}", "— the link is opened once, by a person, at a machine just set up"),
    ("/demo/clock", "— the demo's clock is moved by its visitor"),
    ("/account", "POST /api/v1/account/password"),
    ("/users", "POST /api/v1/users"),
    ("/users/{id}/roles", "POST /api/v1/users/{id}/roles"),
    ("/users/{id}/disabled", "POST /api/v1/users/{id}/disabled"),
    ("/users/{id}/password", "POST /api/v1/users/{id}/password"),
    ("/users/keys", "POST /api/v1/keys"),
    ("/users/keys/{id}/revoke", "DELETE /api/v1/keys/{id}"),
    ("/matters/{id}/link-repeat", "POST /api/v1/matters/{id}/link_repeat"),
    ("/matters/{id}/content", "POST /api/v1/matters/{id}/content"),
    ("/matters/{id}/identity", "POST /api/v1/matters/{id}/identity"),
    ("/matters/{id}/screen", "POST /api/v1/matters/{id}/screen"),
    ("/matters/{id}/accused", "POST /api/v1/matters/{id}/name_accused"),
    ("/matters/{id}/recall", "POST /api/v1/matters/{id}/recall"),
    ("/matters/{id}/objection/{ruling}", "POST /api/v1/matters/{id}/uphold_objection"),
    ("/matters/{id}/competence", "POST /api/v1/matters/{id}/decide_competence"),
    ("/matters/{id}/co", "POST /api/v1/matters/{id}/add_co"),
    ("/matters/{id}/co/{assignment}/release", "POST /api/v1/matters/{id}/release_co"),
    // The office records an agency's step: the same operations, with `?agency=`.
    ("/matters/{id}/on-behalf", "POST /api/v1/tasks/{id}/sign"),
    ("/matters/{id}/on-behalf/orders/{order}/{verb}", "POST /api/v1/tasks/orders/{id}/reply_order"),
    ("/supervision/issue", "POST /api/v1/matters/{id}/issue_order"),
    ("/supervision/orders/{id}/{verb}", "POST /api/v1/orders/{id}/judge_order"),
    ("/notices/print", "POST /api/v1/notices/print"),
    ("/notices/post", "POST /api/v1/notices/post"),
    ("/notices/{id}/{step}", "POST /api/v1/notices/{id}/deliver"),
    ("/reissue", "POST /api/v1/query_codes"),
    ("/inbox/read", "POST /api/v1/inbox/read"),
    ("/meetings/call", "POST /api/v1/meetings"),
    ("/meetings/{id}/move", "POST /api/v1/meetings/{id}/move_meeting"),
    ("/meetings/{id}/do/{verb}", "POST /api/v1/meetings/{id}/hold_meeting"),
    ("/agenda/{id}/{verb}", "POST /api/v1/agenda/{id}/screen_item"),
    ("/resolution-tasks/{id}/check", "POST /api/v1/resolution_tasks/{id}/check_task"),
    ("/conference/meetings/{id}/{verb}", "POST /api/v1/tasks/meetings/{id}/reply_invitation"),
    ("/conference/tasks/{id}/{verb}", "POST /api/v1/tasks/resolutions/{id}/report_resolution_task"),
    ("/register", "POST /api/v1/submissions"),
    ("/register/rows", "— the form's own rows"),
    ("/tasks/{id}/{step}", "POST /api/v1/tasks/{id}/sign"),
    ("/tasks/{id}/orders/{order}/{verb}", "POST /api/v1/tasks/orders/{id}/reply_order"),
    ("/tasks/{id}/open/{part}", "POST /api/v1/tasks/{id}/open"),
    ("/portal", "POST /api/v1/lookup"),
    ("/agencies/new", "POST /api/v1/agencies"),
    ("/agencies/cases/{id}", "POST /api/v1/matters/{id}/reassign"),
    ("/agency/{code}/change", "POST /api/v1/agencies/{code}/change_agency"),
    ("/agency/{code}/end", "POST /api/v1/agencies/{code}/end_agency"),
    ("/portal/register", "POST /api/v1/submissions"),
    ("/portal/register/rows", "— the form's own rows"),
];

#[tokio::test]
async fn what_a_page_does_a_program_can_do() {
    let (rig, fresh) = Rig::fresh().await;
    let site = Arc::new(Site::try_new(&rig.deps).expect("site"));
    let routes = door::routes(&site);
    let is_page = |path: &str| !path.starts_with("/api/");
    let acts = routes.table().iter().filter(|row| row.method != "GET" && is_page(row.path));
    let acts: BTreeSet<&str> = acts.map(|row| row.path).collect();
    let listed: BTreeSet<&str> = TWINS.iter().map(|(page, _)| *page).collect();
    assert_eq!(acts, listed, "actions of pages, and this list of their twins");
    let made: BTreeSet<String> =
        routes.described().iter().map(|(row, _)| format!("{} {}", row.method, row.path)).collect();
    for (page, twin) in TWINS {
        assert!(twin.starts_with('—') || made.contains(*twin), "{page}: no {twin}");
    }
    fresh.discard().await.expect("discarded");
}
