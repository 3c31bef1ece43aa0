//! Every statement of notification.

use db::Sql;

pub static ENTER_MATTER: Sql = Sql::same(
    "INSERT INTO matter (id, number, restricted, anonymous, heard_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (id) DO NOTHING",
);

pub static LOAD_MATTER: Sql = Sql::same("SELECT number, restricted, anonymous FROM matter WHERE id = $1");

// What was restricted once stays so, and is named by its id alone.
pub static RESTRICT_MATTER: Sql = Sql::same("UPDATE matter SET restricted = 1, number = NULL WHERE id = $1");

pub static LIST_AGENCY: Sql = Sql::same(
    "INSERT INTO agency (code, name_zh, name_en, email) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO UPDATE SET \
     name_zh = excluded.name_zh, name_en = excluded.name_en, email = excluded.email",
);

pub static ALL_AGENCIES: Sql =
    Sql::same("SELECT code, name_zh, name_en, email FROM agency ORDER BY code LIMIT 5000");

pub static INSERT_NOTICE: Sql = Sql::same(
    "INSERT INTO notice (id, event_id, event_type, audience, subject_id, matter_id, template, template_version, told, \
     channel, ways, restricted, state, trouble, attempts, next_attempt_at, queued_at, sent_on, delivered_on, way, \
     proof, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, $17, $18, $19, \
     $20, 1) ON CONFLICT (event_id, audience) DO NOTHING",
);

pub static UPDATE_NOTICE: Sql = Sql::same(
    "UPDATE notice SET version = $3, channel = $4, ways = $5, restricted = $6, state = $7, trouble = $8, \
     attempts = $9, next_attempt_at = $10, sent_on = $11, delivered_on = $12, way = $13, proof = $14 \
     WHERE id = $1 AND version = $2",
);

macro_rules! notice_columns {
    () => {
        "n.id, n.event_id, n.event_type, n.audience, n.subject_id, n.matter_id, n.template, n.template_version, \
         n.told, n.channel, n.ways, n.restricted, n.state, n.trouble, n.attempts, n.next_attempt_at, n.queued_at, \
         n.sent_on, n.delivered_on, n.way, n.proof, n.read_at, n.version, m.number"
    };
}

macro_rules! notices {
    ($where:literal) => {
        Sql::same(concat!(
            "SELECT ",
            notice_columns!(),
            " FROM notice n LEFT JOIN matter m ON m.id = n.matter_id ",
            $where
        ))
    };
}

pub static LOAD_NOTICE: Sql = notices!("WHERE n.id = $1");

pub static OF_MATTER: Sql = notices!("WHERE n.matter_id = $1 ORDER BY n.id LIMIT 1000");

// Split: the two databases name the spreading of a JSON array differently.
pub static PAGE: Sql = Sql::split(
    concat!(
        "SELECT ",
        notice_columns!(),
        " FROM notice n LEFT JOIN matter m ON m.id = n.matter_id WHERE n.audience = 'petitioner' \
         AND n.restricted = $1 AND ($2 = '[]' OR n.state IN (SELECT value FROM json_each($2))) \
         AND (CAST($3 AS TEXT) IS NULL OR n.channel = $3) AND n.id > $4 ORDER BY n.id LIMIT $5"
    ),
    concat!(
        "SELECT ",
        notice_columns!(),
        " FROM notice n LEFT JOIN matter m ON m.id = n.matter_id WHERE n.audience = 'petitioner' \
         AND n.restricted = $1 AND (CAST($2 AS TEXT) = '[]' OR n.state IN \
         (SELECT v FROM jsonb_array_elements_text(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v))) \
         AND (CAST($3 AS TEXT) IS NULL OR n.channel = $3) AND n.id > $4 ORDER BY n.id LIMIT $5"
    ),
);

// The predicate of the partial index stands here once more.
pub static DUE_MAILS: Sql = Sql::same(
    "SELECT id FROM notice WHERE channel = 'mail' AND state IN ('queued', 'sending') AND next_attempt_at <= $1 \
     ORDER BY next_attempt_at, id LIMIT $2",
);

pub static COUNT_BY_STATE: Sql = Sql::same(
    "SELECT CASE WHEN audience = 'petitioner' THEN 'petitioner' WHEN channel = 'inbox' THEN 'inbox' ELSE 'desk' END \
     AS kind, state, count(*) FROM notice WHERE restricted = 0 GROUP BY 1, 2 ORDER BY 1, 2",
);

pub static COUNT_TWICE: Sql = Sql::same(
    "SELECT count(*) FROM (SELECT event_id FROM notice GROUP BY event_id, audience HAVING count(*) > 1) AS t",
);

// Split, as above. An accusation has no inbox.
pub static INBOX: Sql = Sql::split(
    concat!(
        "SELECT ",
        notice_columns!(),
        " FROM notice n LEFT JOIN matter m ON m.id = n.matter_id \
         WHERE n.audience IN (SELECT value FROM json_each($1)) AND n.channel = 'inbox' AND n.restricted = 0 \
         AND (CAST($2 AS BIGINT) = 0 OR n.read_at IS NULL) AND n.id < $3 ORDER BY n.id DESC LIMIT $4"
    ),
    concat!(
        "SELECT ",
        notice_columns!(),
        " FROM notice n LEFT JOIN matter m ON m.id = n.matter_id WHERE n.audience IN \
         (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) AND n.channel = 'inbox' \
         AND n.restricted = 0 AND (CAST($2 AS BIGINT) = 0 OR n.read_at IS NULL) AND n.id < $3 ORDER BY n.id DESC LIMIT $4"
    ),
);

pub static COUNT_UNREAD: Sql = Sql::split(
    "SELECT count(*) FROM notice WHERE channel = 'inbox' AND read_at IS NULL AND restricted = 0 \
     AND audience IN (SELECT value FROM json_each($1))",
    "SELECT count(*) FROM notice WHERE channel = 'inbox' AND read_at IS NULL AND restricted = 0 AND audience IN \
     (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v))",
);

pub static READ: Sql = Sql::split(
    "UPDATE notice SET read_at = $3 WHERE channel = 'inbox' AND read_at IS NULL AND restricted = 0 \
     AND audience IN (SELECT value FROM json_each($1)) AND ($2 = '[]' OR id IN (SELECT value FROM json_each($2)))",
    "UPDATE notice SET read_at = $3 WHERE channel = 'inbox' AND read_at IS NULL AND restricted = 0 AND audience IN \
     (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) \
     AND (CAST($2 AS TEXT) = '[]' OR id IN \
     (SELECT v FROM jsonb_array_elements_text(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v)))",
);

pub static MARK: Sql = Sql::same("SELECT mark FROM inbox_mark WHERE name = 'all'");

pub static RAISE_MARK: Sql = Sql::same(
    "INSERT INTO inbox_mark (name, mark) VALUES ('all', 1) \
     ON CONFLICT (name) DO UPDATE SET mark = inbox_mark.mark + 1",
);

/// All of them, for the test that prepares each on both databases.
pub static ALL: &[&Sql] = &[
    &ENTER_MATTER,
    &LOAD_MATTER,
    &RESTRICT_MATTER,
    &LIST_AGENCY,
    &ALL_AGENCIES,
    &INSERT_NOTICE,
    &UPDATE_NOTICE,
    &LOAD_NOTICE,
    &OF_MATTER,
    &PAGE,
    &DUE_MAILS,
    &COUNT_BY_STATE,
    &COUNT_TWICE,
    &INBOX,
    &COUNT_UNREAD,
    &READ,
    &MARK,
    &RAISE_MARK,
];
