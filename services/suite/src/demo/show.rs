//! The two shapes of the demo: driven to its end twice and counted, or left running for a visitor.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use console::accounts::{self, NewAccount};
use kernel::civil_midnight;
use tokio::process::{Child, Command};

use super::{
    conference::Date,
    count::Counts,
    drive::{Drive, Extent},
    sample::Sample,
};
use crate::{
    assemble,
    cli::DemoArgs,
    config::Config,
    place::Place,
    profile::Locality,
    run::{Parts, Suite, asked_to_end},
    say,
    site::Site,
    wait::until,
};

/// The demo's first day.
const STARTS_ON: (i32, u32, u32) = (2026, 8, 3);
/// The limit of the demo's assignments.
const LIMIT_ON: &str = "2026-09-04";
/// When the joint conference meets on the disputes of the first day.
const CONFERENCE: Date = Date {
    starts_at: "2026-08-05T09:00:00+08:00",
    ends_at: "2026-08-05T11:30:00+08:00",
    reply_by: "2026-08-04",
};
/// Days until then.
const CONFERENCE_DAYS: i64 = 2;
/// When it meets in a living office: not yet.
const NEXT_CONFERENCE: Date = Date {
    starts_at: "2026-08-11T09:00:00+08:00",
    ends_at: "2026-08-11T11:30:00+08:00",
    reply_by: "2026-08-07",
};
/// Nine in the morning, in milliseconds.
const NINE_MS: i64 = 9 * 3_600_000;
/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;
/// Days from the conference until T03 of the first day has passed.
const LATE_DAYS: i64 = 14;
/// By when the late agencies reply to their orders.
const REPLY_BY: &str = "2026-08-26";

/// Makes a data folder ready: the business clock at the demo's first day, and the sample's accounts.
///
/// # Errors
/// When folder or store cannot be used.
pub async fn prepare(config: &Config, sample: &Sample) -> anyhow::Result<()> {
    let place = Place::open(&config.data.dir)?;
    let (year, month, day) = STARTS_ON;
    let first = NaiveDate::from_ymd_opt(year, month, day).context("the demo's first day")?;
    let start = civil_midnight(first).plus_ms(NINE_MS);
    place.keep_offset_ms(start.0 - place.clocks.technical.now().0)?;
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config.clone(), shutdown)?;
    let store = assemble::console::store(&site).await?;
    let accounts: Vec<NewAccount> = sample.users.iter().map(|u| account(u, &sample.password)).collect();
    accounts::seed(&store, accounts).await?;
    store.close().await;
    Ok(())
}

fn account(user: &super::sample::SampleUser, password: &str) -> NewAccount {
    NewAccount {
        login: user.login.clone(),
        display: user.display.clone(),
        place: user.place.clone(),
        roles: user.roles.clone(),
        password: password.to_owned(),
        must_change: false,
    }
}

/// Drives the sample to its end in one process and in many; the counts must be equal and whole.
///
/// # Errors
/// When a count is wrong, or a run breaks off.
pub async fn once(config: &Config, args: &DemoArgs) -> anyhow::Result<()> {
    let petitions = args.petitions.unwrap_or(usize::MAX);
    say::progress("一个进程 one process");
    let one = run_once(config, "one", petitions, false, args.kill).await?;
    say::progress("每个服务、每个单位一个进程 one process per service and agency");
    let many = run_once(config, "many", petitions, true, args.kill).await?;
    say::line(&one.counts.table());
    say::line(&serde_json::to_string(&one.counts)?);
    if one.counts != many.counts {
        bail!("the two runs differ; many processes: {}", serde_json::to_string(&many.counts)?);
    }
    if !one.counts.is_whole(one.petitions) {
        bail!("{} petitions went in, and the counts are not whole", one.petitions);
    }
    Ok(())
}

struct Ran {
    counts: Counts,
    petitions: usize,
}

async fn run_once(
    config: &Config,
    name: &str,
    petitions: usize,
    many: bool,
    kill: bool,
) -> anyhow::Result<Ran> {
    let mut config = config.clone();
    config.data.dir = config.data.dir.join(name);
    if config.data.dir.exists() {
        std::fs::remove_dir_all(&config.data.dir)
            .with_context(|| format!("clearing {}", config.data.dir.display()))?;
    }
    if !config.database.url.is_empty() {
        bail!("the demo counts runs from nothing; it runs on SQLite (database.url is set)");
    }
    config.console.bind.set_port(0);
    let mut sample = Sample::read(&config.profile.dir)?;
    sample.petitions.truncate(petitions);
    let count = sample.petitions.len();
    prepare(&config, &sample).await?;
    let locality = Locality::read(&config.profile.dir)?;
    let counts = if many {
        let mut processes = Processes::start(&config, &locality).await?;
        let url = processes.console().await?;
        let driven = drive(&url, &config.data.dir, sample, &locality, kill.then_some(&mut processes)).await;
        processes.stop().await?;
        driven?
    } else {
        let data = config.data.dir.clone();
        let suite = Suite::start(config, &Parts::all()).await?;
        let url = suite.console().context("no console")?.to_owned();
        let driven = drive(&url, &data, sample, &locality, None).await;
        suite.stop().await?;
        driven?
    };
    Ok(Ran { counts, petitions: count })
}

