//! 单位名录管理: who is entered, changed and ended, as a pure decision.

use chrono::{NaiveDate, TimeDelta};
use contracts::{
    codes::AgencyEndKind,
    routing::{
        Ending,
        register::{AddAgency, AgencyEntry, ChangeAgency, EndAgency},
    },
};
use kernel::{AgencyCode, ErrorDef, Refusal};

use super::{
    agency::{Agency, Competence, Register},
    catalogue::Catalogue,
};
use crate::error;

/// The register holds no more.
pub const AGENCIES_AT_MOST: usize = 5_000;
/// Successors of one agency, at most.
const SUCCESSORS_AT_MOST: usize = 20;
/// Lines of competence of one agency, at most.
const COMPETENCE_AT_MOST: usize = 200;
/// Days that a beginning or an end may lie from today: papers come late, and are known early [D].
const DAYS_AWAY_AT_MOST: i64 = 366;
/// Characters of a name.
const NAME_AT_MOST: usize = 60;
/// Where agencies may work.
const SITES: &[&str] = &["hosted", "own"];

/// What decisions on the register go by.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Who is there.
    pub register: &'a Register,
    /// What there is to answer for.
    pub catalogue: &'a Catalogue,
    /// The day.
    pub today: NaiveDate,
}

/// Decides on a new agency. Its code was never used before, also not by one that ended.
///
/// # Errors
/// The field that does not fit.
pub fn add(desk: Desk<'_>, command: &AddAgency) -> Result<Agency, Refusal> {
    if desk.register.get(&command.agency).is_some() {
        return Err(error::AGENCY_CODE_TAKEN.refuse().at("agency").with("code", &command.agency));
    }
    if desk.register.len() >= AGENCIES_AT_MOST {
        return Err(error::REGISTER_FULL.refuse().with("most", AGENCIES_AT_MOST));
    }
    if !SITES.contains(&command.site.as_str()) {
        return Err(error::AGENCY_SITE.refuse().at("site"));
    }
    near(desk.today, command.entry.valid_from, "entry.valid_from")?;
    let agency = written(desk, &command.agency, &command.entry)?;
    Ok(Agency { site: command.site.clone(), ..agency })
}

/// Decides on what is said of an agency.
///
/// # Errors
/// The field that does not fit; one that has ended is not changed any more.
pub fn change(desk: Desk<'_>, old: &Agency, command: &ChangeAgency) -> Result<Agency, Refusal> {
    not_over(old, desk.today)?;
    let entry = &command.entry;
    if entry.valid_from != old.valid_from {
        // A day that has come is a fact.
        if old.valid_from <= desk.today {
            return Err(error::AGENCY_DAY.refuse().at("entry.valid_from").with("days", DAYS_AWAY_AT_MOST));
        }
        near(desk.today, entry.valid_from, "entry.valid_from")?;
    }
    let agency = written(desk, &command.agency, entry)?;
    Ok(Agency { site: old.site.clone(), valid_to: old.valid_to, ending: old.ending.clone(), ..agency })
}

/// Decides on the end of an agency (Art. 24): abolished with any number of successors, merged into one, split among
/// two or more, each with its share. An end that has not come yet can be stated anew.
///
/// # Errors
/// The field that does not fit; units under it that would have no superior.
pub fn end(desk: Desk<'_>, old: &Agency, command: &EndAgency) -> Result<Agency, Refusal> {
    not_over(old, desk.today)?;
    let ending = &command.ending;
    near(desk.today, ending.last_on, "ending.last_on")?;
    if ending.last_on < old.valid_from {
        return Err(error::AGENCY_DAY.refuse().at("ending.last_on").with("days", DAYS_AWAY_AT_MOST));
    }
    words(&ending.ground, "ending.ground", true)?;
    successors(desk, old, ending)?;
    let outlives = |a: &&Agency| {
        a.superior.as_ref() == Some(&old.code) && a.valid_to.is_none_or(|day| day > ending.last_on)
    };
    let under: Vec<_> = desk.register.all().filter(outlives).map(|a| a.code.to_string()).collect();
    if !under.is_empty() {
        return Err(error::AGENCY_HAS_UNITS.refuse().with("units", under.join("、")));
    }
    let mut ended = old.clone();
    ended.valid_to = Some(ending.last_on);
    ended.ending = Some(ending.clone());
    Ok(ended)
}

