//! A year of working days that comes out while the office runs: limits that reached into it were provisional, and are
//! firm at once, in every part (architecture.md section 5).

use contracts::{Page, supervision::commands::DutyView};
use serde_json::json;
use suite::almanac;

use crate::office::{
    Office,
    letter::{claim, forward_to, notice, on_board, register, screen, step, task},
    wait::wait_for,
};

/// Made up: 2027 is not published yet.
fn made_up_2027() -> String {
    let off = [
        "01-01,off,元旦",
        "02-06,off,春节",
        "02-07,off,春节",
        "02-08,off,春节",
        "02-09,off,春节",
        "04-05,off,清明节",
        "05-01,off,劳动节",
        "05-02,off,劳动节",
        "06-09,off,端午节",
        "09-15,off,中秋节",
        "10-01,off,国庆节",
        "10-02,off,国庆节",
        "10-03,off,国庆节",
    ];
    let rows: Vec<_> = off.iter().map(|row| format!("2027,2027-{row},虚构〔2026〕1号")).collect();
    format!("year,date,kind,name,notice\n{}\n", rows.join("\n"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_that_is_loaded_while_the_office_runs_makes_provisional_limits_firm() {
    let office = Office::start(&["renshe"]).await;
    office.set_clock("2026-11-23T09:00:00+08:00");
    let (screener, officer) = (office.person("screener").await, office.person("supervisor").await);
    let (handler, desk) = (office.person("renshe.handler").await, office.person("registrar").await);
    let accepted = async |key: &str| {
        let id = register(&desk, key, &claim()).await.submission_id.to_string();
        screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
        let mut held = task(&handler, &id, "").await;
        step(&handler, &mut held, "sign", json!({}), "").await.expect("signed");
        step(&handler, &mut held, "notify_acceptance", notice(), "").await.expect("accepted");
        on_board(&screener, &id, "handling").await;
        id
    };
    let t06 = async |id: &str, provisional: bool| {
        wait_for(&format!("T06 is provisional: {provisional}"), || async {
            let path = format!("/api/v1/matters/{id}/duties");
            let all: Page<DutyView> = suite::client::patiently(officer.get(&path).await).expect("duties")?;
            all.items.into_iter().find(|d| d.rule.code() == "T06" && d.due.provisional == provisional)
        })
        .await
    };
    let before = accepted("days-1").await;
    let duty = t06(&before, true).await;
    assert_eq!(duty.due.nominal_on.to_string(), "2027-01-22", "sixty days, whatever is worked");
    almanac::load(office.folder.path(), &made_up_2027()).expect("loaded");
    let firm = t06(&before, false).await;
    assert_eq!(firm.due.legal_on.to_string(), "2027-01-22");
    let after = accepted("days-2").await;
    t06(&after, false).await;
    office.stop().await;
}
