//! Who is told: the petitioner, a unit's people, its petition desk, a role of the office.

use std::{fmt, str::FromStr};

use contracts::codes::NoticeChannel;
use kernel::{AgencyCode, Role};

/// One audience of one notice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// 信访人
    Petitioner,
    /// An agency's people at the console.
    Agency(AgencyCode),
    /// The mailbox of an agency's petition desk.
    AgencyDesk(AgencyCode),
    /// Those of the office who hold a role.
    Office(Role),
}

impl Audience {
    /// The kind without the unit, as the table names it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Petitioner => "petitioner",
            Self::Agency(_) => "agency",
            Self::AgencyDesk(_) => "agency_desk",
            Self::Office(_) => "office",
        }
    }

    /// The ways that can reach it.
    #[must_use]
    pub const fn ways(&self) -> &'static [NoticeChannel] {
        match self {
            Self::Petitioner => &[NoticeChannel::Letter, NoticeChannel::Mail, NoticeChannel::OnTheSpot],
            Self::Agency(_) | Self::Office(_) => &[NoticeChannel::Inbox],
            Self::AgencyDesk(_) => &[NoticeChannel::Mail],
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Petitioner => f.write_str("petitioner"),
            Self::Agency(code) => write!(f, "agency:{code}"),
            Self::AgencyDesk(code) => write!(f, "agency_desk:{code}"),
            Self::Office(role) => write!(f, "office:{role}"),
        }
    }
}

/// The text names no audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such audience: `{0}`")]
pub struct UnknownAudience(String);

impl FromStr for Audience {
    type Err = UnknownAudience;
    fn from_str(text: &str) -> Result<Self, UnknownAudience> {
        let bad = || UnknownAudience(text.chars().take(60).collect());
        match text.split_once(':') {
            None if text == "petitioner" => Ok(Self::Petitioner),
            Some(("agency", code)) => code.parse().map(Self::Agency).map_err(|_| bad()),
            Some(("agency_desk", code)) => code.parse().map(Self::AgencyDesk).map_err(|_| bad()),
            Some(("office", role)) => role.parse().map(Self::Office).map_err(|_| bad()),
            Some(_) | None => Err(bad()),
        }
    }
}
