//! Every event type of the bus, in one list: what EVENTS.md, the schemas and the samples are checked against.

use schemars::{JsonSchema, Schema, SchemaGenerator, schema_for};

use crate::{
    BadMessage, CommandType, Event, Message, MessageKind, agency, intake, meetings, notification, routing,
    supervision,
};

/// One event type.
#[derive(Clone, Copy)]
pub struct EventType {
    /// The CloudEvents type.
    pub event_type: &'static str,
    /// Fact, dispatch or return.
    pub kind: MessageKind,
    /// Its JSON Schema.
    pub schema: fn() -> Schema,
    /// The same, with what it refers to left to the document that it becomes part of.
    pub payload: fn(&mut SchemaGenerator) -> Schema,
    /// Decodes a message of this type and writes its body anew.
    pub round_trip: fn(&Message) -> Result<String, BadMessage>,
}

const fn entry<E: Event + JsonSchema>() -> EventType {
    EventType {
        event_type: E::TYPE,
        kind: E::KIND,
        schema: || schema_for!(E),
        payload: E::json_schema,
        round_trip: |message| {
            let event: E = message.decode()?;
            serde_json::to_string(&event)
                .map_err(|e| BadMessage::BadBody { event_type: E::TYPE.to_owned(), why: e.to_string() })
        },
    }
}

/// Every type, by owner; append-only.
pub const ALL: &[EventType] = &[
    entry::<intake::SubmissionRegisteredV1>(),
    entry::<intake::SubmissionLinkedV1>(),
    entry::<intake::ContentOpenedV1>(),
    entry::<routing::MatterProposedV1>(),
    entry::<routing::MatterScreenedV1>(),
    entry::<routing::MatterForwardedV1>(),
    entry::<routing::AssignmentRecalledV1>(),
    entry::<routing::AssignmentDeliveredV1>(),
    entry::<routing::AssignmentSignedV1>(),
    entry::<routing::MatterAcceptanceNotifiedV1>(),
    entry::<routing::MatterOpinionIssuedV1>(),
    entry::<routing::MatterOpinionServedV1>(),
    entry::<routing::MatterClosedV1>(),
    entry::<routing::ReturnSetAsideV1>(),
    entry::<routing::AgencyListedV1>(),
    entry::<routing::AssignmentDispatchV1>(),
    entry::<routing::RecallDispatchV1>(),
    entry::<agency::ReceivedV1>(),
    entry::<agency::SignedV1>(),
    entry::<agency::AcceptanceNotifiedV1>(),
    entry::<agency::OpinionIssuedV1>(),
    entry::<agency::OpinionServedV1>(),
    entry::<agency::CompletedV1>(),
    entry::<routing::AcceptanceDeemedV1>(),
    entry::<supervision::DutyWarnedV1>(),
    entry::<supervision::DutyBreachedV1>(),
    entry::<supervision::OrderIssuedV1>(),
    entry::<supervision::OrderAcknowledgedV1>(),
    entry::<supervision::OrderRepliedV1>(),
    entry::<supervision::OrderClosedV1>(),
    entry::<supervision::OrderSentBackV1>(),
    entry::<supervision::OrderDispatchV1>(),
    entry::<supervision::VerdictDispatchV1>(),
    entry::<agency::OrderAcknowledgedV1>(),
    entry::<agency::OrderRepliedV1>(),
    entry::<routing::AssignmentObjectedV1>(),
    entry::<routing::ObjectionDecidedV1>(),
    entry::<routing::DisputeRaisedV1>(),
    entry::<routing::CompetenceDecidedV1>(),
    entry::<routing::RulingDispatchV1>(),
    entry::<agency::ObjectedV1>(),
    entry::<routing::HandlingExtendedV1>(),
    entry::<agency::ExtendedV1>(),
    // Meetings: facts, dispatches, returns; what routing says of a resolution.
    entry::<meetings::ItemProposedV1>(),
    entry::<meetings::ItemSettledV1>(),
    entry::<meetings::MeetingCalledV1>(),
    entry::<meetings::MeetingMovedV1>(),
    entry::<meetings::MeetingCalledOffV1>(),
    entry::<meetings::InvitationRepliedV1>(),
    entry::<meetings::MeetingHeldV1>(),
    entry::<meetings::ResolutionAdoptedV1>(),
    entry::<meetings::MinutesFixedV1>(),
    entry::<meetings::TaskIssuedV1>(),
    entry::<meetings::TaskReceivedV1>(),
    entry::<meetings::TaskReportedV1>(),
    entry::<meetings::TaskCheckedV1>(),
    entry::<meetings::TaskOverdueV1>(),
    entry::<meetings::MeetingDispatchV1>(),
    entry::<meetings::CancellationDispatchV1>(),
    entry::<meetings::MinutesDispatchV1>(),
    entry::<meetings::TaskDispatchV1>(),
    entry::<meetings::TaskVerdictDispatchV1>(),
    entry::<agency::InvitationRepliedV1>(),
    entry::<agency::PositionFiledV1>(),
    entry::<agency::TaskReceivedV1>(),
    entry::<agency::TaskReportedV1>(),
    entry::<routing::ResolutionSetAsideV1>(),
    entry::<routing::CoAssignedV1>(),
    entry::<routing::MatterCoAnsweredV1>(),
    entry::<routing::CoReleasedV1>(),
    entry::<routing::CoAnswerDispatchV1>(),
    entry::<routing::CoChangeDispatchV1>(),
    entry::<agency::CoAnsweredV1>(),
    entry::<intake::QueryCodeReissuedV1>(),
    entry::<notification::NoticeQueuedV1>(),
    entry::<notification::NoticeSentV1>(),
    entry::<notification::NoticeDeliveredV1>(),
    entry::<notification::NoticeFailedV1>(),
    // The register of agencies at run time.
    entry::<routing::AgencyChangedV1>(),
    entry::<routing::AgencyEndedV1>(),
    // What is proposed from a learned version.
    entry::<routing::SuggestionsChangedV1>(),
];

/// Every service with its commands; an agency's are those of its own node.
pub const SERVICES: &[(&str, &[CommandType])] = &[
    ("intake", intake::commands::COMMANDS),
    ("routing", routing::commands::COMMANDS),
    ("supervision", supervision::commands::COMMANDS),
    ("agency", agency::commands::COMMANDS),
    ("meetings", meetings::commands::COMMANDS),
    ("notification", notification::commands::COMMANDS),
];

/// The entry of a type.
#[must_use]
pub fn find(event_type: &str) -> Option<&'static EventType> {
    ALL.iter().find(|e| e.event_type == event_type)
}
