//! 单位名录: the list, one entry, a new one; the administrator and the director change it.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    PageRequest,
    routing::{
        AgencyListedV1,
        register::{AddAgency, AgencyLine, AgencyView, ChangeAgency, EndAgency, PageAgencies, ShowAgency},
    },
};
use kernel::{AgencyCode, Refusal};
use serde::Deserialize;

use super::{
    Names, Shown, Visit, agency_form, encoded,
    form::{answer, malformed},
    typed::Typed,
};
use crate::{
    door::Site,
    rest::body,
    rights::Right,
    views::agencies::{AgenciesPage, AgencyPage, AgencyRow, EndingView, NewAgencyPage},
};

/// The page as an address asks for it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub(super) after: Option<String>,
}

fn keeps(visit: &Visit) -> bool {
    Right::KeepAgencies.is_held_by(visit.caller.actor())
}

/// `GET /agencies`
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let names = Names::of(&visit).await?;
    let page = PageRequest { after: asked.after, limit: None };
    let found = visit.site.ask(&visit.caller, "routing", &PageAgencies { page }).await?;
    let view = AgenciesPage {
        chrome: visit.chrome_of(&names, "agencies", "").await?,
        may_keep: keeps(&visit),
        may_route: Right::Route.is_held_by(visit.caller.actor()),
        rows: found.items.iter().map(|line| row(&visit, &names, line)).collect(),
        next_href: found.next.map(|next| format!("/agencies?after={}", encoded(&next))),
    };
    Ok(answer(visit.site.page(visit.language, &view)?, None))
}

fn row(visit: &Visit, names: &Names, line: &AgencyLine) -> AgencyRow {
    let listed = &line.listed;
    AgencyRow {
        href: format!("/agency/{}", listed.agency),
        code: listed.agency.to_string(),
        name: if visit.language.is_english() { listed.name_en.clone() } else { listed.name_zh.clone() },
        level: listed.level.code().to_owned(),
        region: names.region(&listed.region),
        site: line.site.clone(),
        life: life(visit, listed).to_owned(),
        valid_from: listed.valid_from.to_string(),
        valid_to: listed.valid_to.map(|day| day.to_string()),
        successors: listed.successors.iter().map(|code| names.agency(code)).collect(),
    }
}

fn life(visit: &Visit, listed: &AgencyListedV1) -> &'static str {
    let today = visit.site.today();
    match listed.valid_to {
        _ if today < listed.valid_from => "later",
        Some(last) if last < today => "ended",
        Some(_) => "ending",
        None => "now",
    }
}

/// `GET /agency/{code}`
pub async fn one(visit: Visit, Path(code): Path<String>) -> Shown {
    page(&visit, &body::id(&code)?, Tried::default()).await
}

/// What was tried on the page of an entry.
#[derive(Clone, Copy, Default)]
struct Tried<'t> {
    entry: Option<(&'t Typed, &'t Refusal)>,
    end: Option<(&'t Typed, &'t Refusal)>,
}

async fn page(visit: &Visit, code: &AgencyCode, tried: Tried<'_>) -> Shown {
    let names = Names::of(visit).await?;
    let view = visit.site.ask(&visit.caller, "routing", &ShowAgency { agency: code.clone() }).await?;
    let line = AgencyLine { listed: listed(&view), version: view.version, site: view.site.clone() };
    let agency = row(visit, &names, &line);
    let open = keeps(visit) && agency.life != "ended";
    let page = AgencyPage {
        chrome: visit.chrome_of(&names, "agencies", "").await?,
        facts: facts(visit, &names, &view),
        ending: view.ending.as_ref().map(|e| EndingView {
            kind: e.kind.code().to_owned(),
            last_on: e.last_on.to_string(),
            ground: e.ground.clone(),
            shares: e.successors.iter().map(|s| named_share(&names, s)).collect(),
        }),
        form: open.then(|| agency_form::entry(visit, &names, Some(&view), tried.entry)),
        change_open: tried.entry.is_some(),
        end: open.then(|| agency_form::end(visit, &view, tried.end)),
        end_open: tried.end.is_some(),
        agency,
    };
    let refusal = tried.entry.or(tried.end).map(|(_, refusal)| refusal);
    Ok(answer(visit.site.page(visit.language, &page)?, refusal))
}

fn named_share(names: &Names, share: &contracts::routing::Succession) -> String {
    let categories = share.categories.iter().map(|code| names.category(code));
    let regions = share.regions.iter().map(|code| names.region(code));
    let what: Vec<_> = categories.chain(regions).collect();
    let name = names.agency(&share.agency);
    if what.is_empty() { name } else { format!("{name}（{}）", what.join("、")) }
}

