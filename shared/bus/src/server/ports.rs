//! Ports below the range from which the kernel gives outgoing connections theirs, so that a restart
//! finds its port free.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use kernel::IdMint;

use crate::BusError;

const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;
const TRIES: usize = 200;

/// The port of the address if it names one, else a free one there.
pub(super) fn free(listen: SocketAddr) -> Result<u16, BusError> {
    if listen.port() != 0 {
        return Ok(listen.port());
    }
    let mint = IdMint::system();
    for _ in 0..TRIES {
        let mut chance = [0_u8; 2];
        mint.fill(&mut chance);
        let port = FIRST + u16::from_le_bytes(chance) % COUNT;
        if TcpListener::bind(SocketAddr::new(listen.ip(), port)).is_ok() {
            return Ok(port);
        }
    }
    Err(BusError::Setup(format!("no free port on {} from {FIRST} to {}", listen.ip(), FIRST + COUNT)))
}

/// A free port on the loopback address.
pub(super) fn free_loopback() -> Result<u16, BusError> {
    free(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
}
