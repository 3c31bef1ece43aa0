//! The whole crate from outside: hand-worked vectors, properties, tables, profiles, refusals, workings
//! and the two commands.
#![cfg(test)]

mod cli;
mod dates;
mod properties;
mod rules;
mod tables;
mod vectors;

use calendar::{Calendar, Profile};
use chrono::NaiveDate;

/// A civil date written `YYYY-MM-DD`.
fn on(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn national() -> Profile {
    Profile::national().expect("the shipped base")
}

/// A made-up arrangement of 2027, as an operator would load it: it is not published yet.
const MADE_UP_2027: &str = "\
year,date,kind,name,notice
2027,2027-01-01,off,元旦,虚构〔2026〕1号
2027,2027-01-02,off,元旦,虚构〔2026〕1号
2027,2027-01-03,off,元旦,虚构〔2026〕1号
2027,2027-02-05,off,春节,虚构〔2026〕1号
2027,2027-02-06,off,春节,虚构〔2026〕1号
2027,2027-02-07,off,春节,虚构〔2026〕1号
2027,2027-02-08,off,春节,虚构〔2026〕1号
2027,2027-02-20,work,春节,虚构〔2026〕1号
2027,2027-05-01,off,劳动节,虚构〔2026〕1号
2027,2027-05-02,off,劳动节,虚构〔2026〕1号
2027,2027-10-01,off,国庆节,虚构〔2026〕1号
2027,2027-10-02,off,国庆节,虚构〔2026〕1号
2027,2027-10-03,off,国庆节,虚构〔2026〕1号
";

fn with_2027() -> Calendar {
    let mut calendar = Calendar::shipped();
    calendar.load_csv(MADE_UP_2027).expect("a whole table");
    calendar
}
