//! What was published stays readable, and what is generated is up to date.

use std::{fs, path::Path, sync::Arc};

use contracts::{BadMessage, DispatchSeal, Message, MessageKind, asyncapi, documents, registry, subject};
use kernel::{AgencyCode, EventId, IdMint, SystemClock, UnixMillis};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn message(event_type: &str, body: String) -> Message {
    Message {
        id: IdMint::seeded(Arc::new(SystemClock), 1).mint::<_>(),
        event_type: event_type.to_owned(),
        source: "lianxi/agency/renshe".to_owned(),
        subject_id: "xf_01k1q8s4000000000000000001".to_owned(),
        at: UnixMillis(1_785_686_400_000),
        version: 1,
        causation: None,
        by: None,
        traceparent: None,
        dispatch: None,
        body,
    }
}

#[test]
fn every_sample_ever_committed_decodes_and_keeps_its_meaning() {
    for entry in registry::ALL {
        let folder = root().join("samples").join(entry.event_type);
        let samples: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|e| panic!("{} has no samples: {e}", entry.event_type))
            .map(|f| f.expect("file").path())
            .collect();
        assert!(!samples.is_empty(), "{} has no samples", entry.event_type);
        for path in samples {
            let text = fs::read_to_string(&path).expect("sample");
            let written = (entry.round_trip)(&message(entry.event_type, text.clone()))
                .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let before: serde_json::Value = serde_json::from_str(&text).expect("json");
            let after: serde_json::Value = serde_json::from_str(&written).expect("json");
            assert_eq!(before, after, "{}", path.display());
        }
    }
}

#[test]
fn samples_belong_to_types_that_exist() {
    for folder in fs::read_dir(root().join("samples")).expect("samples") {
        let name = folder.expect("folder").file_name().into_string().expect("utf-8");
        assert!(registry::find(&name).is_some(), "samples/{name} has no type");
    }
}

#[test]
fn types_are_named_once_and_by_the_rule() {
    let mut seen = std::collections::BTreeSet::new();
    for entry in registry::ALL {
        let parts: Vec<&str> = entry.event_type.split('.').collect();
        assert!(
            matches!(
                parts.as_slice(),
                [
                    "lianxi",
                    "intake" | "routing" | "agency" | "supervision" | "meetings" | "notification",
                    _,
                    "v1"
                ]
            ),
            "{}",
            entry.event_type
        );
        assert!(seen.insert(entry.event_type), "{} twice", entry.event_type);
    }
}

#[test]
fn generated_documents_are_up_to_date() {
    for entry in registry::ALL {
        let (name, text) = documents::schema_file(entry);
        let found = fs::read_to_string(root().join("schema").join(&name)).unwrap_or_default();
        assert_eq!(found, text, "schema/{name} is stale: run `make docs`");
    }
    let found = fs::read_to_string(root().join("EVENTS.md")).unwrap_or_default();
    assert_eq!(found, documents::events_md(registry::ALL), "EVENTS.md is stale: run `make docs`");
}

#[test]
fn the_asyncapi_document_is_up_to_date_and_names_every_type_and_command() {
    let text = asyncapi::document(&asyncapi::samples(root()).expect("samples"));
    let found = fs::read_to_string(root().join("asyncapi.json")).unwrap_or_default();
    assert!(found == text, "asyncapi.json is stale: run `make docs`");
    let document: serde_json::Value = serde_json::from_str(&text).expect("json");
    for entry in registry::ALL {
        assert!(document["components"]["messages"][entry.event_type].is_object(), "{}", entry.event_type);
    }
    for folder in fs::read_dir(root().join("src")).expect("sources") {
        let folder = folder.expect("folder").path();
        let service = folder.file_name().and_then(|n| n.to_str()).expect("utf-8").to_owned();
        if folder.join("commands.rs").exists() {
            let known = registry::SERVICES.iter().any(|(name, _)| *name == service);
            assert!(known, "registry::SERVICES lacks the commands of {service}");
        }
    }
}

fn wire(message: &Message, subject: &str) -> Result<Message, BadMessage> {
    let headers = message.headers();
    let find = |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone());
    Message::from_wire(subject, &find, message.body.as_bytes())
}

#[test]
fn a_message_survives_the_wire_and_a_foreign_subject_is_refused() {
    let renshe: AgencyCode = "renshe".parse().expect("code");
    let mut sent = message("lianxi.routing.assignment_dispatched.v1", "{}".to_owned());
    sent.source = "lianxi/routing".to_owned();
    sent.causation = Some(EventId::from_parts(UnixMillis(5), 9));
    sent.dispatch = Some(DispatchSeal {
        agency: renshe.clone(),
        sender: "routing".to_owned(),
        seq: 3,
        prev_hash: "0".repeat(64),
        hash: "1".repeat(64),
    });
    let subject = subject::dispatch(&renshe, "routing", &sent.subject_id);
    assert_eq!(sent.subject(MessageKind::Dispatch), subject);
    assert_eq!(wire(&sent, &subject), Ok(sent.clone()));
    assert_eq!(sent.order_key(), "lianxi/routing>renshe");
    let foreign = subject.replace("renshe", "jiaoyu");
    assert_eq!(wire(&sent, &foreign), Err(BadMessage::ForeignSubject(foreign.clone())));
}

#[test]
fn a_return_that_claims_another_agency_is_refused() {
    let sent = message("lianxi.agency.signed.v1", "{}".to_owned());
    let own = sent.subject(MessageKind::Return);
    assert_eq!(own, "returns.renshe.signed.xf_01k1q8s4000000000000000001");
    assert!(wire(&sent, &own).is_ok());
    assert!(wire(&sent, &own.replace("renshe", "jiaoyu")).is_err());
}

#[test]
fn a_message_names_the_account_and_an_agency_none_of_another_agencys() {
    let mut sent = message("lianxi.agency.signed.v1", "{}".to_owned());
    let own = sent.subject(MessageKind::Return);
    for (by, read) in [
        ("agency/renshe/us_01k1q8s4000000000000000001", true),
        // The office records the paper of an agency without computers.
        ("office/us_01k1q8s4000000000000000001", true),
        ("agency/jiaoyu/us_01k1q8s4000000000000000001", false),
    ] {
        sent.by = Some(by.parse().expect("an account"));
        let arrived = wire(&sent, &own);
        assert_eq!(arrived.is_ok_and(|message| message == sent), read, "{by}");
    }
}
