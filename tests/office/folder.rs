//! What a story leaves behind and takes away: a folder, a database.

use std::path::{Path, PathBuf};

use sqlx::{Connection, Executor, PgConnection};

/// A folder that goes away with its story; kept when `LIANXI_TEST_KEEP` is set.
pub struct Folder(PathBuf);

impl Folder {
    /// A new one.
    pub fn new(name: &str) -> Self {
        let id: kernel::EventId = kernel::IdMint::system().mint();
        let path = std::env::temp_dir().join(format!("lianxi-{name}-{id}"));
        std::fs::create_dir_all(&path).expect("folder");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Files below it whose bytes hold one of the texts: `path: text`.
    pub fn files_with(&self, texts: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("folder") {
                let path = entry.expect("entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                // A file that went away meanwhile holds nothing.
                let Ok(bytes) = std::fs::read(&path) else { continue };
                let held = texts.iter().filter(|text| memmem(&bytes, text.as_bytes()));
                found.extend(held.map(|text| format!("{}: {text}", path.display())));
            }
        }
        found
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::env::var_os("LIANXI_TEST_KEEP").is_none() {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }
}

fn memmem(bytes: &[u8], text: &[u8]) -> bool {
    let Some(first) = text.first() else { return false };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|b| b == first) {
        let begins = from + at;
        if bytes[begins..].starts_with(text) {
            return true;
        }
        from = begins + 1;
    }
    false
}

/// A PostgreSQL database of one story's own.
pub struct Database {
    server: String,
    name: String,
    url: String,
}

impl Database {
    /// Makes one; `None` where `LIANXI_TEST_POSTGRES` names no server.
    pub async fn create() -> Option<Self> {
        let server = std::env::var(db::testing::POSTGRES_VARIABLE).ok().filter(|s| !s.is_empty())?;
        let id: kernel::EventId = kernel::IdMint::system().mint();
        let name = format!("story_{id}").to_lowercase();
        run(&server, &format!("CREATE DATABASE \"{name}\"")).await;
        let url = renamed(&server, &name);
        Some(Self { server, name, url })
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Deletes it, with what is still connected.
    pub async fn discard(self) {
        run(&self.server, &format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name)).await;
    }
}

async fn run(server: &str, statement: &str) {
    let mut connection = PgConnection::connect(server).await.expect("the server of LIANXI_TEST_POSTGRES");
    let statement = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()));
    connection.execute(statement).await.unwrap_or_else(|e| panic!("{e}"));
    connection.close().await.expect("close");
}

/// `postgres://u@h:p/old?x=y` with another database.
fn renamed(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').map_or((server, None), |(a, p)| (a, Some(p)));
    let begins = address.find("://").map_or(0, |at| at + 3);
    let host_ends = address[begins..].find('/').map_or(address.len(), |at| begins + at);
    let tail = parameters.map(|p| format!("?{p}")).unwrap_or_default();
    format!("{}/{name}{tail}", &address[..host_ends])
}

#[test]
fn the_database_alone_is_renamed() {
    assert_eq!(renamed("postgres://me@h:1/old?x=y", "new"), "postgres://me@h:1/new?x=y");
    assert_eq!(renamed("postgres://me@h:1", "new"), "postgres://me@h:1/new");
    assert_eq!(renamed("postgres:///old?host=/run", "new"), "postgres:///new?host=/run");
}
