//! API keys: made by an administrator, shown once, good for their scopes alone, gone when revoked.

use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{claim, code_of, matter, register},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_does_what_its_scopes_say_until_it_is_revoked() {
    let office = Office::start(&["renshe"]).await;
    let admin = office.person("admin").await;
    let asked = |login: &str, roles: Value, scopes: Value| json!({ "login": login, "display": "热线对接", "roles": roles, "scopes": scopes, "days": 30 });
    let beyond = asked("api.wrong", json!(["registrar"]), json!(["route"]));
    assert_eq!(code_of(admin.post::<Value>("/api/v1/keys", &beyond).await), "scope_beyond_roles");
    let keys = asked("api.wrong", json!(["administrator"]), json!(["users"]));
    assert_eq!(code_of(admin.post::<Value>("/api/v1/keys", &keys).await), "scope_beyond_roles");
    let made: Value = admin
        .post("/api/v1/keys", &asked("api.hotline", json!(["registrar"]), json!(["board", "content"])))
        .await
        .expect("a key");
    let token = made["token"].as_str().expect("a token");
    let key = office.door.with_key(token);

    let receipt = register(&key, "hotline-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    matter(&key, &id).await;
    let why = json!({ "purpose": "screening" });
    let text: anyhow::Result<Value> = key.post(&format!("/api/v1/matters/{id}/content"), &why).await;
    text.expect("its scope");
    // The role may see identities; the key may not.
    let identity = key.post::<Value>(&format!("/api/v1/matters/{id}/identity"), &why).await;
    assert_eq!(code_of(identity), "not_allowed");
    let own = json!({ "current": "lianxi-demo-2026", "password": "another-long-one" });
    assert_eq!(code_of(key.post::<Value>("/api/v1/account/password", &own).await), "person_owed");
    assert_eq!(code_of(key.get::<Value>("/api/v1/keys").await), "not_allowed");

    let listed: Value = admin.get("/api/v1/keys").await.expect("the list");
    assert!(!listed.to_string().contains(token), "the token is shown once");
    assert_eq!(listed["items"][0]["made_by"], "admin");
    assert!(listed["items"][0]["last_used_at"].is_string(), "{listed}");
    // Its account is no person's: nobody gives it a password.
    let user = made["id"].as_str().expect("an id");
    let reset = json!({ "expected_version": 1 });
    let reset = admin.post::<Value>(&format!("/api/v1/users/{user}/password"), &reset).await;
    assert_eq!(code_of(reset), "key_has_no_password");

    admin.delete(&format!("/api/v1/keys/{user}")).await.expect("revoked");
    assert_eq!(code_of(key.get::<Value>("/api/v1/matters").await), "not_signed_in");
    let listed: Value = admin.get("/api/v1/keys").await.expect("the list");
    assert_eq!(listed["items"][0]["revoked_by"], "admin", "who ended it stays on record");
    office.stop().await;
}
