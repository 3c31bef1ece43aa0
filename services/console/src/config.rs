//! What the console is told from outside.

use std::{net::IpAddr, sync::Arc};

use kernel::{AgencyCode, Place, RegionCode, Role};

/// The office, as pages and papers name it.
#[derive(Clone, Debug)]
pub struct Office {
    /// Full name in Chinese.
    pub name_zh: String,
    /// Full name in English.
    pub name_en: String,
    /// Its region.
    pub region: RegionCode,
    /// Telephone of the desk.
    pub telephone: String,
    /// Address of the reception.
    pub address: String,
}

/// One region of the locality.
#[derive(Clone, Debug)]
pub struct Region {
    /// GB/T 2260, or nine digits.
    pub code: RegionCode,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
}

/// A login of the sample office, shown on the sign-in page of the demo alone.
#[derive(Clone, Debug)]
pub struct SampleLogin {
    /// Login.
    pub login: String,
    /// Its password, which everybody can read.
    pub password: String,
    /// The office, or the agency it works at.
    pub place: Place,
    /// Its roles.
    pub roles: Vec<Role>,
}

/// Moves the business clock of every process of this place: the demo alone has one.
pub trait ClockHand: Send + Sync {
    /// Moves it on by so many milliseconds; never back.
    ///
    /// # Errors
    /// When the offset cannot be kept.
    fn move_on_ms(&self, ms: i64) -> std::io::Result<()>;
}

/// Refusals by owner.
pub type Problems = &'static [(&'static str, &'static [&'static kernel::ErrorDef])];

/// Settings of the console.
#[derive(Clone)]
pub struct Config {
    /// The office.
    pub office: Office,
    /// Its regions, in the order shown.
    pub regions: Vec<Region>,
    /// The agency whose own site this is; none at the office. Petitioners and inboxes are the office's.
    pub own: Option<AgencyCode>,
    /// Whether people reach it under TLS, ended here or at a gateway.
    pub tls: bool,
    /// The origin that people see when a gateway stands before it; also in QR codes.
    pub public_origin: Option<String>,
    /// Gateways whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpAddr]>,
    /// Logins of the sample office; empty outside the demo.
    pub samples: Vec<SampleLogin>,
    /// The refusals of every service, by owner: what the OpenAPI document lists.
    pub problems: Problems,
    /// What moves the business clock; absent outside the demo.
    pub clock_hand: Option<Arc<dyn ClockHand>>,
}
