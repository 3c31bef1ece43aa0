//! Statements of the board.

use db::Sql;

/// The row of a matter.
pub static LOAD: Sql = Sql::same("SELECT body FROM board WHERE id = $1");
/// How far the facts of an accusation have been seen.
pub static LOAD_RESTRICTED: Sql =
    Sql::same("SELECT intake_version, routing_version FROM restricted WHERE id = $1");
/// What is known of many matters.
pub static LOAD_ALL: Sql = Sql::split(
    "SELECT k.value, b.body, r.intake_version, r.routing_version FROM jsonb_each($1) k
     LEFT JOIN board b ON b.id = k.value LEFT JOIN restricted r ON r.id = k.value",
    // Split: the two databases name the spreading of a JSON array differently.
    "SELECT v, b.body, r.intake_version, r.routing_version
     FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)
     LEFT JOIN board b ON b.id = v LEFT JOIN restricted r ON r.id = v",
);
/// Enters or replaces rows.
pub static PUT: Sql = Sql::split(
    "INSERT INTO board (id, number, state, agency, category, channel, purpose, received_on, registered_on, due_on,
                        breach_on, changed_at, body, co)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8,
            value->>9, value->>10, value->>11, value->>12, value->>13 FROM jsonb_each($1) WHERE true
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, agency = excluded.agency, category = excluded.category,
        purpose = excluded.purpose, due_on = excluded.due_on, breach_on = excluded.breach_on,
        changed_at = excluded.changed_at, body = excluded.body, co = excluded.co",
    // Split: the two databases name the spreading of a JSON array differently.
    "INSERT INTO board (id, number, state, agency, category, channel, purpose, received_on, registered_on, due_on,
                        breach_on, changed_at, body, co)
     SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6, v->>7, v->>8, v->>9, v->>10,
            CAST(v->>11 AS BIGINT), v->>12, v->>13
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, agency = excluded.agency, category = excluded.category,
        purpose = excluded.purpose, due_on = excluded.due_on, breach_on = excluded.breach_on,
        changed_at = excluded.changed_at, body = excluded.body, co = excluded.co",
);
/// Lines of timelines; told twice each is there once.
pub static TELL: Sql = Sql::split(
    "INSERT INTO board_event (matter_id, context, subject_id, version, at, type, detail)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 FROM jsonb_each($1)
     WHERE true ON CONFLICT DO NOTHING",
    // Split: the two databases name the spreading of a JSON array differently.
    "INSERT INTO board_event (matter_id, context, subject_id, version, at, type, detail)
     SELECT v->>0, v->>1, v->>2, CAST(v->>3 AS BIGINT), CAST(v->>4 AS BIGINT), v->>5, v->>6
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v) ON CONFLICT DO NOTHING",
);
/// Matters more (or less) in a state with somebody.
pub static COUNT: Sql = Sql::split(
    "INSERT INTO counter (state, agency, n)
     SELECT value->>0 AS s, value->>1 AS a, sum(value->>2) FROM jsonb_each($1) WHERE true GROUP BY s, a
     ON CONFLICT (state, agency) DO UPDATE SET n = counter.n + excluded.n",
    // Split: the two databases name the spreading of a JSON array differently.
    "INSERT INTO counter (state, agency, n)
     SELECT v->>0, v->>1, CAST(sum(CAST(v->>2 AS BIGINT)) AS BIGINT)
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v) GROUP BY v->>0, v->>1
     ON CONFLICT (state, agency) DO UPDATE SET n = counter.n + excluded.n",
);
/// That there is an accusation, and how far its facts have been seen.
pub static RESTRICT: Sql = Sql::same(
    "INSERT INTO restricted (id, intake_version, routing_version) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
);
/// More of its facts were seen.
pub static MARK_RESTRICTED: Sql = Sql::same(
    "UPDATE restricted SET
        intake_version = CASE WHEN $2 = 'intake' AND $3 > intake_version THEN $3 ELSE intake_version END,
        routing_version = CASE WHEN $2 = 'routing' AND $3 > routing_version THEN $3 ELSE routing_version END
     WHERE id = $1",
);
/// Takes a matter off the board.
pub static DROP_ROW: Sql = Sql::same("DELETE FROM board WHERE id = $1");
/// Takes its timeline away.
pub static DROP_EVENTS: Sql = Sql::same("DELETE FROM board_event WHERE matter_id = $1");
/// Takes it out of others' timelines.
pub static DROP_MENTIONS: Sql =
    Sql::same("DELETE FROM board_event WHERE subject_id = $1 AND subject_id <> matter_id");
