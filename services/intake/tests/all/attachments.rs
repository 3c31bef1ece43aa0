//! Files: pieces in order, types by bytes, sealed at rest, bound once, expired when nobody wants them.

use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::{
    codes::{ContentPart, OpenPurpose},
    intake::commands::{Attach, Attached, AttachmentChunk, FetchAttachment, Register},
};
use intake::Files;
use kernel::{Actor, AttachmentId, Place, Refusal, Role};

use crate::office::{Office, accusation, claim, each, each_with, opening};

const PIECE: usize = 384 * 1024;

fn pdf(bytes: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend((file.len()..bytes).map(|n| (n % 251) as u8));
    file
}

fn piece(id: Option<AttachmentId>, size: usize, offset: usize, bytes: &[u8]) -> Attach {
    Attach {
        attachment_id: id,
        name: "罗根生的欠条.pdf".into(),
        size: i64::try_from(size).expect("size"),
        offset: i64::try_from(offset).expect("offset"),
        chunk: BASE64_STANDARD.encode(bytes),
    }
}

async fn upload(office: &Office, actor: &Actor, file: &[u8]) -> Result<Attached, Refusal> {
    let mut last: Option<Attached> = None;
    for (n, part) in file.chunks(PIECE).enumerate() {
        let id = last.as_ref().map(|a| a.attachment_id);
        last = Some(office.ask(actor, &piece(id, file.len(), n * PIECE, part)).await?);
    }
    Ok(last.expect("a piece"))
}

async fn fetch_all(office: &Office, actor: &Actor, id: AttachmentId) -> Result<Vec<u8>, Refusal> {
    let mut bytes = vec![];
    loop {
        let offset = i64::try_from(bytes.len()).expect("offset");
        let ask = FetchAttachment { attachment_id: id, offset, purpose: OpenPurpose::Screening };
        let chunk = office.ask(actor, &ask).await?;
        bytes.extend(BASE64_STANDARD.decode(chunk.chunk).expect("base64"));
        if i64::try_from(bytes.len()).expect("length") == chunk.meta.size {
            return Ok(bytes);
        }
    }
}

fn with_files(command: Register, files: &[AttachmentId]) -> Register {
    Register { attachments: files.to_vec(), ..command }
}

#[tokio::test]
async fn a_file_goes_in_by_pieces_and_comes_out_whole() {
    each(|office| async move {
        let file = pdf(2 * PIECE + 1234);
        let uploaded = upload(&office, &office.registrar(), &file).await.expect("uploaded");
        let meta = uploaded.complete.expect("complete");
        assert_eq!((meta.media_type.as_str(), meta.size), ("application/pdf", file.len() as i64));
        assert_eq!(meta.sha256, trust::chain::Hash::of(&file).to_hex());
        let receipt = office.register(&with_files(claim(), &[meta.attachment_id])).await;
        assert_eq!(receipt.attachments, 1);
        let id = receipt.submission_id;
        let opened = office
            .ask(
                &office.screener(),
                &contracts::intake::commands::OpenContent {
                    submission_id: id,
                    purpose: OpenPurpose::Screening,
                },
            )
            .await
            .expect("opened");
        assert_eq!(opened.attachments, std::slice::from_ref(&meta));
        assert_eq!(fetch_all(&office, &office.screener(), meta.attachment_id).await.expect("fetched"), file);
        let assignment = office.forward(id, "renshe", 1, true).await;
        let mut ask = opening(id, assignment, ContentPart::Attachment);
        ask.attachment = Some((meta.attachment_id, PIECE as i64));
        let chunk: AttachmentChunk =
            serde_json::from_str(&office.open_as("renshe", &ask).await.expect("opened")).expect("chunk");
        assert_eq!(BASE64_STANDARD.decode(chunk.chunk).expect("base64"), file[PIECE..2 * PIECE]);
        ask.attachment = Some((office.deps.mint.mint(), 0));
        assert_eq!(office.open_as("renshe", &ask).await.expect_err("other").code, "no_such_attachment");
    })
    .await;
}

