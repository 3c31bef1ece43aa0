//! 检举控告: whoever registered it sees nothing of it any more; its officer alone does.

use super::{
    desk::{self, Letter},
    end, open,
};

const ACCUSATION: Letter = Letter {
    title: "反映映月街道某干部收受礼金",
    purpose: "accusation",
    region: "990101001",
    text: "该干部在发放补助时收受礼金，水磨坊账本可以为证。",
    claims: &["请依纪依法查处"],
    accused: Some("yingyue"),
};

#[tokio::test]
async fn an_accusation_is_seen_by_its_officer_alone() {
    let (office, browser) = open(&["jiwei"]).await;
    desk::sign_in(&browser, "desk").await;
    desk::type_letter(&browser, &ACCUSATION).await;
    browser.fill("name", "庞鹊桥").await;
    desk::submit(&browser).await;
    let registered = desk::registered(&browser).await;
    desk::hand_to(&browser, "restricted").await;
    browser.comes("/restricted", "main", registered.matter.trim_start_matches("/matters/")).await;
    assert!(!browser.text("main").await.contains(ACCUSATION.title), "the list shows no content");
    browser.picture("restricted").await;
    browser.go(&registered.matter).await;
    browser.find(".notice.warning").await;
    browser.go(&format!("{}/screen", registered.matter)).await;
    browser.find("#agency").await;
    browser.picture("restricted-screen").await;
    for login in ["desk", "director", "auditor"] {
        desk::hand_to(&browser, login).await;
        browser.go(&format!("/board?tab=all&q={}", registered.number)).await;
        assert!(!browser.has(".row-link").await, "{login} finds no accusation on the board");
        for path in ["/restricted", &registered.matter, &format!("{}/screen", registered.matter)] {
            let status = browser.status(path).await;
            assert!(matches!(status, 403 | 404), "{login} at {path}: {status}");
        }
    }
    end(office, browser).await;
}