/// Takes it out of the index.
pub static DROP_TEXT: Sql = Sql::same("DELETE FROM board_text WHERE matter_id = $1");
/// The register as published.
pub static LIST_AGENCY: Sql = Sql::same(
    "INSERT INTO agency (code, body) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET body = excluded.body",
);
/// All agencies.
pub static AGENCIES: Sql = Sql::same("SELECT body FROM agency ORDER BY code");
/// The first day after one on which something is due; there is an index by it.
pub static NEXT_DUE: Sql =
    Sql::same("SELECT due_on FROM board WHERE due_on > $1 AND due_on < $2 ORDER BY due_on LIMIT 1");
/// All counters.
pub static COUNTERS: Sql =
    Sql::same("SELECT state, agency, n FROM counter WHERE n <> 0 ORDER BY state, agency");
/// One row with its title.
pub static SHOW: Sql = Sql::same("SELECT body, title FROM board WHERE id = $1");
/// A timeline, oldest first.
pub static EVENTS: Sql = Sql::same(
    "SELECT context, subject_id, version, at, type, detail FROM board_event WHERE matter_id = $1
     ORDER BY at, context, version LIMIT $2",
);
/// The matter of a public number.
pub static BY_NUMBER: Sql = Sql::same("SELECT id FROM board WHERE number = $1");
/// Numbers and states of matters.
pub static NUMBERS_OF: Sql = Sql::split(
    "SELECT id, number, state FROM board WHERE id IN (SELECT value FROM json_each($1)) LIMIT 256",
    // Split: the two databases name the spreading of a JSON array differently.
    "SELECT id, number, state FROM board
     WHERE id IN (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) LIMIT 256",
);
/// Matters whose number begins so.
pub static NUMBERS_FROM: Sql =
    Sql::same("SELECT id FROM board WHERE number >= $1 AND number < $2 ORDER BY number LIMIT $3");
/// Matters whose masked text holds every pair of characters.
pub static SEARCH: Sql = Sql::split(
    "SELECT matter_id FROM board_text WHERE board_text MATCH $1 ORDER BY rowid DESC LIMIT $2",
    // Split: each database has its own full-text index.
    "SELECT matter_id FROM board_text WHERE words @@ plainto_tsquery('simple', $1) ORDER BY matter_id DESC LIMIT $2",
);
/// Matters whose masked text has not been asked for.
pub static TO_INDEX: Sql = Sql::same("SELECT id FROM board WHERE indexed = 0 ORDER BY id LIMIT $1");
/// Puts words into the index, for rows that wait for them.
pub static INDEX_WORDS: Sql = Sql::split(
    "INSERT INTO board_text (matter_id, words)
     SELECT k.value->>0, k.value->>2 FROM json_each($1) k
     WHERE k.value->>2 <> '' AND k.value->>0 IN (SELECT id FROM board WHERE indexed = 0)",
    // Split: the words of PostgreSQL are a type of their own.
    "INSERT INTO board_text (matter_id, words)
     SELECT v->>0, to_tsvector('simple', v->>2) FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)
     WHERE v->>2 <> '' AND v->>0 IN (SELECT id FROM board WHERE indexed = 0) ON CONFLICT DO NOTHING",
);
/// Gives rows their titles.
pub static INDEX_TITLES: Sql = Sql::split(
    "UPDATE board SET title = k.value->>1, indexed = 1 FROM json_each($1) k
     WHERE board.id = k.value->>0 AND board.indexed = 0",
    // Split: the two databases name the spreading of a JSON array differently.
    "UPDATE board SET title = e.v->>1, indexed = 1
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)
     WHERE board.id = e.v->>0 AND board.indexed = 0",
);

