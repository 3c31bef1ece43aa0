//! API keys: a program's account, with a token in place of a password. Its roles are a person's choice, its scopes
//! the part of their rights that it needs; what it does carries its own name.

use db::{Db, JsonText, StoreError};
use kernel::{Actor, Place, Refusal, Role, UnixMillis, UserId};
use trust::{ApiKey, SecretText};

use super::{
    account::{NewAccount, agency_of, place_of},
    changes::{self, insert},
    passwords::PasswordBench,
    sessions::Session,
};
use crate::{error, rights::Right, store::keys as sql};

/// The longest life of a key, in days.
pub const DAYS_MAX: i64 = 400;
const DAY_MS: i64 = 86_400_000;
/// How exactly the last use is kept, in milliseconds.
const USED_STEP_MS: i64 = 60_000;
const LISTED_MAX: i64 = 2_000;

/// A key, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its account.
    pub id: UserId,
    /// The account's name.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// Office or agency.
    pub place: Place,
    /// The account's roles.
    pub roles: Vec<Role>,
    /// What the key may, of what the roles may.
    pub scopes: Vec<Right>,
    /// Who made it.
    pub made_by: Option<String>,
    /// When.
    pub made_at: UnixMillis,
    /// Until when it is good.
    pub expires_at: UnixMillis,
    /// Who ended it.
    pub revoked_by: Option<String>,
    /// When.
    pub revoked_at: Option<UnixMillis>,
    /// The last use, to the minute.
    pub last_used_at: Option<UnixMillis>,
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// The account's name.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// Office or agency.
    pub place: Place,
    /// The account's roles.
    pub roles: Vec<Role>,
    /// What the key may.
    pub scopes: Vec<Right>,
    /// How long it is good.
    pub days: i64,
}

impl NewKey {
    fn check(&self, by: UserId) -> Result<(), Refusal> {
        let actor = Actor { user: by, place: self.place.clone(), roles: self.roles.clone() };
        if self.scopes.is_empty() {
            return Err(error::SCOPES_OWED.refuse().at("scopes"));
        }
        // A key that could make keys would outlive every revocation.
        let beyond = |s: &&Right| **s == Right::Users || !s.is_held_by(Some(&actor));
        if let Some(scope) = self.scopes.iter().find(beyond) {
            return Err(error::SCOPE_BEYOND_ROLES.refuse().at("scopes").with("scope", scope.code()));
        }
        if !(1..=DAYS_MAX).contains(&self.days) {
            return Err(error::KEY_DAYS.refuse().at("days").with("most", DAYS_MAX));
        }
        Ok(())
    }
}

/// Makes a key; its token is given here and nowhere else.
///
/// # Errors
/// What is wrong with it, `login_taken`, or the store's.
pub async fn make(
    db: &Db,
    bench: &PasswordBench,
    by: UserId,
    new: NewKey,
) -> Result<(UserId, SecretText), Refusal> {
    new.check(by)?;
    let account = NewAccount {
        login: new.login.clone(),
        display: new.display.clone(),
        place: new.place.clone(),
        roles: new.roles.clone(),
        // Nobody is told it.
        password: changes::issue(db),
        must_change: true,
    };
    account.check()?;
    let hash = bench.hash(account.password.clone()).await?;
    let token = ApiKey::mint(db.mint());
    let (id, stored): (UserId, Vec<u8>) = (db.mint().mint(), token.stored().as_bytes().to_vec());
    let (login, scopes) = (new.login.clone(), codes(&new.scopes));
    let entered = db.write(move |tx| {
        let (account, hash, stored, scopes) = (account.clone(), hash.clone(), stored.clone(), scopes.clone());
        Box::pin(async move {
            if !insert(tx, id, &account, &hash).await? {
                return Ok(false);
            }
            let now = tx.clocks().technical.now();
            let query = tx.query(&sql::INSERT_KEY).bind(id).bind(stored).bind(JsonText(&scopes)).bind(by);
            query.bind(now).bind(now.plus_ms(new.days * DAY_MS)).run_one().await?;
            Ok(true)
        })
    });
    if !entered.await.map_err(|e| error::away(&e))? {
        return Err(error::LOGIN_TAKEN.refuse().at("login").with("login", login));
    }
    tracing::info!(key = %id, by = %by, "an API key was made");
    Ok((id, token.expose()))
}

