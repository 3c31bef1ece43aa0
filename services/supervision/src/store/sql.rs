//! Every statement of supervision.

use db::Sql;

// PostgreSQL holds the row until the commit; on SQLite there is one writer. Whoever changes duties or orders of a
// matter says this first, so that sweep, consumers and commands meet here.
pub static HOLD_MATTER: Sql = Sql::same("UPDATE matter SET heard_at = heard_at WHERE id = $1");

pub static INSERT_MATTER: Sql = Sql::same(
    "INSERT INTO matter (id, number, restricted, heard_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
);

pub static LOAD_MATTER: Sql = Sql::same("SELECT number, restricted FROM matter WHERE id = $1");

// What was restricted once stays so, and is named by its id alone.
pub static RESTRICT_MATTER: Sql = Sql::same("UPDATE matter SET restricted = 1, number = NULL WHERE id = $1");

pub static INSERT_ASSIGNMENT: Sql = Sql::same(
    "INSERT INTO assignment (id, matter_id, agency, recalled, role) VALUES ($1, $2, $3, 0, $4) \
     ON CONFLICT (id) DO NOTHING",
);

pub static RECALL_ASSIGNMENT: Sql = Sql::same("UPDATE assignment SET recalled = 1 WHERE id = $1");

pub static LOAD_ASSIGNMENT: Sql =
    Sql::same("SELECT agency FROM assignment WHERE id = $1 AND matter_id = $2 AND recalled = 0");

pub static ROLE_OF_ASSIGNMENT: Sql = Sql::same("SELECT role FROM assignment WHERE id = $1");

pub static INSERT_DUTY: Sql = Sql::same(
    "INSERT INTO duty (id, matter_id, rule, assignment_id, agency, due, due_on, provisional, state, open, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10) ON CONFLICT (id) DO NOTHING",
);

pub static UPDATE_DUTY: Sql = Sql::same(
    "UPDATE duty SET version = $3, due = $4, due_on = $5, provisional = $6, state = $7, open = $8, warned = $9, \
     breached_on = $10, met_on = $11 WHERE id = $1 AND version = $2",
);

macro_rules! duty_columns {
    () => {
        "d.id, d.matter_id, d.assignment_id, d.agency, d.due, d.state, d.open, d.warned, d.breached_on, d.met_on, \
         d.version"
    };
}

pub static LOAD_DUTY: Sql = Sql::same(concat!("SELECT ", duty_columns!(), " FROM duty d WHERE d.id = $1"));

pub static DUTIES_OF_ASSIGNMENT: Sql = Sql::same(concat!(
    "SELECT ",
    duty_columns!(),
    " FROM duty d WHERE d.matter_id = $1 AND d.assignment_id = $2 ORDER BY d.id LIMIT 100"
));

pub static DUTIES_OF_MATTER: Sql = Sql::same(concat!(
    "SELECT ",
    duty_columns!(),
    ", m.number FROM duty d JOIN matter m ON m.id = d.matter_id WHERE d.matter_id = $1 \
     ORDER BY d.due_on, d.id LIMIT 1000"
));

pub static PAGE_OF_DUTIES: Sql = Sql::same(concat!(
    "SELECT ",
    duty_columns!(),
    ", m.number FROM duty d JOIN matter m ON m.id = d.matter_id \
     WHERE d.open = 1 AND (CAST($1 AS TEXT) IS NULL OR d.agency = $1) AND (CAST($2 AS TEXT) IS NULL OR d.rule = $2) \
     AND (CAST($3 AS BIGINT) = 0 OR d.state = 'breached') \
     AND ((m.restricted = 0 AND CAST($4 AS BIGINT) = 1) OR (m.restricted = 1 AND CAST($5 AS BIGINT) = 1)) \
     AND (d.due_on, d.id) > ($6, $7) ORDER BY d.due_on, d.id LIMIT $8"
));

pub static COUNT_DUTIES: Sql = Sql::same(
    "SELECT CAST(COALESCE(SUM(CASE WHEN d.state = 'running' THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN d.state = 'running' AND d.warned IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN d.state = 'breached' AND d.open = 1 THEN 1 ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN d.breached_on IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT) \
     FROM duty d JOIN matter m ON m.id = d.matter_id \
     WHERE (m.restricted = 0 AND CAST($1 AS BIGINT) = 1) OR (m.restricted = 1 AND CAST($2 AS BIGINT) = 1)",
);

pub static PROVISIONAL: Sql = Sql::same(concat!(
    "SELECT ",
    duty_columns!(),
    " FROM duty d WHERE d.provisional = 1 AND d.open = 1 AND d.id > $1 ORDER BY d.id LIMIT $2"
));

