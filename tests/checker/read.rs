//! Reads the dumps from the databases.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use db::{Db, Sql, audit};
use serde::de::DeserializeOwned;

use super::dump::{Agency, Board, Intake, Meetings, Notification, Routing, Store, Supervision};

/// Rows as JSON, in the words of each database.
macro_rules! object {
    ($fields:literal, $rest:literal) => {
        Sql::split(
            concat!("SELECT json_object(", $fields, ") ", $rest),
            concat!("SELECT CAST(json_build_object(", $fields, ") AS TEXT) ", $rest),
        )
    };
}

static OUTBOX: Sql = object!(
    "'id', id, 'kind', kind, 'event_type', event_type, 'order_key', order_key,
        'subject_id', subject_id, 'version', version, 'causation', causation, 'body', body, 'agency', agency,
        'agency_seq', agency_seq, 'agency_hash', agency_hash, 'sent_at', sent_at, 'received_at', received_at",
    "FROM outbox ORDER BY seq"
);
static APPLIED: Sql = object!(
    "'consumer', consumer, 'order_key', order_key, 'subject_id', subject_id,
        'version', version, 'hash', hash",
    "FROM applied"
);
static PARKED: Sql = object!(
    "'consumer', consumer, 'order_key', order_key, 'subject_id', subject_id,
        'version', version",
    "FROM parked"
);
static DEAD: Sql =
    object!("'consumer', consumer, 'message_id', message_id, 'reason', reason", "FROM dead_letter");
static HEADS: Sql = object!("'agency', agency, 'seq', seq, 'hash', hash", "FROM dispatch_head");
static SUBMISSIONS: Sql = object!("'id', id, 'number', number, 'restricted', restricted", "FROM submission");
static KEYS: Sql = Sql::split(
    "SELECT json_array(key, submission_id) FROM idempotency",
    "SELECT CAST(json_build_array(key, submission_id) AS TEXT) FROM idempotency",
);
static LINKS: Sql = object!("'submission_id', submission_id, 'matter_id', matter_id", "FROM link");
static MATTERS: Sql = object!(
    "'id', id, 'state', state, 'restricted', restricted, 'facts_known', facts_known,
        'version', version, 'claims', claims",
    "FROM matter ORDER BY id"
);
static ASSIGNMENTS: Sql = Sql::split(
    "SELECT json_object('id', id, 'matter_id', matter_id, 'no', no, 'agency', agency, 'state', state,
        'active', active, 'role', role, 'lead_no', json_extract(share, '$.lead_no')) FROM assignment ORDER BY id",
    "SELECT CAST(json_build_object('id', id, 'matter_id', matter_id, 'no', no, 'agency', agency, 'state', state,
        'active', active, 'role', role, 'lead_no', CAST(share AS JSON) -> 'lead_no') AS TEXT)
     FROM assignment ORDER BY id",
);
static TASKS: Sql = object!(
    "'assignment_id', assignment_id, 'matter_id', matter_id, 'state', state,
        'version', version",
    "FROM task ORDER BY assignment_id"
);
static RECEIVED: Sql = object!("'id', order_id, 'state', state", "FROM received_order ORDER BY order_id");
static DUTIES: Sql = object!(
    "'id', id, 'state', state, 'breached_on', breached_on, 'met_on', met_on",
    "FROM duty ORDER BY id"
);
static ALARMS: Sql = object!(
    "'duty_id', duty_id, 'kind', kind, 'fires_at', fires_at, 'fired_at', fired_at",
    "FROM alarm ORDER BY duty_id, kind"
);
static ORDERS: Sql = object!(
    "'id', id, 'assignment_id', assignment_id, 'agency', agency, 'state', state, 'open', open,
        'document_number', document_number",
    "FROM supervision_order ORDER BY id"
);
static RESOLUTIONS: Sql = object!("'id', id, 'kind', kind, 'state', state", "FROM resolution ORDER BY id");
static ITEMS: Sql = object!("'matter_id', matter_id, 'parties', parties", "FROM item ORDER BY id");
static RESOLUTION_TASKS: Sql = object!(
    "'id', t.id, 'agency', t.agency, 'matter_id', i.matter_id",
    "FROM task t JOIN item i ON i.id = t.item_id ORDER BY t.id"
);
static INVITATIONS: Sql =
    object!("'meeting_id', meeting_id, 'agency', agency", "FROM invitation ORDER BY meeting_id, agency");
static NOTICES: Sql = object!(
    "'id', id, 'event_id', event_id, 'audience', audience, 'channel', channel, 'state', state,
        'restricted', restricted, 'next_attempt_at', next_attempt_at, 'version', version",
    "FROM notice ORDER BY id"
);
static BOARD: Sql = object!("'id', id, 'number', number, 'state', state, 'agency', agency", "FROM board");
static RESTRICTED: Sql =
    Sql::split("SELECT json_quote(id) FROM restricted", "SELECT CAST(to_json(id) AS TEXT) FROM restricted");