#[tokio::test]
async fn repeated_and_misplaced_pieces() {
    each(|office| async move {
        let (actor, file) = (office.registrar(), pdf(PIECE + 100_000));
        let first = piece(None, file.len(), 0, &file[..PIECE]);
        let begun = office.ask(&actor, &first).await.expect("begun");
        let id = Some(begun.attachment_id);
        let again = office.ask(&actor, &piece(id, file.len(), 0, &file[..PIECE])).await.expect("repeated");
        assert_eq!((again.received, again.complete), (PIECE as i64, None));
        let code = |outcome: Result<Attached, Refusal>| outcome.expect_err("refused").code.into_owned();
        assert_eq!(
            code(office.ask(&actor, &piece(id, file.len(), PIECE + 1, &file[PIECE + 1..])).await),
            "piece_out_of_order"
        );
        assert_eq!(
            code(office.ask(&actor, &piece(id, file.len() + 1, PIECE, &file[PIECE..])).await),
            "piece_out_of_order"
        );
        assert_eq!(
            code(office.ask(&actor, &piece(id, file.len(), PIECE, &file[PIECE..PIECE + 10])).await),
            "piece_wrong_size"
        );
        let stranger = office.screener();
        assert_eq!(
            code(office.ask(&stranger, &piece(id, file.len(), PIECE, &file[PIECE..])).await),
            "no_such_attachment"
        );
        let mut garbled = piece(id, file.len(), PIECE, &file[PIECE..]);
        garbled.chunk.push('?');
        assert_eq!(code(office.ask(&actor, &garbled).await), "piece_unreadable");
        // The same last piece twice at once: one row, one file.
        let last = piece(id, file.len(), PIECE, &file[PIECE..]);
        let (one, two) = futures::join!(office.ask(&actor, &last), office.ask(&actor, &last));
        let (one, two) = (one.expect("one").complete, two.expect("two").complete);
        assert_eq!(one, two);
        assert_eq!(office.count("SELECT count(*) FROM attachment_piece").await, 2);
    })
    .await;
}

