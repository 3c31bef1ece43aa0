//! What the tests of this crate share: two kinds of message and a table.

use std::time::Duration;

use contracts::{Event, MessageKind};
use db::{Db, Draft, Migration, MigrationSet, Published, Sql, StoreError};
use kernel::{AgencyCode, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Noted {
    pub text: String,
}
impl Event for Noted {
    const TYPE: &'static str = "lianxi.routing.noted.v1";
    const KIND: MessageKind = MessageKind::Fact;
}

/// A dispatch.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Assigned {
    pub no: i64,
}
impl Event for Assigned {
    const TYPE: &'static str = "lianxi.routing.assigned.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}

pub const AT: UnixMillis = UnixMillis(1_785_718_800_000);

pub static SET: MigrationSet = MigrationSet {
    name: "test",
    steps: &[Migration {
        number: 1,
        name: "thing",
        sqlite: "CREATE TABLE thing (id TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL) STRICT",
        postgres: "CREATE TABLE thing (id TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)",
    }],
};

pub static INSERT: Sql = Sql::same("INSERT INTO thing (id, n) VALUES ($1, $2)");
pub static COUNT: Sql = Sql::same("SELECT count(*) FROM thing");
pub static ADD: Sql = Sql::same("UPDATE thing SET n = n + 1 WHERE id = $1");
pub static READ: Sql = Sql::same("SELECT n FROM thing WHERE id = $1");

pub fn agency(code: &str) -> AgencyCode {
    code.parse().expect("agency")
}

pub fn noted(subject: &str, text: &str) -> Draft {
    Draft::of(subject, AT, &Noted { text: text.to_owned() }).expect("draft")
}

pub fn assigned(subject: &str, no: i64) -> Draft {
    Draft::of(subject, AT, &Assigned { no }).expect("draft")
}

pub async fn publish(db: &Db, subject: &str) -> Result<Published, StoreError> {
    let draft = noted(subject, "x");
    db.write(move |tx| {
        let draft = draft.clone();
        Box::pin(async move { tx.publish(draft).await })
    })
    .await
}

pub async fn dispatch(db: &Db, to: &str, subject: &str) -> Result<Published, StoreError> {
    let (to, draft) = (agency(to), assigned(subject, 1));
    db.write(move |tx| {
        let (to, draft) = (to.clone(), draft.clone());
        Box::pin(async move { tx.dispatch(&to, draft).await })
    })
    .await
}

pub async fn insert(db: &Db, id: &str) -> Result<(), StoreError> {
    let id = id.to_owned();
    db.write(move |tx| {
        let id = id.clone();
        Box::pin(async move { tx.query(&INSERT).bind(id).bind(1).run_one().await })
    })
    .await
}

pub async fn things(db: &Db) -> i64 {
    let (n,): (i64,) =
        db.read(|tx| Box::pin(async move { tx.query(&COUNT).one().await })).await.expect("count");
    n
}

/// Runs any statement, as somebody with access to the file would.
pub async fn tamper(db: &Db, sql: &'static Sql) -> u64 {
    db.write(move |tx| Box::pin(async move { tx.query(sql).run().await })).await.expect("tampered")
}

/// Bounds a test that waits.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("in time")
}
