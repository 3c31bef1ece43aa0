//! An agency's own site as a process of its own, in a folder of its own, from the bundle that the office packed.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use console::accounts::{self, NewAccount};
use kernel::{Place, Role};
use suite::{assemble, client::Client, config::Config, place::Running, site::Site};

use super::{Office, code, program::lianxi, wait::wait_for};
use crate::architecture::root;

/// The password of the sample's accounts.
pub const PASSWORD: &str = "lianxi-demo-2026";

/// The sample's profile in which one agency has a site of its own.
pub fn profile(folder: &Path, own: &str) -> PathBuf {
    let profile = folder.join("profile");
    std::fs::create_dir_all(&profile).expect("folder");
    for file in std::fs::read_dir(root().join("deploy/profiles/sample")).expect("the sample") {
        let file = file.expect("file").path();
        if file.is_file() {
            std::fs::copy(&file, profile.join(file.file_name().expect("name"))).expect("copied");
        }
    }
    set_site(&profile, own, "own");
    profile
}

/// Writes into a profile's register where an agency works.
pub fn set_site(profile: &Path, agency: &str, site: &str) {
    let register = profile.join("agencies.toml");
    let text = std::fs::read_to_string(&register).expect("the register");
    let (before, after) = text.split_once(&format!("code = \"{agency}\"")).expect("the agency");
    let (between, after) = after.split_once("site = \"").expect("where it works");
    let (_, after) = after.split_once('"').expect("a value");
    let written = format!("{before}code = \"{agency}\"{between}site = \"{site}\"{after}");
    std::fs::write(&register, written).expect("written");
}

/// A verb of the built program on an office's folder.
pub fn verb(office: &Office, words: &[&str]) -> Output {
    program(office).args(words).output().expect("lianxi")
}

/// The built program on an office's folder.
pub fn program(office: &Office) -> Command {
    let config = &office.suite.site.config;
    let mut program = Command::new(lianxi());
    program.arg("--data").arg(office.folder.path()).arg("--profile").arg(&config.profile.dir);
    program
}

/// The same; it must go well.
pub fn verb_well(office: &Office, words: &[&str]) {
    let told = verb(office, words);
    assert!(told.status.success(), "{words:?}: {}", String::from_utf8_lossy(&told.stderr));
}

/// A bundle on disk.
pub struct Bundle {
    /// Its folder.
    pub dir: PathBuf,
    agency: String,
}

impl Bundle {
    /// Packs one at the office, with an account for its people and the office's clock.
    pub async fn pack(office: &Office, agency: &str, dir: PathBuf, url: &str, more: &[&str]) -> Self {
        let out = dir.display().to_string();
        let words = [&["agency", "pack", agency, "--out", &out, "--url", url][..], more].concat();
        verb_well(office, &words);
        std::fs::copy(office.folder.path().join("clock.json"), dir.join("data/clock.json"))
            .expect("the clock");
        let bundle = Self { dir, agency: agency.to_owned() };
        bundle.people().await;
        bundle
    }

    /// One that lies somewhere already.
    pub fn at(dir: PathBuf, agency: &str) -> Self {
        Self { dir, agency: agency.to_owned() }
    }

    async fn people(&self) {
        let mut config =
            Config::load(Some(&self.dir.join("lianxi.toml")), std::iter::empty()).expect("settings");
        config.data.dir = self.dir.join("data");
        config.profile.dir = self.dir.join("profile");
        let (_stop, shutdown) = bus::shutdown();
        let site = Site::open(config, shutdown).expect("site");
        let store = assemble::console::store(&site).await.expect("store");
        let account = |login: &str, role| NewAccount {
            login: login.to_owned(),
            display: login.to_owned(),
            place: Place::Agency(code(&self.agency)),
            roles: vec![role],
            password: PASSWORD.to_owned(),
            must_change: false,
        };
        let people = vec![account("own.handler", Role::Handler), account("own.head", Role::AgencyHead)];
        accounts::seed(&store, people).await.expect("accounts");
        store.close().await;
    }

    /// Starts it, in a network namespace where one is named, its console at an address.
    pub fn start(&self, namespace: Option<&str>, bind: &str) -> Seat {
        let mut command = match namespace {
            Some(name) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", name]).arg(lianxi());
                command
            }
            None => Command::new(lianxi()),
        };
        let log = std::fs::File::create(self.dir.join("site.log")).expect("log");
        command
            .args(["--config", "lianxi.toml", "--bind", bind, "run", "--only", "agency,console"])
            .args(["--agency", &self.agency])
            .current_dir(&self.dir)
            .env("LIANXI_TELEMETRY_LOG", "error")
            .stdout(Stdio::from(log.try_clone().expect("log")))
            .stderr(Stdio::from(log));
        Seat { child: command.spawn().expect("the site"), dir: self.dir.clone() }
    }
}

/// An own site at work; killed when dropped.
pub struct Seat {
    child: Child,
    dir: PathBuf,
}

impl Seat {
    /// A person of the agency at its own console.
    pub async fn person(&self, login: &str) -> Client {
        let file = self.dir.join("data/run").join(format!("{}.json", self.child.id()));
        let url = wait_for("the site's console is open", || async {
            let running: Running = serde_json::from_slice(&std::fs::read(&file).ok()?).ok()?;
            running.console
        })
        .await;
        let door = Client::new(&url).expect("client");
        door.sign_in(login, PASSWORD).await.unwrap_or_else(|e| panic!("{login}: {e:#}"))
    }

    /// Waits until it ends by itself; whether that was well, and what it said.
    pub async fn ended(mut self) -> (bool, String) {
        let mut child = std::mem::replace(&mut self.child, Command::new("true").spawn().expect("true"));
        let status = wait_for("the site ends", || {
            let status = child.try_wait().expect("a process");
            async move { status }
        })
        .await;
        (status.success(), std::fs::read_to_string(self.dir.join("site.log")).unwrap_or_default())
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A free port of this machine.
pub fn free_port() -> u16 {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    taken.local_addr().expect("its address").port()
}
