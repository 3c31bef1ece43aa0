//! What meetings is told from outside.

/// Settings of meetings.
#[derive(Clone, Debug)]
pub struct Config {
    /// A dispatch without a receipt is sent again after so many milliseconds (technical clock).
    pub receipt_within_ms: i64,
    /// Name of the office, the organizer of every invitation.
    pub organizer: String,
    /// Domain after the `@` of an invitation's uid; it never changes once invitations are out.
    pub uid_domain: String,
}
