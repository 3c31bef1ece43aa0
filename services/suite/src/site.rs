//! What every part of one process shares: settings, place, locality, keys, health.

use calendar::Law;
use std::{collections::BTreeSet, sync::Arc};
use web::SuiteActor;

use anyhow::Context;
use bus::Shutdown;
use db::{Db, DbConfig, MigrationSet};
use kernel::{AgencyCode, Place as Where};
use telemetry::Health;
use trust::{ActorSigner, ActorVerifier, IssuerScope, KeyName, TrustedIssuer};
use web::door::Door;

use crate::{config::Config, place::Place, profile::Locality, seat};

/// One process at one data folder.
pub struct Site {
    /// Settings.
    pub config: Config,
    /// Data folder.
    pub place: Place,
    /// The locality.
    pub locality: Locality,
    /// The agency whose own site this is; none at the office.
    pub own: Option<AgencyCode>,
    /// Signs for people of the office and of hosted agencies; at an own site for its people.
    pub signer: Arc<ActorSigner>,
    /// Verifies every actor.
    pub verifier: Arc<ActorVerifier>,
    /// The suite's own identity.
    pub suite: SuiteActor,
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
        let seat = match config.site.agency.as_str() {
            "" => None,
            code => Some(code.parse::<AgencyCode>().context("site.agency")?),
        };
        let here = seat.clone().map_or(Where::Office, Where::Agency);
        let console = place.keys.load_or_create(&KeyName::Actor(here.clone()), &place.mint)?;
        let own = place.keys.load_or_create(&KeyName::Actor(Where::Suite), &place.mint)?;
        let signer = Arc::new(ActorSigner::new(&console, here));
        let own = Arc::new(ActorSigner::new(&own, Where::Suite));
        let mut trusted = vec![TrustedIssuer { key: own.public_key(), scope: IssuerScope::Suite }];
        match &seat {
            None => {
                let hosted = locality.agencies.iter().filter(|a| a.site != seat::OWN).map(|a| a.code.clone());
                let scope = IssuerScope::Office { hosted: hosted.collect::<BTreeSet<_>>() };
                trusted.push(TrustedIssuer { key: signer.public_key(), scope });
            }
            Some(code) => {
                let scope = IssuerScope::Agency(code.clone());
                trusted.push(TrustedIssuer { key: signer.public_key(), scope });
                let scope = IssuerScope::Office { hosted: BTreeSet::new() };
                trusted.push(TrustedIssuer { key: seat::office_key(place.dir())?, scope });
            }
        }
        let verifier = Arc::new(ActorVerifier::new(trusted));
        let suite = SuiteActor::new(own, &place.mint, place.clocks.technical.clone());
        Ok(Self {
            config,
            place,
            locality,
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
        self.locality.agencies.iter().filter(|a| a.site == "hosted").map(|a| a.code.clone()).collect()
    }

    /// Whether an agency works at a site of its own.
    #[must_use]
    pub fn is_own(&self, code: &AgencyCode) -> bool {
        self.locality.agencies.iter().any(|a| a.code == *code && a.site == seat::OWN)
    }

    /// All agencies.
    #[must_use]
    pub fn agencies(&self) -> Vec<AgencyCode> {
        self.locality.agencies.iter().map(|a| a.code.clone()).collect()
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
