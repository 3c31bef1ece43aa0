//! `lianxi run`: the whole suite in one process, or parts of it.

use std::{collections::BTreeSet, future::Future, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use bus::{Bus, Shutdown, Side};
use contracts::codes::SuggestionKind;
use kernel::AgencyCode;
use telemetry::{Guard, LogFormat, TelemetryConfig};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    almanac, assemble, catalogues,
    cli::RunArgs,
    config::Config,
    hub::Hub,
    learned, nodes, ordinances, own_site,
    place::{Announced, Running},
    roll, seat,
    site::Site,
    upkeep,
};

/// Which parts a process runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    names: BTreeSet<&'static str>,
    agencies: Vec<AgencyCode>,
}

const PARTS: &[&str] =
    &["bus", "intake", "routing", "supervision", "meetings", "notification", "agency", "console"];

impl Parts {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { names: PARTS.iter().copied().collect(), agencies: Vec::new() }
    }

    /// What the command line asks for.
    ///
    /// # Errors
    /// When a name is none of ours.
    pub fn asked(args: &RunArgs) -> anyhow::Result<Self> {
        if args.only.is_empty() {
            if !args.agency.is_empty() {
                bail!("--agency goes with --only agency");
            }
            return Ok(Self::all());
        }
        let mut parts = Self { names: BTreeSet::new(), agencies: args.agency.clone() };
        for name in &args.only {
            match PARTS.iter().find(|p| *p == name) {
                Some(known) => parts.names.insert(known),
                None => bail!("there is no part `{name}`: {}", PARTS.join(", ")),
            };
        }
        Ok(parts)
    }

    /// Whether a part is asked for.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Refuses what an agency's own site does not have; everything stands for its node and its console.
    ///
    /// # Errors
    /// Which part or agency is not here.
    pub fn fit_own_site(&self, code: &AgencyCode) -> anyhow::Result<()> {
        let foreign = self.names.iter().find(|part| !["agency", "console"].contains(*part));
        if let Some(part) = foreign.filter(|_| *self != Self::all()) {
            bail!("this is the own site of {code}: it runs agency and console, not {part}");
        }
        match self.agencies.iter().find(|other| *other != code) {
            Some(other) => bail!("this is the own site of {code}, not of {other}"),
            None => Ok(()),
        }
    }
}

/// Parts that run in this process.
pub struct Suite {
    /// What they share.
    pub site: Arc<Site>,
    console: Option<String>,
    first_run: Option<String>,
    tasks: JoinSet<anyhow::Result<()>>,
    stop: watch::Sender<bool>,
    _announced: Announced,
    _telemetry: Guard,
}

impl Suite {
    /// Starts the parts.
    ///
    /// # Errors
    /// When one of them cannot start.
    pub async fn start(config: Config, parts: &Parts) -> anyhow::Result<Self> {
        Self::start_with(config, parts, Vec::new()).await
    }

