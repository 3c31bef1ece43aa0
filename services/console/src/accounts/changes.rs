//! Making and changing accounts.

use db::{Db, JsonText, StoreError, Tx};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Place, Refusal, Role, UserId};
use trust::Secret32;

use super::{
    account::{Account, AccountRow, NewAccount, agency_of, check_password, check_roles},
    passwords::PasswordBench,
};
use crate::{
    error,
    store::{accounts as sql, keys as sql_keys},
};

/// Accounts shown at once; an office has some dozens.
const LISTED_MAX: i64 = 2_000;
/// Accounts of a seed that are made at once.
const SEEDED_AT_ONCE: usize = 4;

/// An account could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// It is not fit, or its login is taken.
    #[error(transparent)]
    Refused(#[from] Box<Refusal>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for AddError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<AddError> for Refusal {
    fn from(error: AddError) -> Self {
        match error {
            AddError::Refused(refusal) => *refusal,
            AddError::Store(store) => error::away(&store),
        }
    }
}

/// Makes an account: what `lianxi user add` and the users page do.
///
/// # Errors
/// What is wrong with it, `login_taken`, or the store's.
pub async fn add(db: &Db, new: NewAccount) -> Result<UserId, AddError> {
    new.check()?;
    let bench = PasswordBench::new(db.mint().clone()).map_err(|_| web::errors::INTERNAL_ERROR.refuse())?;
    add_hashed(db, &bench, new).await
}

/// As [`add`], on a bench that is there.
///
/// # Errors
/// As [`add`].
pub async fn add_hashed(db: &Db, bench: &PasswordBench, new: NewAccount) -> Result<UserId, AddError> {
    new.check()?;
    let hash = bench.hash(new.password.clone()).await?;
    let id: UserId = db.mint().mint();
    let login = new.login.clone();
    let entered = db
        .write(move |tx| {
            let (new, hash) = (new.clone(), hash.clone());
            Box::pin(async move { insert(tx, id, &new, &hash).await })
        })
        .await?;
    if entered { Ok(id) } else { Err(error::LOGIN_TAKEN.refuse().at("login").with("login", login).into()) }
}

/// Enters an account within a transaction; `false` when the login is taken.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    id: UserId,
    new: &NewAccount,
    hash: &str,
) -> Result<bool, StoreError> {
    let now = tx.clocks().technical.now();
    let query = tx.query(&sql::INSERT_ACCOUNT).bind(id).bind(new.login.as_str()).bind(new.display.trim());
    let query = query.bind(agency_of(&new.place)).bind(JsonText(&new.roles)).bind(hash);
    Ok(query.bind(i64::from(new.must_change)).bind(now).run().await? == 1)
}

/// Makes the accounts that are not there yet (the sample office's); says how many.
///
/// # Errors
/// As [`add`].
pub async fn seed(db: &Db, accounts: Vec<NewAccount>) -> Result<usize, AddError> {
    let bench = PasswordBench::new(db.mint().clone()).map_err(|_| web::errors::INTERNAL_ERROR.refuse())?;
    let there: std::collections::HashSet<String> =
        list(db, None).await?.into_iter().map(|account| account.login).collect();
    let missing = accounts.into_iter().filter(|new| !there.contains(&new.login));
    let made = missing.map(|new| add_hashed(db, &bench, new));
    let made: Vec<UserId> = stream::iter(made).buffered(SEEDED_AT_ONCE).try_collect().await?;
    Ok(made.len())
}

/// The accounts of a place; all when none is named.
///
/// # Errors
/// What the store says.
pub async fn list(db: &Db, place: Option<&Place>) -> Result<Vec<Account>, StoreError> {
    let agency = place.and_then(agency_of).unwrap_or_default();
    let rows: Vec<AccountRow> = db
        .read(|tx| {
            Box::pin(async move { tx.query(&sql::ACCOUNTS).bind(agency).bind(LISTED_MAX).all().await })
        })
        .await?;
    rows.into_iter().map(Account::try_from).collect()
}

/// One account.
///
/// # Errors
/// What the store says.
pub async fn by_id(db: &Db, id: UserId) -> Result<Option<Account>, StoreError> {
    let row: Option<AccountRow> = db
        .peek(|tx| Box::pin(async move { tx.query(&sql::ACCOUNT_BY_ID).bind(id).optional().await }))
        .await?;
    row.map(Account::try_from).transpose()
}

