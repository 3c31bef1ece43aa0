//! Routing with its store and a bus, on both databases.

use std::{path::PathBuf, sync::Arc};
use web::SuiteActor;

use bus::{Bus, MemoryBus, streams};
use contracts::{
    Changed, Command, DispatchSeal, Event, Message, MessageKind,
    agency::{Answers, ReceivedV1, SignedV1},
    codes::{AssignmentMode, Channel, MatterState, PetitionerKind, Purpose},
    intake::{
        OpenSummary, SubmissionRegisteredV1,
        commands::{
            LikeSubmissions, MaskedText, MaskedTexts, RestrictedFacts, RestrictedSummary, SameMatter,
            SameMatterFound,
        },
    },
    routing::{
        AssignmentDispatchV1, MatterProposedV1,
        commands::{Forward, HandOver, MatterView, Recall, RestrictedQueue, Screen, ShowMatter},
    },
};
use db::Db;
use kernel::{Actor, Clocks, ContentId, EventId, IdMint, MatterId, Place, Refusal, Role, UnixMillis};
use routing::{
    Config, Deps, MIGRATIONS, Parts, Rules,
    domain::{propose::Proposer, proposers::Proposers},
    suggester::{Region, Suggester},
};
use telemetry::Health;
use trust::{ActorSigner, ActorVerifier, IssuerScope, Secret32, TrustedIssuer};
use web::{ask::ask, door::Door};

use super::fixtures::{agencies, catalogue, code, day, forward_to, law, matter_id, screen_command};

pub struct World {
    db: Db,
    bus: MemoryBus,
    pub parts: Parts,
    clocks: Clocks,
    office: ActorSigner,
    /// Learned versions: none until something is learned, so that every test goes by the rules.
    pub folder: PathBuf,
    _serving: Vec<bus::Serving>,
}

impl Drop for World {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn signer(place: Place) -> ActorSigner {
    ActorSigner::new(&Secret32::from([if place == Place::Suite { 2 } else { 1 }; 32]), place)
}

impl World {
    async fn new(db: Db) -> Self {
        let clocks = db.clocks().clone();
        let mint = IdMint::seeded(clocks.technical.clone(), 4);
        let bus = MemoryBus::new(clocks.technical.clone());
        let codes: Vec<_> = agencies().into_iter().map(|a| a.code).collect();
        streams::ensure(&Bus::Memory(bus.clone()), &codes).await.expect("streams");
        routing::seed::seed(&db, agencies()).await.expect("seed");
        let hosted = codes.iter().cloned().collect();
        let verifier = Arc::new(ActorVerifier::new([
            TrustedIssuer { key: signer(Place::Office).public_key(), scope: IssuerScope::Office { hosted } },
            TrustedIssuer { key: signer(Place::Suite).public_key(), scope: IssuerScope::Suite },
        ]));
        let name: EventId = IdMint::system().mint();
        let folder = std::env::temp_dir().join(format!("lianxi-routing-{name}"));
        let regions = [("990102", "清岩县"), ("990101", "明湖区")]
            .map(|(code, name)| Region { code: code.parse().expect("region"), name: name.to_owned() });
        let suggester = Arc::new(Suggester::in_folder(&folder, regions.to_vec()));
        let deps = Deps {
            db: db.clone(),
            bus: Bus::Memory(bus.core("routing")),
            clocks: clocks.clone(),
            door: Door::new("routing", verifier, clocks.technical.clone()),
            rules: Arc::new(Rules {
                law: law(),
                proposers: Proposers::new(Proposer::try_new(catalogue()).expect("catalogue")),
                office_contact: "市联席办".to_owned(),
            }),
            suite: SuiteActor::new(Arc::new(signer(Place::Suite)), &mint, clocks.technical.clone()),
            suggester,
            config: Config { receipt_within_ms: 30_000, learns_after: 0 },
            health: Health::new(),
        };
        let routing = deps.bus.serve(routing::svc::service(&deps)).await.expect("served");
        let intake = Bus::Memory(bus.core("intake")).serve(fake_intake()).await.expect("served");
        let parts = routing::parts(&deps);
        let office = signer(Place::Office);
        Self { db, bus, parts, clocks, office, folder, _serving: vec![routing, intake] }
    }

