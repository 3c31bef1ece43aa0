//! The lean half of HTTP/1.1 that a load generator needs: one keep-alive connection, requests made before,
//! answers with a length. It shares the machine with what it measures, so it does nothing else.

use std::net::SocketAddr;

use anyhow::{Context, bail, ensure};
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Longest answer that is read, in bytes.
const ANSWER_MAX: usize = 4 * 1024 * 1024;

/// A keep-alive connection.
pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

/// An answer.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("not the answer expected: {}", self.text()))
    }

    /// The body as it stands, for error messages.
    pub fn text(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// A POST, ready to be sent.
pub fn post(path: &str, token: Option<&str>, key: Option<&str>, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
    );
    if let Some(token) = token {
        head.push_str(&format!("authorization: Bearer {token}\r\n"));
    }
    if let Some(key) = key {
        head.push_str(&format!("idempotency-key: {key}\r\n"));
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

impl Wire {
    /// Connects.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the console does not answer")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and reads its answer whole.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await.context("sending")?;
        self.read.clear();
        let head = loop {
            if let Some(head) = self.read.windows(4).position(|w| w == b"\r\n\r\n") {
                break head;
            }
            self.more().await?;
        };
        let (status, length) = read_head(self.read.get(..head).unwrap_or_default())?;
        let from = head + 4;
        while self.read.len() < from + length {
            self.more().await?;
        }
        Ok(Answer { status, body: self.read.get(from..from + length).unwrap_or_default().to_vec() })
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        let n = self.stream.read_buf(&mut self.read).await.context("reading")?;
        ensure!(n > 0, "the connection was closed");
        ensure!(self.read.len() <= ANSWER_MAX, "an answer above {ANSWER_MAX} bytes");
        Ok(())
    }
}

/// Status and length of an answer.
fn read_head(head: &[u8]) -> anyhow::Result<(u16, usize)> {
    let head = std::str::from_utf8(head).context("the head of an answer")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).context("an answer without status")?;
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            return Ok((status.parse()?, value.trim().parse()?));
        }
    }
    bail!("an answer without length: {head}")
}
