//! Every statement of routing.

use db::Sql;

// A batch of new matters at once.
pub static INSERT_MATTERS: Sql = Sql::split(
    "INSERT INTO matter (id, version, state, purpose, restricted, facts_known, place_region, received_on, t01, \
     summary, claims, proposal, categories, agencies, accused, registered_at, changed_at) \
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, \
            value->>9, value->>10, value->>11, '[]', '[]', '[]', value->>12, value->>12 \
     FROM jsonb_each($1) WHERE true ON CONFLICT (id) DO NOTHING",
    // Split: the two databases name the spreading of a JSON array differently.
    "INSERT INTO matter (id, version, state, purpose, restricted, facts_known, place_region, received_on, t01, \
     summary, claims, proposal, categories, agencies, accused, registered_at, changed_at) \
     SELECT v->>0, CAST(v->>1 AS BIGINT), v->>2, v->>3, CAST(v->>4 AS BIGINT), CAST(v->>5 AS BIGINT), v->>6, v->>7, \
            v->>8, v->>9, v->>10, v->>11, '[]', '[]', '[]', CAST(v->>12 AS BIGINT), CAST(v->>12 AS BIGINT) \
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v) ON CONFLICT (id) DO NOTHING",
);

pub static LOAD_MATTER: Sql = Sql::same(
    "SELECT id, version, state, purpose, category, route, restricted, facts_known, place_region, received_on, t01, \
     summary, claims, categories, agencies, accused, bounces, dispute FROM matter WHERE id = $1",
);

pub static UPDATE_MATTER: Sql = Sql::same(
    "UPDATE matter SET version = $3, state = $4, purpose = $5, category = $6, route = $7, restricted = $8, \
     facts_known = $9, received_on = $10, t01 = $11, summary = $12, claims = $13, accused = $14, changed_at = $15, \
     bounces = $16, dispute = $17, \
     proposal = CASE WHEN CAST($4 AS TEXT) = 'registered' AND CAST($8 AS BIGINT) = 0 THEN proposal ELSE 'none' END \
     WHERE id = $1 AND version = $2",
);

pub static LOAD_ASSIGNMENTS: Sql = Sql::same(
    "SELECT id, no, agency, mode, state, document_number, legal_ground, sent_on, limit_on, dispatch_seq, days, \
     stated, dues, papers, close_code, binding, override_reason, objections, role, share \
     FROM assignment WHERE matter_id = $1 ORDER BY no LIMIT 1000",
);

pub static SAVE_ASSIGNMENT: Sql = Sql::same(
    "INSERT INTO assignment (id, matter_id, no, agency, mode, state, active, document_number, legal_ground, sent_on, \
     limit_on, dispatch_seq, days, stated, dues, papers, close_code, binding, override_reason, objections, role, share, \
     receipt_owed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23) \
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, active = excluded.active, \
     dispatch_seq = excluded.dispatch_seq, days = excluded.days, stated = excluded.stated, dues = excluded.dues, \
     papers = excluded.papers, close_code = excluded.close_code, objections = excluded.objections, \
     share = excluded.share, receipt_owed = excluded.receipt_owed",
);

pub static WANTING_PROPOSAL: Sql = Sql::same(
    "SELECT id, version, purpose, place_region FROM matter WHERE proposal = 'wanted' ORDER BY id LIMIT $1",
);

// A batch of proposals at once: one row each of id, version seen, categories, agencies.
pub static STORE_PROPOSALS: Sql = Sql::split(
    "UPDATE matter SET proposal = 'made', version = matter.version + 1, categories = p.categories, \
     agencies = p.agencies, changed_at = $2 \
     FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'version' AS INTEGER) AS version, \
           value ->> 'categories' AS categories, value ->> 'agencies' AS agencies FROM json_each($1)) AS p \
     WHERE matter.id = p.id AND matter.version = p.version AND matter.proposal = 'wanted' RETURNING matter.id",
    "UPDATE matter SET proposal = 'made', version = matter.version + 1, categories = p.categories, \
     agencies = p.agencies, changed_at = $2 \
     FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'version' AS BIGINT) AS version, \
           value ->> 'categories' AS categories, value ->> 'agencies' AS agencies \
           FROM json_array_elements(CAST(CAST($1 AS TEXT) AS json))) AS p \
     WHERE matter.id = p.id AND matter.version = p.version AND matter.proposal = 'wanted' RETURNING matter.id",
);

