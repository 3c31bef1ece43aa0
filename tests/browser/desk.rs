//! What people do at their desks, told once for all journeys.

use super::{PASSWORD, driver::Browser};

/// A letter as a clerk types it; its title is in no sample.
pub struct Letter {
    pub title: &'static str,
    pub purpose: &'static str,
    pub region: &'static str,
    pub text: &'static str,
    pub claims: &'static [&'static str],
    pub accused: Option<&'static str>,
}

/// Wages owed in the county of Qingyan.
pub const WAGES: Letter = Letter {
    title: "岩泉花园二期工地拖欠木工工资",
    purpose: "claim",
    region: "990102002",
    text: "2025年3月至11月在岩泉花园二期工地做木工，包工头一直拖欠工资。玳瑁纹路灯旁的项目部已经搬走。",
    claims: &["结清工资46800元", "对欠薪的劳务公司依法处罚"],
    accused: None,
};

/// A registered petition, as the page after it says.
pub struct Registered {
    pub number: String,
    pub query_code: String,
    pub matter: String,
}

/// Signs in and stands at the own desk.
pub async fn sign_in(browser: &Browser, login: &str) {
    browser.go("/login").await;
    browser.fill("login", login).await;
    browser.fill("password", PASSWORD).await;
    browser.click("main form [type=submit]").await;
    browser.find("form[action='/logout']").await;
}

/// Signs out.
pub async fn sign_out(browser: &Browser) {
    browser.click("form[action='/logout'] button").await;
    browser.arrives("/login").await;
}

/// The same browser, another person.
pub async fn hand_to(browser: &Browser, login: &str) {
    sign_out(browser).await;
    sign_in(browser, login).await;
}

/// Types a letter into the form, without its petitioner.
pub async fn type_letter(browser: &Browser, letter: &Letter) {
    browser.go("/register").await;
    browser.select("place_region", letter.region).await;
    browser.choose("purpose", letter.purpose).await;
    browser.fill("title", letter.title).await;
    browser.fill("text", letter.text).await;
    for (at, claim) in letter.claims.iter().enumerate() {
        if at > 0 {
            browser.click("[data-row-add=claim]").await;
        }
        browser.fill(&format!("claim-{}", at + 1), claim).await;
    }
    if let Some(agency) = letter.accused {
        browser.choose("accused", agency).await;
    }
}

/// Sends the form that stands on the page.
pub async fn submit(browser: &Browser) {
    browser.click("main .submit-bar [type=submit]").await;
}

/// What the page after a registration says.
pub async fn registered(browser: &Browser) -> Registered {
    browser.arrives("/registered/").await;
    let matters = browser.links(".receipt-card a[href^='/matters/']").await;
    Registered {
        number: browser.text(".receipt-card dl > div:nth-child(1) dd").await,
        query_code: browser.text(".receipt-card dl > div:nth-child(2) dd").await,
        matter: matters.into_iter().next().expect("a clerk is led to the matter"),
    }
}

/// Screens with what the rules propose and forwards it; gives the agency's code.
pub async fn forward_as_proposed(browser: &Browser, matter: &str) -> String {
    browser.comes(&format!("{matter}/screen"), ".proposed", "").await;
    let agency = browser.value("agency").await;
    assert_ne!(agency, "", "an agency is proposed");
    browser.select("route", "R6").await;
    submit(browser).await;
    browser.arrives("notice=forwarded").await;
    agency
}
