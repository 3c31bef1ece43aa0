//! Who may do what at intake: denied unless it stands here.
//!
//! An accusation is seen by the officer for accusations alone (Art. 30). To everybody else it gives the answer
//! of a submission that does not exist.

use contracts::codes::Channel;
use kernel::{Actor, Place, Refusal, Role};

use crate::error;

/// A look at one submission, or a step on it, by a person of the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The receipt once more.
    Receipt,
    /// Title, text, claims and files.
    Content,
    /// The petitioners' identities.
    Identity,
    /// A paper of an agency.
    Paper,
    /// Linking it to another matter.
    Link,
}

impl Look {
    /// Roles of the office for an ordinary submission, and for an accusation.
    const fn roles(self) -> (&'static [Role], &'static [Role]) {
        match self {
            Self::Receipt | Self::Identity => {
                (&[Role::Registrar, Role::Screener], &[Role::RestrictedOfficer])
            }
            Self::Content => (
                &[Role::Registrar, Role::Screener, Role::OfficeDirector, Role::RestrictedOfficer],
                &[Role::RestrictedOfficer],
            ),
            Self::Paper => (
                &[Role::Screener, Role::OfficeDirector, Role::Supervisor, Role::Auditor],
                &[Role::RestrictedOfficer],
            ),
            Self::Link => (&[Role::Screener], &[]),
        }
    }
}

fn holds(actor: &Actor, roles: &[Role]) -> bool {
    actor.is_office() && roles.iter().any(|role| actor.has(*role))
}

/// Whether the actor may look at a thing. `restricted` is `None` where there is no such thing.
///
/// # Errors
/// `intake_not_allowed` for a role that never may; `no_such_submission` where there is none, and where there
/// is one that this role must not know of.
pub fn look(actor: &Actor, look: Look, restricted: Option<bool>) -> Result<(), Refusal> {
    let (ordinary, accusation) = look.roles();
    let (open, guarded) = (holds(actor, ordinary), holds(actor, accusation));
    if !open && !guarded {
        return Err(error::NOT_ALLOWED.refuse());
    }
    match restricted {
        Some(true) if guarded => Ok(()),
        Some(false) if open => Ok(()),
        Some(false) => Err(error::NOT_ALLOWED.refuse()),
        Some(true) | None => Err(error::NO_SUCH_SUBMISSION.refuse()),
    }
}

/// Channels that the public door may register.
pub const PORTAL_CHANNELS: &[Channel] =
    &[Channel::Web, Channel::Mobile, Channel::Wechat, Channel::WebSuggestion];

const COUNTER: &[Role] = &[Role::Registrar, Role::Screener];

/// Whether the actor may register a submission of this channel.
///
/// # Errors
/// `intake_not_allowed`, `channel_not_yours`.
pub fn register(actor: &Actor, channel: Channel) -> Result<(), Refusal> {
    upload(actor)?;
    if actor.place == Place::Portal && !PORTAL_CHANNELS.contains(&channel) {
        return Err(error::CHANNEL_NOT_YOURS.refuse().at("channel"));
    }
    Ok(())
}

/// Whether the actor may upload files.
///
/// # Errors
/// `intake_not_allowed`.
pub fn upload(actor: &Actor) -> Result<(), Refusal> {
    match actor.place {
        Place::Portal => Ok(()),
        Place::Office if holds(actor, COUNTER) => Ok(()),
        Place::Office | Place::Agency(_) | Place::Suite => Err(error::NOT_ALLOWED.refuse()),
    }
}

/// To whom an upload and an idempotency key belong: the account, or the public door as a whole. Behind that door
/// there are no accounts; its ids and keys are drawn by chance, and that they are known is the proof.
#[must_use]
pub fn owner(actor: &Actor) -> String {
    match &actor.place {
        Place::Portal => "portal".to_owned(),
        Place::Office | Place::Agency(_) | Place::Suite => actor.user.to_string(),
    }
}

/// What keys of an import begin with: `import:<source>:<key of the row>`.
pub const IMPORT: &str = "import:";

/// To whom an idempotency key belongs. The rows of an import are the office's, whoever of its counter sends the
/// file once more.
#[must_use]
pub fn key_owner(actor: &Actor, key: &str) -> String {
    if actor.is_office() && key.starts_with(IMPORT) { "office".to_owned() } else { owner(actor) }
}

/// Roles of the office that may read a scanned paper not bound to a submission: it is an agency's step on
/// behalf of which the office acts.
const SCANS: &[Role] = &[Role::Registrar, Role::Screener, Role::OfficeDirector, Role::Auditor];

