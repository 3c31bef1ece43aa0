//! When an announcement is tried again, and when no more.

use contracts::codes::{AnnouncementOutcome, AnnouncementState};

/// Waits before each further attempt, in seconds: nine, over two days.
const PAUSES_S: [i64; 9] = [5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400];
/// How far chance moves a wait, in percent: receivers that came back are not met by all at once.
const JITTER_PERCENT: i64 = 20;

/// The wait after so many failed attempts of this round; `None` when there is no further one. `chance` is any byte.
#[must_use]
pub fn pause_ms(failed: i64, chance: u8) -> Option<i64> {
    let at = usize::try_from(failed.checked_sub(1)?).ok()?;
    let plain = PAUSES_S.get(at)?.saturating_mul(1_000);
    let percent = 100 - JITTER_PERCENT + i64::from(chance) * 2 * JITTER_PERCENT / 255;
    Some(plain * percent / 100)
}

/// What follows from an attempt that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is over.
    Ended(AnnouncementState),
    /// Another attempt, after so many milliseconds.
    Again(i64),
}

/// What follows, after so many attempts of this round.
#[must_use]
pub fn next(outcome: AnnouncementOutcome, tried: i64, chance: u8) -> Next {
    use AnnouncementOutcome::{
        BadCertificate, Delivered, ForbiddenTarget, Gone, Open, Refused, TimedOut, Unreachable,
    };
    match outcome {
        Delivered => Next::Ended(AnnouncementState::Delivered),
        // The receiver says itself that there is no use.
        Gone => Next::Ended(AnnouncementState::Dead),
        Open | Refused | Unreachable | TimedOut | ForbiddenTarget | BadCertificate => {
            pause_ms(tried, chance).map_or(Next::Ended(AnnouncementState::Dead), Next::Again)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_and_end_after_ten_attempts() {
        let waits: Vec<i64> = (1..).map_while(|failed| pause_ms(failed, 127)).collect();
        assert_eq!(waits.len(), PAUSES_S.len());
        assert!(waits.is_sorted());
        assert_eq!(next(AnnouncementOutcome::Refused, 10, 0), Next::Ended(AnnouncementState::Dead));
        assert_eq!(pause_ms(0, 0), None);
    }

    #[test]
    fn chance_moves_a_wait_by_a_fifth_at_most() {
        assert_eq!((pause_ms(1, 0), pause_ms(1, 255)), (Some(4_000), Some(6_000)));
        for chance in 0..=255 {
            assert!((4_000..=6_000).contains(&pause_ms(1, chance).expect("a wait")));
        }
    }

    #[test]
    fn what_was_taken_is_over_and_what_is_gone_is_not_tried_again() {
        assert_eq!(next(AnnouncementOutcome::Delivered, 3, 0), Next::Ended(AnnouncementState::Delivered));
        assert_eq!(next(AnnouncementOutcome::Gone, 1, 0), Next::Ended(AnnouncementState::Dead));
        assert_eq!(next(AnnouncementOutcome::TimedOut, 1, 0), Next::Again(4_000));
    }
}
