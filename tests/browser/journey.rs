//! One petition from the counter to 办结, each step by the person whose step it is.

use super::{
    desk::{self, Registered, WAGES},
    driver::Browser,
    end, open,
};

const NO_SUCH_DAY: &str = "990102197102300015";
const WRONG_CHECK_DIGIT: &str = "990102197101018065";

#[tokio::test]
async fn a_petition_goes_from_the_counter_to_its_end() {
    let (office, browser) = open(&["renshe", "qyrenshe"]).await;
    desk::sign_in(&browser, "desk").await;
    let registered = register(&browser).await;
    let agency = screen(&browser, &registered).await;
    handle(&browser, &agency, &registered).await;
    answer(&browser, &agency, &registered).await;
    look_back(&browser, &registered).await;
    look_up(&browser, &registered).await;
    end(office, browser).await;
}

async fn register(browser: &Browser) -> Registered {
    desk::type_letter(browser, &WAGES).await;
    browser.fill("name", "庞鹊桥").await;
    browser.fill("telephone", "19900990417").await;
    browser.select("id_kind", "citizen_id").await;
    browser.fill("id_number", NO_SUCH_DAY).await;
    desk::submit(browser).await;
    // A day that cannot be blocks: said beside the field, and nothing typed is lost.
    browser.find("#id_number-problem").await;
    browser.picture("register-refused").await;
    for (field, typed) in [
        ("title", WAGES.title),
        ("text", WAGES.text),
        ("claim-1", WAGES.claims[0]),
        ("claim-2", WAGES.claims[1]),
        ("place_region", WAGES.region),
        ("name", "庞鹊桥"),
        ("telephone", "19900990417"),
        ("id_number", NO_SUCH_DAY),
    ] {
        assert_eq!(browser.value(field).await, typed, "{field} is kept");
    }
    browser.fill("id_number", WRONG_CHECK_DIGIT).await;
    desk::submit(browser).await;
    // A check digit that fails only warns: the person confirms.
    browser.find("#id_number-warning").await;
    browser.picture("register-doubt").await;
    browser.choose("warnings_confirmed", "true").await;
    desk::submit(browser).await;
    let registered = desk::registered(browser).await;
    browser.picture("registered").await;
    browser.click(".receipt-card a[href$='/receipt']").await;
    browser.sees("main.sheet", &registered.number).await;
    browser.sees("main.sheet", &registered.query_code).await;
    browser.find("main.sheet .qr svg").await;
    browser.picture("receipt").await;
    registered
}

async fn screen(browser: &Browser, registered: &Registered) -> String {
    browser.go(&registered.matter).await;
    browser.sees(".page-head", "已登记").await;
    let agency = desk::forward_as_proposed(browser, &registered.matter).await;
    browser.sees(".page-head", "已转送").await;
    browser.picture("forwarded").await;
    agency
}

async fn handle(browser: &Browser, agency: &str, registered: &Registered) {
    desk::hand_to(browser, &format!("{agency}.handler")).await;
    browser.comes("/tasks", "main", &registered.number).await;
    browser.picture("tasks").await;
    browser.click(".task-list .row-link").await;
    desk::submit(browser).await;
    browser.arrives("notice=signed").await;
    // The text opens in place, for a purpose.
    browser.click("#sealed-text input[name=purpose][value=handling]").await;
    browser.click("#sealed-text [type=submit]").await;
    browser.sees("#sealed-text .petition", "玳瑁纹路灯").await;
    browser.picture("text-opened").await;
    browser.fill("telephone", "0990-8821841").await;
    browser.fill("notice", "本件按信访程序办理，自受理之日起六十日内答复。").await;
    desk::submit(browser).await;
    browser.arrives("notice=accepted").await;
    // The opinion is the head's to sign: the handler is told so.
    assert!(!browser.has("#step").await, "a handler has no form for the opinion");
}

async fn answer(browser: &Browser, agency: &str, registered: &Registered) {
    desk::hand_to(browser, &format!("{agency}.head")).await;
    browser.comes("/tasks", "main", &registered.number).await;
    browser.click(".task-list .row-link").await;
    browser.choose("outcome-1", "supported").await;
    browser.fill("opinion-1", "用人单位已于八月三日支付全部工资。").await;
    browser.choose("outcome-2", "not_supported").await;
    browser.fill("opinion-2", "该公司已在责令期限内改正，依法不予处罚。").await;
    browser.fill("facts", "经查，拖欠工资情况属实，金额46800元。").await;
    browser.fill("basis", "《保障农民工工资支付条例》第三十条").await;
    assert_ne!(browser.value("review_unit").await, "", "the unit above is proposed for the review");
    browser.picture("opinion-form").await;
    desk::submit(browser).await;
    browser.arrives("notice=opinion_issued").await;
    browser.choose("way", "in_person").await;
    browser.fill("proof", "本人当面签收").await;
    desk::submit(browser).await;
    browser.arrives("notice=served").await;
    browser.choose("close_code", "P").await;
    desk::submit(browser).await;
    browser.arrives("notice=closed").await;
    browser.sees(".page-head", "办结").await;
    browser.picture("task-closed").await;
}

/// The board has the end, and every paper is there to print.
async fn look_back(browser: &Browser, registered: &Registered) {
    desk::hand_to(browser, "desk").await;
    let list = format!("/board?tab=all&q={}", registered.number);
    browser.comes(&list, ".board-list .c-state", "办结").await;
    browser.click(".board-list .row-link").await;
    browser.sees(".page-head", &registered.number).await;
    browser.picture("matter-closed").await;
    let papers = browser.links("ul.documents a").await;
    let mut printed = String::new();
    for (at, paper) in papers.iter().enumerate() {
        browser.go(paper).await;
        browser.find("main.sheet").await;
        browser.picture(&format!("paper-{at}")).await;
        printed += &browser.text("main.sheet").await;
    }
    let letter = format!("编号 {}", registered.number);
    for words in [
        letter.as_str(),
        "请依法按程序办理",
        "按信访程序办理",
        "拖欠工资情况属实",
        "对诉求1",
        "对诉求2",
        "申请复查",
    ] {
        assert!(printed.contains(words), "`{words}` is on none of {papers:?}: {printed}");
    }
    browser.go(&registered.matter).await;
    browser.click(".languages a[lang=en]").await;
    browser.sees(".page-head", "Closed").await;
    browser.sees(".ways", "Board").await;
    browser.click(".languages a[lang=zh-CN]").await;
    browser.sees(".page-head", "办结").await;
    desk::sign_out(browser).await;
}

/// The petitioner sees how far it came and which unit looked; never without the code.
async fn look_up(browser: &Browser, registered: &Registered) {
    browser.go("/portal").await;
    browser.fill("number", &registered.number).await;
    browser.fill("query_code", "AAAA-AAAA-AAAA-AAAA").await;
    browser.click("main form [type=submit]").await;
    browser.find(".notice.problem").await;
    browser.fill("query_code", &registered.query_code).await;
    browser.click("main form [type=submit]").await;
    browser.sees(".milestones", "办结").await;
    browser.sees("[aria-labelledby=h-reads]", "人力资源和社会保障局").await;
    browser.sees("[aria-labelledby=h-reads]", "正文").await;
    browser.picture("look-up").await;
    assert!(!browser.text("main").await.contains("庞鹊桥"), "no name on the public page");
}
