//! 首次使用: while there is no account, one printed link makes the first administrator.

use db::{Db, StoreError};
use kernel::{Place, Refusal, Role, UserId};
use trust::{FirstRunToken, StoredToken};

use super::{account::NewAccount, changes::insert, passwords::PasswordBench};
use crate::{error, store::accounts as sql};

/// How long a link is good, in milliseconds (technical clock).
pub const LINK_LIFETIME_MS: i64 = 24 * 3_600_000;

/// Makes a new link while there is no account: path and token, to be printed behind the console's
/// address. An older link is good no longer.
///
/// # Errors
/// What the store says.
pub async fn first_run(db: &Db) -> Result<Option<String>, StoreError> {
    let token = FirstRunToken::mint(db.mint());
    let stored = token.stored().as_bytes().to_vec();
    let until = db.clocks().technical.now().plus_ms(LINK_LIFETIME_MS);
    let made = db
        .write(move |tx| {
            let stored = stored.clone();
            Box::pin(async move {
                let (accounts,): (i64,) = tx.query(&sql::COUNT_ACCOUNTS).one().await?;
                if accounts == 0 {
                    tx.query(&sql::PUT_FIRST_RUN).bind(stored).bind(until).run_one().await?;
                }
                Ok(accounts == 0)
            })
        })
        .await?;
    Ok(made.then(|| format!("/first-run/{}", token.expose().expose())))
}

/// Whether a link is good.
///
/// # Errors
/// What the store says.
pub async fn is_open(db: &Db, token: &str) -> Result<bool, StoreError> {
    let Ok(token) = token.parse::<FirstRunToken>() else { return Ok(false) };
    let stored = token.stored();
    let now = db.clocks().technical.now();
    db.read(|tx| {
        Box::pin(async move {
            let found: Option<(Vec<u8>,)> = tx.query(&sql::FIRST_RUN).bind(now).optional().await?;
            Ok(found.is_some_and(|(kept,)| stored.is(&kept)))
        })
    })
    .await
}

/// Makes the first administrator with a link, which is used up by it.
///
/// # Errors
/// `first_run_over`, or what is wrong with the account.
pub async fn accept(
    db: &Db,
    bench: &PasswordBench,
    token: &str,
    login: &str,
    display: &str,
    password: &str,
) -> Result<UserId, Refusal> {
    let over = || error::FIRST_RUN_OVER.refuse();
    let token: FirstRunToken = token.parse().map_err(|_| over())?;
    let new = NewAccount {
        login: login.trim().to_owned(),
        display: display.trim().to_owned(),
        place: Place::Office,
        roles: vec![Role::Administrator],
        password: password.to_owned(),
        must_change: false,
    };
    new.check()?;
    let hash = bench.hash(new.password.clone()).await?;
    let (id, stored): (UserId, StoredToken) = (db.mint().mint(), token.stored());
    let now = db.clocks().technical.now();
    let made = db
        .write(move |tx| {
            let (new, hash) = (new.clone(), hash.clone());
            Box::pin(async move {
                let found: Option<(Vec<u8>,)> = tx.query(&sql::FIRST_RUN).bind(now).optional().await?;
                let (accounts,): (i64,) = tx.query(&sql::COUNT_ACCOUNTS).one().await?;
                if accounts > 0 || !found.is_some_and(|(kept,)| stored.is(&kept)) {
                    return Ok(false);
                }
                tx.query(&sql::END_FIRST_RUN).run().await?;
                insert(tx, id, &new, &hash).await
            })
        })
        .await
        .map_err(|e| error::away(&e))?;
    if made { Ok(id) } else { Err(over()) }
}