    /// Steps everything until nothing moves.
    pub async fn settle(&self) {
        for _ in 0..50 {
            let mut moved = self.parts.relay.step().await.expect("relay").sent;
            for consumer in &self.parts.consumers {
                moved += consumer.step().await.expect("consumer").fetched;
            }
            moved += self.parts.sweeps.propose().await.expect("proposals");
            moved += self.parts.sweeps.learn_accused().await.expect("accused");
            if moved == 0 {
                return;
            }
        }
        panic!("it never settles");
    }

    pub async fn arrives(&self, message: &Message, kind: MessageKind) {
        let bus = match message.source_agency() {
            Some(agency) => Bus::Memory(self.bus.agency(&agency)),
            None => Bus::Memory(self.bus.core(message.context())),
        };
        bus.publish(&message.subject(kind), message, 0).await.expect("published");
    }

    pub async fn ask<C: Command>(&self, roles: &[Role], command: &C) -> Result<C::Reply, Refusal> {
        self.ask_from(Place::Office, roles, command).await
    }

    async fn ask_from<C: Command>(
        &self,
        place: Place,
        roles: &[Role],
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let actor = Actor { user: IdMint::system().mint(), place, roles: roles.to_vec() };
        let token = self.office.sign(&actor, None, self.clocks.technical.now()).expect("token");
        let bus = Bus::Memory(self.bus.core("console"));
        ask(&bus, "routing", Some(token.expose()), None, command).await
    }

    pub async fn view(&self, roles: &[Role]) -> Result<MatterView, Refusal> {
        self.ask(roles, &ShowMatter { matter_id: matter_id(1) }).await
    }

    pub async fn screened_and_forwarded(&self) -> Changed {
        self.arrives(&registered(1, false), MessageKind::Fact).await;
        self.settle().await;
        let mut command: Screen = screen_command(1);
        command.hand_over = Some(forward_to("renshe"));
        let changed = self.ask(&[Role::Screener], &command).await.expect("screened");
        self.settle().await;
        changed
    }

    /// Facts of one type in the outbox, oldest first.
    pub async fn facts<E: Event>(&self) -> Vec<E> {
        let rows = db::outbox::page(&self.db, None, 0, 1_000).await.expect("outbox");
        rows.iter().filter_map(|row| row.message.decode().ok()).collect()
    }

    /// Every message of the outbox, oldest first.
    pub async fn outbox(&self) -> Vec<Message> {
        let rows = db::outbox::page(&self.db, None, 0, 1_000).await.expect("outbox");
        rows.into_iter().map(|row| row.message).collect()
    }

    /// Takes a matter back from the agency that holds it.
    pub async fn recalled(&self, view: &MatterView) {
        let recall = Recall {
            matter_id: view.matter_id,
            expected_version: view.version,
            assignment_id: view.assignments[0].assignment_id,
            reason: "wrong_category".to_owned(),
        };
        self.ask(&[Role::Screener], &recall).await.expect("recalled");
    }

    /// Makes the streams of agencies that came later.
    pub async fn streams(&self, agencies: &[&str]) {
        let codes: Vec<_> = agencies.iter().map(|name| code(name)).collect();
        streams::ensure(&Bus::Memory(self.bus.clone()), &codes).await.expect("streams");
    }

