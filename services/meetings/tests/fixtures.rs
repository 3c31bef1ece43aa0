//! A meetings service with its store and a bus in memory, and the facts that it hears.

use std::sync::Arc;

use bus::{Bus, MemoryBus, streams};
use calendar::{Calendar, DueDate, Law, Profile, RuleId};
use chrono::NaiveDate;
use contracts::{
    Command, Event, Message, MessageKind,
    codes::{
        AgendaOutcome, AgendaState, Attendance, Channel, Level, MeetingKind, PetitionerKind, Purpose,
        TaskChecker,
    },
    intake::{OpenSummary, SubmissionRegisteredV1},
    meetings::{
        CoUnit, Invitee,
        commands::{
            AttendanceEntry, CallMeeting, DecideItem, Decision, FixMinutes, HoldMeeting, ItemView, ListItems,
            MeetingChanged, MeetingPlan, MeetingView, Resolved, ScreenItem, ShowMeeting,
        },
    },
    routing::{
        AgencyListedV1, AssignmentObjectedV1, Decider, DisputeRaisedV1, MatterScreenedV1, ProposalUse,
    },
};
use db::Db;
use kernel::{
    Actor, AgencyCode, AgendaItemId, AssignmentId, Clock, Clocks, ContentId, IdMint, ManualClock, MatterId,
    MeetingId, Place, Refusal, Role, UnixMillis, civil_midnight,
};
use meetings::{
    Config, Deps, MIGRATIONS, Parts,
    domain::body::{Body, Kind},
};
use telemetry::Health;
use trust::{ActorSigner, ActorVerifier, IssuerScope, Secret32, TrustedIssuer};
use web::{ask::ask, door::Door};

pub const HOUR_MS: i64 = 3_600_000;
pub const UNITS: [&str; 4] = ["renshe", "jiwei", "zhujian", "shifu"];

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("date")
}

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("code")
}

pub fn matter_id(n: u128) -> MatterId {
    MatterId::from_parts(UnixMillis(1_785_718_800_000), n)
}

pub fn content(n: u128) -> ContentId {
    ContentId::from_parts(UnixMillis(7), n)
}

/// Nine in the morning of a day.
pub fn nine(on: &str) -> UnixMillis {
    civil_midnight(day(on)).plus_ms(9 * HOUR_MS)
}

fn due(rule: RuleId, start: &str) -> DueDate {
    let law = Law { profile: Profile::national().expect("national"), calendar: Calendar::shipped() };
    law.due(rule, day(start)).expect("due")
}

pub fn registered(n: u128) -> SubmissionRegisteredV1 {
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
        claims: 1,
        attachments: 0,
        identity_withheld: false,
        content_id: ContentId::from_parts(UnixMillis(0), n),
        content_hash: String::new(),
        t01: due(RuleId::T01, "2026-08-03"),
    };
    SubmissionRegisteredV1 { submission_id: matter_id(n), open: Some(open) }
}

pub fn screened(n: u128, restricted: bool) -> MatterScreenedV1 {
    MatterScreenedV1 {
        matter_id: matter_id(n),
        purpose: if restricted { Purpose::Accusation } else { Purpose::Claim },
        category: None,
        route: None,
        level: Level::City,
        restricted,
        proposal: ProposalUse::None,
        agency_proposal: None,
    }
}

pub fn objected(n: u128, agency: &str, letter: u128) -> AssignmentObjectedV1 {
    AssignmentObjectedV1 {
        matter_id: matter_id(n),
        assignment_id: AssignmentId::from_parts(UnixMillis(3), letter),
        assignment_no: 1,
        agency: code(agency),
        objected_on: day("2026-08-05"),
        late: false,
        proposed_agency: None,
        content_id: content(letter),
        on_behalf: false,
        role: contracts::codes::AssignmentRole::Lead,
    }
}

pub fn disputed(n: u128, agencies: &[&str], deciders: Decider) -> DisputeRaisedV1 {
    DisputeRaisedV1 {
        matter_id: matter_id(n),
        agencies: agencies.iter().map(|a| code(a)).collect(),
        assignment_id: AssignmentId::from_parts(UnixMillis(3), 2),
        assignment_no: 2,
        raised_on: day("2026-08-06"),
        deciders,
    }
}

