//! Every statement of meetings.

use db::Sql;

pub static INSERT_MATTER: Sql =
    Sql::same("INSERT INTO matter (id, number, restricted) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING");

// PostgreSQL holds the row until the commit; on SQLite there is one writer. Consumers say this first, so that facts
// about one matter meet here.
pub static HOLD_MATTER: Sql = Sql::same("UPDATE matter SET restricted = restricted WHERE id = $1");

pub static LOAD_MATTER: Sql = Sql::same("SELECT number, restricted FROM matter WHERE id = $1");

// What was restricted once stays so, and is named by its id alone.
pub static RESTRICT_MATTER: Sql = Sql::same("UPDATE matter SET restricted = 1, number = NULL WHERE id = $1");

pub static INSERT_UNIT: Sql = Sql::same(
    "INSERT INTO unit (agency, valid_from, valid_to) VALUES ($1, $2, $3) ON CONFLICT (agency) DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to",
);

pub static UNITS: Sql = Sql::same(
    "SELECT agency FROM unit WHERE (valid_from IS NULL OR valid_from <= $1) AND (valid_to IS NULL OR valid_to >= $1) ORDER BY agency LIMIT 10000",
);

pub static INSERT_OBJECTION: Sql = Sql::same(
    "INSERT INTO objection (content_id, matter_id, agency, objected_on, proposed) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (content_id) DO NOTHING",
);

pub static OBJECTIONS_OF_MATTER: Sql = Sql::same(
    "SELECT content_id, agency, objected_on, proposed FROM objection WHERE matter_id = $1 \
     ORDER BY objected_on, content_id LIMIT 100",
);

pub static KEEP_BODY: Sql = Sql::same(
    "INSERT INTO body (code, profile) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET profile = excluded.profile",
);

pub static BODIES: Sql = Sql::same("SELECT profile FROM body ORDER BY code LIMIT 100");

pub static BODY: Sql = Sql::same("SELECT profile FROM body WHERE code = $1");

// A second item about the same matter, while one is open, does not come to be.
pub static INSERT_ITEM: Sql = Sql::same(
    "INSERT INTO item (id, version, matter_id, kind, state, open, parties, proposed_on, meeting_id, until_on, \
     positions, decision, resolution_id, sort_on) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
);

pub static HOLD_ITEM: Sql = Sql::same("UPDATE item SET version = version WHERE id = $1");

pub static UPDATE_ITEM: Sql = Sql::same(
    "UPDATE item SET version = $3, state = $4, open = $5, parties = $6, meeting_id = $7, until_on = $8, \
     positions = $9, decision = $10, resolution_id = $11, sort_on = $12 WHERE id = $1 AND version = $2",
);

macro_rules! item_columns {
    () => {
        "i.id, i.version, i.matter_id, COALESCE(m.number, '') AS number, i.kind, i.state, i.parties, i.proposed_on, \
         i.meeting_id, i.until_on, i.positions, i.decision, i.resolution_id, i.sort_on"
    };
}

// An item whose matter turned out to be an accusation is nobody's to see here.
pub static LOAD_ITEM: Sql = Sql::same(concat!(
    "SELECT ",
    item_columns!(),
    " FROM item i JOIN matter m ON m.id = i.matter_id WHERE i.id = $1 AND m.restricted = 0"
));

pub static OPEN_ITEM_OF_MATTER: Sql = Sql::same(concat!(
    "SELECT ",
    item_columns!(),
    " FROM item i JOIN matter m ON m.id = i.matter_id WHERE i.matter_id = $1 AND i.open = 1"
));

pub static PAGE_OF_ITEMS: Sql = Sql::same(concat!(
    "SELECT ",
    item_columns!(),
    " FROM item i JOIN matter m ON m.id = i.matter_id WHERE m.restricted = 0 \
     AND (CAST($1 AS TEXT) IS NULL OR i.state = $1) AND (CAST($2 AS TEXT) IS NULL OR i.matter_id = $2) \
     AND (CAST($3 AS BIGINT) = 0 OR i.open = 1) AND (i.sort_on, i.id) > ($4, $5) \
     ORDER BY i.sort_on, i.id LIMIT $6"
));

pub static INSERT_MEETING: Sql = Sql::same(
    "INSERT INTO meeting (id, version, state, body, terms, sequence, starts_at, reply_by, notice_days, convener, \
     agenda, short_notice_reason, call_off_reason, called_on, minutes_number, fixed_on) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
);