    pub async fn dispatches(&self, agency: &str) -> Vec<(DispatchSeal, Message)> {
        let bus = Bus::Memory(self.bus.agency(&code(agency)));
        let mut consumer =
            bus.consumer(&bus::ConsumerSpec::dispatches(&code(agency))).await.expect("consumer");
        let deliveries = consumer.fetch(64, 0).await.expect("fetch");
        deliveries
            .into_iter()
            .map(|d| {
                let message = d.message.expect("message");
                (message.dispatch.clone().expect("seal"), message)
            })
            .collect()
    }
}

fn fake_intake() -> bus::Service {
    let verifier = Arc::new(ActorVerifier::new([TrustedIssuer {
        key: signer(Place::Suite).public_key(),
        scope: IssuerScope::Suite,
    }]));
    let (_, clocks) = db::testing::clocks();
    let door = Door::new("intake", verifier, clocks.technical);
    let service = bus::Service::core("intake", "0.1.0", "a stand-in");
    let service = door.command::<MaskedTexts, _, _>(service, |asked| async move {
        let text = |submission_id| {
            let (title, text) = super::suggestions::text_of(submission_id);
            MaskedText { submission_id, title, text }
        };
        Ok(asked.command.submissions.into_iter().map(text).collect())
    });
    // The second letter says what the first one says.
    let service = door.command::<SameMatter, _, _>(service, |asked| async move {
        let repeat = asked.command.submissions.iter().find(|one| one.submission_id == matter_id(2));
        let found = |one: &LikeSubmissions| {
            assert_eq!(one.agency, Some(code("renshe")), "asked with the agency that is proposed");
            SameMatterFound { submission_id: one.submission_id, matter_id: matter_id(1) }
        };
        Ok(repeat.map(found).into_iter().collect())
    });
    door.command::<RestrictedFacts, _, _>(service, |asked| async move {
        Ok(RestrictedSummary {
            submission_id: asked.command.submission_id,
            received_on: day("2026-08-01"),
            t01: law().due(calendar::RuleId::T01, day("2026-08-01")).expect("T01"),
            claims: 1,
            heads: 1,
            joint: false,
            anonymous: true,
            accused_agencies: vec![code("qingyan")],
            content_id: ContentId::from_parts(UnixMillis(1), 1),
            content_hash: String::new(),
        })
    })
}

pub fn envelope<E: Event>(source: &str, n: u128, version: i64, subject_id: String, event: &E) -> Message {
    Message {
        id: EventId::from_parts(UnixMillis(1_785_718_800_000), n),
        event_type: E::TYPE.to_owned(),
        source: source.to_owned(),
        subject_id,
        at: UnixMillis(1_785_718_800_000),
        version,
        causation: None,
        by: None,
        traceparent: None,
        dispatch: None,
        body: serde_json::to_string(event).expect("json"),
    }
}

pub fn registered(n: u128, restricted: bool) -> Message {
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
        received_on: day("2026-08-03"),
        claims: 2,
        attachments: 0,
        identity_withheld: false,
        content_id: ContentId::from_parts(UnixMillis(1), n),
        content_hash: String::new(),
        t01: law().due(calendar::RuleId::T01, day("2026-08-03")).expect("T01"),
    };
    let submission_id: MatterId = matter_id(n);
    let fact = SubmissionRegisteredV1 { submission_id, open: (!restricted).then_some(open) };
    envelope("lianxi/intake", n, 1, submission_id.to_string(), &fact)
}

pub fn receipt(n: u128, version: i64, seal: &DispatchSeal, site: &str) -> Message {
    let received = ReceivedV1 {
        sender: "routing".to_owned(),
        from_seq: 1,
        to_seq: seal.seq,
        head: seal.hash.clone(),
        missing_from: None,
        site: site.to_owned(),
    };
    envelope(&format!("lianxi/agency/{}", seal.agency), n, version, seal.agency.to_string(), &received)
}

pub async fn on_both<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    let test = &test;
    db::testing::each_backend(&[&MIGRATIONS], |db| async move { test(World::new(db).await).await }).await;
}

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    db::testing::each_backend(&[&MIGRATIONS], |db| async move {
        db::testing::prepare_all(&db, &[routing::store::sql::ALL]).await.expect("statements");
    })
    .await;
}

