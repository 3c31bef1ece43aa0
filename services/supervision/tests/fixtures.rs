//! A supervision with its store and a bus in memory, and the facts that it hears.

use std::sync::Arc;

use bus::{Bus, MemoryBus, streams};
use calendar::{Calendar, DueDate, Law, Profile, RuleId};
use chrono::NaiveDate;
use contracts::{
    Command, Event, Message, MessageKind,
    codes::{AssignmentMode, AssignmentRole, Channel, PetitionerKind, Purpose},
    intake::{OpenSummary, SubmissionRegisteredV1},
    routing::{
        AssignmentDeliveredV1, AssignmentObjectedV1, AssignmentRecalledV1, CoAssignedV1, CoReleasedV1,
        Decider, DisputeRaisedV1, HandlingExtendedV1, MatterAcceptanceNotifiedV1, MatterClosedV1,
        MatterCoAnsweredV1, MatterForwardedV1, MatterOpinionIssuedV1, ObjectionDecidedV1,
    },
};
use db::Db;
use kernel::{
    Actor, AgencyCode, AssignmentId, Clock, Clocks, ContentId, IdMint, ManualClock, MatterId, Place, Refusal,
    Role, UnixMillis, civil_midnight,
};
use supervision::{Config, Deps, MIGRATIONS, Parts};
use telemetry::Health;
use trust::{ActorSigner, ActorVerifier, IssuerScope, Secret32, TrustedIssuer};
use web::{ask::ask, door::Door};

pub const HOUR_MS: i64 = 3_600_000;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("date")
}

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("code")
}

pub fn matter_id(n: u128) -> MatterId {
    MatterId::from_parts(UnixMillis(1_785_718_800_000), n)
}

pub fn assignment_id(n: u128) -> AssignmentId {
    AssignmentId::from_parts(UnixMillis(1_785_718_800_000), n)
}

pub fn law() -> Law {
    Law { profile: Profile::national().expect("national"), calendar: Calendar::shipped() }
}

pub fn due(rule: RuleId, start: &str) -> DueDate {
    law().due(rule, day(start)).expect("due")
}

/// Nine in the morning of a day.
pub fn nine(on: &str) -> UnixMillis {
    civil_midnight(day(on)).plus_ms(9 * HOUR_MS)
}

pub fn registered(n: u128, on: &str) -> SubmissionRegisteredV1 {
    let open = OpenSummary {
        number: format!("XF990100-260803-{n:04}"),
        channel: Channel::Letter,
        purpose: Purpose::Claim,
        petitioner_kind: PetitionerKind::Citizen,
        anonymous: false,
        joint: false,
        heads: 1,
        place_region: "990102".parse().expect("region"),
        written_on: None,
        received_on: day(on),
        claims: 1,
        attachments: 0,
        identity_withheld: false,
        content_id: ContentId::from_parts(UnixMillis(0), n),
        content_hash: String::new(),
        t01: due(RuleId::T01, on),
    };
    SubmissionRegisteredV1 { submission_id: matter_id(n), open: Some(open) }
}

pub fn forwarded(n: u128, on: &str) -> MatterForwardedV1 {
    MatterForwardedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        mode: AssignmentMode::Forward,
        claims: vec![1],
        forwarded_on: day(on),
        limit_on: None,
        document_number: "信转〔2026〕1号".to_owned(),
        identity_travels: true,
    }
}

pub fn delivered(n: u128, on: &str) -> AssignmentDeliveredV1 {
    AssignmentDeliveredV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        delivered_on: day(on),
        dues: vec![due(RuleId::T03, on), due(RuleId::T04, on)],
        role: AssignmentRole::Lead,
        met: Vec::new(),
    }
}

pub fn accepted(n: u128, on: &str) -> MatterAcceptanceNotifiedV1 {
    MatterAcceptanceNotifiedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        accepted_on: day(on),
        content_id: ContentId::from_parts(UnixMillis(1), n),
        dues: vec![due(RuleId::T06, on)],
        on_behalf: false,
    }
}

pub fn issued(n: u128, on: &str) -> MatterOpinionIssuedV1 {
    MatterOpinionIssuedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        opinion_id: kernel::OpinionId::from_parts(UnixMillis(1), n),
        issued_on: day(on),
        claims: Vec::new(),
        content_id: ContentId::from_parts(UnixMillis(2), n),
        on_behalf: false,
    }
}

pub fn closed(n: u128, on: &str) -> MatterClosedV1 {
    MatterClosedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        close_code: contracts::codes::CloseCode::SupportedExecuted,
        closed_on: day(on),
        report_content_id: None,
        on_behalf: false,
    }
}

