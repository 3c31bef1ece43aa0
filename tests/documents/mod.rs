//! The published document of the bus, read by a program that is not ours.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::{architecture::root, office::folder::Folder};

/// Parses a document with `@asyncapi/parser` under node.
fn parsed(file: &Path) -> Result<Value, String> {
    let tool = root().join("deploy/tools/asyncapi");
    assert!(tool.join("node_modules").exists(), "no parser: run deploy/tools/setup.sh asyncapi");
    let told = Command::new("node").arg(tool.join("check.mjs")).arg(file).output().expect("node");
    if told.status.success() {
        Ok(serde_json::from_slice(&told.stdout).expect("json"))
    } else {
        Err(String::from_utf8_lossy(&told.stderr).into_owned())
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn asyncapis_own_parser_reads_the_bus_and_finds_every_type_subject_and_operation() {
    let found = parsed(&root().join("shared/contracts/asyncapi.json")).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(found["version"], "3.0.0");
    assert_eq!(texts(&found["servers"]), ["agency", "office"]);
    let (channels, messages) = (texts(&found["channels"]), texts(&found["messages"]));
    for entry in contracts::registry::ALL {
        assert!(messages.contains(&entry.event_type), "no message {}", entry.event_type);
    }
    for address in [
        "JS.core.API.CONSUMER.MSG.NEXT.DISPATCH_{agency}.worker",
        "$JS.ACK.hub.{account}.DISPATCH_{agency}.worker.{delivery}",
        "out.{type}.{subject}",
        "svc.intake.open.{agency}",
        "svc.intake.put.{agency}",
        "evt.routing.{type}.{id}",
        "dispatch.{agency}.{sender}.{matter}",
        "returns.{agency}.{type}.{subject}",
    ] {
        assert!(channels.contains(&address), "no channel {address}");
    }
    assert!(found["examples"].as_i64().expect("a count") >= contracts::registry::ALL.len() as i64);
    let operations = texts(&found["operations"]);
    for name in ["agency_pulls", "agency_returns_received", "agency_returns_completed", "agency_asks_open"] {
        assert!(operations.contains(&name), "no operation {name}");
    }
}

#[test]
fn the_parser_finds_a_sample_that_is_not_of_its_type_and_a_reference_to_nothing() {
    let folder = Folder::new("asyncapi");
    let text = std::fs::read_to_string(root().join("shared/contracts/asyncapi.json")).expect("document");
    let true_document: Value = serde_json::from_str(&text).expect("json");
    let judged = |change: &dyn Fn(&mut Value)| {
        let mut document = true_document.clone();
        change(&mut document);
        let file = folder.path().join("asyncapi.json");
        std::fs::write(&file, document.to_string()).expect("written");
        parsed(&file).expect_err("it is wrong")
    };
    let why = judged(&|d| {
        d["components"]["messages"]["lianxi.agency.signed.v1"]["examples"][0]["payload"]["signed_on"] =
            true.into();
    });
    assert!(why.contains("signed"), "{why}");
    judged(&|d| d["operations"]["agency_pulls"]["channel"]["$ref"] = "#/channels/none".into());
}