/// Whether the actor may read a file that the office uploaded and bound to no submission.
///
/// # Errors
/// `no_such_attachment`.
pub fn read_scan(actor: &Actor) -> Result<(), Refusal> {
    if holds(actor, SCANS) { Ok(()) } else { Err(error::NO_SUCH_ATTACHMENT.refuse()) }
}

/// Whether the caller is the suite itself.
///
/// # Errors
/// `intake_not_allowed`.
pub fn suite_alone(actor: &Actor) -> Result<(), Refusal> {
    if actor.place == Place::Suite { Ok(()) } else { Err(error::NOT_ALLOWED.refuse()) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{IdMint, SystemClock};

    use super::*;

    fn actor(place: Place, roles: &[Role]) -> Actor {
        Actor { user: IdMint::seeded(Arc::new(SystemClock), 1).mint(), place, roles: roles.to_vec() }
    }

    fn agency() -> Place {
        Place::Agency("renshe".parse().expect("code"))
    }

    fn outcome(role: Role, what: Look, restricted: Option<bool>) -> &'static str {
        match look(&actor(Place::Office, &[role]), what, restricted) {
            Ok(()) => "ok",
            Err(refusal) if refusal.code == "intake_not_allowed" => "no",
            Err(refusal) if refusal.code == "no_such_submission" => "none",
            Err(refusal) => panic!("{refusal}"),
        }
    }

    /// Role by role: an ordinary submission, an accusation, one that does not exist.
    #[test]
    fn every_role_has_its_looks_and_no_other() {
        const SEES: [&str; 3] = ["ok", "none", "none"];
        const GUARDS: [&str; 3] = ["ok", "ok", "none"];
        const GUARDS_ONLY: [&str; 3] = ["no", "ok", "none"];
        const NOTHING: [&str; 3] = ["no", "no", "no"];
        for role in Role::ALL {
            let row = |what| [Some(false), Some(true), None].map(|r| outcome(*role, what, r));
            let expected = match role {
                Role::Registrar => [SEES, SEES, SEES, NOTHING, NOTHING],
                Role::Screener => [SEES, SEES, SEES, SEES, SEES],
                Role::RestrictedOfficer => [GUARDS_ONLY, GUARDS, GUARDS_ONLY, GUARDS_ONLY, NOTHING],
                Role::OfficeDirector => [NOTHING, SEES, NOTHING, SEES, NOTHING],
                Role::Supervisor | Role::Auditor => [NOTHING, NOTHING, NOTHING, SEES, NOTHING],
                Role::Handler | Role::AgencyHead | Role::Leader | Role::Operator | Role::Administrator => {
                    [NOTHING; 5]
                }
            };
            let looks = [Look::Receipt, Look::Content, Look::Identity, Look::Paper, Look::Link];
            assert_eq!(looks.map(row), expected, "{role}");
        }
    }

    #[test]
    fn no_other_place_looks_whatever_its_roles() {
        for place in [agency(), Place::Portal, Place::Suite] {
            for what in [Look::Receipt, Look::Content, Look::Identity, Look::Paper, Look::Link] {
                for restricted in [Some(false), Some(true), None] {
                    let refusal =
                        look(&actor(place.clone(), Role::ALL), what, restricted).expect_err("denied");
                    assert_eq!(refusal.code, "intake_not_allowed");
                }
            }
        }
    }

    #[test]
    fn the_counter_registers_everything_and_the_portal_its_own_channels() {
        for role in Role::ALL {
            let may = register(&actor(Place::Office, &[*role]), Channel::Letter).is_ok();
            assert_eq!(may, matches!(role, Role::Registrar | Role::Screener), "{role}");
        }
        for channel in Channel::ALL {
            let may = register(&actor(Place::Portal, &[]), *channel).is_ok();
            assert_eq!(may, PORTAL_CHANNELS.contains(channel), "{channel}");
        }
        for place in [agency(), Place::Suite] {
            assert!(register(&actor(place, Role::ALL), Channel::Web).is_err());
        }
    }

    #[test]
    fn masked_texts_and_restricted_facts_are_the_suites_alone() {
        assert!(suite_alone(&actor(Place::Suite, &[])).is_ok());
        for place in [Place::Office, Place::Portal, agency()] {
            assert!(suite_alone(&actor(place, Role::ALL)).is_err());
        }
    }

    #[test]
    fn scans_are_read_by_the_office() {
        assert!(read_scan(&actor(Place::Office, &[Role::Auditor])).is_ok());
        for (place, roles) in
            [(Place::Office, vec![Role::Operator]), (Place::Portal, vec![]), (agency(), Role::ALL.to_vec())]
        {
            let refusal = read_scan(&actor(place, &roles)).expect_err("denied");
            assert_eq!(refusal.code, "no_such_attachment");
        }
    }
}
