//! The world around a node: a routing outbox that numbers real dispatches, a bus in memory, an intake that
//! seals and stores, and people with signed tokens.

use calendar::Law;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use agency::{Config, Deps, MIGRATIONS, Parts, parts, service};
use bus::{Bus, ConsumerSpec, MemoryBus, Relay, Serving, streams};
use chrono::NaiveDate;
use contracts::{
    Command, Event, Message,
    agency::commands::{
        ClaimAnswer, Complete, IssueOpinion, NotifyAcceptance, RecordService, ShowTask, Sign, Step, Task,
    },
    codes::{
        AssignmentMode, AssignmentRole, Channel, CloseCode, ContentPart, Outcome, Purpose, Route, ServiceWay,
    },
    intake::commands::{
        AgencyOpen, AgencyPut, AttachmentChunk, AttachmentMeta, Content, Identities, Identity, PaperStored,
        SealedForAgency,
    },
    routing::{AssignmentDispatchV1, DispatchSummary, RecallDispatchV1},
};
use db::{
    Db, Draft,
    testing::{self, Fresh},
};
use kernel::{
    Actor, AgencyCode, AssignmentId, Clock, IdMint, ManualClock, MatterId, Place, Refusal, Role, UnixMillis,
};
use tokio::sync::Notify;
use trust::{
    ActorSigner, ActorVerifier, AgencyIdentity, IssuerScope, KeyRing, Secret32, TrustedIssuer, chain::Hash,
};
use web::{
    ask::{SERVICE_AWAY, ask_agency},
    door::Door,
};

/// 2026-08-03 09:00 in Shanghai, a Monday.
pub const START: UnixMillis = UnixMillis(1_785_718_800_000);
pub const DAY_MS: i64 = 86_400_000;

pub fn on(text: &str) -> NaiveDate {
    text.parse().expect("date")
}

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("code")
}

pub fn mint() -> IdMint {
    IdMint::system()
}

pub fn law() -> Law {
    Law { profile: calendar::Profile::national().expect("profile"), calendar: calendar::Calendar::shipped() }
}

/// A claim with two points, forwarded to `renshe`, route R6.
pub fn claim(matter: MatterId) -> AssignmentDispatchV1 {
    AssignmentDispatchV1 {
        matter_id: matter,
        assignment_id: mint().mint(),
        assignment_no: 1,
        agency: code("renshe"),
        mode: AssignmentMode::Forward,
        document_number: "云联信转〔2026〕1号".to_owned(),
        legal_ground: "Art. 22(1)".to_owned(),
        sent_on: on("2026-08-03"),
        limit_on: None,
        claims: vec![1, 2],
        restricted: false,
        identity_travels: true,
        summary: DispatchSummary {
            number: Some("XF990100-260803-0001".to_owned()),
            channel: Some(Channel::Letter),
            purpose: Purpose::Claim,
            category: Some("labour.wages".to_owned()),
            route: Some(Route::R6),
            place_region: None,
            received_on: on("2026-08-03"),
            heads: 1,
            joint: false,
            anonymous: false,
        },
        content_id: None,
        content_hash: None,
        office_contact: "联席办 0990-8800000".to_owned(),
        binding: false,
        role: AssignmentRole::Lead,
        lead: None,
        task: None,
        co: Vec::new(),
    }
}

/// An accusation, which travels without identity.
pub fn accusation(matter: MatterId) -> AssignmentDispatchV1 {
    let mut dispatch = claim(matter);
    dispatch.restricted = true;
    dispatch.identity_travels = false;
    dispatch.claims = vec![1];
    dispatch.summary.purpose = Purpose::Accusation;
    dispatch.summary.route = None;
    dispatch
}

pub fn step(task: &Task) -> Step {
    Step { assignment_id: task.dispatch.assignment_id, expected_version: task.version, on_behalf_paper: None }
}

pub fn sign(task: &Task) -> Sign {
    Sign { step: step(task) }
}

pub fn notify(task: &Task) -> NotifyAcceptance {
    NotifyAcceptance {
        step: step(task),
        accepted_on: None,
        handler: "卢敏".to_owned(),
        telephone: "0990-8803101".to_owned(),
        notice: "您反映的事项已收悉，按信访程序办理。".to_owned(),
    }
}

pub fn opinion(task: &Task) -> IssueOpinion {
    let answers = task.dispatch.claims.iter().map(|no| ClaimAnswer {
        claim_no: *no,
        outcome: Outcome::Supported,
        opinion: format!("第{no}项予以支持。"),
    });
    IssueOpinion {
        step: step(task),
        facts: "经查，欠薪属实。".to_owned(),
        basis: "《保障农民工工资支付条例》".to_owned(),
        answers: answers.collect(),
        review_unit: "云岭市人民政府".to_owned(),
        signer: "沈志强 局长".to_owned(),
    }
}

