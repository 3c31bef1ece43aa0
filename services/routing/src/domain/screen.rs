//! 甄别: which class, category and route (Art. 22, 29–31).

use contracts::{
    codes::{MatterState, Purpose},
    routing::{MatterScreenedV1, ProposalUse, commands::Screen, suggestions::Seen},
};
use kernel::Refusal;

use super::{catalogue::Catalogue, fact::Fact, matter::Matter};
use crate::error;

/// Decides a screening. A screened matter may be screened anew until it is handed over.
///
/// # Errors
/// Wrong state, an unknown category, or a class whose category or route is missing.
pub fn screen(matter: &Matter, command: &Screen, catalogue: &Catalogue) -> Result<Fact, Refusal> {
    if !matches!(matter.state, MatterState::Registered | MatterState::Screened | MatterState::Returned) {
        return Err(matter.forbids("screen"));
    }
    if matter.restricted && command.purpose != Purpose::Accusation {
        return Err(error::STAYS_RESTRICTED.refuse().at("purpose"));
    }
    let restricted = command.purpose == Purpose::Accusation;
    let category = if restricted { None } else { Some(category(command, catalogue)?) };
    let is_claim = matches!(command.purpose, Purpose::Claim | Purpose::Appeal);
    if is_claim && command.route.is_none() {
        return Err(error::ROUTE_OWED.refuse().at("route"));
    }
    if !is_claim && command.route.is_some() {
        return Err(error::ROUTE_WITHOUT_CLAIM.refuse().at("route"));
    }
    if let Some(code) = command.seen.as_ref().and_then(|seen| seen.category.as_deref())
        && catalogue.get(code).is_none()
    {
        return Err(error::UNKNOWN_CATEGORY.refuse().at("seen.category").with("code", code));
    }
    let seen = seen(matter, command);
    let proposal = used(category.as_ref(), seen.category.as_ref());
    let handed_over = command.hand_over.as_ref().filter(|_| !restricted);
    let agency_proposal = handed_over.map(|to| used(Some(&to.agency), seen.agency.as_ref()));
    Ok(Fact::Screened(MatterScreenedV1 {
        matter_id: matter.id,
        purpose: command.purpose,
        category,
        route: command.route,
        level: command.level,
        restricted,
        proposal,
        agency_proposal,
    }))
}

/// What stood first before the person: as the command tells it, else as the matter holds it.
#[must_use]
pub fn seen(matter: &Matter, command: &Screen) -> Seen {
    command.seen.clone().unwrap_or_else(|| Seen {
        category: matter.categories.first().map(|p| p.code.clone()),
        agency: matter.agencies.first().and_then(|p| p.code.parse().ok()),
    })
}

/// Where two or three compete, the first is the proposal: whoever takes another one shown overrules it.
fn used<T: PartialEq>(decided: Option<&T>, proposed: Option<&T>) -> ProposalUse {
    match (decided, proposed) {
        (Some(decided), Some(proposed)) if decided == proposed => ProposalUse::Taken,
        (Some(_), Some(_)) => ProposalUse::Overruled,
        _ => ProposalUse::None,
    }
}

fn category(command: &Screen, catalogue: &Catalogue) -> Result<String, Refusal> {
    let code = command.category.as_deref().ok_or_else(|| error::CATEGORY_OWED.refuse().at("category"))?;
    match catalogue.get(code) {
        Some(category) => Ok(category.code.clone()),
        None => Err(error::UNKNOWN_CATEGORY.refuse().at("category").with("code", code)),
    }
}
