//! The nats-server of the embedded default: a child process that outlives a crash of ours and is adopted
//! again by its runtime file.

mod binary;
mod monitor;
mod ports;
mod runtime;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::process::{Child, Command};

use crate::{
    BusError,
    config::{AgencyUser, BusLayout, CoreUser, Tls, render},
    shutdown::{Shutdown, asked},
};

pub(crate) use binary::parse_version;
pub use binary::{MIN_VERSION, ServerBinary};
pub use monitor::{Monitor, Varz, VarzJetStream, VarzJetStreamConfig, VarzJetStreamStats};
use runtime::{Runtime, digest};

/// How long the server may take until it answers, recovery of a large store included.
const READY: Duration = Duration::from_secs(60);
/// How often it is asked meanwhile.
const READY_POLL: Duration = Duration::from_millis(20);
/// How long it may take to end.
const STOP: Duration = Duration::from_secs(20);
/// How often a running server is looked at.
const KEEP_POLL: Duration = Duration::from_millis(250);
/// How often other ports are tried when somebody else was faster.
const PORT_TRIES: usize = 8;

/// What the server is to be: everything of its configuration but ports and paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPlan {
    /// The directory for configuration, store, log and runtime file.
    pub dir: PathBuf,
    /// Users of the office.
    pub core: Vec<CoreUser>,
    /// The agencies.
    pub agencies: Vec<AgencyUser>,
    /// Public nkey of the user that may see the server's figures.
    pub system: Option<String>,
    /// The address for clients; the port is chosen once and kept when it is 0.
    pub listen: SocketAddr,
    /// Where agencies' own servers connect, if any do.
    pub leaf_listen: Option<SocketAddr>,
    /// Certificates.
    pub tls: Option<Tls>,
    /// Most bytes of all streams.
    pub max_file_store: u64,
}

impl ServerPlan {
    /// A server for this machine alone, in a directory, without users yet.
    #[must_use]
    pub fn local(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            core: Vec::new(),
            agencies: Vec::new(),
            system: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            leaf_listen: None,
            tls: None,
            max_file_store: 20 * 1_073_741_824,
        }
    }

    fn layout(&self, runtime: &Runtime) -> BusLayout {
        BusLayout {
            listen: SocketAddr::new(self.listen.ip(), runtime.port),
            monitor_port: runtime.monitor_port,
            leaf_listen: self.leaf_listen,
            store_dir: self.dir.join("store"),
            max_file_store: self.max_file_store,
            log_file: Some(self.dir.join("nats.log")),
            tls: self.tls.clone(),
            core: self.core.clone(),
            agencies: self.agencies.clone(),
            system: self.system.clone(),
        }
    }

    /// The configuration as the server gets it; a port that is not chosen yet shows as 0.
    #[must_use]
    pub fn rendered(&self) -> String {
        render(&self.layout(&Runtime::with_ports(self.listen.port(), 0)))
    }

    fn config_file(&self) -> PathBuf {
        self.dir.join("nats.conf")
    }
}

/// A running server. Dropping this leaves it running; the next start adopts it.
#[derive(Debug)]
pub struct NatsServer {
    binary: ServerBinary,
    plan: ServerPlan,
    runtime: Runtime,
    child: Option<Child>,
}

impl NatsServer {
    /// Adopts the server that runs for this directory, or starts one. An adopted one whose
    /// configuration differs is reloaded.
    ///
    /// # Errors
    /// When the binary is missing or too old, or the server does not come up.
    pub async fn start(binary: ServerBinary, plan: ServerPlan) -> Result<Self, BusError> {
        tokio::fs::create_dir_all(&plan.dir).await.map_err(|e| setup("directory", &plan.dir, &e))?;
        let known = Runtime::read(&plan.dir).await;
        if let Some(runtime) = known.clone()
            && runtime.lives().await
        {
            tracing::info!(pid = runtime.pid, port = runtime.port, "nats-server adopted");
            let mut server = Self { binary, plan: plan.clone(), runtime, child: None };
            server.reload(plan).await?;
            return Ok(server);
        }
        let mut last = BusError::Setup("no free port".to_owned());
        for attempt in 0..PORT_TRIES {
            // The ports of the last run come first: clients that wait for it know no others.
            let runtime = match (&known, attempt) {
                (Some(before), 0) => before.clone(),
                _ => Runtime::with_ports(ports::free(plan.listen)?, ports::free_loopback()?),
            };
            let mut server = Self { binary: binary.clone(), plan: plan.clone(), runtime, child: None };
            match server.spawn().await {
                Ok(()) => return Ok(server),
                Err(e) => last = e,
            }
        }
        Err(last)
    }