pub fn recalled(n: u128, on: &str) -> AssignmentRecalledV1 {
    AssignmentRecalledV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        recalled_on: day(on),
        reason: "wrong_agency".to_owned(),
    }
}

pub fn objected(n: u128, on: &str) -> AssignmentObjectedV1 {
    AssignmentObjectedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        objected_on: day(on),
        late: false,
        proposed_agency: None,
        content_id: ContentId::from_parts(UnixMillis(3), n),
        on_behalf: false,
        role: AssignmentRole::Lead,
    }
}

pub fn ruled(n: u128, on: &str, upheld: bool) -> ObjectionDecidedV1 {
    ObjectionDecidedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        upheld,
        decided_on: day(on),
        reason: "not_competent".to_owned(),
        bounces: 1,
        role: AssignmentRole::Lead,
    }
}

pub fn disputed(n: u128, on: &str) -> DisputeRaisedV1 {
    DisputeRaisedV1 {
        matter_id: matter_id(n),
        agencies: vec![code("renshe")],
        assignment_id: assignment_id(n),
        assignment_no: 1,
        raised_on: day(on),
        deciders: Decider::Conference,
    }
}

/// `renshe` helps a matter that another assignment leads, until 2026-08-20.
pub fn co_assigned(matter: u128, n: u128) -> CoAssignedV1 {
    CoAssignedV1 {
        matter_id: matter_id(matter),
        assignment_id: assignment_id(n),
        assignment_no: 2,
        agency: code("renshe"),
        lead: code("shifu"),
        lead_no: 1,
        claims: vec![1],
        task: None,
        assigned_on: day("2026-08-03"),
        due_on: day("2026-08-20"),
        document_number: format!("信协〔2026〕{n}号"),
        identity_travels: false,
    }
}

pub fn co_delivered(matter: u128, n: u128) -> AssignmentDeliveredV1 {
    let named = law().named(day("2026-08-03"), day("2026-08-20")).expect("T05");
    AssignmentDeliveredV1 {
        assignment_id: assignment_id(n),
        assignment_no: 2,
        dues: vec![due(RuleId::T04, "2026-08-03"), named],
        role: AssignmentRole::Co,
        ..delivered(matter, "2026-08-03")
    }
}

pub fn co_answered(matter: u128, n: u128, on: &str) -> MatterCoAnsweredV1 {
    MatterCoAnsweredV1 {
        matter_id: matter_id(matter),
        assignment_id: assignment_id(n),
        assignment_no: 2,
        agency: code("renshe"),
        lead: code("shifu"),
        lead_no: 1,
        lead_assignment_id: assignment_id(matter),
        answered_on: day(on),
        claims: Vec::new(),
        content_id: ContentId::from_parts(UnixMillis(5), n),
        content_hash: String::new(),
        on_behalf: false,
    }
}

pub fn co_released(matter: u128, n: u128, on: &str) -> CoReleasedV1 {
    CoReleasedV1 {
        matter_id: matter_id(matter),
        assignment_id: assignment_id(n),
        assignment_no: 2,
        agency: code("renshe"),
        lead: code("shifu"),
        lead_no: 1,
        released_on: day(on),
        reason: contracts::codes::CoReleaseReason::NotNeeded,
    }
}

/// T06 of an acceptance on a day, 30 days longer.
pub fn extended(n: u128, accepted_on: &str, granted_on: &str) -> HandlingExtendedV1 {
    let law = law();
    let extension = calendar::Extension { days: 30, granted_on: day(granted_on) };
    let longer = due(RuleId::T06, accepted_on).extended(extension, &law.profile, &law.calendar);
    HandlingExtendedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        assignment_no: 1,
        agency: code("renshe"),
        days: 30,
        granted_on: day(granted_on),
        due: longer.expect("extended"),
        content_id: ContentId::from_parts(UnixMillis(4), n),
        on_behalf: false,
    }
}

/// Supervision under test.
pub struct World {
    pub db: Db,
    pub bus: MemoryBus,
    pub parts: Parts,
    pub clock: Arc<ManualClock>,
    clocks: Clocks,
    office: ActorSigner,
    mint: IdMint,
    _serving: bus::Serving,
}

fn signer() -> ActorSigner {
    ActorSigner::new(&Secret32::from([1; 32]), Place::Office)
}

/// Runs a story on both databases, beginning at nine on 2026-08-03.
pub async fn on_both<F, Fut>(story: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let (clock, clocks) = db::testing::clocks();
    clock.set(nine("2026-08-03"));
    let mint = IdMint::seeded(clocks.technical.clone(), 3);
    db::testing::each_backend_with(&[&MIGRATIONS], mint, clocks, |db| {
        let clock = clock.clone();
        clock.set(nine("2026-08-03"));
        let world = World::new(db, clock);
        let story = &story;
        async move { story(world.await).await }
    })
    .await;
}

