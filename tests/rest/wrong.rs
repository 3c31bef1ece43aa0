//! Requests that cannot be right: each gets its problem document, in the reader's language, and nothing is stored.

use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{claim, with},
};

struct Told {
    status: u16,
    code: String,
    field: String,
    kind: String,
    detail: String,
}

async fn send(office: &Office, token: &str, path: &str, kind: &str, body: Vec<u8>) -> Told {
    let url = format!("{}{path}", office.suite.console().expect("a console"));
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = http.post(url).header("content-type", kind).header("accept-language", "en").body(body);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let kind =
        answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let told: Value = answer.json().await.unwrap_or_default();
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    Told { status, code: text("code"), field: text("field"), kind, detail: text("detail") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wrong_request_is_told_why_and_nothing_is_half_stored() {
    let office = Office::start(&["renshe"]).await;
    let desk = office.token("desk").await;
    // An agency's own people screen nothing.
    let handler = office.token("renshe.handler").await;
    let form = "/api/v1/submissions";
    let json_kind = "application/json";
    let letter = |changes: Value| with(claim(), changes).to_string().into_bytes();
    let large = "很".repeat(200_000);
    let nowhere = "/api/v1/matters/xf_01k1v7f5r00000000000000000/screen";
    let cases: Vec<(&str, &str, &str, &str, Vec<u8>, u16, &str, &str)> = vec![
        ("malformed", &desk, form, json_kind, b"{\"channel\": ".to_vec(), 422, "malformed_input", "channel"),
        ("no JSON", &desk, form, "text/plain", b"x".to_vec(), 422, "unsupported_media_type", ""),
        ("oversized", &desk, form, json_kind, letter(json!({ "text": large })), 413, "body_too_large", ""),
        (
            "too long",
            &desk,
            form,
            json_kind,
            letter(json!({ "title": "长".repeat(101) })),
            422,
            "field_too_long",
            "title",
        ),
        (
            "wrongly typed",
            &desk,
            form,
            json_kind,
            letter(json!({ "heads": "three" })),
            422,
            "malformed_input",
            "heads",
        ),
        (
            "unknown field",
            &desk,
            form,
            json_kind,
            letter(json!({ "received_at": 1 })),
            422,
            "malformed_input",
            "received_at",
        ),
        (
            "wrong code",
            &desk,
            form,
            json_kind,
            letter(json!({ "channel": "telepathy" })),
            422,
            "malformed_input",
            "channel",
        ),
        ("unauthorised", "", nowhere, json_kind, b"{}".to_vec(), 401, "not_signed_in", ""),
        (
            "a token that is none",
            "lxa_nonsense",
            form,
            json_kind,
            letter(json!({})),
            401,
            "not_signed_in",
            "",
        ),
        ("forbidden", &handler, nowhere, json_kind, b"{}".to_vec(), 403, "not_allowed", ""),
        (
            "impossible",
            &desk,
            form,
            json_kind,
            letter(json!({ "received_on": "2027-01-01" })),
            422,
            "received_in_future",
            "received_on",
        ),
        (
            "no such day",
            &desk,
            form,
            json_kind,
            letter(json!({ "written_on": "2026-02-30" })),
            422,
            "malformed_input",
            "written_on",
        ),
    ];
    for (what, token, path, kind, body, status, code, field) in cases {
        let told = send(&office, token, path, kind, body).await;
        assert_eq!((told.status, told.code.as_str(), told.field.as_str()), (status, code, field), "{what}");
        assert_eq!(told.kind, "application/problem+json", "{what}");
        assert!(told.detail.is_ascii() && told.detail.len() > 10, "{what}: {}", told.detail);
    }
    let counts: Value = office.person("screener").await.get("/api/v1/counts").await.expect("counts");
    assert_eq!(counts["by_state"], json!({}), "nothing was stored");
    office.stop().await;
}
