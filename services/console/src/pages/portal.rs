//! 查询: the petitioner's page by number and query code.

use std::sync::Arc;

use axum::extract::State;
use contracts::{Due, codes::MatterState, intake::Unit, intake::commands::LookUp};
use kernel::Refusal;

use super::{
    Names, Shown, Visit,
    form::{Draft, answer},
    html, limits,
    typed::Typed,
};
use crate::{
    door::Site,
    rest::lookup::{self, PublicView},
    views::{
        form::Field,
        portal::{LookupPage, LookupResultPage, Milestone, NextStep},
        reveal::Read,
    },
};

/// `GET /portal`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, "", None).await
}

async fn page(visit: &Visit, number: &str, refusal: Option<&Refusal>) -> Shown {
    let names = Names::of(visit).await?;
    let view = LookupPage {
        chrome: visit.chrome(&names, "portal_lookup").await?,
        command: Draft::new(visit, &[]).refused(refusal).command("/portal", None),
        number: Field::of(number),
        query_code: Field::default(),
        register_href: "/portal/register".to_owned(),
        login_href: "/login".to_owned(),
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(answer(page, refusal))
}

/// `POST /portal`: the pair stays in the body, so that no address holds the code.
pub async fn look_up(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let asked =
        LookUp { number: typed.get("number").to_owned(), query_code: typed.get("query_code").to_owned() };
    let found = match lookup::find(&site, &visit.caller, &asked).await {
        Ok(found) => found,
        Err(refusal) => return page(&visit, &asked.number, Some(&refusal)).await,
    };
    let names = Names::of(&visit).await?;
    let unit = |agency: &Option<kernel::AgencyCode>| {
        agency.as_ref().map_or_else(|| names.office().to_owned(), |code| names.agency(code))
    };
    let view = LookupResultPage {
        chrome: visit.chrome(&names, "portal_lookup").await?,
        number: found.number.clone(),
        state: found.state.code().to_owned(),
        holder: Some(unit(&found.agency)),
        milestones: found
            .milestones
            .iter()
            .map(|m| Milestone {
                code: m.code.clone(),
                on: m.on.to_string(),
                unit: unit(&m.agency),
                document_number: m.document_number.clone(),
                notice: m.notice.clone(),
            })
            .collect(),
        next: next(&visit, unit(&found.agency), &found),
        reads: found
            .openings
            .iter()
            .map(|opening| Read {
                unit: match &opening.unit {
                    Unit::Office => names.office().to_owned(),
                    Unit::Agency(code) => names.agency(code),
                    Unit::Notification => visit.site.say(visit.language, "unit-notification"),
                },
                what: opening.part.code().to_owned(),
                purpose: opening.purpose.code().to_owned(),
                at: opening.at.to_string(),
            })
            .collect(),
        back_href: "/portal".to_owned(),
    };
    Ok(html(site.page(visit.language, &view)?))
}

/// What is owed next, by whom and until when.
fn next(visit: &Visit, unit: String, found: &PublicView) -> Option<NextStep> {
    let due = |due: &Option<Due>| due.as_ref().map(|d| limits::due(&visit.site, visit.language, d));
    let step = |code: &str, due| Some(NextStep { code: code.to_owned(), unit, due });
    match found.state {
        MatterState::Registered
        | MatterState::Screened
        // Given back, or in dispute: the office sees to it that somebody competent gets it.
        | MatterState::Returned
        | MatterState::Disputed => step("screen", due(&found.due)),
        MatterState::Forwarded | MatterState::Assigned | MatterState::Objected => step("notify", due(&found.due)),
        MatterState::Handling | MatterState::Extended => step("answer", due(&found.due)),
        MatterState::OpinionIssued => step("serve", due(&found.due)),
        MatterState::Served => step("review", due(&found.review_due)),
        MatterState::Closed if found.review_due.is_some() => step("review", due(&found.review_due)),
        MatterState::Closed | MatterState::Attached => None,
    }
}