    async fn spawn(&mut self) -> Result<(), BusError> {
        let text = self.write_config().await?;
        let file = self.plan.config_file();
        let log = self.plan.dir.join("nats.log");
        let mut child = Command::new(self.binary.path())
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Its own group: Ctrl-C on a terminal reaches us, and we end it after the services.
            .process_group(0)
            .spawn()
            .map_err(|e| setup("start", self.binary.path(), &e))?;
        self.runtime.pid = child.id().unwrap_or_default();
        self.runtime.digest = digest(&text);
        let begun = Instant::now();
        while !self.monitor().healthy().await {
            if let Some(status) = child.try_wait().map_err(|e| setup("wait for", self.binary.path(), &e))? {
                return Err(BusError::Setup(format!(
                    "nats-server ended at once ({status}); see {}",
                    log.display()
                )));
            }
            if begun.elapsed() > READY {
                let _ = child.start_kill();
                return Err(BusError::Setup(format!("nats-server does not answer; see {}", log.display())));
            }
            tokio::time::sleep(READY_POLL).await;
        }
        self.runtime.write(&self.plan.dir).await?;
        tracing::info!(pid = self.runtime.pid, port = self.runtime.port, "nats-server started");
        self.child = Some(child);
        Ok(())
    }

    async fn write_config(&self) -> Result<String, BusError> {
        let file = self.plan.config_file();
        let text = render(&self.plan.layout(&self.runtime));
        tokio::fs::write(&file, &text).await.map_err(|e| setup("write", &file, &e))?;
        Ok(text)
    }

    /// Brings accounts and users up to date without dropping anybody's connection but those whose key
    /// was taken out. Does nothing when nothing changed.
    ///
    /// # Errors
    /// When the server refuses the new configuration; it goes on with the old one.
    pub async fn reload(&mut self, plan: ServerPlan) -> Result<(), BusError> {
        self.plan = plan;
        let fresh = digest(&render(&self.plan.layout(&self.runtime)));
        if fresh == self.runtime.digest {
            return Ok(());
        }
        self.write_config().await?;
        self.binary.check(&self.plan.config_file()).await?;
        // Twice: after one reload nats-server 2.15.1 leaves the imports of an account that is new without
        // an answer ("no responders"); after the second they work. Connections stay through both.
        for _ in 0..2 {
            self.reload_once().await?;
        }
        self.runtime.digest = fresh;
        self.runtime.write(&self.plan.dir).await
    }

    async fn reload_once(&self) -> Result<(), BusError> {
        let before = self.monitor().varz().await?.config_load_time;
        self.binary.signal("reload", self.runtime.pid).await?;
        let begun = Instant::now();
        while self.monitor().varz().await?.config_load_time == before {
            if begun.elapsed() > STOP {
                let log = self.plan.dir.join("nats.log");
                return Err(BusError::Setup(format!("nats-server did not reload; see {}", log.display())));
            }
            tokio::time::sleep(READY_POLL).await;
        }
        Ok(())
    }

    /// Ends the server in order, after the services.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn stop(mut self) -> Result<(), BusError> {
        self.end("term").await
    }

    /// Kills the server as a crash would: for tests of faults.
    ///
    /// # Errors
    /// When it does not die.
    pub async fn kill(&mut self) -> Result<(), BusError> {
        self.end("stop").await
    }

    async fn end(&mut self, signal: &str) -> Result<(), BusError> {
        self.binary.signal(signal, self.runtime.pid).await?;
        if let Some(mut child) = self.child.take() {
            let ended = tokio::time::timeout(STOP, child.wait()).await;
            return match ended {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(e)) => Err(BusError::Setup(format!("nats-server {}: {e}", self.runtime.pid))),
                Err(_) => Err(BusError::Setup(format!("nats-server {} does not end", self.runtime.pid))),
            };
        }
        let begun = Instant::now();
        while self.runtime.process_lives() {
            if begun.elapsed() > STOP {
                return Err(BusError::Setup(format!("nats-server {} does not end", self.runtime.pid)));
            }
            tokio::time::sleep(READY_POLL).await;
        }
        Ok(())
    }

    /// Starts the server again, on the same ports, if it has ended.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn revive(&mut self) -> Result<bool, BusError> {
        let ended = match &mut self.child {
            Some(child) => child.try_wait().map(|status| status.is_some()).unwrap_or(true),
            None => !self.runtime.process_lives(),
        };
        if ended {
            tracing::warn!(pid = self.runtime.pid, "nats-server ended; starting it again");
            self.spawn().await?;
        }
        Ok(ended)
    }

    /// Looks after the server until asked to end; then hands it back to be stopped.
    pub async fn keep(mut self, shutdown: Shutdown) -> Self {
        while !asked(&shutdown) {
            if let Err(e) = self.revive().await {
                tracing::error!("nats-server cannot be started: {e}");
            }
            tokio::time::sleep(KEEP_POLL).await;
        }
        self
    }

    /// The address for clients on this machine.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.plan.tls.is_some() { "tls" } else { "nats" };
        let ip = self.plan.listen.ip();
        let host = if ip.is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { ip };
        format!("{scheme}://{}", SocketAddr::new(host, self.runtime.port))
    }

    /// The server's own figures.
    #[must_use]
    pub const fn monitor(&self) -> Monitor {
        Monitor::on(self.runtime.monitor_port)
    }

    /// Its process.
    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.runtime.pid
    }

    /// What it runs by.
    #[must_use]
    pub const fn plan(&self) -> &ServerPlan {
        &self.plan
    }
}

fn setup(what: &str, path: &Path, error: &dyn std::fmt::Display) -> BusError {
    BusError::Setup(format!("{what} {}: {error}", path.display()))
}
