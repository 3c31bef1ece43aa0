//! Who may do and see what in routing: denied unless granted here.

use kernel::{Actor, Refusal, Role};

use crate::{domain::matter::Matter, error};

fn office(actor: &Actor, roles: &[Role]) -> bool {
    actor.is_office() && roles.iter().any(|role| actor.has(*role))
}

/// Sees a matter. A restricted one exists for the restricted officer alone.
///
/// # Errors
/// `no_such_matter`: the same answer as for a matter that does not exist.
pub fn may_see(actor: &Actor, matter: &Matter) -> Result<(), Refusal> {
    if sees(actor, matter.restricted) { Ok(()) } else { Err(error::NO_SUCH_MATTER.refuse()) }
}

/// Whether somebody sees matters: accusations, or the others.
#[must_use]
pub fn sees(actor: &Actor, restricted: bool) -> bool {
    if restricted {
        office(actor, &[Role::RestrictedOfficer])
    } else {
        office(
            actor,
            &[
                Role::Registrar,
                Role::Screener,
                Role::OfficeDirector,
                Role::Supervisor,
                Role::Leader,
                Role::Auditor,
                Role::RestrictedOfficer,
            ],
        )
    }
}

/// Screens, forwards, assigns, recalls: the screener, and the director above; of an accusation the restricted
/// officer alone.
///
/// # Errors
/// `no_such_matter` where the actor may not even see it, else `routing_not_allowed`.
pub fn may_route(actor: &Actor, matter: &Matter) -> Result<(), Refusal> {
    may_see(actor, matter)?;
    let routes: &[Role] =
        if matter.restricted { &[Role::RestrictedOfficer] } else { &[Role::Screener, Role::OfficeDirector] };
    if office(actor, routes) { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}

/// Rules on objections and records who was found competent.
///
/// # Errors
/// As [`may_route`].
pub fn may_rule(actor: &Actor, matter: &Matter) -> Result<(), Refusal> {
    may_see(actor, matter)?;
    let rules: &[Role] =
        if matter.restricted { &[Role::RestrictedOfficer] } else { &[Role::Screener, Role::OfficeDirector] };
    if office(actor, rules) { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}

/// Whether somebody may excuse a late objection: the director; of an accusation its officer, who alone sees
/// it [D].
#[must_use]
pub fn excuses_lateness(actor: &Actor, matter: &Matter) -> bool {
    let excuses = if matter.restricted { Role::RestrictedOfficer } else { Role::OfficeDirector };
    office(actor, &[excuses])
}

/// Keeps the register of agencies: the administrator, whose work the register is, and the director, who answers for
/// what a unit is competent for [D]. Nobody who only routes: a register that fits a case would be easy to make.
///
/// # Errors
/// `not_register_keeper`.
pub fn may_keep_register(actor: &Actor) -> Result<(), Refusal> {
    if office(actor, &[Role::Administrator, Role::OfficeDirector]) {
        Ok(())
    } else {
        Err(error::NOT_REGISTER_KEEPER.refuse())
    }
}

/// Reads the register with what the office keeps of each entry.
///
/// # Errors
/// `routing_not_allowed`.
pub fn may_read_register(actor: &Actor) -> Result<(), Refusal> {
    if actor.is_office() { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}

/// Which cases of ended agencies somebody hands over: the open ones, and accusations by their officer alone.
///
/// # Errors
/// `routing_not_allowed`: neither.
pub fn sees_orphans(actor: &Actor) -> Result<(bool, bool), Refusal> {
    let open = office(actor, &[Role::Screener, Role::OfficeDirector]);
    let restricted = office(actor, &[Role::RestrictedOfficer]);
    if open || restricted { Ok((open, restricted)) } else { Err(error::NOT_ALLOWED.refuse()) }
}

/// Looks after what is proposed from a learned version, and switches it: the administrator and the director [D].
///
/// # Errors
/// `not_suggestion_keeper`.
pub fn may_keep_suggestions(actor: &Actor) -> Result<(), Refusal> {
    if office(actor, &[Role::Administrator, Role::OfficeDirector]) {
        Ok(())
    } else {
        Err(error::NOT_SUGGESTION_KEEPER.refuse())
    }
}

/// Reads the restricted queue.
///
/// # Errors
/// `routing_not_allowed`.
pub fn may_read_restricted(actor: &Actor) -> Result<(), Refusal> {
    if office(actor, &[Role::RestrictedOfficer]) { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}
