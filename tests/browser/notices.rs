//! Letters that are printed and posted, an inbox that says by itself that there is more, a code given anew.

use super::{
    desk::{self, Registered, WAGES},
    driver::Browser,
    end, open, open_on_postgres,
};
use crate::office::{
    Office,
    letter::{claim, forward_to, register, screen},
};

const PETITIONER: (&str, &str) = ("庞鹊桥", "990102197101018066");

#[tokio::test]
async fn letters_are_printed_posted_and_proved_on_sqlite() {
    let (office, browser) = open(&["renshe"]).await;
    written_to(office, browser).await;
}

#[tokio::test]
async fn letters_are_printed_posted_and_proved_on_postgresql() {
    let Some((office, browser)) = open_on_postgres(&["renshe"]).await else { return };
    written_to(office, browser).await;
}

async fn written_to(office: Office, browser: Browser) {
    desk::sign_in(&browser, "desk").await;
    let registered = by_post(&browser).await;
    letters(&browser, &registered).await;
    new_code(&browser, &registered).await;
    end(office, browser).await;
}

async fn by_post(browser: &Browser) -> Registered {
    desk::type_letter(browser, &WAGES).await;
    browser.fill("name", PETITIONER.0).await;
    browser.select("id_kind", "citizen_id").await;
    browser.fill("id_number", PETITIONER.1).await;
    browser.fill("address", "云岭市青岩县雀舌巷四一七号").await;
    desk::submit(browser).await;
    desk::registered(browser).await
}

/// Name and address come at the print, and nowhere before.
async fn letters(browser: &Browser, registered: &Registered) {
    browser.comes("/notices", ".notice-list", &registered.number).await;
    assert!(!browser.text("main").await.contains(PETITIONER.0), "the queue has numbers alone");
    browser.picture("letters").await;
    browser.click(".batch button").await;
    browser.sees("main", "雀舌巷").await;
    browser.sees("main", PETITIONER.0).await;
    browser.picture("letter-printed").await;
    browser.comes("/notices?tab=printed", ".notice-list", &registered.number).await;
    browser.fill("proof", "XA990417CN").await;
    browser.picture("letters-to-post").await;
    browser.click(".batch button:not(.secondary)").await;
    browser.comes("/notices?tab=sent", ".notice-list", "XA990417CN").await;
    browser.click(".c-steps summary").await;
    browser.type_in("form[action$='/deliver'] [name=proof]", "回执联").await;
    browser.picture("letters-sent").await;
    browser.click("form[action$='/deliver'] button").await;
    browser.find(".empty").await;
}

/// Another document is refused without a word on whose the matter is; the right one gives a code that works.
async fn new_code(browser: &Browser, registered: &Registered) {
    browser.go("/reissue").await;
    browser.fill("number", &registered.number).await;
    browser.fill("id_number", "990102197101018081").await;
    browser.click("main form [type=submit]").await;
    browser.find(".notice.problem").await;
    assert_eq!(browser.value("number").await, registered.number, "what was typed stays");
    browser.fill("id_number", PETITIONER.1).await;
    browser.click("main form [type=submit]").await;
    let code = browser.text("main.sheet tr:nth-child(2) td.number").await;
    browser.picture("code-again").await;
    assert_ne!(code, registered.query_code);
    browser.go("/board").await;
    desk::sign_out(browser).await;
    browser.go("/portal").await;
    browser.fill("number", &registered.number).await;
    browser.fill("query_code", &registered.query_code).await;
    browser.click("main form [type=submit]").await;
    browser.find(".notice.problem").await;
    browser.fill("query_code", &code).await;
    browser.click("main form [type=submit]").await;
    browser.find(".milestones").await;
}

#[tokio::test]
async fn an_open_inbox_says_by_itself_that_there_is_more() {
    let (office, browser) = open(&["renshe"]).await;
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let first = register(&registrar, "inbox-1", &claim()).await;
    screen(&screener, &first.submission_id.to_string(), forward_to("renshe")).await.expect("forwarded");
    desk::sign_in(&browser, "renshe.handler").await;
    browser.comes("/inbox", ".inbox", &first.number).await;
    browser.sees("[data-inbox-live]", "1").await;
    assert!(browser.has("[data-inbox-news][hidden]").await, "no news yet");
    let second = register(&registrar, "inbox-2", &claim()).await;
    screen(&screener, &second.submission_id.to_string(), forward_to("renshe")).await.expect("forwarded");
    // The page is not loaded again: it is told.
    browser.sees("[data-inbox-live]", "2").await;
    browser.find("[data-inbox-news]:not([hidden])").await;
    browser.picture("inbox-news").await;
    browser.click("[data-inbox-news] a").await;
    browser.sees(".inbox", &second.number).await;
    browser.click("header form[action='/inbox/read'] button").await;
    browser.sees(".inbox", &second.number).await;
    assert!(!browser.has(".inbox-item.unread").await, "all is read");
    end(office, browser).await;
}
