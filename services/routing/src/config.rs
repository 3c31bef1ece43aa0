//! What routing is told from outside.

/// Settings of routing.
#[derive(Clone, Debug)]
pub struct Config {
    /// A dispatch without a receipt is sent again after so many milliseconds (technical clock).
    pub receipt_within_ms: i64,
    /// So many new confirmations are learned from by themselves, once a day; 0: none.
    pub learns_after: i64,
}