pub static HOLD_MEETING: Sql = Sql::same("UPDATE meeting SET version = version WHERE id = $1");

pub static UPDATE_MEETING: Sql = Sql::same(
    "UPDATE meeting SET version = $3, state = $4, terms = $5, sequence = $6, starts_at = $7, reply_by = $8, \
     convener = $9, agenda = $10, short_notice_reason = $11, call_off_reason = $12, minutes_number = $13, \
     fixed_on = $14 WHERE id = $1 AND version = $2",
);

macro_rules! meeting_columns {
    () => {
        "m.id, m.version, m.state, m.terms, m.starts_at, m.notice_days, m.convener, m.agenda, \
         m.short_notice_reason, m.call_off_reason, m.called_on, m.minutes_number, m.fixed_on"
    };
}

pub static LOAD_MEETING: Sql =
    Sql::same(concat!("SELECT ", meeting_columns!(), " FROM meeting m WHERE m.id = $1"));

pub static PAGE_OF_MEETINGS: Sql = Sql::same(concat!(
    "SELECT ",
    meeting_columns!(),
    ", (SELECT count(*) FROM invitation v WHERE v.meeting_id = m.id AND v.dropped = 0) AS invited, \
     (SELECT count(*) FROM invitation v WHERE v.meeting_id = m.id AND v.dropped = 0 \
      AND v.reply_sequence = m.sequence) AS replied \
     FROM meeting m WHERE (CAST($1 AS TEXT) IS NULL OR m.state = $1) \
     AND (CAST($2 AS TEXT) IS NULL OR EXISTS \
      (SELECT 1 FROM invitation v WHERE v.meeting_id = m.id AND v.agency = $2 AND v.dropped = 0)) \
     AND (m.starts_at, m.id) < ($3, $4) ORDER BY m.starts_at DESC, m.id DESC LIMIT $5"
));

pub static KEEP_INVITATION: Sql = Sql::same(
    "INSERT INTO invitation (meeting_id, agency, required, dropped, reply, reply_sequence, attendance, who) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (meeting_id, agency) DO UPDATE SET \
     required = excluded.required, dropped = excluded.dropped, reply = excluded.reply, \
     reply_sequence = excluded.reply_sequence, attendance = excluded.attendance, who = excluded.who",
);

pub static INVITATIONS: Sql = Sql::same(
    "SELECT agency, required, dropped, reply, attendance, who FROM invitation WHERE meeting_id = $1 \
     ORDER BY required DESC, agency LIMIT 200",
);