pub fn serve(task: &Task, served_on: &str) -> RecordService {
    RecordService {
        step: step(task),
        way: ServiceWay::InPerson,
        served_on: on(served_on),
        proof: "本人签收".to_owned(),
    }
}

pub fn complete(task: &Task, close_code: CloseCode) -> Complete {
    Complete { step: step(task), close_code, report: None }
}

pub fn person(place: Place, roles: &[Role]) -> Actor {
    Actor { user: mint().mint(), place, roles: roles.to_vec() }
}

pub fn handler() -> Actor {
    person(Place::Agency(code("renshe")), &[Role::Handler])
}

pub fn head() -> Actor {
    person(Place::Agency(code("renshe")), &[Role::AgencyHead])
}

pub fn screener() -> Actor {
    person(Place::Office, &[Role::Screener])
}

/// How the fake intake behaves.
#[derive(Default)]
pub struct Manners {
    /// Refuses as a service that cannot be reached.
    pub away: bool,
    /// Says that it stored another text.
    pub alters: bool,
    /// Opens the content of another matter.
    pub foreign: bool,
    /// Waits before it answers, until the test says so.
    pub gate: Option<Arc<Gate>>,
    /// What was put, by content id, and how often.
    pub papers: BTreeMap<String, (AgencyPut, usize)>,
    /// What was opened.
    pub opened: Vec<AgencyOpen>,
}

/// Holds a call at intake.
#[derive(Default)]
pub struct Gate {
    /// A call has come.
    pub reached: Notify,
    /// It may go on.
    pub open: Notify,
}

async fn pass(manners: &Mutex<Manners>) {
    let gate = manners.lock().expect("intake").gate.clone();
    if let Some(gate) = gate {
        gate.reached.notify_one();
        gate.open.notified().await;
    }
}

/// Canary: the identity that must not be stored at the agency.
pub const CANARY_NAME: &str = "金丝雀罗根生";
/// Canary: the text that is only stored sealed.
pub const CANARY_TEXT: &str = "金丝雀欠薪四万六千八百元";

pub struct World {
    pub db: Db,
    pub clock: Arc<ManualClock>,
    pub bus: MemoryBus,
    pub office: Fresh,
    pub office_relay: Relay,
    pub intake: Arc<Mutex<Manners>>,
    pub deps: Deps,
    pub node: Parts,
    pub matter: MatterId,
    signer: ActorSigner,
    _serving: Vec<Serving>,
}

/// Runs a story on each database.
pub async fn on_each_database<F, Fut>(story: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let (clock, clocks) = testing::clocks();
    testing::each_backend_with(&[&MIGRATIONS], mint(), clocks, |db| {
        clock.set(START);
        let (clock, story) = (clock.clone(), &story);
        async move { story(World::new(db, clock, true).await).await }
    })
    .await;
}

/// The same for an agency that works on paper.
pub async fn on_each_database_without_computers<F, Fut>(story: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let (clock, clocks) = testing::clocks();
    testing::each_backend_with(&[&MIGRATIONS], mint(), clocks, |db| {
        clock.set(START);
        let (clock, story) = (clock.clone(), &story);
        async move { story(World::new(db, clock, false).await).await }
    })
    .await;
}

