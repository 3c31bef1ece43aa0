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
    let sees = if matter.restricted {
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
    };
    if sees { Ok(()) } else { Err(error::NO_SUCH_MATTER.refuse()) }
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

/// Reads the restricted queue.
///
/// # Errors
/// `routing_not_allowed`.
pub fn may_read_restricted(actor: &Actor) -> Result<(), Refusal> {
    if office(actor, &[Role::RestrictedOfficer]) { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}
