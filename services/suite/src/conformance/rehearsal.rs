//! The office that is played: a bus with one agency's account, dispatches in a true chain, an intake that opens one
//! made-up text and stores papers, and everything that the consumer returns.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use bus::{
    Bus, Connect, ConsumerSpec, Service, Serving, Side,
    config::{AgencyUser, CoreUser},
    keys,
    server::{NatsServer, ServerBinary, ServerPlan},
    streams,
};
use contracts::{
    DispatchSeal, Message, MessageKind,
    agency::{ReceivedV1, commands::PaperBody},
    codes::ContentPart,
    intake::commands::{AgencyOpen, AgencyPut, PaperStored, SealedForAgency},
};
use db::chain;
use futures::FutureExt;
use kernel::{AgencyCode, Clock, ContentId, IdMint, civil_date};
use serde_json::{Value, json};
use tokio::{process::Child, task::JoinHandle, time::Instant};
use trust::{AgencyRecipient, chain::Hash};

use super::Wanted;
use crate::{config::Config, place::Place};

/// How often something is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// What the consumer did.
#[derive(Default)]
pub struct Seen {
    /// Its returns, in the order of the stream; or why one is none.
    pub returns: Vec<Result<Message, String>>,
    /// What it asked to open.
    pub opened: Vec<AgencyOpen>,
    /// Papers it stored: hash, and matter.
    pub papers: HashMap<ContentId, (String, AgencyPut)>,
}

/// The office at play.
pub struct Rehearsal {
    pub code: AgencyCode,
    pub within: Duration,
    pub mint: IdMint,
    pub seen: Arc<Mutex<Seen>>,
    place: Place,
    dir: PathBuf,
    bus: Bus,
    server: NatsServer,
    command: Vec<String>,
    consumer: Option<Child>,
    heads: HashMap<String, (i64, String)>,
    versions: HashMap<(String, String), i64>,
    collecting: JoinHandle<()>,
    _serving: Serving,
}

impl Rehearsal {
    /// Opens it in a folder that is made anew, and starts the consumer.
    pub async fn open(config: &Config, dir: &Path, wanted: &Wanted) -> anyhow::Result<Self> {
        drop(std::fs::remove_dir_all(dir));
        let place = Place::open(dir)?;
        let dir = place.dir().to_owned();
        let code = wanted.agency.clone();
        let nats_keys = dir.join("keys").join("nats");
        let admin = keys::load_or_create(&nats_keys, Side::ADMIN)?;
        let own = keys::load_or_create(&nats_keys, &format!("agency-{code}"))?;
        let recipient = place.keys.agency_identity(&code, &place.mint)?.recipient();
        let configured = (!config.bus.server.is_empty()).then(|| Path::new(&config.bus.server));
        let mut plan = ServerPlan::local(&dir.join("nats"));
        plan.core.push(CoreUser { service: Side::ADMIN.to_owned(), nkey: admin.public });
        plan.agencies.push(AgencyUser { code: code.clone(), nkey: own.public });
        let server = NatsServer::start(ServerBinary::find(configured).await?, plan).await?;
        let bus =
            Bus::connect(&Connect { url: server.url(), seed: admin.seed, side: Side::core(Side::ADMIN) })
                .await?;
        streams::ensure(&bus, std::slice::from_ref(&code)).await.context("the streams")?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        let serving = bus.serve(intake(&seen, recipient)).await?;
        let collecting = tokio::spawn(collect(bus.clone(), seen.clone()));
        let mut office = Self {
            code,
            within: wanted.within,
            mint: place.mint.clone(),
            seen,
            place,
            dir,
            bus,
            server,
            command: wanted.command.clone(),
            consumer: None,
            heads: HashMap::new(),
            versions: HashMap::new(),
            collecting,
            _serving: serving,
        };
        office.start_consumer()?;
        Ok(office)
    }

    /// What a consumer is given, for whoever starts it by hand.
    pub fn given(&self) -> String {
        let names = ["url", "agency", "nkey", "sealing_key"];
        names.map(|n| format!("  {n}: {}", self.filled(&format!("{{{n}}}")))).join("\n")
    }

