//! A notification with its store, a bus in memory, an intake that knows one contact, and the facts that it hears.

use std::sync::{Arc, Mutex};

use bus::{Bus, MemoryBus, Service, streams};
use calendar::{Calendar, DueDate, Law, Profile, RuleId};
use chrono::NaiveDate;
use contracts::{
    Command, Event, Message, MessageKind,
    codes::{AssignmentMode, Channel, NoticeChannel, NoticeTrouble, PetitionerKind, Purpose},
    intake::{
        OpenSummary, SubmissionRegisteredV1,
        commands::{NoticeAddress, NoticeContact, NotifyContact},
    },
    notification::commands::NoticeView,
    routing::{AgencyListedV1, AssignmentDeliveredV1, MatterForwardedV1},
};
use db::Db;
use kernel::{
    Actor, AgencyCode, AssignmentId, Clock, Clocks, ContentId, IdMint, ManualClock, MatterId, Place, Refusal,
    Role, UnixMillis, civil_midnight,
};
use notification::{
    Config, Deps, MIGRATIONS, MailConfig, MailTls, Parts, config::Office, domain::table::Table, svc::Words,
    texts,
};
use telemetry::Health;
use trust::{ActorSigner, ActorVerifier, IssuerScope, Secret32, TrustedIssuer};
use web::{
    SuiteActor,
    ask::ask,
    door::{Asked, Door},
};

/// Two waits, then the next way.
pub const RETRY_MS: [i64; 2] = [60_000, 600_000];

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("date")
}

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("code")
}

pub fn matter_id(n: u128) -> MatterId {
    MatterId::from_parts(UnixMillis(1_785_718_800_000), n)
}

pub fn due(rule: RuleId, start: &str) -> DueDate {
    let law = Law { profile: Profile::national().expect("national"), calendar: Calendar::shipped() };
    law.due(rule, day(start)).expect("due")
}

pub fn registered(n: u128, channel: Channel) -> SubmissionRegisteredV1 {
    let open = OpenSummary {
        number: format!("XF990100-260803-{n:04}"),
        channel,
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
        content_id: ContentId::from_parts(UnixMillis(0), n),
        content_hash: String::new(),
        t01: due(RuleId::T01, "2026-08-03"),
    };
    SubmissionRegisteredV1 { submission_id: matter_id(n), open: Some(open) }
}

pub fn forwarded(n: u128) -> MatterForwardedV1 {
    MatterForwardedV1 {
        matter_id: matter_id(n),
        assignment_id: AssignmentId::from_parts(UnixMillis(0), n),
        assignment_no: 1,
        agency: code("renshe"),
        mode: AssignmentMode::Forward,
        claims: vec![1],
        forwarded_on: day("2026-08-03"),
        limit_on: None,
        document_number: "信转〔2026〕1号".to_owned(),
        identity_travels: true,
    }
}

pub fn delivered(n: u128) -> AssignmentDeliveredV1 {
    AssignmentDeliveredV1 {
        matter_id: matter_id(n),
        assignment_id: AssignmentId::from_parts(UnixMillis(0), n),
        assignment_no: 1,
        agency: code("renshe"),
        delivered_on: day("2026-08-03"),
        dues: vec![due(RuleId::T03, "2026-08-03")],
        role: contracts::codes::AssignmentRole::Lead,
        met: Vec::new(),
    }
}

pub fn listed(agency: &str, email: Option<&str>) -> AgencyListedV1 {
    AgencyListedV1 {
        agency: code(agency),
        name_zh: "云岭市人社局".to_owned(),
        name_en: "Yunling Human Resources".to_owned(),
        level: contracts::codes::Level::City,
        region: "990100".parse().expect("region"),
        superior: None,
        computer: true,
        email: email.map(str::to_owned),
        valid_from: day("2026-01-01"),
        valid_to: None,
        successors: Vec::new(),
    }
}

/// What the intake of the test says, and what it was asked.
#[derive(Clone, Default)]
pub struct Contacts {
    /// Mail address of everybody; none: they left none.
    pub email: Arc<Mutex<Option<String>>>,
    /// Postal address of everybody.
    pub address: Arc<Mutex<Option<String>>>,
    /// Every question that was answered with a contact.
    pub looks: Arc<Mutex<Vec<NotifyContact>>>,
}

impl Contacts {
    fn answer(&self, asked: Asked<NotifyContact>) -> Result<NoticeContact, Refusal> {
        assert_eq!(asked.actor.place, Place::Suite, "the service asks by itself");
        let slot = if asked.command.channel == NoticeChannel::Mail { &self.email } else { &self.address };
        let Some(address) = slot.lock().expect("lock").clone() else {
            return Ok(NoticeContact::Unreachable { trouble: NoticeTrouble::NoContact });
        };
        let query_code = asked.command.with_query_code.then(|| "K7M-RQ4X-2WD".to_owned());
        self.looks.lock().expect("lock").push(asked.command);
        let number = "XF990100-260803-0001".to_owned();
        Ok(NoticeContact::Reachable(NoticeAddress {
            number,
            restricted: false,
            name: "罗根生".to_owned(),
            address,
            query_code,
        }))
    }
}

/// Notification under test.
pub struct World {
    pub db: Db,
    pub bus: MemoryBus,
    pub parts: Parts,
    pub clock: Arc<ManualClock>,
    pub contacts: Contacts,
    clocks: Clocks,
    office: ActorSigner,
    mint: IdMint,
    _serving: Vec<bus::Serving>,
}