/// A change of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Other roles.
    Roles(Vec<Role>),
    /// May or may not sign in.
    Disabled(bool),
    /// A new password that somebody else knows: to be changed at the first sign-in.
    Issued(String),
    /// The owner's own new password.
    Chosen(String),
}

/// Changes an account over the version that was seen.
///
/// # Errors
/// `no_such_account`, `stale_account`, `last_administrator`, or what is wrong with the change.
pub async fn change(
    db: &Db,
    bench: &PasswordBench,
    id: UserId,
    expected_version: i64,
    change: Change,
) -> Result<Account, Refusal> {
    let hash = match &change {
        Change::Issued(password) | Change::Chosen(password) => {
            check_password(password)?;
            Some(bench.hash(password.clone()).await?)
        }
        Change::Roles(_) | Change::Disabled(_) => None,
    };
    let outcome = db
        .write(move |tx| {
            let (change, hash) = (change.clone(), hash.clone());
            Box::pin(async move { change_in(tx, id, expected_version, &change, hash).await })
        })
        .await;
    match outcome {
        Ok(changed) => changed.map_err(|refusal| *refusal),
        Err(StoreError::Stale) => Err(error::STALE_ACCOUNT.refuse()),
        Err(store) => Err(error::away(&store)),
    }
}

async fn change_in(
    tx: &mut Tx<'_>,
    id: UserId,
    expected_version: i64,
    change: &Change,
    hash: Option<String>,
) -> Result<Result<Account, Box<Refusal>>, StoreError> {
    let row: Option<AccountRow> = tx.query(&sql::ACCOUNT_BY_ID).bind(id).optional().await?;
    let Some(row) = row else { return Ok(Err(Box::new(error::NO_SUCH_ACCOUNT.refuse()))) };
    let mut account = Account::try_from(row)?;
    if account.version != expected_version {
        return Ok(Err(Box::new(error::STALE_ACCOUNT.refuse())));
    }
    let (keys,): (i64,) = tx.query(&sql_keys::IS_KEY).bind(id).one().await?;
    if keys > 0 && !matches!(change, Change::Disabled(true)) {
        return Ok(Err(Box::new(error::KEY_HAS_NO_PASSWORD.refuse())));
    }
    if let Err(refusal) = apply(&mut account, change, hash) {
        return Ok(Err(Box::new(refusal)));
    }
    let governs =
        !account.disabled && account.place == Place::Office && account.roles.contains(&Role::Administrator);
    if !governs && matches!(change, Change::Roles(_) | Change::Disabled(true)) {
        let (others,): (i64,) = tx.query(&sql::COUNT_ADMINISTRATORS).bind(id).one().await?;
        if others == 0 {
            return Ok(Err(Box::new(error::LAST_ADMINISTRATOR.refuse())));
        }
    }
    let query = tx.query(&sql::UPDATE_ACCOUNT).bind(id).bind(expected_version).bind(JsonText(&account.roles));
    let query = query.bind(account.password.as_str()).bind(i64::from(account.disabled));
    query.bind(i64::from(account.must_change)).run_one().await?;
    account.version += 1;
    if account.disabled || matches!(change, Change::Issued(_)) {
        // Whoever holds a session of it holds it no longer.
        tx.query(&sql::END_OTHER_SESSIONS).bind(id).bind(Vec::<u8>::new()).run().await?;
    }
    Ok(Ok(account))
}

fn apply(account: &mut Account, change: &Change, hash: Option<String>) -> Result<(), Refusal> {
    match change {
        Change::Roles(roles) => {
            check_roles(&account.place, roles)?;
            account.roles.clone_from(roles);
        }
        Change::Disabled(disabled) => account.disabled = *disabled,
        Change::Issued(_) | Change::Chosen(_) => {
            account.must_change = matches!(change, Change::Issued(_));
            account.password = hash.unwrap_or_default();
        }
    }
    Ok(())
}

/// A password to hand over: 20 letters and digits of chance, none of which look alike.
#[must_use]
pub fn issue(db: &Db) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let secret = Secret32::mint(db.mint());
    let letters = secret.expose().iter().take(20);
    letters.filter_map(|byte| ALPHABET.get(usize::from(byte & 31)).copied().map(char::from)).collect()
}
