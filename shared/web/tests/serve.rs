//! The server over real sockets: TLS, the next free port, the bound on connections, the end.

#![expect(clippy::expect_used, reason = "a test that cannot be set up should stop")]

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use axum::{Router, extract::ConnectInfo, routing::get};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, watch},
};
use web::{ServeConfig, ServeError, TlsFiles, serve};

fn router() -> Router {
    Router::new()
        .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
}

fn any_port() -> ServeConfig {
    ServeConfig { bind: SocketAddr::from(([127, 0, 0, 1], 0)), ..ServeConfig::default() }
}

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

async fn ask(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connection");
    stream.write_all(ASK).await.expect("request");
    let mut text = String::new();
    // A connection that is closed at once may be reset: then nothing was answered.
    let _ = stream.read_to_string(&mut text).await;
    text
}

#[tokio::test]
async fn a_taken_port_is_replaced_by_the_next_free_one_when_allowed() {
    let (signal, shutdown) = watch::channel(false);
    let first = serve(router(), &any_port(), shutdown.clone()).await.expect("first");
    let same = ServeConfig { bind: first.address(), ..any_port() };
    let second = serve(router(), &same, shutdown.clone()).await.expect("second");
    assert_ne!(first.address(), second.address());
    assert!(ask(second.address()).await.ends_with("127.0.0.1"));
    let fixed = ServeConfig { next_free_port: false, ..same };
    assert!(matches!(serve(router(), &fixed, shutdown).await, Err(ServeError::Bind { .. })));
    assert_eq!(first.url(), format!("http://{}", first.address()));
    signal.send(true).expect("signal");
    first.ended().await.expect("ended");
    second.ended().await.expect("ended");
}

#[tokio::test]
async fn a_request_in_flight_is_finished_before_the_end() {
    let (signal, shutdown) = watch::channel(false);
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, outside) = (entered.clone(), leave.clone());
    let slow = Router::new().route(
        "/",
        get(|| async move {
            inside.notify_one();
            outside.notified().await;
            "finished"
        }),
    );
    let server = serve(slow, &any_port(), shutdown).await.expect("server");
    let answer = tokio::spawn(ask(server.address()));
    entered.notified().await;
    signal.send(true).expect("signal");
    leave.notify_one();
    assert!(answer.await.expect("answer").ends_with("finished"));
    server.ended().await.expect("ended");
}

#[tokio::test]
async fn one_connection_too_many_is_closed_and_a_place_is_given_back() {
    let (_signal, shutdown) = watch::channel(false);
    let one = ServeConfig { connections_max: 1, ..any_port() };
    let server = serve(router(), &one, shutdown).await.expect("server");
    let mut held = TcpStream::connect(server.address()).await.expect("held");
    held.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("request");
    let mut byte = [0];
    held.read_exact(&mut byte).await.expect("the one connection is served");
    assert_eq!(ask(server.address()).await, "", "the second is closed at once");
    drop(held);
    // The server notices the end of the first at its own pace: ask until it has.
    let answered = async {
        loop {
            let answer = ask(server.address()).await;
            if !answer.is_empty() {
                return answer;
            }
        }
    };
    let answer = tokio::time::timeout(std::time::Duration::from_secs(10), answered).await.expect("a place");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

fn tls_files() -> TlsFiles {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls");
    TlsFiles { cert: folder.join("cert.pem"), key: folder.join("key.pem") }
}

/// Asks over TLS, trusting the test's certificate alone; blocking.
fn ask_tls(address: SocketAddr) -> String {
    use std::io::{Read, Write};
    let pem = std::fs::read(tls_files().cert).expect("certificate");
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).expect("pem")).expect("root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().expect("name");
    let client = ClientConnection::new(Arc::new(config), name).expect("client");
    let mut stream = StreamOwned::new(client, std::net::TcpStream::connect(address).expect("connection"));
    stream.write_all(ASK).expect("request");
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    text
}

#[tokio::test]
async fn a_site_with_a_certificate_speaks_tls() {
    let (signal, shutdown) = watch::channel(false);
    let config = ServeConfig { tls: Some(tls_files()), ..any_port() };
    let server = serve(router(), &config, shutdown).await.expect("server");
    assert!(server.url().starts_with("https://127.0.0.1:"));
    let address = server.address();
    let answer = tokio::task::spawn_blocking(move || ask_tls(address)).await.expect("client");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    signal.send(true).expect("signal");
    server.ended().await.expect("ended");
}

#[tokio::test]
async fn a_wrong_tls_file_is_named() {
    let (_signal, shutdown) = watch::channel(false);
    let files = tls_files();
    for (cert, key, named) in [
        (PathBuf::from("/nowhere.pem"), files.key.clone(), "/nowhere.pem"),
        (files.key.clone(), files.key.clone(), "no certificate in it"),
        (files.cert.clone(), files.cert.clone(), "cert.pem"),
    ] {
        let config = ServeConfig { tls: Some(TlsFiles { cert, key }), ..any_port() };
        let error = serve(router(), &config, shutdown.clone()).await.err().expect("refused").to_string();
        assert!(error.contains(named), "{error}");
    }
}
