//! Every row of `vectors/*.csv`, worked by hand.

use std::collections::BTreeSet;

use calendar::{
    Calendar, Extension, Limit, Pause, PauseReason, RuleId, Shape, Terms, Tier, Unit, due_with, reckon,
};

use crate::{national, on};

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(|r| r.expect("a row")).collect()
}

#[test]
fn limits_end_where_they_were_worked_out_by_hand() {
    let calendar = Calendar::shipped();
    for row in rows(include_str!("../../vectors/limits.csv")) {
        let unit: Unit = row[0].parse().expect("unit");
        let limit = Limit { days: row[2].parse().expect("days"), unit };
        let end = reckon(on(&row[1]), limit, &[], &calendar).expect("a limit");
        let missing: Vec<String> = end.missing.iter().map(|m| m.year.to_string()).collect();
        let found = (end.nominal_on, end.legal_on, missing.join(" "));
        assert_eq!(found, (on(&row[3]), on(&row[4]), row[5].to_owned()), "{row:?}");
        assert_eq!(end.provisional, !row[5].is_empty(), "{row:?}");
    }
}

fn terms(row: &csv::StringRecord) -> Terms {
    let start_on = on(&row[1]);
    let named = row[2]
        .split_at_checked(2)
        .filter(|(days, _)| !days.is_empty())
        .map(|(days, unit)| Limit { days: days.parse().expect("days"), unit: unit.parse().expect("unit") });
    let tier = match &row[3] {
        "" => None,
        "national" => Some(Tier::National),
        "province" => Some(Tier::Province),
        "city" => Some(Tier::City),
        other => panic!("tier {other}"),
    };
    let pauses = row[4].split_once("..").map(|(from, to)| Pause {
        reason: PauseReason::Hearing,
        from_on: on(from),
        to_on: on(to),
    });
    let extension = row[5].parse().ok().map(|days| Extension { days, granted_on: start_on });
    Terms { named, tier, pauses: pauses.into_iter().collect(), extension }
}

#[test]
fn rules_end_where_they_were_worked_out_by_hand() {
    let (calendar, profile) = (Calendar::shipped(), national());
    for row in rows(include_str!("../../vectors/rules.csv")) {
        let rule: RuleId = row[0].parse().expect("rule");
        let date = due_with(rule, on(&row[1]), &terms(&row), &profile, &calendar).expect("a date");
        assert_eq!((date.nominal_on, date.legal_on), (on(&row[6]), on(&row[7])), "{row:?}");
        assert!(!date.provisional, "{row:?}");
    }
}

#[test]
fn every_rule_that_has_a_date_has_a_vector() {
    let worked: BTreeSet<RuleId> = rows(include_str!("../../vectors/rules.csv"))
        .iter()
        .map(|row| row[0].parse().expect("rule"))
        .collect();
    for &rule in RuleId::ALL {
        let dated = !matches!(rule.def().shape, Shape::Promptly | Shape::Bar);
        assert_eq!(worked.contains(&rule), dated, "{rule}");
    }
}
