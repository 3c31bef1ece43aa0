//! Who may do and see what at an agency's node: denied unless granted here. The agency is the actor's own,
//! as the signed token states it, never one that a request names.

use contracts::agency::commands::Step;
use kernel::{Actor, AgencyCode, AttachmentId, Place, Refusal, Role};

use crate::{
    config::Config,
    domain::{order::Order, task::Task},
    error,
};

/// Which tasks somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Those that are no accusation.
    pub open: bool,
    /// Accusations.
    pub restricted: bool,
}

impl Sight {
    /// Whether it reaches a task.
    #[must_use]
    pub const fn sees(self, task: &Task) -> bool {
        if task.dispatch.restricted { self.restricted } else { self.open }
    }
}

fn own(actor: &Actor, code: &AgencyCode) -> bool {
    actor.agency() == Some(code)
}

fn works_here(actor: &Actor) -> bool {
    actor.has(Role::Handler) || actor.has(Role::AgencyHead)
}

/// What the actor sees: its own people everything, the office's what it records for an agency without
/// computers, and of that the restricted officer alone the accusations.
///
/// # Errors
/// `no_such_task` to everyone of another place, `task_not_allowed` to a role that does not suffice.
pub fn sight(actor: &Actor, code: &AgencyCode, config: &Config) -> Result<Sight, Refusal> {
    match &actor.place {
        Place::Agency(_) if own(actor, code) => {
            if works_here(actor) {
                Ok(Sight { open: true, restricted: true })
            } else {
                Err(error::TASK_NOT_ALLOWED.refuse())
            }
        }
        Place::Office => {
            let sight = Sight {
                open: actor.has(Role::Screener) || actor.has(Role::Registrar),
                restricted: actor.has(Role::RestrictedOfficer),
            };
            if !sight.open && !sight.restricted {
                return Err(error::TASK_NOT_ALLOWED.refuse());
            }
            if config.computer {
                return Err(error::ON_BEHALF_NOT_NEEDED.refuse());
            }
            Ok(sight)
        }
        Place::Agency(_) | Place::Portal | Place::Suite => Err(error::NO_SUCH_TASK.refuse()),
    }
}

/// What somebody may count: their own sight; the office's operators, auditors and director count every
/// agency's tasks, numbers alone, so that what was sent can be held against what arrived.
///
/// # Errors
/// As [`sight`].
pub fn counting(actor: &Actor, code: &AgencyCode, config: &Config) -> Result<Sight, Refusal> {
    let watches = [Role::Operator, Role::Auditor, Role::OfficeDirector, Role::Administrator];
    if actor.is_office() && watches.iter().any(|role| actor.has(*role)) {
        return Ok(Sight { open: true, restricted: true });
    }
    sight(actor, code, config)
}

/// Whether the actor may take a step on a task it sees, and from which paper.
///
/// # Errors
/// `no_such_task`, `task_not_allowed`, `head_signs`, `on_behalf_not_yours`, `on_behalf_not_needed`,
/// `paper_owed_on_behalf`.
pub fn may_step(
    actor: &Actor,
    code: &AgencyCode,
    config: &Config,
    task: &Task,
    step: &Step,
    by_head: bool,
) -> Result<Option<AttachmentId>, Refusal> {
    if !sight(actor, code, config)?.sees(task) {
        return Err(error::NO_SUCH_TASK.refuse());
    }
    if !own(actor, code) {
        let paper = step.on_behalf_paper;
        return paper.map(Some).ok_or_else(|| error::PAPER_OWED_ON_BEHALF.refuse().at("on_behalf_paper"));
    }
    if by_head && !actor.has(Role::AgencyHead) {
        return Err(error::HEAD_SIGNS.refuse());
    }
    match step.on_behalf_paper {
        Some(_) => Err(error::ON_BEHALF_NOT_YOURS.refuse().at("on_behalf_paper")),
        None => Ok(None),
    }
}

/// Whether the actor may acknowledge and reply to an order it sees, and from which paper.
///
/// # Errors
/// `no_such_received_order`, `task_not_allowed`, `on_behalf_not_yours`, `on_behalf_not_needed`,
/// `paper_owed_on_behalf`.
pub fn may_take_order(
    actor: &Actor,
    code: &AgencyCode,
    config: &Config,
    order: &Order,
    paper: Option<AttachmentId>,
) -> Result<Option<AttachmentId>, Refusal> {
    let sight = sight(actor, code, config)?;
    let sees = if order.dispatch.restricted { sight.restricted } else { sight.open };
    match (sees, own(actor, code), paper) {
        (false, ..) => Err(error::NO_SUCH_ORDER.refuse()),
        (true, false, None) => Err(error::PAPER_OWED_ON_BEHALF.refuse().at("on_behalf_paper")),
        (true, true, Some(_)) => Err(error::ON_BEHALF_NOT_YOURS.refuse().at("on_behalf_paper")),
        (true, _, paper) => Ok(paper),
    }
}

/// Whether the actor may say where the agency's dispatches are announced: its own head or administrator.
///
/// # Errors
/// `no_such_webhook` to everyone of another place, `webhook_not_allowed` to a role that does not suffice.
pub fn may_announce(actor: &Actor, code: &AgencyCode) -> Result<(), Refusal> {
    if !own(actor, code) {
        return Err(error::NO_SUCH_WEBHOOK.refuse());
    }
    if actor.has(Role::AgencyHead) || actor.has(Role::Administrator) {
        return Ok(());
    }
    Err(error::WEBHOOK_NOT_ALLOWED.refuse())
}

/// Whether the actor may open what is sealed: the agency's own people alone, through its own account. The
/// office has its own door to the same content.
///
/// # Errors
/// `no_such_task`, `task_not_allowed`.
pub fn may_open(actor: &Actor, code: &AgencyCode) -> Result<(), Refusal> {
    match &actor.place {
        Place::Agency(_) if own(actor, code) && works_here(actor) => Ok(()),
        Place::Agency(_) if own(actor, code) => Err(error::TASK_NOT_ALLOWED.refuse()),
        Place::Office => Err(error::TASK_NOT_ALLOWED.refuse()),
        Place::Agency(_) | Place::Portal | Place::Suite => Err(error::NO_SUCH_TASK.refuse()),
    }
}

/// Whether the actor may answer an invitation or a task of a resolution, and from which paper. Neither is ever about an
/// accusation.
///
/// # Errors
/// `task_not_allowed`, `no_such_task`, `on_behalf_not_yours`, `on_behalf_not_needed`, `paper_owed_on_behalf`.
pub fn may_answer_office(
    actor: &Actor,
    code: &AgencyCode,
    config: &Config,
    paper: Option<AttachmentId>,
) -> Result<Option<AttachmentId>, Refusal> {
    let sight = sight(actor, code, config)?;
    match (sight.open, own(actor, code), paper) {
        (false, ..) => Err(error::TASK_NOT_ALLOWED.refuse()),
        (true, false, None) => Err(error::PAPER_OWED_ON_BEHALF.refuse().at("on_behalf_paper")),
        (true, true, Some(_)) => Err(error::ON_BEHALF_NOT_YOURS.refuse().at("on_behalf_paper")),
        (true, _, paper) => Ok(paper),
    }
}
