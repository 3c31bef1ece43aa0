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
