//! Every statement of an agency's node.

use db::Sql;

// PostgreSQL holds the row until the commit; on SQLite there is one writer. Whoever changes a task says this
// first, so that two writers meet here and the second sees what the first did.
pub static HOLD_TASK: Sql = Sql::same("UPDATE task SET changed_at = changed_at WHERE assignment_id = $1");

macro_rules! columns {
    () => {
        "SELECT assignment_id, dispatch, dispatched_by, version, state, days, dues, papers, outcomes, opinion_id, \
         close_code, recall_reason, ruling, co, drafted, sort_on FROM task "
    };
}

pub static LOAD_TASK: Sql = Sql::same(concat!(columns!(), "WHERE assignment_id = $1"));

pub static INSERT_TASK: Sql = Sql::same(
    "INSERT INTO task (assignment_id, matter_id, assignment_no, dispatch, dispatched_by, restricted, version, state, \
     days, dues, papers, outcomes, opinion_id, close_code, recall_reason, sort_on, received_at, changed_at, ruling, \
     co, drafted) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19, $20) \
     ON CONFLICT (assignment_id) DO NOTHING",
);

pub static UPDATE_TASK: Sql = Sql::same(
    "UPDATE task SET version = $3, state = $4, days = $5, dues = $6, papers = $7, outcomes = $8, opinion_id = $9, \
     close_code = $10, recall_reason = $11, sort_on = $12, changed_at = $13, ruling = $14, \
     co = $15, drafted = $16 \
     WHERE assignment_id = $1 AND version = $2",
);

pub static PAGE_OF_TASKS: Sql = Sql::same(concat!(
    columns!(),
    "WHERE (CAST($1 AS TEXT) IS NULL OR state = $1) \
     AND (CAST($2 AS BIGINT) = 0 OR state NOT IN ('closed', 'recalled', 'returned', 'answered')) \
     AND ((restricted = 0 AND CAST($3 AS BIGINT) = 1) OR (restricted = 1 AND CAST($4 AS BIGINT) = 1)) \
     AND (sort_on, assignment_id) > ($5, $6) ORDER BY sort_on, assignment_id LIMIT $7",
));

pub static COUNT_TASKS: Sql = Sql::same(
    "SELECT state, count(*) FROM task WHERE (restricted = 0 AND CAST($1 AS BIGINT) = 1) \
     OR (restricted = 1 AND CAST($2 AS BIGINT) = 1) GROUP BY state",
);

pub static REMEMBER_RECALL: Sql = Sql::same(
    "INSERT INTO recalled_before (assignment_id, matter_id, assignment_no, reason, at) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (assignment_id) DO NOTHING",
);

pub static RECALLED_BEFORE: Sql = Sql::same("SELECT reason FROM recalled_before WHERE assignment_id = $1");

pub static LOAD_KEY: Sql = Sql::same("SELECT wrapped FROM task_key WHERE assignment_id = $1");

pub static NEWEST_KEY: Sql =
    Sql::same("SELECT assignment_id FROM task_key ORDER BY assignment_id DESC LIMIT 1");

pub static KEYS_AFTER: Sql = Sql::same(
    "SELECT assignment_id, wrapped FROM task_key WHERE assignment_id > $1 ORDER BY assignment_id LIMIT 500",
);

pub static REPLACE_KEY: Sql = Sql::same("UPDATE task_key SET wrapped = $2 WHERE assignment_id = $1");

pub static INSERT_KEY: Sql = Sql::same("INSERT INTO task_key (assignment_id, wrapped) VALUES ($1, $2)");

// What a recalled task's key sealed is the text and unfinished papers; a filed paper keeps it.
pub static DROP_KEY: Sql = Sql::same(
    "DELETE FROM task_key WHERE assignment_id = $1 \
     AND NOT EXISTS (SELECT 1 FROM paper WHERE assignment_id = $1 AND state = 'filed')",
);

pub static KEEP_TEXT: Sql = Sql::same(
    "INSERT INTO text_copy (assignment_id, sealed, copied_at) VALUES ($1, $2, $3) \
     ON CONFLICT (assignment_id) DO UPDATE SET sealed = excluded.sealed, copied_at = excluded.copied_at",
);

pub static LOAD_TEXT: Sql = Sql::same("SELECT sealed FROM text_copy WHERE assignment_id = $1");

