//! Facts of intake and routing, as they travel.

use std::collections::HashMap;

use bus::{Bus, MemoryBus};
use calendar::{Calendar, Profile, RuleId};
use chrono::NaiveDate;
use contracts::{
    Due, Event, Message, MessageKind,
    codes::{
        AssignmentMode, Channel, CloseCode, ContentPart, Level, OpenPurpose, PetitionerKind, Purpose, Route,
    },
    intake::{ContentOpenedV1, OpenSummary, SubmissionLinkedV1, SubmissionRegisteredV1, Unit},
    routing::{
        AgencyListedV1, AssignmentDeliveredV1, AssignmentRecalledV1, AssignmentSignedV1,
        MatterAcceptanceNotifiedV1, MatterClosedV1, MatterForwardedV1, MatterProposedV1, MatterScreenedV1,
        Proposal, ProposalUse,
    },
};
use kernel::{AgencyCode, AssignmentId, Clock, IdMint, ManualClock, MatterId};
use std::sync::Arc;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("date")
}

pub fn due(rule: RuleId, from: &str) -> Due {
    calendar::due(rule, day(from), &Profile::national().expect("profile"), &Calendar::shipped()).expect("due")
}

/// Says facts in order, with versions of their own.
pub struct Teller {
    memory: MemoryBus,
    pub mint: IdMint,
    clock: Arc<ManualClock>,
    versions: HashMap<(String, String), i64>,
}

impl Teller {
    pub fn new(memory: &MemoryBus, clock: &Arc<ManualClock>) -> Self {
        let mint = IdMint::seeded(clock.clone(), 77);
        Self { memory: memory.clone(), mint, clock: clock.clone(), versions: HashMap::new() }
    }

    /// A message with the next version of its subject.
    pub fn message<E: Event>(&mut self, subject_id: &str, event: &E) -> Message {
        let context = E::TYPE.split('.').nth(1).expect("context");
        let version = self.versions.entry((context.to_owned(), subject_id.to_owned())).or_default();
        *version += 1;
        Message {
            id: self.mint.mint(),
            event_type: E::TYPE.to_owned(),
            source: format!("lianxi/{context}"),
            subject_id: subject_id.to_owned(),
            at: self.clock.now(),
            version: *version,
            causation: None,
            by: None,
            traceparent: None,
            dispatch: None,
            body: serde_json::to_string(event).expect("body"),
        }
    }

    pub async fn publish(&self, message: &Message, attempt: i64) {
        let bus = Bus::Memory(self.memory.core(message.context()));
        bus.publish(&message.subject(MessageKind::Fact), message, attempt).await.expect("published");
    }

    pub async fn say<E: Event>(&mut self, subject_id: impl ToString, event: &E) -> Message {
        let message = self.message(&subject_id.to_string(), event);
        self.publish(&message, 0).await;
        message
    }
}

pub fn registered(id: MatterId, number: &str) -> SubmissionRegisteredV1 {
    SubmissionRegisteredV1 {
        submission_id: id,
        open: Some(OpenSummary {
            number: number.to_owned(),
            channel: Channel::Letter,
            purpose: Purpose::Claim,
            petitioner_kind: PetitionerKind::Citizen,
            anonymous: false,
            joint: false,
            heads: 1,
            place_region: "990102".parse().expect("region"),
            written_on: None,
            received_on: day("2026-08-03"),
            claims: 1,
            attachments: 0,
            identity_withheld: false,
            content_id: IdMint::seeded(Arc::new(ManualClock::at(id.minted_at())), 3).mint(),
            content_hash: "00".repeat(32),
            t01: due(RuleId::T01, "2026-08-03"),
        }),
    }
}

pub fn accusation(id: MatterId) -> SubmissionRegisteredV1 {
    SubmissionRegisteredV1 { submission_id: id, open: None }
}

pub fn linked(id: MatterId, matter: MatterId) -> SubmissionLinkedV1 {
    SubmissionLinkedV1 { submission_id: id, matter_id: matter }
}

pub fn opened(id: MatterId) -> ContentOpenedV1 {
    ContentOpenedV1 {
        submission_id: id,
        unit: Unit::Office,
        part: ContentPart::Text,
        purpose: OpenPurpose::Screening,
    }
}

