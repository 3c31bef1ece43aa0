//! Settings of a process: the defaults compiled in, a file over them, the environment over that.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde::Deserialize;
use toml::{Table, Value};

const DEFAULTS: &str = include_str!("../config.default.toml");

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where state lies.
    pub data: Data,
    /// Whose site it is.
    pub site: SiteConfig,
    /// The locality.
    pub profile: ProfileDir,
    /// NATS.
    pub bus: BusConfig,
    /// SQLite or PostgreSQL.
    pub database: Database,
    /// The web door.
    pub console: Console,
    /// Logs, spans, metrics.
    pub telemetry: Telemetry,
    /// Routing.
    pub routing: Routing,
    /// `[supervision]`
    pub supervision: Supervision,
    /// `[meetings]`
    pub meetings: Meetings,
    /// `[notification]`
    pub notification: Notification,
    /// `[agency]`
    pub agency: Agency,
}

/// `[agency]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Which addresses dispatches may be announced at.
    pub webhook_targets: agency::webhooks::Targets,
    /// PEM file, or empty.
    pub webhook_ca: String,
}

/// `[data]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The folder.
    pub dir: PathBuf,
}

/// `[site]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    /// An agency's code, or empty at the office.
    pub agency: String,
}

/// `[profile]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileDir {
    /// The folder.
    pub dir: PathBuf,
}

/// `[bus]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusConfig {
    /// External cluster, or empty.
    pub url: String,
    /// Binary, or empty.
    pub server: String,
    /// PEM file, or empty.
    pub authority: String,
    /// Address of our own server.
    pub listen: std::net::IpAddr,
    /// Port of our own server; 0 is a free one.
    pub port: u16,
    /// PEM file of our own server, or empty.
    pub tls_cert: String,
    /// PEM file, or empty.
    pub tls_key: String,
    /// Port for leaf nodes; 0 is none.
    pub leaf_port: u16,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// PostgreSQL, or empty.
    pub url: String,
}

/// `[console]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Console {
    /// Address and port.
    pub bind: SocketAddr,
    /// Whether another port will do.
    pub other_port: bool,
    /// PEM file, or empty.
    pub tls_cert: String,
    /// PEM file, or empty.
    pub tls_key: String,
}

/// `[telemetry]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// Filter of `tracing-subscriber`.
    pub log: String,
    /// `text` or `json`.
    pub format: String,
    /// Collector, or empty.
    pub otlp_endpoint: String,
    /// Loopback port of `/metrics`; 0 is a free one.
    pub ops_port: u16,
}

/// `[routing]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// Milliseconds, technical clock.
    pub receipt_within_ms: i64,
    /// New confirmations; 0: never by itself.
    pub learns_after: i64,
}

/// `[meetings]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meetings {
    /// Milliseconds, technical clock.
    pub receipt_within_ms: i64,
}

/// `[supervision]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supervision {
    /// Milliseconds, technical clock.
    pub receipt_within_ms: i64,
    /// Stages of warnings: each of 50, 80 and 100, with commas.
    pub warn_at_percent: String,
}

/// `[notification]`
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notification {
    /// The server that takes our mail; empty: nothing is mailed.
    pub smtp_host: String,
    /// Its port.
    pub smtp_port: u16,
    /// `none`, `starttls` or `tls`.
    pub smtp_tls: String,
    /// A file of certificates (PEM) that vouch for the server beside the system's, or empty.
    pub smtp_ca: String,
    /// Login, or empty.
    pub smtp_user: String,
    /// Password of the login.
    pub smtp_password: String,
    /// The sender's address.
    pub mail_from: String,
    /// Seconds before each further attempt, with commas; technical clock.
    pub mail_retry_s: String,
}

