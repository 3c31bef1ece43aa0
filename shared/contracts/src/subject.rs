//! NATS subjects and stream names, in one place.

use kernel::AgencyCode;

use crate::{Message, MessageKind, envelope::type_token};

/// The stream of facts.
pub const EVT: &str = "EVT";
/// The stream of what agencies answer.
pub const RETURNS: &str = "RETURNS";
/// The stream of dead letters.
pub const DLQ: &str = "DLQ";
/// The stream of server advisories.
pub const ADV: &str = "ADV";

/// The stream of one agency's dispatches.
#[must_use]
pub fn dispatch_stream(agency: &AgencyCode) -> String {
    format!("DISPATCH_{agency}")
}

/// The subject of a fact: `evt.<context>.<type>.<id>`.
#[must_use]
pub fn fact(event_type: &str, subject_id: &str) -> String {
    let context = event_type.split('.').nth(1).unwrap_or_default();
    format!("evt.{context}.{}.{subject_id}", type_token(event_type))
}

/// The subject of a dispatch: `dispatch.<agency>.<sender>.<id>`.
#[must_use]
pub fn dispatch(agency: &AgencyCode, sender: &str, subject_id: &str) -> String {
    format!("dispatch.{agency}.{sender}.{subject_id}")
}

/// The subject of a return: `returns.<agency>.<type>.<id>`.
#[must_use]
pub fn returns(agency: &AgencyCode, event_type: &str, subject_id: &str) -> String {
    format!("returns.{agency}.{}.{subject_id}", type_token(event_type))
}

/// The subject of a dead letter: `dlq.<consumer>.<id>`.
#[must_use]
pub fn dead_letter(consumer: &str, subject_id: &str) -> String {
    format!("dlq.{consumer}.{subject_id}")
}

/// The subject of a command to a service: `svc.<service>.<command>`.
#[must_use]
pub fn command(service: &str, command: &str) -> String {
    format!("svc.{service}.{command}")
}

/// The subject of a command to an agency's node: `svc.agency.<code>.<command>`.
#[must_use]
pub fn agency_command(agency: &AgencyCode, command: &str) -> String {
    format!("svc.agency.{agency}.{command}")
}

/// The one subject by which an agency opens content of matters dispatched to it.
#[must_use]
pub fn open_content(agency: &AgencyCode) -> String {
    format!("svc.intake.open.{agency}")
}

/// The one subject by which an agency puts its papers into intake's content store.
#[must_use]
pub fn put_content(agency: &AgencyCode) -> String {
    format!("svc.intake.put.{agency}")
}

/// The one subject by which an agency's site says that it is the one.
#[must_use]
pub fn claim_site(agency: &AgencyCode) -> String {
    format!("svc.routing.site.{agency}")
}

/// The event type of every dead letter.
pub const DEAD_LETTER_TYPE: &str = "lianxi.bus.dead_letter.v1";

/// The stream a kind of message is stored in.
#[must_use]
pub fn stream_of(kind: MessageKind, agency: Option<&AgencyCode>) -> String {
    match (kind, agency) {
        (MessageKind::Dispatch, Some(agency)) => dispatch_stream(agency),
        (MessageKind::Fact | MessageKind::Dispatch, _) => EVT.to_owned(),
        (MessageKind::Return, _) => RETURNS.to_owned(),
        (MessageKind::DeadLetter, _) => DLQ.to_owned(),
    }
}

impl Message {
    /// The NATS subject of this message, by what it is.
    #[must_use]
    pub fn subject(&self, kind: MessageKind) -> String {
        match (kind, &self.dispatch, self.source_agency()) {
            (MessageKind::Dispatch, Some(seal), _) => dispatch(&seal.agency, &seal.sender, &self.subject_id),
            (MessageKind::Return, _, Some(agency)) => returns(&agency, &self.event_type, &self.subject_id),
            (MessageKind::DeadLetter, ..) => dead_letter(self.context(), &self.subject_id),
            _ => fact(&self.event_type, &self.subject_id),
        }
    }
}
