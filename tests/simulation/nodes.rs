//! The processes of the world: each service's real parts, stepped one at a time.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use bus::{Bus, BusError, ConsumeError, EndpointHandler, RelayError, Service, Serving};
use db::{Db, StoreError};
use kernel::{Clock, ErrorKind, Refusal};
use routing::sweeps::SweepError;
use web::ask::SERVICE_AWAY;

/// What a service is made from; a restart makes its parts anew from it.
pub enum Made {
    Intake(Box<intake::Deps>),
    Routing(Box<routing::Deps>),
    Supervision(Box<supervision::Deps>),
    Meetings(Box<meetings::Deps>),
    Notification(Box<notification::Deps>),
    Agency(Box<agency::Deps>),
    Board(Box<console::Deps>),
}

/// A service's moving parts.
enum Parts {
    Intake(Box<intake::Parts>),
    Routing(Box<routing::Parts>),
    Supervision(Box<supervision::Parts>),
    Meetings(Box<meetings::Parts>),
    Notification(Box<notification::Parts>),
    Agency(Box<agency::Parts>),
    Board(Box<console::Parts>),
}

/// One running process of a service.
pub struct Process {
    parts: Parts,
    _serving: Option<Serving>,
}

/// One step that a runner would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Relay,
    Consumer(usize),
    Reconciler,
    Sweep(usize),
}

/// What a step came to.
#[derive(Debug, Default)]
pub struct Stepped {
    /// Rows sent, messages taken, proposals made.
    pub moved: usize,
    /// In words, for the log of moves.
    pub words: String,
    /// An error that no fault of the world explains.
    pub broke: Option<String>,
}

/// Replies that are lost on their way from now on.
pub type Losses = Arc<AtomicU32>;

/// One service with its database: up to one process at work, and one that sleeps and may wake.
pub struct Node {
    pub name: String,
    pub made: Made,
    pub awake: Option<Process>,
    pub asleep: Option<Process>,
    losses: Losses,
}

impl Node {
    pub fn new(name: &str, made: Made, losses: Losses) -> Self {
        Self { name: name.to_owned(), made, awake: None, asleep: None, losses }
    }

    pub fn db(&self) -> &Db {
        match &self.made {
            Made::Intake(deps) => &deps.db,
            Made::Routing(deps) => &deps.db,
            Made::Supervision(deps) => &deps.db,
            Made::Meetings(deps) => &deps.db,
            Made::Notification(deps) => &deps.db,
            Made::Agency(deps) => &deps.db,
            Made::Board(deps) => &deps.db,
        }
    }

    /// Starts a process. While the bus is away nothing is offered, and the node stays as it is.
    pub async fn start(&mut self) -> Result<(), BusError> {
        let lossy = |service| lossy(service, &self.losses);
        let process = match &self.made {
            Made::Intake(deps) => Process {
                parts: Parts::Intake(Box::new(intake::parts(deps))),
                _serving: Some(serve(&deps.bus, lossy(intake::service(deps))).await?),
            },
            Made::Routing(deps) => Process {
                parts: Parts::Routing(Box::new(routing::parts(deps))),
                _serving: Some(serve(&deps.bus, lossy(routing::svc::service(deps))).await?),
            },
            Made::Supervision(deps) => Process {
                parts: Parts::Supervision(Box::new(supervision::parts(deps))),
                _serving: Some(serve(&deps.bus, lossy(supervision::svc::service(deps))).await?),
            },
            Made::Meetings(deps) => Process {
                parts: Parts::Meetings(Box::new(meetings::parts(deps))),
                _serving: Some(serve(&deps.bus, lossy(meetings::svc::service(deps))).await?),
            },
            Made::Notification(deps) => Process {
                parts: Parts::Notification(Box::new(notification::parts(deps))),
                _serving: Some(serve(&deps.bus, lossy(notification::svc::service(deps))).await?),
            },
            Made::Agency(deps) => Process {
                parts: Parts::Agency(Box::new(agency::parts(deps))),
                _serving: Some(serve(&deps.bus, lossy(agency::service(deps))).await?),
            },
            Made::Board(deps) => {
                Process { parts: Parts::Board(Box::new(console::parts(deps))), _serving: None }
            }
        };
        self.awake = Some(process);
        Ok(())
    }

