//! Facts of supervision, what it dispatches to agencies, and the commands it takes.

mod duty_breached_v1;
mod duty_warned_v1;
mod order_acknowledged_v1;
mod order_closed_v1;
mod order_dispatch_v1;
mod order_issued_v1;
mod order_replied_v1;
mod order_sent_back_v1;
mod verdict_dispatch_v1;

pub mod commands;

pub use duty_breached_v1::DutyBreachedV1;
pub use duty_warned_v1::DutyWarnedV1;
pub use order_acknowledged_v1::OrderAcknowledgedV1;
pub use order_closed_v1::OrderClosedV1;
pub use order_dispatch_v1::OrderDispatchV1;
pub use order_issued_v1::OrderIssuedV1;
pub use order_replied_v1::OrderRepliedV1;
pub use order_sent_back_v1::OrderSentBackV1;
pub use verdict_dispatch_v1::VerdictDispatchV1;
