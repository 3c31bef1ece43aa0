//! The server's monitoring pages on the loopback address.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::BusError;

/// How long one page may take.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Most bytes of a page.
const PAGE_MAX: u64 = 4 * 1_048_576;

/// The monitoring pages of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Monitor(u16);

/// What `/varz` says, as far as the suite looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Varz {
    /// `hub`.
    pub server_name: String,
    /// `2.15.1`.
    pub version: String,
    /// The port for clients.
    pub port: u16,
    /// The address of the monitoring pages.
    pub http_host: String,
    /// Of the configuration file that is in force.
    pub config_digest: String,
    /// When it was read.
    pub config_load_time: String,
    /// Flags that are set.
    pub feature_flags: std::collections::BTreeMap<String, bool>,
    /// JetStream's part.
    pub jetstream: VarzJetStream,
    /// Connections at this moment.
    pub connections: u64,
}

/// JetStream's part of `/varz`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct VarzJetStream {
    /// Its settings.
    pub config: VarzJetStreamConfig,
    /// What it uses.
    pub stats: VarzJetStreamStats,
}

/// JetStream's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct VarzJetStreamConfig {
    /// `hub`.
    pub domain: String,
    /// Whether each write is on the disk before it is acknowledged.
    pub sync_always: bool,
    /// Most bytes of all streams.
    pub max_storage: u64,
}

/// What JetStream uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct VarzJetStreamStats {
    /// Bytes of all streams.
    pub storage: u64,
}

impl Monitor {
    /// The pages on a port of the loopback address.
    #[must_use]
    pub const fn on(port: u16) -> Self {
        Self(port)
    }

    /// Whether the server and its JetStream are ready.
    pub async fn healthy(&self) -> bool {
        self.page("/healthz?js-enabled-only=true").await.is_ok_and(|(status, _)| status == 200)
    }

    /// The server's figures.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn varz(&self) -> Result<Varz, BusError> {
        let (_, body) = self.page("/varz").await?;
        serde_json::from_slice(&body).map_err(|e| BusError::Away(format!("/varz: {e}")))
    }

    async fn page(&self, path: &str) -> Result<(u16, Vec<u8>), BusError> {
        let away = |e: &dyn std::fmt::Display| BusError::Away(format!("monitoring on port {}: {e}", self.0));
        let work = async {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.0));
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").as_bytes()).await?;
            let mut answer = Vec::new();
            stream.take(PAGE_MAX).read_to_end(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer =
            tokio::time::timeout(TIMEOUT, work).await.map_err(|e| away(&e))?.map_err(|e| away(&e))?;
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").ok_or_else(|| away(&"no answer"))?;
        let (head, body) = answer.split_at(end + 4);
        let status = String::from_utf8_lossy(head).split(' ').nth(1).and_then(|t| t.parse().ok());
        Ok((status.unwrap_or(0), body.to_vec()))
    }
}