pub static INSERT_ALARM: Sql = Sql::same(
    "INSERT INTO alarm (duty_id, kind, matter_id, fires_on, fires_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (duty_id, kind) DO NOTHING",
);

pub static DROP_WAITING_ALARMS: Sql = Sql::same("DELETE FROM alarm WHERE duty_id = $1 AND fired_at IS NULL");

pub static CLAIM_ALARM: Sql =
    Sql::same("UPDATE alarm SET fired_at = $3 WHERE duty_id = $1 AND kind = $2 AND fired_at IS NULL");

pub static RIPE_ALARMS: Sql = Sql::same(
    "SELECT duty_id, kind, matter_id, fires_on FROM alarm WHERE fired_at IS NULL AND fires_at <= $1 \
     ORDER BY fires_at, duty_id, kind LIMIT $2",
);

pub static RIPE_ALARMS_OF_MATTER: Sql = Sql::same(
    "SELECT duty_id, kind, matter_id, fires_on FROM alarm WHERE matter_id = $1 AND fired_at IS NULL \
     AND fires_at <= $2 ORDER BY fires_at, duty_id, kind LIMIT 1000",
);

// A second order about the same assignment, while one is open, does not come to be.
pub static INSERT_ORDER: Sql = Sql::same(
    "INSERT INTO supervision_order (id, version, matter_id, assignment_id, agency, state, open, cause, owed, rule, \
     due, document_number, due_on, days, replies, sent_back, sort_on) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT DO NOTHING",
);

pub static UPDATE_ORDER: Sql = Sql::same(
    "UPDATE supervision_order SET version = $3, state = $4, open = $5, cause = $6, owed = $7, document_number = $8, \
     due_on = $9, days = $10, replies = $11, sent_back = $12, sort_on = $13 WHERE id = $1 AND version = $2",
);

macro_rules! order_columns {
    () => {
        "o.id, o.version, o.matter_id, o.assignment_id, o.agency, o.state, o.cause, o.owed, o.due, \
         o.document_number, o.due_on, o.days, o.replies, o.sent_back, o.sort_on"
    };
}

pub static LOAD_ORDER: Sql =
    Sql::same(concat!("SELECT ", order_columns!(), " FROM supervision_order o WHERE o.id = $1"));

pub static PAGE_OF_ORDERS: Sql = Sql::same(concat!(
    "SELECT ",
    order_columns!(),
    ", m.number FROM supervision_order o JOIN matter m ON m.id = o.matter_id \
     WHERE (CAST($1 AS TEXT) IS NULL OR o.agency = $1) AND (CAST($2 AS TEXT) IS NULL OR o.matter_id = $2) \
     AND (CAST($3 AS TEXT) IS NULL OR o.state = $3) \
     AND ((m.restricted = 0 AND CAST($4 AS BIGINT) = 1) OR (m.restricted = 1 AND CAST($5 AS BIGINT) = 1)) \
     AND (o.sort_on, o.id) > ($6, $7) ORDER BY o.sort_on, o.id LIMIT $8"
));

pub static COUNT_ORDERS: Sql = Sql::same(
    "SELECT o.state, count(*) FROM supervision_order o JOIN matter m ON m.id = o.matter_id \
     WHERE (m.restricted = 0 AND CAST($1 AS BIGINT) = 1) OR (m.restricted = 1 AND CAST($2 AS BIGINT) = 1) \
     GROUP BY o.state",
);

pub static CLAIM_SITE: Sql =
    Sql::same("INSERT INTO site (agency, site, since) VALUES ($1, $2, $3) ON CONFLICT (agency) DO NOTHING");

pub static SITE_OF: Sql = Sql::same("SELECT site FROM site WHERE agency = $1");

/// For the test that prepares each on both databases.
pub const ALL: &[&Sql] = &[
    &HOLD_MATTER,
    &INSERT_MATTER,
    &LOAD_MATTER,
    &RESTRICT_MATTER,
    &INSERT_ASSIGNMENT,
    &RECALL_ASSIGNMENT,
    &LOAD_ASSIGNMENT,
    &ROLE_OF_ASSIGNMENT,
    &INSERT_DUTY,
    &UPDATE_DUTY,
    &LOAD_DUTY,
    &DUTIES_OF_ASSIGNMENT,
    &DUTIES_OF_MATTER,
    &PAGE_OF_DUTIES,
    &COUNT_DUTIES,
    &PROVISIONAL,
    &INSERT_ALARM,
    &DROP_WAITING_ALARMS,
    &CLAIM_ALARM,
    &RIPE_ALARMS,
    &RIPE_ALARMS_OF_MATTER,
    &INSERT_ORDER,
    &UPDATE_ORDER,
    &LOAD_ORDER,
    &PAGE_OF_ORDERS,
    &COUNT_ORDERS,
    &CLAIM_SITE,
    &SITE_OF,
];
