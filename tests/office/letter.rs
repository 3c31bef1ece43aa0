//! Letters of made-up people, and what the stories do with them over the REST face.

use std::fmt::Debug;

use contracts::{
    agency::commands::{Task, TaskChanged},
    intake::commands::{Receipt, Registration},
};
use serde_json::{Value, json};
use suite::client::{Client, Problem};

use super::wait::wait_for;

/// A name, a number, a telephone and an address that stand nowhere else: found again, they have leaked.
pub const CANARIES: [&str; 4] = ["庞鹊桥", "990102197101018066", "19900990417", "云岭市青岩县雀舌巷四一七号"];
/// A word of the text that stands nowhere else.
pub const TEXT_CANARY: &str = "玳瑁纹路灯";

/// A claim about wages, by letter, received today.
pub fn claim() -> Value {
    json!({
        "channel": "letter",
        "purpose": "claim",
        "petitioner_kind": "citizen",
        "place_region": "990102002",
        "title": "岩泉花园二期工地拖欠木工工资",
        "text": format!("我叫{}，电话{}，住{}，在工地干了九个月木工，工资没有结清。{TEXT_CANARY}旁边的项目部已经搬走。", CANARIES[0], CANARIES[2], CANARIES[3]),
        "claims": ["结清2025年3月至11月工资共计46800元", "对欠薪的劳务公司依法处罚"],
        "petitioner": petitioner(),
    })
}

/// The petitioner of the canaries.
pub fn petitioner() -> Value {
    json!({
        "name": CANARIES[0],
        "id_kind": "citizen_id",
        "id_number": CANARIES[1],
        "telephone": CANARIES[2],
        "address": CANARIES[3],
    })
}

/// A letter with some fields changed; `null` takes one away.
pub fn with(mut letter: Value, changes: Value) -> Value {
    let fields = letter.as_object_mut().expect("an object");
    let Value::Object(changes) = changes else { panic!("no object: {changes}") };
    for (name, value) in changes {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
    letter
}

/// Registers; the receipt is there.
pub async fn register(by: &Client, key: &str, letter: &Value) -> Receipt {
    match by.post_once("/api/v1/submissions", key, letter).await {
        Ok(Registration::Registered(receipt)) => receipt,
        Ok(Registration::Unconfirmed { warnings }) => panic!("{key}: {warnings:?}"),
        Err(error) => panic!("{key}: {error:#}"),
    }
}

/// What a refused request was told.
pub fn refused<T: Debug>(answer: anyhow::Result<T>) -> Problem {
    let error = answer.expect_err("this is refused");
    match error.chain().find_map(|e| e.downcast_ref::<Problem>()) {
        Some(problem) => problem.clone(),
        None => panic!("no problem document: {error:#}"),
    }
}

/// The code of the refusal.
pub fn code_of<T: Debug>(answer: anyhow::Result<T>) -> String {
    refused(answer).code
}

/// One matter as its caller sees it.
pub async fn matter(by: &Client, id: &str) -> Value {
    // A registration answers after its commit; the board follows a moment later.
    wait_for("the board has the matter", || async {
        suite::client::patiently(by.get::<Value>(&format!("/api/v1/matters/{id}")).await).expect("shown")
    })
    .await
}

/// A field of a JSON document; panics where there is none.
pub fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {value:#}"))
}

/// The version of a matter once the rules have proposed for it.
pub async fn proposed(by: &Client, id: &str) -> i64 {
    wait_for("the rules propose", || async {
        // A registration answers after its commit; the board follows a moment later.
        let view: Value =
            suite::client::patiently(by.get(&format!("/api/v1/matters/{id}")).await).expect("shown")?;
        let proposals = view.pointer("/routing/agencies").and_then(Value::as_array)?;
        let version = view.pointer("/routing/version").and_then(Value::as_i64)?;
        (!proposals.is_empty() || version >= 1).then_some(version)
    })
    .await
}

/// A hand-over to an agency: 转送.
pub fn forward_to(agency: &str) -> Value {
    json!({ "agency": agency, "mode": "forward" })
}

/// Screens a claim about wages and hands it over.
pub async fn screen(by: &Client, id: &str, hand_over: Value) -> anyhow::Result<Value> {
    let decision = json!({
        "expected_version": proposed(by, id).await,
        "purpose": "claim",
        "category": "labour.wages",
        "route": "R6",
        "level": "city",
        "hand_over": hand_over,
    });
    by.post(&format!("/api/v1/matters/{id}/screen"), &decision).await
}

/// A command at the version that the matter has at the moment; facts that arrive meanwhile are read.
pub async fn command(by: &Client, id: &str, verb: &str, body: Value) -> anyhow::Result<Value> {
    wait_for(verb, || async {
        let view = matter(by, id).await;
        let version = view.pointer("/routing/version").cloned().unwrap_or(json!(0));
        let body = with(body.clone(), json!({ "expected_version": version }));
        let answer = by.post::<Value>(&format!("/api/v1/matters/{id}/{verb}"), &body).await;
        match &answer {
            Err(error) if suite::client::problem_code(error) == Some("stale_version") => None,
            _ => Some(answer),
        }
    })
    .await
}

/// An agency's task about a matter, once its node holds it.
pub async fn task(by: &Client, matter: &str, asked: &str) -> Task {
    wait_for("the agency holds the task", || async {
        let page: contracts::Page<Task> =
            by.get(&format!("/api/v1/tasks?limit=200{asked}")).await.unwrap_or_else(|e| panic!("{e:#}"));
        page.items.into_iter().find(|t| t.dispatch.matter_id.to_string() == matter)
    })
    .await
}

/// A step on a task; its new version is kept.
pub async fn step(by: &Client, task: &mut Task, verb: &str, body: Value, asked: &str) -> anyhow::Result<()> {
    let body = with(body, json!({ "expected_version": task.version }));
    let path = format!("/api/v1/tasks/{}/{verb}{asked}", task.dispatch.assignment_id);
    let changed: TaskChanged = by.post(&path, &body).await?;
    (task.version, task.state) = (changed.version, changed.state);
    Ok(())
}

/// 受理告知
pub fn notice() -> Value {
    json!({ "handler": "劳动保障监察科", "telephone": "0990-8800100", "notice": "按信访程序办理，六十日内书面答复。" })
}

/// 处理意见书, which answers so many claims.
pub fn opinion(claims: i64) -> Value {
    let answers: Vec<Value> = (1..=claims)
        .map(|no| json!({ "claim_no": no, "outcome": "supported", "opinion": "予以支持，九月底前结清。" }))
        .collect();
    json!({
        "facts": "经查，欠薪属实。", "basis": "《保障农民工工资支付条例》第三十条",
        "answers": answers, "review_unit": "云岭市人民政府", "signer": "局长 某某",
    })
}

/// Waits until the board shows a matter in a state.
pub async fn on_board(by: &Client, id: &str, state: &str) -> Value {
    wait_for(&format!("the board shows {state}"), || async {
        let view = matter(by, id).await;
        (view.pointer("/board/state").and_then(Value::as_str) == Some(state)).then_some(view)
    })
    .await
}
