//! The runtime file: which process serves a directory, on which ports, by which configuration.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Monitor, setup};
use crate::{BusError, spec::DOMAIN};

const FILE: &str = "nats.run.json";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Runtime {
    pub pid: u32,
    pub port: u16,
    pub monitor_port: u16,
    /// Of the configuration's text.
    pub digest: String,
}

impl Runtime {
    pub fn with_ports(port: u16, monitor_port: u16) -> Self {
        Self { pid: 0, port, monitor_port, digest: String::new() }
    }

    /// The file's content; none when it is missing or unreadable, which a fresh start mends.
    pub async fn read(dir: &Path) -> Option<Self> {
        let text = tokio::fs::read_to_string(dir.join(FILE)).await.ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Written aside and moved into place, so that a crash leaves the old or the new one.
    pub async fn write(&self, dir: &Path) -> Result<(), BusError> {
        let file = dir.join(FILE);
        let aside = dir.join("nats.run.json.new");
        let text = serde_json::to_string(self).map_err(|e| setup("write", &file, &e))?;
        tokio::fs::write(&aside, text).await.map_err(|e| setup("write", &aside, &e))?;
        tokio::fs::rename(&aside, &file).await.map_err(|e| setup("write", &file, &e))
    }

    /// Whether the process is there and is our server: a process id alone may be somebody else's by now.
    pub async fn lives(&self) -> bool {
        self.process_lives()
            && Monitor::on(self.monitor_port)
                .varz()
                .await
                .is_ok_and(|v| v.server_name == DOMAIN && v.port == self.port)
    }

    /// Whether a process of this number is there and not a zombie.
    pub fn process_lives(&self) -> bool {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)) else { return false };
        let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
        !matches!(state, None | Some('Z' | 'X'))
    }
}

/// The digest of a configuration.
pub(super) fn digest(text: &str) -> String {
    trust::chain::Hash::of(text.as_bytes()).to_hex()
}
