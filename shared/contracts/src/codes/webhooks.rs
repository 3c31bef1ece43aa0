//! Code lists of webhooks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

codes! {
    /// 推送状态
    AnnouncementState {
        /// 待推送
        Pending = "pending",
        /// 已推送
        Delivered = "delivered",
        /// 已停止: every attempt failed; a person sends it again.
        Dead = "dead",
    }
    /// What became of one attempt.
    AnnouncementOutcome {
        /// It was begun, and cut off before its end was on record.
        Open = "open",
        /// The receiver took it (2xx).
        Delivered = "delivered",
        /// The receiver answered another status.
        Refused = "refused",
        /// The receiver said that it is gone for good (410).
        Gone = "gone",
        /// No connection, or it broke.
        Unreachable = "unreachable",
        /// No answer in time.
        TimedOut = "timed_out",
        /// The address leads to a network that is not allowed.
        ForbiddenTarget = "forbidden_target",
        /// The receiver's certificate is not good.
        BadCertificate = "bad_certificate",
    }
}
