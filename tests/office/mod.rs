//! A whole office for a story: the suite in this process with its own nats-server, on a folder that goes away,
//! its business clock at 2026-08-03 09:00, the sample's agencies and accounts.

pub mod dispute;
pub mod folder;
pub mod letter;
pub mod program;
pub mod seat;
pub mod wait;

use std::path::Path;

use chrono::NaiveDate;
use console::accounts::{self, NewAccount};
use kernel::AgencyCode;
use serde_json::Value;
use suite::{
    assemble,
    backup::restore,
    cli::RunArgs,
    client::Client,
    config::Config,
    demo::sample::Sample,
    place::Place,
    run::{Parts, Suite},
    site::Site,
};

use crate::architecture::root;
use folder::Folder;

/// The first day, in the morning.
const STARTS_AT: &str = "2026-08-03T09:00:00+08:00";

/// Where the services' books lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// One file a service.
    Sqlite,
    /// One schema a service, in a database of its own, where `LIANXI_TEST_POSTGRES` names a server.
    Postgres,
}

/// An office at work.
pub struct Office {
    /// The suite in this process.
    pub suite: Suite,
    /// Its folder.
    pub folder: Folder,
    /// The REST face, not signed in.
    pub door: Client,
    password: String,
    database: Option<folder::Database>,
}

impl Office {
    /// Starts one on SQLite with these agencies at work.
    pub async fn start(agencies: &[&str]) -> Self {
        Self::start_on(Store::Sqlite, agencies).await.expect("SQLite is always there")
    }

    /// Starts one; `None` where no PostgreSQL is named.
    pub async fn start_on(store: Store, agencies: &[&str]) -> Option<Self> {
        Self::start_with(store, agencies, agencies).await
    }

    /// The same with other settings.
    pub async fn start_changed(
        store: Store,
        agencies: &[&str],
        change: impl FnOnce(&mut Config),
    ) -> Option<Self> {
        Self::start_as(store, agencies, agencies, change).await
    }

    /// Starts one in which some agencies have people, and some a node at work.
    pub async fn start_with(store: Store, people: &[&str], nodes: &[&str]) -> Option<Self> {
        Self::start_as(store, people, nodes, |_| {}).await
    }

    async fn start_as(
        store: Store,
        people: &[&str],
        nodes: &[&str],
        change: impl FnOnce(&mut Config),
    ) -> Option<Self> {
        let folder = Folder::new("office");
        let database = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(folder::Database::create().await?),
        };
        let mut config = config(folder.path());
        if let Some(database) = &database {
            config.database.url = database.url().to_owned();
        }
        change(&mut config);
        let sample = Sample::read(&config.profile.dir).expect("the sample");
        prepare(&config, &sample, people).await;
        let (suite, door) = run(config, nodes).await;
        Some(Self { suite, folder, door, password: sample.password, database })
    }

    /// Starts one where an agency works at a site of its own: people of these, nodes of those.
    pub async fn start_beside(
        own: &str,
        people: &[&str],
        nodes: &[&str],
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = Folder::new("office");
        let mut config = config(folder.path());
        config.profile.dir = seat::profile(folder.path(), own);
        change(&mut config);
        let sample = Sample::read(&config.profile.dir).expect("the sample");
        prepare(&config, &sample, people).await;
        let (suite, door) = run(config, nodes).await;
        Self { suite, folder, door, password: sample.password, database: None }
    }

    /// Brings a backup back into a folder (and a database) of its own, lets somebody look at it at rest, and starts
    /// it with these nodes. Returns the numbers of each series that come next.
    pub async fn returned(
        store: Store,
        wanted: &restore::Wanted,
        at_rest: impl AsyncFnOnce(&Config),
        nodes: &[&str],
    ) -> (Self, restore::Restored) {
        let folder = Folder::new("restored");
        let database = match store {
            Store::Sqlite => None,
            Store::Postgres => folder::Database::create().await,
        };
        let mut config = config(folder.path());
        if let Some(database) = &database {
            config.database.url = database.url().to_owned();
        }
        let password = Sample::read(&config.profile.dir).expect("the sample").password;
        let restored = restore::restore(config.clone(), wanted).await;
        let restored = restored.unwrap_or_else(|e| panic!("the backup did not come back: {e:#}"));
        at_rest(&config).await;
        let (suite, door) = run(config, nodes).await;
        (Self { suite, folder, door, password, database }, restored)
    }

    /// Ends it, lets something happen to its folder, and starts it again with these nodes.
    pub async fn restart(self, meanwhile: impl FnOnce(&Path), nodes: &[&str]) -> Self {
        let config = self.suite.site.config.clone();
        self.suite.stop().await.unwrap_or_else(|e| panic!("the office did not end well: {e:#}"));
        meanwhile(self.folder.path());
        let (suite, door) = run(config, nodes).await;
        Self { suite, door, ..self }
    }

    /// A person of the sample at work.
    pub async fn person(&self, login: &str) -> Client {
        self.door.sign_in(login, &self.password).await.unwrap_or_else(|e| panic!("{login}: {e:#}"))
    }

    /// The id of a person's account.
    pub async fn account(&self, login: &str) -> String {
        let users: Value = self.person("admin").await.get("/api/v1/users?limit=200").await.expect("accounts");
        let users = users["items"].as_array().expect("a page");
        let found = users.iter().find(|user| user["login"] == login);
        found.and_then(|user| user["id"].as_str()).unwrap_or_else(|| panic!("no {login}")).to_owned()
    }

    /// Moves the business clock, as the demo's bar would.
    pub fn set_clock(&self, instant: &str) {
        let place = &self.suite.site.place;
        let at = chrono::DateTime::parse_from_rfc3339(instant).expect("a time").timestamp_millis();
        place.keep_offset_ms(at - place.clocks.technical.now().0).expect("clock");
    }

    /// The token of a person of the sample: for programs that are no [`Client`].
    pub async fn token(&self, login: &str) -> String {
        let asked = serde_json::json!({ "login": login, "password": self.password });
        let opened: serde_json::Value = self.door.post("/api/v1/sessions", &asked).await.expect("a session");
        opened["token"].as_str().expect("a token").to_owned()
    }

    /// Ends the office; every part must end well.
    pub async fn stop(self) {
        self.suite.stop().await.unwrap_or_else(|e| panic!("the office did not end well: {e:#}"));
        if let Some(database) = self.database {
            database.discard().await;
        }
    }
}

