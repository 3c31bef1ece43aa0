//! Files: kept by their bytes, within limits, opened by the office and by the agency that has the matter.

use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::agency::commands::Opened;
use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{at, claim, code_of, forward_to, refused, register, screen, task, with},
    wait::wait_for,
};

const LARGEST: usize = 10 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_taken_within_limits_and_come_back_as_they_went_in() {
    let office = Office::start(&["renshe"]).await;
    let (desk, handler) = (office.person("desk").await, office.person("renshe.handler").await);
    // Two chunks and a bit, each byte in its place.
    let bytes: Vec<u8> =
        b"%PDF-1.4\n".iter().copied().chain((0..900_000_u32).map(|n| (n % 251) as u8)).collect();
    let file = desk.upload("工资欠条.pdf", bytes.clone()).await.expect("taken");
    assert_eq!(
        (at(&file, "/media_type"), at(&file, "/size")),
        (&json!("application/pdf"), &json!(bytes.len()))
    );

    let program = desk.upload("invoice.pdf", b"MZ\x90\x00\x03\x00\x00\x00 program".to_vec()).await;
    assert_eq!(code_of(program), "file_type_refused", "the bytes count, not the name");
    let large =
        refused(desk.upload("large.pdf", [b"%PDF-1.4\n".as_slice(), &vec![b' '; LARGEST]].concat()).await);
    assert_eq!(large.status.as_u16(), 413, "{}", large.code);
    assert_eq!(code_of(desk.upload("empty.pdf", Vec::new()).await), "empty_file");

    let id = at(&file, "/attachment_id").clone();
    let receipt = register(&desk, "files-1", &with(claim(), json!({ "attachments": [id] }))).await;
    assert_eq!(receipt.attachments, 1);
    let taken = with(claim(), json!({ "attachments": [id] }));
    let twice = desk.post_once::<Value>("/api/v1/submissions", "files-2", &taken).await;
    assert_eq!(code_of(twice), "attachment_taken");

    let matter = receipt.submission_id.to_string();
    screen(&desk, &matter, forward_to("renshe")).await.expect("forwarded");
    let task = task(&handler, &matter, "").await;
    let path = format!("/api/v1/tasks/{}/open", task.dispatch.assignment_id);
    let mut read: Vec<u8> = Vec::new();
    while read.len() < bytes.len() {
        let asked = json!({ "part": "attachment", "attachment": [id, read.len()], "purpose": "handling" });
        let opened = wait_for("intake knows the right", || async {
            match handler.post::<Opened>(&path, &asked).await {
                Ok(opened) => Some(opened),
                Err(error) if suite::client::problem_code(&error) == Some("right_not_here_yet") => None,
                Err(error) => panic!("{error:#}"),
            }
        })
        .await;
        let Opened::Attachment(chunk) = opened else { panic!("another part") };
        let piece = BASE64_STANDARD.decode(chunk.chunk).expect("base64");
        assert!(!piece.is_empty());
        read.extend(piece);
    }
    assert!(read == bytes, "the agency reads the file as it was given");
    // At the office: the same bytes for the desk, nothing for those who may not read.
    let path = format!("/api/v1/attachments/{}?purpose=screening", id.as_str().expect("id"));
    let operator = office.person("operator").await.get::<Value>(&path).await;
    assert_eq!(refused(operator).status.as_u16(), 403);
    // Sealed on disk.
    assert!(office.folder.files_with(&[&String::from_utf8_lossy(&bytes[9 + 32..9 + 120])]).is_empty());
    office.stop().await;
}
