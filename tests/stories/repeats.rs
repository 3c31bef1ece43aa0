//! 重复件、联名件: two letters about one matter, in both scripts and from different people; the queue names the pair,
//! a person links it.

use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{at, claim, code_of, on_board, register, with},
    wait::wait_for,
};

const SIMPLIFIED: &str = "东风路从三号院到菜场这一段的路灯坏了三个月，夜里一片漆黑，老人出门摔倒过两次。\
     我们找过物业，也打过市政的电话，都说不归他们管。请尽快派人来修，并说明到底归谁管。";
const TRADITIONAL: &str = "東風路從三號院到菜場這一段的路燈壞了三個月，夜裡一片漆黑，老人出門摔倒過兩次。\
     我們找過物業，也打過市政的電話，都說不歸他們管。請盡快派人來修，並說明到底歸誰管。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_letters_about_one_matter_are_named_and_a_person_links_them() {
    let office = Office::start(&["renshe"]).await;
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let first = json!({ "title": "路灯坏了三个月", "text": SIMPLIFIED, "claims": ["请尽快修好"] });
    let first = register(&registrar, "like-1", &with(claim(), first)).await;
    // An accusation in the same words, registered between the two.
    let hidden = json!({ "purpose": "accusation", "text": SIMPLIFIED, "accused_agencies": ["renshe"] });
    let hidden = register(&registrar, "like-2", &with(claim(), hidden)).await;
    let neighbour = json!({ "name": "王秋菊", "id_kind": "citizen_id", "id_number": "11010519491231002X" });
    let again = json!({
        "title": "路燈壞了三個月", "text": TRADITIONAL, "claims": ["請盡快修好"], "petitioner": neighbour,
    });
    let again = register(&registrar, "like-3", &with(claim(), again)).await;
    let id = again.submission_id.to_string();

    let row: Value = wait_for("the queue names the earlier one", || async {
        let queue: Value = screener.get("/api/v1/matters?mine=to_screen").await.expect("queue");
        let rows = at(&queue, "/items").as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["matter_id"] == id.as_str() && row.get("repeat_number").is_some())
    })
    .await;
    assert_eq!(
        (&row["repeat_of"], &row["repeat_number"]),
        (&json!(first.submission_id), &json!(first.number))
    );
    let like = format!("/api/v1/matters/{id}/like");
    let found: Value = screener.get(&like).await.expect("looked");
    let [pair] = at(&found, "/pairs").as_array().expect("pairs").as_slice() else { panic!("{found}") };
    assert_eq!((&pair["number"], &pair["common_petitioner"]), (&json!(first.number), &json!(false)));
    assert!(!found.to_string().contains(&hidden.submission_id.to_string()));
    code_of(registrar.get::<Value>(&like).await);

    let link = json!({ "matter_id": first.submission_id, "reason": "同一路段的路灯，联名反映" });
    screener.post::<Value>(&format!("/api/v1/matters/{id}/link_repeat"), &link).await.expect("linked");
    let view = on_board(&screener, &id, "attached").await;
    assert_eq!(at(&view, "/board/attached_to"), &json!(first.submission_id));
    assert!(at(&view, "/board").get("repeat_of").is_none(), "what was decided is not proposed any more");
    office.stop().await;
}
