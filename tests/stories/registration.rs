//! 登记: once under one key, warnings and blocks, joint and anonymous letters.

use contracts::intake::commands::Registration;
use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{CANARIES, at, claim, code_of, matter, petitioner, refused, register, with},
};

const FORM: &str = "/api/v1/submissions";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_is_the_same_registration_and_doubtful_numbers_are_confirmed() {
    let office = Office::start(&["renshe"]).await;
    let registrar = office.person("registrar").await;

    let first = register(&registrar, "key-1", &claim()).await;
    let again = register(&registrar, "key-1", &claim()).await;
    assert_eq!(first, again, "number, code and dates are those of the first time");
    let other = with(claim(), json!({ "title": "另一件事" }));
    assert_eq!(code_of(registrar.post_once::<Value>(FORM, "key-1", &other).await), "idempotency_key_reused");
    let second = register(&registrar, "key-2", &claim()).await;
    assert_ne!(first.number, second.number);
    // Another person's key of the same name is another key.
    let elsewhere = register(&office.person("registrar2").await, "key-1", &claim()).await;
    assert_ne!(first.number, elsewhere.number);

    let person = |number: &str| {
        with(claim(), json!({ "petitioner": with(petitioner(), json!({ "id_number": number })) }))
    };
    let doubtful = person("990102197101018067");
    match registrar.post_once(FORM, "key-3", &doubtful).await.expect("an answer") {
        Registration::Unconfirmed { warnings } => {
            let found: Vec<_> = warnings.iter().map(|w| (w.field.as_str(), w.code.as_str())).collect();
            assert_eq!(found, [("petitioner.id_number", "id_check_digit")]);
        }
        Registration::Registered(receipt) => panic!("recorded unconfirmed: {}", receipt.number),
    }
    let confirmed =
        register(&registrar, "key-3", &with(doubtful, json!({ "warnings_confirmed": true }))).await;
    assert_eq!(next_of(&elsewhere.number), confirmed.number, "an unconfirmed letter uses up no number");

    for (number, code) in [("990102197113018066", "id_birth_date"), ("9901021971010180", "id_shape")] {
        let blocked = with(person(number), json!({ "warnings_confirmed": true }));
        let told = refused(registrar.post_once::<Value>(FORM, "key-4", &blocked).await);
        assert_eq!(told.code, code);
        assert!(told.detail.ends_with("[petitioner.id_number]"), "{}", told.detail);
        assert!(!told.detail.contains(number), "a refusal repeats no number: {}", told.detail);
    }
    let late = with(claim(), json!({ "received_on": "2026-08-04" }));
    assert_eq!(code_of(registrar.post_once::<Value>(FORM, "key-5", &late).await), "received_in_future");
    office.stop().await;
}

/// The number after this one.
fn next_of(number: &str) -> String {
    let (head, last) = number.rsplit_once('-').expect("a number");
    let next = last.parse::<u64>().expect("digits") + 1;
    format!("{head}-{next:0width$}", width = last.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn joint_and_anonymous_letters_are_what_they_say() {
    let office = Office::start(&["renshe"]).await;
    let desk = office.person("desk").await;
    let others: Vec<Value> = (1..40).map(|n| json!({ "name": format!("联名人{n}") })).collect();
    let joint = with(claim(), json!({ "heads": 40, "co_petitioners": others }));
    let receipt = register(&desk, "joint-1", &joint).await;
    let id = receipt.submission_id.to_string();
    let view = matter(&desk, &id).await;
    assert_eq!((at(&view, "/board/joint"), at(&view, "/board/heads")), (&json!(true), &json!(40)));
    assert!(!view.to_string().contains("联名人"), "the board shows no name");
    let asked = json!({ "purpose": "contacting" });
    let people: Value =
        desk.post(&format!("/api/v1/matters/{id}/identity"), &asked).await.expect("identities");
    assert_eq!(at(&people, "/petitioners").as_array().map(Vec::len), Some(40));
    let too_few = with(joint, json!({ "heads": 39 }));
    assert_eq!(code_of(desk.post_once::<Value>(FORM, "joint-2", &too_few).await), "heads_out_of_range");

    let anonymous = with(claim(), json!({ "anonymous": true, "petitioner": null }));
    let receipt = register(&desk, "anonymous-1", &anonymous).await;
    let id = receipt.submission_id.to_string();
    assert_eq!(at(&matter(&desk, &id).await, "/board/anonymous"), &json!(true));
    let people: Value = desk.post(&format!("/api/v1/matters/{id}/identity"), &asked).await.expect("nobody");
    assert_eq!(at(&people, "/petitioners"), &json!([]));
    let both = with(claim(), json!({ "anonymous": true }));
    assert_eq!(code_of(desk.post_once::<Value>(FORM, "anonymous-2", &both).await), "anonymous_with_name");
    let neither = with(claim(), json!({ "petitioner": null }));
    assert_eq!(code_of(desk.post_once::<Value>(FORM, "anonymous-3", &neither).await), "name_owed");
    // The public may write by web, and by no other channel.
    let by_letter = office.door.post_once::<Value>(FORM, "portal-1", &claim()).await;
    assert_eq!(code_of(by_letter), "channel_not_yours");
    let by_web = register(&office.door, "portal-2", &with(claim(), json!({ "channel": "web" }))).await;
    let seen = matter(&desk, &by_web.submission_id.to_string()).await;
    assert_eq!(at(&seen, "/board/channel"), "web");
    assert!(CANARIES.iter().all(|canary| !seen.to_string().contains(canary)));
    office.stop().await;
}