fn listed(view: &AgencyView) -> AgencyListedV1 {
    let entry = view.entry.clone();
    let successors = view.ending.iter().flat_map(|e| &e.successors).map(|s| s.agency.clone());
    AgencyListedV1 {
        agency: view.agency.clone(),
        name_zh: entry.name_zh,
        name_en: entry.name_en,
        level: entry.level,
        region: entry.region,
        superior: entry.superior,
        computer: entry.computer,
        email: None,
        valid_from: entry.valid_from,
        valid_to: view.ending.as_ref().map(|e| e.last_on),
        successors: successors.collect(),
    }
}

fn facts(visit: &Visit, names: &Names, view: &AgencyView) -> Vec<(String, String)> {
    let entry = &view.entry;
    let category = |code: &String| names.category(code);
    let competence = entry.competence.iter().map(|c| {
        let categories: Vec<_> = c.categories.iter().map(category).collect();
        format!("{}：{}", names.region(&c.region), categories.join("、"))
    });
    let works = if entry.computer { "agency-computer-yes" } else { "agency-computer-no" };
    let superior = entry.superior.as_ref().map(|code| names.agency(code)).unwrap_or_default();
    let facts = [
        ("agency-superior", superior),
        ("agency-line", entry.line.clone()),
        ("agency-doc-prefix", entry.doc_prefix.clone()),
        ("agency-review-unit", entry.review_unit.clone()),
        ("agency-computer", visit.site.say(visit.language, works)),
        ("agency-competence", competence.collect::<Vec<_>>().join("；")),
        ("agency-telephone", entry.telephone.clone()),
        ("agency-email", entry.email.clone()),
    ];
    let told = facts.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(key, value)| (key.to_owned(), value)).collect()
}

/// `GET /agencies/new`
pub async fn new(visit: Visit) -> Shown {
    new_page(&visit, None).await
}

async fn new_page(visit: &Visit, tried: Option<(&Typed, &Refusal)>) -> Shown {
    let names = Names::of(visit).await?;
    let view = NewAgencyPage {
        chrome: visit.chrome(&names, "agencies").await?,
        form: agency_form::entry(visit, &names, None, tried),
    };
    Ok(answer(visit.site.page(visit.language, &view)?, tried.map(|(_, refusal)| refusal)))
}

/// `POST /agencies/new`
pub async fn add(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let outcome = async {
        let command = AddAgency {
            agency: typed.get("code").parse().map_err(|_| malformed("agency"))?,
            site: typed.get("site").to_owned(),
            entry: agency_form::read_entry(&typed)?,
        };
        site.ask(&visit.caller, "routing", &command).await
    }
    .await;
    match outcome.map_err(agency_form::at_field) {
        Ok(kept) => Ok(kept_page(&kept.agency)),
        Err(refusal) => new_page(&visit, Some((&typed, &refusal))).await,
    }
}

fn kept_page(code: &AgencyCode) -> axum::response::Response {
    Redirect::to(&format!("/agency/{code}?notice=agency_kept")).into_response()
}

/// `POST /agency/{code}/change`
pub async fn change(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(code): Path<String>,
    typed: Typed,
) -> Shown {
    let agency: AgencyCode = body::id(&code)?;
    let outcome = async {
        let (expected_version, entry) = (typed.version(), agency_form::read_entry(&typed)?);
        let command = ChangeAgency { agency: agency.clone(), expected_version, entry };
        site.ask(&visit.caller, "routing", &command).await
    }
    .await;
    match outcome.map_err(agency_form::at_field) {
        Ok(kept) => Ok(kept_page(&kept.agency)),
        Err(refusal) => {
            let tried = Tried { entry: Some((&typed, &refusal)), end: None };
            page(&visit, &agency, tried).await
        }
    }
}

/// `POST /agency/{code}/end`
pub async fn end(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(code): Path<String>,
    typed: Typed,
) -> Shown {
    let agency: AgencyCode = body::id(&code)?;
    let outcome = async {
        let (expected_version, ending) = (typed.version(), agency_form::read_end(&typed)?);
        let command = EndAgency { agency: agency.clone(), expected_version, ending };
        site.ask(&visit.caller, "routing", &command).await
    }
    .await;
    match outcome.map_err(agency_form::at_field) {
        Ok(kept) => Ok(kept_page(&kept.agency)),
        Err(refusal) => {
            let tried = Tried { entry: None, end: Some((&typed, &refusal)) };
            page(&visit, &agency, tried).await
        }
    }
}