#[tokio::test]
async fn types_sizes_and_people_are_checked() {
    each(|office| async move {
        let (actor, handler) = (office.registrar(), office.person(80, Place::Office, &[Role::Handler]));
        for (bytes, code) in
            [(b"MZ\x90\x00".as_slice(), "file_type_refused"), (b"PK\x03\x04rest", "file_type_refused")]
        {
            assert_eq!(upload(&office, &actor, bytes).await.expect_err("type").code, code);
        }
        let too_large = piece(None, 20 * 1024 * 1024 + 1, 0, &pdf(PIECE));
        assert_eq!(office.ask(&actor, &too_large).await.expect_err("size").code, "file_too_large");
        for denied in [
            handler,
            office.suite(),
            office.person(81, Place::Agency("renshe".parse().expect("code")), Role::ALL),
        ] {
            assert_eq!(
                upload(&office, &denied, &pdf(100)).await.expect_err("role").code,
                "intake_not_allowed"
            );
        }
        assert!(upload(&office, &office.portal(), "工资条".as_bytes()).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_file_is_bound_once_and_only_when_complete_and_own() {
    each(|office| async move {
        let actor = office.registrar();
        let whole = upload(&office, &actor, &pdf(100)).await.expect("whole").attachment_id;
        let part =
            office.ask(&actor, &piece(None, PIECE + 1, 0, &pdf(PIECE))).await.expect("part").attachment_id;
        let foreign = upload(&office, &office.screener(), &pdf(100)).await.expect("foreign").attachment_id;
        let refused = |files: Vec<AttachmentId>| {
            let (office, actor) = (&office, &actor);
            async move {
                let refusal = office.ask(actor, &with_files(claim(), &files)).await.expect_err("refused");
                (refusal.code.into_owned(), refusal.field.unwrap_or_default())
            }
        };
        let at = |code: &str, field: &str| (code.to_owned(), field.to_owned());
        assert_eq!(refused(vec![whole, part]).await, at("attachment_unfinished", "attachments[1]"));
        assert_eq!(refused(vec![foreign]).await, at("no_such_attachment", "attachments[0]"));
        assert_eq!(refused(vec![office.deps.mint.mint()]).await, at("no_such_attachment", "attachments[0]"));
        assert_eq!(refused(vec![whole, whole]).await, at("attachment_taken", "attachments"));
        assert_eq!(office.count("SELECT count(*) FROM submission").await, 0);
        assert_eq!(office.count("SELECT count(*) FROM idempotency").await, 0);
        let keyed = with_files(claim(), &[whole]);
        let receipt = office.registered_by(&actor, Some("k"), &keyed).await;
        assert_eq!(office.registered_by(&actor, Some("k"), &keyed).await, receipt);
        assert_eq!(refused(vec![whole]).await, at("attachment_taken", "attachments[0]"));
        // Two at once that name one file: one gets it.
        let one = upload(&office, &actor, &pdf(200)).await.expect("one").attachment_id;
        let command = with_files(claim(), &[one]);
        let (a, b) = futures::join!(office.ask(&actor, &command), office.ask(&actor, &command));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    })
    .await;
}

#[tokio::test]
async fn files_of_an_accusation_and_scans_have_their_readers() {
    each(|office| async move {
        let file = pdf(100);
        let bound = upload(&office, &office.registrar(), &file).await.expect("file").attachment_id;
        let scan = upload(&office, &office.registrar(), &file).await.expect("scan").attachment_id;
        let portal = upload(&office, &office.portal(), &file).await.expect("portal").attachment_id;
        office.register(&with_files(accusation(), &[bound])).await;
        let code = |outcome: Result<Vec<u8>, Refusal>| outcome.expect_err("denied").code.into_owned();
        for actor in [office.registrar(), office.screener(), office.portal()] {
            assert_eq!(code(fetch_all(&office, &actor, bound).await), "no_such_attachment");
            assert_eq!(code(fetch_all(&office, &actor, portal).await), "no_such_attachment");
        }
        assert_eq!(fetch_all(&office, &office.restricted_officer(), bound).await.expect("fetched"), file);
        assert_eq!(fetch_all(&office, &office.screener(), scan).await.expect("fetched"), file);
        assert_eq!(code(fetch_all(&office, &office.portal(), scan).await), "no_such_attachment");
    })
    .await;
}

#[tokio::test]
async fn what_nobody_finished_or_named_expires() {
    each(|office| async move {
        let (registrar, portal) = (office.registrar(), office.portal());
        let scan = upload(&office, &registrar, &pdf(100)).await.expect("scan").attachment_id;
        let used = upload(&office, &registrar, &pdf(100)).await.expect("used").attachment_id;
        office.register(&with_files(claim(), &[used])).await;
        upload(&office, &portal, &pdf(100)).await.expect("portal");
        office.ask(&registrar, &piece(None, PIECE + 1, 0, &pdf(PIECE))).await.expect("part");
        assert_eq!(office.parts.sweeps.expire_uploads().await.expect("sweep"), 0);
        office.clock.advance_ms(intake::Config::UPLOAD_TTL_MS + 1);
        assert_eq!(office.parts.sweeps.expire_uploads().await.expect("sweep"), 2);
        assert_eq!(office.parts.sweeps.expire_uploads().await.expect("sweep"), 0);
        office.clock.advance_ms(-intake::Config::UPLOAD_TTL_MS - 1);
        assert_eq!(office.count("SELECT count(*) FROM attachment").await, 2);
        assert_eq!(office.count("SELECT count(*) FROM attachment_piece").await, 2);
        assert!(fetch_all(&office, &registrar, scan).await.is_ok());
    })
    .await;
}

/// In the folder lie sealed bytes alone, under names that say nothing; a changed byte is noticed.
#[tokio::test]
async fn on_the_disk_files_are_sealed_and_damage_is_seen() {
    let folder = std::env::temp_dir().join(format!("lianxi-files-{}", std::process::id()));
    let files = || Files::in_folder(&folder).expect("folder");
    each_with(files, |office| {
        let folder = folder.clone();
        async move {
            let text = "罗根生的欠条：46800元".repeat(100);
            let actor = office.registrar();
            let id = upload(&office, &actor, text.as_bytes()).await.expect("uploaded").attachment_id;
            let stored = walk(&folder);
            assert_eq!(stored.len(), 1, "{stored:?}");
            let bytes = std::fs::read(&stored[0]).expect("read");
            assert!(!bytes.windows(9).any(|w| w == "罗根生".as_bytes()));
            assert_eq!(stored[0].file_name().and_then(|n| n.to_str()).map(str::len), Some(64));
            let mut bent = bytes.clone();
            bent[60] ^= 1;
            std::fs::write(&stored[0], bent).expect("write");
            assert_eq!(fetch_all(&office, &actor, id).await.expect_err("bent").code, "intake_files_away");
            std::fs::remove_dir_all(&folder).expect("cleared");
            std::fs::create_dir_all(folder.join("attachments")).expect("folder");
        }
    })
    .await;
    std::fs::remove_dir_all(&folder).expect("cleared");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}
