//! Every statement of webhooks.

use db::Sql;

macro_rules! webhook_columns {
    () => {
        "SELECT webhook_id, address, types, active, version, wrapped, sealed, old_sealed, old_until, made_by, made_at \
         FROM webhook "
    };
}

pub static WEBHOOKS: Sql = Sql::same(concat!(webhook_columns!(), "ORDER BY webhook_id"));

pub static LOAD_WEBHOOK: Sql = Sql::same(concat!(webhook_columns!(), "WHERE webhook_id = $1"));

pub static INSERT_WEBHOOK: Sql = Sql::same(
    "INSERT INTO webhook (webhook_id, address, types, active, version, wrapped, sealed, made_by, made_at) \
     VALUES ($1, $2, $3, 1, 1, $4, $5, $6, $7)",
);

pub static SET_WEBHOOK: Sql = Sql::same(
    "UPDATE webhook SET types = $3, active = $4, version = version + 1 WHERE webhook_id = $1 AND version = $2",
);

pub static ROTATE_WEBHOOK: Sql = Sql::same(
    "UPDATE webhook SET old_sealed = sealed, old_until = $4, sealed = $3, version = version + 1 \
     WHERE webhook_id = $1 AND version = $2",
);

pub static REWRAP_WEBHOOK: Sql = Sql::same("UPDATE webhook SET wrapped = $2 WHERE webhook_id = $1");

pub static NOTE_CHANGE: Sql = Sql::same(
    "INSERT INTO webhook_change (webhook_id, version, change, user_id, at) VALUES ($1, $2, $3, $4, $5)",
);

pub static COUNT_DELIVERIES: Sql =
    Sql::same("SELECT webhook_id, state, count(*) FROM webhook_delivery GROUP BY webhook_id, state");

pub static INSERT_DELIVERY: Sql = Sql::same(
    "INSERT INTO webhook_delivery (delivery_id, webhook_id, dispatch_id, event_type, body, state, version, attempts, \
     round_from, next_at, entered_at) VALUES ($1, $2, $3, $4, $5, 'pending', 1, 0, 0, $6, $6) \
     ON CONFLICT (webhook_id, dispatch_id) DO NOTHING",
);

macro_rules! delivery_columns {
    () => {
        "SELECT delivery_id, webhook_id, dispatch_id, event_type, body, state, version, attempts, round_from, next_at, \
         entered_at FROM webhook_delivery "
    };
}

pub static DUE_DELIVERIES: Sql = Sql::same(
    "SELECT d.delivery_id FROM webhook_delivery d JOIN webhook w ON w.webhook_id = d.webhook_id \
     WHERE d.state = 'pending' AND d.next_at <= $1 AND w.active = 1 ORDER BY d.next_at, d.delivery_id LIMIT $2",
);

pub static LOAD_DELIVERY: Sql = Sql::same(concat!(delivery_columns!(), "WHERE delivery_id = $1"));

pub static PAGE_OF_DELIVERIES: Sql = Sql::same(concat!(
    delivery_columns!(),
    "WHERE (CAST($1 AS TEXT) IS NULL OR state = $1) AND (CAST($2 AS TEXT) IS NULL OR delivery_id < $2) \
     ORDER BY delivery_id DESC LIMIT $3"
));

pub static UPDATE_DELIVERY: Sql = Sql::same(
    "UPDATE webhook_delivery SET version = version + 1, state = $3, attempts = $4, round_from = $5, next_at = $6, \
     ended_at = $7 WHERE delivery_id = $1 AND version = $2",
);

pub static OPEN_ATTEMPT: Sql = Sql::same(
    "INSERT INTO webhook_attempt (delivery_id, attempt_no, outcome, at) VALUES ($1, $2, 'open', $3)",
);

pub static CLOSE_ATTEMPT: Sql = Sql::same(
    "UPDATE webhook_attempt SET outcome = $3, status = $4, took_ms = $5 WHERE delivery_id = $1 AND attempt_no = $2",
);

pub static ATTEMPTS_BETWEEN: Sql = Sql::same(
    "SELECT delivery_id, outcome, status, took_ms, at FROM webhook_attempt \
     WHERE delivery_id >= $1 AND delivery_id <= $2 ORDER BY delivery_id, attempt_no",
);

pub static COUNT_BY_STATE: Sql = Sql::same("SELECT count(*) FROM webhook_delivery WHERE state = $1");

/// For the test that prepares each on both databases.
pub const ALL: &[&Sql] = &[
    &WEBHOOKS,
    &LOAD_WEBHOOK,
    &INSERT_WEBHOOK,
    &SET_WEBHOOK,
    &ROTATE_WEBHOOK,
    &REWRAP_WEBHOOK,
    &NOTE_CHANGE,
    &COUNT_DELIVERIES,
    &INSERT_DELIVERY,
    &DUE_DELIVERIES,
    &LOAD_DELIVERY,
    &PAGE_OF_DELIVERIES,
    &UPDATE_DELIVERY,
    &OPEN_ATTEMPT,
    &CLOSE_ATTEMPT,
    &ATTEMPTS_BETWEEN,
    &COUNT_BY_STATE,
];
