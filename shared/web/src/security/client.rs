//! From which address a request comes, as far as it can be known.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};

/// Reads the client's address, behind gateways too.
#[derive(Clone, Debug, Default)]
pub struct ClientIps {
    /// Gateways whose `X-Forwarded-For` is believed; nobody else's is.
    pub trusted_proxies: Arc<[IpAddr]>,
}

impl ClientIps {
    /// The address of the client: the peer's, or behind a trusted gateway the last address in
    /// `X-Forwarded-For` that is no gateway of ours. An IPv6 address is cut to its /64, which is what
    /// one subscriber has. `None` when the server did not state the peer.
    #[must_use]
    pub fn of(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
        let peer = peer.ip().to_canonical();
        let client = if self.trusts(peer) { self.forwarded(headers).unwrap_or(peer) } else { peer };
        Some(subscriber(client))
    }

    /// Read from the end: a client can write any address in front, only what our gateways appended
    /// counts. What is no address ends the search, since behind it nothing is sure.
    fn forwarded(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let lines =
            headers.get_all("x-forwarded-for").iter().rev().map(|line| line.to_str().unwrap_or_default());
        lines
            .flat_map(|line| line.rsplit(','))
            .map_while(|address| address.trim().parse::<IpAddr>().ok())
            .map(|address| address.to_canonical())
            .find(|address| !self.trusts(*address))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|p| p.to_canonical() == address)
    }
}

fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let ips = ClientIps { trusted_proxies: ["10.0.0.1".parse().expect("proxy")].into() };
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("peer"), 1)));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("value"));
        }
        ips.of(&extensions, &headers).expect("known").to_string()
    }

    #[test]
    fn a_forwarded_address_is_believed_of_our_gateway_alone() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.2.3.4, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.2.3.4", "198.51.100.1, 10.0.0.1"]), "198.51.100.1");
        for unsure in ["nonsense", "1.2.3.4, 198.51.100.1:5555", "1.2.3.4, "] {
            assert_eq!(client("10.0.0.1", &[unsure]), "10.0.0.1", "{unsure}");
        }
    }

    #[test]
    fn an_ipv6_subscriber_is_one_client() {
        assert_eq!(client("2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }
}