#[tokio::test]
async fn a_registered_submission_gets_a_proposal_with_its_reasons() {
    on_both(|world| async move {
        world.arrives(&registered(1, false), MessageKind::Fact).await;
        world.settle().await;
        let view = world.view(&[Role::Screener]).await.expect("view");
        assert_eq!(view.state, MatterState::Registered, "software proposes, it never forwards");
        assert_eq!(view.categories[0].code, "labour.wages");
        assert_eq!(view.agencies[0].code, "renshe");
        assert_eq!(view.version, 1);
        assert!(view.claims.iter().all(|c| c.holder == "office"));
    })
    .await;
}

#[tokio::test]
async fn a_proposal_names_the_matter_that_it_may_repeat_and_nothing_else_happens() {
    on_both(|world| async move {
        for n in [1, 2] {
            world.arrives(&registered(n, false), MessageKind::Fact).await;
        }
        world.settle().await;
        let proposed = world.facts::<MatterProposedV1>().await;
        let named: Vec<_> = proposed.iter().map(|fact| (fact.matter_id, fact.repeat_of)).collect();
        assert_eq!(named, [(matter_id(1), None), (matter_id(2), Some(matter_id(1)))]);
        let ask = ShowMatter { matter_id: matter_id(2) };
        let view = world.ask(&[Role::Screener], &ask).await.expect("view");
        assert_eq!(view.state, MatterState::Registered, "a person links, or screens as ever");
        let screened = Screen { matter_id: matter_id(2), ..screen_command(1) };
        world.ask(&[Role::Screener], &screened).await.expect("screened");
    })
    .await;
}

#[tokio::test]
async fn a_message_that_comes_three_times_enters_one_matter() {
    on_both(|world| async move {
        for attempt in 0..3 {
            let message = registered(1, false);
            let bus = Bus::Memory(world.bus.core("intake"));
            bus.publish(&message.subject(MessageKind::Fact), &message, attempt).await.expect("published");
        }
        world.settle().await;
        assert_eq!(world.view(&[Role::Screener]).await.expect("view").version, 1);
    })
    .await;
}

#[tokio::test]
async fn a_forwarded_matter_is_dispatched_once_and_a_receipt_starts_the_law() {
    on_both(|world| async move {
        world.screened_and_forwarded().await;
        let dispatches = world.dispatches("renshe").await;
        assert_eq!(dispatches.len(), 1);
        let (seal, message) = &dispatches[0];
        assert_eq!(seal.seq, 1);
        let body: AssignmentDispatchV1 = message.decode().expect("dispatch");
        assert_eq!(body.document_number, "信转〔2026〕1号");
        for (n, version) in [(100, 1), (101, 2)] {
            world.arrives(&receipt(n, version, seal, "a"), MessageKind::Return).await;
        }
        world.settle().await;
        let view = world.view(&[Role::Screener]).await.expect("view");
        let assignment = &view.assignments[0];
        assert_eq!(assignment.state.code(), "delivered");
        assert_eq!(assignment.dues.len(), 2, "a receipt that comes again starts nothing anew");
    })
    .await;
}

#[tokio::test]
async fn returns_out_of_order_are_applied_in_order() {
    on_both(|world| async move {
        world.screened_and_forwarded().await;
        let view = world.view(&[Role::Screener]).await.expect("view");
        let answers = Answers {
            matter_id: matter_id(1),
            assignment_id: view.assignments[0].assignment_id,
            assignment_no: 1,
            on_behalf_paper: None,
        };
        let accepted = contracts::agency::AcceptanceNotifiedV1 {
            answers: answers.clone(),
            accepted_on: day("2026-08-03"),
            content_id: ContentId::from_parts(UnixMillis(1), 8),
            content_hash: String::new(),
        };
        let signed = SignedV1 { answers, signed_on: day("2026-08-03") };
        let source = "lianxi/agency/renshe";
        let id = matter_id(1).to_string();
        world.arrives(&envelope(source, 201, 2, id.clone(), &accepted), MessageKind::Return).await;
        world.settle().await;
        assert_eq!(world.view(&[Role::Screener]).await.expect("view").state, MatterState::Forwarded);
        world.arrives(&envelope(source, 200, 1, id, &signed), MessageKind::Return).await;
        world.settle().await;
        assert_eq!(world.view(&[Role::Screener]).await.expect("view").state, MatterState::Handling);
    })
    .await;
}

