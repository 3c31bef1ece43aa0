//! One agency never sees, takes or forges what is another's: by REST, and with its own key on the running bus.

use std::time::Duration;

use async_nats::{Client as Nats, ConnectOptions, jetstream};
use futures::StreamExt;
use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{at, claim, code_of, forward_to, matter, on_board, register, screen, step, task},
};

/// How long an answer that must not come is waited for.
const SILENCE: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_agencys_tasks_do_not_exist_for_it() {
    let office = Office::start(&["renshe", "jiaoyu"]).await;
    let screener = office.person("screener").await;
    let (owner, stranger) = (office.person("renshe.handler").await, office.person("jiaoyu.handler").await);
    let receipt = register(&office.person("registrar").await, "isolation-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
    let mut task = task(&owner, &id, "").await;
    let assignment = task.dispatch.assignment_id.to_string();

    // Whatever it names, it gets its own.
    for list in ["/api/v1/tasks", "/api/v1/tasks?agency=renshe"] {
        let page: Value = stranger.get(list).await.expect("its own list");
        assert_eq!(at(&page, "/items"), &json!([]), "{list}");
    }
    for path in [format!("/api/v1/tasks/{assignment}"), format!("/api/v1/tasks/{assignment}?agency=renshe")] {
        assert_eq!(code_of(stranger.get::<Value>(&path).await), "no_such_task", "{path}");
    }
    assert_eq!(
        code_of(step(&stranger, &mut task, "sign", json!({}), "?agency=renshe").await),
        "no_such_task"
    );
    let opened = json!({ "part": "text", "purpose": "handling" });
    let path = format!("/api/v1/tasks/{assignment}/open?agency=renshe");
    assert_eq!(code_of(stranger.post::<Value>(&path, &opened).await), "no_such_task");
    code_of(stranger.get::<Value>(&format!("/api/v1/matters/{id}")).await);
    let board: Value = stranger.get("/api/v1/matters?agency=renshe").await.expect("its own board");
    assert_eq!(at(&board, "/items"), &json!([]));
    let board: Value = owner.get("/api/v1/matters").await.expect("its own board");
    assert_eq!(at(&board, "/items").as_array().map(Vec::len), Some(1));
    for verb in ["content", "identity", "receipt"] {
        let path = format!("/api/v1/matters/{id}/{verb}");
        let told = stranger.post::<Value>(&path, &json!({ "purpose": "handling" })).await;
        code_of(told);
    }
    // Its own node keeps nothing of it.
    assert!(office.folder.files_with(&[&assignment]).iter().all(|f| !f.contains("agency-jiaoyu")));
    assert!(office.folder.files_with(&[&assignment]).iter().any(|f| f.contains("agency-renshe")));
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_its_own_key_it_cannot_pull_forge_or_inject_on_the_running_bus() {
    let office = Office::start(&["renshe", "jiaoyu"]).await;
    let screener = office.person("screener").await;
    let stranger = hand(&office, "jiaoyu").await;
    let mut heard = Vec::new();
    for subject in [">", "dispatch.>", "evt.>", "returns.>", "_INBOX.>", "svc.agency.renshe.>"] {
        heard.push(stranger.subscribe(subject).await.expect("asked"));
    }
    let receipt = register(&office.person("registrar").await, "isolation-2", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
    let owner = office.person("renshe.handler").await;
    let mut task = task(&owner, &id, "").await;
    on_board(&screener, &id, "forwarded").await;

    pull(&stranger, &id).await;
    forge(&stranger, &id, &task.dispatch.assignment_id.to_string()).await;
    inject(&stranger, &id).await;
    // What it heard is nothing of the matter.
    for subscription in &mut heard {
        while let Ok(Some(message)) =
            tokio::time::timeout(Duration::from_millis(1), subscription.next()).await
        {
            let text = String::from_utf8_lossy(&message.payload).into_owned();
            let told = format!("{} {text}", message.subject);
            assert!(!told.contains(&id) && !told.contains("DISPATCH_renshe"), "heard: {told}");
        }
    }
    // The true owner works on, and the office believed nothing of it.
    step(&owner, &mut task, "sign", json!({}), "").await.expect("signed");
    let view = matter(&screener, &id).await;
    let state = at(&view, "/routing/assignments/0/state").as_str().expect("state").to_owned();
    assert!(["delivered", "signed"].contains(&state.as_str()), "a forged return changed it: {state}");
    assert_eq!(at(&view, "/routing/assignments/0/papers"), &json!([]));
    office.stop().await;
}

/// Its bare connection, with the key of its node.
async fn hand(office: &Office, agency: &str) -> Nats {
    let folder = office.folder.path();
    let url = std::fs::read_to_string(folder.join("run/bus")).expect("the bus's address");
    let key =
        bus::keys::load_or_create(&folder.join("keys/nats"), &format!("agency-{agency}")).expect("its key");
    ConnectOptions::with_nkey(key.seed)
        .event_callback(|_| async {})
        .connect(url.trim())
        .await
        .expect("its own key opens its own account")
}

/// Neither the other's stream nor the office's, by any door.
async fn pull(stranger: &Nats, id: &str) {
    for subject in [
        "JS.core.API.CONSUMER.MSG.NEXT.DISPATCH_renshe.worker",
        "$JS.API.CONSUMER.MSG.NEXT.DISPATCH_renshe.worker",
        "$JS.hub.API.CONSUMER.MSG.NEXT.DISPATCH_renshe.worker",
        "JS.core.API.CONSUMER.CREATE.DISPATCH_renshe.mine",
        "JS.core.API.STREAM.MSG.GET.DISPATCH_renshe",
        "JS.core.API.DIRECT.GET.DISPATCH_renshe",
        "$JS.API.STREAM.MSG.GET.EVT",
        "$JS.API.STREAM.NAMES",
        "svc.intake.open.renshe",
        "svc.intake.put.renshe",
        "svc.routing.site.renshe",
        "svc.intake.content",
        "svc.routing.matter",
        "svc.agency.renshe.tasks",
    ] {
        let body = json!({ "batch": 10, "seq": 1, "matter_id": id }).to_string();
        let request = async_nats::Request::new().payload(body.into()).timeout(Some(SILENCE));
        if let Ok(answer) = stranger.send_request(subject.to_owned(), request).await {
            let text = String::from_utf8_lossy(&answer.payload).into_owned();
            assert!(!text.contains(id), "`{subject}` answered: {text}");
        }
    }
}

/// A return, a fact and a dispatch in another's name.
async fn forge(stranger: &Nats, id: &str, assignment: &str) {
    let body = json!({ "matter_id": id, "assignment_id": assignment, "assignment_no": 1, "accepted_on": "2026-08-03", "content_id": assignment, "content_hash": "00" });
    let mut headers = async_nats::HeaderMap::new();
    // Well-formed in all but its sender.
    let event: kernel::EventId = kernel::IdMint::system().mint();
    let event = event.to_string();
    for (name, value) in [
        ("ce-specversion", "1.0"),
        ("ce-id", event.as_str()),
        ("ce-type", "lianxi.agency.acceptance_notified.v1"),
        ("ce-source", "lianxi/agency/renshe"),
        ("ce-subject", id),
        ("ce-version", "2"),
        ("ce-time", "2026-08-03T01:00:00Z"),
    ] {
        headers.insert(name, value);
    }
    for subject in [
        format!("returns.renshe.acceptance_notified.{id}"),
        format!("out.renshe.acceptance_notified.{id}"),
        format!("evt.routing.matter_closed.{id}"),
        format!("dispatch.renshe.routing.{id}"),
    ] {
        let sent = stranger.publish_with_headers(subject, headers.clone(), body.to_string().into()).await;
        sent.expect("the server drops it");
    }
    stranger.flush().await.expect("the server has seen them");
    // By its own way out the hub stamps its own name on it, so it answers nobody's assignment.
    let js = jetstream::new(stranger.clone());
    let publish =
        jetstream::message::PublishMessage::build().headers(headers).payload(body.to_string().into());
    let stamped = js.send_publish(format!("out.acceptance_notified.{id}"), publish).await;
    drop(stamped.expect("sent").await);
}

/// Answers into the inboxes of services, and replies of its choice that would make a service write for it.
#[expect(clippy::disallowed_methods, reason = "a foreign hand on the bus")]
async fn inject(stranger: &Nats, id: &str) {
    for reply in [
        format!("returns.renshe.signed.{id}"),
        format!("evt.routing.matter_closed.{id}"),
        "_INBOX.routing.x".to_owned(),
        "_INBOX.console.x".to_owned(),
    ] {
        for subject in ["JS.core.API.CONSUMER.INFO.DISPATCH_jiaoyu.worker", "svc.intake.open.jiaoyu"] {
            stranger.publish_with_reply(subject, reply.clone(), "{}".into()).await.expect("sent");
        }
        stranger.publish(reply, "{\"ok\":true}".into()).await.expect("the server drops it");
    }
    stranger.flush().await.expect("the server has seen them");
}
