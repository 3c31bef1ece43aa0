//! 运行状态: what an operator looks at, from what this process knows. No text of a petition, no name.

use super::{Names, Shown, Visit, html};
use crate::{
    rest::status::{DeadLetter, Health, Status, Waiting, look},
    views::status::{Alarm, ConsumerRow, DeadLetterRow, ServiceRow, StatusPage},
};

/// `GET /status`
pub async fn show(visit: Visit) -> Shown {
    let names = Names::of(&visit).await?;
    let status = look(&visit.site).await?;
    let view = StatusPage {
        chrome: visit.chrome(&names, "status").await?,
        href: "/status".to_owned(),
        taken_at: status.taken_at.to_string(),
        health: status.health.code().to_owned(),
        alarms: alarms(&status),
        services: services(&status, names.office()),
        outboxes: Vec::new(),
        streams: Vec::new(),
        consumers: status.board.map(consumer).into_iter().collect(),
        dead_letters: status.dead_letters.into_iter().map(dead_letter).collect(),
    };
    Ok(html(visit.site.page(visit.language, &view)?))
}

fn services(status: &Status, unit: &str) -> Vec<ServiceRow> {
    let row = |part: &crate::rest::status::Part| ServiceRow {
        name: part.name.clone(),
        unit: unit.to_owned(),
        health: part.health.code().to_owned(),
        version: status.version.clone(),
        since: None,
    };
    status.parts.iter().map(row).collect()
}

/// What needs somebody, worst first.
fn alarms(status: &Status) -> Vec<Alarm> {
    let alarm = |code: &str, subject: String| Alarm { code: code.to_owned(), subject };
    let bus = (!status.bus_up).then(|| alarm("bus_away", "NATS".to_owned()));
    let down = status.parts.iter().filter(|part| part.health == Health::Down);
    let letters = status.dead_letters.len();
    let dead = (letters > 0).then(|| alarm("dead_letters", letters.to_string()));
    bus.into_iter().chain(down.map(|part| alarm("service_down", part.name.clone()))).chain(dead).collect()
}

fn consumer(waiting: Waiting) -> ConsumerRow {
    ConsumerRow {
        name: "EVT/board".to_owned(),
        pending: waiting.pending,
        unacknowledged: waiting.unacknowledged,
        parked: 0,
        stuck: false,
    }
}

fn dead_letter(letter: DeadLetter) -> DeadLetterRow {
    DeadLetterRow {
        id: letter.message_id,
        consumer: letter.consumer,
        event_type: letter.event_type,
        reason: letter.reason,
        at: letter.at.to_string(),
        requeued_at: letter.requeued_at.map(|at| at.to_string()),
        requeue: None,
    }
}
