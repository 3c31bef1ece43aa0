//! An account, and what a new one must look like.

use db::{JsonText, StoreError, parse};
use kernel::{Actor, AgencyCode, Place, Refusal, Role, UnixMillis, UserId};
use trust::MAX_PASSWORD_BYTES;

use crate::{error, rights::roles_of};

/// The shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// The longest name shown, in characters.
pub const DISPLAY_MAX: usize = 60;
const LOGIN_LENGTH: std::ops::RangeInclusive<usize> = 2..=40;

/// An account of this place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id; also the user of signed actors.
    pub id: UserId,
    /// The name typed at sign-in.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// Office or agency.
    pub place: Place,
    /// Its roles there.
    pub roles: Vec<Role>,
    /// It may not sign in.
    pub disabled: bool,
    /// The password was issued by somebody else and must be changed first.
    pub must_change: bool,
    /// Guards against writers who saw an older one.
    pub version: i64,
    /// The last sign-in, technical clock.
    pub last_sign_in_at: Option<UnixMillis>,
    /// PHC string.
    pub(super) password: String,
}

impl Account {
    /// As a signed actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { user: self.id, place: self.place.clone(), roles: self.roles.clone() }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    id: String,
    login: String,
    display: String,
    agency: Option<String>,
    roles: JsonText<Vec<Role>>,
    password: String,
    disabled: i64,
    must_change: i64,
    version: i64,
    last_sign_in_at: Option<i64>,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parse("account", "id", &row.id, &row.id)?,
            place: place_of(&row.id, row.agency.as_deref())?,
            login: row.login,
            display: row.display,
            roles: row.roles.0,
            disabled: row.disabled != 0,
            must_change: row.must_change != 0,
            version: row.version,
            last_sign_in_at: row.last_sign_in_at.map(UnixMillis),
            password: row.password,
        })
    }
}

pub(super) fn place_of(id: &str, agency: Option<&str>) -> Result<Place, StoreError> {
    match agency {
        None => Ok(Place::Office),
        Some(code) => parse::<AgencyCode>("account", "agency", id, code).map(Place::Agency),
    }
}

/// The agency column of a place.
pub(super) fn agency_of(place: &Place) -> Option<String> {
    match place {
        Place::Agency(code) => Some(code.to_string()),
        Place::Office | Place::Portal | Place::Suite => None,
    }
}

/// An account to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The name typed at sign-in.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// Office or agency.
    pub place: Place,
    /// Its roles there.
    pub roles: Vec<Role>,
    /// The password; hashed before it is stored.
    pub password: String,
    /// Whether it must be changed at the first sign-in.
    pub must_change: bool,
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccount").field("login", &self.login).finish_non_exhaustive()
    }
}

impl NewAccount {
    /// Whether it is fit to be stored.
    ///
    /// # Errors
    /// The first thing wrong, with its field.
    pub fn check(&self) -> Result<(), Refusal> {
        if !is_login(&self.login) {
            return Err(error::LOGIN_SHAPE.refuse().at("login"));
        }
        let shown = self.display.trim();
        if shown.is_empty() || shown.chars().count() > DISPLAY_MAX || shown.chars().any(char::is_control) {
            return Err(error::DISPLAY_SHAPE.refuse().at("display"));
        }
        check_roles(&self.place, &self.roles)?;
        check_password(&self.password)
    }
}

fn is_login(text: &str) -> bool {
    LOGIN_LENGTH.contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
}

/// Whether the roles exist at the place.
///
/// # Errors
/// `roles_owed`, `role_of_other_place`.
pub(super) fn check_roles(place: &Place, roles: &[Role]) -> Result<(), Refusal> {
    if roles.is_empty() {
        return Err(error::ROLES_OWED.refuse().at("roles"));
    }
    match roles.iter().find(|role| !roles_of(place).contains(role)) {
        Some(role) => Err(error::ROLE_OF_OTHER_PLACE.refuse().at("roles").with("role", role)),
        None => Ok(()),
    }
}

/// Whether a password is long enough to be one. No other rule: length is what helps.
///
/// # Errors
/// `password_too_short`, `password_too_long`.
pub(super) fn check_password(password: &str) -> Result<(), Refusal> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(error::PASSWORD_TOO_SHORT.refuse().at("password").with("min", PASSWORD_MIN));
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(error::PASSWORD_TOO_LONG.refuse().at("password").with("max", MAX_PASSWORD_BYTES));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> NewAccount {
        NewAccount {
            login: "renshe.handler".into(),
            display: "何川".into(),
            place: Place::Agency("renshe".parse().expect("code")),
            roles: vec![Role::Handler],
            password: "一句容易记住的长句子".into(),
            must_change: false,
        }
    }

    #[test]
    fn a_fit_account_passes_and_each_fault_names_its_field() {
        assert_eq!(account().check(), Ok(()));
        type Spoil = fn(&mut NewAccount);
        let faults: [(&str, Spoil); 8] = [
            ("login", |a| a.login = "R".into()),
            ("login", |a| a.login = "张三".into()),
            ("login", |a| a.login = "a".repeat(41)),
            ("display", |a| a.display = " \n".into()),
            ("display", |a| a.display = "长".repeat(61)),
            ("roles", |a| a.roles.clear()),
            ("roles", |a| a.roles = vec![Role::RestrictedOfficer]),
            ("password", |a| a.password = "short".into()),
        ];
        for (field, spoil) in faults {
            let mut spoilt = account();
            spoil(&mut spoilt);
            assert_eq!(spoilt.check().expect_err(field).field.as_deref(), Some(field));
        }
        let mut longest = account();
        longest.password = "a".repeat(MAX_PASSWORD_BYTES);
        assert_eq!(longest.check(), Ok(()));
        longest.password.push('a');
        assert_eq!(longest.check().expect_err("too long").code, "password_too_long");
    }
}