    fn filled(&self, word: &str) -> String {
        let file = |name: String| self.dir.join("keys").join(name).display().to_string();
        word.replace("{url}", &self.server.url())
            .replace("{agency}", self.code.as_str())
            .replace("{nkey}", &file(format!("nats/agency-{}.nk", self.code)))
            .replace("{sealing_key}", &file(format!("agency-seal-{}.txt", self.code)))
            .replace("{dir}", &self.dir.display().to_string())
    }

    /// Starts the consumer where its command is known.
    pub fn start_consumer(&mut self) -> anyhow::Result<bool> {
        let words: Vec<String> = self.command.iter().map(|word| self.filled(word)).collect();
        let Some((program, arguments)) = words.split_first() else { return Ok(false) };
        let log = std::fs::File::options().create(true).append(true).open(self.dir.join("consumer.log"))?;
        let child = tokio::process::Command::new(program)
            .args(arguments)
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start `{program}`"))?;
        self.consumer = Some(child);
        Ok(true)
    }

    /// Kills the consumer without a word; `false` when somebody else runs it.
    pub async fn kill_consumer(&mut self) -> anyhow::Result<bool> {
        let Some(mut child) = self.consumer.take() else { return Ok(false) };
        child.kill().await?;
        Ok(true)
    }

    /// A dispatch that follows on the last one of its sender.
    pub fn dispatch(&mut self, sender: &str, event_type: &str, matter: &str, body: &Value) -> Message {
        let head = self.heads.entry(sender.to_owned()).or_insert((0, chain::GENESIS.to_owned()));
        let version = self.versions.entry((sender.to_owned(), matter.to_owned())).or_insert(0);
        *version += 1;
        let seal = DispatchSeal {
            agency: self.code.clone(),
            sender: sender.to_owned(),
            seq: head.0 + 1,
            prev_hash: head.1.clone(),
            hash: String::new(),
        };
        let mut message = Message {
            id: self.mint.mint(),
            event_type: event_type.to_owned(),
            source: format!("lianxi/{sender}"),
            subject_id: matter.to_owned(),
            at: self.place.clocks.business.now(),
            version: *version,
            causation: None,
            by: None,
            traceparent: None,
            dispatch: Some(seal),
            body: body.to_string(),
        };
        rehash(&mut message);
        if let Some(seal) = &message.dispatch {
            *head = (seal.seq, seal.hash.clone());
        }
        message
    }

    /// Today, as the dispatches have it.
    pub fn today(&self) -> String {
        civil_date(self.place.clocks.business.now()).to_string()
    }

    /// Sends a message; each further attempt has a Nats-Msg-Id of its own.
    pub async fn send(&self, message: &Message, attempt: i64) -> anyhow::Result<()> {
        let subject = message.subject(MessageKind::Dispatch);
        self.bus.publish(&subject, message, attempt).await.context("sending a dispatch").map(drop)
    }

