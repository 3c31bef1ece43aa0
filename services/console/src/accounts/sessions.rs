//! Sessions: a random token whose hash alone is stored, bounded in time and in number.

use db::{Db, JsonText, StoreError};
use kernel::{Actor, Refusal, Role, UnixMillis};
use trust::{SecretText, SessionToken, Verdict};

use super::{
    account::{Account, AccountRow, place_of},
    passwords::PasswordBench,
};
use crate::{error, store::accounts as sql};

/// A session ends so long after the sign-in, in milliseconds (technical clock): a working day.
pub const ABSOLUTE_MS: i64 = 12 * 3_600_000;
/// A session ends when it was not used for so long, in milliseconds.
pub const IDLE_MS: i64 = 3_600_000;
/// Sessions of one account; one more ends the oldest.
pub const PER_ACCOUNT: i64 = 8;
/// How exactly the last use is kept, in milliseconds: not every request writes.
const SEEN_STEP_MS: i64 = 60_000;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person, as commands carry it.
    pub actor: Actor,
    /// The account's login.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// The password must be changed first.
    pub must_change: bool,
    /// When it ends whatever happens.
    pub expires_at: UnixMillis,
    /// What is stored of its token.
    pub token: Vec<u8>,
}

/// A new session.
pub struct SignedIn {
    /// The token, for the one who signed in.
    pub token: SecretText,
    /// The session.
    pub session: Session,
}

/// Signs in. An unknown login, a wrong password and a disabled account take the same time and get the
/// same answer.
///
/// # Errors
/// `wrong_login`, `console_busy`, or the store is away.
pub async fn sign_in(
    db: &Db,
    bench: &PasswordBench,
    login: &str,
    password: &str,
) -> Result<SignedIn, Refusal> {
    let wanted = login.trim().to_lowercase();
    let row: Option<AccountRow> = db
        .peek(|tx| Box::pin(async move { tx.query(&sql::ACCOUNT_BY_LOGIN).bind(wanted).optional().await }))
        .await
        .map_err(|e| error::away(&e))?;
    let account = row.map(Account::try_from).transpose().map_err(|e| error::away(&e))?;
    let account = account.filter(|a| !a.disabled);
    let stored = account.as_ref().map(|a| a.password.clone());
    let verdict = bench.verify(password.to_owned(), stored).await?;
    let Some(account) = account.filter(|_| verdict.is_right()) else {
        return Err(error::WRONG_LOGIN.refuse());
    };
    let rehashed = match verdict {
        Verdict::RightButWeak => Some(bench.hash(password.to_owned()).await?),
        Verdict::Right | Verdict::Wrong => None,
    };
    open(db, &account, rehashed).await.map_err(|e| error::away(&e))
}

async fn open(db: &Db, account: &Account, rehashed: Option<String>) -> Result<SignedIn, StoreError> {
    let token = SessionToken::mint(db.mint());
    let stored = token.stored().as_bytes().to_vec();
    let now = db.clocks().technical.now();
    let session = Session {
        actor: account.actor(),
        login: account.login.clone(),
        display: account.display.clone(),
        must_change: account.must_change,
        expires_at: now.plus_ms(ABSOLUTE_MS),
        token: stored.clone(),
    };
    let (id, expires_at) = (account.id, session.expires_at);
    db.write(move |tx| {
        let (stored, rehashed) = (stored.clone(), rehashed.clone());
        Box::pin(async move {
            tx.query(&sql::SIGNED_IN).bind(id).bind(now).bind(rehashed).run_one().await?;
            tx.query(&sql::INSERT_SESSION).bind(stored).bind(id).bind(now).bind(expires_at).run_one().await?;
            tx.query(&sql::PRUNE_SESSIONS).bind(id).bind(PER_ACCOUNT).run().await?;
            Ok(())
        })
    })
    .await?;
    Ok(SignedIn { token: token.expose(), session })
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    seen_at: i64,
    expires_at: i64,
    id: String,
    login: String,
    display: String,
    agency: Option<String>,
    roles: JsonText<Vec<Role>>,
    must_change: i64,
}

/// The session of a token, if it lives; notes that it was used.
///
/// # Errors
/// What the store says.
pub async fn find(db: &Db, token: &str) -> Result<Option<Session>, StoreError> {
    let Ok(token) = token.parse::<SessionToken>() else { return Ok(None) };
    let stored = token.stored().as_bytes().to_vec();
    let now = db.clocks().technical.now();
    let wanted = stored.clone();
    let row: Option<SessionRow> = db
        .peek(|tx| {
            Box::pin(async move {
                let query = tx.query(&sql::FIND_SESSION).bind(wanted).bind(now);
                query.bind(now.plus_ms(-IDLE_MS)).optional().await
            })
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    if now.0 - row.seen_at >= SEEN_STEP_MS {
        let seen = stored.clone();
        db.write(move |tx| {
            let seen = seen.clone();
            Box::pin(async move { tx.query(&sql::SEE_SESSION).bind(seen).bind(now).run().await.map(drop) })
        })
        .await?;
    }
    let user = db::parse("account", "id", &row.id, &row.id)?;
    let place = place_of(&row.id, row.agency.as_deref())?;
    Ok(Some(Session {
        actor: Actor { user, place, roles: row.roles.0 },
        login: row.login,
        display: row.display,
        must_change: row.must_change != 0,
        expires_at: UnixMillis(row.expires_at),
        token: stored,
    }))
}

/// Ends a session.
///
/// # Errors
/// What the store says.
pub async fn end(db: &Db, session: &Session) -> Result<(), StoreError> {
    let token = session.token.clone();
    db.write(move |tx| {
        let token = token.clone();
        Box::pin(async move { tx.query(&sql::END_SESSION).bind(token).run().await.map(drop) })
    })
    .await
}

/// Ends every other session of the same account: its password was changed.
///
/// # Errors
/// What the store says.
pub async fn end_others(db: &Db, session: &Session) -> Result<(), StoreError> {
    let (id, token) = (session.actor.user, session.token.clone());
    db.write(move |tx| {
        let token = token.clone();
        Box::pin(async move { tx.query(&sql::END_OTHER_SESSIONS).bind(id).bind(token).run().await.map(drop) })
    })
    .await
}

/// Forgets sessions that have ended; says how many.
///
/// # Errors
/// What the store says.
pub async fn forget_ended(db: &Db) -> Result<u64, StoreError> {
    let now = db.clocks().technical.now();
    db.write(move |tx| {
        Box::pin(
            async move { tx.query(&sql::FORGET_SESSIONS).bind(now).bind(now.plus_ms(-IDLE_MS)).run().await },
        )
    })
    .await
}
