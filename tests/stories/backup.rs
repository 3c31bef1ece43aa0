//! The running office is backed up under load and comes back elsewhere: as of one moment, with everything that was
//! there before it, no number given twice, and work goes on.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use contracts::{Page, agency::commands::Task};
use serde_json::json;
use suite::{
    backup::{manifest::Manifest, restore::Wanted, take},
    books,
    client::Client,
    config::Config,
    site::Site,
};

use crate::{
    checker::read,
    office::{
        Office, Store,
        folder::Folder,
        letter::{CANARIES, claim, forward_to, notice, on_board, opinion, register, screen, step, task},
        wait::wait_for,
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_office_comes_back_from_its_backup_on_sqlite() {
    comes_back(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_office_comes_back_from_its_backup_on_postgresql() {
    comes_back(Store::Postgres).await;
}

async fn comes_back(store: Store) {
    let Some(office) = Office::start_on(store, &["renshe"]).await else { return };
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let mut before = BTreeMap::new();
    for n in 0..4 {
        let receipt = register(&registrar, &format!("before-{n}"), &claim()).await;
        let id = receipt.submission_id.to_string();
        screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
        before.insert(id, receipt.number);
    }
    let over = Arc::new(AtomicBool::new(false));
    let traffic = tokio::spawn(goes_on(registrar, screener, over.clone()));

    let elsewhere = Folder::new("backup");
    let (to, keys_to) = (elsewhere.path().join("books"), elsewhere.path().join("keys"));
    let mut taken = Vec::new();
    for _ in 0..3 {
        taken.push(take::take(&office.suite.site, &to, Some(&keys_to)).await.expect("taken"));
    }
    over.store(true, Ordering::Relaxed);
    let meanwhile = traffic.await.expect("traffic");
    assert!(!meanwhile.is_empty(), "the office worked on while it was copied");
    office.stop().await;

    assert!(elsewhere.files_with(&CANARIES).is_empty(), "identities lie open in a backup");
    let last = taken.pop().expect("three");
    assert_eq!(Manifest::verified(&last.folder).expect("whole"), last.manifest);
    let keys = newest(&keys_to);
    let wanted = Wanted { from: last.folder, keys_from: Some(keys), skip: 1000 };
    let (office, restored) = Office::returned(store, &wanted, agree, &["renshe"]).await;
    assert!(restored.next.iter().any(|(_, series, _)| series == "number-260803"), "{:?}", restored.next);
    works_on(&office, &before, &meanwhile).await;
    office.stop().await;
}

/// Registers and forwards until told to stop; gives the numbers that people were told.
async fn goes_on(registrar: Client, screener: Client, over: Arc<AtomicBool>) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    while !over.load(Ordering::Relaxed) {
        let receipt = register(&registrar, &format!("while-{}", told.len()), &claim()).await;
        let id = receipt.submission_id.to_string();
        screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
        told.insert(receipt.number);
    }
    told
}

/// At rest no book knows more of another than that one says: this is what one moment means.
async fn agree(config: &Config) {
    if !config.database.url.is_empty() {
        // The checker reads SQLite; on PostgreSQL one snapshot is the server's own promise.
        return;
    }
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config.clone(), shutdown).expect("site");
    let books = books::open(&site).await.expect("books");
    let mut said: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut stores = Vec::new();
    for book in &books {
        let store = read::store(&book.db).await;
        for row in &store.outbox {
            let newest = said.entry((row.order_key.clone(), row.subject_id.clone())).or_default();
            *newest = row.version.max(*newest);
            // Dispatches are counted by sender and agency.
            if let (Some(agency), Some(seq)) = (&row.agency, row.agency_seq) {
                let newest = said.entry((format!("{} to {agency}", book.name), String::new())).or_default();
                *newest = seq.max(*newest);
            }
        }
        stores.push((book.name.clone(), store));
    }
    let mut compared = 0;
    for (name, store) in &stores {
        for applied in &store.applied {
            let sender = match (applied.subject_id.is_empty(), name.strip_prefix("agency-")) {
                (true, Some(agency)) => format!("{} to {agency}", applied.order_key),
                _ => applied.order_key.clone(),
            };
            let key = (sender, applied.subject_id.clone());
            let newest = said.get(&key).copied().unwrap_or_default();
            assert!(applied.version <= newest, "{name} is ahead of {key:?}: {} > {newest}", applied.version);
            compared += 1;
        }
    }
    assert!(compared > 0, "books that know nothing of each other");
    books::close(books).await;
}

/// What was there is there once, goes on to its end, and what is new has a new number.
async fn works_on(office: &Office, before: &BTreeMap<String, String>, meanwhile: &BTreeSet<String>) {
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let (handler, head) = (office.person("renshe.handler").await, office.person("renshe.head").await);
    for id in before.keys() {
        let mut found = task(&handler, id, "").await;
        step(&handler, &mut found, "sign", json!({}), "").await.expect("signed");
        step(&handler, &mut found, "notify_acceptance", notice(), "").await.expect("accepted");
        step(&head, &mut found, "issue_opinion", opinion(2), "").await.expect("opinion");
        on_board(&screener, id, "opinion_issued").await;
    }
    let tasks: Page<Task> = handler.get("/api/v1/tasks?limit=200").await.expect("tasks");
    let matters: BTreeSet<String> = tasks.items.iter().map(|t| t.dispatch.matter_id.to_string()).collect();
    assert_eq!(matters.len(), tasks.items.len(), "a dispatch came twice");

    let receipt = register(&registrar, "after-1", &claim()).await;
    let known = before.values().chain(meanwhile).any(|number| *number == receipt.number);
    assert!(!known, "{} was shown to somebody before", receipt.number);
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
    wait_for("the new matter is with the agency", || async {
        let tasks: Page<Task> = handler.get("/api/v1/tasks?limit=200").await.expect("tasks");
        tasks.items.iter().any(|t| t.dispatch.matter_id.to_string() == id).then_some(())
    })
    .await;
}

fn newest(folder: &Path) -> std::path::PathBuf {
    let mut found: Vec<_> =
        std::fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path()).collect();
    found.sort();
    found.pop().expect("keys")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_does_not_come_back_over_an_office_nor_with_other_keys() {
    let office = Office::start_with(Store::Sqlite, &[], &[]).await.expect("an office");
    let elsewhere = Folder::new("backup");
    let taken = take::take(&office.suite.site, elsewhere.path(), None).await.expect("taken");
    let config = office.suite.site.config.clone();
    office.suite.stop().await.expect("stopped");
    let wanted = Wanted { from: taken.folder.clone(), keys_from: None, skip: 0 };
    let why = suite::backup::restore::restore(config.clone(), &wanted).await.err().expect("refused");
    assert!(why.to_string().contains("holds an office"), "{why:#}");

    let other = Folder::new("other");
    let mut config = crate::office::config(other.path());
    let why = suite::backup::restore::restore(config.clone(), &wanted).await.err().expect("refused");
    assert!(why.to_string().contains("not the keys"), "{why:#}");
    assert!(!other.path().join("db").exists(), "nothing came half");

    config.database.url = "postgres://nobody@localhost/none".to_owned();
    let why = suite::backup::restore::restore(config, &wanted).await.err().expect("refused");
    assert!(why.to_string().contains("database.url"), "{why:#}");
}