#[tokio::test]
async fn a_second_site_of_an_agency_is_refused() {
    on_both(|world| async move {
        world.screened_and_forwarded().await;
        let (seal, _) = world.dispatches("renshe").await.remove(0);
        let early = receipt(100, 1, &DispatchSeal { seq: 0, ..seal.clone() }, "the-first-site");
        world.arrives(&early, MessageKind::Return).await;
        world.arrives(&receipt(101, 2, &seal, "another-site"), MessageKind::Return).await;
        world.settle().await;
        let view = world.view(&[Role::Screener]).await.expect("view");
        assert_eq!(view.assignments[0].state.code(), "sent");
    })
    .await;
}

#[tokio::test]
async fn a_writer_who_saw_an_older_version_is_refused_and_nothing_changes() {
    on_both(|world| async move {
        let changed = world.screened_and_forwarded().await;
        let stale = Forward { matter_id: matter_id(1), expected_version: 1, hand_over: forward_to("jiwei") };
        let refusal = world.ask(&[Role::Screener], &stale).await.expect_err("refused");
        assert_eq!(refusal.code, "stale_version");
        let view = world.view(&[Role::Screener]).await.expect("view");
        assert_eq!((view.version, view.assignments.len()), (changed.version, 1));
    })
    .await;
}

#[tokio::test]
async fn a_refused_hand_over_leaves_the_matter_unscreened_and_uses_no_number() {
    on_both(|world| async move {
        world.arrives(&registered(1, false), MessageKind::Fact).await;
        world.settle().await;
        let mut command = screen_command(1);
        command.hand_over = Some(forward_to("nobody"));
        let refusal = world.ask(&[Role::Screener], &command).await.expect_err("refused");
        assert_eq!(
            (refusal.code.as_ref(), refusal.field.as_deref()),
            ("unknown_agency", Some("hand_over.agency"))
        );
        assert_eq!(world.view(&[Role::Screener]).await.expect("view").state, MatterState::Registered);
        command.hand_over = Some(forward_to("renshe"));
        world.ask(&[Role::Screener], &command).await.expect("screened");
        let view = world.view(&[Role::Screener]).await.expect("view");
        assert_eq!(view.assignments[0].document_number, "信转〔2026〕1号");
    })
    .await;
}

#[tokio::test]
async fn a_recalled_matter_goes_to_another_agency_under_the_next_number() {
    on_both(|world| async move {
        let changed = world.screened_and_forwarded().await;
        let view = world.view(&[Role::Screener]).await.expect("view");
        let recall = Recall {
            matter_id: matter_id(1),
            expected_version: changed.version,
            assignment_id: view.assignments[0].assignment_id,
            reason: "wrong_agency".to_owned(),
        };
        let recalled = world.ask(&[Role::Screener], &recall).await.expect("recalled");
        let forward = Forward {
            matter_id: matter_id(1),
            expected_version: recalled.version,
            hand_over: forward_to("qingyan"),
        };
        world.ask(&[Role::Screener], &forward).await.expect("forwarded");
        world.settle().await;
        assert_eq!(world.dispatches("renshe").await.len(), 2, "assignment and recall");
        assert_eq!(world.dispatches("qingyan").await.len(), 1);
        let view = world.view(&[Role::Screener]).await.expect("view");
        assert_eq!(view.assignments[1].assignment_no, 2);
        assert!(view.claims.iter().all(|c| c.holder == "qingyan"));
    })
    .await;
}