impl World {
    pub async fn new(db: Db, clock: Arc<ManualClock>) -> Self {
        let clocks = db.clocks().clone();
        let mint = IdMint::seeded(clocks.technical.clone(), 4);
        let bus = MemoryBus::new(clocks.technical.clone());
        let agencies = vec![code("renshe")];
        streams::ensure(&Bus::Memory(bus.clone()), &agencies).await.expect("streams");
        let hosted = agencies.into_iter().collect();
        let verifier = Arc::new(ActorVerifier::new([TrustedIssuer {
            key: signer().public_key(),
            scope: IssuerScope::Office { hosted },
        }]));
        let deps = Deps {
            db: db.clone(),
            bus: Bus::Memory(bus.core("supervision")),
            clocks: clocks.clone(),
            door: Door::new("supervision", verifier, clocks.technical.clone()),
            law: law(),
            config: Config { receipt_within_ms: 30_000, warn_at_percent: vec![80, 100] },
            health: Health::new(),
        };
        let serving = deps.bus.serve(supervision::svc::service(&deps)).await.expect("served");
        let parts = supervision::parts(&deps);
        Self { db, bus, parts, clock, clocks, office: signer(), mint, _serving: serving }
    }

    /// What a service says, as its relay would send it.
    pub fn message<E: Event>(
        &self,
        source: &str,
        subject: &(impl ToString + ?Sized),
        version: i64,
        fact: &E,
    ) -> Message {
        Message {
            id: self.mint.mint(),
            event_type: E::TYPE.to_owned(),
            source: source.to_owned(),
            subject_id: subject.to_string(),
            at: self.clocks.business.now(),
            version,
            causation: None,
            by: None,
            traceparent: None,
            dispatch: None,
            body: serde_json::to_string(fact).expect("body"),
        }
    }

    pub async fn send(&self, message: &Message, kind: MessageKind) {
        let by = match message.source_agency() {
            Some(agency) => self.bus.agency(&agency),
            None => self.bus.core(message.context()),
        };
        Bus::Memory(by).publish(&message.subject(kind), message, 0).await.expect("published");
    }

    pub async fn intake<E: Event>(&self, n: u128, version: i64, fact: &E) {
        self.send(&self.message("lianxi/intake", &matter_id(n), version, fact), MessageKind::Fact).await;
    }

    pub async fn routing<E: Event>(&self, n: u128, version: i64, fact: &E) {
        self.send(&self.message("lianxi/routing", &matter_id(n), version, fact), MessageKind::Fact).await;
    }

    /// Steps consumers and relay until nothing moves; the clock's work only when told.
    pub async fn hear(&self) {
        for _ in 0..50 {
            let mut moved = self.parts.relay.step().await.expect("relay").sent;
            for consumer in &self.parts.consumers {
                moved += consumer.step().await.expect("consumer").fetched;
            }
            if moved == 0 {
                return;
            }
        }
        panic!("it never comes to rest");
    }

    /// Sets the clock and rings what is due.
    pub async fn at(&self, now: UnixMillis) {
        self.clock.set(now);
        self.sweep().await;
    }

    /// Rings what is due now.
    pub async fn sweep(&self) {
        while self.parts.sweep.ring(self.clocks.business.now()).await.expect("sweep") > 0 {}
        self.hear().await;
    }

    /// Asks as somebody of the office.
    pub async fn ask<C: Command>(&self, role: Role, command: &C) -> Result<C::Reply, Refusal> {
        let actor = Actor { user: self.mint.mint(), place: Place::Office, roles: vec![role] };
        let token = self.office.sign(&actor, None, self.clocks.technical.now()).expect("token");
        let console = Bus::Memory(self.bus.core("console"));
        ask(&console, "supervision", Some(token.expose()), None, command).await
    }

    /// Facts of supervision in its outbox, oldest first: type token and body.
    pub async fn said(&self) -> Vec<(String, serde_json::Value)> {
        let rows = db::outbox::page(&self.db, None, 0, 1_000).await.expect("outbox");
        rows.into_iter()
            .filter(|row| row.kind == MessageKind::Fact)
            .map(|row| {
                let body = serde_json::from_str(&row.message.body).expect("json");
                (row.message.type_token().to_owned(), body)
            })
            .collect()
    }

    /// The same, the type tokens alone.
    pub async fn told(&self) -> Vec<String> {
        self.said().await.into_iter().map(|(token, _)| token).collect()
    }
}