    /// The steps that this service's runner takes.
    pub fn steps(&self) -> Vec<Part> {
        match self.made {
            Made::Intake(_) => vec![Part::Relay, Part::Consumer(0), Part::Sweep(0)],
            Made::Routing(_) => vec![
                Part::Relay,
                Part::Consumer(0),
                Part::Consumer(1),
                Part::Consumer(2),
                Part::Consumer(3),
                Part::Reconciler,
                Part::Sweep(0),
                Part::Sweep(1),
            ],
            Made::Supervision(_) | Made::Meetings(_) => {
                vec![Part::Relay, Part::Consumer(0), Part::Consumer(1), Part::Reconciler, Part::Sweep(0)]
            }
            Made::Notification(_) | Made::Agency(_) => vec![Part::Relay, Part::Consumer(0)],
            Made::Board(_) => vec![Part::Relay, Part::Consumer(0), Part::Sweep(0)],
        }
    }
}

async fn serve(bus: &Bus, service: Service) -> Result<Serving, BusError> {
    bus.serve(service).await
}

/// The service with its answers lost while `losses` says so: the command is done, the caller does not hear of it.
fn lossy(mut service: Service, losses: &Losses) -> Service {
    for endpoint in &mut service.endpoints {
        let losses = losses.clone();
        endpoint.handler = match endpoint.handler.clone() {
            EndpointHandler::Plain(inner) => EndpointHandler::Plain(Arc::new(move |call| {
                let (reply, losses) = (inner(call), losses.clone());
                Box::pin(async move { lose(reply.await, &losses) })
            })),
            EndpointHandler::PerAgency(inner) => EndpointHandler::PerAgency(Arc::new(move |agency, call| {
                let (reply, losses) = (inner(agency, call), losses.clone());
                Box::pin(async move { lose(reply.await, &losses) })
            })),
        };
    }
    service
}

fn lose(reply: Result<Vec<u8>, Refusal>, losses: &AtomicU32) -> Result<Vec<u8>, Refusal> {
    let left = losses.load(Ordering::Relaxed);
    if left == 0 {
        return reply;
    }
    losses.store(left - 1, Ordering::Relaxed);
    Err(SERVICE_AWAY.refuse().with("service", "a reply that was lost"))
}

impl Process {
    /// Takes one step.
    pub async fn step(&self, part: Part) -> Stepped {
        match (&self.parts, part) {
            (Parts::Intake(parts), Part::Relay) => relayed(parts.relay.step().await),
            (Parts::Intake(parts), Part::Consumer(_)) => consumed(parts.consumers[0].step().await),
            (Parts::Intake(parts), _) => {
                swept(parts.sweeps.expire_uploads().await.map_err(SweepError::Store))
            }
            (Parts::Routing(parts), Part::Relay) => relayed(parts.relay.step().await),
            (Parts::Routing(parts), Part::Consumer(n)) => consumed(parts.consumers[n].step().await),
            (Parts::Routing(parts), Part::Reconciler) => {
                let now = parts.sweeps.db.clocks().technical.now();
                reconciled(parts.reconciler.step(now).await)
            }
            (Parts::Routing(parts), Part::Sweep(0)) => swept(parts.sweeps.propose().await),
            (Parts::Routing(parts), Part::Sweep(_)) => swept(parts.sweeps.learn_accused().await),
            (Parts::Supervision(parts), Part::Relay) => relayed(parts.relay.step().await),
            (Parts::Supervision(parts), Part::Consumer(n)) => consumed(parts.consumers[n].step().await),
            (Parts::Supervision(parts), Part::Reconciler) => {
                let now = parts.sweep.db.clocks().technical.now();
                reconciled(parts.reconciler.step(now).await)
            }
            (Parts::Supervision(parts), Part::Sweep(_)) => {
                let now = parts.sweep.db.clocks().business.now();
                swept(parts.sweep.ring(now).await.map_err(SweepError::Store))
            }
            (Parts::Meetings(parts), Part::Relay) => relayed(parts.relay.step().await),
            (Parts::Meetings(parts), Part::Consumer(n)) => consumed(parts.consumers[n].step().await),
            (Parts::Meetings(parts), Part::Reconciler) => {
                let now = parts.sweep.db.clocks().technical.now();
                reconciled(parts.reconciler.step(now).await)
            }
            (Parts::Meetings(parts), Part::Sweep(_)) => {
                let now = parts.sweep.db.clocks().business.now();
                swept(parts.sweep.ring(now).await.map_err(SweepError::Store))
            }
            (Parts::Notification(parts), Part::Relay) => relayed(parts.relay.step().await),
            (Parts::Notification(parts), _) => consumed(parts.consumers[0].step().await),
            (Parts::Agency(parts), Part::Relay) => relayed(parts.relay.step().await),
            (Parts::Agency(parts), _) => consumed(parts.consumer.step().await),
            (Parts::Board(parts), Part::Relay) => relayed(parts.relay.step().await),
            (Parts::Board(parts), Part::Consumer(_)) => consumed(parts.feed.step().await),
            (Parts::Board(parts), _) => match parts.index.step().await {
                Ok(moved) => Stepped { moved, words: format!("indexed {moved}"), broke: None },
                Err(error) => Stepped { words: format!("failed: {error}"), ..Stepped::default() },
            },
        }
    }
}

