//! The words every crate of the suite shares: typed ids, instants and civil dates, the two clocks,
//! the actor of a command, and the refusal that answers one. No I/O lives here.

mod actor;
mod clock;
mod code;
mod id;
mod refusal;
mod time;

pub use actor::{Actor, BY_PATTERN, BadBy, By, Place, Role, UnknownRole};
pub use clock::{BusinessClock, Clock, Clocks, ManualClock, SystemClock, thread_cpu};
pub use code::{AgencyCode, BadCode, RegionCode};
pub use id::{
    AgendaItemId, AssignmentId, AttachmentId, BadId, ClaimId, ContentId, EventId, Id, IdMint, MatterId,
    MeetingId, NoticeId, OpinionId, OrderId, ResolutionId, ResolutionTaskId, SubmissionId, UserId,
    WebhookDeliveryId, WebhookId,
};
pub use refusal::{ErrorDef, ErrorKind, Refusal, WhoActs};
pub use time::{BadInstant, UnixMillis, civil_date, civil_midnight};