async fn run(config: Config, nodes: &[&str]) -> (Suite, Client) {
    let asked = RunArgs {
        only: ["bus", "intake", "routing", "supervision", "meetings", "notification", "agency", "console"]
            .map(str::to_owned)
            .into(),
        agency: nodes.iter().map(|a| code(a)).collect(),
    };
    let suite = Suite::start(config, &Parts::asked(&asked).expect("parts")).await;
    let suite = suite.unwrap_or_else(|e| panic!("the office did not start (is `make setup` done?): {e:#}"));
    let door = Client::new(suite.console().expect("a console")).expect("client");
    (suite, door)
}

/// The settings of a test's office: all in its folder, ports as they are free.
pub fn config(folder: &Path) -> Config {
    let mut config = Config::load(None, std::iter::empty()).expect("the defaults");
    config.data.dir = folder.to_owned();
    config.profile.dir = root().join("deploy/profiles/sample");
    config.console.bind = "127.0.0.1:0".parse().expect("an address");
    config.telemetry.log = "error".to_owned();
    config
}

/// Sets the business clock and adds the accounts of the office and of these agencies.
pub async fn prepare(config: &Config, sample: &Sample, agencies: &[&str]) {
    let place = Place::open(&config.data.dir).expect("folder");
    let start = chrono::DateTime::parse_from_rfc3339(STARTS_AT).expect("a time").timestamp_millis();
    place.keep_offset_ms(start - place.clocks.technical.now().0).expect("clock");
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config.clone(), shutdown).expect("site");
    let store = assemble::console::store(&site).await.expect("store");
    let works_here = |place: &kernel::Place| match place {
        kernel::Place::Agency(code) => agencies.contains(&code.as_str()),
        _ => true,
    };
    // Each password is hashed, which is meant to take its time: none for who does not come.
    let accounts = sample.users.iter().filter(|user| works_here(&user.place)).map(|user| NewAccount {
        login: user.login.clone(),
        display: user.display.clone(),
        place: user.place.clone(),
        roles: user.roles.clone(),
        password: sample.password.clone(),
        must_change: false,
    });
    accounts::seed(&store, accounts.collect()).await.expect("accounts");
    store.close().await;
}

/// An agency's code.
pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("a code")
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}