pub fn proposed(id: MatterId) -> MatterProposedV1 {
    let one = |code: &str, confidence| Proposal { code: code.to_owned(), confidence, reasons: Vec::new() };
    MatterProposedV1 {
        matter_id: id,
        categories: vec![one("labour.wages", 90)],
        agencies: vec![one("renshe", 80)],
        repeat_of: None,
    }
}

pub fn screened(id: MatterId, restricted: bool) -> MatterScreenedV1 {
    MatterScreenedV1 {
        matter_id: id,
        purpose: if restricted { Purpose::Accusation } else { Purpose::Claim },
        category: (!restricted).then(|| "labour.wages".to_owned()),
        route: (!restricted).then_some(Route::R6),
        level: Level::City,
        restricted,
        proposal: ProposalUse::Taken,
        agency_proposal: None,
    }
}

/// An assignment that facts speak of.
#[derive(Clone)]
pub struct Handed {
    pub matter: MatterId,
    pub id: AssignmentId,
    pub agency: AgencyCode,
}

impl Handed {
    pub fn new(matter: MatterId, mint: &IdMint) -> Self {
        Self { matter, id: mint.mint(), agency: "renshe".parse().expect("code") }
    }

    pub fn forwarded(&self) -> MatterForwardedV1 {
        MatterForwardedV1 {
            matter_id: self.matter,
            assignment_id: self.id,
            assignment_no: 1,
            agency: self.agency.clone(),
            mode: AssignmentMode::Forward,
            claims: vec![1],
            forwarded_on: day("2026-08-04"),
            limit_on: None,
            document_number: "云联信转〔2026〕1号".to_owned(),
            identity_travels: true,
        }
    }

    pub fn recalled(&self) -> AssignmentRecalledV1 {
        AssignmentRecalledV1 {
            matter_id: self.matter,
            assignment_id: self.id,
            assignment_no: 1,
            agency: self.agency.clone(),
            recalled_on: day("2026-08-05"),
            reason: "wrong_agency".to_owned(),
        }
    }

    pub fn delivered(&self) -> AssignmentDeliveredV1 {
        AssignmentDeliveredV1 {
            matter_id: self.matter,
            assignment_id: self.id,
            assignment_no: 1,
            agency: self.agency.clone(),
            delivered_on: day("2026-08-04"),
            dues: vec![due(RuleId::T03, "2026-08-04"), due(RuleId::T04, "2026-08-04")],
            role: contracts::codes::AssignmentRole::Lead,
            met: Vec::new(),
        }
    }

    pub fn signed(&self) -> AssignmentSignedV1 {
        AssignmentSignedV1 {
            matter_id: self.matter,
            assignment_id: self.id,
            assignment_no: 1,
            agency: self.agency.clone(),
            signed_on: day("2026-08-05"),
            role: contracts::codes::AssignmentRole::Lead,
            on_behalf: false,
        }
    }

    pub fn accepted(&self, mint: &IdMint) -> MatterAcceptanceNotifiedV1 {
        MatterAcceptanceNotifiedV1 {
            matter_id: self.matter,
            assignment_id: self.id,
            assignment_no: 1,
            agency: self.agency.clone(),
            accepted_on: day("2026-08-06"),
            content_id: mint.mint(),
            dues: vec![due(RuleId::T06, "2026-08-06")],
            on_behalf: false,
        }
    }

    pub fn closed(&self) -> MatterClosedV1 {
        MatterClosedV1 {
            matter_id: self.matter,
            assignment_id: self.id,
            assignment_no: 1,
            agency: self.agency.clone(),
            close_code: CloseCode::SupportedExecuted,
            closed_on: day("2026-08-20"),
            report_content_id: None,
            on_behalf: false,
        }
    }
}

pub fn listed(code: &str, name_zh: &str) -> AgencyListedV1 {
    AgencyListedV1 {
        agency: code.parse().expect("code"),
        name_zh: name_zh.to_owned(),
        name_en: code.to_owned(),
        level: Level::City,
        region: "990100".parse().expect("region"),
        superior: None,
        computer: true,
        email: None,
        valid_from: day("2026-01-01"),
        valid_to: None,
        successors: Vec::new(),
    }
}
