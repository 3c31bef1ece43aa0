//! Finding the nats-server program and asking it for its version.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::BusError;

/// The oldest server that the configuration was tried with.
pub const MIN_VERSION: (u32, u32, u32) = (2, 15, 1);

/// Where `make setup` puts the program, below the root of the checkout.
const TOOLS: &str = ".tools/bin/nats-server";
/// The variable that names the program.
const VARIABLE: &str = "LIANXI_NATS_SERVER";

/// A nats-server program that is new enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerBinary(PathBuf);

impl ServerBinary {
    /// The program named by the configuration, else by `LIANXI_NATS_SERVER`, else `.tools/bin/nats-server`
    /// in this directory or one above it, else `nats-server` on the path.
    ///
    /// # Errors
    /// When there is none or it is too old; the text says what to do.
    pub async fn find(configured: Option<&Path>) -> Result<Self, BusError> {
        let path = configured
            .map(Path::to_owned)
            .or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from))
            .or_else(tools)
            .unwrap_or_else(|| PathBuf::from("nats-server"));
        let found = Self(path);
        let version = found.version().await?;
        if version < MIN_VERSION {
            let ((a, b, c), (x, y, z)) = (version, MIN_VERSION);
            return Err(BusError::Setup(format!(
                "{} is version {a}.{b}.{c}; at least {x}.{y}.{z} is needed: run `make setup`",
                found.0.display()
            )));
        }
        Ok(found)
    }

    /// The program's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    async fn version(&self) -> Result<(u32, u32, u32), BusError> {
        let output = Command::new(&self.0).arg("--version").output().await.map_err(|e| {
            BusError::Setup(format!("no nats-server at `{}` ({e}): run `make setup`", self.0.display()))
        })?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        parse_version(&text)
            .ok_or_else(|| BusError::Setup(format!("`{}` says `{}`", self.0.display(), text.trim())))
    }

    /// Sends one of the server's own signals: `reload`, `term`, `stop` (kill).
    pub(super) async fn signal(&self, signal: &str, pid: u32) -> Result<(), BusError> {
        self.run(&["--signal", &format!("{signal}={pid}")]).await
    }

    /// Whether the server can read a configuration.
    pub(super) async fn check(&self, config: &Path) -> Result<(), BusError> {
        self.run(&["-t", "-c", &config.display().to_string()]).await
    }

    async fn run(&self, arguments: &[&str]) -> Result<(), BusError> {
        let told =
            |e: &dyn std::fmt::Display| BusError::Setup(format!("nats-server {}: {e}", arguments.join(" ")));
        let output = Command::new(&self.0).args(arguments).output().await.map_err(|e| told(&e))?;
        if output.status.success() {
            return Ok(());
        }
        Err(told(&String::from_utf8_lossy(&output.stderr).trim()))
    }
}

fn tools() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|dir| dir.join(TOOLS)).find(|path| path.is_file())
}

/// Reads `nats-server: v2.15.1` or `2.15.1`, with or without a suffix.
pub(crate) fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let number = text.trim().rsplit(['v', ' ']).find(|t| t.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts = number.split(['.', '-', '+']).map(|t| t.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_servers_words() {
        assert_eq!(parse_version("nats-server: v2.15.1\n"), Some((2, 15, 1)));
        assert_eq!(parse_version("2.16.0-RC.1"), Some((2, 16, 0)));
        assert_eq!(parse_version("nats-server"), None);
        assert!((2, 9, 10) < MIN_VERSION && (2, 15, 1) >= MIN_VERSION);
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_told_with_its_remedy() {
        let error = ServerBinary::find(Some(Path::new("/nowhere/nats-server"))).await.unwrap_err();
        assert!(error.to_string().contains("make setup"), "{error}");
    }
}