#[tokio::test]
async fn an_accusation_exists_for_the_restricted_officer_alone_and_keeps_from_the_accused() {
    on_both(|world| async move {
        world.arrives(&registered(1, true), MessageKind::Fact).await;
        world.settle().await;
        for roles in [[Role::Screener], [Role::Leader], [Role::Auditor], [Role::OfficeDirector]] {
            let refusal = world.view(&roles).await.expect_err("hidden");
            assert_eq!(refusal.code, "no_such_matter");
            let refusal =
                world.ask(&roles, &RestrictedQueue { page: Default::default() }).await.expect_err("closed");
            assert_eq!(refusal.code, "routing_not_allowed");
        }
        let officer = [Role::RestrictedOfficer];
        let queue = world.ask(&officer, &RestrictedQueue { page: Default::default() }).await.expect("queue");
        assert_eq!((queue.items.len(), queue.items[0].received_on), (1, day("2026-08-01")));
        let mut command = screen_command(0);
        (command.purpose, command.category, command.route) = (Purpose::Accusation, None, None);
        for unit in ["qingyan", "huaiqiao"] {
            command.hand_over = Some(forward_to(unit));
            assert_eq!(world.ask(&officer, &command).await.expect_err("guarded").code, "accused_unit");
        }
        command.hand_over = Some(forward_to("jiwei"));
        world.ask(&officer, &command).await.expect("handed over");
        world.settle().await;
        let (_, message) = world.dispatches("jiwei").await.remove(0);
        let body: AssignmentDispatchV1 = message.decode().expect("dispatch");
        assert!(body.restricted && !body.identity_travels && body.summary.number.is_none());
        assert!(!message.body.contains("qingyan"), "who is accused does not travel");
    })
    .await;
}

#[tokio::test]
async fn the_director_assigns_and_recalls_like_a_screener() {
    on_both(|world| async move {
        let director = [Role::OfficeDirector];
        world.arrives(&registered(1, false), MessageKind::Fact).await;
        world.settle().await;
        let mut command = screen_command(1);
        command.hand_over = Some(HandOver {
            agency: code("renshe"),
            mode: AssignmentMode::Assign,
            limit_on: Some(day("2026-09-15")),
            override_reason: None,
            co: Vec::new(),
        });
        world.ask(&director, &command).await.expect("assigned");
        let view = world.view(&director).await.expect("view");
        assert_eq!((view.state, view.assignments[0].mode), (MatterState::Assigned, AssignmentMode::Assign));
        let recall = Recall {
            matter_id: view.matter_id,
            expected_version: view.version,
            assignment_id: view.assignments[0].assignment_id,
            reason: "wrong_agency".to_owned(),
        };
        world.ask(&director, &recall).await.expect("recalled");
        assert_eq!(world.view(&director).await.expect("view").state, MatterState::Screened);
    })
    .await;
}

#[tokio::test]
async fn people_without_the_right_are_refused() {
    on_both(|world| async move {
        world.arrives(&registered(1, false), MessageKind::Fact).await;
        world.settle().await;
        for role in [Role::Registrar, Role::Leader, Role::Auditor] {
            let refusal = world.ask(&[role], &screen_command(1)).await.expect_err("refused");
            assert_eq!(refusal.code, "routing_not_allowed", "{role}");
        }
        let elsewhere = Place::Agency(code("renshe"));
        for place in [elsewhere, Place::Portal] {
            let refusal =
                world.ask_from(place, &[Role::Screener], &screen_command(1)).await.expect_err("refused");
            assert_eq!(refusal.code, "no_such_matter");
        }
        let bus = Bus::Memory(world.bus.core("console"));
        let refusal = ask(&bus, "routing", None, None, &screen_command(1)).await.expect_err("refused");
        assert_eq!(refusal.code, "not_signed_in");
    })
    .await;
}

#[tokio::test]
async fn the_chain_of_facts_verifies() {
    on_both(|world| async move {
        world.screened_and_forwarded().await;
        let report = db::audit::verify(&world.db).await.expect("verified");
        assert!(report.is_sound(), "{report:?}");
    })
    .await;
}