pub fn body() -> Body {
    Body {
        code: "shilianxi".to_owned(),
        name_zh: "云岭市信访工作联席会议".to_owned(),
        name_en: "Yunling Joint Conference".to_owned(),
        convener: "市委常委".to_owned(),
        members: UNITS.iter().map(|u| code(u)).collect(),
        places: vec!["301会议室".to_owned()],
        kinds: vec![Kind { kind: MeetingKind::Working, notice_days: 3 }],
    }
}

/// A plan for nine to eleven of a day.
pub fn plan(on: &str, items: &[AgendaItemId]) -> MeetingPlan {
    MeetingPlan {
        starts_at: nine(on),
        ends_at: nine(on).plus_ms(2 * HOUR_MS),
        place: "301会议室".to_owned(),
        reply_by: day(on),
        agencies: vec![Invitee { agency: code("shifu"), required: false }],
        items: items.to_vec(),
        short_notice_reason: None,
    }
}

pub fn call(plan: MeetingPlan) -> CallMeeting {
    CallMeeting { body: "shilianxi".to_owned(), kind: MeetingKind::Working, title: None, plan }
}

/// 人社牵头, 住建 to help before it.
pub fn resolved() -> Decision {
    Decision {
        outcome: AgendaOutcome::Resolved,
        facts: "工资争议为主。".to_owned(),
        resolved: Some(Resolved {
            lead: code("renshe"),
            due_on: day("2026-09-25"),
            co: vec![CoUnit { agency: code("zhujian"), due_on: day("2026-09-15") }],
            action: "核实欠薪并督促支付。".to_owned(),
            checker: TaskChecker::Supervisor,
        }),
        until_on: None,
        dissent: Vec::new(),
    }
}

/// Meetings under test.
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