/// Moves the business clock of a data folder; its processes follow.
fn pass_days(data: &Path, days: i64) -> anyhow::Result<()> {
    let place = Place::open(data)?;
    place.keep_offset_ms(place.clocks.business.offset_ms() + days * DAY_MS)
}

async fn drive(
    url: &str,
    data: &Path,
    sample: Sample,
    locality: &Locality,
    mut victims: Option<&mut Processes>,
) -> anyhow::Result<Counts> {
    let drive = Drive::open(url, sample, locality).await?;
    say::progress("  登记 registering");
    let filed = drive.register().await?;
    if let Some(victims) = victims.as_deref_mut() {
        victims.kill_and_restart("routing").await?;
        victims.kill_bus().await?;
    }
    say::progress("  甄别、转送、交办 screening, forwarding, assigning");
    drive.route(&filed, Extent::Whole, LIMIT_ON).await?;
    say::progress("  联席会议 the joint conference");
    let conferred = drive.conferred(&filed, Extent::Whole);
    let called = drive.call_conference(&conferred, &CONFERENCE).await?;
    if let Some(called) = &called {
        let invited: Vec<_> = called.invitations.iter().map(|one| one.agency.clone()).collect();
        drive.accept_invitations(&invited, called.terms.meeting_id).await?;
    }
    pass_days(data, CONFERENCE_DAYS)?;
    if let Some(called) = &called {
        drive.hold_conference(&conferred, called).await?;
    }
    if let Some(victims) = victims {
        victims.kill_and_restart("agency:renshe").await?;
        victims.kill_bus().await?;
        victims.kill_and_restart("intake").await?;
    }
    say::progress("  办理、答复、办结 handling, answering, closing");
    let late = drive.late(&filed);
    drive.answer(Extent::Whole, &late).await?;
    drive.report_resolutions(&conferred).await?;
    say::progress("  逾期、督办 overdue, urged");
    drive.only_late_run(&late).await?;
    pass_days(data, LATE_DAYS)?;
    drive.urge(&late, REPLY_BY).await?;
    say::progress("  清点 counting");
    drive.count(&filed).await
}

/// The sample office, left running with work in every state.
///
/// # Errors
/// When it cannot start.
pub async fn stay(config: Config, args: &DemoArgs) -> anyhow::Result<()> {
    let mut sample = Sample::read(&config.profile.dir)?;
    sample.petitions.truncate(args.petitions.unwrap_or(usize::MAX));
    let fresh = !config.data.dir.join("clock.json").exists();
    if fresh {
        prepare(&config, &sample).await?;
    }
    let locality = Locality::read(&config.profile.dir)?;
    let logins = logins(&sample);
    let mut suite = Suite::start_with(config, &Parts::all(), samples(&sample)).await?;
    let url = suite.console().context("no console")?.to_owned();
    if fresh {
        say::progress("样例数据载入中…… loading the sample office, about a minute");
        let drive = Drive::open(&url, sample, &locality).await?;
        let filed = drive.register().await?;
        drive.route(&filed, Extent::Living, LIMIT_ON).await?;
        let conferred = drive.conferred(&filed, Extent::Living);
        // The last dispute waits on the agenda for a visitor.
        let on_agenda = conferred.split_last().map_or(&[][..], |(_, rest)| rest);
        if let Some(called) = drive.call_conference(on_agenda, &NEXT_CONFERENCE).await? {
            let replied: Vec<_> = called.invitations.iter().skip(1).map(|one| one.agency.clone()).collect();
            drive.accept_invitations(&replied, called.terms.meeting_id).await?;
        }
        drive.answer(Extent::Living, &BTreeSet::new()).await?;
    }
    say::line(&format!(
        "\n控制台 console: {url}\n公众查询 public look-up: {url}/portal\n\n{logins}\nCtrl-C 结束 ends it; the data stays in its folder."
    ));
    tokio::select! {
        ended = suite.ended() => ended,
        interrupted = asked_to_end() => {
            interrupted?;
            suite.stop().await
        }
    }
}

/// The logins that a visitor tries first.
const SHOWN: &[(&str, &str)] = &[
    ("desk", "登记、甄别 registers, screens"),
    ("screener", "甄别转办 screens and forwards"),
    ("director", "联席办主任 director, sees all, assigns"),
    ("restricted", "检举控告专办 accusations"),
    ("supervisor", "督查专员 watches limits, issues orders"),
    ("renshe.handler", "人社局承办人 handler of an agency"),
    ("renshe.head", "人社局负责人 head of an agency, signs opinions"),
    ("admin", "管理员 administrator"),
];

