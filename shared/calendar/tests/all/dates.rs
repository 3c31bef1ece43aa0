//! Due dates: extension, pauses, the unknown year, and their workings.

use std::collections::BTreeSet;

use calendar::{
    BadLimit, Calendar, CalendarUnknown, DayNote, DueDate, Extension, Lang, Limit, LimitRefused, Pause,
    PauseReason, REFUSALS, RuleId, Terms, Unit, due, due_with, explain, missing_years,
};
use kernel::Refusal;

use crate::{national, on, with_2027};

fn t06() -> DueDate {
    due(RuleId::T06, on("2026-08-03"), &national(), &Calendar::shipped()).expect("a date")
}

fn extend(date: &DueDate, days: u32, granted: &str) -> Result<DueDate, LimitRefused> {
    let extension = Extension { days, granted_on: on(granted) };
    date.extended(extension, &national(), &Calendar::shipped())
}

#[test]
fn an_extension_adds_to_the_count_and_not_to_the_rolled_date() {
    let longer = extend(&t06(), 30, "2026-10-08").expect("granted on the last day");
    assert_eq!((longer.days, longer.extended_days, longer.total_days()), (60, 30, 90));
    assert_eq!((longer.nominal_on, longer.legal_on), (on("2026-11-01"), on("2026-11-02")));
}

#[test]
fn an_extension_beyond_the_cap_is_refused() {
    let rule = RuleId::T06;
    for asked in [0, 31] {
        let refused = LimitRefused::ExtensionOutOfBounds { rule, asked, most: 30 };
        assert_eq!(extend(&t06(), asked, "2026-09-01"), Err(refused));
    }
}

#[test]
fn a_second_extension_is_refused_even_within_the_cap() {
    let once = extend(&t06(), 10, "2026-09-01").expect("the first");
    let refused = LimitRefused::SecondExtension { rule: RuleId::T06, extended_days: 10 };
    assert_eq!(extend(&once, 5, "2026-09-02"), Err(refused));
}

#[test]
fn an_extension_after_the_limit_or_before_it_is_refused() {
    for granted in ["2026-10-09", "2026-08-02"] {
        let refused = extend(&t06(), 10, granted);
        assert!(matches!(refused, Err(LimitRefused::ExtensionOutOfTime { .. })), "{granted}");
    }
}

#[test]
fn only_the_handling_of_a_matter_can_be_extended() {
    let (profile, calendar) = (national(), Calendar::shipped());
    for &rule in RuleId::ALL.iter().filter(|r| **r != RuleId::T06) {
        let Ok(date) = due(rule, on("2026-08-03"), &profile, &calendar) else { continue };
        assert_eq!(extend(&date, 1, "2026-08-03"), Err(LimitRefused::NotExtendable { rule }));
    }
}

#[test]
fn a_pause_that_the_rule_does_not_know_is_refused() {
    let pause = Pause { reason: PauseReason::Hearing, from_on: on("2026-09-01"), to_on: on("2026-09-03") };
    let refused = t06().paused(pause, &national(), &Calendar::shipped());
    let wanted = LimitRefused::PauseNotAllowed { rule: RuleId::T06, reason: PauseReason::Hearing };
    assert_eq!(refused, Err(wanted));
    let review = due(RuleId::T10, on("2026-08-20"), &national(), &Calendar::shipped()).expect("a date");
    let paused = review.paused(pause, &national(), &Calendar::shipped()).expect("a hearing");
    assert_eq!(paused.legal_on, on("2026-09-22"));
    let reversed = Pause { to_on: on("2026-08-31"), ..pause };
    let refused = review.paused(reversed, &national(), &Calendar::shipped());
    assert!(matches!(refused, Err(LimitRefused::Bad(BadLimit::PauseReversed { .. }))));
    let appraisal = Pause { reason: PauseReason::Appraisal, ..pause };
    assert!(review.paused(appraisal, &national(), &Calendar::shipped()).is_err());
}