/// Runs a story on both databases, beginning at nine on 2026-08-10.
pub async fn on_both<F, Fut>(story: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let (clock, clocks) = db::testing::clocks();
    clock.set(nine("2026-08-10"));
    let mint = IdMint::seeded(clocks.technical.clone(), 3);
    db::testing::each_backend_with(&[&MIGRATIONS], mint, clocks, |db| {
        let clock = clock.clone();
        clock.set(nine("2026-08-10"));
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
        let agencies: Vec<AgencyCode> = UNITS.iter().map(|u| code(u)).collect();
        streams::ensure(&Bus::Memory(bus.clone()), &agencies).await.expect("streams");
        let hosted = agencies.iter().cloned().collect();
        let verifier = Arc::new(ActorVerifier::new([TrustedIssuer {
            key: signer().public_key(),
            scope: IssuerScope::Office { hosted },
        }]));
        let deps = Deps {
            db: db.clone(),
            bus: Bus::Memory(bus.core("meetings")),
            clocks: clocks.clone(),
            door: Door::new("meetings", verifier, clocks.technical.clone()),
            config: Config {
                receipt_within_ms: 30_000,
                organizer: "云岭市联席办".to_owned(),
                uid_domain: "yunling.example".to_owned(),
            },
            health: Health::new(),
        };
        let serving = deps.bus.serve(meetings::svc::service(&deps)).await.expect("served");
        meetings::seed::seed(&db, vec![body()]).await.expect("seeded");
        let parts = meetings::parts(&deps);
        let world = Self { db, bus, parts, clock, clocks, office: signer(), mint, _serving: serving };
        for agency in agencies {
            world.list(&agency).await;
        }
        world.hear().await;
        world
    }

    async fn list(&self, agency: &AgencyCode) {
        let listed = AgencyListedV1 {
            agency: agency.clone(),
            name_zh: agency.to_string(),
            name_en: agency.to_string(),
            level: Level::City,
            region: "990100".parse().expect("region"),
            superior: None,
            computer: true,
            valid_from: day("2024-01-01"),
            email: None,
            valid_to: None,
            successors: Vec::new(),
        };
        self.send(&self.message("lianxi/routing", agency, 1, &listed), MessageKind::Fact).await;
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

    /// What an agency returns.
    pub async fn returns<E: Event>(
        &self,
        agency: &str,
        subject: &(impl ToString + ?Sized),
        version: i64,
        answer: &E,
    ) {
        let source = format!("lianxi/agency/{agency}");
        self.send(&self.message(&source, subject, version, answer), MessageKind::Return).await;
        self.hear().await;
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
        while self.parts.sweep.ring(self.clocks.business.now()).await.expect("sweep") > 0 {}
        self.hear().await;
    }

    /// Asks as somebody of the office.
    pub async fn ask<C: Command>(&self, role: Role, command: &C) -> Result<C::Reply, Refusal> {
        self.ask_at(Place::Office, role, command).await
    }

    pub async fn ask_at<C: Command>(
        &self,
        place: Place,
        role: Role,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let actor = Actor { user: self.mint.mint(), place, roles: vec![role] };
        let token = self.office.sign(&actor, None, self.clocks.technical.now()).expect("token");
        let console = Bus::Memory(self.bus.core("console"));
        ask(&console, "meetings", Some(token.expose()), None, command).await
    }

    pub async fn director<C: Command>(&self, command: &C) -> C::Reply {
        self.ask(Role::OfficeDirector, command).await.expect("done")
    }

    /// Messages in the outbox, oldest first: type token, whom it is for, body.
    pub async fn said(&self) -> Vec<(String, Option<AgencyCode>, serde_json::Value)> {
        let rows = db::outbox::page(&self.db, None, 0, 1_000).await.expect("outbox");
        rows.into_iter()
            .map(|row| {
                let body = serde_json::from_str(&row.message.body).expect("json");
                let to = row.message.dispatch.as_ref().map(|seal| seal.agency.clone());
                (row.message.type_token().to_owned(), to, body)
            })
            .collect()
    }

    /// The bodies of one type.
    pub async fn of_type(&self, token: &str) -> Vec<serde_json::Value> {
        self.said().await.into_iter().filter(|(t, ..)| t == token).map(|(_, _, body)| body).collect()
    }

    /// Dead letters so far.
    pub async fn dead(&self) -> usize {
        usize::try_from(db::dead_letter::count(&self.db).await.expect("dead letters")).expect("count")
    }

    pub async fn items(&self) -> Vec<ItemView> {
        self.ask(Role::Screener, &ListItems::default()).await.expect("items").items
    }

    /// A dispute of 人社 and 纪委 that the conference decides, taken onto the list.
    pub async fn on_the_list(&self, n: u128) -> ItemView {
        self.dispute(n).await;
        let found = self.items().await;
        let item = found.into_iter().find(|i| i.matter_id == matter_id(n)).expect("an item");
        let take = ScreenItem { item_id: item.item_id, expected_version: item.version, take: true };
        self.ask(Role::Screener, &take).await.expect("taken");
        self.item(n).await
    }

    pub async fn dispute(&self, n: u128) {
        self.intake(n, 1, &registered(n)).await;
        self.routing(n, 1, &screened(n, false)).await;
        self.routing(n, 2, &objected(n, "renshe", 10 * n)).await;
        self.routing(n, 3, &objected(n, "jiwei", 10 * n + 1)).await;
        self.routing(n, 4, &disputed(n, &["renshe", "jiwei"], Decider::Conference)).await;
        self.hear().await;
    }

    pub async fn item(&self, n: u128) -> ItemView {
        let found = self.items().await;
        found.into_iter().rfind(|i| i.matter_id == matter_id(n)).expect("an item")
    }

    pub async fn meeting(&self, id: MeetingId) -> MeetingView {
        self.ask(Role::Screener, &ShowMeeting { meeting_id: id }).await.expect("meeting")
    }

    /// Everybody came, on 2026-08-14.
    pub async fn held(&self, called: &MeetingChanged) -> MeetingChanged {
        self.at(nine("2026-08-14").plus_ms(HOUR_MS)).await;
        let invitations = self.meeting(called.meeting_id).await.invitations;
        let entry = |agency: AgencyCode| AttendanceEntry {
            who: format!("{agency} 副局长"),
            agency,
            attendance: Attendance::Present,
        };
        let hold = HoldMeeting {
            meeting_id: called.meeting_id,
            expected_version: called.version,
            attendance: invitations.into_iter().map(|i| entry(i.agency)).collect(),
        };
        self.director(&hold).await
    }

    /// Called, held, resolved; minutes fixed.
    pub async fn adopted(&self, n: u128) -> ItemView {
        let item = self.on_the_list(n).await;
        let called = self.director(&call(plan("2026-08-14", &[item.item_id]))).await;
        let held = self.held(&called).await;
        let item = self.item(n).await;
        assert_eq!(item.state, AgendaState::Discussed);
        let (item_id, expected_version) = (item.item_id, item.version);
        self.director(&DecideItem { item_id, expected_version, decision: resolved() }).await;
        let fix = FixMinutes {
            meeting_id: held.meeting_id,
            expected_version: held.version,
            convener: "召集人 市委常委".to_owned(),
        };
        self.director(&fix).await;
        self.hear().await;
        self.item(n).await
    }
}
