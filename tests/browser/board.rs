//! The board's search and filters stand in its address: a list can be sent, reloaded and gone back to.

use super::{
    desk::{self, WAGES},
    end, open,
};

#[tokio::test]
async fn search_and_filters_stand_in_the_address() {
    let (office, browser) = open(&["renshe"]).await;
    desk::sign_in(&browser, "desk").await;
    desk::type_letter(&browser, &WAGES).await;
    browser.fill("name", "庞鹊桥").await;
    desk::submit(&browser).await;
    let registered = desk::registered(&browser).await;
    browser.comes("/board?tab=all", "#board", &registered.number).await;
    // The list is exchanged in place, and the address says what it shows.
    browser.select("state", "closed").await;
    browser.arrives("state=closed").await;
    browser.sees("#board .empty", "没有符合条件的事项").await;
    browser.select("state", "registered").await;
    browser.arrives("state=registered").await;
    browser.sees("#board", &registered.number).await;
    browser.fill("q", &registered.number).await;
    browser.click("#filters .go [type=submit]").await;
    let address = browser.arrives(&format!("q={}", registered.number)).await;
    browser.go(&address).await;
    assert_eq!(browser.value("q").await, registered.number, "the search survives a reload");
    assert_eq!(browser.value("state").await, "registered", "so does the filter");
    browser.sees("#board", &registered.number).await;
    browser.picture("board-filtered").await;
    browser.click("#board .tabs a[href*='tab=closed']").await;
    let closed = browser.arrives("tab=closed").await;
    assert!(closed.contains(&format!("q={}", registered.number)), "a tab keeps the search: {closed}");
    browser.back().await;
    browser.sees("#board", &registered.number).await;
    end(office, browser).await;
}
