//! The console in Chromium, in Chinese, as people use it: real office, real bus, real browser.

mod board;
mod co_handling;
mod conference;
mod desk;
mod driver;
mod fences;
mod journey;
mod notices;
mod restricted;

use crate::office::{Office, Store};
use driver::Browser;

/// The sample's password for every login.
const PASSWORD: &str = "lianxi-demo-2026";

/// An office with these agencies, and a browser before its console.
async fn open(agencies: &[&str]) -> (Office, Browser) {
    let office = Office::start(agencies).await;
    let browser = Browser::open(office.suite.console().expect("a console")).await;
    (office, browser)
}

/// The same on PostgreSQL; `None` where no server is named.
async fn open_on_postgres(agencies: &[&str]) -> Option<(Office, Browser)> {
    let office = Office::start_on(Store::Postgres, agencies).await?;
    let browser = Browser::open(office.suite.console().expect("a console")).await;
    Some((office, browser))
}

/// Ends both.
async fn end(office: Office, browser: Browser) {
    browser.close().await;
    office.stop().await;
}
