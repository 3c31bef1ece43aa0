//! Where announcements may go: an address that a person typed is called from inside the office's network, so that
//! networks that strangers cannot reach are not reached through it (server-side request forgery).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hyper::Uri;
use serde::Deserialize;

/// The longest address, in bytes.
pub const ADDRESS_MAX: usize = 500;

/// Which addresses may be called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Targets {
    /// https, at public addresses.
    #[default]
    Public,
    /// https, at addresses of private networks too: an agency on the government's own network.
    Private,
    /// http and this very machine too: for tests.
    Any,
}

impl Targets {
    /// Whether an address may be connected to.
    #[must_use]
    pub fn allow(self, ip: IpAddr) -> bool {
        match (self, ip) {
            (Self::Any, _) => true,
            (_, IpAddr::V4(v4)) => self.allow_v4(v4),
            (_, IpAddr::V6(v6)) => match embedded(v6) {
                Some(v4) => self.allow_v4(v4),
                None => self.allow_v6(v6),
            },
        }
    }

    fn allow_v4(self, ip: Ipv4Addr) -> bool {
        let [a, b, ..] = ip.octets();
        let shared = a == 100 && (64..128).contains(&b);
        if ip.is_private() || shared {
            return self == Self::Private;
        }
        // This network, loopback, link-local (also the clouds' metadata), tests, multicast and what is reserved.
        let closed = a == 0
            || ip.is_loopback()
            || ip.is_link_local()
            || ip.is_documentation()
            || (a == 198 && (b == 18 || b == 19))
            || (a == 192 && ip.octets().starts_with(&[192, 0, 0]))
            || a >= 224;
        !closed
    }

    fn allow_v6(self, ip: Ipv6Addr) -> bool {
        if ip.is_unique_local() {
            return self == Self::Private;
        }
        let closed = ip.is_loopback()
            || ip.is_unspecified()
            || ip.is_unicast_link_local()
            || ip.is_multicast()
            || ip.segments().starts_with(&[0x2001, 0x0db8]);
        !closed
    }
}

/// The IPv4 address that an IPv6 one leads to: mapped, compatible, NAT64, 6to4.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let octets = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => octets(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => octets(high, low),
        [0x2002, high, low, ..] => octets(high, low),
        _ => None,
    }
}

/// An address that can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether by TLS.
    pub tls: bool,
    /// The name or the number of the host, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What the request's `Host` says.
    pub authority: String,
    /// Path and query.
    pub path: String,
}

/// Why an address cannot be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// It is none, or holds a user's name, or is too long.
    Shape,
    /// https is owed.
    Plain,
    /// It names a network that is not allowed.
    Closed,
}

impl Address {
    /// Reads an address. A name is resolved when it is called, and looked at then.
    ///
    /// # Errors
    /// [`BadAddress`].
    pub fn parse(text: &str, targets: Targets) -> Result<Self, BadAddress> {
        let uri: Uri = text.parse().map_err(|_| BadAddress::Shape)?;
        let authority = uri.authority().ok_or(BadAddress::Shape)?;
        if text.len() > ADDRESS_MAX || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(BadAddress::Shape);
        }
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if targets == Targets::Any => false,
            Some("http") => return Err(BadAddress::Plain),
            _ => return Err(BadAddress::Shape),
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.parse().is_ok_and(|ip| !targets.allow(ip)) {
            return Err(BadAddress::Closed);
        }
        Ok(Self {
            tls,
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.to_string(),
            path: uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_that_strangers_cannot_reach_are_not_reached() {
        let closed = [
            "127.0.0.1",
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
            "192.0.0.8",
        ];
        for ip in closed {
            let ip: IpAddr = ip.parse().expect("an address");
            assert!(!Targets::Public.allow(ip) && !Targets::Private.allow(ip), "{ip}");
        }
        for ip in ["10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1"] {
            let ip: IpAddr = ip.parse().expect("an address");
            assert!(!Targets::Public.allow(ip) && Targets::Private.allow(ip), "{ip}");
        }
        for ip in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"] {
            assert!(Targets::Public.allow(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn an_address_is_https_and_names_no_user() {
        let parse = |text| Address::parse(text, Targets::Public);
        let good = parse("https://oa.example.gov.cn/hooks?x=1").expect("good");
        assert_eq!((good.port, good.path.as_str(), good.tls), (443, "/hooks?x=1", true));
        assert_eq!(parse("http://oa.example.gov.cn/"), Err(BadAddress::Plain));
        assert_eq!(parse("https://u:p@oa.example.gov.cn/"), Err(BadAddress::Shape));
        assert_eq!(parse("https://127.0.0.1/"), Err(BadAddress::Closed));
        assert_eq!(parse("https://[::1]:8443/"), Err(BadAddress::Closed));
        for bad in ["", "oa.example", "/x", "ftp://oa.example/", "https://"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(Address::parse("http://127.0.0.1:9/", Targets::Any).is_ok());
    }
}