impl World {
    async fn new(db: Db, clock: Arc<ManualClock>, computer: bool) -> Self {
        let own = code("renshe");
        let bus = MemoryBus::new(clock.clone());
        streams::ensure(&Bus::Memory(bus.clone()), &[own.clone(), code("jiaotong")]).await.expect("streams");
        let office = Fresh::sqlite(&[], mint(), db.clocks().clone()).await.expect("office");
        let office_relay = Relay::new(office.db.clone(), Bus::Memory(bus.core("routing")), "routing");
        let signer = ActorSigner::new(&Secret32::from([7; 32]), Place::Office);
        let hosted = BTreeSet::from([own.clone(), code("jiaotong")]);
        let trusted = TrustedIssuer { key: signer.public_key(), scope: IssuerScope::Office { hosted } };
        let technical: Arc<dyn Clock> = clock.clone();
        let door = Door::new("agency", Arc::new(ActorVerifier::new([trusted])), technical);
        let identity = AgencyIdentity::generate();
        let matter = mint().mint();
        let intake = Arc::new(Mutex::new(Manners::default()));
        let intake_service = intake_service(&door, &intake, &identity, matter);
        let deps = Deps {
            code: own.clone(),
            db: db.clone(),
            bus: Bus::Memory(bus.agency(&own)),
            clocks: db.clocks().clone(),
            mint: db.mint().clone(),
            door,
            identity,
            key_ring: KeyRing::new(Secret32::from([9; 32]), Vec::new()),
            config: Arc::new(Config {
                site: "site-1".to_owned(),
                name_zh: "云岭市人力资源和社会保障局".to_owned(),
                doc_prefix: "云人社".to_owned(),
                review_unit: "云岭市人民政府".to_owned(),
                computer,
                webhook_targets: agency::webhooks::Targets::Any,
                webhook_ca: Vec::new(),
            }),
            law: Arc::new(law()),
            health: telemetry::Health::new(),
        };
        let serving = vec![
            Bus::Memory(bus.core("intake")).serve(intake_service).await.expect("intake"),
            deps.bus.serve(service(&deps)).await.expect("node"),
        ];
        let node = parts(&deps);
        Self { db, clock, bus, office, office_relay, intake, deps, node, matter, signer, _serving: serving }
    }

    pub fn manners(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.intake.lock().expect("intake"));
    }

    /// From now on calls wait at intake.
    pub fn gated(&self) -> Arc<Gate> {
        let gate = Arc::new(Gate::default());
        self.manners(|intake| intake.gate = Some(gate.clone()));
        gate
    }

    /// The office writes a dispatch into its outbox.
    pub async fn dispatch<E: Event + Clone>(&self, to: &AgencyCode, matter: MatterId, event: &E) {
        let (to, event) = (to.clone(), event.clone());
        self.office
            .db
            .write(move |tx| {
                let (to, event) = (to.clone(), event.clone());
                Box::pin(async move {
                    let now = tx.clocks().business.now();
                    tx.dispatch(&to, Draft::of(matter, now, &event)?).await
                })
            })
            .await
            .expect("dispatched");
    }

    /// The node takes in what is there.
    pub async fn take_in(&self) -> Result<bus::Consumed, bus::ConsumeError> {
        self.node.consumer.step().await
    }

    /// The office sends, the node takes in.
    pub async fn deliver(&self) -> bus::Consumed {
        let sent = self.office_relay.step().await.expect("relay");
        assert_eq!(sent.trouble, None);
        self.take_in().await.expect("consumer")
    }

    /// A task as it lies in the list after its dispatch.
    pub async fn given(&self, dispatch: AssignmentDispatchV1) -> Task {
        self.dispatch(&code("renshe"), dispatch.matter_id, &dispatch).await;
        self.deliver().await;
        self.task(dispatch.assignment_id).await
    }

    pub fn recall(&self, task: &AssignmentDispatchV1, reason: &str) -> RecallDispatchV1 {
        RecallDispatchV1 {
            matter_id: task.matter_id,
            assignment_id: task.assignment_id,
            assignment_no: task.assignment_no,
            agency: task.agency.clone(),
            reason: reason.to_owned(),
        }
    }

    /// The office takes a task back, and the node hears of it.
    pub async fn taken_back(&self, task: &Task) {
        let recall = self.recall(&task.dispatch, "wrong_agency");
        self.dispatch(&code("renshe"), recall.matter_id, &recall).await;
        self.deliver().await;
    }

    pub async fn ask<C: Command>(&self, actor: &Actor, command: &C) -> Result<C::Reply, Refusal> {
        let token = self.signer.sign(actor, None, self.clock.now()).expect("token");
        let console = Bus::Memory(self.bus.core("console"));
        ask_agency(&console, &code("renshe"), Some(token.expose()), None, command).await
    }

    /// The refusal's code.
    pub async fn refused<C: Command>(&self, actor: &Actor, command: &C) -> String {
        match self.ask(actor, command).await {
            Ok(_) => panic!("{} was not refused", C::NAME),
            Err(refusal) => refusal.code.into_owned(),
        }
    }

    pub async fn task(&self, assignment_id: AssignmentId) -> Task {
        self.ask(&handler(), &ShowTask { assignment_id }).await.expect("task")
    }

    /// Takes a step as one of the agency's own people, and shows the task after it.
    pub async fn done<C: Command>(&self, actor: &Actor, command: &C, task: &Task) -> Task {
        self.ask(actor, command).await.expect(C::NAME);
        self.task(task.dispatch.assignment_id).await
    }

    /// What the node returned since the last look, receipts left out.
    pub async fn returns(&self) -> Vec<Message> {
        let all = self.everything_returned().await;
        all.into_iter().filter(|m| m.type_token() != "received").collect()
    }

    pub async fn everything_returned(&self) -> Vec<Message> {
        let sent = self.node.relay.step().await.expect("relay");
        assert_eq!(sent.trouble, None);
        let routing = Bus::Memory(self.bus.core("routing"));
        let mut consumer = routing.consumer(&ConsumerSpec::returns("routing")).await.expect("consumer");
        let mut messages = Vec::new();
        for delivery in consumer.fetch(bus::FETCH_MAX, 0).await.expect("fetch") {
            delivery.ack().await.expect("ack");
            messages.push(delivery.message.expect("message"));
        }
        messages
    }

    pub async fn number(&self, sql: &'static db::Sql) -> i64 {
        let (n,): (i64,) =
            self.db.read(move |tx| Box::pin(async move { tx.query(sql).one().await })).await.expect("number");
        n
    }
}

