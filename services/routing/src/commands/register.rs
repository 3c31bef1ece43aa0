//! 单位名录: enters, changes and ends agencies, and shows the register.

use contracts::{
    Page, PageRequest,
    routing::{
        AgencyChangedV1, AgencyEndedV1,
        register::{
            AddAgency, AgencyEntry, AgencyKept, AgencyLine, AgencyView, ChangeAgency, Competence, EndAgency,
            Orphan,
        },
    },
};
use db::{Draft, StoreError, Tx};
use kernel::{Actor, AgencyCode, Clock, Refusal, civil_date};

use super::{Outcome, queries::listed};
use crate::{
    Rules,
    domain::{agency::Agency, register},
    error, rights,
    store::{
        self,
        register::{Sight, keep, kept},
    },
};

/// Enters an agency.
pub async fn add(tx: &mut Tx<'_>, rules: &Rules, actor: &Actor, command: &AddAgency) -> Outcome<AgencyKept> {
    if let Err(refusal) = rights::may_keep_register(actor) {
        return Ok(Err(refusal));
    }
    let now = tx.clocks().business.now();
    let register = store::register(tx).await?;
    let today = civil_date(now);
    let rules = rules.proposers.on(today);
    let desk = register::Desk { register: &register, catalogue: rules.catalogue(), today };
    let agency = match register::add(desk, command) {
        Ok(agency) => agency,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !store::list_agency(tx, &agency, now).await? {
        return Ok(Err(error::AGENCY_CODE_TAKEN.refuse().at("agency").with("code", &agency.code)));
    }
    let published = tx.publish(Draft::of(&agency.code, now, &listed(&agency))?).await?;
    tracing::info!(agency = %agency.code, "an agency was entered into the register");
    Ok(Ok(AgencyKept { agency: agency.code, version: published.version }))
}

/// Changes what is said of an agency.
pub async fn change(
    tx: &mut Tx<'_>,
    rules: &Rules,
    actor: &Actor,
    command: &ChangeAgency,
) -> Outcome<AgencyKept> {
    let seen = (&command.agency, command.expected_version);
    let decided = decide(tx, rules, actor, seen, |desk, old| register::change(desk, old, command)).await?;
    let (agency, version) = match decided {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let fact = AgencyChangedV1 { entry: listed(&agency) };
    let draft = Draft::of(&agency.code, tx.clocks().business.now(), &fact)?;
    save(tx, agency, version, draft).await
}

/// Ends an agency (Art. 24).
pub async fn end(tx: &mut Tx<'_>, rules: &Rules, actor: &Actor, command: &EndAgency) -> Outcome<AgencyKept> {
    let seen = (&command.agency, command.expected_version);
    let decided = decide(tx, rules, actor, seen, |desk, old| register::end(desk, old, command)).await?;
    let (agency, version) = match decided {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let fact = AgencyEndedV1 { entry: listed(&agency), ending: command.ending.clone() };
    let draft = Draft::of(&agency.code, tx.clocks().business.now(), &fact)?;
    tracing::info!(agency = %agency.code, last_on = %command.ending.last_on, "an agency ends");
    save(tx, agency, version, draft).await
}

/// What becomes of an entry at the version that was seen.
async fn decide(
    tx: &mut Tx<'_>,
    rules: &Rules,
    actor: &Actor,
    (agency, expected): (&AgencyCode, i64),
    decision: impl FnOnce(register::Desk<'_>, &Agency) -> Result<Agency, Refusal> + Send,
) -> Outcome<(Agency, i64)> {
    let (old, version) = match load(tx, actor, agency, expected).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let register = store::register(tx).await?;
    let today = civil_date(tx.clocks().business.now());
    let rules = rules.proposers.on(today);
    let desk = register::Desk { register: &register, catalogue: rules.catalogue(), today };
    Ok(decision(desk, &old).map(|agency| (agency, version)))
}

async fn load(tx: &mut Tx<'_>, actor: &Actor, agency: &AgencyCode, expected: i64) -> Outcome<(Agency, i64)> {
    if let Err(refusal) = rights::may_keep_register(actor) {
        return Ok(Err(refusal));
    }
    let Some((old, version)) = kept(tx, agency).await? else {
        return Ok(Err(error::NO_SUCH_AGENCY.refuse().with("code", agency)));
    };
    if version == expected {
        return Ok(Ok((old, version)));
    }
    Ok(Err(error::AGENCY_STALE.refuse().at("expected_version").with("found", version)))
}

async fn save(tx: &mut Tx<'_>, agency: Agency, loaded: i64, draft: Draft) -> Outcome<AgencyKept> {
    let now = tx.clocks().business.now();
    let version = tx.publish(draft).await?.version;
    if version != loaded + 1 {
        return Err(StoreError::corrupt("agency", "version", &agency.code));
    }
    keep(tx, &agency, loaded, version, now).await?;
    Ok(Ok(AgencyKept { agency: agency.code, version }))
}

/// One entry.
pub async fn show(tx: &mut Tx<'_>, actor: &Actor, agency: &AgencyCode) -> Outcome<AgencyView> {
    if let Err(refusal) = rights::may_read_register(actor) {
        return Ok(Err(refusal));
    }
    let found = kept(tx, agency).await?;
    Ok(match found {
        Some((agency, version)) => Ok(view(agency, version)),
        None => Err(error::NO_SUCH_AGENCY.refuse().with("code", agency)),
    })
}

fn view(a: Agency, version: i64) -> AgencyView {
    let competence = a.competence.into_iter();
    AgencyView {
        agency: a.code,
        version,
        site: a.site,
        ending: a.ending,
        entry: AgencyEntry {
            name_zh: a.name_zh,
            name_en: a.name_en,
            level: a.level,
            region: a.region,
            superior: a.superior,
            line: a.line,
            doc_prefix: a.doc_prefix,
            review_unit: a.review_unit,
            computer: a.computer,
            valid_from: a.valid_from,
            competence: competence
                .map(|c| Competence { region: c.region, categories: c.categories })
                .collect(),
            telephone: a.telephone,
            email: a.email,
        },
    }
}

/// One page of the register.
pub async fn page(tx: &mut Tx<'_>, actor: &Actor, page: &PageRequest) -> Outcome<Page<AgencyLine>> {
    if let Err(refusal) = rights::may_read_register(actor) {
        return Ok(Err(refusal));
    }
    let rows = page.rows();
    let found = store::register::page(tx, page.after.as_deref().unwrap_or_default(), rows).await?;
    let full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= rows;
    let next = found.last().filter(|_| full).map(|(a, _)| a.code.to_string());
    let line =
        |(agency, version): (Agency, i64)| AgencyLine { listed: listed(&agency), version, site: agency.site };
    Ok(Ok(Page { items: found.into_iter().map(line).collect(), next }))
}

/// 待改派: one page of the cases that ending agencies hold.
pub async fn orphans(tx: &mut Tx<'_>, actor: &Actor, page: &PageRequest) -> Outcome<Page<Orphan>> {
    let (open, restricted) = match rights::sees_orphans(actor) {
        Ok(sight) => sight,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let today = civil_date(tx.clocks().business.now());
    let rows = page.rows();
    let after = page.after.as_deref().unwrap_or_default();
    let found = store::register::orphans(tx, Sight { open, restricted }, (after, rows), today).await?;
    let full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= rows;
    let next = found.last().filter(|_| full).map(|(id, _)| id.clone());
    Ok(Ok(Page { items: found.into_iter().map(|(_, orphan)| orphan).collect(), next }))
}
