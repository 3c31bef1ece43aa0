//! An office with intake at work: its database, the bus in memory, people who ask, and two agencies.

use std::{
    collections::BTreeSet,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use bus::{Bus, MemoryBus, Serving, streams};
use contracts::{
    Command, Event, Message,
    codes::{AssignmentMode, Channel, ContentPart, IdKind, OpenPurpose, PetitionerKind, Purpose},
    intake::commands::{AgencyOpen, Identity, Receipt, Register, Registration},
    routing::MatterForwardedV1,
    subject,
};
use db::Db;
use intake::{Config, Deps, Files, Keys, Parts, Recipients};
use kernel::{
    Actor, AgencyCode, AssignmentId, Clocks, IdMint, ManualClock, MatterId, Place, Refusal, Role,
    SubmissionId,
};
use trust::{
    ActorSigner, ActorVerifier, AgencyIdentity, BlindIndexKey, IssuerScope, KeyRing, QueryCodeKey, Secret32,
    TrustedIssuer,
};
use web::{ask, door::Door};

/// The day that tests begin on: 2026-08-03 is a Monday.
pub struct Office {
    pub deps: Deps,
    pub parts: Parts,
    pub clock: Arc<ManualClock>,
    pub memory: MemoryBus,
    pub identities: Vec<(AgencyCode, AgencyIdentity)>,
    console: Bus,
    office: ActorSigner,
    suite: ActorSigner,
    versions: AtomicI64,
    _serving: Serving,
}

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("code")
}

pub fn keys(seed: u8) -> Keys {
    let secret = |n: u8| Secret32::from([seed.wrapping_add(n); 32]);
    Keys {
        ring: KeyRing::new(secret(1), vec![]),
        blind: BlindIndexKey::new(secret(2)),
        codes: QueryCodeKey::new(secret(3)),
    }
}

/// Runs a test in an office of its own on each database.
pub async fn each<F, Fut>(test: F)
where
    F: Fn(Arc<Office>) -> Fut,
    Fut: Future<Output = ()>,
{
    each_with(Files::in_memory, test).await;
}

pub async fn each_with<F, Fut>(files: impl Fn() -> Files, test: F)
where
    F: Fn(Arc<Office>) -> Fut,
    Fut: Future<Output = ()>,
{
    let (clock, clocks) = db::testing::clocks();
    let mint = IdMint::system();
    let (test, files) = (&test, &files);
    let sets = [&intake::MIGRATIONS];
    db::testing::each_backend_with(&sets, mint.clone(), clocks.clone(), move |db| {
        let office = Office::open(db, mint.clone(), clocks.clone(), clock.clone(), files());
        async move { test(Arc::new(office.await)).await }
    })
    .await;
}

impl Office {
    async fn open(db: Db, mint: IdMint, clocks: Clocks, clock: Arc<ManualClock>, files: Files) -> Self {
        let memory = MemoryBus::new(clocks.technical.clone());
        let agencies = [code("renshe"), code("jiaotong")];
        streams::ensure(&Bus::Memory(memory.clone()), &agencies).await.expect("streams");
        let signer = |seed: u8, place| ActorSigner::new(&Secret32::from([seed; 32]), place);
        let (office, suite) = (signer(201, Place::Office), signer(202, Place::Suite));
        let verifier = ActorVerifier::new([
            TrustedIssuer {
                key: office.public_key(),
                scope: IssuerScope::Office { hosted: BTreeSet::from(agencies.clone()) },
            },
            TrustedIssuer { key: suite.public_key(), scope: IssuerScope::Suite },
        ]);
        let identities: Vec<_> = agencies.into_iter().map(|a| (a, AgencyIdentity::generate())).collect();
        let door = Door::new("intake", Arc::new(verifier), clocks.technical.clone());
        let deps = Deps {
            db,
            bus: Bus::Memory(memory.core("intake")),
            clocks,
            mint,
            door,
            health: telemetry::Health::new(),
            config: Config::new("/nonexistent", "990100".parse().expect("region")),
            keys: keys(0),
            recipients: Recipients::new(identities.iter().map(|(a, i)| (a.clone(), i.recipient()))),
            law: calendar::Law {
                profile: calendar::Profile::national().expect("profile"),
                calendar: calendar::Calendar::shipped(),
            },
            files,
        };
        let parts = intake::parts(&deps);
        let serving = deps.bus.serve(intake::service(&deps)).await.expect("served");
        let console = Bus::Memory(memory.core("console"));
        Self {
            deps,
            parts,
            clock,
            memory,
            identities,
            console,
            office,
            suite,
            versions: AtomicI64::new(0),
            _serving: serving,
        }
    }

