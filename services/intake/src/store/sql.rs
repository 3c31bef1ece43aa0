//! Every statement of intake. No statement changes what a submission says, and none deletes one.

use db::Sql;

/// What a submission's row gives, with what routing's facts and links add: whether it is restricted now, and
/// the matter it belongs to.
macro_rules! submission {
    ($where:literal) => {
        concat!(
            "SELECT s.id, s.number, s.channel, s.purpose, s.petitioner_kind, s.anonymous, s.joint, s.heads, \
             s.place_region, s.received_on, s.registered_at, s.claims, s.attachments, s.identity_withheld, s.t01, \
             s.content_id, s.content_hash, s.data_key, s.content, coalesce(q.code, s.code) AS code, \
             coalesce(q.code_hash, s.code_hash) AS code_hash, \
             coalesce(l.matter_id, s.id) AS matter_id, \
             CAST(CASE WHEN s.restricted = 1 OR coalesce(own.restricted, 0) = 1 OR coalesce(target.restricted, 0) = 1 \
             OR coalesce(matter.restricted, 0) = 1 THEN 1 ELSE 0 END AS BIGINT) AS restricted \
             FROM submission s LEFT JOIN standing own ON own.matter_id = s.id \
             LEFT JOIN link l ON l.submission_id = s.id LEFT JOIN standing matter ON matter.matter_id = l.matter_id \
             LEFT JOIN submission target ON target.id = l.matter_id \
             LEFT JOIN query_code q ON q.submission_id = s.id ",
            $where
        )
    };
}

pub static LOAD_SUBMISSION: Sql = Sql::same(submission!("WHERE s.id = $1"));

pub static LOAD_BY_NUMBER: Sql = Sql::same(submission!("WHERE s.number = $1"));

// Split, here and below: the two databases name the spreading of a JSON array differently.
pub static LOAD_SUBMISSIONS: Sql = Sql::split(
    submission!("WHERE s.id IN (SELECT value FROM json_each($1)) ORDER BY s.id LIMIT 256"),
    submission!(
        "WHERE s.id IN (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) \
         ORDER BY s.id LIMIT 256"
    ),
);

pub static LOAD_IDENTITIES: Sql = Sql::same(
    "SELECT submission_id, position, person FROM identity WHERE submission_id = $1 ORDER BY position LIMIT 1000",
);

pub static LOAD_IDENTITIES_OF: Sql = Sql::split(
    "SELECT submission_id, position, person FROM identity \
     WHERE submission_id IN (SELECT value FROM json_each($1)) ORDER BY submission_id, position LIMIT 256000",
    "SELECT submission_id, position, person FROM identity \
     WHERE submission_id IN (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) \
     ORDER BY submission_id, position LIMIT 256000",
);

