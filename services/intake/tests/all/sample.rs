//! The sample office's petitions: each passes the checks of a registration, and its masked text names nobody.

use contracts::intake::commands::{Identity, Register};
use intake::{
    Policy,
    domain::{masking::Patterns, registration},
};
use serde_json::{Value, json};

fn sample(file: &str) -> String {
    let path = format!("{}/../../deploy/profiles/sample/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn person(value: &Value) -> Value {
    let mut person = value.clone();
    if person["id_kind"] == "none" {
        person.as_object_mut().expect("person").remove("id_kind");
    }
    person
}

fn command(line: &Value) -> Register {
    let mut fields = json!({});
    for name in [
        "channel",
        "purpose",
        "anonymous",
        "heads",
        "written_on",
        "received_on",
        "place_region",
        "title",
        "text",
        "claims",
    ] {
        if let Some(value) = line.get(name).filter(|v| !v.is_null()) {
            fields[name] = value.clone();
        }
    }
    fields["petitioner_kind"] = line["kind"].clone();
    fields["warnings_confirmed"] = json!(true);
    if let Some(petitioner) = line.get("petitioner").filter(|p| !p.is_null()) {
        fields["petitioner"] = person(petitioner);
    }
    if let Some(others) = line.get("co_petitioners").and_then(Value::as_array) {
        fields["co_petitioners"] = others.iter().map(person).collect();
    }
    serde_json::from_value(fields).unwrap_or_else(|e| panic!("{}: {e}", line["key"]))
}

#[test]
fn every_sample_petition_may_be_registered_and_is_masked() {
    let policy = Policy::from_toml(&sample("policy.toml")).expect("policy");
    let today = "2026-08-03".parse().expect("date");
    let mut seen = 0;
    for line in sample("petitions.jsonl").lines() {
        let line: Value = serde_json::from_str(line).expect("json");
        let command = command(&line);
        if let Err(refusal) = registration::check(&command, today, &policy.registration) {
            panic!("{}: {refusal} at {:?}", line["key"], refusal.field);
        }
        let people: Vec<Identity> =
            command.petitioner.iter().chain(&command.co_petitioners).cloned().collect();
        let masked = Patterns::of(&people).mask(&format!("{}\n{}", command.title, command.text));
        for one in &people {
            let hidden = [Some(&one.name), one.id_number.as_ref(), one.telephone.as_ref()];
            for canary in hidden.into_iter().flatten().filter(|c| c.chars().count() > 1) {
                assert!(!masked.contains(canary.as_str()), "{}: {masked}", line["key"]);
            }
        }
        seen += 1;
    }
    assert!(seen >= 100, "{seen}");
}