#[test]
fn a_limit_is_named_for_an_assignment_and_for_nothing_else() {
    let named = Some(Limit { days: 20, unit: Unit::Natural });
    let terms = Terms { named, ..Terms::default() };
    let refused = due_with(RuleId::T06, on("2026-08-03"), &terms, &national(), &Calendar::shipped());
    assert_eq!(refused, Err(LimitRefused::LimitNotNameable { rule: RuleId::T06 }));
    let date = due_with(RuleId::T05, on("2026-08-03"), &terms, &national(), &Calendar::shipped());
    assert_eq!(date.expect("a date").legal_on, on("2026-08-24"), "08-23 is a Sunday");
}

#[test]
fn a_date_in_an_unknown_year_is_provisional_is_no_breach_and_becomes_firm_when_the_year_is_loaded() {
    let date = due(RuleId::T06, on("2026-11-20"), &national(), &Calendar::shipped()).expect("a date");
    assert_eq!((date.nominal_on, date.provisional), (on("2027-01-19"), true));
    assert!(!date.is_breached(on("2028-01-01")));
    let firm = date.refreshed(&with_2027()).expect("a date");
    assert_eq!(
        (firm.nominal_on, firm.legal_on, firm.provisional),
        (on("2027-01-19"), on("2027-01-19"), false)
    );
    assert!(!firm.is_breached(on("2027-01-19")) && firm.is_breached(on("2027-01-20")));
}

#[test]
fn a_missing_year_raises_one_alarm_however_many_dates_need_it() {
    let (profile, calendar) = (national(), Calendar::shipped());
    let dates: Vec<DueDate> = ["2026-08-03", "2026-11-20", "2026-11-21", "2026-12-31", "2027-12-20"]
        .iter()
        .map(|start| due(RuleId::T06, on(start), &profile, &calendar).expect("a date"))
        .collect();
    let alarms = missing_years(&dates, &calendar).expect("good numbers");
    assert_eq!(alarms, BTreeSet::from([2027, 2028].map(|year| CalendarUnknown { year })));
    let named = alarms.first().map(ToString::to_string).unwrap_or_default();
    assert!(named.contains("2027"), "{named}");
}

#[test]
fn the_petitioner_has_the_rolled_date_and_the_agency_is_reminded_by_the_nominal_one() {
    let petitioner = due(RuleId::T07, on("2026-01-16"), &national(), &Calendar::shipped()).expect("a date");
    assert_eq!(petitioner.alarm_on(), on("2026-02-24"));
    assert_eq!(t06().alarm_on(), on("2026-10-02"));
}

#[test]
fn a_due_date_travels_as_json_and_comes_back() {
    let date = t06();
    let json = serde_json::to_string(&date).expect("json");
    assert_eq!(
        json,
        "{\"rule\":\"T06\",\"start_on\":\"2026-08-03\",\"nominal_on\":\"2026-10-02\",\"legal_on\":\"2026-10-08\",\
         \"provisional\":false,\"days\":60,\"unit\":\"natural\",\"extended_days\":0,\"profile_version\":\"national-1\"}"
    );
    assert_eq!(serde_json::from_str::<DueDate>(&json).expect("back"), date);
}

#[test]
fn numbers_from_outside_that_make_no_sense_are_refused_and_do_not_overflow() {
    for (days, extended_days, start) in [
        (u32::MAX, 0, "2026-08-03"),
        (60, u32::MAX, "2026-08-03"),
        (36_000, 1_000, "2026-08-03"),
        (1, 0, "9999-12-31"),
    ] {
        let date = DueDate { days, extended_days, start_on: on(start), ..t06() };
        assert!(matches!(date.refreshed(&Calendar::shipped()), Err(LimitRefused::Bad(_))), "{days}");
    }
    let pause =
        Pause { reason: PauseReason::Hearing, from_on: on("2026-09-01"), to_on: chrono::NaiveDate::MAX };
    let endless = DueDate { rule: RuleId::T10, pauses: vec![pause], ..t06() };
    assert!(matches!(
        endless.refreshed(&Calendar::shipped()),
        Err(LimitRefused::Bad(BadLimit::PauseOutOfRange { .. }))
    ));
}