// Registrations are inserted by the hundred, people and sketches with them, in one trip. `$1` holds the rows of
// submissions, `$3` those of people, `$4` those of sketches, `$2` all cells one behind the other: bytes cannot
// travel in JSON, so each row says where its cells begin (from 1) and how long they are. `jsonb_each`, because each
// look at `value` of `json_each` would write the row as text anew. PostgreSQL takes one statement a trip, so all are
// one `WITH`.
pub static INSERT_SUBMISSIONS: Sql = Sql::split(
    "INSERT INTO submission (id, number, channel, purpose, petitioner_kind, anonymous, joint, heads, place_region, \
     written_on, received_on, registered_at, claims, attachments, identity_withheld, restricted, t01, content_id, \
     content_hash, data_key, content, code, code_hash) \
     SELECT value->>'id', value->>'number', value->>'channel', value->>'purpose', value->>'kind', \
     value->>'anonymous', value->>'joint', value->>'heads', value->>'region', value->>'written_on', \
     value->>'received_on', value->>'at', value->>'claims', value->>'attachments', value->>'withheld', \
     value->>'restricted', value->>'t01', value->>'content_id', value->>'content_hash', \
     substr($2, value->>'key_at', value->>'key_len'), substr($2, value->>'content_at', value->>'content_len'), \
     substr($2, value->>'code_at', value->>'code_len'), substr($2, value->>'hash_at', value->>'hash_len') \
     FROM jsonb_each($1); \
     INSERT INTO identity (submission_id, position, person, id_index, telephone_index) \
     SELECT value->>0, value->>1, substr($2, value->>2, value->>3), value->>4, value->>5 FROM jsonb_each($3); \
     INSERT INTO sketch (submission_id, seq, place_region, sketch) \
     SELECT value->>0, value->>1, value->>2, substr($2, value->>3, value->>4) FROM jsonb_each($4)",
    "WITH written AS (INSERT INTO submission (id, number, channel, purpose, petitioner_kind, anonymous, joint, heads, \
     place_region, written_on, received_on, registered_at, claims, attachments, identity_withheld, restricted, t01, \
     content_id, content_hash, data_key, content, code, code_hash) \
     SELECT v->>'id', v->>'number', v->>'channel', v->>'purpose', v->>'kind', CAST(v->>'anonymous' AS BIGINT), \
     CAST(v->>'joint' AS BIGINT), CAST(v->>'heads' AS BIGINT), v->>'region', v->>'written_on', v->>'received_on', \
     CAST(v->>'at' AS BIGINT), CAST(v->>'claims' AS BIGINT), CAST(v->>'attachments' AS BIGINT), \
     CAST(v->>'withheld' AS BIGINT), CAST(v->>'restricted' AS BIGINT), v->>'t01', v->>'content_id', v->>'content_hash', \
     substr(CAST($2 AS BYTEA), CAST(v->>'key_at' AS INTEGER), CAST(v->>'key_len' AS INTEGER)), \
     substr(CAST($2 AS BYTEA), CAST(v->>'content_at' AS INTEGER), CAST(v->>'content_len' AS INTEGER)), \
     substr(CAST($2 AS BYTEA), CAST(v->>'code_at' AS INTEGER), CAST(v->>'code_len' AS INTEGER)), \
     substr(CAST($2 AS BYTEA), CAST(v->>'hash_at' AS INTEGER), CAST(v->>'hash_len' AS INTEGER)) \
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)), \
     known AS (INSERT INTO identity (submission_id, position, person, id_index, telephone_index) \
     SELECT v->>0, CAST(v->>1 AS BIGINT), substr(CAST($2 AS BYTEA), CAST(v->>2 AS INTEGER), CAST(v->>3 AS INTEGER)), \
     v->>4, v->>5 FROM jsonb_array_elements(CAST(CAST($3 AS TEXT) AS JSONB)) AS e(v)) \
     INSERT INTO sketch (submission_id, seq, place_region, sketch) \
     SELECT v->>0, CAST(v->>1 AS BIGINT), v->>2, \
     substr(CAST($2 AS BYTEA), CAST(v->>3 AS INTEGER), CAST(v->>4 AS INTEGER)) \
     FROM jsonb_array_elements(CAST(CAST($4 AS TEXT) AS JSONB)) AS e(v)",
);

pub static CLAIM_KEYS: Sql = Sql::split(
    "INSERT INTO idempotency (key, submission_id) SELECT value->>0, value->>1 FROM jsonb_each($1) WHERE true \
     ON CONFLICT DO NOTHING RETURNING key",
    "INSERT INTO idempotency (key, submission_id) SELECT v->>0, v->>1 \
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v) ON CONFLICT DO NOTHING RETURNING key",
);

pub static KNOWN_KEYS: Sql = Sql::split(
    "SELECT key, submission_id FROM idempotency WHERE key IN (SELECT value FROM json_each($1)) LIMIT 256",
    "SELECT key, submission_id FROM idempotency WHERE key IN \
     (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) LIMIT 256",
);

macro_rules! attachment {
    ($where:literal) => {
        concat!(
            "SELECT id, submission_id, place, uploaded_by, size, received, completed_at, data_key, about \
             FROM attachment ",
            $where
        )
    };
}

pub static LOAD_ATTACHMENT: Sql = Sql::same(attachment!("WHERE id = $1"));

pub static LOAD_ATTACHMENTS_OF: Sql =
    Sql::same(attachment!("WHERE submission_id = $1 ORDER BY position LIMIT 100"));

// Split: PostgreSQL holds the rows, in one order, until they are bound; SQLite has one writer.
pub static HOLD_ATTACHMENTS: Sql = Sql::split(
    attachment!("WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id LIMIT 8192"),
    attachment!(
        "WHERE id IN (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) \
         ORDER BY id LIMIT 8192 FOR UPDATE"
    ),
);

pub static BIND_ATTACHMENTS: Sql = Sql::split(
    "UPDATE attachment SET submission_id = b.submission_id, position = b.position \
     FROM (SELECT value->>0 AS id, value->>1 AS submission_id, value->>2 AS position FROM jsonb_each($1)) AS b \
     WHERE attachment.id = b.id AND attachment.submission_id IS NULL",
    "UPDATE attachment SET submission_id = b.submission_id, position = b.position \
     FROM (SELECT v->>0 AS id, v->>1 AS submission_id, CAST(v->>2 AS BIGINT) AS position \
           FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) AS b \
     WHERE attachment.id = b.id AND attachment.submission_id IS NULL",
);

