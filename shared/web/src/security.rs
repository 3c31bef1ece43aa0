//! The guards of a door: headers, the cross-site check, limits on bodies and on how often.

mod client;
mod cross_site;
mod headers;
mod rate;

pub use client::ClientIps;
pub use cross_site::{CrossSite, refuse_cross_site};
pub use headers::{CONTENT_SECURITY_POLICY, SecurityHeaders, add_headers};
pub use rate::{IpLimit, Rate, RateLimiter, TooOften, limit_by_ip};
