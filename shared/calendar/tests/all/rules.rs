//! Catalogue and profiles: whole, agreeing with each other, and strict about their text.

use calendar::{Calendar, LimitRefused, Profile, RuleId, Shape, Standing, Tier, Unit, due};

use crate::{national, on};

const BASE: &str = include_str!("../../profiles/national.toml");

#[test]
fn every_rule_has_words_and_an_article_and_reads_back_from_its_code() {
    assert_eq!(RuleId::ALL.len(), 22);
    for &rule in RuleId::ALL {
        let def = rule.def();
        assert_eq!(def.id, rule);
        for text in
            [def.zh, def.en, def.start.0, def.start.1, def.stop.0, def.stop.1, def.pauses.0, def.pauses.1]
        {
            assert!(!text.is_empty(), "{rule}");
        }
        assert!(!def.article.is_empty());
        assert_eq!(rule.code().parse(), Ok(rule));
        assert_eq!(serde_json::to_string(&rule).expect("json"), format!("\"{rule}\""));
    }
    assert_eq!("t01A".parse(), Ok(RuleId::T01a));
    assert!("T22".parse::<RuleId>().is_err());
}

#[test]
fn the_national_numbers_are_those_of_the_timer_table() {
    let profile = national();
    let table: [(RuleId, u32, Unit, u32); 16] = [
        (RuleId::T01, 15, Unit::Natural, 0),
        (RuleId::T02, 15, Unit::Natural, 0),
        (RuleId::T03, 15, Unit::Natural, 0),
        (RuleId::T04, 5, Unit::Working, 0),
        (RuleId::T06, 60, Unit::Natural, 30),
        (RuleId::T07, 30, Unit::Natural, 0),
        (RuleId::T08, 30, Unit::Natural, 0),
        (RuleId::T09, 30, Unit::Natural, 0),
        (RuleId::T10, 30, Unit::Natural, 0),
        (RuleId::T12, 30, Unit::Natural, 0),
        (RuleId::T13, 3, Unit::Working, 0),
        (RuleId::T14, 10, Unit::Working, 0),
        (RuleId::T15, 1, Unit::Working, 0),
        (RuleId::T16, 3, Unit::Working, 0),
        (RuleId::T17, 7, Unit::Natural, 0),
        (RuleId::T21, 0, Unit::Natural, 0),
    ];
    for (rule, days, unit, extension) in table {
        let terms = profile.terms(rule, on("2026-08-03")).expect("in force");
        assert_eq!(
            (terms.days, terms.unit, terms.extension_days),
            (Some(days), Some(unit), extension),
            "{rule}"
        );
    }
    let tiers = profile.terms(RuleId::T01a, on("2026-08-03")).expect("in force").tiers.expect("tiers");
    let split = [Tier::National, Tier::Province, Tier::City, Tier::County].map(|t| tiers.of(t));
    assert_eq!((split, split.iter().sum::<u32>()), ([5, 3, 3, 4], 15));
}

#[test]
fn catalogue_and_national_base_cite_the_same_article() {
    let profile = national();
    for &rule in RuleId::ALL {
        let (def, terms) = (rule.def(), profile.terms(rule, on("2026-08-03")).expect("in force"));
        if def.article.starts_with("Art") {
            assert_eq!(terms.article, def.article, "{rule}");
        }
        if terms.standing == Standing::Statute {
            assert!(terms.text.is_some(), "{rule}: a statutory number quotes its article");
        }
    }
}

#[test]
fn hearing_pauses_the_re_review_alone() {
    let profile = national();
    for &rule in RuleId::ALL {
        let paused = !profile.terms(rule, on("2026-08-03")).expect("in force").pauses.is_empty();
        assert_eq!(paused, rule == RuleId::T10, "{rule}");
    }
}

#[test]
fn a_matter_keeps_the_rules_of_its_time() {
    let profile = national();
    let article = |day| profile.terms(RuleId::T06, on(day)).map(|t| t.article.clone());
    assert_eq!(article("2022-04-30"), Ok("Art. 33".into()));
    assert_eq!(article("2022-05-01"), Ok("Art. 34".into()));
    // The rules of 2005 knew no objection.
    let early = due(RuleId::T04, on("2022-04-30"), &profile, &Calendar::shipped());
    assert_eq!(early, Err(LimitRefused::NotInForce { rule: RuleId::T04, on: on("2022-04-30") }));
}

