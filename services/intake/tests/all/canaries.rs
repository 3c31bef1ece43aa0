//! Canaries: words of an identity and of a text are looked for wherever they must never be.

use std::{
    io,
    sync::{Arc, Mutex},
};

use contracts::{
    codes::{ContentPart, OpenPurpose},
    intake::commands::{Identity, LinkRepeat, MaskedTexts, OpenContent, RevealIdentity},
};
use tracing_subscriber::fmt::MakeWriter;

use crate::office::{Office, accusation, claim, each, opening};

const NAME: &str = "金丝雀翠";
const NUMBER: &str = "990000199001010017";
const TELEPHONE: &str = "19955550001";
const ADDRESS: &str = "云岭市明湖区鸟笼巷77号";
const TEXT: &str = "鸟鸣三声为号";
const REASON: &str = "两件均提到鸟笼";

const CANARIES: &[&str] = &[NAME, NUMBER, TELEPHONE, "鸟笼", "鸟鸣"];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("log").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;
    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

fn canary() -> Identity {
    Identity {
        name: NAME.into(),
        id_kind: Some(contracts::codes::IdKind::CitizenId),
        id_number: Some(NUMBER.into()),
        telephone: Some(TELEPHONE.into()),
        address: Some(ADDRESS.into()),
        email: None,
    }
}

/// Every text and every byte of every table, as one heap.
async fn everything_stored(office: &Office) -> Vec<u8> {
    let mut heap = vec![];
    let tables: &[(&str, &[&str], &[&str])] = &[
        ("outbox", &["event_type", "order_key", "subject_id", "body", "traceparent"], &[]),
        (
            "submission",
            &["id", "number", "channel", "place_region", "t01", "content_id", "content_hash"],
            &["data_key", "content", "code", "code_hash"],
        ),
        ("identity", &["submission_id", "id_index", "telephone_index"], &["person"]),
        ("idempotency", &["key", "submission_id"], &[]),
        ("reveal", &["submission_id", "agency", "actor", "part", "purpose", "detail"], &[]),
        ("link", &["submission_id", "matter_id", "linked_by"], &["reason"]),
        ("attachment", &["id", "place", "uploaded_by"], &["data_key", "about"]),
        ("attachment_piece", &["attachment_id", "object"], &[]),
        ("paper", &["content_id", "matter_id", "agency", "sha256"], &["body"]),
        ("meta", &["name", "value"], &[]),
    ];
    for (table, texts, blobs) in tables {
        for column in *texts {
            let sql = format!("SELECT coalesce({column}, '') FROM {table}");
            let sql: &'static db::Sql = Box::leak(Box::new(db::Sql::same(Box::leak(sql.into_boxed_str()))));
            let rows = office
                .deps
                .db
                .read(move |tx| Box::pin(async move { tx.query(sql).all::<(String,)>().await }));
            rows.await.expect("texts").into_iter().for_each(|(text,)| heap.extend(text.into_bytes()));
        }
        for column in *blobs {
            let sql = format!("SELECT {column} FROM {table}");
            let sql: &'static db::Sql = Box::leak(Box::new(db::Sql::same(Box::leak(sql.into_boxed_str()))));
            let rows = office
                .deps
                .db
                .read(move |tx| Box::pin(async move { tx.query(sql).all::<(Vec<u8>,)>().await }));
            rows.await.expect("blobs").into_iter().for_each(|(blob,)| heap.extend(blob));
        }
    }
    heap
}

fn sings(heap: &[u8]) -> Option<&'static str> {
    CANARIES.iter().copied().find(|canary| heap.windows(canary.len()).any(|w| w == canary.as_bytes()))
}

#[tokio::test]
async fn no_canary_sings_in_store_events_or_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    each(|office| async move {
        let mut command = claim();
        (command.text, command.petitioner) = (format!("{NAME}，{TELEPHONE}：{TEXT}。"), Some(canary()));
        command.co_petitioners = vec![canary()];
        command.heads = 2;
        let key = format!("{NAME}-{NUMBER}");
        let id = office.registered_by(&office.registrar(), Some(&key), &command).await.submission_id;
        office.registered_by(&office.registrar(), Some(&key), &command).await;
        let repeat = office.registered_by(&office.registrar(), None, &command).await.submission_id;
        let mut guarded = accusation();
        (guarded.text, guarded.petitioner) = (command.text.clone(), Some(canary()));
        office.register(&guarded).await;
        let mut wrong = command.clone();
        wrong.petitioner.as_mut().expect("petitioner").telephone =
            Some(format!("{TELEPHONE}{}", "0".repeat(40)));
        let refusal = office.ask(&office.registrar(), &wrong).await.expect_err("too long");
        assert_eq!(sings(serde_json::to_string(&refusal).expect("json").as_bytes()), None);

        let screener = office.screener();
        office
            .ask(&screener, &OpenContent { submission_id: id, purpose: OpenPurpose::Screening })
            .await
            .expect("text");
        office
            .ask(&screener, &RevealIdentity { submission_id: id, purpose: OpenPurpose::Screening })
            .await
            .expect("who");
        let link = LinkRepeat { submission_id: repeat, matter_id: id, reason: REASON.into() };
        office.ask(&screener, &link).await.expect("linked");
        let masked =
            office.ask(&office.suite(), &MaskedTexts { submissions: vec![id] }).await.expect("masked");
        for canary in [NAME, NUMBER, TELEPHONE] {
            assert!(!masked[0].text.contains(canary) && !masked[0].title.contains(canary));
        }
        let assignment = office.forward(id, "renshe", 1, true).await;
        for part in [ContentPart::Text, ContentPart::Contact] {
            office.open_as("renshe", &opening(id, assignment, part)).await.expect("opened");
        }
        let heap = everything_stored(&office).await;
        assert!(heap.len() > 5_000);
        assert_eq!(sings(&heap), None);
    })
    .await;
    let log = log.0.lock().expect("log").clone();
    assert!(!log.is_empty(), "nothing was logged at all");
    assert_eq!(sings(&log), None, "{}", String::from_utf8_lossy(&log));
}