pub static DROP_TEXT: Sql = Sql::same("DELETE FROM text_copy WHERE assignment_id = $1");

pub static KEEP_DRAFT: Sql = Sql::same(
    "INSERT INTO part_draft (assignment_id, sealed, drafted_at) VALUES ($1, $2, $3) \
     ON CONFLICT (assignment_id) DO UPDATE SET sealed = excluded.sealed, drafted_at = excluded.drafted_at",
);

pub static LOAD_DRAFT: Sql = Sql::same("SELECT sealed FROM part_draft WHERE assignment_id = $1");

pub static DROP_DRAFT: Sql = Sql::same("DELETE FROM part_draft WHERE assignment_id = $1");

pub static PENDING_PAPER: Sql = Sql::same(
    "SELECT content_id, series, number, sealed, sha256 FROM paper \
     WHERE assignment_id = $1 AND kind = $2 AND round = $3 AND state = 'pending'",
);

pub static INSERT_PAPER: Sql = Sql::same(
    "INSERT INTO paper (content_id, assignment_id, kind, state, series, number, sealed, sha256, changed_at, round) \
     VALUES ($1, $2, $3, 'pending', $4, $5, $6, $7, $8, $9)",
);

pub static DROP_PENDING_PAPER: Sql =
    Sql::same("DELETE FROM paper WHERE content_id = $1 AND state = 'pending'");

pub static VOID_PAPER: Sql = Sql::same(
    "UPDATE paper SET state = 'void', sealed = NULL, changed_at = $2 WHERE content_id = $1 AND state = 'pending'",
);

pub static VOID_PENDING_PAPERS: Sql = Sql::same(
    "UPDATE paper SET state = 'void', sealed = NULL, changed_at = $2 \
     WHERE assignment_id = $1 AND state = 'pending'",
);

pub static FILE_PAPER: Sql = Sql::same(
    "UPDATE paper SET state = 'filed', changed_at = $3 \
     WHERE content_id = $1 AND assignment_id = $2 AND state = 'pending'",
);

pub static FILED_PAPER: Sql =
    Sql::same("SELECT sealed FROM paper WHERE content_id = $1 AND assignment_id = $2 AND state = 'filed'");

pub static NOTE_LOOK: Sql = Sql::same(
    "INSERT INTO look (id, assignment_id, user_id, part, purpose, source, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)",
);

pub static HOLD_ORDER: Sql = Sql::same("UPDATE received_order SET version = version WHERE order_id = $1");

macro_rules! order_columns {
    () => {
        "SELECT order_id, dispatch, dispatched_by, version, state, due_on, days, sent_back, replies, sort_on \
         FROM received_order "
    };
}

pub static LOAD_ORDER: Sql = Sql::same(concat!(order_columns!(), "WHERE order_id = $1"));

pub static INSERT_ORDER: Sql = Sql::same(
    "INSERT INTO received_order (order_id, matter_id, assignment_id, dispatch, dispatched_by, restricted, version, \
     state, due_on, days, replies, sort_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
     ON CONFLICT (order_id) DO NOTHING",
);

pub static UPDATE_ORDER: Sql = Sql::same(
    "UPDATE received_order SET version = $3, state = $4, due_on = $5, days = $6, sent_back = $7, replies = $8, \
     sort_on = $9 WHERE order_id = $1 AND version = $2",
);

pub static PAGE_OF_ORDERS: Sql = Sql::same(concat!(
    order_columns!(),
    "WHERE (CAST($1 AS TEXT) IS NULL OR assignment_id = $1) AND (CAST($2 AS BIGINT) = 0 OR state <> 'closed') \
     AND ((restricted = 0 AND CAST($3 AS BIGINT) = 1) OR (restricted = 1 AND CAST($4 AS BIGINT) = 1)) \
     AND (sort_on, order_id) > ($5, $6) ORDER BY sort_on, order_id LIMIT $7",
));

pub static INSERT_MEETING: Sql = Sql::same(
    "INSERT INTO received_meeting (meeting_id, dispatch, dispatched_by, version, starts_at, positions) \
     VALUES ($1, $2, $3, $4, $5, $6)",
);

pub static HOLD_MEETING: Sql =
    Sql::same("UPDATE received_meeting SET version = version WHERE meeting_id = $1");

