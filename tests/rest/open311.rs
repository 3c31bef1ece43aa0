//! Open311 GeoReport v2 with a client that exists (`georeport` of PyPI), and what it must not give to anybody.

use std::{path::PathBuf, process::Command};

use serde_json::{Value, json};

use crate::office::{Office, Store, letter::matter};

/// What the client is told to do; it prints one line of JSON.
const CLIENT: &str = r#"
import json, sys
import requests
from georeport import GeoReport
root, key = sys.argv[1], sys.argv[2]
said = {}
for form in ("json", "xml"):
    city = GeoReport(root + "/open311/v2", jurisdiction="990100", output_format=form)
    services = city.get_service_list()
    defined = city.get_service_definition("urban.municipal")
    said[form] = {"services": len(services), "code": services[0]["service_code"], "defined": defined["service_code"]}
    try:
        city.get_service_requests()
        said[form]["list"] = 200
    except requests.HTTPError as refused:
        said[form]["list"] = refused.response.status_code
asked = {"api_key": key, "jurisdiction_id": "990100", "service_code": "urban.municipal",
         "description": "玳瑁纹路灯不亮", "address_string": "青岩县人民路 12 号", "lat": "25.04", "long": "102.7",
         "last_name": "庞", "first_name": "鹊桥", "phone": "19900990417", "device_id": "canary-device",
         "attribute[region]": "990102"}
once = {"Idempotency-Key": "lamp-1"}
answers = [requests.post(root + "/open311/v2/requests.json", data=asked, headers=once) for _ in range(2)]
said["posted"] = [answer.status_code for answer in answers]
said["dropped"] = answers[0].headers.get("x-lianxi-dropped")
first, second = (answer.json()[0] for answer in answers)
said["same"] = first["service_request_id"] == second["service_request_id"]
number, code = first["service_request_id"], first["query_code"]
for form in ("json", "xml"):
    city = GeoReport(root + "/open311/v2", output_format=form)
    said[form]["state"] = city.get_service_request(number + "~" + code)
    try:
        city.get_service_request(number)
        said[form]["bare"] = 200
    except requests.HTTPError as refused:
        said[form]["bare"] = refused.response.status_code
wrong = requests.get(root + "/open311/v2/requests/" + number + ".json", params={"query_code": "AAA-AAAA-AAA"})
said["wrong"] = wrong.status_code
print(json.dumps(said))
"#;

fn python() -> PathBuf {
    PathBuf::from(std::env::var("LIANXI_VENV").expect("LIANXI_VENV")).join("bin/python")
}

async fn client(office: &Office, key: &str) -> Value {
    let root = office.suite.console().expect("a console").to_owned();
    let mut command = Command::new(python());
    command.args(["-c", CLIENT, &root, key]);
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("joined").expect("python");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("a line of JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_of_another_team_asks_and_follows_and_lists_nothing() {
    for store in [Store::Sqlite, Store::Postgres] {
        let Some(office) = Office::start_on(store, &["renshe"]).await else { continue };
        let admin = office.person("admin").await;
        let asked =
            json!({ "login": "api.app", "display": "随手拍", "roles": ["registrar"], "scopes": ["open311"] });
        let made: Value = admin.post("/api/v1/keys", &asked).await.expect("a key");
        let key = made["token"].as_str().expect("a token");
        let said = client(&office, key).await;
        for form in ["json", "xml"] {
            assert_eq!(said[form]["services"], 17, "{said}");
            assert_eq!(said[form]["defined"], "urban.municipal");
            assert_eq!((&said[form]["list"], &said[form]["bare"]), (&json!(403), &json!(400)), "{said}");
            assert_eq!(said[form]["state"]["status"], "open", "{said}");
        }
        assert_eq!(said["posted"], json!([201, 201]));
        assert_eq!(said["same"], true, "the same Idempotency-Key adds nothing");
        assert_eq!(said["dropped"], "device_id");
        assert_eq!(said["wrong"], 404, "{said}");
        // At the office it is a registration as every other: once, to be screened by a person.
        let desk = office.person("desk").await;
        let board: Value = desk.get("/api/v1/matters").await.expect("the board");
        let rows = board["items"].as_array().expect("rows");
        assert_eq!(rows.len(), 1, "{board}");
        let id = rows[0]["matter_id"].as_str().expect("an id");
        let why = json!({ "purpose": "screening" });
        let text: Value = desk.post(&format!("/api/v1/matters/{id}/content"), &why).await.expect("the text");
        assert!(text["text"].as_str().expect("text").contains("青岩县人民路 12 号 (25.04, 102.7)"), "{text}");
        assert!(!matter(&desk, id).await.to_string().contains("canary"), "the device is nowhere");
        // The key does that one thing.
        let own = office.door.with_key(key);
        let listed = own.get::<Value>("/api/v1/matters").await;
        assert_eq!(crate::office::letter::code_of(listed), "not_allowed");
        office.stop().await;
    }
}