fn successors(desk: Desk<'_>, old: &Agency, ending: &Ending) -> Result<(), Refusal> {
    let count = ending.successors.len();
    let fits = match ending.kind {
        AgencyEndKind::Abolished => count <= SUCCESSORS_AT_MOST,
        AgencyEndKind::Merged => count == 1,
        AgencyEndKind::Split => (2..=SUCCESSORS_AT_MOST).contains(&count),
    };
    if !fits {
        return Err(error::SUCCESSORS_OWED.refuse().at("ending.successors"));
    }
    let next = ending.last_on + TimeDelta::days(1);
    for (at, share) in ending.successors.iter().enumerate() {
        let field = |name: &str| format!("ending.successors[{at}].{name}");
        let twice = ending.successors.iter().take(at).any(|s| s == share);
        let lives = desk.register.get(&share.agency).is_some_and(|a| a.exists_on(next));
        if share.agency == old.code || twice || !lives {
            let refusal = error::SUCCESSOR_UNFIT.refuse().at(field("agency"));
            return Err(refusal.with("code", &share.agency).with("day", next));
        }
        let shared = !share.categories.is_empty() || !share.regions.is_empty();
        if ending.kind == AgencyEndKind::Split && !shared {
            return Err(error::SUCCESSORS_OWED.refuse().at(field("categories")));
        }
        categories(desk, &share.categories, &field("categories"))?;
    }
    Ok(())
}

fn not_over(old: &Agency, today: NaiveDate) -> Result<(), Refusal> {
    match old.valid_to {
        Some(last) if last < today => {
            Err(error::AGENCY_OVER.refuse().with("code", &old.code).with("last", last))
        }
        _ => Ok(()),
    }
}

/// The entry, checked; its site and its end come from elsewhere.
fn written(desk: Desk<'_>, code: &AgencyCode, entry: &AgencyEntry) -> Result<Agency, Refusal> {
    let name_zh = words(&entry.name_zh, "entry.name_zh", true)?;
    let name_en = words(&entry.name_en, "entry.name_en", false)?;
    if let Some(superior) = &entry.superior {
        let unfit = |def: &ErrorDef| def.refuse().at("entry.superior").with("code", superior);
        let above = desk.register.get(superior).ok_or_else(|| unfit(&error::AGENCY_SUPERIOR))?;
        let lives = above.exists_on(entry.valid_from.max(desk.today));
        if !lives || desk.register.is_under(superior, code) {
            return Err(unfit(&error::AGENCY_SUPERIOR));
        }
    }
    if entry.competence.len() > COMPETENCE_AT_MOST {
        return Err(error::AGENCY_WORDS.refuse().at("entry.competence").with("most", COMPETENCE_AT_MOST));
    }
    for (at, line) in entry.competence.iter().enumerate() {
        categories(desk, &line.categories, &format!("entry.competence[{at}].categories"))?;
    }
    let email = words(&entry.email, "entry.email", false)?;
    if !email.is_empty() && (!email.contains('@') || email.contains(char::is_whitespace)) {
        return Err(error::AGENCY_MAIL.refuse().at("entry.email"));
    }
    let competence = entry.competence.iter();
    Ok(Agency {
        code: code.clone(),
        name_en: if name_en.is_empty() { name_zh.clone() } else { name_en },
        name_zh,
        level: entry.level,
        region: entry.region.clone(),
        superior: entry.superior.clone(),
        line: words(&entry.line, "entry.line", true)?,
        doc_prefix: words(&entry.doc_prefix, "entry.doc_prefix", true)?,
        review_unit: words(&entry.review_unit, "entry.review_unit", true)?,
        site: String::new(),
        computer: entry.computer,
        valid_from: entry.valid_from,
        valid_to: None,
        competence: competence
            .map(|c| Competence { region: c.region.clone(), categories: c.categories.clone() })
            .collect(),
        telephone: words(&entry.telephone, "entry.telephone", false)?,
        email,
        ending: None,
    })
}

fn words(text: &str, field: &str, owed: bool) -> Result<String, Refusal> {
    let text = text.trim();
    if (owed && text.is_empty()) || text.chars().count() > NAME_AT_MOST {
        return Err(error::AGENCY_WORDS.refuse().at(field.to_owned()).with("most", NAME_AT_MOST));
    }
    Ok(text.to_owned())
}

fn near(today: NaiveDate, day: NaiveDate, field: &str) -> Result<(), Refusal> {
    if (day - today).num_days().abs() > DAYS_AWAY_AT_MOST {
        return Err(error::AGENCY_DAY.refuse().at(field.to_owned()).with("days", DAYS_AWAY_AT_MOST));
    }
    Ok(())
}

fn categories(desk: Desk<'_>, codes: &[String], field: &str) -> Result<(), Refusal> {
    let known = |code: &String| {
        desk.catalogue.categories.iter().any(|c| c.code == *code || c.parent.as_ref() == Some(code))
    };
    match codes.iter().find(|code| !known(code)) {
        Some(code) => Err(error::UNKNOWN_CATEGORY.refuse().at(field.to_owned()).with("code", code)),
        None => Ok(()),
    }
}
