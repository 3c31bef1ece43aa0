//! 联席会议 from the agenda to the checked report, each step by the person whose step it is.

use super::{desk, driver::Browser, end, open, open_on_postgres};
use crate::office::{
    Office,
    dispute::disputed,
    letter::{claim, register},
};

#[tokio::test]
async fn a_dispute_is_settled_by_the_conference_on_sqlite() {
    let (office, browser) = open(&["renshe", "jiwei"]).await;
    settled(office, browser).await;
}

#[tokio::test]
async fn a_dispute_is_settled_by_the_conference_on_postgresql() {
    let Some((office, browser)) = open_on_postgres(&["renshe", "jiwei"]).await else { return };
    settled(office, browser).await;
}

async fn settled(office: Office, browser: Browser) {
    let number = dispute(&office).await;
    desk::sign_in(&browser, "director").await;
    let meeting = call(&browser, &number).await;
    reply(&browser, &number).await;
    office.set_clock("2026-08-10T12:00:00+08:00");
    desk::hand_to(&browser, "director").await;
    hold(&browser, &meeting).await;
    decide(&browser, &meeting).await;
    report(&browser, &number).await;
    end(office, browser).await;
}

async fn dispute(office: &Office) -> String {
    let receipt = register(&office.person("registrar").await, "conference-page", &claim()).await;
    let (renshe, jiwei) = (office.person("renshe.handler").await, office.person("jiwei.handler").await);
    let id = receipt.submission_id.to_string();
    disputed(&office.person("screener").await, [("renshe", &renshe), ("jiwei", &jiwei)], &id).await;
    receipt.number
}

/// The item came by itself; the director takes it and calls a meeting on it.
async fn call(browser: &Browser, number: &str) -> String {
    browser.comes("/meetings", "main", number).await;
    browser.picture("agenda").await;
    browser.click("form:has([name=take][value=true]) button").await;
    browser.sees("article.card .badge", "待上会").await;
    browser.go("/meetings/call").await;
    assert_eq!(browser.value("on").await, "2026-08-10", "a weekday is proposed");
    assert_eq!(browser.value("reply_by").await, "2026-08-07", "and one before it to reply");
    assert!(browser.has("input[name=item]:checked").await, "what waits is on the agenda");
    browser.picture("meeting-call").await;
    browser.click("main form.card button[type=submit]").await;
    let meeting = browser.arrives("notice=meeting_called").await;
    browser.sees("main", "纪律检查委员会").await;
    let meeting = meeting.split('?').next().expect("a path").to_owned();
    browser.go(&format!("{meeting}/print/notice")).await;
    browser.sees("main.sheet", "会议通知").await;
    browser.picture("meeting-notice").await;
    browser.go("/meetings").await;
    meeting
}

/// A party replies and files its position on the item.
async fn reply(browser: &Browser, number: &str) {
    desk::hand_to(browser, "jiwei.handler").await;
    browser.comes("/conference", "main", "工作会议").await;
    browser.picture("invitation").await;
    browser.click("form[action$='/reply_invitation'] button").await;
    browser.arrives("notice=invitation_answered").await;
    browser.sees("article.card .facts", "参加").await;
    browser.click("article.card details > summary").await;
    browser.type_in("form[action$='/file_position'] textarea", "本件不涉及监察对象履职问题。").await;
    browser.type_in("form[action$='/file_position'] [name=own_duties]", "监察法第十一条").await;
    browser.picture("position").await;
    browser.click("form[action$='/file_position'] button").await;
    browser.comes("/conference", "article.card", number).await;
}

/// What was written came; who was there is recorded.
async fn hold(browser: &Browser, meeting: &str) {
    let third = ".positions li:nth-child(3)";
    browser.comes(meeting, third, "书面意见").await;
    browser.comes(meeting, "select[name=attendance-jiwei]", "到会").await;
    browser.fill("who-renshe", "副局长 甲").await;
    browser.fill("who-jiwei", "信访室主任 乙").await;
    browser.picture("meeting-attendance").await;
    browser.click("form[action$='/hold_meeting'] button").await;
    browser.sees(".page-head .badge", "已召开").await;
}

/// Without a competent unit nothing is resolved, and what was typed stays; then the minutes are fixed.
async fn decide(browser: &Browser, meeting: &str) {
    let facts = "form[action$='/decide_item'] [name=facts]";
    browser.type_in(facts, "欠薪属实，工资争议为主。").await;
    browser.picture("meeting-decide").await;
    browser.click("form[action$='/decide_item'] > button").await;
    browser.find(".notice.problem").await;
    browser.sees(facts, "工资争议为主").await;
    browser.click("form[action$='/decide_item'] [name=lead] option[value=renshe]").await;
    browser.set_day("form[action$='/decide_item'] [name=due_on]", "2026-09-25").await;
    browser.click("form[action$='/decide_item'] [name=checker] option[value=supervisor]").await;
    browser.type_in("form[action$='/decide_item'] [name=action]", "核实欠薪并督促支付。").await;
    browser.click("form[action$='/decide_item'] > button").await;
    browser.sees("article.card .facts ~ .facts", "核实欠薪并督促支付").await;
    browser.fill("convener", "召集人 市委常委").await;
    browser.click("form[action$='/fix_minutes'] button").await;
    browser.sees(".page-head .badge", "纪要").await;
    // Routing carries the resolution out.
    browser.comes(meeting, "article.card > h3 .badge", "已议定").await;
    browser.picture("meeting-fixed").await;
    browser.go(&format!("{meeting}/print/minutes")).await;
    browser.sees("main.sheet", "核实欠薪并督促支付").await;
    browser.picture("minutes").await;
    browser.go("/meetings").await;
}

/// The lead reports, the supervisor checks.
async fn report(browser: &Browser, number: &str) {
    desk::hand_to(browser, "renshe.handler").await;
    browser.comes("/conference", "main", "核实欠薪").await;
    browser.picture("resolution-task").await;
    browser.type_in("form[action$='/report_resolution_task'] [name=text]", "已督促全部付清。").await;
    browser.click("form[action$='/report_resolution_task'] > button").await;
    browser.arrives("notice=task_answered").await;
    browser.comes("/tasks", "main", number).await;
    desk::hand_to(browser, "supervisor").await;
    browser.comes("/meetings?tab=resolution_tasks", "article.order .badge", "已报告").await;
    browser.picture("resolution-check").await;
    browser.click("form:has([name=verdict][value=done]) button").await;
    browser.comes("/meetings?tab=resolution_tasks", "article.order .badge", "完成").await;
}
