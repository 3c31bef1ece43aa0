//! 主办与协办: handed over to three units on one form, a part given, the lead waiting for the other.

use super::{
    desk::{self, Registered, WAGES},
    driver::Browser,
    end, open, open_on_postgres,
};
use crate::office::Office;

const UNITS: &[&str] = &["renshe", "zhujian", "minzheng"];

#[tokio::test]
async fn a_lead_waits_for_the_parts_of_others_on_sqlite() {
    let (office, browser) = open(UNITS).await;
    waits(office, browser).await;
}

#[tokio::test]
async fn a_lead_waits_for_the_parts_of_others_on_postgresql() {
    let Some((office, browser)) = open_on_postgres(UNITS).await else { return };
    waits(office, browser).await;
}

async fn waits(office: Office, browser: Browser) {
    desk::sign_in(&browser, "desk").await;
    desk::type_letter(&browser, &WAGES).await;
    browser.fill("name", "庞鹊桥").await;
    desk::submit(&browser).await;
    let registered = desk::registered(&browser).await;
    hand_over(&browser, &registered).await;
    give_part(&browser, &registered).await;
    lead(&browser, &registered).await;
    end(office, browser).await;
}

async fn hand_over(browser: &Browser, registered: &Registered) {
    browser.comes(&format!("{}/screen", registered.matter), ".proposed", "").await;
    browser.select("route", "R6").await;
    browser.select("agency", "renshe").await;
    if browser.has("[id=override_reason]").await {
        browser.fill("override_reason", "工资争议由市人社局主办").await;
    }
    browser.click(".co-fields > summary").await;
    for (no, unit) in [("1", "zhujian"), ("2", "minzheng")] {
        browser.select(&format!("co_agency-{no}"), unit).await;
        browser.set_day(&format!("[id='co_due-{no}']"), "2026-08-28").await;
    }
    browser.picture("co-form").await;
    desk::submit(browser).await;
    browser.arrives("notice=forwarded").await;
    browser.comes(&registered.matter, "main", "住房和城乡建设局").await;
    browser.picture("matter-with-co").await;
    browser.comes(&format!("{}/co", registered.matter), ".co-parts", "民政局").await;
    browser.picture("co-parts").await;
}

async fn give_part(browser: &Browser, registered: &Registered) {
    desk::hand_to(browser, "zhujian.handler").await;
    browser.comes("/tasks", "main", &registered.number).await;
    browser.click(".task-list .row-link").await;
    desk::submit(browser).await;
    browser.arrives("notice=signed").await;
    desk::hand_to(browser, "zhujian.head").await;
    browser.comes("/tasks", "main", &registered.number).await;
    browser.click(".task-list .row-link").await;
    browser.choose("outcome-1", "supported").await;
    browser.fill("opinion-1", "工程款已拨付到位。").await;
    browser.choose("outcome-2", "not_supported").await;
    browser.fill("opinion-2", "未发现违法发包。").await;
    browser.fill("facts", "经查，总包单位已足额支付工程款。").await;
    browser.fill("basis", "《保障农民工工资支付条例》第二十九条").await;
    browser.picture("co-part-form").await;
    desk::submit(browser).await;
    browser.arrives("notice=").await;
}

/// The lead sees the part that came and the one that did not; without it no opinion goes out.
async fn lead(browser: &Browser, registered: &Registered) {
    desk::hand_to(browser, "renshe.handler").await;
    browser.comes("/tasks", "main", &registered.number).await;
    let task = browser.links(".task-list .row-link").await.remove(0);
    browser.comes(&task, ".co-parts li:nth-child(1) .badge", "已提交").await;
    browser.sees(".co-parts li:nth-child(2) .badge", "待").await;
    browser.picture("lead-waits").await;
    browser.comes("/inbox", ".inbox", "住房和城乡建设局已于").await;
}