    /// Starts the parts with logins shown on the sign-in page: the demo.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_with(
        config: Config,
        parts: &Parts,
        samples: Vec<console::config::SampleLogin>,
    ) -> anyhow::Result<Self> {
        let guard = telemetry::init(&telemetry_config(&config)).context("telemetry")?;
        let (stop, shutdown) = bus::shutdown();
        let site = Arc::new(Site { samples, ..Site::open(config, shutdown.clone())? });
        let mut tasks = JoinSet::new();
        tasks.spawn(follow_clock(site.clone(), shutdown.clone()));
        tasks.spawn(almanac::follow(site.clone(), shutdown.clone()));
        tasks.spawn(ordinances::follow(site.clone(), shutdown.clone()));
        let mut suite = match &site.own {
            Some(code) => Started::from(own_site::start(&site, code, parts, &shutdown, &mut tasks).await?),
            None => Self::office(&site, parts, &shutdown, &mut tasks).await?,
        };
        let ops = telemetry::serve_ops(site.health.clone(), site.config.telemetry.ops_port, shutdown.clone())
            .await
            .context("the port of /metrics")?;
        let running = Running {
            pid: std::process::id(),
            parts: suite.names.clone(),
            ops: ops.addr().to_string(),
            console: suite.console.clone(),
        };
        let announced = site.place.announce(&running)?;
        Ok(Self {
            site,
            console: suite.console.take(),
            first_run: suite.first_run.take(),
            tasks,
            stop,
            _announced: announced,
            _telemetry: guard,
        })
    }

    /// The office's side: its bus, and the parts on it.
    async fn office(
        site: &Arc<Site>,
        parts: &Parts,
        shutdown: &Shutdown,
        tasks: &mut JoinSet<anyhow::Result<()>>,
    ) -> anyhow::Result<Started> {
        tasks.spawn(roll::follow(site.clone(), shutdown.clone()));
        let mut hub = if parts.has("bus") { Hub::host(site).await? } else { Hub::join(site).await? };
        if let Some(server) = hub.server() {
            let kept = seat::keep_server(site.clone(), server, shutdown.clone());
            // A server that died is started again; at the end it stops with its process.
            tasks.spawn(async move { kept.await.stop().await.context("stopping the bus") });
        }
        let admin = hub.connect(Side::core(Side::ADMIN)).await?;
        let started = Self::parts(site, (&hub, &admin), parts, shutdown, tasks).await?;
        if parts.has("bus") {
            let upkeep = upkeep::keep(site.clone(), admin, shutdown.clone());
            tasks.spawn(async move {
                upkeep.await;
                Ok(())
            });
        }
        Ok(started)
    }

    async fn parts(
        site: &Arc<Site>,
        (hub, admin): (&Hub, &Bus),
        parts: &Parts,
        shutdown: &Shutdown,
        tasks: &mut JoinSet<anyhow::Result<()>>,
    ) -> anyhow::Result<Started> {
        let mut started = Started::default();
        if parts.has("bus") {
            started.names.push("bus".to_owned());
        }
        if parts.has("intake") {
            let deps = assemble::intake::deps(site, hub).await?;
            upkeep::admit(admin, "intake", &deps.db).await?;
            tasks.spawn(seat::keep_recipients(site.clone(), deps.recipients.clone(), shutdown.clone()));
            spawn(tasks, "intake", intake::run(deps, shutdown.clone()));
            started.names.push("intake".to_owned());
        }
        if parts.has("routing") {
            let deps = assemble::routing::deps(site, hub).await?;
            upkeep::admit(admin, "routing", &deps.db).await?;
            tasks.spawn(roll::keep(site.clone(), deps.db.clone(), shutdown.clone()));
            tasks.spawn(catalogues::follow(site.clone(), deps.rules.clone(), shutdown.clone()));
            for kind in SuggestionKind::ALL {
                let suggester = deps.suggester.clone();
                tasks.spawn(learned::follow(site.clone(), suggester, *kind, shutdown.clone()));
            }
            spawn(tasks, "routing", routing::run(deps, shutdown.clone()));
            started.names.push("routing".to_owned());
        }
        if parts.has("supervision") {
            let deps = assemble::supervision::deps(site, hub).await?;
            upkeep::admit(admin, "supervision", &deps.db).await?;
            spawn(tasks, "supervision", supervision::run(deps, shutdown.clone()));
            started.names.push("supervision".to_owned());
        }
        if parts.has("meetings") {
            let deps = assemble::meetings::deps(site, hub).await?;
            upkeep::admit(admin, "meetings", &deps.db).await?;
            spawn(tasks, "meetings", meetings::run(deps, shutdown.clone()));
            started.names.push("meetings".to_owned());
        }
        if parts.has("notification") {
            let deps = assemble::notification::deps(site, hub).await?;
            upkeep::admit(admin, "notification", &deps.db).await?;
            spawn(tasks, "notification", notification::run(deps, shutdown.clone()));
            started.names.push("notification".to_owned());
        }
        if parts.has("agency") {
            let codes = if parts.agencies.is_empty() { site.hosted() } else { parts.agencies.clone() };
            for code in &codes {
                nodes::start(site, (hub, admin), code, shutdown, tasks).await?;
                started.names.push(format!("agency {code}"));
            }
            if parts.agencies.is_empty() {
                let running = codes.into_iter().collect();
                tasks.spawn(nodes::keep(
                    site.clone(),
                    (hub.again(), admin.clone()),
                    running,
                    shutdown.clone(),
                ));
            }
        }
        if parts.has("console") {
            let deps = assemble::console::deps(site, hub).await?;
            upkeep::admit(admin, "console", &deps.db).await?;
            let door = assemble::console::open(site, deps, shutdown.clone(), tasks).await?;
            started.names.push("console".to_owned());
            (started.console, started.first_run) = (Some(door.url), door.first_run);
        }
        Ok(started)
    }

    /// The console's address, if it runs here.
    #[must_use]
    pub fn console(&self) -> Option<&str> {
        self.console.as_deref()
    }

    /// The link by which the first administrator is made, while there is none.
    #[must_use]
    pub fn first_run(&self) -> Option<&str> {
        self.first_run.as_deref()
    }

    /// Waits until a part ends by itself, which none should.
    pub async fn ended(&mut self) -> anyhow::Result<()> {
        match self.tasks.join_next().await {
            Some(ended) => ended.context("a part broke down")?.context("a part ended"),
            None => Ok(()),
        }
    }

    /// Asks all parts to end and waits for them.
    ///
    /// # Errors
    /// The first that ended with an error.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended.context("a part broke down")??;
        }
        Ok(())
    }
}

/// How often a process looks whether the business clock was moved.
const CLOCK_EVERY: Duration = Duration::from_millis(250);

/// Follows the folder's business clock until asked to end.
async fn follow_clock(site: Arc<Site>, mut shutdown: Shutdown) -> anyhow::Result<()> {
    let check = site.health.check("business clock");
    loop {
        tokio::select! {
            () = bus::wait(&mut shutdown) => return Ok(()),
            () = tokio::time::sleep(CLOCK_EVERY) => {}
        }
        match site.place.follow_clock() {
            Ok(()) => check.pass(),
            Err(error) => check.fail(&format!("{error:#}")),
        }
    }
}

/// Waits until somebody asks the process to end: Ctrl-C, or a supervisor's SIGTERM.
///
/// # Errors
/// When signals cannot be watched.
pub async fn asked_to_end() -> std::io::Result<()> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

#[derive(Default)]
struct Started {
    names: Vec<String>,
    console: Option<String>,
    first_run: Option<String>,
}

impl From<own_site::Started> for Started {
    fn from(own: own_site::Started) -> Self {
        Self { names: own.names, console: own.console, first_run: own.first_run }
    }
}

fn spawn<E>(
    tasks: &mut JoinSet<anyhow::Result<()>>,
    name: &'static str,
    part: impl Future<Output = Result<(), E>> + Send + 'static,
) where
    E: std::error::Error + Send + Sync + 'static,
{
    tasks.spawn(async move { part.await.with_context(|| format!("{name} could not run")) });
}

fn telemetry_config(config: &Config) -> TelemetryConfig {
    let t = &config.telemetry;
    TelemetryConfig {
        service: "lianxi".to_owned(),
        log_format: if t.format == "json" { LogFormat::Json } else { LogFormat::Text },
        log_filter: t.log.clone(),
        otlp_endpoint: (!t.otlp_endpoint.is_empty()).then(|| t.otlp_endpoint.clone()),
    }
}
