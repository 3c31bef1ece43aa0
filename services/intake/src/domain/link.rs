//! 认定重复件: when a submission may be linked to a matter (domain.md 2.1, transition 2).

use kernel::Refusal;

use crate::error;

/// Longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 500;

/// What is known of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// They are one and the same.
    pub same: bool,
    /// The submission is linked already.
    pub linked: bool,
    /// Others are linked to the submission.
    pub has_repeats: bool,
    /// The submission lies with an agency.
    pub handed_over: bool,
    /// The matter is itself a repeat of another.
    pub target_linked: bool,
    /// The matter is closed.
    pub target_closed: bool,
}

/// Whether the submission may be linked to the matter.
///
/// # Errors
/// Says which of the two stands in the way, and what to do.
pub fn decide(pair: Pair, reason: &str) -> Result<(), Refusal> {
    let chars = reason.trim().chars().count();
    if chars == 0 || chars > MAX_REASON_CHARS || reason.contains('\0') {
        return Err(error::LINK_REASON_OWED.refuse().at("reason").with("most", MAX_REASON_CHARS));
    }
    match pair {
        Pair { same: true, .. } => Err(error::LINK_TO_ITSELF.refuse().at("matter_id")),
        Pair { linked: true, .. } => Err(error::LINKED_ALREADY.refuse().at("submission_id")),
        Pair { has_repeats: true, .. } => Err(error::LINK_HAS_REPEATS.refuse().at("submission_id")),
        Pair { handed_over: true, .. } => Err(error::LINK_HANDED_OVER.refuse().at("submission_id")),
        Pair { target_linked: true, .. } => Err(error::LINK_TARGET_LINKED.refuse().at("matter_id")),
        Pair { target_closed: true, .. } => Err(error::LINK_TARGET_CLOSED.refuse().at("matter_id")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_obstacle_has_its_refusal() {
        let free = Pair::default();
        assert_eq!(decide(free, "同一工地同一笔工资"), Ok(()));
        for (pair, code) in [
            (Pair { same: true, ..free }, "link_to_itself"),
            (Pair { linked: true, ..free }, "linked_already"),
            (Pair { has_repeats: true, ..free }, "link_has_repeats"),
            (Pair { handed_over: true, ..free }, "link_handed_over"),
            (Pair { target_linked: true, ..free }, "link_target_linked"),
            (Pair { target_closed: true, ..free }, "link_target_closed"),
        ] {
            assert_eq!(decide(pair, "同").expect_err("refused").code, code);
        }
    }

    #[test]
    fn a_reason_is_owed_and_bounded() {
        for bad in [String::new(), "  ".into(), "同".repeat(MAX_REASON_CHARS + 1), "a\0b".into()] {
            assert_eq!(decide(Pair::default(), &bad).expect_err("refused").code, "link_reason_owed");
        }
        assert_eq!(decide(Pair::default(), &"同".repeat(MAX_REASON_CHARS)), Ok(()));
    }
}
