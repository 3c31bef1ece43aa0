//! 登记: is the input of a registration right (Art. 19–22)?
//!
//! Nothing here judges substance: no word, channel or person is filtered out (domain.md section 5).

use chrono::{Days, Months, NaiveDate};
use contracts::{
    codes::Purpose,
    intake::commands::{Register, Warning},
};
use kernel::Refusal;

use super::identity;
use crate::{config::RegistrationLimits, error};

/// A letter that lay elsewhere may be received earlier than it is registered; no longer ago than this, so
/// that nothing is back-dated.
pub const MAX_DAYS_BACK: u64 = 60;
/// The oldest date on a letter, before the day it was received.
const MAX_LETTER_YEARS: u32 = 80;
/// An older date is confirmed by the sender.
const DOUBTFUL_LETTER_YEARS: u32 = 5;
/// Most people of one submission.
const MAX_HEADS: i64 = 100_000;
/// Most accused units of one submission.
const MAX_ACCUSED: usize = 20;

/// An input that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// 检举控告: guarded from the first moment (Art. 30).
    pub restricted: bool,
    /// 联名: several people are named or counted together in one letter.
    pub joint: bool,
    /// Doubts that do not block; the sender confirms them.
    pub warnings: Vec<Warning>,
}

/// Checks a registration. `today` is the civil date in Shanghai.
///
/// # Errors
/// The first thing that cannot be right, with the field.
pub fn check(command: &Register, today: NaiveDate, limits: &RegistrationLimits) -> Result<Checked, Refusal> {
    texts(command, limits)?;
    let received_on = days(command, today)?;
    let mut warnings = people(command, today, limits)?;
    warnings.extend(old_letter(command, received_on));
    let restricted = command.purpose == Purpose::Accusation;
    if !restricted && !command.accused_agencies.is_empty() {
        return Err(error::ACCUSED_WITHOUT_ACCUSATION.refuse().at("accused_agencies"));
    }
    if command.accused_agencies.len() > MAX_ACCUSED {
        return Err(error::TOO_MANY_ENTRIES.refuse().at("accused_agencies").with("most", MAX_ACCUSED));
    }
    let joint = !command.co_petitioners.is_empty();
    Ok(Checked { received_on, restricted, joint, warnings })
}

fn texts(command: &Register, limits: &RegistrationLimits) -> Result<(), Refusal> {
    text(&command.title, limits.title_max_chars, || "title".to_owned())?;
    text(&command.text, limits.text_max_chars, || "text".to_owned())?;
    if command.claims.is_empty() {
        return Err(error::CLAIM_OWED.refuse().at("claims"));
    }
    if command.claims.len() > limits.claims_max {
        return Err(error::TOO_MANY_ENTRIES.refuse().at("claims").with("most", limits.claims_max));
    }
    for (at, claim) in command.claims.iter().enumerate() {
        text(claim, limits.claim_max_chars, || format!("claims[{at}]"))?;
    }
    Ok(())
}

fn text(text: &str, most: usize, field: impl Fn() -> String) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(error::TEXT_OWED.refuse().at(field()));
    }
    if text.contains('\0') {
        return Err(error::NUL_IN_TEXT.refuse().at(field()));
    }
    // Bytes bound characters from above, so most texts are not counted.
    if text.len() > most && text.chars().count() > most {
        return Err(error::FIELD_TOO_LONG.refuse().at(field()).with("most", most));
    }
    Ok(())
}

fn days(command: &Register, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    let received_on = command.received_on.unwrap_or(today);
    if received_on > today {
        return Err(error::RECEIVED_IN_FUTURE.refuse().at("received_on"));
    }
    if today.checked_sub_days(Days::new(MAX_DAYS_BACK)).is_some_and(|earliest| received_on < earliest) {
        return Err(error::RECEIVED_TOO_LONG_AGO.refuse().at("received_on").with("most", MAX_DAYS_BACK));
    }
    let impossible = |written_on: NaiveDate| {
        written_on > received_on || is_before(written_on, received_on, MAX_LETTER_YEARS)
    };
    if command.written_on.is_some_and(impossible) {
        return Err(error::WRITTEN_OUT_OF_RANGE.refuse().at("written_on").with("most", MAX_LETTER_YEARS));
    }
    Ok(received_on)
}

