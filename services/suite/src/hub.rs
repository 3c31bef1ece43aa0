//! The bus of a data folder: our own nats-server, started or adopted, or an external cluster.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use bus::{
    Bus, Connect, NatsBus, Side,
    config::{AgencyUser, CoreUser, Tls},
    keys,
    server::{NatsServer, ServerBinary, ServerPlan},
};
use kernel::AgencyCode;

use crate::{seat, site::Site, upkeep};

/// Services that have a user of their own on the bus.
pub const CORE: &[&str] =
    &["admin", "intake", "routing", "supervision", "meetings", "notification", "console"];
/// How long a process waits for the bus of its data folder.
const BUS_WITHIN: Duration = Duration::from_secs(60);
/// How often it is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The bus, as processes of a data folder reach it.
pub struct Hub {
    url: String,
    keys: PathBuf,
    authority: Option<PathBuf>,
    server: Option<NatsServer>,
}

impl Hub {
    /// Starts the data folder's own server, or adopts the one that runs, and makes streams and consumers.
    ///
    /// # Errors
    /// When the server's binary is missing, or the bus does not come up.
    pub async fn host(site: &Site) -> anyhow::Result<Self> {
        let (config, place) = (&site.config, &site.place);
        let keys_dir = place.dir().join("keys").join("nats");
        let mut hub =
            Self { url: config.bus.url.clone(), keys: keys_dir, authority: authority(site), server: None };
        if hub.url.is_empty() {
            let configured = (!config.bus.server.is_empty()).then(|| Path::new(&config.bus.server));
            let binary = ServerBinary::find(configured).await?;
            let plan = hub.plan(site)?;
            let server = NatsServer::start(binary, plan).await?;
            hub.url = server.url();
            hub.server = Some(server);
            std::fs::write(place.dir().join("run").join("bus"), &hub.url)?;
        }
        let admin = hub.connect(Side::core(Side::ADMIN)).await?;
        if let Some(server) = &hub.server {
            let faults = bus::selfcheck::of_server(&server.monitor().varz().await?);
            if let Some(refusal) = bus::selfcheck::refusal(&faults) {
                bail!(refusal);
            }
        }
        upkeep::bring_up(site, &admin).await?;
        Ok(hub)
    }

    /// Finds the bus that another process of the data folder hosts.
    ///
    /// # Errors
    /// When there is none within a minute.
    pub async fn join(site: &Site) -> anyhow::Result<Self> {
        let (config, place) = (&site.config, &site.place);
        let keys = place.dir().join("keys").join("nats");
        let begun = tokio::time::Instant::now();
        while place.is_restored() {
            if begun.elapsed() > BUS_WITHIN {
                bail!("the books came back from a backup: start the part `bus` (or all of it) first");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        if !config.bus.url.is_empty() {
            return Ok(Self { url: config.bus.url.clone(), keys, authority: authority(site), server: None });
        }
        let path = place.dir().join("run").join("bus");
        loop {
            if let Ok(url) = std::fs::read_to_string(&path) {
                let hub = Self {
                    url: url.trim().to_owned(),
                    keys: keys.clone(),
                    authority: authority(site),
                    server: None,
                };
                if hub.is_ready().await {
                    return Ok(hub);
                }
            }
            if begun.elapsed() > BUS_WITHIN {
                bail!(
                    "no bus in {}: start `lianxi run --only bus` (or all of it) on this data folder, or set bus.url",
                    place.dir().display()
                );
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The bus of the data folder in the administrator's hand, if it answers now.
    pub async fn reach(site: &Site) -> Option<Bus> {
        let url = match site.config.bus.url.as_str() {
            "" => std::fs::read_to_string(site.place.dir().join("run").join("bus")).ok()?.trim().to_owned(),
            url => url.to_owned(),
        };
        let keys = site.place.dir().join("keys").join("nats");
        let hub = Self { url, keys, authority: authority(site), server: None };
        let admin = hub.connect(Side::core(Side::ADMIN)).await.ok()?;
        admin.stream_states().await.is_ok().then_some(admin)
    }

    async fn is_ready(&self) -> bool {
        match self.connect(Side::core(Side::ADMIN)).await {
            Ok(bus) => bus
                .stream_states()
                .await
                .is_ok_and(|s| s.iter().any(|s| s.name == contracts::subject::RETURNS)),
            Err(_) => false,
        }
    }

    /// The bus of the office, as an agency's own site reaches it.
    #[must_use]
    pub fn remote(site: &Site) -> Self {
        let keys = site.place.dir().join("keys").join("nats");
        Self { url: site.config.bus.url.clone(), keys, authority: authority(site), server: None }
    }

    /// What our own server is to be, with the keys as they are now.
    ///
    /// # Errors
    /// When keys cannot be made.
    pub fn wanted(site: &Site) -> anyhow::Result<ServerPlan> {
        Self::remote(site).plan(site)
    }

    fn plan(&self, site: &Site) -> anyhow::Result<ServerPlan> {
        let bus = &site.config.bus;
        let mut plan = ServerPlan::local(&site.place.dir().join("nats"));
        plan.listen = SocketAddr::new(bus.listen, bus.port);
        plan.tls = (!bus.tls_cert.is_empty()).then(|| Tls {
            cert: PathBuf::from(&bus.tls_cert),
            key: PathBuf::from(&bus.tls_key),
            client_authority: None,
        });
        plan.leaf_listen = (bus.leaf_port > 0).then(|| SocketAddr::new(bus.listen, bus.leaf_port));
        for service in CORE {
            let nkey = keys::load_or_create(&self.keys, service)?.public;
            plan.core.push(CoreUser { service: (*service).to_owned(), nkey });
        }
        for code in site.agencies() {
            let nkey = if site.is_own(&code) {
                seat::nkey(&self.keys, &code)?
            } else {
                keys::load_or_create(&self.keys, &agency_key(&code))?.public
            };
            plan.agencies.push(AgencyUser { code, nkey });
        }
        Ok(plan)
    }

    /// The generated configuration, as the data folder's server would get it.
    ///
    /// # Errors
    /// When keys cannot be made.
    pub fn rendered(site: &Site) -> anyhow::Result<String> {
        Ok(Self::wanted(site)?.rendered())
    }

    /// Connects as one side, with that side's own key.
    ///
    /// # Errors
    /// When the key is missing or the bus refuses it.
    pub async fn connect(&self, side: Side) -> anyhow::Result<Bus> {
        let name = match &side {
            Side::Core { service } => service.clone(),
            Side::Agency(code) => agency_key(code),
        };
        let seed = keys::load_or_create(&self.keys, &name)?.seed;
        let connect = Connect { url: self.url.clone(), seed, side };
        NatsBus::connect_trusting(&connect, self.authority.clone())
            .await
            .map(Bus::Nats)
            .with_context(|| format!("connecting to {} as {name}", self.url))
    }

    /// The same bus, for whoever connects to it later.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            url: self.url.clone(),
            keys: self.keys.clone(),
            authority: self.authority.clone(),
            server: None,
        }
    }

    /// Takes the server out, to be kept alive by its process.
    pub const fn server(&mut self) -> Option<NatsServer> {
        self.server.take()
    }
}

fn authority(site: &Site) -> Option<PathBuf> {
    let file = &site.config.bus.authority;
    (!file.is_empty()).then(|| PathBuf::from(file))
}

/// The name of an agency's key file.
#[must_use]
pub fn agency_key(code: &AgencyCode) -> String {
    format!("agency-{code}")
}