pub static UNKNOWN_ACCUSATIONS: Sql =
    Sql::same("SELECT id FROM matter WHERE facts_known = 0 ORDER BY id LIMIT $1");

pub static RESTRICTED_PAGE: Sql = Sql::same(
    "SELECT id, state, received_on, t01 FROM matter WHERE restricted = 1 AND id > $1 ORDER BY id LIMIT $2",
);

pub static UNDELIVERED: Sql = Sql::same(
    "SELECT id, matter_id FROM assignment WHERE agency = $1 AND receipt_owed = 1 AND dispatch_seq > 0 \
     AND dispatch_seq <= $2 ORDER BY dispatch_seq LIMIT $3",
);

pub static LIST_AGENCY: Sql = Sql::same(
    "INSERT INTO agency (code, entry, listed_at, version, last_on) VALUES ($1, $2, $3, 1, $4) \
     ON CONFLICT (code) DO NOTHING",
);

pub static LOAD_AGENCY: Sql = Sql::same("SELECT entry, version FROM agency WHERE code = $1");

pub static KEEP_AGENCY: Sql = Sql::same(
    "UPDATE agency SET entry = $3, version = $4, last_on = $5, listed_at = $6 WHERE code = $1 AND version = $2",
);

pub static AGENCIES_PAGE: Sql =
    Sql::same("SELECT entry, version FROM agency WHERE code > $1 ORDER BY code LIMIT $2");

// Grows with every change: whoever follows the register looks here.
pub static REGISTER_MARK: Sql =
    Sql::same("SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM agency");

pub static ORPHANS: Sql = Sql::same(
    "SELECT a.id, a.matter_id, m.version, a.no, a.role, a.state, a.agency, g.last_on, m.category, m.place_region \
     FROM agency g JOIN assignment a ON a.agency = g.code AND a.active = 1 JOIN matter m ON m.id = a.matter_id \
     WHERE g.last_on IS NOT NULL AND a.id > $1 \
     AND ((m.restricted = 0 AND CAST($2 AS BIGINT) = 1) OR (m.restricted = 1 AND CAST($3 AS BIGINT) = 1)) \
     ORDER BY a.id LIMIT $4",
);

pub static ALL_AGENCIES: Sql = Sql::same("SELECT code, entry FROM agency ORDER BY code LIMIT 5000");

pub static CLAIM_SITE: Sql =
    Sql::same("INSERT INTO site (agency, site, since) VALUES ($1, $2, $3) ON CONFLICT (agency) DO NOTHING");

// Nobody's, until a site claims it: receipts of the one before do not.
pub static RELEASE_SITE: Sql = Sql::same(
    "INSERT INTO site (agency, site, since) VALUES ($1, '', $2) \
     ON CONFLICT (agency) DO UPDATE SET site = '', since = excluded.since",
);

pub static CLAIM_RELEASED: Sql =
    Sql::same("UPDATE site SET site = $2, since = $3 WHERE agency = $1 AND site = ''");

pub static SITE_OF: Sql = Sql::same("SELECT site, since FROM site WHERE agency = $1");

// What was proposed and decided; the last screening of a matter counts.
pub static KEEP_SCREENING: Sql = Sql::same(
    "INSERT INTO screening (matter_id, category, proposed, used, agency_used, screened_on, confirmed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (matter_id) DO UPDATE SET category = excluded.category, \
     proposed = excluded.proposed, used = excluded.used, agency_used = excluded.agency_used, \
     screened_on = excluded.screened_on, confirmed_at = excluded.confirmed_at",
);

pub static FORGET_SCREENING: Sql = Sql::same("DELETE FROM screening WHERE matter_id = $1");

/// The lead that kept the matter: neither taken back nor given back, nor contested now.
macro_rules! kept_by {
    () => {
        "(SELECT a.agency FROM assignment a WHERE a.matter_id = m.id AND a.role = 'lead' \
         AND a.state NOT IN ('recalled', 'returned', 'objected') ORDER BY a.no DESC LIMIT 1)"
    };
}

// Newest first.
pub static CONFIRMED: Sql = Sql::same(concat!(
    "SELECT m.id, s.category, ",
    kept_by!(),
    ", m.place_region FROM screening s JOIN matter m ON m.id = s.matter_id WHERE m.restricted = 0 \
     ORDER BY s.confirmed_at DESC, s.matter_id DESC LIMIT $1"
));