fn codes(scopes: &[Right]) -> Vec<&'static str> {
    scopes.iter().map(|scope| scope.code()).collect()
}

fn scopes_of(codes: &[String]) -> Vec<Right> {
    codes.iter().filter_map(|code| Right::from_code(code)).collect()
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    scopes: JsonText<Vec<String>>,
    expires_at: i64,
    last_used_at: Option<i64>,
    id: String,
    login: String,
    display: String,
    agency: Option<String>,
    roles: JsonText<Vec<Role>>,
}

/// The account and the scopes of a key's token, if it lives; notes that it was used.
///
/// # Errors
/// What the store says.
pub async fn find(db: &Db, token: &str) -> Result<Option<(Session, Vec<Right>)>, StoreError> {
    let Ok(token) = token.parse::<ApiKey>() else { return Ok(None) };
    let stored = token.stored().as_bytes().to_vec();
    let now = db.clocks().technical.now();
    let wanted = stored.clone();
    let row: Option<FoundRow> = db
        .peek(|tx| Box::pin(async move { tx.query(&sql::FIND_KEY).bind(wanted).bind(now).optional().await }))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let user: UserId = db::parse("account", "id", &row.id, &row.id)?;
    if row.last_used_at.is_none_or(|at| now.0 - at >= USED_STEP_MS) {
        db.write(move |tx| {
            Box::pin(async move { tx.query(&sql::USE_KEY).bind(user).bind(now).run().await.map(drop) })
        })
        .await?;
    }
    let place = place_of(&row.id, row.agency.as_deref())?;
    let session = Session {
        actor: Actor { user, place, roles: row.roles.0 },
        login: row.login,
        display: row.display,
        must_change: false,
        expires_at: UnixMillis(row.expires_at),
        token: stored,
    };
    Ok(Some((session, scopes_of(&row.scopes.0))))
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    login: String,
    display: String,
    agency: Option<String>,
    roles: JsonText<Vec<Role>>,
    scopes: JsonText<Vec<String>>,
    made_by: Option<String>,
    made_at: i64,
    expires_at: i64,
    revoked_by: Option<String>,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

/// The keys of a place; all when none is named. Revoked ones stay in the list.
///
/// # Errors
/// What the store says.
pub async fn list(db: &Db, place: Option<&Place>) -> Result<Vec<Key>, StoreError> {
    let agency = place.and_then(agency_of).unwrap_or_default();
    let rows: Vec<KeyRow> = db
        .peek(|tx| Box::pin(async move { tx.query(&sql::KEYS).bind(agency).bind(LISTED_MAX).all().await }))
        .await?;
    let key = |row: KeyRow| {
        Ok(Key {
            id: db::parse("account", "id", &row.id, &row.id)?,
            place: place_of(&row.id, row.agency.as_deref())?,
            login: row.login,
            display: row.display,
            roles: row.roles.0,
            scopes: scopes_of(&row.scopes.0),
            made_by: row.made_by,
            made_at: UnixMillis(row.made_at),
            expires_at: UnixMillis(row.expires_at),
            revoked_by: row.revoked_by,
            revoked_at: row.revoked_at.map(UnixMillis),
            last_used_at: row.last_used_at.map(UnixMillis),
        })
    };
    rows.into_iter().map(key).collect()
}

/// Ends a key of a place (any when none is named), and its account with it.
///
/// # Errors
/// `no_such_key`, or the store's.
pub async fn revoke(db: &Db, place: Option<&Place>, by: UserId, id: UserId) -> Result<(), Refusal> {
    let known = list(db, place).await.map_err(|e| error::away(&e))?;
    if !known.iter().any(|key| key.id == id) {
        return Err(error::NO_SUCH_KEY.refuse());
    }
    let ended = db.write(move |tx| {
        Box::pin(async move {
            let now = tx.clocks().technical.now();
            let ended = tx.query(&sql::REVOKE_KEY).bind(id).bind(by).bind(now).run().await?;
            if ended > 0 {
                tx.query(&sql::DISABLE_ACCOUNT).bind(id).run_one().await?;
            }
            Ok(())
        })
    });
    ended.await.map_err(|e| error::away(&e))?;
    tracing::info!(key = %id, by = %by, "an API key was revoked");
    Ok(())
}
