//! 甄别: which class, category and route (Art. 22, 29–31).

use contracts::{
    codes::{MatterState, Purpose},
    routing::{MatterScreenedV1, ProposalUse, commands::Screen},
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
    let proposal = match (&category, matter.categories.first()) {
        (Some(taken), Some(proposed)) if *taken == proposed.code => ProposalUse::Taken,
        (Some(_), Some(_)) => ProposalUse::Overruled,
        _ => ProposalUse::None,
    };
    Ok(Fact::Screened(MatterScreenedV1 {
        matter_id: matter.id,
        purpose: command.purpose,
        category,
        route: command.route,
        level: command.level,
        restricted,
        proposal,
    }))
}

fn category(command: &Screen, catalogue: &Catalogue) -> Result<String, Refusal> {
    let code = command.category.as_deref().ok_or_else(|| error::CATEGORY_OWED.refuse().at("category"))?;
    match catalogue.get(code) {
        Some(category) => Ok(category.code.clone()),
        None => Err(error::UNKNOWN_CATEGORY.refuse().at("category").with("code", code)),
    }
}
