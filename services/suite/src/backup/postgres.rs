//! The books in `PostgreSQL`, by its own programs `pg_dump` and `pg_restore`.

use std::path::Path;

use anyhow::{Context, bail};
use reqwest::Url;
use tokio::process::Command;

/// The dump's name.
const DUMP: &str = "office.pgdump";

/// Dumps the books' schemas in one snapshot.
pub(super) async fn dump(url: &str, books: &[String], to: &Path) -> anyhow::Result<()> {
    let mut command = program("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--file"]).arg(to.join(DUMP));
    for book in books {
        command.arg(format!("--schema={}", book.replace('-', "_")));
    }
    run(command, "pg_dump").await
}

/// Brings them back into a database that has none of them.
pub(super) async fn restore(url: &str, from: &Path) -> anyhow::Result<()> {
    let mut command = program("pg_restore", url)?;
    command.args(["--exit-on-error", "--single-transaction", "--no-owner"]).arg(from.join(DUMP));
    run(command, "pg_restore").await.context(
        "the database must have no schema of an office: make an empty one, and name it in database.url",
    )
}

/// A program with the database's address; the password goes by its environment, where `ps` does not show it.
fn program(name: &str, url: &str) -> anyhow::Result<Command> {
    let mut url = Url::parse(url).map_err(|_| anyhow::anyhow!("database.url cannot be read"))?;
    let mut command = Command::new(name);
    if let Some(password) = url.password() {
        command
            .env("PGPASSWORD", percent_encoding::percent_decode_str(password).decode_utf8_lossy().as_ref());
        url.set_password(None).map_err(|()| anyhow::anyhow!("database.url cannot be read"))?;
    }
    command.arg(format!("--dbname={url}"));
    Ok(command)
}

async fn run(mut command: Command, name: &str) -> anyhow::Result<()> {
    let ended = command
        .output()
        .await
        .with_context(|| format!("{name} is missing: install the client of the server's version"))?;
    if !ended.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&ended.stderr).trim());
    }
    Ok(())
}
