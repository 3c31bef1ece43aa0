//! An agency's people see their agency alone: neither another's tasks nor the office's pages.

use super::{
    desk::{self, WAGES},
    end, open,
};

#[tokio::test]
async fn an_agency_reaches_no_other_agency_and_not_the_office() {
    let (office, browser) = open(&["qyrenshe", "renshe", "jiaoyu"]).await;
    desk::sign_in(&browser, "desk").await;
    desk::type_letter(&browser, &WAGES).await;
    browser.fill("name", "庞鹊桥").await;
    desk::submit(&browser).await;
    let registered = desk::registered(&browser).await;
    let agency = desk::forward_as_proposed(&browser, &registered.matter).await;
    desk::hand_to(&browser, &format!("{agency}.handler")).await;
    browser.comes("/tasks", "main", &registered.number).await;
    let task = browser.links(".task-list .row-link").await.remove(0);
    assert_eq!(browser.status(&task).await, 200);
    desk::hand_to(&browser, "jiaoyu.handler").await;
    browser.go("/tasks").await;
    assert!(!browser.has(".row-link").await, "another agency's list is empty");
    let matter = registered.matter.as_str();
    let office_pages =
        ["/board", "/register", "/restricted", "/users", "/status", matter, &format!("{matter}/screen")];
    for path in [task.as_str(), &format!("{task}/print/letter")].into_iter().chain(office_pages) {
        let status = browser.status(path).await;
        assert!(matches!(status, 403 | 404), "{path}: {status}");
    }
    browser.go("/board").await;
    assert!(!browser.has(".board-list").await, "a typed address shows no board");
    end(office, browser).await;
}