impl std::fmt::Debug for Notification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notification({}:{})", self.smtp_host, self.smtp_port)
    }
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// When the file or a variable does not fit; the message names section and key.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        let mut table: Table = DEFAULTS.parse().context("the settings compiled in")?;
        if let Some(file) = file {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let over: Table = text.parse().with_context(|| format!("{} is not TOML", file.display()))?;
            for (section, values) in over {
                let Value::Table(values) = values else { bail!("`{section}` is no section") };
                section_of(&mut table, &section)?.extend(values);
            }
        }
        for (name, value) in environment {
            if let Some(name) = name.strip_prefix("LIANXI_") {
                set(&mut table, &name.to_lowercase(), &value)?;
            }
        }
        let config: Self = Value::Table(table).try_into().context("the settings")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.console.tls_cert.is_empty() != self.console.tls_key.is_empty() {
            bail!("console.tls_cert and console.tls_key go together");
        }
        if self.bus.tls_cert.is_empty() != self.bus.tls_key.is_empty() {
            bail!("bus.tls_cert and bus.tls_key go together");
        }
        if !self.bus.listen.is_loopback() && self.bus.tls_cert.is_empty() {
            tracing::warn!("bus.listen is open to the network without TLS: set bus.tls_cert and bus.tls_key");
        }
        if !self.console.bind.ip().is_loopback() && self.console.tls_cert.is_empty() {
            tracing::warn!(
                "console.bind is open to the network without TLS: put a TLS proxy before it, or set tls_cert"
            );
        }
        if !matches!(self.telemetry.format.as_str(), "text" | "json") {
            bail!("telemetry.format is `text` or `json`, not `{}`", self.telemetry.format);
        }
        if !self.database.url.is_empty() && !self.database.url.starts_with("postgres") {
            bail!("database.url begins with `postgres://`, or is empty for SQLite");
        }
        Ok(())
    }
}

fn section_of<'t>(table: &'t mut Table, section: &str) -> anyhow::Result<&'t mut Table> {
    match table.get_mut(section) {
        Some(Value::Table(found)) => Ok(found),
        _ => bail!("there is no section `[{section}]`"),
    }
}

/// `LIANXI_CONSOLE_BIND` sets `console.bind`; a name that fits no setting belongs to somebody else.
fn set(table: &mut Table, name: &str, value: &str) -> anyhow::Result<()> {
    let Some((section, key)) = name.split_once('_') else { return Ok(()) };
    let Ok(values) = section_of(table, section) else { return Ok(()) };
    let Some(known) = values.get_mut(key) else { return Ok(()) };
    *known = match known {
        Value::String(_) => Value::String(value.to_owned()),
        Value::Integer(_) => {
            Value::Integer(value.parse().with_context(|| format!("LIANXI_{name}: a number"))?)
        }
        Value::Boolean(_) => {
            Value::Boolean(value.parse().with_context(|| format!("LIANXI_{name}: true or false"))?)
        }
        other => bail!("LIANXI_{name}: {} cannot be set so", other.type_str()),
    };
    Ok(())
}

/// `deploy/CONFIG.md`: every setting, its default and what it means, from the defaults themselves.
#[must_use]
pub fn reference() -> String {
    format!(
        "# Settings\n\nGenerated by `make docs` from `services/suite/config.default.toml`; do not edit.\n\
         A file given by `--config` overlays these, `LIANXI_<SECTION>_<KEY>` overlays the file.\n\n```toml\n{DEFAULTS}```\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete_and_the_environment_overrides_them() {
        let environment =
            [("LIANXI_CONSOLE_BIND", "127.0.0.1:9000"), ("LIANXI_NATS_SERVER", "/x"), ("HOME", "/")];
        let environment = environment.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
        let config = Config::load(None, environment).expect("settings");
        assert_eq!(config.console.bind.port(), 9000);
        assert!(config.bus.url.is_empty());
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let environment = [("LIANXI_CONSOLE_OTHER_PORT".to_owned(), "maybe".to_owned())].into_iter();
        let error = Config::load(None, environment).expect_err("refused");
        assert!(format!("{error:#}").contains("other_port"), "{error:#}");
    }
}
