//! Statements of accounts, sessions and the first-run link.

use db::Sql;

/// Enters an account unless its login is taken.
pub static INSERT_ACCOUNT: Sql = Sql::same(
    "INSERT INTO account (id, login, display, agency, roles, password, must_change, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
);
/// One account by login.
pub static ACCOUNT_BY_LOGIN: Sql = Sql::same(
    "SELECT id, login, display, agency, roles, password, disabled, must_change, version, last_sign_in_at
     FROM account WHERE login = $1",
);
/// One account by id.
pub static ACCOUNT_BY_ID: Sql = Sql::same(
    "SELECT id, login, display, agency, roles, password, disabled, must_change, version, last_sign_in_at
     FROM account WHERE id = $1",
);
/// What accounts are called (`$1`: a JSON list of ids).
pub static DISPLAYS: Sql = Sql::split(
    "SELECT a.id, a.display FROM jsonb_each($1) k JOIN account a ON a.id = k.value",
    // Split: the two databases name the spreading of a JSON array differently.
    "SELECT a.id, a.display FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)
     JOIN account a ON a.id = v",
);
/// The accounts of a place (`$1`; empty: all), by login.
pub static ACCOUNTS: Sql = Sql::same(
    "SELECT id, login, display, agency, roles, password, disabled, must_change, version, last_sign_in_at
     FROM account WHERE $1 = '' OR agency = $1 ORDER BY coalesce(agency, ''), login LIMIT $2",
);
/// How many accounts there are.
pub static COUNT_ACCOUNTS: Sql = Sql::same("SELECT count(*) FROM account");
/// Administrators of the office that may sign in.
pub static COUNT_ADMINISTRATORS: Sql = Sql::same(
    "SELECT count(*) FROM account WHERE disabled = 0 AND agency IS NULL AND roles LIKE '%\"administrator\"%' AND id <> $1",
);
/// Changes an account over the version that was seen.
pub static UPDATE_ACCOUNT: Sql = Sql::same(
    "UPDATE account SET roles = $3, password = $4, disabled = $5, must_change = $6, version = version + 1
     WHERE id = $1 AND version = $2",
);
/// Notes a sign-in, and a hash of today's strength if there is one.
pub static SIGNED_IN: Sql =
    Sql::same("UPDATE account SET last_sign_in_at = $2, password = coalesce($3, password) WHERE id = $1");

/// Opens a session.
pub static INSERT_SESSION: Sql = Sql::same(
    "INSERT INTO session (token, account_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
);
/// Ends the oldest sessions of an account, so that `$2` are left.
pub static PRUNE_SESSIONS: Sql = Sql::same(
    "DELETE FROM session WHERE token IN
        (SELECT token FROM session WHERE account_id = $1 ORDER BY created_at DESC, token LIMIT 1000 OFFSET $2)",
);
/// A session that lives at `$2` and was seen after `$3`, with its account.
pub static FIND_SESSION: Sql = Sql::same(
    "SELECT s.seen_at, s.expires_at, a.id, a.login, a.display, a.agency, a.roles, a.must_change
     FROM session s JOIN account a ON a.id = s.account_id
     WHERE s.token = $1 AND s.expires_at > $2 AND s.seen_at > $3 AND a.disabled = 0",
);
/// Notes that a session was used.
pub static SEE_SESSION: Sql = Sql::same("UPDATE session SET seen_at = $2 WHERE token = $1 AND seen_at < $2");
/// Ends a session.
pub static END_SESSION: Sql = Sql::same("DELETE FROM session WHERE token = $1");
/// Ends every session of an account but one.
pub static END_OTHER_SESSIONS: Sql = Sql::same("DELETE FROM session WHERE account_id = $1 AND token <> $2");
/// Forgets sessions that have ended.
pub static FORGET_SESSIONS: Sql = Sql::same("DELETE FROM session WHERE expires_at <= $1 OR seen_at <= $2");

/// Replaces the first-run link.
pub static PUT_FIRST_RUN: Sql = Sql::same(
    "INSERT INTO first_run (one, token, expires_at) VALUES (1, $1, $2)
     ON CONFLICT (one) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at",
);
/// The first-run link, while it lives.
pub static FIRST_RUN: Sql = Sql::same("SELECT token FROM first_run WHERE expires_at > $1");
/// The link is used up.
pub static END_FIRST_RUN: Sql = Sql::same("DELETE FROM first_run");

/// All of them.
pub const ALL: &[&Sql] = &[
    &INSERT_ACCOUNT,
    &ACCOUNT_BY_LOGIN,
    &ACCOUNT_BY_ID,
    &DISPLAYS,
    &ACCOUNTS,
    &COUNT_ACCOUNTS,
    &COUNT_ADMINISTRATORS,
    &UPDATE_ACCOUNT,
    &SIGNED_IN,
    &INSERT_SESSION,
    &PRUNE_SESSIONS,
    &FIND_SESSION,
    &SEE_SESSION,
    &END_SESSION,
    &END_OTHER_SESSIONS,
    &FORGET_SESSIONS,
    &PUT_FIRST_RUN,
    &FIRST_RUN,
    &END_FIRST_RUN,
];