    /// Looks until there is a value, or the time for one answer is over.
    pub async fn wait<T>(&self, mut look: impl FnMut(&Seen) -> Option<T>) -> Option<T> {
        let until = Instant::now() + self.within;
        loop {
            if let Some(found) = look(&self.look()) {
                return Some(found);
            }
            if Instant::now() >= until {
                return None;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until the consumer has acknowledged all that was sent; says whether it has.
    pub async fn acknowledged(&self) -> bool {
        let until = Instant::now() + self.within;
        while Instant::now() < until {
            let state = self.bus.consumer_state(&ConsumerSpec::dispatches(&self.code)).await;
            if state.is_ok_and(|s| s.pending == 0 && s.unacked == 0) {
                return true;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        false
    }

    /// Waits until it has told nothing new for a while.
    pub async fn quiet(&self) {
        let until = Instant::now() + self.within;
        let (mut count, mut since) = (self.look().returns.len(), Instant::now());
        while since.elapsed() < Duration::from_secs(2) && Instant::now() < until {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = self.look().returns.len();
            if now != count {
                (count, since) = (now, Instant::now());
            }
        }
    }

    /// What was seen so far.
    pub fn look(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lines of the server's log about what the consumer was not allowed.
    pub fn violations(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.dir.join("nats").join("nats.log")).unwrap_or_default();
        log.lines().filter(|line| line.contains("Violation")).map(str::to_owned).collect()
    }

    /// The last words of the consumer, where its command is known.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.dir.join("consumer.log")).unwrap_or_default();
        let last = log.lines().rev().map(str::trim).find(|line| !line.is_empty());
        last.map(|line| format!(" Its last words: {line}")).unwrap_or_default()
    }

    /// Ends it.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.kill_consumer().await?;
        self.collecting.abort();
        self.server.stop().await.context("stopping the bus of the rehearsal")
    }
}

/// Ties a message anew to what it says.
pub fn rehash(message: &mut Message) {
    let Some(mut seal) = message.dispatch.clone() else { return };
    seal.hash = chain::dispatch_hash(message, &seal);
    message.dispatch = Some(seal);
}

/// The receipts of a sender's dispatches among the returns.
pub fn receipts(seen: &Seen, sender: &str) -> Vec<ReceivedV1> {
    let readable = seen.returns.iter().flatten();
    readable.filter_map(|m| m.decode::<ReceivedV1>().ok()).filter(|r| r.sender == sender).collect()
}

async fn collect(bus: Bus, seen: Arc<Mutex<Seen>>) {
    let Ok(mut consumer) = bus.consumer(&ConsumerSpec::returns("rehearsal")).await else { return };
    loop {
        let Ok(deliveries) = consumer.fetch(64, 1_000).await else {
            tokio::time::sleep(LOOK_EVERY).await;
            continue;
        };
        for delivery in deliveries {
            let told = delivery.message.clone().map_err(|why| format!("`{}`: {why}", delivery.subject));
            seen.lock().unwrap_or_else(PoisonError::into_inner).returns.push(told);
            // One that comes again is told apart by its id.
            drop(delivery.ack().await);
        }
    }
}

/// An intake that opens one made-up text and stores papers.
fn intake(seen: &Arc<Mutex<Seen>>, recipient: AgencyRecipient) -> Service {
    let (opening, putting) = (seen.clone(), seen.clone());
    let open: bus::AgencyCommandHandler = Arc::new(move |_, call| {
        let (seen, recipient) = (opening.clone(), recipient.clone());
        async move { open(&seen, &recipient, &call.body) }.boxed()
    });
    let put: bus::AgencyCommandHandler = Arc::new(move |_, call| {
        let seen = putting.clone();
        async move { put(&seen, &call.body) }.boxed()
    });
    Service::core("intake", env!("CARGO_PKG_VERSION"), "the rehearsal's intake")
        .agency_command("open", open)
        .agency_command("put", put)
}

fn unreadable() -> kernel::Refusal {
    bus::call::HANDLER_FAILED.refuse()
}

fn open(seen: &Mutex<Seen>, to: &AgencyRecipient, body: &[u8]) -> bus::Reply {
    let asked: AgencyOpen = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let text = match asked.part {
        // Instead of the petition: what a co-agency gave.
        _ if asked.co_part.is_some() => json!({
            "kind": "co_part", "text": { "facts": "演练：协办事项属实。", "basis": "演练", "answers": [] },
            "signer": "演练", "answered_on": "2026-08-03", "document_number": "演协复〔2026〕1号",
        }),
        ContentPart::Text => json!({
            "submission_id": asked.matter_id, "number": "XF990100-260803-0001", "title": "演练",
            "text": "演练用的信访件，没有真人。", "claims": ["演练诉求一", "演练诉求二"], "attachments": [],
            "purpose": "claim", "place_region": "990102", "received_on": "2026-08-03",
        }),
        ContentPart::Contact | ContentPart::Attachment => json!({ "petitioners": [] }),
    };
    seen.lock().unwrap_or_else(PoisonError::into_inner).opened.push(asked);
    let sealed = to.seal_text(&text.to_string()).map_err(|_| unreadable())?;
    serde_json::to_vec(&SealedForAgency { sealed }).map_err(|_| unreadable())
}

fn put(seen: &Mutex<Seen>, body: &[u8]) -> bus::Reply {
    let paper: AgencyPut = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let _: PaperBody = serde_json::from_str(&paper.body).map_err(|_| unreadable())?;
    let stored =
        PaperStored { content_id: paper.content_id, sha256: Hash::of(paper.body.as_bytes()).to_hex() };
    let answer = serde_json::to_vec(&stored).map_err(|_| unreadable())?;
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.papers.insert(paper.content_id, (stored.sha256, paper));
    Ok(answer)
}
