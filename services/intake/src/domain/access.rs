//! What an agency may open and put, by an assignment that routing gave it.

use contracts::codes::ContentPart;
use kernel::{AgencyCode, MatterId, Refusal};

use crate::error;

/// Where an assignment stands, as far as access goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RightState {
    /// The agency holds it.
    Active,
    /// 已撤回: everything is lost.
    Recalled,
    /// 办结: the text stays readable, the contact does not, and nothing more is put.
    Closed,
}

impl RightState {
    /// The code word in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Recalled => "recalled",
            Self::Closed => "closed",
        }
    }

    /// Reads the code word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Active, Self::Recalled, Self::Closed].into_iter().find(|s| s.code() == code)
    }
}

/// The right that one assignment gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// Whose.
    pub agency: AgencyCode,
    /// To which matter.
    pub matter_id: MatterId,
    /// Whether the contact goes with it.
    pub identity_travels: bool,
    /// Where it stands.
    pub state: RightState,
}

/// What intake itself knows of the submission, which no fact can loosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// 检举控告.
    pub restricted: bool,
    /// The petitioner asked that the identity not be passed on.
    pub withheld: bool,
}

/// The right, if it is this agency's to this matter.
///
/// # Errors
/// `right_not_here_yet`: the same for an assignment that is on its way and for one of another agency, so that
/// nothing can be learnt by asking.
pub fn own<'r>(
    right: Option<&'r Right>,
    agency: &AgencyCode,
    matter: MatterId,
) -> Result<&'r Right, Refusal> {
    right
        .filter(|r| r.agency == *agency && r.matter_id == matter)
        .ok_or_else(|| error::RIGHT_NOT_HERE_YET.refuse())
}

/// Whether a part may be opened.
///
/// # Errors
/// `right_recalled`, `right_closed`, `identity_stays` (Art. 30, or the petitioner's wish).
pub fn open(right: &Right, part: ContentPart, guard: Guard) -> Result<(), Refusal> {
    if right.state == RightState::Recalled {
        return Err(error::RIGHT_RECALLED.refuse());
    }
    match part {
        ContentPart::Text | ContentPart::Attachment => Ok(()),
        ContentPart::Contact if !right.identity_travels || guard.restricted || guard.withheld => {
            Err(error::IDENTITY_STAYS.refuse())
        }
        ContentPart::Contact if right.state == RightState::Closed => Err(error::RIGHT_CLOSED.refuse()),
        ContentPart::Contact => Ok(()),
    }
}

/// Whether a co-agency's part may be opened by the lead that it was given to.
///
/// # Errors
/// `right_recalled`.
pub fn open_part(right: &Right) -> Result<(), Refusal> {
    match right.state {
        RightState::Active | RightState::Closed => Ok(()),
        RightState::Recalled => Err(error::RIGHT_RECALLED.refuse()),
    }
}

/// Whether a paper may be put. The reply to a supervision order is owed also after the task has ended: what a
/// unit did wrong is supervised all the same (domain.md 2.2, transition 32). So is what a unit says to the joint
/// conference and reports to it: a party to a dispute has given its task back (Art. 24).
///
/// # Errors
/// `right_recalled`, `right_closed`.
pub fn put(right: &Right, outlives_task: bool) -> Result<(), Refusal> {
    match right.state {
        _ if outlives_task => Ok(()),
        RightState::Active => Ok(()),
        RightState::Recalled => Err(error::RIGHT_RECALLED.refuse()),
        RightState::Closed => Err(error::RIGHT_CLOSED.refuse()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{IdMint, SystemClock};

    use super::*;

    const OPEN: Guard = Guard { restricted: false, withheld: false };

    fn right(state: RightState, identity_travels: bool) -> Right {
        let matter_id = IdMint::seeded(Arc::new(SystemClock), 1).mint();
        Right { agency: "renshe".parse().expect("code"), matter_id, identity_travels, state }
    }

    fn code(outcome: Result<(), Refusal>) -> String {
        outcome.map_or_else(|refusal| refusal.code.into_owned(), |()| "ok".into())
    }

    #[test]
    fn every_part_in_every_state() {
        let expected = [
            (RightState::Active, ["ok", "ok", "ok", "ok"]),
            (RightState::Recalled, ["right_recalled"; 4]),
            (RightState::Closed, ["ok", "ok", "right_closed", "right_closed"]),
        ];
        for (state, row) in expected {
            let right = right(state, true);
            let opened = [ContentPart::Text, ContentPart::Attachment, ContentPart::Contact]
                .map(|part| code(open(&right, part, OPEN)));
            assert_eq!([opened.as_slice(), &[code(put(&right, false))]].concat(), row, "{state:?}");
        }
    }

    #[test]
    fn identity_goes_only_where_fact_and_own_record_both_allow_it() {
        let contact =
            |travels, guard| code(open(&right(RightState::Active, travels), ContentPart::Contact, guard));
        assert_eq!(contact(true, OPEN), "ok");
        assert_eq!(contact(false, OPEN), "identity_stays");
        assert_eq!(contact(true, Guard { restricted: true, withheld: false }), "identity_stays");
        assert_eq!(contact(true, Guard { restricted: false, withheld: true }), "identity_stays");
    }

    #[test]
    fn another_agencys_right_looks_like_none() {
        let right = right(RightState::Active, true);
        let other: AgencyCode = "jiaotong".parse().expect("code");
        let stranger = own(Some(&right), &other, right.matter_id).expect_err("not theirs");
        assert_eq!(Err(stranger), own(None, &other, right.matter_id));
        let elsewhere = IdMint::seeded(Arc::new(SystemClock), 2).mint();
        assert!(own(Some(&right), &right.agency, elsewhere).is_err());
        assert!(own(Some(&right), &right.agency, right.matter_id).is_ok());
    }
}