fn is_before(day: NaiveDate, of: NaiveDate, years: u32) -> bool {
    of.checked_sub_months(Months::new(12 * years)).is_some_and(|earliest| day < earliest)
}

/// A letter may be old; more often its year was mistyped.
fn old_letter(command: &Register, received_on: NaiveDate) -> Option<Warning> {
    let old = command.written_on.is_some_and(|day| is_before(day, received_on, DOUBTFUL_LETTER_YEARS));
    old.then(|| Warning { field: "written_on".to_owned(), code: "written_long_ago".to_owned() })
}

fn people(
    command: &Register,
    today: NaiveDate,
    limits: &RegistrationLimits,
) -> Result<Vec<Warning>, Refusal> {
    let named = usize::from(command.petitioner.is_some()) + command.co_petitioners.len();
    if command.anonymous && named > 0 {
        return Err(error::ANONYMOUS_WITH_NAME.refuse().at("petitioner"));
    }
    if command.co_petitioners.len() > limits.co_petitioners_max {
        return Err(error::TOO_MANY_ENTRIES
            .refuse()
            .at("co_petitioners")
            .with("most", limits.co_petitioners_max));
    }
    let least = i64::try_from(named.max(1)).unwrap_or(MAX_HEADS);
    if !(least..=MAX_HEADS).contains(&command.heads) {
        return Err(error::HEADS_OUT_OF_RANGE
            .refuse()
            .at("heads")
            .with("least", least)
            .with("most", MAX_HEADS));
    }
    let mut warnings = Vec::new();
    match &command.petitioner {
        None if command.anonymous => {}
        None => return Err(error::NAME_OWED.refuse().at("petitioner.name")),
        Some(petitioner) => warnings.extend(identity::check(petitioner, "petitioner", today)?),
    }
    for (at, one) in command.co_petitioners.iter().enumerate() {
        warnings.extend(identity::check(one, &format!("co_petitioners[{at}]"), today)?);
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests {
    use contracts::codes::{Channel, IdKind, PetitionerKind};

    use super::{super::identity::tests::identity, *};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("date")
    }

    fn command() -> Register {
        Register {
            channel: Channel::Letter,
            purpose: Purpose::Claim,
            petitioner_kind: PetitionerKind::Citizen,
            anonymous: false,
            heads: 1,
            written_on: None,
            received_on: None,
            place_region: "990102002".parse().expect("region"),
            title: "拖欠木工工资".into(),
            text: "去年三月至十一月的工资没有结清。".into(),
            claims: vec!["结清工资".into()],
            petitioner: Some(identity(Some(IdKind::CitizenId), "99000019851230002X", "19900990008")),
            co_petitioners: vec![],
            withhold_identity: false,
            accused_agencies: vec![],
            attachments: vec![],
            warnings_confirmed: false,
        }
    }

    fn checked(change: impl FnOnce(&mut Register)) -> Result<Checked, (String, String)> {
        let mut command = command();
        change(&mut command);
        check(&command, day("2026-08-03"), &RegistrationLimits::default())
            .map_err(|r| (r.code.into_owned(), r.field.unwrap_or_default()))
    }

    fn refused(change: impl FnOnce(&mut Register)) -> (String, String) {
        checked(change).expect_err("refused")
    }

    fn at(code: &str, field: &str) -> (String, String) {
        (code.to_owned(), field.to_owned())
    }

    #[test]
    fn a_plain_claim_of_today_passes() {
        let checked = checked(|_| {}).expect("right");
        assert_eq!(checked.received_on, day("2026-08-03"));
        assert!(!checked.restricted && !checked.joint && checked.warnings.is_empty());
    }

    #[test]
    fn days_of_receipt_and_writing_have_bounds() {
        assert_eq!(
            refused(|c| c.received_on = Some(day("2026-08-04"))),
            at("received_in_future", "received_on")
        );
        assert!(checked(|c| c.received_on = Some(day("2026-06-04"))).is_ok());
        assert_eq!(
            refused(|c| c.received_on = Some(day("2026-06-03"))),
            at("received_too_long_ago", "received_on")
        );
        assert!(checked(|c| c.written_on = Some(day("2026-08-03"))).is_ok());
        for bad in ["2026-08-04", "1946-08-02"] {
            assert_eq!(refused(|c| c.written_on = Some(day(bad))), at("written_out_of_range", "written_on"));
        }
        for (written, doubts) in [("2021-08-03", 0), ("2021-08-02", 1), ("1946-08-03", 1)] {
            let checked = checked(|c| c.written_on = Some(day(written))).expect("not refused");
            assert_eq!(checked.warnings.len(), doubts, "{written}");
            assert!(checked.warnings.iter().all(|w| w.code == "written_long_ago" && w.field == "written_on"));
        }
    }

    #[test]
    fn texts_are_owed_and_bounded_at_the_edge() {
        let limits = RegistrationLimits::default();
        assert!(checked(|c| c.title = "题".repeat(limits.title_max_chars)).is_ok());
        assert_eq!(
            refused(|c| c.title = "题".repeat(limits.title_max_chars + 1)),
            at("field_too_long", "title")
        );
        assert!(checked(|c| c.text = "文".repeat(limits.text_max_chars)).is_ok());
        assert_eq!(
            refused(|c| c.text = "文".repeat(limits.text_max_chars + 1)),
            at("field_too_long", "text")
        );
        assert_eq!(refused(|c| c.text = " \n".into()), at("text_owed", "text"));
        assert_eq!(refused(|c| c.text = "a\0".into()), at("nul_in_text", "text"));
        assert_eq!(refused(|c| c.claims.clear()), at("claim_owed", "claims"));
        assert_eq!(refused(|c| c.claims = vec!["求".into(); 21]), at("too_many_entries", "claims"));
        assert_eq!(
            refused(|c| c.claims = vec!["求".into(), "求".repeat(501)]),
            at("field_too_long", "claims[1]")
        );
    }

    #[test]
    fn anonymous_and_named_exclude_each_other() {
        assert_eq!(refused(|c| c.petitioner = None), at("name_owed", "petitioner.name"));
        assert_eq!(refused(|c| c.anonymous = true), at("anonymous_with_name", "petitioner"));
        let anonymous = |c: &mut Register| {
            c.anonymous = true;
            c.petitioner = None;
        };
        assert!(checked(anonymous).is_ok());
    }

    #[test]
    fn heads_are_at_least_those_named() {
        let three = |c: &mut Register, heads| {
            c.co_petitioners = vec![identity(None, "", ""), identity(None, "", "12")];
            c.heads = heads;
        };
        assert_eq!(refused(|c| three(c, 2)), at("heads_out_of_range", "heads"));
        let checked = checked(|c| three(c, 40)).expect("right");
        assert!(checked.joint);
        assert_eq!(checked.warnings.len(), 1);
        assert_eq!(checked.warnings[0].field, "co_petitioners[1].telephone");
        assert_eq!(refused(|c| c.heads = 0), at("heads_out_of_range", "heads"));
        assert_eq!(refused(|c| c.heads = MAX_HEADS + 1), at("heads_out_of_range", "heads"));
    }

    #[test]
    fn an_accusation_is_restricted_and_alone_names_accused_units() {
        let accused: Vec<kernel::AgencyCode> = vec!["qingyan".parse().expect("code")];
        let with = |purpose| {
            checked(|c| {
                c.purpose = purpose;
                c.accused_agencies.clone_from(&accused);
            })
        };
        assert!(with(Purpose::Accusation).expect("right").restricted);
        assert_eq!(with(Purpose::Claim), Err(at("accused_without_accusation", "accused_agencies")));
    }
}