#[test]
fn an_overlay_replaces_a_number_for_its_own_time_only() {
    let base = national();
    let demo = Profile::demo().expect("the shipped demo");
    assert_eq!(demo.version(), "national-1+demo-1");
    assert_eq!((demo.tier(), demo.region().map(ToString::to_string)), (Tier::City, Some("990100".into())));
    let days = |profile: &Profile, day| profile.terms(RuleId::T17, on(day)).map(|t| t.days);
    assert_eq!(days(&base, "2026-08-03"), Ok(Some(7)));
    assert_eq!(days(&demo, "2026-08-03"), Ok(Some(10)));
    assert_eq!(days(&demo, "2025-12-31"), Ok(Some(7)));
    for &rule in RuleId::ALL {
        assert!(demo.terms(rule, on("2026-08-03")).is_ok(), "{rule}");
    }
    let middle = r#"
        version = "x-1"
        title = { zh = "试", en = "trial" }
        [[rules]]
        id = "T20"
        law = "demo"
        article = "试"
        standing = "config"
        days = 20
        unit = "working"
        valid_from = "2026-03-01"
        valid_to = "2026-03-31"
    "#;
    let trial = demo.overlay(middle).expect("an overlay over an overlay");
    let spans: Vec<_> =
        trial.entries(RuleId::T20).iter().map(|t| (t.valid_from, t.valid_to, t.days)).collect();
    assert_eq!(
        spans,
        [
            (on("2022-05-01"), Some(on("2025-12-31")), Some(30)),
            (on("2026-01-01"), Some(on("2026-02-28")), Some(15)),
            (on("2026-03-01"), Some(on("2026-03-31")), Some(20)),
            (on("2026-04-01"), None, Some(15)),
        ]
    );
}

#[test]
fn a_wrong_profile_is_refused_and_the_error_names_rule_and_field() {
    let t06 = "id = \"T06\"\nlaw = \"xf2022\"";
    let edit = |from: &str, to: &str| {
        assert!(BASE.contains(from), "{from}");
        BASE.replacen(from, to, 1)
    };
    let with = |line: &str| edit(t06, &format!("{t06}\n{line}"));
    let cases = [
        (with("dayz = 60"), "dayz"),
        (edit("tier = \"county\"", "colour = \"red\""), "colour"),
        (with("hours = 3"), "rule T06, field `hours`"),
        (with("tiers = { national = 1, province = 1, city = 1, county = 1 }"), "rule T06, field `tiers`"),
        (edit("id = \"T05\"\nlaw", "id = \"T05\"\ndays = 3\nlaw"), "rule T05, field `days`"),
        (edit("id = \"T11\"\nlaw", "id = \"T11\"\npauses = [\"hearing\"]\nlaw"), "rule T11, field `pauses`"),
        (edit("days = 5\nunit = \"working\"", "days = 5"), "rule T04, field `unit`"),
        (edit("days = 5\nunit = \"working\"", "unit = \"working\""), "rule T04, field `days`"),
        (edit("days = 5\n", "days = 36501\n"), "rule T04, field `days`"),
        (edit("days = 5\n", "days = -5\n"), "days"),
        (edit("id = \"T04\"", "id = \"T99\""), "T99"),
        (edit(t06, "id = \"T06\"\nlaw = \"nowhere\""), "rule T06, field `law`"),
        (edit("valid_to = \"2022-04-30\"", "valid_to = \"2004-04-30\""), "rule T01, field `valid_to`"),
        (edit("valid_to = \"2022-04-30\"", "valid_to = \"2022-05-01\""), "rule T01, field `valid_from`"),
        (edit("article = \"Art. 21\"", "article = \" \""), "rule T01, field `article`"),
        (edit("version = \"national-1\"", "version = \"national 1\""), "field `version`"),
        (edit("days = 0\n", "days = 0\nvalid_to = \"2022-02-30\"\n"), "valid_to"),
        (BASE.split("[[rules]]").next().unwrap_or_default().to_owned(), "rule T01, field `id`"),
    ];
    for (text, wanted) in cases {
        let error = Profile::from_toml(&text).expect_err(wanted).to_string();
        assert!(error.contains(wanted), "{error} / {wanted}");
    }
}

#[test]
fn rules_without_days_give_no_date() {
    let (profile, calendar) = (national(), Calendar::shipped());
    for &rule in RuleId::ALL {
        let date = due(rule, on("2026-08-03"), &profile, &calendar);
        match rule.def().shape {
            Shape::Promptly | Shape::Bar => assert_eq!(date, Err(LimitRefused::NoDays { rule })),
            Shape::Named => assert_eq!(date, Err(LimitRefused::LimitNotNamed { rule })),
            Shape::After | Shape::AfterByTier | Shape::Before | Shape::Yearly => {
                assert!(date.is_ok(), "{rule}");
            }
        }
    }
}