fn logins(sample: &Sample) -> String {
    let known = |login: &str| sample.users.iter().any(|u| u.login == login);
    let rows = SHOWN.iter().filter(|(login, _)| known(login));
    rows.map(|(login, what)| format!("  {login:<16} {}   {what}\n", sample.password)).collect()
}

fn samples(sample: &Sample) -> Vec<console::config::SampleLogin> {
    let find = |login: &str| sample.users.iter().find(|u| u.login == login);
    SHOWN
        .iter()
        .filter_map(|(login, _)| find(login))
        .map(|user| console::config::SampleLogin {
            login: user.login.clone(),
            password: sample.password.clone(),
            place: user.place.clone(),
            roles: user.roles.clone(),
        })
        .collect()
}

/// One process per service and agency, on one data folder.
struct Processes {
    program: PathBuf,
    config: Config,
    place: Place,
    running: Vec<(String, Child)>,
}

impl Processes {
    async fn start(config: &Config, locality: &Locality) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("where is lianxi itself")?;
        let place = Place::open(&config.data.dir)?;
        let mut all = Self { program, config: config.clone(), place, running: Vec::new() };
        let agencies = locality.agencies.iter().map(|a| format!("agency:{}", a.code));
        let names = ["bus", "intake", "routing", "supervision", "meetings", "notification", "console"]
            .map(str::to_owned)
            .into_iter()
            .chain(agencies);
        for name in names {
            all.spawn(&name)?;
        }
        Ok(all)
    }

    fn spawn(&mut self, name: &str) -> anyhow::Result<()> {
        let mut command = Command::new(&self.program);
        command
            .arg("run")
            .arg("--data")
            .arg(&self.config.data.dir)
            .arg("--profile")
            .arg(&self.config.profile.dir);
        command.arg("--bind").arg(self.config.console.bind.to_string());
        match name.split_once(':') {
            Some((part, code)) => command.args(["--only", part, "--agency", code]),
            None => command.args(["--only", name]),
        };
        let log = log_file(&self.config.data.dir, name)?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true).spawn();
        self.running.push((name.to_owned(), child.with_context(|| format!("starting {name}"))?));
        Ok(())
    }

    /// The console's address, once all are up.
    async fn console(&mut self) -> anyhow::Result<String> {
        let parts = self.running.len();
        let processes = Mutex::new(&mut self.running);
        until("every process is up", || async {
            let mut processes = processes.lock().unwrap_or_else(PoisonError::into_inner);
            for (name, child) in processes.iter_mut() {
                if let Some(ended) = child.try_wait()? {
                    bail!("{name} did not start: {ended}");
                }
            }
            let running = self.place.running()?;
            let console = running.iter().find_map(|r| r.console.clone());
            Ok(console.filter(|_| running.len() >= parts))
        })
        .await
        .with_context(|| format!("see the logs in {}", self.config.data.dir.join("logs").display()))
    }

    /// SIGKILL, then the same again.
    async fn kill_and_restart(&mut self, name: &str) -> anyhow::Result<()> {
        let at =
            self.running.iter().position(|(n, _)| n == name).with_context(|| format!("no process {name}"))?;
        let (_, mut child) = self.running.swap_remove(at);
        say::progress(&format!("  kill -9 {name}"));
        child.kill().await.with_context(|| format!("killing {name}"))?;
        self.spawn(name)
    }

    /// SIGKILL to nats-server; its keeper starts it again.
    async fn kill_bus(&self) -> anyhow::Result<()> {
        let text = std::fs::read_to_string(self.place.dir().join("nats").join("nats.run.json"))
            .context("the bus's runtime file")?;
        let runtime: serde_json::Value = serde_json::from_str(&text)?;
        let pid = runtime.get("pid").and_then(serde_json::Value::as_i64).context("no pid of the bus")?;
        say::progress("  kill -9 nats-server");
        let status = Command::new("kill").args(["-9", &pid.to_string()]).status().await?;
        if status.success() { Ok(()) } else { bail!("kill -9 {pid} failed") }
    }

    /// Asks all to end, the bus last.
    async fn stop(mut self) -> anyhow::Result<()> {
        self.running.sort_by_key(|(name, _)| name == "bus");
        for (name, child) in &mut self.running {
            let Some(pid) = child.id() else { continue };
            Command::new("kill").args(["-INT", &pid.to_string()]).status().await?;
            child.wait().await.with_context(|| format!("waiting for {name}"))?;
        }
        Ok(())
    }
}

fn log_file(data: &Path, name: &str) -> anyhow::Result<std::fs::File> {
    let dir = data.join("logs");
    std::fs::create_dir_all(&dir)?;
    let path = dir.join(format!("{}.log", name.replace(':', "-")));
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| format!("cannot write {}", path.display()))
}
