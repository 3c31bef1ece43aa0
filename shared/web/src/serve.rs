//! The server: an address, TLS when a certificate is given, a bound on connections, a graceful end.

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::{Extension, Router, middleware::AddExtension};
use axum_server::{
    Handle,
    accept::Accept,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinHandle,
};
use tower::Layer;

/// How many ports after the asked one are tried before any free one is taken.
const NEXT_PORTS: u16 = 50;
/// How long a client may take to send a request's head, in milliseconds.
const HEAD_WITHIN_MS: u64 = 15_000;
/// Requests that one HTTP/2 connection may have open.
const STREAMS_MAX: u32 = 100;

/// Certificate and key of the site, PEM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The certificate with its chain, the site's own first.
    pub cert: PathBuf,
    /// Its private key: PKCS#8, PKCS#1 or SEC1.
    pub key: PathBuf,
}

/// Where and how a door is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeConfig {
    /// The address; port 0 takes any free one.
    pub bind: SocketAddr,
    /// Whether a port that is taken may be replaced by the next free one. Never under a fixed
    /// public address.
    pub next_free_port: bool,
    /// Serves TLS.
    pub tls: Option<TlsFiles>,
    /// Open connections at most; one more is closed at once.
    pub connections_max: usize,
    /// How long requests in flight may take to finish at the end, in milliseconds.
    pub drain_ms: u64,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            next_free_port: true,
            tls: None,
            connections_max: 4_096,
            drain_ms: 5_000,
        }
    }
}

/// Why a door could not be opened; the operator acts.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address could not be bound.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A certificate or key could not be used.
    #[error("TLS file {}: {reason}", .file.display())]
    Tls {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// The listener could not be handed to the runtime, or the server ended with an error.
    #[error("the web server failed")]
    Server(#[source] io::Error),
}

/// A running door.
pub struct WebServer {
    address: SocketAddr,
    tls: bool,
    task: JoinHandle<io::Result<()>>,
}

impl WebServer {
    /// Where it listens, the port that was found included.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to print for a person on this machine: `http://127.0.0.1:8080`.
    #[must_use]
    pub fn url(&self) -> String {
        let mut shown = self.address;
        match shown.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => shown.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => shown.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("{}://{shown}", if self.tls { "https" } else { "http" })
    }

    /// Waits until it has ended: after the shutdown signal, when requests in flight are finished or
    /// the time to drain is over.
    ///
    /// # Errors
    /// When the server ended with an error or its task panicked.
    pub async fn ended(self) -> Result<(), ServeError> {
        match self.task.await {
            Ok(result) => result.map_err(ServeError::Server),
            Err(panic) => Err(ServeError::Server(io::Error::other(panic))),
        }
    }
}

/// Serves a router until `shutdown` turns true (or its sender is gone). Handlers learn the peer by
/// `ConnectInfo<SocketAddr>`.
///
/// # Errors
/// When the address cannot be bound or the TLS files cannot be used.
pub async fn serve(
    router: Router,
    config: &ServeConfig,
    mut shutdown: watch::Receiver<bool>,
) -> Result<WebServer, ServeError> {
    let tls = match &config.tls {
        Some(files) => Some(tls_config(files).await?),
        None => None,
    };
    let listener = listen(config.bind, config.next_free_port)
        .map_err(|source| ServeError::Bind { address: config.bind, source })?;
    let address = listener.local_addr().map_err(ServeError::Server)?;

    let handle = Handle::new();
    let places = Arc::new(Semaphore::new(config.connections_max.min(Semaphore::MAX_PERMITS)));
    let mut server = axum_server::from_tcp(listener).map_err(ServeError::Server)?.handle(handle.clone());
    let head_within = Duration::from_millis(HEAD_WITHIN_MS);
    server.http_builder().http1().header_read_timeout(head_within);
    server.http_builder().http2().max_concurrent_streams(STREAMS_MAX);
    let server = server.first_request_timeout(head_within);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();

    let with_tls = tls.is_some();
    let task = match tls {
        Some(tls) => {
            let server =
                server.map(|inner| Counted { inner: RustlsAcceptor::new(tls).acceptor(inner), places });
            tokio::spawn(server.serve(service))
        }
        None => tokio::spawn(server.map(|inner| Counted { inner, places }).serve(service)),
    };
    let drain = Duration::from_millis(config.drain_ms);
    tokio::spawn(async move {
        drop(shutdown.wait_for(|down| *down).await);
        handle.graceful_shutdown(Some(drain));
    });
    Ok(WebServer { address, tls: with_tls, task })
}

/// The asked address or, when allowed and it is taken, the next free port, then any.
fn listen(asked: SocketAddr, next_free_port: bool) -> io::Result<TcpListener> {
    let busy = match TcpListener::bind(asked) {
        Err(error) if next_free_port && error.kind() == io::ErrorKind::AddrInUse => error,
        bound => return bound,
    };
    let next = (1..=NEXT_PORTS).filter_map(|step| asked.port().checked_add(step));
    for port in next.chain(std::iter::once(0)) {
        match TcpListener::bind(SocketAddr::new(asked.ip(), port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            bound => return bound,
        }
    }
    Err(busy)
}

async fn tls_config(files: &TlsFiles) -> Result<RustlsConfig, ServeError> {
    let fault = |file: &Path, reason: String| ServeError::Tls { file: file.to_owned(), reason };
    let read = |file: PathBuf| async move {
        tokio::fs::read(&file).await.map_err(|error| fault(&file, error.to_string()))
    };
    let (cert, key) = (read(files.cert.clone()).await?, read(files.key.clone()).await?);
    let chain = CertificateDer::pem_slice_iter(&cert)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| fault(&files.cert, error.to_string()))?;
    if chain.is_empty() {
        return Err(fault(&files.cert, "no certificate in it".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| fault(&files.key, error.to_string()))?;
    // The provider is named here, so that no process-wide default need be installed.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| fault(&files.cert, error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

/// An acceptor that takes a place for each connection and gives it back when the connection ends:
/// the place rides on the connection's service.
#[derive(Clone)]
struct Counted<A> {
    inner: A,
    places: Arc<Semaphore>,
}

type Accepted<I, S> = Pin<Box<dyn Future<Output = io::Result<(I, S)>> + Send>>;

impl<I, S, A> Accept<I, S> for Counted<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
    A::Service: 'static,
    A::Stream: 'static,
{
    type Stream = A::Stream;
    type Service = AddExtension<A::Service, Arc<OwnedSemaphorePermit>>;
    type Future = Accepted<Self::Stream, Self::Service>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let place = self.places.clone().try_acquire_owned();
        let accepted = self.inner.accept(stream, service);
        Box::pin(async move {
            let place = place.map_err(|_| io::Error::other("too many connections"))?;
            let (stream, service) = accepted.await?;
            Ok((stream, Extension(Arc::new(place)).layer(service)))
        })
    }
}
