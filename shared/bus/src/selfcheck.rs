//! What must hold before the suite runs on a server (bus.md section 6): one clear line for each failure.

use crate::{
    Bus, BusError, ConsumeError,
    server::{MIN_VERSION, Monitor, Varz, parse_version},
    streams,
};

/// A point that does not hold. The suite refuses to run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A power cut would lose acknowledged messages, even whole streams.
    #[error("nats-server: `sync_interval: always` is not in force")]
    SyncNotAlways,
    /// An acknowledgement might settle another domain's message.
    #[error("nats-server: `feature_flags {{ js_ack_fc_v2: true }}` is not in force")]
    AckFormat,
    /// Untried.
    #[error("nats-server is {0}; at least {a}.{b}.{c} is needed", a = MIN_VERSION.0, b = MIN_VERSION.1, c = MIN_VERSION.2)]
    TooOld(String),
    /// The pages show subjects and names to anybody.
    #[error("nats-server: the monitoring pages listen on `{0}`, not on the loopback address")]
    MonitoringOpen(String),
    /// Two servers of one domain with equal stream names confuse each other's acknowledgements.
    #[error("stream name `{0}` is used twice")]
    StreamTwice(String),
    /// The database was restored from an old backup.
    #[error(
        "database `{name}` is of epoch {own}, the streams are of epoch {streams}: run `lianxi bus rebuild`"
    )]
    OldDatabase {
        /// Which.
        name: String,
        /// Its epoch.
        own: i64,
        /// That of the streams.
        streams: i64,
    },
}

/// Judges the server's own figures.
#[must_use]
pub fn of_server(varz: &Varz) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !varz.jetstream.config.sync_always {
        faults.push(Fault::SyncNotAlways);
    }
    if varz.feature_flags.get("js_ack_fc_v2") != Some(&true) {
        faults.push(Fault::AckFormat);
    }
    if parse_version(&varz.version).is_none_or(|v| v < MIN_VERSION) {
        faults.push(Fault::TooOld(varz.version.clone()));
    }
    let loopback = varz.http_host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !loopback && varz.http_host != "localhost" {
        faults.push(Fault::MonitoringOpen(varz.http_host.clone()));
    }
    faults
}

/// Judges the names of streams of every server that works together.
#[must_use]
pub fn of_names(names: &[String]) -> Vec<Fault> {
    let mut seen = std::collections::BTreeSet::new();
    names.iter().filter(|name| !seen.insert(*name)).map(|name| Fault::StreamTwice(name.clone())).collect()
}

/// Everything that can be asked: the server's figures (where its monitoring pages are at hand), the streams,
/// the epochs of the databases. That SQLite runs with synchronous=FULL is asserted when each is opened
/// (`db::Db::open`).
///
/// # Errors
/// When the server or a database is away.
pub async fn run(
    monitor: Option<Monitor>,
    bus: &Bus,
    databases: &[(&str, &db::Db)],
) -> Result<Vec<Fault>, ConsumeError> {
    let mut faults = match monitor {
        Some(monitor) => of_server(&monitor.varz().await?),
        None => Vec::new(),
    };
    let states = bus.stream_states().await?;
    faults.extend(of_names(&states.into_iter().map(|s| s.name).collect::<Vec<_>>()));
    if let Some(epoch) = streams::current_epoch(bus).await? {
        for (name, db) in databases {
            let own = db::meta::epoch(db).await?;
            if own < epoch.number {
                faults.push(Fault::OldDatabase { name: (*name).to_owned(), own, streams: epoch.number });
            }
        }
    }
    Ok(faults)
}

/// One line for each fault.
#[must_use]
pub fn refusal(faults: &[Fault]) -> Option<BusError> {
    if faults.is_empty() {
        return None;
    }
    Some(BusError::Setup(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}
