//! What every part of one process shares: settings, place, locality, keys, health.

use calendar::Law;
use std::{collections::BTreeSet, sync::Arc};
use web::SuiteActor;

use anyhow::Context;
use bus::Shutdown;
use db::{Db, DbConfig, MigrationSet};
use kernel::{AgencyCode, Place as Where};
use telemetry::Health;
use trust::{ActorPublicKey, ActorSigner, ActorVerifier, IssuerScope, KeyName, TrustedIssuer};
use web::door::Door;

use crate::{
    almanac,
    config::Config,
    ordinances,
    place::Place,
    profile::Locality,
    roll::{Roll, codes},
    seat,
};
use routing::domain::agency::Agency;

/// One process at one data folder.
pub struct Site {
    /// Settings.
    pub config: Config,
    /// Data folder.
    pub place: Place,
    /// The locality.
    pub locality: Locality,
    /// The agencies, as this process knows them now.
    pub roll: Roll,
    /// The agency whose own site this is; none at the office.
    pub own: Option<AgencyCode>,
    /// Signs for people of the office and of hosted agencies; at an own site for its people.
    pub signer: Arc<ActorSigner>,
    /// Verifies every actor.
    pub verifier: Arc<ActorVerifier>,
    /// The suite's own identity.
    pub suite: SuiteActor,
    /// What it is verified by.
    pub suite_key: ActorPublicKey,
    /// Logins shown on the sign-in page of the demo.
    pub samples: Vec<console::config::SampleLogin>,
    /// How the parts are.
    pub health: Health,
    /// Asks them to end.
    pub shutdown: Shutdown,
}

impl Site {
    /// Opens the data folder and its keys.
    ///
    /// # Errors
    /// When folder, profile or keys cannot be used.
    pub fn open(config: Config, shutdown: Shutdown) -> anyhow::Result<Self> {
        let place = Place::open(&config.data.dir)?;
        let locality = Locality::read(&config.profile.dir)?;
        almanac::read(place.dir(), &locality.calendar)?;
        ordinances::read(place.dir(), &locality.policy)?;
        let seat = match config.site.agency.as_str() {
            "" => None,
            code => Some(code.parse::<AgencyCode>().context("site.agency")?),
        };
        let here = seat.clone().map_or(Where::Office, Where::Agency);
        let console = place.keys.load_or_create(&KeyName::Actor(here.clone()), &place.mint)?;
        let own = place.keys.load_or_create(&KeyName::Actor(Where::Suite), &place.mint)?;
        let signer = Arc::new(ActorSigner::new(&console, here));
        let own = Arc::new(ActorSigner::new(&own, Where::Suite));
        let roll = Roll::open(&place, locality.agencies.clone())?;
        let mut trusted = trusted_here(&own.public_key(), &signer.public_key(), seat.as_ref(), &roll);
        if seat.is_some() {
            let scope = IssuerScope::Office { hosted: BTreeSet::new() };
            trusted.push(TrustedIssuer { key: seat::office_key(place.dir())?, scope });
        }
        let verifier = Arc::new(ActorVerifier::new(trusted));
        let suite_key = own.public_key();
        let suite = SuiteActor::new(own, &place.mint, place.clocks.technical.clone());
        Ok(Self {
            config,
            place,
            locality,
            roll,
            suite_key,
            own: seat,
            signer,
            verifier,
            suite,
            samples: Vec::new(),
            health: Health::new(),
            shutdown,
        })
    }

    /// The agencies that this place hosts.
    #[must_use]
    pub fn hosted(&self) -> Vec<AgencyCode> {
        self.roll.now().iter().filter(|a| a.site == "hosted").map(|a| a.code.clone()).collect()
    }

    /// Whether an agency works at a site of its own.
    #[must_use]
    pub fn is_own(&self, code: &AgencyCode) -> bool {
        self.roll.now().iter().any(|a| a.code == *code && a.site == seat::OWN)
    }

    /// All agencies.
    #[must_use]
    pub fn agencies(&self) -> Vec<AgencyCode> {
        codes(&self.roll.now())
    }

    /// An agency's entry.
    #[must_use]
    pub fn entry(&self, code: &AgencyCode) -> Option<Agency> {
        self.roll.now().iter().find(|a| a.code == *code).cloned()
    }

    /// The office signs for the agencies that it hosts now; an own site has one, for ever.
    pub fn trust_register(&self) {
        if self.own.is_none() {
            self.verifier.trust(trusted_here(&self.suite_key, &self.signer.public_key(), None, &self.roll));
        }
    }

    /// Opens a service's store.
    ///
    /// # Errors
    /// When it cannot be opened or migrated.
    pub async fn store(&self, service: &str, migrations: &MigrationSet) -> anyhow::Result<Db> {
        let url = self.place.database_url(&self.config.database.url, service);
        let (mint, clocks) = (self.place.mint.clone(), self.place.clocks.clone());
        Db::open(&DbConfig::new(url), &[migrations], mint, clocks)
            .await
            .with_context(|| format!("opening the store of {service}"))
    }

    /// A service's door.
    #[must_use]
    pub fn door(&self, service: &str) -> Arc<Door> {
        Door::new(service, self.verifier.clone(), self.place.clocks.technical.clone())
    }

    /// Dates of the law.
    #[must_use]
    pub fn law(&self) -> Law {
        Law { profile: self.locality.policy.clone(), calendar: self.locality.calendar.clone() }
    }
}

/// Whose signatures count: the suite's own, and those of this place's console.
fn trusted_here(
    suite: &ActorPublicKey,
    console: &ActorPublicKey,
    seat: Option<&AgencyCode>,
    roll: &Roll,
) -> Vec<TrustedIssuer> {
    let scope = match seat {
        Some(code) => IssuerScope::Agency(code.clone()),
        None => {
            let listed = roll.now();
            let hosted = listed.iter().filter(|a| a.site != seat::OWN).map(|a| a.code.clone());
            IssuerScope::Office { hosted: hosted.collect::<BTreeSet<_>>() }
        }
    };
    vec![TrustedIssuer { key: *suite, scope: IssuerScope::Suite }, TrustedIssuer { key: *console, scope }]
}
