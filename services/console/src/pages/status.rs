//! 运行状态: what an operator looks at, from what this process knows. No text of a petition, no name.

use bus::{ConsumerSpec, ConsumerState};
use kernel::UnixMillis;
use telemetry::CheckState;

use super::{Names, Shown, Visit, html};
use crate::error;
use crate::views::status::{Alarm, ConsumerRow, DeadLetterRow, ServiceRow, StatusPage};

/// Dead letters shown at once.
const LETTERS_MAX: i64 = 50;
const OK: &str = "ok";
const ATTENTION: &str = "attention";
const DOWN: &str = "down";

/// `GET /status`
pub async fn show(visit: Visit) -> Shown {
    let names = Names::of(&visit).await?;
    let deps = &visit.site.deps;
    let checks = deps.health.report();
    let services: Vec<ServiceRow> = checks
        .iter()
        .map(|(name, state)| ServiceRow {
            name: name.clone(),
            unit: names.office().to_owned(),
            health: match state {
                CheckState::Passing => OK,
                CheckState::Starting => ATTENTION,
                CheckState::Failing(_) => DOWN,
            }
            .to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            since: None,
        })
        .collect();
    let mut alarms: Vec<Alarm> = services
        .iter()
        .filter(|row| row.health == DOWN)
        .map(|row| Alarm { code: "service_down".to_owned(), subject: row.name.clone() })
        .collect();
    if !deps.bus.is_up() {
        alarms.insert(0, Alarm { code: "bus_away".to_owned(), subject: "NATS".to_owned() });
    }
    let consumers = board_consumer(&visit).await;
    let dead_letters = dead_letters(&visit).await?;
    if !dead_letters.is_empty() {
        let subject = dead_letters.len().to_string();
        alarms.push(Alarm { code: "dead_letters".to_owned(), subject });
    }
    let health = match (alarms.is_empty(), services.iter().any(|row| row.health == ATTENTION)) {
        (false, _) => DOWN,
        (true, true) => ATTENTION,
        (true, false) => OK,
    };
    let view = StatusPage {
        chrome: visit.chrome(&names, "status").await?,
        href: "/status".to_owned(),
        taken_at: deps.clocks.technical.now().to_string(),
        health: health.to_owned(),
        alarms,
        services,
        outboxes: Vec::new(),
        streams: Vec::new(),
        consumers,
        dead_letters,
    };
    Ok(html(visit.site.page(visit.language, &view)?))
}

/// The one consumer that is the console's own.
async fn board_consumer(visit: &Visit) -> Vec<ConsumerRow> {
    let spec = ConsumerSpec::facts("board", &[]);
    match visit.site.deps.bus.consumer_state(&spec).await {
        Ok(ConsumerState { pending, unacked, .. }) => vec![ConsumerRow {
            name: "EVT/board".to_owned(),
            pending,
            unacknowledged: unacked,
            parked: 0,
            stuck: false,
        }],
        Err(error) => {
            tracing::warn!(%error, "the board's consumer cannot be seen");
            Vec::new()
        }
    }
}

/// Letters that the board could not use: the console's own store alone.
async fn dead_letters(visit: &Visit) -> Result<Vec<DeadLetterRow>, kernel::Refusal> {
    let letters =
        db::dead_letter::list(&visit.site.deps.db, 0, LETTERS_MAX).await.map_err(|e| error::away(&e))?;
    let row = |letter: db::dead_letter::DeadLetter| DeadLetterRow {
        id: letter.message_id,
        consumer: letter.consumer,
        event_type: letter.headers.get("ce-type").cloned().unwrap_or_default(),
        reason: letter.reason,
        at: UnixMillis(letter.at).to_string(),
        requeued_at: letter.requeued_at.map(|at| UnixMillis(at).to_string()),
        requeue: None,
    };
    Ok(letters.into_iter().map(row).collect())
}