    /// A person; the same seed is the same account.
    pub fn person(&self, seed: u64, place: Place, roles: &[Role]) -> Actor {
        let chance = u128::from(seed) + 1;
        let user = kernel::UserId::from_parts(kernel::UnixMillis(1), chance);
        Actor { user, place, roles: roles.to_vec() }
    }

    pub fn registrar(&self) -> Actor {
        self.person(1, Place::Office, &[Role::Registrar])
    }

    pub fn screener(&self) -> Actor {
        self.person(2, Place::Office, &[Role::Screener])
    }

    pub fn restricted_officer(&self) -> Actor {
        self.person(3, Place::Office, &[Role::RestrictedOfficer])
    }

    pub fn portal(&self) -> Actor {
        self.person(4, Place::Portal, &[])
    }

    pub fn suite(&self) -> Actor {
        self.person(5, Place::Suite, &[])
    }

    /// Asks as a person.
    pub async fn ask<C: Command>(&self, actor: &Actor, command: &C) -> Result<C::Reply, Refusal> {
        self.ask_keyed(actor, None, command).await
    }

    /// Asks as a person, under an idempotency key.
    pub async fn ask_keyed<C: Command>(
        &self,
        actor: &Actor,
        key: Option<&str>,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let signer = if actor.place == Place::Suite { &self.suite } else { &self.office };
        let token = signer.token(actor, None, self.deps.clocks.technical.now()).expect("token");
        ask::ask(&self.console, "intake", Some(token.expose()), key, command).await
    }

    /// Asks as an agency, by the subject of its own.
    pub async fn ask_as_agency<C: Command>(
        &self,
        agency: &str,
        subject: &str,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let bus = Bus::Memory(self.memory.agency(&code(agency)));
        ask::ask_on(&bus, subject, "intake", None, None, command).await
    }

    /// Opens a part as an agency; the JSON that only its key opens.
    pub async fn open_as(&self, agency: &str, command: &AgencyOpen) -> Result<String, Refusal> {
        let sealed = self.ask_as_agency(agency, &subject::open_content(&code(agency)), command).await?;
        let own = &self.identities.iter().find(|(a, _)| *a == code(agency)).expect("agency").1;
        let others = self.identities.iter().filter(|(a, _)| *a != code(agency));
        for (_, other) in others {
            assert!(other.open_text(&sealed.sealed).is_err(), "another agency opened it");
        }
        Ok(own.open_text(&sealed.sealed).expect("opened").into_exposed())
    }

    /// Registers and gives the receipt.
    pub async fn register(&self, command: &Register) -> Receipt {
        self.registered_by(&self.registrar(), None, command).await
    }

    pub async fn registered_by(&self, actor: &Actor, key: Option<&str>, command: &Register) -> Receipt {
        match self.ask_keyed(actor, key, command).await.expect("registered") {
            Registration::Registered(receipt) => receipt,
            Registration::Unconfirmed { warnings } => panic!("unconfirmed: {warnings:?}"),
        }
    }

    /// A fact of routing, as it would come over the bus.
    pub fn fact<E: Event>(&self, subject_id: MatterId, version: i64, fact: &E) -> Message {
        Message {
            id: self.deps.mint.mint(),
            event_type: E::TYPE.to_owned(),
            source: "lianxi/routing".to_owned(),
            subject_id: subject_id.to_string(),
            at: kernel::UnixMillis(1_785_718_800_000),
            version,
            causation: None,
            by: None,
            traceparent: None,
            dispatch: None,
            body: serde_json::to_string(fact).expect("json"),
        }
    }

    /// Puts a message of routing onto the bus.
    pub async fn say(&self, message: &Message) {
        let routing = Bus::Memory(self.memory.core("routing"));
        let attempt = self.versions.fetch_add(1, Ordering::SeqCst);
        routing
            .publish(&message.subject(contracts::MessageKind::Fact), message, attempt)
            .await
            .expect("published");
    }