fn signer(place: Place) -> ActorSigner {
    let seed = if place == Place::Suite { 2 } else { 1 };
    ActorSigner::new(&Secret32::from([seed; 32]), place)
}

/// Runs a story on both databases, at nine on 2026-08-03, with mail by this port, or without mail.
pub async fn on_both<F, Fut>(port: Option<u16>, story: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let (clock, clocks) = db::testing::clocks();
    let nine = civil_midnight(day("2026-08-03")).plus_ms(9 * 3_600_000);
    clock.set(nine);
    let mint = IdMint::seeded(clocks.technical.clone(), 3);
    db::testing::each_backend_with(&[&MIGRATIONS], mint, clocks, |db| {
        let clock = clock.clone();
        clock.set(nine);
        let story = &story;
        async move { story(World::new(db, clock, port).await).await }
    })
    .await;
}

impl World {
    pub async fn new(db: Db, clock: Arc<ManualClock>, port: Option<u16>) -> Self {
        let clocks = db.clocks().clone();
        let mint = IdMint::seeded(clocks.technical.clone(), 4);
        let bus = MemoryBus::new(clocks.technical.clone());
        let agencies = vec![code("renshe")];
        streams::ensure(&Bus::Memory(bus.clone()), &agencies).await.expect("streams");
        let hosted = agencies.into_iter().collect();
        let verifier = Arc::new(ActorVerifier::new([
            TrustedIssuer { key: signer(Place::Office).public_key(), scope: IssuerScope::Office { hosted } },
            TrustedIssuer { key: signer(Place::Suite).public_key(), scope: IssuerScope::Suite },
        ]));
        let office = Office { name_zh: "云岭市联席办".to_owned(), ..Office::default() };
        let mail = port.map(|port| MailConfig {
            host: "127.0.0.1".to_owned(),
            port,
            tls: MailTls::None,
            user: String::new(),
            password: String::new(),
            from: "xinfang@yunling.example".to_owned(),
            ca: None,
        });
        let config = Config { mail, office: office.clone(), mail_retry_ms: RETRY_MS.to_vec() };
        let deps = Deps {
            db: db.clone(),
            bus: Bus::Memory(bus.core("notification")),
            clocks: clocks.clone(),
            door: Door::new("notification", verifier.clone(), clocks.technical.clone()),
            suite: SuiteActor::new(Arc::new(signer(Place::Suite)), &mint, clocks.technical.clone()),
            table: Arc::new(Table::read(None, texts::NAMES).expect("the table")),
            words: Words { texts: texts::Texts::try_new().expect("templates"), office },
            config: Arc::new(config),
            health: Health::new(),
        };
        let contacts = Contacts::default();
        let known = contacts.clone();
        let door = Door::new("intake", verifier, clocks.technical.clone());
        let intake = Service::core("intake", "0.0.0", "one contact");
        let intake = door.command::<NotifyContact, _, _>(intake, move |asked| {
            let known = known.clone();
            async move { known.answer(asked) }
        });
        let serving = vec![
            Bus::Memory(bus.core("intake")).serve(intake).await.expect("served"),
            deps.bus.serve(notification::svc::service(&deps)).await.expect("served"),
        ];
        let parts = notification::parts(&deps);
        let office = signer(Place::Office);
        Self { db, bus, parts, clock, contacts, clocks, office, mint, _serving: serving }
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

    pub async fn send(&self, message: &Message, attempt: i64) {
        let by = self.bus.core(message.context());
        Bus::Memory(by)
            .publish(&message.subject(MessageKind::Fact), message, attempt)
            .await
            .expect("published");
    }

    pub async fn say<E: Event>(&self, context: &str, n: u128, version: i64, fact: &E) {
        let message = self.message(&format!("lianxi/{context}"), &matter_id(n), version, fact);
        self.send(&message, 0).await;
    }

    /// An agency is in the register.
    pub async fn list(&self, agency: &str, email: Option<&str>) {
        let message = self.message("lianxi/routing", agency, 1, &listed(agency, email));
        self.send(&message, 0).await;
    }

    /// Steps consumers and relay until nothing moves; mail only when told.
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

    /// Sends what is due now; says how many attempts were made.
    pub async fn post(&self) -> usize {
        let sent = self.parts.post.step(self.clocks.technical.now()).await.expect("post");
        self.hear().await;
        sent
    }

    /// Asks as somebody.
    pub async fn ask_as<C: Command>(
        &self,
        place: Place,
        roles: &[Role],
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let actor = Actor { user: self.mint.mint(), place, roles: roles.to_vec() };
        let token = self.office.sign(&actor, None, self.clocks.technical.now()).expect("token");
        let console = Bus::Memory(self.bus.core("console"));
        ask(&console, "notification", Some(token.expose()), None, command).await
    }

    /// Asks as somebody of the office.
    pub async fn ask<C: Command>(&self, role: Role, command: &C) -> Result<C::Reply, Refusal> {
        self.ask_as(Place::Office, &[role], command).await
    }

    /// The notices to a matter's petitioner.
    pub async fn notices(&self, n: u128) -> Vec<NoticeView> {
        let wish = contracts::notification::commands::NoticesOfMatter { matter_id: matter_id(n) };
        self.ask(Role::Registrar, &wish).await.expect("notices")
    }

    /// Facts of notification in its outbox, oldest first: the type tokens.
    pub async fn told(&self) -> Vec<String> {
        let rows = db::outbox::page(&self.db, None, 0, 1_000).await.expect("outbox");
        let facts = rows.into_iter().filter(|row| row.kind == MessageKind::Fact);
        facts.map(|row| row.message.type_token().to_owned()).collect()
    }
}