fn reconciled(step: Result<bus::Reconciled, ConsumeError>) -> Stepped {
    match step {
        Ok(done) => Stepped {
            moved: usize::try_from(done.sent_again).unwrap_or(0),
            words: format!("again {} behind {}", done.sent_again, done.behind),
            broke: None,
        },
        Err(error) => consumed(Err(error)),
    }
}

fn relayed(step: Result<bus::Progress, RelayError>) -> Stepped {
    match step {
        Ok(p) if p.standby => Stepped { words: "standby".to_owned(), ..Stepped::default() },
        Ok(p) => {
            let trouble = p.trouble.map(|t| format!(" trouble: {t}")).unwrap_or_default();
            let words = format!("sent {} known {} left {}{trouble}", p.sent, p.duplicates, p.left);
            Stepped { moved: p.sent, words, broke: None }
        }
        Err(RelayError::Store(error)) => of_store(&error),
        Err(RelayError::Bus(error)) => Stepped { words: format!("bus: {error}"), ..Stepped::default() },
    }
}

fn consumed(step: Result<bus::Consumed, ConsumeError>) -> Stepped {
    match step {
        Ok(c) if c.standby => Stepped { words: "standby".to_owned(), ..Stepped::default() },
        Ok(c) => {
            let words = format!(
                "fetched {} applied {} known {} parked {} buried {} later {}",
                c.fetched, c.applied, c.duplicates, c.parked, c.buried, c.later
            );
            Stepped { moved: c.fetched + c.applied, words, broke: None }
        }
        Err(ConsumeError::Store(error)) => of_store(&error),
        Err(ConsumeError::Bus(error)) => Stepped { words: format!("bus: {error}"), ..Stepped::default() },
    }
}

fn swept(step: Result<usize, SweepError>) -> Stepped {
    match step {
        Ok(moved) => Stepped { moved, words: format!("swept {moved}"), broke: None },
        Err(SweepError::Store(error)) => of_store(&error),
        Err(SweepError::Intake(refusal)) if refusal.kind == ErrorKind::Unavailable => {
            Stepped { words: format!("intake is away: {}", refusal.code), ..Stepped::default() }
        }
        Err(SweepError::Intake(refusal)) => {
            Stepped { words: refusal.to_string(), broke: Some(refusal.to_string()), moved: 0 }
        }
    }
}

/// A lease that passed on is part of the game; any other error of an in-memory store is a bug.
fn of_store(error: &StoreError) -> Stepped {
    let broke = (!matches!(error, StoreError::Stale)).then(|| error.to_string());
    Stepped { words: format!("store: {error}"), moved: 0, broke }
}
