//! 运行状态: what this process knows of the suite. No text of a petition, no name.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use bus::{ConsumerSpec, ConsumerState};
use kernel::{Refusal, UnixMillis};
use schemars::JsonSchema;
use serde::Serialize;
use telemetry::CheckState;
use web::problem::Refused;

use crate::{door::Site, error};

/// Dead letters shown at once.
const LETTERS_MAX: i64 = 50;

/// How a part, or all of it, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// At work.
    Ok,
    /// Not at work yet.
    Attention,
    /// Somebody is needed.
    Down,
}

impl Health {
    /// Its code word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Attention => "attention",
            Self::Down => "down",
        }
    }
}

/// One part of the suite.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Part {
    /// `intake.relay`, `console.board` …
    pub name: String,
    /// How it is.
    pub health: Health,
}

/// A message that could not be used.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DeadLetter {
    /// Its id.
    pub message_id: String,
    /// Who could not use it.
    pub consumer: String,
    /// What kind it is.
    pub event_type: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: UnixMillis,
    /// When it was tried again.
    pub requeued_at: Option<UnixMillis>,
}

/// What waits for the board.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Waiting {
    /// Facts that were not delivered yet.
    pub pending: u64,
    /// Facts that were delivered and not taken.
    pub unacknowledged: u64,
}

/// What this process knows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Status {
    /// All of it.
    pub health: Health,
    /// When this was taken (technical clock).
    pub taken_at: UnixMillis,
    /// Version of the program.
    pub version: String,
    /// The bus answers.
    pub bus_up: bool,
    /// Its parts.
    pub parts: Vec<Part>,
    /// What waits for the board; absent while the bus is away.
    pub board: Option<Waiting>,
    /// The newest dead letters of this console, 50 at most.
    pub dead_letters: Vec<DeadLetter>,
}

/// Looks.
///
/// # Errors
/// `console_store_away`.
pub async fn look(site: &Site) -> Result<Status, Refusal> {
    let deps = &site.deps;
    let parts: Vec<Part> = deps.health.report().iter().map(|(name, state)| part(name, state)).collect();
    let letters = db::dead_letter::list(&deps.db, 0, LETTERS_MAX).await.map_err(|e| error::away(&e))?;
    let dead_letters: Vec<DeadLetter> = letters.into_iter().map(letter).collect();
    let bus_up = deps.bus.is_up();
    let needs = !bus_up || !dead_letters.is_empty();
    let worst = parts.iter().map(|part| part.health).max().unwrap_or(Health::Ok);
    Ok(Status {
        health: if needs { Health::Down } else { worst },
        taken_at: deps.clocks.technical.now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        bus_up,
        parts,
        board: waiting(site).await,
        dead_letters,
    })
}

fn part(name: &str, state: &CheckState) -> Part {
    let health = match state {
        CheckState::Passing => Health::Ok,
        CheckState::Starting => Health::Attention,
        CheckState::Failing(_) => Health::Down,
    };
    Part { name: name.to_owned(), health }
}

fn letter(letter: db::dead_letter::DeadLetter) -> DeadLetter {
    DeadLetter {
        message_id: letter.message_id,
        consumer: letter.consumer,
        event_type: letter.headers.get("ce-type").cloned().unwrap_or_default(),
        reason: letter.reason,
        at: UnixMillis(letter.at),
        requeued_at: letter.requeued_at.map(UnixMillis),
    }
}

/// The one consumer that is the console's own.
async fn waiting(site: &Site) -> Option<Waiting> {
    match site.deps.bus.consumer_state(&ConsumerSpec::facts("board", &[])).await {
        Ok(ConsumerState { pending, unacked, .. }) => Some(Waiting { pending, unacknowledged: unacked }),
        Err(error) => {
            tracing::warn!(%error, "the board's consumer cannot be seen");
            None
        }
    }
}

/// `GET /api/v1/status`
pub async fn show(State(site): State<Arc<Site>>) -> Result<Answer<Status>, Refused> {
    Ok(Answer(look(&site).await?))
}