#[test]
fn the_working_says_everything_and_is_the_same_from_the_stored_date() {
    let (profile, calendar) = (national(), Calendar::shipped());
    let working =
        explain(RuleId::T06, on("2026-08-03"), &Terms::default(), &profile, &calendar).expect("a working");
    assert_eq!(working, t06().explain(&profile, &calendar).expect("again"));
    assert_eq!(working.first_counted_on, Some(on("2026-08-04")));
    assert!(matches!(&working.nominal_day, DayNote::Holiday { name } if name.zh == "国庆节"));
    let holidays: Vec<_> =
        working.holidays.iter().map(|h| (h.name.en.as_str(), h.from_on, h.to_on)).collect();
    assert_eq!(
        holidays,
        [
            ("Mid-Autumn Festival", on("2026-09-25"), on("2026-09-27")),
            ("National Day", on("2026-10-01"), on("2026-10-07")),
        ]
    );
    assert_eq!(working.make_up_days.len(), 1);
    assert_eq!(working.rolled_days, 6);
    let json = serde_json::to_string(&working).expect("json");
    assert_eq!(serde_json::from_str::<calendar::Explanation>(&json).expect("back"), working);
}

#[test]
fn the_working_reads_well_in_both_languages() {
    let working = t06().explain(&national(), &Calendar::shipped()).expect("a working");
    let zh = working.text(Lang::Zh);
    for part in [
        "T06 信访事项办理期限",
        "依据：《信访工作条例》第34条：“",
        "起算：2026-08-03（周一） 受理之日，当日不计；自 2026-08-04（周二） 起计",
        "期限：60 日（自然日）",
        "国庆节 2026-10-01 至 2026-10-07（国办发明电〔2025〕7号）",
        "调休上班：2026-09-20（周日）",
        "期满日：2026-10-02（周五），国庆节放假",
        "法定截止：2026-10-08（周四） 24:00，期满日为休息日，顺延至其后的第一个工作日",
        "规则版本：national-1",
    ] {
        assert!(zh.contains(part), "{part}\n{zh}");
    }
    let en = extend(&t06(), 30, "2026-09-01").and_then(|d| d.explain(&national(), &Calendar::shipped()));
    let en = en.expect("a working").text(Lang::En);
    for part in [
        "Basis: Regulations on Petition Work (2022), Art. 34",
        "Start: Mon 2026-08-03, acceptance; not counted, the first day counted is Tue 2026-08-04",
        "Limit: 60 days, extended by 30 days: 90 days",
        "Nominal date: Sun 2026-11-01, a weekend",
        "Legal date: Mon 2026-11-02, 24:00, the first working day after a day of rest",
    ] {
        assert!(en.contains(part), "{part}\n{en}");
    }
}

#[test]
fn a_provisional_working_names_the_missing_year() {
    let date = due(RuleId::T04, on("2026-12-30"), &national(), &Calendar::shipped()).expect("a date");
    let working = date.explain(&national(), &Calendar::shipped()).expect("a working");
    assert_eq!((working.provisional, working.missing_years.as_slice()), (true, &[2027][..]));
    assert!(working.text(Lang::Zh).contains("暂定：2027 年工作日历"));
    assert!(working.text(Lang::En).contains("Provisional: the calendar of 2027"));
}

#[test]
fn every_rule_with_a_date_explains_itself_in_both_languages() {
    let (profile, calendar) = (national(), Calendar::shipped());
    for &rule in RuleId::ALL {
        let Ok(date) = due(rule, on("2026-09-18"), &profile, &calendar) else { continue };
        let working = date.explain(&profile, &calendar).expect("a working");
        for lang in [Lang::Zh, Lang::En] {
            let text = working.text(lang);
            assert!(text.lines().count() >= 7, "{rule}\n{text}");
            assert!(text.contains(&date.legal_on.to_string()), "{rule}\n{text}");
        }
    }
}

#[test]
fn refusals_have_stable_codes_and_fill_their_texts() {
    let codes: BTreeSet<&str> = REFUSALS.iter().map(|d| d.code).collect();
    assert_eq!(codes.len(), REFUSALS.len());
    let once = extend(&t06(), 10, "2026-09-01").expect("the first");
    let refused = Refusal::from(extend(&once, 5, "2026-09-02").expect_err("the second"));
    assert_eq!(refused.code, "second_extension");
    assert_eq!(refused.text(false), "已延长过 10 日，不能再次延长。");
    let late = Refusal::from(extend(&t06(), 10, "2026-10-09").expect_err("late"));
    assert!(late.text(true).contains("2026-08-03 to 2026-10-08") && !late.text(true).contains('{'));
}