    /// Lets intake take in what lies on the bus.
    pub async fn take_in(&self) {
        for consumer in &self.parts.consumers {
            while consumer.step().await.expect("step").fetched > 0 {}
        }
    }

    /// Routing hands a matter to an agency.
    pub async fn forward(&self, matter: MatterId, agency: &str, version: i64, travels: bool) -> AssignmentId {
        let assignment = self.deps.mint.mint();
        self.say(&self.fact(matter, version, &forwarded(matter, assignment, agency, travels))).await;
        self.take_in().await;
        assignment
    }

    /// The types and bodies that the outbox holds about a submission, in order.
    pub async fn said_about(&self, id: SubmissionId) -> Vec<(String, String)> {
        self.rows("SELECT event_type || ' ' || subject_id, body FROM outbox ORDER BY seq")
            .await
            .into_iter()
            .filter_map(|(head, body)| head.strip_suffix(&format!(" {id}")).map(|t| (t.to_owned(), body)))
            .collect()
    }

    /// Two text columns of any query.
    pub async fn rows(&self, sql: &'static str) -> Vec<(String, String)> {
        let sql: &'static db::Sql = Box::leak(Box::new(db::Sql::same(sql)));
        self.deps.db.read(move |tx| Box::pin(async move { tx.query(sql).all().await })).await.expect("rows")
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        let sql: &'static db::Sql = Box::leak(Box::new(db::Sql::same(sql)));
        let read = self.deps.db.read(move |tx| Box::pin(async move { tx.query(sql).one::<(i64,)>().await }));
        read.await.expect("count").0
    }
}

pub fn forwarded(
    matter: MatterId,
    assignment: AssignmentId,
    agency: &str,
    travels: bool,
) -> MatterForwardedV1 {
    MatterForwardedV1 {
        matter_id: matter,
        assignment_id: assignment,
        assignment_no: 1,
        agency: code(agency),
        mode: AssignmentMode::Forward,
        claims: vec![1],
        forwarded_on: "2026-08-03".parse().expect("date"),
        limit_on: None,
        document_number: "信转〔2026〕1号".into(),
        identity_travels: travels,
    }
}

pub fn opening(matter: MatterId, assignment: AssignmentId, part: ContentPart) -> AgencyOpen {
    AgencyOpen {
        matter_id: matter,
        assignment_id: assignment,
        part,
        attachment: None,
        purpose: OpenPurpose::Handling,
        co_part: None,
    }
}

pub fn luo() -> Identity {
    Identity {
        name: "罗根生".into(),
        id_kind: Some(IdKind::CitizenId),
        id_number: Some("99000019851230002X".into()),
        telephone: Some("19900990008".into()),
        address: Some("云岭市青岩县槐桥镇中街151号".into()),
        email: None,
    }
}

/// A claim for wages, by letter.
pub fn claim() -> Register {
    Register {
        channel: Channel::Letter,
        purpose: Purpose::Claim,
        petitioner_kind: PetitionerKind::Citizen,
        anonymous: false,
        heads: 1,
        written_on: None,
        received_on: None,
        place_region: "990102002".parse().expect("region"),
        title: "拖欠木工工资46800元".into(),
        text: "我是罗根生，电话199-0099-0008，住中街151号。到十一月完工，还欠我46800元。".into(),
        claims: vec!["结清工资".into(), "依法处罚".into()],
        petitioner: Some(luo()),
        co_petitioners: vec![],
        withhold_identity: false,
        accused_agencies: vec![],
        attachments: vec![],
        warnings_confirmed: false,
    }
}

/// An accusation against a unit.
pub fn accusation() -> Register {
    Register {
        purpose: Purpose::Accusation,
        title: "检举青岩镇干部截留补偿款".into(),
        accused_agencies: vec![code("qingyan")],
        ..claim()
    }
}

impl Office {
    /// Another process of intake on the same database, with a bus of its own.
    pub async fn second(first: &Self) -> Self {
        let deps = first.deps.clone();
        Self::open(deps.db, deps.mint, deps.clocks, first.clock.clone(), deps.files).await
    }
}
