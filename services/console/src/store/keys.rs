//! Statements of API keys.

use db::Sql;

/// Enters a key.
pub static INSERT_KEY: Sql = Sql::same(
    "INSERT INTO api_key (account_id, token, scopes, made_by, made_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)",
);
/// The key of a token that lives at `$2`, with its account.
pub static FIND_KEY: Sql = Sql::same(
    "SELECT k.scopes, k.expires_at, k.last_used_at, a.id, a.login, a.display, a.agency, a.roles
     FROM api_key k JOIN account a ON a.id = k.account_id
     WHERE k.token = $1 AND k.expires_at > $2 AND k.revoked_at IS NULL AND a.disabled = 0",
);
/// The keys of a place (`$1`; empty: all), the newest first.
pub static KEYS: Sql = Sql::same(
    "SELECT a.id, a.login, a.display, a.agency, a.roles, k.scopes, m.login AS made_by, k.made_at, k.expires_at,
     r.login AS revoked_by, k.revoked_at, k.last_used_at
     FROM api_key k JOIN account a ON a.id = k.account_id
     LEFT JOIN account m ON m.id = k.made_by LEFT JOIN account r ON r.id = k.revoked_by
     WHERE $1 = '' OR a.agency = $1 ORDER BY k.made_at DESC, a.id LIMIT $2",
);
/// Ends a key.
pub static REVOKE_KEY: Sql = Sql::same(
    "UPDATE api_key SET revoked_by = $2, revoked_at = $3 WHERE account_id = $1 AND revoked_at IS NULL",
);
/// A key's account signs in to nothing any more.
pub static DISABLE_ACCOUNT: Sql =
    Sql::same("UPDATE account SET disabled = 1, version = version + 1 WHERE id = $1");
/// Notes that a key was used.
pub static USE_KEY: Sql = Sql::same("UPDATE api_key SET last_used_at = $2 WHERE account_id = $1");
/// Whether an account is a key's.
pub static IS_KEY: Sql = Sql::same("SELECT count(*) FROM api_key WHERE account_id = $1");

/// All of them.
pub const ALL: &[&Sql] = &[&INSERT_KEY, &FIND_KEY, &KEYS, &REVOKE_KEY, &DISABLE_ACCOUNT, &USE_KEY, &IS_KEY];