/// $1, $2 states · $3 holder · $4 category · $5 channel · $6 purpose · $7–$8 due · $9–$10 breach ·
/// $11 registered on · $12–$13 hits of a search · $17 also what the holder helps with. Empty text: no filter.
macro_rules! filters {
    ($hits:literal) => {
        concat!(
            " WHERE ($1 = '' OR CAST($2 AS TEXT) LIKE '%,' || state || ',%') AND ($3 = '' OR agency = $3
                   OR (CAST($17 AS BIGINT) = 1 AND CAST(co AS TEXT) LIKE '%,' || $3 || ',%'))
              AND ($4 = '' OR category = $4 OR category LIKE $4 || '.%') AND ($5 = '' OR channel = $5)
              AND ($6 = '' OR purpose = $6) AND due_on >= $7 AND due_on <= $8 AND breach_on >= $9 AND breach_on <= $10
              AND ($11 = '' OR registered_on = $11) AND (CAST($12 AS BIGINT) = 0 OR id IN (",
            $hits,
            "))"
        )
    };
}

/// Both dialects of a statement with filters. Split: the spreading of a JSON array is named differently.
macro_rules! filtered {
    ($head:literal, $tail:literal) => {
        Sql::split(
            concat!($head, filters!("SELECT value FROM json_each($13)"), $tail),
            concat!(
                $head,
                filters!("SELECT v FROM jsonb_array_elements_text(CAST(CAST($13 AS TEXT) AS JSONB)) AS e(v)"),
                $tail
            ),
        )
    };
}

/// A page by the time left: the earliest due first.
pub static PAGE_BY_DUE: Sql = filtered!(
    "SELECT body, title FROM board",
    " AND (due_on, id) > ($14, $15) ORDER BY due_on, id LIMIT $16"
);
/// A page by the day of receipt: the newest first.
pub static PAGE_BY_RECEIVED: Sql = filtered!(
    "SELECT body, title FROM board",
    " AND (received_on, id) < ($14, $15) ORDER BY received_on DESC, id DESC LIMIT $16"
);
/// A page by the last change: the newest first.
pub static PAGE_BY_CHANGE: Sql = filtered!(
    "SELECT body, title FROM board",
    " AND (changed_at, id) < (CAST(CAST($14 AS TEXT) AS BIGINT), $15) ORDER BY changed_at DESC, id DESC LIMIT $16"
);
/// How many match in all, and how many of them by the time left: today $14, in three days $15, in seven $16.
pub static TALLY: Sql = filtered!(
    "SELECT count(*), count(CASE WHEN breach_on < $14 THEN 1 END),
            count(CASE WHEN breach_on >= $14 AND due_on <= $14 THEN 1 END),
            count(CASE WHEN due_on > $14 AND due_on <= $15 THEN 1 END),
            count(CASE WHEN due_on > $15 AND due_on <= $16 THEN 1 END),
            count(CASE WHEN due_on > $16 AND due_on < '9999-12-31' THEN 1 END) FROM board",
    ""
);

/// Empties the board for a rebuild.
pub static CLEAR: &[Sql] = &[
    Sql::same("DELETE FROM board"),
    Sql::same("DELETE FROM board_event"),
    Sql::same("DELETE FROM board_text"),
    Sql::same("DELETE FROM restricted"),
    Sql::same("DELETE FROM counter"),
    Sql::same("DELETE FROM agency"),
    Sql::same("DELETE FROM inbox WHERE consumer = 'board'"),
    Sql::same("DELETE FROM applied WHERE consumer = 'board'"),
    Sql::same("DELETE FROM parked WHERE consumer = 'board'"),
];

/// All of them but those of [`CLEAR`].
pub const ALL: &[&Sql] = &[
    &LOAD,
    &LOAD_ALL,
    &LOAD_RESTRICTED,
    &PUT,
    &TELL,
    &COUNT,
    &RESTRICT,
    &MARK_RESTRICTED,
    &DROP_ROW,
    &DROP_EVENTS,
    &DROP_MENTIONS,
    &DROP_TEXT,
    &LIST_AGENCY,
    &AGENCIES,
    &COUNTERS,
    &NEXT_DUE,
    &SHOW,
    &EVENTS,
    &BY_NUMBER,
    &NUMBERS_OF,
    &NUMBERS_FROM,
    &SEARCH,
    &TO_INDEX,
    &INDEX_WORDS,
    &INDEX_TITLES,
    &PAGE_BY_DUE,
    &PAGE_BY_RECEIVED,
    &PAGE_BY_CHANGE,
    &TALLY,
];