fn intake_service(
    door: &Arc<Door>,
    manners: &Arc<Mutex<Manners>>,
    identity: &AgencyIdentity,
    matter: MatterId,
) -> bus::Service {
    let service = bus::Service::core("intake", "0.1.0", "fake intake");
    let (opening, putting, to) = (manners.clone(), manners.clone(), identity.recipient());
    let service = door.agency_command::<AgencyOpen, _, _>(service, move |agency, asked| {
        let (opening, to) = (opening.clone(), to.clone());
        async move {
            pass(&opening).await;
            open(&opening, &agency, &asked, matter)
                .map(|text| SealedForAgency { sealed: to.seal_text(&text).expect("seal") })
        }
    });
    door.agency_command::<AgencyPut, _, _>(service, move |agency, asked| {
        let putting = putting.clone();
        async move {
            pass(&putting).await;
            put(&putting, &agency, &asked)
        }
    })
}

fn open(
    manners: &Mutex<Manners>,
    agency: &AgencyCode,
    asked: &AgencyOpen,
    matter: MatterId,
) -> Result<String, Refusal> {
    assert_eq!(*agency, code("renshe"), "the bus vouches for the agency");
    let mut manners = manners.lock().expect("intake");
    if manners.away {
        return Err(SERVICE_AWAY.refuse().with("service", "intake"));
    }
    manners.opened.push(asked.clone());
    let submission_id = if manners.foreign { mint().mint() } else { asked.matter_id };
    assert_eq!(asked.matter_id, matter);
    Ok(match asked.part {
        ContentPart::Text => serde_json::to_string(&Content {
            submission_id,
            number: "XF990100-260803-0001".to_owned(),
            title: "工资".to_owned(),
            text: CANARY_TEXT.to_owned(),
            claims: vec!["结清工资".to_owned(), "依法处罚".to_owned()],
            attachments: Vec::new(),
            accused_agencies: Vec::new(),
            purpose: Purpose::Claim,
            place_region: "990102".parse().expect("region"),
            received_on: on("2026-08-03"),
        }),
        ContentPart::Contact => serde_json::to_string(&Identities {
            petitioners: vec![Identity {
                name: CANARY_NAME.to_owned(),
                id_kind: None,
                id_number: None,
                telephone: Some("13900000000".to_owned()),
                address: None,
                email: None,
            }],
        }),
        ContentPart::Attachment => {
            let (attachment_id, _) = asked.attachment.expect("attachment");
            let attachment_id = if manners.foreign { mint().mint() } else { attachment_id };
            serde_json::to_string(&AttachmentChunk {
                meta: AttachmentMeta {
                    attachment_id,
                    name: "欠条.jpg".to_owned(),
                    media_type: "image/jpeg".to_owned(),
                    size: 3,
                    sha256: Hash::of(b"abc").to_hex(),
                },
                chunk: "YWJj".to_owned(),
            })
        }
    }
    .expect("json"))
}

fn put(manners: &Mutex<Manners>, agency: &AgencyCode, asked: &AgencyPut) -> Result<PaperStored, Refusal> {
    assert_eq!(*agency, code("renshe"));
    let mut manners = manners.lock().expect("intake");
    if manners.away {
        return Err(SERVICE_AWAY.refuse().with("service", "intake"));
    }
    let text = if manners.alters { "另一份" } else { asked.body.as_str() };
    let stored = PaperStored { content_id: asked.content_id, sha256: Hash::of(text.as_bytes()).to_hex() };
    let entry = manners.papers.entry(asked.content_id.to_string()).or_insert((asked.clone(), 0));
    assert_eq!(entry.0.body, asked.body, "one content id is one paper");
    entry.1 += 1;
    Ok(stored)
}