static COUNTERS: Sql = object!("'state', state, 'agency', agency, 'n', n", "FROM counter");
static TABLES: Sql = Sql::split(
    "SELECT m.name, (SELECT group_concat('quote(\"' || p.name || '\")', ' || ''|'' || ')
                     FROM pragma_table_info(m.name) AS p)
     FROM sqlite_schema AS m
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'migration'
       AND m.name NOT LIKE 'board_text%' ORDER BY m.name",
    "SELECT CAST(t.table_name AS TEXT), CAST(string_agg('COALESCE(' || CASE c.data_type
            WHEN 'bytea' THEN 'upper(encode(\"' || c.column_name || '\", ''hex''))'
            ELSE 'quote_literal(CAST(\"' || c.column_name || '\" AS TEXT))' END || ', ''NULL'')',
            ' || ''|'' || ' ORDER BY c.ordinal_position) AS TEXT)
     FROM information_schema.tables AS t
     JOIN information_schema.columns AS c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
     WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND t.table_name <> 'migration'
       AND t.table_name NOT LIKE 'board_text%' GROUP BY t.table_name ORDER BY t.table_name",
);

async fn read<T: DeserializeOwned + Send>(db: &Db, sql: &'static Sql) -> Vec<T> {
    let rows: Vec<(String,)> =
        db.read(|tx| Box::pin(async move { tx.query(sql).all().await })).await.expect("read");
    rows.iter().map(|(row,)| serde_json::from_str(row).expect("row")).collect()
}

/// What every service has alike.
pub async fn store(db: &Db) -> Store {
    let report = audit::verify(db).await.expect("audit");
    Store {
        outbox: read(db, &OUTBOX).await,
        applied: read(db, &APPLIED).await,
        parked: read(db, &PARKED).await,
        dead: read(db, &DEAD).await,
        dispatch_heads: read(db, &HEADS).await,
        audit: report.faults.iter().map(|f| format!("{} {} {:?}", f.chain, f.at, f.fault)).collect(),
        rows: Vec::new(),
    }
}

pub async fn intake(db: &Db) -> Intake {
    Intake {
        store: store(db).await,
        submissions: read(db, &SUBMISSIONS).await,
        keys: read(db, &KEYS).await,
        links: read(db, &LINKS).await,
    }
}

pub async fn routing(db: &Db) -> Routing {
    Routing {
        store: store(db).await,
        matters: read(db, &MATTERS).await,
        assignments: read(db, &ASSIGNMENTS).await,
    }
}

pub async fn agency(db: &Db) -> Agency {
    let (tasks, orders) = (read(db, &TASKS).await, read(db, &RECEIVED).await);
    let mut agency = Agency { store: store(db).await, tasks, orders };
    agency.store.rows = rows(db, &[]).await;
    agency
}

pub async fn supervision(db: &Db) -> Supervision {
    Supervision {
        store: store(db).await,
        duties: read(db, &DUTIES).await,
        alarms: read(db, &ALARMS).await,
        orders: read(db, &ORDERS).await,
    }
}

pub async fn meetings(db: &Db) -> Meetings {
    Meetings {
        store: store(db).await,
        resolutions: read(db, &RESOLUTIONS).await,
        items: read(db, &ITEMS).await,
        resolution_tasks: read(db, &RESOLUTION_TASKS).await,
        invitations: read(db, &INVITATIONS).await,
    }
}

pub async fn notification(db: &Db) -> Notification {
    Notification { store: store(db).await, notices: read(db, &NOTICES).await }
}

pub async fn board(db: &Db) -> Board {
    Board {
        store: store(db).await,
        rows: read(db, &BOARD).await,
        restricted: read(db, &RESTRICTED).await,
        counters: read(db, &COUNTERS).await,
    }
}

/// Every row of every table but these, as text in a fixed order.
pub async fn rows(db: &Db, without: &[&str]) -> Vec<(String, String)> {
    let tables: Vec<(String, String)> =
        db.read(|tx| Box::pin(async move { tx.query(&TABLES).all().await })).await.expect("tables");
    let mut all = Vec::new();
    for (table, columns) in tables.into_iter().filter(|(table, _)| !without.contains(&table.as_str())) {
        let sql = statement(format!("SELECT {columns} FROM \"{table}\" ORDER BY 1"));
        let rows: Vec<(String,)> =
            db.read(|tx| Box::pin(async move { tx.query(sql).all().await })).await.expect("rows");
        all.extend(rows.into_iter().map(|(row,)| (table.clone(), row)));
    }
    all
}

/// Runs raw SQL, as somebody with the file in hand could.
pub async fn tamper(db: &Db, text: &str) -> u64 {
    let sql = statement(text.to_owned());
    db.write(move |tx| Box::pin(async move { tx.query(sql).run().await })).await.expect("raw SQL")
}

/// A statement made at run time. Kept for ever, so each text is made once.
fn statement(text: String) -> &'static Sql {
    static MADE: Mutex<BTreeMap<String, &'static Sql>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(sql) = made.get(&text) {
        return sql;
    }
    let leaked: &'static str = Box::leak(text.clone().into_boxed_str());
    let sql: &'static Sql = Box::leak(Box::new(Sql::same(leaked)));
    made.insert(text, sql);
    sql
}
