//! The whole suite in a process of its own, as an office runs it: `lianxi run` over a fresh data folder with
//! the sample's accounts. The process is this very program under another name, so what is measured is what
//! was built.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use suite::{
    config::Config,
    demo::{prepare, sample::Sample},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{
    cpu,
    wire::{Wire, post},
};

/// First argument under which this program is `lianxi`.
pub const AS_LIANXI: &str = "as-lianxi";
/// How long the suite may take until its console answers.
const STARTED_WITHIN: Duration = Duration::from_secs(60);
/// How long a backlog may take to drain.
const SETTLED_WITHIN: Duration = Duration::from_secs(90);
/// How long the suite may take to end.
const STOPPED_WITHIN: Duration = Duration::from_secs(20);

/// Where its stores are.
#[derive(Clone, Copy, Debug)]
pub enum Store<'a> {
    /// Embedded defaults.
    Sqlite,
    /// A PostgreSQL database of its own.
    Postgres(&'a str),
}

/// A running suite.
pub struct Office {
    child: Child,
    pid: u32,
    nats: u32,
    address: SocketAddr,
    folder: Folder,
    sample: Sample,
}

/// A folder that goes with its holder.
struct Folder(PathBuf);

impl Folder {
    fn fresh() -> anyhow::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("lianxi-bench-{}-{n}", std::process::id()));
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl Drop for Office {
    /// After a failure: the suite is killed by its own handle, and its nats-server, which would outlive it, here.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            drop(self.child.start_kill());
            drop(std::process::Command::new("kill").arg(self.nats.to_string()).status());
        }
    }
}

/// CPU used since the start.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    /// All services and agencies.
    pub suite: Duration,
    /// nats-server.
    pub nats: Duration,
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Office {
    /// Makes a data folder ready and starts everything on it.
    ///
    /// # Errors
    /// When it does not come up; the message has the end of its log.
    pub async fn start(store: Store<'_>) -> anyhow::Result<Self> {
        let folder = Folder::fresh()?;
        let profile = root().join("deploy/profiles/sample").canonicalize().context("the sample profile")?;
        let mut config = Config::load(None, std::iter::empty())?;
        config.data.dir = folder.path().to_path_buf();
        config.profile.dir.clone_from(&profile);
        let mut command = Command::new(std::env::current_exe().context("where is this program")?);
        command.args([AS_LIANXI, "run", "--bind", "127.0.0.1:0", "--data"]).arg(folder.path());
        command.arg("--profile").arg(&profile).current_dir(root());
        if let Store::Postgres(url) = store {
            url.clone_into(&mut config.database.url);
            command.env("LIANXI_DATABASE_URL", url);
        }
        let sample = Sample::read(&profile)?;
        prepare(&config, &sample).await.context("the sample's accounts")?;
        let log = std::fs::File::create(folder.path().join("lianxi.log"))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("starting the suite")?;
        let pid = child.id().context("the suite ended at once")?;
        let address = match address(&mut child).await {
            Ok(address) => address,
            Err(error) => bail!("{error:#}\n{}", last_lines(&folder.path().join("lianxi.log"))),
        };
        let nats = nats_pid(folder.path())?;
        Ok(Self { child, pid, nats, address, folder, sample })
    }

    /// A new connection to its console.
    pub async fn wire(&self) -> anyhow::Result<Wire> {
        Wire::open(self.address).await
    }

    /// The sample it was set up with.
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// A session of one of the sample's people.
    pub async fn sign_in(&self, login: &str) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Session {
            token: String,
        }
        let body = serde_json::json!({ "login": login, "password": self.sample.password });
        let request = post("/api/v1/sessions", None, None, body.to_string().as_bytes());
        let answer = self.wire().await?.send(&request).await?;
        ensure!(answer.status == 201, "signing in as {login}: {}", answer.text());
        Ok(answer.json::<Session>()?.token)
    }

    /// The SQLite file of a service.
    pub fn database(&self, service: &str) -> PathBuf {
        self.folder.path().join("db").join(format!("{service}.db"))
    }

    /// CPU used since the start.
    pub fn cpu(&self) -> anyhow::Result<Used> {
        Ok(Used { suite: cpu::of(self.pid)?, nats: cpu::of(self.nats)? })
    }

    /// Memory that the suite and nats-server hold, in MiB.
    pub fn memory_mib(&self) -> anyhow::Result<f64> {
        Ok(cpu::resident_mib(self.pid)? + cpu::resident_mib(self.nats)?)
    }

    /// Waits until nothing moves any more: no CPU worth naming is used. Bounded.
    pub async fn settled(&self) -> anyhow::Result<Duration> {
        /// One look lasts so long; below this much CPU in it the suite is idle.
        const LOOK: Duration = Duration::from_millis(500);
        const IDLE: Duration = Duration::from_millis(60);
        let begun = tokio::time::Instant::now();
        let mut before = self.cpu()?;
        while begun.elapsed() < SETTLED_WITHIN {
            tokio::time::sleep(LOOK).await;
            let now = self.cpu()?;
            if now.suite + now.nats - before.suite - before.nats < IDLE {
                return Ok(begun.elapsed());
            }
            before = now;
        }
        bail!("the suite did not come to rest within {} s", SETTLED_WITHIN.as_secs())
    }

    /// Ends it as an operator would, and removes its data.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let status = Command::new("kill").args(["-INT", &self.pid.to_string()]).status().await?;
        ensure!(status.success(), "the suite is gone already");
        match tokio::time::timeout(STOPPED_WITHIN, self.child.wait()).await {
            Ok(ended) => self.check(ended?),
            Err(_) => bail!("the suite did not end within {} s", STOPPED_WITHIN.as_secs()),
        }
    }

    fn check(&self, ended: ExitStatus) -> anyhow::Result<()> {
        ensure!(ended.success(), "the suite ended with {ended}\n{}", self.log());
        Ok(())
    }

    /// The end of its log, for error messages.
    pub fn log(&self) -> String {
        last_lines(&self.folder.path().join("lianxi.log"))
    }
}

/// The console's address, once the suite prints it.
async fn address(child: &mut Child) -> anyhow::Result<SocketAddr> {
    let stdout = child.stdout.take().context("no output of the suite")?;
    let mut lines = BufReader::new(stdout).lines();
    let found = tokio::time::timeout(STARTED_WITHIN, async {
        while let Some(line) = lines.next_line().await? {
            if let Some((_, address)) = line.split_once("console: http://") {
                return Ok(address.trim().parse()?);
            }
        }
        bail!("the suite ended before it was up")
    });
    let address = found.await.context("the suite was not up in time")??;
    // What else it says is read, so that it never waits for a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(address)
}

fn nats_pid(data: &Path) -> anyhow::Result<u32> {
    #[derive(Deserialize)]
    struct Runtime {
        pid: u32,
    }
    let path = data.join("nats").join("nats.run.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_str::<Runtime>(&text)?.pid)
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n")
}
