//! A receiver of webhooks that answers as it is told and keeps what came.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// In place of a status: no answer at all.
pub const SILENT: u16 = 0;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Came {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

pub struct Receiver {
    pub address: String,
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    reached: Arc<Notify>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    pub async fn start() -> Self {
        Self::on("127.0.0.1:0").await
    }

    /// A receiver on an address; 0 is a free port.
    pub async fn on(bind: &str) -> Self {
        let listener = TcpListener::bind(bind).await.expect("a port");
        let address = format!("http://{}/hooks", listener.local_addr().expect("bound"));
        let (came, answers) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(VecDeque::new())));
        let reached = Arc::new(Notify::new());
        let (kept, told, bell) = (came.clone(), answers.clone(), reached.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("accepted");
                let (kept, told, bell) = (kept.clone(), told.clone(), bell.clone());
                tokio::spawn(async move { serve(stream, &kept, &told, &bell).await });
            }
        });
        Self { address, came, answers, reached, task }
    }

    /// The next answers; 200 after them.
    pub fn answers(&self, statuses: &[u16]) {
        self.answers.lock().expect("answers").extend(statuses);
    }

    /// Waits until a request has come.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    pub fn came(&self) -> Vec<Came> {
        self.came.lock().expect("came").clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    came: &Mutex<Vec<Came>>,
    answers: &Mutex<VecDeque<u16>>,
    reached: &Notify,
) {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        let mut part = [0_u8; 4096];
        let n = stream.read(&mut part).await.unwrap_or(0);
        if n == 0 {
            return;
        }
        bytes.extend_from_slice(&part[..n]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
            });
            break (head, end + 4 + length.unwrap_or(0));
        }
    };
    while bytes.len() < length {
        let mut part = [0_u8; 4096];
        let n = stream.read(&mut part).await.unwrap_or(0);
        if n == 0 {
            return;
        }
        bytes.extend_from_slice(&part[..n]);
    }
    let header =
        |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    came.lock().expect("came").push(Came {
        path: head.split(' ').nth(1).unwrap_or_default().to_owned(),
        headers: head.lines().skip(1).filter_map(header).collect(),
        body: String::from_utf8_lossy(&bytes[head.len() + 4..]).into_owned(),
    });
    let status = answers.lock().expect("answers").pop_front().unwrap_or(200);
    reached.notify_one();
    if status == SILENT {
        std::future::pending::<()>().await;
    }
    let place = if status == 302 { "location: http://127.0.0.1:1/elsewhere\r\n" } else { "" };
    let answer = format!("HTTP/1.1 {status} x\r\n{place}content-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.ok();
}
