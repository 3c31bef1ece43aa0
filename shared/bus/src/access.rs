//! Who may do what, by side. The real server enforces it by accounts and permissions; the bus in memory
//! and the first line of the real one ask here.

use contracts::subject;
use kernel::AgencyCode;

use crate::{
    BusError,
    call::Service,
    spec::{ConsumerSpec, Side, WORKER, subject_matches},
};

fn forbidden(side: &Side, what: &str) -> BusError {
    BusError::Forbidden(format!("{}: {what}", side.name()))
}

/// What an agency publishes is its own returns; the office stores everything but returns.
pub(crate) fn may_publish(side: &Side, subject: &str) -> Result<(), BusError> {
    let allowed = match side {
        Side::Agency(code) => subject_matches(&format!("returns.{code}.*.*"), subject),
        Side::Core { .. } => ["evt.>", "dispatch.>", "dlq.>", "$JS.EVENT.ADVISORY.>"]
            .iter()
            .any(|pattern| subject_matches(pattern, subject)),
    };
    if allowed { Ok(()) } else { Err(forbidden(side, &format!("publish on `{subject}`"))) }
}

/// An agency reads its own dispatches.
pub(crate) fn may_read(side: &Side, spec: &ConsumerSpec) -> Result<(), BusError> {
    match side {
        Side::Agency(code) if spec.stream != subject::dispatch_stream(code) || spec.durable != WORKER => {
            Err(forbidden(side, &format!("read `{}/{}`", spec.stream, spec.durable)))
        }
        Side::Agency(_) | Side::Core { .. } => Ok(()),
    }
}

/// The subjects of the office that an agency may ask.
#[must_use]
pub(crate) fn agency_requests(code: &AgencyCode) -> [String; 3] {
    [subject::open_content(code), subject::put_content(code), subject::claim_site(code)]
}

/// An agency asks for content, puts content and claims its site, each by its own subject.
pub(crate) fn may_request(side: &Side, subject: &str) -> Result<(), BusError> {
    let allowed = match side {
        Side::Agency(code) => agency_requests(code).iter().any(|s| s == subject),
        Side::Core { .. } => subject_matches("svc.>", subject),
    };
    if allowed { Ok(()) } else { Err(forbidden(side, &format!("request `{subject}`"))) }
}

/// A service answers under its own name; an agency under its own code.
pub(crate) fn may_serve(side: &Side, service: &Service) -> Result<(), BusError> {
    let prefix = match side {
        Side::Agency(code) => format!("svc.agency.{code}"),
        Side::Core { service: name } if name == Side::ADMIN => return Ok(()),
        Side::Core { service: name } => format!("svc.{name}"),
    };
    if service.prefix == prefix {
        Ok(())
    } else {
        Err(forbidden(side, &format!("serve `{}`", service.prefix)))
    }
}
