//! 登记 by the REST face.

use std::sync::Arc;

use axum::{Json as Answer, extract::State, http::StatusCode};
use contracts::intake::commands::{CheckRegistration, Register, Registration, RegistrationChecked};
use kernel::Refusal;
use web::{extract::Json, problem::Refused};

use crate::{
    door::{
        Caller, Site,
        guard::{IDEMPOTENCY_KEY, is_key},
    },
    error,
};

/// What keys of an import begin with.
const IMPORT: &str = "import:";

/// `POST /api/v1/submissions`
pub async fn register(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<Register>,
) -> Result<(StatusCode, Answer<Registration>), Refused> {
    // The receipt stands once it is committed; a program does not wait for lists, as a page does.
    let registration = file(&site, &caller, caller.key.as_deref(), &command).await?;
    let status = match &registration {
        Registration::Registered(_) => StatusCode::CREATED,
        Registration::Unconfirmed { .. } => StatusCode::OK,
    };
    Ok((status, Answer(registration)))
}

/// Registers, and waits until the board has it: the next page shows it.
///
/// # Errors
/// As [`file`].
pub async fn record(
    site: &Site,
    caller: &Caller,
    key: Option<&str>,
    command: &Register,
) -> Result<Registration, Refusal> {
    let registration = file(site, caller, key, command).await?;
    if let Registration::Registered(receipt) = &registration {
        site.board_has(receipt.submission_id, "intake", receipt.version).await?;
    }
    Ok(registration)
}

/// Registers; the answer comes after the commit.
///
/// # Errors
/// Intake's refusals, `idempotency_key_shape`, `too_many_requests` for the public.
pub async fn file(
    site: &Site,
    caller: &Caller,
    key: Option<&str>,
    command: &Register,
) -> Result<Registration, Refusal> {
    if key.is_some_and(|key| !is_key(key)) {
        return Err(error::IDEMPOTENCY_KEY_SHAPE.refuse().at(IDEMPOTENCY_KEY));
    }
    if caller.session.is_none() {
        site.limits.portal_by_ip.take(&caller.ip)?;
    }
    let key = key.map(|key| own_key(caller, key));
    site.ask_once(caller, "intake", key.as_deref(), command).await
}

/// Two callers may choose the same key; each has its own. Those of an import are the office's.
fn own_key(caller: &Caller, key: &str) -> String {
    match caller.actor() {
        Some(actor) if actor.is_office() && key.starts_with(IMPORT) => key.to_owned(),
        Some(actor) => format!("{}:{key}", actor.user),
        None => format!("portal:{key}"),
    }
}

/// `POST /api/v1/submissions/check`: what `POST /api/v1/submissions` would say. Nothing is recorded.
pub async fn check(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(registration): Json<Register>,
) -> Result<Answer<RegistrationChecked>, Refused> {
    if caller.session.is_none() {
        site.limits.portal_by_ip.take(&caller.ip).map_err(Refusal::from)?;
    }
    let key = caller.key.as_deref().map(|key| own_key(&caller, key));
    let asked = CheckRegistration { registration };
    Ok(Answer(site.ask_once(&caller, "intake", key.as_deref(), &asked).await?))
}