pub static BEGIN_ATTACHMENT: Sql = Sql::same(
    "INSERT INTO attachment (id, place, uploaded_by, size, received, started_at, data_key, about) \
     VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
);

pub static ADVANCE_ATTACHMENT: Sql =
    Sql::same("UPDATE attachment SET received = received + $3 WHERE id = $1 AND received = $2");

pub static COMPLETE_ATTACHMENT: Sql = Sql::same(
    "UPDATE attachment SET completed_at = $2, about = $3 \
     WHERE id = $1 AND completed_at IS NULL AND received = size",
);

pub static INSERT_PIECE: Sql =
    Sql::same("INSERT INTO attachment_piece (attachment_id, begins, size, object) VALUES ($1, $2, $3, $4)");

pub static LOAD_PIECES: Sql = Sql::same(
    "SELECT begins, size, object FROM attachment_piece WHERE attachment_id = $1 ORDER BY begins LIMIT 1000",
);

pub static LOAD_PIECE_AT: Sql = Sql::same(
    "SELECT begins, size, object FROM attachment_piece \
     WHERE attachment_id = $1 AND begins <= $2 AND $2 < begins + size",
);

// Unfinished uploads of everybody, and finished ones of the portal that no submission named: a scan of the
// office waits for its step as long as it must.
pub static EXPIRED_ATTACHMENTS: Sql = Sql::same(
    "SELECT id FROM attachment WHERE submission_id IS NULL AND started_at < $1 \
     AND (completed_at IS NULL OR place = 'portal') ORDER BY started_at LIMIT $2",
);

pub static DROP_PIECES: Sql = Sql::same("DELETE FROM attachment_piece WHERE attachment_id = $1");

// The upload may have been finished and bound since it was found.
pub static DROP_ATTACHMENT: Sql = Sql::same(
    "DELETE FROM attachment WHERE id = $1 AND submission_id IS NULL AND (completed_at IS NULL OR place = 'portal')",
);

