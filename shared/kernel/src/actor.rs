//! Who gives a command, from where, and in which roles (domain.md section 3).

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AgencyCode, UserId};

/// Where an account lives, which bounds everything it may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "at", content = "agency")]
pub enum Place {
    /// 联席办: the joint-conference office.
    Office,
    /// 成员单位: one member agency.
    Agency(AgencyCode),
    /// The public door: a petitioner without an account.
    Portal,
    /// A process of the suite itself.
    Suite,
}

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $code:literal;)*) => {
        /// What an account may do. Rights are granted by role at the command and at the query.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Role { $($(#[$doc])* $variant,)* }
        impl Role {
            /// Every role, in the order shown to people.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The code word on the wire and in the command line.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

roles! {
    /// 登记员: registers submissions.
    Registrar = "registrar";
    /// 甄别转办员: screens, forwards, assigns, recalls.
    Screener = "screener";
    /// 检举控告专办员: the only role that sees the restricted queue.
    RestrictedOfficer = "restricted_officer";
    /// 联席办主任: approves assignments, refusals and extensions on the office's side.
    OfficeDirector = "office_director";
    /// 承办人: handles an agency's tasks.
    Handler = "handler";
    /// 单位负责人: signs the agency's opinions and extensions.
    AgencyHead = "agency_head";
    /// 督查专员: watches duties, issues and judges supervision orders (Art. 16, 38).
    Supervisor = "supervisor";
    /// 包案领导: reads what leaders sponsor.
    Leader = "leader";
    /// 审计员: reads logs and chains.
    Auditor = "auditor";
    /// 运维: watches queues and dead letters.
    Operator = "operator";
    /// 系统管理员: accounts and the register of agencies.
    Administrator = "administrator";
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such role: `{0}`")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .iter()
            .copied()
            .find(|r| r.code() == text)
            .ok_or_else(|| UnknownRole(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The person (or process) behind a command, as the signed token states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// The account.
    pub user: UserId,
    /// Where the account lives.
    pub place: Place,
    /// Its roles there.
    pub roles: Vec<Role>,
}

impl Actor {
    /// Whether the actor holds a role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the actor belongs to the office.
    #[must_use]
    pub fn is_office(&self) -> bool {
        self.place == Place::Office
    }

    /// The agency the actor belongs to, if any.
    #[must_use]
    pub fn agency(&self) -> Option<&AgencyCode> {
        match &self.place {
            Place::Agency(code) => Some(code),
            Place::Office | Place::Portal | Place::Suite => None,
        }
    }
}

/// 经办人: the account in whose name something was recorded, as facts carry it (`office/us_…`, `agency/renshe/us_…`).
///
/// An account of the office or of an agency, never a petitioner: the public door has none, and neither have the
/// suite's own rules and timers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct By {
    /// Where the account lives; none: the office.
    pub agency: Option<AgencyCode>,
    /// The account.
    pub user: UserId,
}

const OFFICE: &str = "office";
const AGENCY: &str = "agency";

impl By {
    /// The hand of an actor who is a person with an account.
    #[must_use]
    pub fn of(actor: &Actor) -> Option<Self> {
        match &actor.place {
            Place::Office => Some(Self { agency: None, user: actor.user }),
            Place::Agency(code) => Some(Self { agency: Some(code.clone()), user: actor.user }),
            Place::Portal | Place::Suite => None,
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.agency {
            None => write!(f, "{OFFICE}/{}", self.user),
            Some(code) => write!(f, "{AGENCY}/{code}/{}", self.user),
        }
    }
}

/// The text names no account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no account of the office or of an agency: expected office/us_… or agency/<code>/us_…")]
pub struct BadBy;

impl FromStr for By {
    type Err = BadBy;
    fn from_str(text: &str) -> Result<Self, BadBy> {
        let (place, user) = text.rsplit_once('/').ok_or(BadBy)?;
        let agency = match place.split_once('/') {
            None if place == OFFICE => None,
            Some((AGENCY, code)) => Some(code.parse().map_err(|_| BadBy)?),
            _ => return Err(BadBy),
        };
        Ok(Self { agency, user: user.parse().map_err(|_| BadBy)? })
    }
}

impl Serialize for By {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for By {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for By {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "By".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": BY_PATTERN,
            "description": "The account in whose name it was recorded: office/us_… or agency/<code>/us_…",
        })
    }
}

/// What the text of a [`By`] looks like.
pub const BY_PATTERN: &str = "^(office|agency/[a-z][a-z0-9]{1,15})/us_[0-7][0-9a-hjkmnp-tv-z]{25}$";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_with_its_place_and_nothing_else_is_read_as_one() {
        let user: UserId = "us_01k1q8s4000000000000000001".parse().expect("an account");
        let actor = |place| Actor { user, place, roles: Vec::new() };
        let agency: AgencyCode = "office".parse().expect("a code");
        for (place, text) in [
            (Place::Office, Some("office/us_01k1q8s4000000000000000001")),
            // An agency may be called so: it is no office for that.
            (Place::Agency(agency), Some("agency/office/us_01k1q8s4000000000000000001")),
            (Place::Portal, None),
            (Place::Suite, None),
        ] {
            let by = By::of(&actor(place));
            assert_eq!(by.as_ref().map(ToString::to_string).as_deref(), text);
            if let Some(text) = text {
                assert_eq!(text.parse().ok(), by);
            }
        }
        let id = "us_01k1q8s4000000000000000001";
        for wrong in [id.to_owned(), format!("portal/{id}"), format!("agency/{id}"), "office/us_1".to_owned()]
        {
            assert_eq!(wrong.parse::<By>(), Err(BadBy), "{wrong}");
        }
    }
}