pub static INSERT_RESOLUTION: Sql = Sql::same(
    "INSERT INTO resolution (id, document_number, meeting_id, item_id, matter_id, kind, state, set_aside, adopted_on) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);

pub static LOAD_RESOLUTION: Sql =
    Sql::same("SELECT id, document_number, state, set_aside, adopted_on FROM resolution WHERE id = $1");

// What was said of a resolution once stands: binding and set aside are ends of being adopted.
pub static SETTLE_RESOLUTION: Sql =
    Sql::same("UPDATE resolution SET state = $3, set_aside = $4 WHERE id = $1 AND state = $2");

pub static INSERT_TASK: Sql = Sql::same(
    "INSERT INTO task (id, version, resolution_id, document_number, meeting_id, item_id, matter_id, agency, role, \
     lead, action, due_on, checker, state, days, reports, sent_back, overdue_on, fires_at, sort_on) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
);

pub static HOLD_TASK: Sql = Sql::same("UPDATE task SET version = version WHERE id = $1");

pub static UPDATE_TASK: Sql = Sql::same(
    "UPDATE task SET version = $3, due_on = $4, state = $5, days = $6, reports = $7, sent_back = $8, \
     overdue_on = $9, fires_at = $10, sort_on = $11 WHERE id = $1 AND version = $2",
);

macro_rules! task_columns {
    () => {
        "t.id, t.version, t.resolution_id, t.document_number, t.meeting_id, t.item_id, t.matter_id, t.agency, \
         t.role, t.lead, t.action, t.due_on, t.checker, t.state, t.days, t.reports, t.sent_back, t.overdue_on, \
         t.fires_at, t.sort_on, COALESCE(m.number, '') AS number"
    };
}

pub static LOAD_TASK: Sql = Sql::same(concat!(
    "SELECT ",
    task_columns!(),
    " FROM task t JOIN matter m ON m.id = t.matter_id WHERE t.id = $1"
));

pub static TASKS_OF_ITEM: Sql = Sql::same(concat!(
    "SELECT ",
    task_columns!(),
    " FROM task t JOIN matter m ON m.id = t.matter_id WHERE t.item_id = $1 ORDER BY t.role DESC, t.id LIMIT 100"
));

pub static PAGE_OF_TASKS: Sql = Sql::same(concat!(
    "SELECT ",
    task_columns!(),
    " FROM task t JOIN matter m ON m.id = t.matter_id WHERE m.restricted = 0 \
     AND (CAST($1 AS TEXT) IS NULL OR t.agency = $1) AND (CAST($2 AS TEXT) IS NULL OR t.state = $2) \
     AND (CAST($3 AS BIGINT) = 0 OR (t.overdue_on IS NOT NULL AND t.state IN ('issued', 'received', 'sent_back'))) \
     AND (t.sort_on, t.id) > ($4, $5) ORDER BY t.sort_on, t.id LIMIT $6"
));

pub static RIPE_TASKS: Sql = Sql::same(
    "SELECT id FROM task WHERE fires_at IS NOT NULL AND fires_at <= $1 ORDER BY fires_at, id LIMIT $2",
);

pub static COUNT_ITEMS: Sql = Sql::same(
    "SELECT i.state, count(*) FROM item i JOIN matter m ON m.id = i.matter_id WHERE m.restricted = 0 GROUP BY i.state",
);

pub static COUNT_MEETINGS: Sql = Sql::same("SELECT state, count(*) FROM meeting GROUP BY state");

pub static COUNT_RESOLUTIONS: Sql = Sql::same("SELECT state, count(*) FROM resolution GROUP BY state");

pub static COUNT_TASKS: Sql = Sql::same("SELECT state, count(*) FROM task GROUP BY state");

pub static COUNT_OVERDUE: Sql = Sql::same(
    "SELECT count(*) FROM task WHERE overdue_on IS NOT NULL AND state IN ('issued', 'received', 'sent_back')",
);

pub static COUNT_LATE_REPLIES: Sql = Sql::same(
    "SELECT count(*) FROM invitation v JOIN meeting m ON m.id = v.meeting_id \
     WHERE m.state = 'called' AND v.dropped = 0 AND m.reply_by < $1 \
     AND (v.reply_sequence IS NULL OR v.reply_sequence < m.sequence)",
);

pub static CLAIM_SITE: Sql =
    Sql::same("INSERT INTO site (agency, site, since) VALUES ($1, $2, $3) ON CONFLICT (agency) DO NOTHING");

pub static SITE_OF: Sql = Sql::same("SELECT site FROM site WHERE agency = $1");

/// For the test that prepares each on both databases.
pub const ALL: &[&Sql] = &[
    &INSERT_MATTER,
    &HOLD_MATTER,
    &LOAD_MATTER,
    &RESTRICT_MATTER,
    &INSERT_UNIT,
    &UNITS,
    &INSERT_OBJECTION,
    &OBJECTIONS_OF_MATTER,
    &KEEP_BODY,
    &BODIES,
    &BODY,
    &INSERT_ITEM,
    &HOLD_ITEM,
    &UPDATE_ITEM,
    &LOAD_ITEM,
    &OPEN_ITEM_OF_MATTER,
    &PAGE_OF_ITEMS,
    &INSERT_MEETING,
    &HOLD_MEETING,
    &UPDATE_MEETING,
    &LOAD_MEETING,
    &PAGE_OF_MEETINGS,
    &KEEP_INVITATION,
    &INVITATIONS,
    &INSERT_RESOLUTION,
    &LOAD_RESOLUTION,
    &SETTLE_RESOLUTION,
    &INSERT_TASK,
    &HOLD_TASK,
    &UPDATE_TASK,
    &LOAD_TASK,
    &TASKS_OF_ITEM,
    &PAGE_OF_TASKS,
    &RIPE_TASKS,
    &COUNT_ITEMS,
    &COUNT_MEETINGS,
    &COUNT_RESOLUTIONS,
    &COUNT_TASKS,
    &COUNT_OVERDUE,
    &COUNT_LATE_REPLIES,
    &CLAIM_SITE,
    &SITE_OF,
];