pub static INSERT_REVEAL: Sql = Sql::same(
    "INSERT INTO reveal (submission_id, at, agency, actor, part, purpose, detail, notification) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);

pub static LOAD_OPENINGS: Sql = Sql::same(
    "SELECT agency, notification, part, purpose, at FROM reveal \
     WHERE submission_id = $1 AND part <> 'paper' ORDER BY seq DESC LIMIT $2",
);

pub static LOAD_CODE: Sql = Sql::same("SELECT times, request FROM query_code WHERE submission_id = $1");

pub static PUT_CODE: Sql = Sql::same(
    "INSERT INTO query_code (submission_id, times, code, code_hash, request, reissued_at, reissued_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (submission_id) DO UPDATE SET times = excluded.times, \
     code = excluded.code, code_hash = excluded.code_hash, request = excluded.request, \
     reissued_at = excluded.reissued_at, reissued_by = excluded.reissued_by",
);

// The row is made before it is counted, so that two writers meet on it.
pub static HOLD_TRIES: Sql = Sql::same(
    "INSERT INTO code_try (submission_id, day) VALUES ($1, $2) \
     ON CONFLICT (submission_id, day) DO UPDATE SET wrong = code_try.wrong",
);

pub static LOAD_TRIES: Sql =
    Sql::same("SELECT wrong, given FROM code_try WHERE submission_id = $1 AND day = $2");

pub static COUNT_WRONG: Sql =
    Sql::same("UPDATE code_try SET wrong = wrong + 1 WHERE submission_id = $1 AND day = $2");

pub static COUNT_GIVEN: Sql =
    Sql::same("UPDATE code_try SET given = given + 1 WHERE submission_id = $1 AND day = $2");

// Yes or no for one named submission; there is no way from a document to submissions.
pub static HAS_DOCUMENT: Sql =
    Sql::same("SELECT count(*) FROM identity WHERE submission_id = $1 AND id_index = $2");

pub static LOAD_LINK_PAIR: Sql = Sql::same(
    "SELECT (SELECT count(*) FROM link WHERE submission_id = $1) AS linked, \
     (SELECT count(*) FROM link WHERE matter_id = $1) AS repeats, \
     (SELECT count(*) FROM agency_right WHERE matter_id = $1 AND state = 'active') AS handed_over, \
     (SELECT count(*) FROM link WHERE submission_id = $2) AS target_linked, \
     (SELECT count(*) FROM standing WHERE matter_id = $2 AND closed = 1) AS target_closed",
);

pub static INSERT_LINK: Sql = Sql::same(
    "INSERT INTO link (submission_id, matter_id, reason, linked_by, linked_at) VALUES ($1, $2, $3, $4, $5)",
);

pub static RESTRICT_MATTER: Sql = Sql::same(
    "INSERT INTO standing (matter_id, restricted) VALUES ($1, 1) \
     ON CONFLICT (matter_id) DO UPDATE SET restricted = 1",
);

pub static CLOSE_MATTER: Sql = Sql::same(
    "INSERT INTO standing (matter_id, closed) VALUES ($1, 1) ON CONFLICT (matter_id) DO UPDATE SET closed = 1",
);

pub static LOAD_RIGHT: Sql =
    Sql::same("SELECT agency, matter_id, identity_travels, state FROM agency_right WHERE assignment_id = $1");

pub static GRANT_RIGHT: Sql = Sql::same(
    "INSERT INTO agency_right (assignment_id, matter_id, agency, assignment_no, identity_travels, state) \
     VALUES ($1, $2, $3, $4, $5, 'active') ON CONFLICT (assignment_id) DO NOTHING",
);

// Also where the grant is not here yet, so that a late grant finds the end and changes nothing.
pub static END_RIGHT: Sql = Sql::same(
    "INSERT INTO agency_right (assignment_id, matter_id, agency, assignment_no, identity_travels, state) \
     VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (assignment_id) DO UPDATE SET state = excluded.state",
);

pub static GIVE_PART: Sql = Sql::same(
    "INSERT INTO co_part (content_id, matter_id, lead_assignment_id) VALUES ($1, $2, $3) \
     ON CONFLICT (content_id) DO NOTHING",
);

pub static PART_OF_LEAD: Sql =
    Sql::same("SELECT matter_id FROM co_part WHERE content_id = $1 AND lead_assignment_id = $2");

pub static INSERT_PAPER: Sql = Sql::same(
    "INSERT INTO paper (content_id, matter_id, assignment_id, agency, sha256, stored_at, body) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (content_id) DO NOTHING",
);

pub static LOAD_PAPER: Sql =
    Sql::same("SELECT matter_id, assignment_id, agency, sha256, body FROM paper WHERE content_id = $1");

pub static SKETCHES_AFTER: Sql = Sql::same(
    "SELECT seq, submission_id, place_region, agency, sketch FROM sketch WHERE seq > $1 ORDER BY seq LIMIT $2",
);

pub static COUNT_SKETCHES: Sql = Sql::same("SELECT count(*) FROM sketch");

// A matter goes to an agency: its entry comes again, with the agency.
pub static MOVE_SKETCH: Sql = Sql::same("UPDATE sketch SET seq = $2, agency = $3 WHERE submission_id = $1");

// An accusation leaves no sketch, nor do the repeats that were linked to it.
pub static DROP_SKETCHES: Sql = Sql::same(
    "DELETE FROM sketch WHERE submission_id = $1 \
     OR submission_id IN (SELECT submission_id FROM link WHERE matter_id = $1)",
);

pub static SKETCH_OWED: Sql = Sql::same("SELECT after FROM sketch_owed");

pub static UNSKETCHED: Sql = Sql::same(
    "SELECT id FROM submission WHERE id > $1 AND restricted = 0 \
     AND NOT EXISTS (SELECT 1 FROM sketch WHERE submission_id = submission.id) ORDER BY id LIMIT $2",
);

pub static ADD_SKETCH: Sql = Sql::same(
    "INSERT INTO sketch (submission_id, seq, place_region, agency, sketch) \
     VALUES ($1, $2, $3, (SELECT agency FROM agency_right WHERE matter_id = $1 AND state <> 'recalled' \
     ORDER BY assignment_no LIMIT 1), $4) ON CONFLICT (submission_id) DO NOTHING",
);

pub static SKETCHED_TO: Sql = Sql::same("UPDATE sketch_owed SET after = $1");

pub static SKETCHED_ALL: Sql = Sql::same("DELETE FROM sketch_owed");

// What a look must know of each beside its row: whether it takes a repeat, and where it lies, the lead's before a
// co-agency's, which was numbered after it.
pub static LOAD_PLACES: Sql = Sql::split(
    "SELECT s.id, coalesce(o.closed, 0) AS closed, (SELECT r.agency FROM agency_right r \
     WHERE r.matter_id = s.id AND r.state <> 'recalled' \
     ORDER BY CASE r.state WHEN 'active' THEN 0 ELSE 1 END, r.assignment_no LIMIT 1) AS agency \
     FROM submission s LEFT JOIN standing o ON o.matter_id = s.id \
     WHERE s.id IN (SELECT value FROM json_each($1)) LIMIT 256",
    "SELECT s.id, coalesce(o.closed, 0) AS closed, (SELECT r.agency FROM agency_right r \
     WHERE r.matter_id = s.id AND r.state <> 'recalled' \
     ORDER BY CASE r.state WHEN 'active' THEN 0 ELSE 1 END, r.assignment_no LIMIT 1) AS agency \
     FROM submission s LEFT JOIN standing o ON o.matter_id = s.id \
     WHERE s.id IN (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) LIMIT 256",
);

// domain.md 5: asked of pairs that passed the threshold of the same matter, and of no others. A number that both
// gave decides; a shared telephone says yes only where a number is missing on a side.
pub static SAME_PERSON: Sql = Sql::split(
    "SELECT b.submission_id, CAST(sum(CASE WHEN a.id_index = b.id_index OR (a.telephone_index = b.telephone_index \
     AND (a.id_index IS NULL OR b.id_index IS NULL)) THEN 1 ELSE 0 END) AS BIGINT) AS same \
     FROM identity a, identity b WHERE a.submission_id = $1 \
     AND b.submission_id IN (SELECT value FROM json_each($2)) \
     AND ((a.id_index IS NOT NULL AND b.id_index IS NOT NULL) \
     OR (a.telephone_index IS NOT NULL AND b.telephone_index IS NOT NULL)) \
     GROUP BY b.submission_id LIMIT 256",
    "SELECT b.submission_id, CAST(sum(CASE WHEN a.id_index = b.id_index OR (a.telephone_index = b.telephone_index \
     AND (a.id_index IS NULL OR b.id_index IS NULL)) THEN 1 ELSE 0 END) AS BIGINT) AS same \
     FROM identity a, identity b WHERE a.submission_id = $1 \
     AND b.submission_id IN (SELECT v FROM jsonb_array_elements_text(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v)) \
     AND ((a.id_index IS NOT NULL AND b.id_index IS NOT NULL) \
     OR (a.telephone_index IS NOT NULL AND b.telephone_index IS NOT NULL)) \
     GROUP BY b.submission_id LIMIT 256",
);

pub static LOAD_KEKS: Sql = Sql::same("SELECT id, probe FROM kek ORDER BY since LIMIT 1000");

pub static INSERT_KEK: Sql =
    Sql::same("INSERT INTO kek (id, probe, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING");

/// All of them, for the test that prepares each on both databases.
pub const ALL: &[&Sql] = &[
    &LOAD_SUBMISSION,
    &LOAD_BY_NUMBER,
    &LOAD_SUBMISSIONS,
    &LOAD_IDENTITIES,
    &LOAD_IDENTITIES_OF,
    &INSERT_SUBMISSIONS,
    &CLAIM_KEYS,
    &KNOWN_KEYS,
    &LOAD_ATTACHMENT,
    &LOAD_ATTACHMENTS_OF,
    &HOLD_ATTACHMENTS,
    &BIND_ATTACHMENTS,
    &BEGIN_ATTACHMENT,
    &ADVANCE_ATTACHMENT,
    &COMPLETE_ATTACHMENT,
    &INSERT_PIECE,
    &LOAD_PIECES,
    &LOAD_PIECE_AT,
    &EXPIRED_ATTACHMENTS,
    &DROP_PIECES,
    &DROP_ATTACHMENT,
    &INSERT_REVEAL,
    &LOAD_OPENINGS,
    &LOAD_LINK_PAIR,
    &INSERT_LINK,
    &RESTRICT_MATTER,
    &CLOSE_MATTER,
    &LOAD_RIGHT,
    &GRANT_RIGHT,
    &END_RIGHT,
    &GIVE_PART,
    &PART_OF_LEAD,
    &INSERT_PAPER,
    &LOAD_PAPER,
    &LOAD_KEKS,
    &INSERT_KEK,
    &LOAD_CODE,
    &PUT_CODE,
    &COUNT_WRONG,
    &COUNT_GIVEN,
    &LOAD_TRIES,
    &HOLD_TRIES,
    &HAS_DOCUMENT,
    &SKETCHES_AFTER,
    &COUNT_SKETCHES,
    &MOVE_SKETCH,
    &DROP_SKETCHES,
    &SKETCH_OWED,
    &UNSKETCHED,
    &ADD_SKETCH,
    &SKETCHED_TO,
    &SKETCHED_ALL,
    &LOAD_PLACES,
    &SAME_PERSON,
];
