//! Who may do and see what of meetings: denied unless granted here.

use contracts::codes::TaskChecker;
use kernel::{Actor, AgencyCode, Place, Refusal, Role};

use crate::error;

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// A reader of the office.
    Office,
    /// A person of one agency: what it is invited to, its own tasks.
    Agency(AgencyCode),
}

impl Eyes {
    /// The agency that bounds what is seen.
    #[must_use]
    pub const fn agency(&self) -> Option<&AgencyCode> {
        match self {
            Self::Office => None,
            Self::Agency(agency) => Some(agency),
        }
    }
}

fn office(actor: &Actor, roles: &[Role]) -> bool {
    actor.is_office() && roles.iter().any(|role| actor.has(*role))
}

/// What the actor sees: the office's readers everything, an agency's people their own.
///
/// # Errors
/// `meetings_not_allowed`.
pub fn eyes(actor: &Actor) -> Result<Eyes, Refusal> {
    const READERS: &[Role] = &[
        Role::Registrar,
        Role::Screener,
        Role::OfficeDirector,
        Role::Supervisor,
        Role::Leader,
        Role::Auditor,
        Role::Operator,
    ];
    if office(actor, READERS) {
        return Ok(Eyes::Office);
    }
    match &actor.place {
        Place::Agency(code) if actor.has(Role::Handler) || actor.has(Role::AgencyHead) => {
            Ok(Eyes::Agency(code.clone()))
        }
        _ => Err(error::NOT_ALLOWED.refuse()),
    }
}

/// Reads the agenda and the counts: the office's readers alone.
///
/// # Errors
/// `meetings_not_allowed`.
pub fn may_read(actor: &Actor) -> Result<(), Refusal> {
    match eyes(actor)? {
        Eyes::Office => Ok(()),
        Eyes::Agency(_) => Err(error::NOT_ALLOWED.refuse()),
    }
}

/// Prepares the agenda: the screener, and the director above.
///
/// # Errors
/// `meetings_not_allowed`.
pub fn may_prepare(actor: &Actor) -> Result<(), Refusal> {
    grant(office(actor, &[Role::Screener, Role::OfficeDirector]))
}

/// Calls, moves, calls off and holds meetings, records decisions, fixes minutes: the director.
///
/// # Errors
/// `meetings_not_allowed`.
pub fn may_direct(actor: &Actor) -> Result<(), Refusal> {
    grant(office(actor, &[Role::OfficeDirector]))
}

/// Checks a task: whom the resolution names, and the director.
///
/// # Errors
/// `meetings_not_allowed`.
pub fn may_check(actor: &Actor, checker: TaskChecker) -> Result<(), Refusal> {
    let named = match checker {
        TaskChecker::Director => Role::OfficeDirector,
        TaskChecker::Supervisor => Role::Supervisor,
        TaskChecker::Screener => Role::Screener,
    };
    grant(office(actor, &[named, Role::OfficeDirector]))
}

fn grant(granted: bool) -> Result<(), Refusal> {
    if granted { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}
