//! The whole message store is lost, at rest and while the suite runs: what was sent and never received arrives
//! all the same, and nothing arrives twice.

use async_nats::{ConnectOptions, jetstream};
use bus::Side;
use futures::TryStreamExt;
use serde_json::json;

use crate::office::{
    Office, Store,
    letter::{claim, forward_to, notice, on_board, opinion, register, screen, step, task},
    wait::wait_for,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_deleted_at_rest_is_filled_again_on_sqlite() {
    deleted_at_rest(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_deleted_at_rest_is_filled_again_on_postgresql() {
    deleted_at_rest(Store::Postgres).await;
}

async fn deleted_at_rest(store: Store) {
    // People of both agencies; only one of them has its node running.
    let Some(office) = Office::start_with(store, &["shifu", "renshe"], &["shifu"]).await else { return };
    let screener = office.person("screener").await;
    let receipt = register(&office.person("registrar").await, "lost-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
    on_board(&screener, &id, "forwarded").await;

    let office = office
        .restart(
            |folder| std::fs::remove_dir_all(folder.join("nats/store")).expect("the store goes"),
            &["renshe"],
        )
        .await;
    let handler = office.person("renshe.handler").await;
    let mut found = task(&handler, &id, "").await;
    assert_eq!(found.dispatch.assignment_no, 1);
    step(&handler, &mut found, "sign", json!({}), "").await.expect("signed");
    let screener = office.person("screener").await;
    step(&handler, &mut found, "notify_acceptance", notice(), "").await.expect("accepted");
    on_board(&screener, &id, "handling").await;
    let tasks: contracts::Page<contracts::agency::commands::Task> =
        handler.get("/api/v1/tasks?limit=200").await.expect("tasks");
    assert_eq!(tasks.items.len(), 1, "it came once");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_vanish_under_the_running_suite_come_back() {
    let office = Office::start(&["renshe"]).await;
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let first = register(&registrar, "vanish-1", &claim()).await.submission_id.to_string();
    screen(&screener, &first, forward_to("renshe")).await.expect("forwarded");

    let streams = jetstream(&office).await;
    let names = || streams.stream_names().try_collect::<Vec<String>>();
    for name in names().await.expect("names") {
        streams.delete_stream(&name).await.expect("deleted");
    }
    wait_for("the streams are back", || async {
        names().await.ok().filter(|names| names.iter().any(|name| name == "DISPATCH_renshe"))
    })
    .await;
    let second = register(&registrar, "vanish-2", &claim()).await.submission_id.to_string();
    screen(&screener, &second, forward_to("renshe")).await.expect("forwarded");
    let (handler, head) = (office.person("renshe.handler").await, office.person("renshe.head").await);
    for id in [&first, &second] {
        let mut found = task(&handler, id, "").await;
        step(&handler, &mut found, "sign", json!({}), "").await.expect("signed");
        step(&handler, &mut found, "notify_acceptance", notice(), "").await.expect("accepted");
        step(&head, &mut found, "issue_opinion", opinion(2), "").await.expect("opinion");
        on_board(&screener, id, "opinion_issued").await;
    }
    office.stop().await;
}

/// The streams, in the hands of who may do everything.
async fn jetstream(office: &Office) -> jetstream::Context {
    let folder = office.folder.path();
    let url = std::fs::read_to_string(folder.join("run/bus")).expect("the bus's address");
    let seed = bus::keys::load_or_create(&folder.join("keys/nats"), Side::ADMIN).expect("key").seed;
    let client = ConnectOptions::with_nkey(seed).connect(url.trim()).await.expect("connected");
    jetstream::new(client)
}
