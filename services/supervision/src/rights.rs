//! Who may do and see what in supervision: denied unless granted here.

use kernel::{Actor, Refusal, Role};

use crate::error;

/// Which matters somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Those that are no accusation.
    pub open: bool,
    /// Accusations.
    pub restricted: bool,
}

impl Sight {
    /// Whether it reaches a matter.
    #[must_use]
    pub const fn sees(self, restricted: bool) -> bool {
        if restricted { self.restricted } else { self.open }
    }
}

/// What the actor sees of duties and orders: the office's readers what is open, the restricted officer the rest.
///
/// # Errors
/// `supervision_not_allowed`.
pub fn sight(actor: &Actor) -> Result<Sight, Refusal> {
    const READERS: &[Role] = &[
        Role::Registrar,
        Role::Screener,
        Role::OfficeDirector,
        Role::Supervisor,
        Role::Leader,
        Role::Auditor,
        Role::Operator,
    ];
    let open = actor.is_office() && READERS.iter().any(|role| actor.has(*role));
    let restricted = actor.is_office() && actor.has(Role::RestrictedOfficer);
    if open || restricted { Ok(Sight { open, restricted }) } else { Err(error::NOT_ALLOWED.refuse()) }
}

/// Issues and judges orders: the supervision officer and the director; of accusations the restricted officer.
///
/// # Errors
/// The refusal given where the actor may not even see the matter, else `supervision_not_allowed`.
pub fn may_urge(actor: &Actor, restricted: bool, unseen: &kernel::ErrorDef) -> Result<(), Refusal> {
    if !sight(actor)?.sees(restricted) {
        return Err(unseen.refuse());
    }
    let urges = if restricted {
        actor.has(Role::RestrictedOfficer)
    } else {
        actor.has(Role::Supervisor) || actor.has(Role::OfficeDirector)
    };
    if urges { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}
