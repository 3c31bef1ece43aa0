//! Accounts, sessions, the first administrator, limits of sign-ins.

use axum::http::StatusCode;
use console::accounts::{
    self, ABSOLUTE_MS, AddError, Change, IDLE_MS, NewAccount, PER_ACCOUNT, PasswordBench,
};
use db::{Db, testing};
use kernel::{Clocks, IdMint, ManualClock, Place, Role};
use serde_json::json;
use std::sync::Arc;

use crate::support::{PASSWORD, Rig};

fn new(login: &str, roles: &[Role]) -> NewAccount {
    NewAccount {
        login: login.into(),
        display: "章小禾".into(),
        place: Place::Office,
        roles: roles.to_vec(),
        password: PASSWORD.into(),
        must_change: false,
    }
}

async fn each(test: impl AsyncFn(Db, Arc<ManualClock>, PasswordBench)) {
    let (clock, clocks): (Arc<ManualClock>, Clocks) = testing::clocks();
    let test = &test;
    testing::each_backend_with(&[&console::MIGRATIONS], IdMint::system(), clocks, |db| {
        let clock = clock.clone();
        async move {
            let bench = PasswordBench::new(db.mint().clone()).expect("bench");
            test(db, clock, bench).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_login_is_unique_and_a_seed_is_repeatable() {
    each(async |db, _, _| {
        accounts::add(&db, new("registrar", &[Role::Registrar])).await.expect("added");
        let again = accounts::add(&db, new("registrar", &[Role::Registrar])).await;
        assert!(matches!(again, Err(AddError::Refused(r)) if r.code == "login_taken"));
        let seed = || vec![new("registrar", &[Role::Registrar]), new("screener", &[Role::Screener])];
        assert_eq!(accounts::seed(&db, seed()).await.expect("seed"), 1);
        assert_eq!(accounts::seed(&db, seed()).await.expect("seed"), 0);
        assert_eq!(accounts::list(&db, None).await.expect("list").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_idle_when_old_and_when_ended() {
    each(async |db, clock, bench| {
        accounts::add(&db, new("registrar", &[Role::Registrar])).await.expect("added");
        let sign_in =
            async || accounts::sign_in(&db, &bench, "Registrar ", PASSWORD).await.expect("signed in");
        let find = async |token: &str| accounts::find(&db, token).await.expect("found");

        let first = sign_in().await;
        let token = first.token.expose();
        assert_eq!(find(token).await.expect("session").actor.roles, [Role::Registrar]);
        clock.advance_ms(IDLE_MS - 1);
        assert!(find(token).await.is_some(), "just in time; and its use is noted");
        clock.advance_ms(IDLE_MS - 1);
        assert!(find(token).await.is_some());
        clock.advance_ms(IDLE_MS);
        assert!(find(token).await.is_none(), "idle too long");

        let second = sign_in().await;
        let token = second.token.expose();
        for _ in 0..(ABSOLUTE_MS / (IDLE_MS / 2) - 1) {
            clock.advance_ms(IDLE_MS / 2);
            assert!(find(token).await.is_some());
        }
        clock.advance_ms(IDLE_MS / 2);
        assert!(find(token).await.is_none(), "older than a working day, however busy");

        let third = sign_in().await;
        accounts::end(&db, &third.session).await.expect("ended");
        assert!(find(third.token.expose()).await.is_none());
        assert!(accounts::forget_ended(&db).await.expect("forgotten") >= 1);
        assert!(find("lxs_nonsense").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn sessions_of_an_account_are_bounded() {
    each(async |db, clock, bench| {
        accounts::add(&db, new("registrar", &[Role::Registrar])).await.expect("added");
        let mut tokens = Vec::new();
        for _ in 0..=PER_ACCOUNT {
            tokens.push(accounts::sign_in(&db, &bench, "registrar", PASSWORD).await.expect("in").token);
            clock.advance_ms(1);
        }
        assert!(accounts::find(&db, tokens[0].expose()).await.expect("found").is_none(), "the oldest went");
        assert!(accounts::find(&db, tokens[1].expose()).await.expect("found").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_changed_account_loses_its_sessions_and_the_last_administrator_stays() {
    each(async |db, _, bench| {
        let admin = accounts::add(&db, new("admin", &[Role::Administrator])).await.expect("added");
        let clerk = accounts::add(&db, new("clerk", &[Role::Registrar])).await.expect("added");
        let refused =
            accounts::change(&db, &bench, admin, 1, Change::Disabled(true)).await.expect_err("last");
        assert_eq!(refused.code, "last_administrator");
        let refused = accounts::change(&db, &bench, admin, 1, Change::Roles(vec![Role::Operator])).await;
        assert_eq!(refused.expect_err("last").code, "last_administrator");

        let session = accounts::sign_in(&db, &bench, "clerk", PASSWORD).await.expect("in");
        let stale = accounts::change(&db, &bench, clerk, 9, Change::Disabled(true)).await.expect_err("stale");
        assert_eq!(stale.code, "stale_account");
        accounts::change(&db, &bench, clerk, 1, Change::Disabled(true)).await.expect("disabled");
        assert!(accounts::find(&db, session.token.expose()).await.expect("found").is_none());
        let refused = accounts::sign_in(&db, &bench, "clerk", PASSWORD).await.err().expect("disabled");
        assert_eq!(refused.code, "wrong_login", "the same answer as to a wrong password");

        accounts::change(&db, &bench, clerk, 2, Change::Disabled(false)).await.expect("enabled");
        let issued = accounts::issue(&db);
        accounts::change(&db, &bench, clerk, 3, Change::Issued(issued.clone())).await.expect("issued");
        let session = accounts::sign_in(&db, &bench, "clerk", &issued).await.expect("in").session;
        assert!(session.must_change);
    })
    .await;
}

#[tokio::test]
async fn the_first_run_link_makes_one_administrator() {
    each(async |db, clock, bench| {
        let path = accounts::first_run(&db).await.expect("link").expect("no account yet");
        let token = path.strip_prefix("/first-run/").expect("path").to_owned();
        assert!(accounts::is_open(&db, &token).await.expect("open"));
        clock.advance_ms(accounts::LINK_LIFETIME_MS);
        assert!(!accounts::is_open(&db, &token).await.expect("open"), "expired");
        let path = accounts::first_run(&db).await.expect("link").expect("still none");
        let fresh = path.strip_prefix("/first-run/").expect("path").to_owned();
        assert!(!accounts::is_open(&db, &token).await.expect("open"), "the older one is good no longer");

        let accept = async |token: &str, password: &str| {
            accounts::accept(&db, &bench, token, "admin", "秦简", password).await
        };
        assert_eq!(accept(&fresh, "short").await.expect_err("short").code, "password_too_short");
        assert_eq!(accept(&token, PASSWORD).await.expect_err("old link").code, "first_run_over");
        accept(&fresh, PASSWORD).await.expect("administrator");
        assert_eq!(accept(&fresh, PASSWORD).await.expect_err("used").code, "first_run_over");
        assert_eq!(accounts::first_run(&db).await.expect("link"), None);
        let session = accounts::sign_in(&db, &bench, "admin", PASSWORD).await.expect("in").session;
        assert_eq!(session.actor.roles, [Role::Administrator]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_done_in_the_name_of_an_account_whose_password_somebody_else_issued() {
    let (rig, fresh) = Rig::fresh().await;
    let issued = NewAccount { must_change: true, ..new("clerk", &[Role::Registrar]) };
    accounts::add(&rig.deps.db, issued).await.expect("added");
    let opened =
        rig.post("/api/v1/sessions", None, &json!({ "login": "clerk", "password": PASSWORD })).await.json();
    let token = opened["token"].as_str();
    assert_eq!(rig.get("/api/v1/matters", token).await.json()["code"], "password_to_change");
    rig.scripts.on("intake.register", |_| Err(web::errors::NOT_ALLOWED.refuse()));
    let petition = json!({
        "channel": "letter", "purpose": "claim", "petitioner_kind": "citizen", "place_region": "990102",
        "title": "t", "text": "x", "claims": ["c"], "anonymous": true,
    });
    let bytes = axum::body::Body::from(petition.to_string());
    let headers = [("content-type", "application/json"), ("idempotency-key", "k-1")];
    rig.send("POST", "/api/v1/submissions", token, &headers, bytes).await;
    let got = rig.scripts.got("intake.register");
    assert_eq!(got[0].actor.place, Place::Portal, "as anybody might, and not as the clerk");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn sign_ins_of_an_account_are_limited() {
    let (rig, fresh) = Rig::fresh().await;
    let attempt =
        async || rig.post("/api/v1/sessions", None, &json!({ "login": "nobody", "password": "x" })).await;
    let mut last = attempt().await;
    assert_eq!(last.status, StatusCode::UNAUTHORIZED);
    assert_eq!(last.json()["code"], "wrong_login");
    for _ in 0..30 {
        last = attempt().await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.headers.contains_key("retry-after"));
    rig.clock.advance_ms(600_000);
    assert_eq!(attempt().await.status, StatusCode::UNAUTHORIZED, "the budget comes back");
    fresh.discard().await.expect("discarded");
}