pub static UPDATE_MEETING: Sql = Sql::same(
    "UPDATE received_meeting SET dispatch = $3, dispatched_by = $4, version = $5, starts_at = $6, reply = $7, \
     cancelled_on = $8, minutes_number = $9, positions = $10 WHERE meeting_id = $1 AND version = $2",
);

macro_rules! meeting_columns {
    () => {
        "SELECT meeting_id, dispatch, dispatched_by, version, starts_at, reply, cancelled_on, minutes_number, \
         positions FROM received_meeting "
    };
}

pub static LOAD_MEETING: Sql = Sql::same(concat!(meeting_columns!(), "WHERE meeting_id = $1"));

pub static PAGE_OF_MEETINGS: Sql = Sql::same(concat!(
    meeting_columns!(),
    "WHERE (starts_at, meeting_id) < ($1, $2) ORDER BY starts_at DESC, meeting_id DESC LIMIT $3"
));

pub static INSERT_RESOLUTION_TASK: Sql = Sql::same(
    "INSERT INTO resolution_task (task_id, matter_id, dispatch, dispatched_by, version, state, due_on, days, reports, \
     sort_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (task_id) DO NOTHING",
);

pub static HOLD_RESOLUTION_TASK: Sql =
    Sql::same("UPDATE resolution_task SET version = version WHERE task_id = $1");

pub static UPDATE_RESOLUTION_TASK: Sql = Sql::same(
    "UPDATE resolution_task SET version = $3, state = $4, due_on = $5, days = $6, sent_back = $7, reports = $8, \
     sort_on = $9 WHERE task_id = $1 AND version = $2",
);

macro_rules! resolution_task_columns {
    () => {
        "SELECT task_id, dispatch, dispatched_by, version, state, due_on, days, sent_back, reports, sort_on \
         FROM resolution_task "
    };
}

pub static LOAD_RESOLUTION_TASK: Sql = Sql::same(concat!(resolution_task_columns!(), "WHERE task_id = $1"));

pub static PAGE_OF_RESOLUTION_TASKS: Sql = Sql::same(concat!(
    resolution_task_columns!(),
    "WHERE (CAST($1 AS BIGINT) = 0 OR state NOT IN ('done', 'withdrawn')) AND (sort_on, task_id) > ($2, $3) \
     ORDER BY sort_on, task_id LIMIT $4"
));

// The newest assignment of a matter, given back or not: its key seals what the agency says about the matter.
pub static ASSIGNMENT_OF_MATTER: Sql =
    Sql::same("SELECT assignment_id FROM task WHERE matter_id = $1 ORDER BY assignment_no DESC LIMIT 1");

/// For the test that prepares each on both databases.
pub const ALL: &[&Sql] = &[
    &HOLD_TASK,
    &LOAD_TASK,
    &INSERT_TASK,
    &UPDATE_TASK,
    &PAGE_OF_TASKS,
    &COUNT_TASKS,
    &REMEMBER_RECALL,
    &RECALLED_BEFORE,
    &LOAD_KEY,
    &NEWEST_KEY,
    &KEYS_AFTER,
    &REPLACE_KEY,
    &INSERT_KEY,
    &DROP_KEY,
    &KEEP_TEXT,
    &LOAD_TEXT,
    &DROP_TEXT,
    &KEEP_DRAFT,
    &LOAD_DRAFT,
    &DROP_DRAFT,
    &PENDING_PAPER,
    &INSERT_PAPER,
    &DROP_PENDING_PAPER,
    &VOID_PAPER,
    &VOID_PENDING_PAPERS,
    &FILE_PAPER,
    &FILED_PAPER,
    &NOTE_LOOK,
    &HOLD_ORDER,
    &LOAD_ORDER,
    &INSERT_ORDER,
    &UPDATE_ORDER,
    &PAGE_OF_ORDERS,
    &INSERT_MEETING,
    &HOLD_MEETING,
    &UPDATE_MEETING,
    &LOAD_MEETING,
    &PAGE_OF_MEETINGS,
    &INSERT_RESOLUTION_TASK,
    &HOLD_RESOLUTION_TASK,
    &UPDATE_RESOLUTION_TASK,
    &LOAD_RESOLUTION_TASK,
    &PAGE_OF_RESOLUTION_TASKS,
    &ASSIGNMENT_OF_MATTER,
];
