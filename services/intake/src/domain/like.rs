//! 可能的重复件、联名件 (domain.md 1.9): which of the candidates may be named, and with which a submission is compared.
//!
//! What is said decides; who said it never leads to a matter. Nothing is counted.

use kernel::{MatterId, SubmissionId};

/// What is known of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: SubmissionId,
    /// The matter it belongs to: another one's when it is a repeat.
    pub matter_id: MatterId,
    /// 检举控告, as stated or as found: it does not exist for anybody here (Art. 30).
    pub restricted: bool,
    /// Its matter is closed.
    pub closed: bool,
}

/// For whom candidates are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A person compares: closed ones are shown, too, and cannot be linked to.
    Shown,
    /// A proposal: an earlier, open one alone.
    Proposed,
}

impl Wanted {
    /// Whether an id may stand in the answer about another, before anything is known of either but their ids,
    /// which follow the order of registration.
    #[must_use]
    pub fn may_name(self, other: SubmissionId, asked: SubmissionId) -> bool {
        match self {
            Self::Shown => other != asked,
            Self::Proposed => other < asked,
        }
    }

    /// Whether a matter may be compared with the one asked about and be named.
    #[must_use]
    pub fn may_compare(self, matter: Candidate, asked: Candidate) -> bool {
        let another = matter.id != asked.id && matter.id != asked.matter_id;
        another
            && !matter.restricted
            && !asked.restricted
            && matter.matter_id == matter.id
            && self.may_name(matter.id, asked.id)
            && (self == Self::Shown || !matter.closed)
    }
}

#[cfg(test)]
mod tests {
    use kernel::UnixMillis;

    use super::*;

    fn id(n: i64) -> SubmissionId {
        SubmissionId::from_parts(UnixMillis(n), 1)
    }

    fn plain(n: i64) -> Candidate {
        Candidate { id: id(n), matter_id: id(n), restricted: false, closed: false }
    }

    #[test]
    fn an_accusation_is_compared_with_nothing_and_nothing_with_it() {
        let guarded = Candidate { restricted: true, ..plain(1) };
        for wanted in [Wanted::Shown, Wanted::Proposed] {
            assert!(wanted.may_compare(plain(1), plain(2)));
            assert!(!wanted.may_compare(guarded, plain(2)));
            assert!(!wanted.may_compare(plain(1), Candidate { restricted: true, ..plain(2) }));
        }
    }

    #[test]
    fn a_repeat_is_no_target_and_what_it_was_linked_to_is_not_shown_again() {
        let repeat = Candidate { matter_id: id(1), ..plain(2) };
        assert!(!Wanted::Shown.may_compare(repeat, plain(3)), "its matter stands for it");
        assert!(!Wanted::Shown.may_compare(plain(1), repeat), "it is linked to that one already");
        assert!(!Wanted::Shown.may_compare(plain(3), plain(3)));
    }

    #[test]
    fn a_proposal_names_earlier_open_ones_and_a_person_sees_the_others_too() {
        let closed = Candidate { closed: true, ..plain(1) };
        assert!(Wanted::Shown.may_compare(closed, plain(2)));
        assert!(!Wanted::Proposed.may_compare(closed, plain(2)));
        assert!(Wanted::Shown.may_compare(plain(3), plain(2)));
        assert!(!Wanted::Proposed.may_compare(plain(3), plain(2)));
    }
}