pub static CONFIRMED_AFTER: Sql = Sql::same(
    "SELECT m.id, s.category, s.confirmed_at FROM screening s JOIN matter m ON m.id = s.matter_id \
     WHERE m.restricted = 0 AND (s.confirmed_at, s.matter_id) > ($1, $2) \
     ORDER BY s.confirmed_at, s.matter_id LIMIT $3",
);

pub static NEWEST_CONFIRMED_FROM: Sql = Sql::same(
    "SELECT confirmed_at FROM screening ORDER BY confirmed_at DESC, matter_id DESC LIMIT 1 OFFSET $1",
);

pub static COUNT_CONFIRMED: Sql = Sql::same(
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM screening WHERE confirmed_at > $1 LIMIT $2) AS newer",
);

// Earlier matters by their ids; an accusation is none of them, whenever it became one.
pub static EARLIER: Sql = Sql::split(
    concat!(
        "SELECT m.id, m.summary, s.category, ",
        kept_by!(),
        " FROM matter m JOIN screening s ON s.matter_id = m.id \
         WHERE m.restricted = 0 AND m.id IN (SELECT value FROM json_each($1)) ORDER BY m.id LIMIT 256"
    ),
    // Split: the two databases name the spreading of a JSON array differently.
    concat!(
        "SELECT m.id, m.summary, s.category, ",
        kept_by!(),
        " FROM matter m JOIN screening s ON s.matter_id = m.id WHERE m.restricted = 0 \
         AND m.id IN (SELECT v FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) \
         ORDER BY m.id LIMIT 256"
    ),
);

pub static AGREEMENT: Sql = Sql::same(
    "SELECT COALESCE(s.proposed, s.category), s.used, COUNT(*) FROM screening s JOIN matter m ON m.id = s.matter_id \
     WHERE m.restricted = 0 AND s.screened_on >= $1 AND s.screened_on <= $2 \
     GROUP BY COALESCE(s.proposed, s.category), s.used ORDER BY 1, 2 LIMIT 5000",
);

pub static AGENCY_AGREEMENT: Sql = Sql::same(
    "SELECT s.agency_used, COUNT(*) FROM screening s JOIN matter m ON m.id = s.matter_id \
     WHERE m.restricted = 0 AND s.agency_used IS NOT NULL AND s.screened_on >= $1 AND s.screened_on <= $2 \
     GROUP BY s.agency_used ORDER BY 1 LIMIT 3",
);

pub static KEEP_LEARNING: Sql = Sql::same(
    "INSERT INTO learning (kind, learned_on, learned_at, ended, texts) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (kind) DO UPDATE SET learned_on = excluded.learned_on, learned_at = excluded.learned_at, \
     ended = excluded.ended, texts = excluded.texts",
);

pub static LEARNINGS: Sql =
    Sql::same("SELECT kind, learned_on, learned_at, ended, texts FROM learning ORDER BY kind LIMIT 2");

/// For the test that prepares each on both databases.
pub const ALL: &[&Sql] = &[
    &INSERT_MATTERS,
    &LOAD_MATTER,
    &UPDATE_MATTER,
    &LOAD_ASSIGNMENTS,
    &SAVE_ASSIGNMENT,
    &WANTING_PROPOSAL,
    &STORE_PROPOSALS,
    &UNKNOWN_ACCUSATIONS,
    &RESTRICTED_PAGE,
    &UNDELIVERED,
    &LIST_AGENCY,
    &LOAD_AGENCY,
    &KEEP_AGENCY,
    &AGENCIES_PAGE,
    &REGISTER_MARK,
    &ORPHANS,
    &ALL_AGENCIES,
    &CLAIM_SITE,
    &RELEASE_SITE,
    &CLAIM_RELEASED,
    &SITE_OF,
    &KEEP_SCREENING,
    &FORGET_SCREENING,
    &CONFIRMED,
    &CONFIRMED_AFTER,
    &NEWEST_CONFIRMED_FROM,
    &COUNT_CONFIRMED,
    &EARLIER,
    &AGREEMENT,
    &AGENCY_AGREEMENT,
    &KEEP_LEARNING,
    &LEARNINGS,
];
