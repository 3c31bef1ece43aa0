//! What stands on a page is words, not codes, and says at a glance where a matter lies.

use kernel::{MatterId, Role};
use serde_json::json;

use crate::{
    browser::{Matter, Person, accepted, routing_view},
    facts::{self, Teller},
    support::Rig,
};

#[tokio::test]
async fn what_lies_with_the_office_is_told_from_what_lies_elsewhere() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    accepted(&rig, &mut teller).await;
    let id: MatterId = teller.mint.mint();
    teller.say(id, &facts::registered(id, "XF990102-260803-0002")).await;
    console::parts(&rig.deps).feed.step().await.expect("step");
    let screener = Person::office(&rig, Role::Screener).await;
    let board = screener.sees("/board?tab=all").await;
    assert!(board.contains(">本办</td>") && board.contains(">人力资源和社会保障局</td>"), "{board}");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_proposals_reason_words_the_level() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, notice } = accepted(&rig, &mut teller).await;
    rig.scripts.on("routing.matter", move |_| {
        let mut view = routing_view(id, assignment, notice);
        view["agencies"][0]["reasons"] = json!([{ "rule": "level", "detail": "county" }]);
        Ok(view)
    });
    let page = Person::office(&rig, Role::Screener).await.sees(&format!("/matters/{id}/screen")).await;
    assert!(page.contains("层级：县级"), "{page}");
    fresh.discard().await.expect("discarded");
}
