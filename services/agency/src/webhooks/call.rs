//! One call: resolve, look at where it leads, connect there and nowhere else, ask once. Redirects are not followed,
//! the answer's body is not read.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use contracts::codes::AnnouncementOutcome;
use http_body_util::Full;
use hyper::{Request, StatusCode, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;

use super::{Address, Targets, event::MEDIA_TYPE};

/// How long a call may take, from the name to the status.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// In a word.
    pub outcome: AnnouncementOutcome,
    /// The status, if there was an answer.
    pub status: Option<i64>,
    /// How long it took.
    pub took_ms: i64,
}

/// Calls receivers.
#[derive(Clone)]
pub struct Caller {
    targets: Targets,
    authority: Arc<[u8]>,
    /// Made at the first call by TLS: reading the system's certificates takes a while.
    tls: Arc<OnceLock<Option<TlsConnector>>>,
}

impl Caller {
    /// A caller that trusts the system's certificates, and those of a PEM text beside them.
    #[must_use]
    pub fn new(targets: Targets, authority: &[u8]) -> Self {
        Self { targets, authority: Arc::from(authority), tls: Arc::default() }
    }

    fn tls(&self) -> Option<&TlsConnector> {
        self.tls.get_or_init(|| connector(&self.authority)).as_ref()
    }

    /// Calls once. `headers` are ours: names and values that cannot be wrong.
    pub async fn post(&self, address: &str, headers: &[(&str, String)], body: String) -> Answer {
        let began = Instant::now();
        let called = timeout(TIMEOUT, self.call(address, headers, body)).await;
        let (outcome, status) = match called {
            Err(_) => (AnnouncementOutcome::TimedOut, None),
            Ok(Err(outcome)) => (outcome, None),
            Ok(Ok(status)) => {
                let outcome = match status {
                    StatusCode::GONE => AnnouncementOutcome::Gone,
                    status if status.is_success() => AnnouncementOutcome::Delivered,
                    _ => AnnouncementOutcome::Refused,
                };
                (outcome, Some(i64::from(status.as_u16())))
            }
        };
        let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        Answer { outcome, status, took_ms }
    }

    async fn call(
        &self,
        address: &str,
        headers: &[(&str, String)],
        body: String,
    ) -> Result<StatusCode, AnnouncementOutcome> {
        let address =
            Address::parse(address, self.targets).map_err(|_| AnnouncementOutcome::ForbiddenTarget)?;
        let stream = self.connect(&address).await?;
        if !address.tls {
            return ask(stream, &address, headers, body).await;
        }
        let name = ServerName::try_from(address.host.clone());
        let name = name.map_err(|_| AnnouncementOutcome::BadCertificate)?;
        let tls = self.tls().ok_or(AnnouncementOutcome::BadCertificate)?;
        let secured = tls.connect(name, stream).await;
        let secured = secured.map_err(|error| match error.kind() {
            ErrorKind::InvalidData => AnnouncementOutcome::BadCertificate,
            _ => AnnouncementOutcome::Unreachable,
        })?;
        ask(secured, &address, headers, body).await
    }

    /// Every address of the name must be allowed: one that leads inside is no accident. What was looked at is what is
    /// connected to.
    async fn connect(&self, address: &Address) -> Result<TcpStream, AnnouncementOutcome> {
        let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await;
        let found: Vec<SocketAddr> = found.map_err(|_| AnnouncementOutcome::Unreachable)?.collect();
        if found.iter().any(|at| !self.targets.allow(at.ip())) {
            return Err(AnnouncementOutcome::ForbiddenTarget);
        }
        TcpStream::connect(found.as_slice()).await.map_err(|_| AnnouncementOutcome::Unreachable)
    }
}

/// The provider has every default version, so there is one; without it nothing is called.
fn connector(authority: &[u8]) -> Option<TlsConnector> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(authority).filter_map(Result::ok));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.ok()?.with_root_certificates(roots).with_no_client_auth();
    Some(TlsConnector::from(Arc::new(config)))
}

async fn ask<S>(
    stream: S,
    address: &Address,
    headers: &[(&str, String)],
    body: String,
) -> Result<StatusCode, AnnouncementOutcome>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let broken = |_| AnnouncementOutcome::Unreachable;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let mut request = Request::post(&address.path)
        .header("host", &address.authority)
        .header("content-type", MEDIA_TYPE)
        .header("user-agent", concat!("lianxi/", env!("CARGO_PKG_VERSION")));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(body)));
    let request = request.map_err(|_| AnnouncementOutcome::Unreachable)?;
    let answer = sender.send_request(request);
    tokio::pin!(answer, connection);
    let answered = tokio::select! {
        biased;
        answered = &mut answer => answered,
        // An answer may come with the connection's end; without one this says that it broke.
        _ = &mut connection => answer.await,
    };
    answered.map(|answered| answered.status()).map_err(broken)
}
