//! Asking a service: the caller's half of the door.

use bus::{Bus, Call, CallError};
use contracts::{Command, subject};
use kernel::{AgencyCode, ErrorDef, ErrorKind, Refusal, WhoActs};

/// How long a caller waits for an answer, in milliseconds.
pub const ANSWER_WITHIN_MS: i64 = 15_000;

/// Nobody answered in time.
pub static SERVICE_AWAY: ErrorDef = ErrorDef {
    code: "service_away",
    kind: ErrorKind::Unavailable,
    acts: WhoActs::Operator,
    article: None,
    zh: "“{service}”服务暂时没有应答，内容未丢失；请稍后用同一页面重试，仍不行请联系运维人员。",
    en: "The service `{service}` does not answer. Nothing you typed is lost: try again from the same page, then tell the operator.",
};

/// The answer is not what the command promises.
pub static UNREADABLE_REPLY: ErrorDef = ErrorDef {
    code: "unreadable_reply",
    kind: ErrorKind::Internal,
    acts: WhoActs::Operator,
    article: None,
    zh: "“{service}”服务的应答无法识别，可能版本不一致；请联系运维人员。",
    en: "The answer of `{service}` cannot be read; its version may differ. Tell the operator.",
};

/// Every refusal that the door and the caller give.
pub static ALL: &[&ErrorDef] = &[
    &SERVICE_AWAY,
    &UNREADABLE_REPLY,
    &crate::door::NOT_SIGNED_IN,
    &crate::door::BAD_COMMAND,
    &crate::door::UNWRITABLE_REPLY,
    &crate::once::REQUEST_REUSED,
];

/// Asks a service of the office.
///
/// # Errors
/// The owner's refusal, or [`SERVICE_AWAY`].
pub async fn ask<C: Command>(
    bus: &Bus,
    service: &str,
    actor: Option<&str>,
    idempotency_key: Option<&str>,
    command: &C,
) -> Result<C::Reply, Refusal> {
    ask_on::<C>(bus, &subject::command(service, C::NAME), service, actor, idempotency_key, command).await
}

/// Asks an agency's node.
///
/// # Errors
/// The owner's refusal, or [`SERVICE_AWAY`].
pub async fn ask_agency<C: Command>(
    bus: &Bus,
    agency: &AgencyCode,
    actor: Option<&str>,
    idempotency_key: Option<&str>,
    command: &C,
) -> Result<C::Reply, Refusal> {
    let subject = subject::agency_command(agency, C::NAME);
    ask_on::<C>(bus, &subject, agency.as_str(), actor, idempotency_key, command).await
}

/// Asks on a subject: what an agency's node does with its own subjects of intake.
///
/// # Errors
/// The owner's refusal, or [`SERVICE_AWAY`].
pub async fn ask_on<C: Command>(
    bus: &Bus,
    subject: &str,
    service: &str,
    actor: Option<&str>,
    idempotency_key: Option<&str>,
    command: &C,
) -> Result<C::Reply, Refusal> {
    let unreadable = || UNREADABLE_REPLY.refuse().with("service", service);
    let call = Call {
        actor: actor.map(str::to_owned),
        idempotency_key: idempotency_key.map(str::to_owned),
        // The bus fills in that of the call's own span.
        traceparent: None,
        body: serde_json::to_vec(command).map_err(|_| unreadable())?,
    };
    match bus.request(subject, &call, ANSWER_WITHIN_MS).await {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| unreadable()),
        Err(CallError::Refused(refusal)) => Err(refusal),
        Err(CallError::Away(_)) => Err(SERVICE_AWAY.refuse().with("service", service)),
    }
}
