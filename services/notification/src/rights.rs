//! Who may do and see what in notification: denied unless granted here.

use kernel::{Actor, Place, Refusal, Role};

use crate::{domain::audience::Audience, error};

fn holds(actor: &Actor, roles: &[Role]) -> bool {
    actor.is_office() && roles.iter().any(|role| actor.has(*role))
}

/// Prints, posts and records letters: the desk; of accusations their officer alone (Art. 30).
///
/// # Errors
/// Where the actor may not even know of it, as if it were not there; else `notification_not_allowed`.
pub fn desk(actor: &Actor, restricted: bool) -> Result<(), Refusal> {
    let (desk, officer) =
        (holds(actor, &[Role::Registrar, Role::Screener]), holds(actor, &[Role::RestrictedOfficer]));
    match restricted {
        true if officer => Ok(()),
        false if desk => Ok(()),
        true if desk => Err(error::NO_SUCH_NOTICE.refuse()),
        true | false => Err(error::NOT_ALLOWED.refuse()),
    }
}

/// Sees lists of notices: no names are in them.
///
/// # Errors
/// `notification_not_allowed`.
pub fn list(actor: &Actor, restricted: bool) -> Result<(), Refusal> {
    const READERS: &[Role] = &[
        Role::Registrar,
        Role::Screener,
        Role::OfficeDirector,
        Role::Supervisor,
        Role::Leader,
        Role::Auditor,
        Role::Operator,
    ];
    let may = if restricted { holds(actor, &[Role::RestrictedOfficer]) } else { holds(actor, READERS) };
    if may { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}

/// Counts notices by state: the office, and the suite itself.
///
/// # Errors
/// `notification_not_allowed`.
pub fn count(actor: &Actor) -> Result<(), Refusal> {
    if actor.place == Place::Suite || actor.is_office() { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}

/// The inboxes of somebody: that of the agency, or those of the roles at the office.
///
/// # Errors
/// `notification_not_allowed`.
pub fn inboxes(actor: &Actor) -> Result<Vec<String>, Refusal> {
    let found: Vec<Audience> = match &actor.place {
        Place::Agency(code) if actor.has(Role::Handler) || actor.has(Role::AgencyHead) => {
            vec![Audience::Agency(code.clone())]
        }
        Place::Office => actor.roles.iter().map(|role| Audience::Office(*role)).collect(),
        Place::Agency(_) | Place::Portal | Place::Suite => Vec::new(),
    };
    if found.is_empty() {
        return Err(error::NOT_ALLOWED.refuse());
    }
    Ok(found.iter().map(ToString::to_string).collect())
}
