//! Signing in and accounts.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    form::{Choice, CommandForm, Field},
};

/// The sign-in page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LoginPage {
    /// The frame, without a user.
    pub chrome: Chrome,
    /// Where to.
    pub command: CommandForm,
    /// The account's name; stays after a wrong password.
    pub login: Field,
    /// Where to go afterwards.
    pub back: String,
    /// Logins of the sample office, in the demo only.
    pub samples: Vec<SampleLogin>,
    /// The public look-up.
    pub lookup_href: String,
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "login.html";
}

/// A login of the sample office.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SampleLogin {
    /// The account's name.
    pub login: String,
    /// Its password: the demo's alone.
    pub password: String,
    /// Whose it is.
    pub unit: String,
    /// Roles (texts `role-*`).
    pub roles: Vec<String>,
}

/// 首次使用: creates the first administrator through the printed link.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FirstRunPage {
    /// The frame.
    pub chrome: Chrome,
    /// Where to; the link's token is in its address.
    pub command: CommandForm,
    /// Display name.
    pub name: Field,
    /// The account's name.
    pub login: Field,
    /// Password; never sent back, holds its problem only.
    pub password: Field,
    /// The same again; likewise.
    pub password_again: Field,
    /// Shortest password.
    pub password_min: u32,
}

impl Page for FirstRunPage {
    const TEMPLATE: &'static str = "first_run.html";
}

/// My account: change the password.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AccountPage {
    /// The frame.
    pub chrome: Chrome,
    /// Where to.
    pub command: CommandForm,
    /// The account's name.
    pub login: String,
    /// The present password; holds its problem only.
    pub current: Field,
    /// The new one; likewise.
    pub password: Field,
    /// The same again; likewise.
    pub password_again: Field,
    /// Shortest password.
    pub password_min: u32,
    /// It was issued by an administrator and must be changed now.
    pub must_change: bool,
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "account.html";
}

/// 用户: accounts of this place.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UsersPage {
    /// The frame.
    pub chrome: Chrome,
    /// The accounts.
    pub users: Vec<UserRow>,
    /// A new account.
    pub add: UserForm,
    /// A password issued a moment ago; shown once.
    pub issued: Option<Issued>,
    /// Keys of programs.
    pub keys: KeysPart,
}

/// 接口密钥: keys of the REST face.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KeysPart {
    /// The keys, the newest first; ended ones too.
    pub rows: Vec<KeyRow>,
    /// A new key.
    pub add: UserForm,
    /// What it may (texts `right-*`).
    pub scopes: Vec<Choice>,
    /// What is wrong with the scopes, in the page's language.
    pub scopes_problem: Option<String>,
    /// A token made a moment ago; shown once.
    pub issued: Option<Issued>,
}

/// One key.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KeyRow {
    /// Its account's name.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// The unit it belongs to.
    pub unit: String,
    /// What it may (texts `right-*`).
    pub scopes: Vec<String>,
    /// Login of who made it.
    pub made_by: String,
    /// When (RFC 3339).
    pub made_at: String,
    /// Until when it is good (RFC 3339).
    pub expires_at: String,
    /// Login of who ended it.
    pub revoked_by: Option<String>,
    /// When (RFC 3339).
    pub revoked_at: Option<String>,
    /// Last use (RFC 3339).
    pub last_used_at: Option<String>,
    /// Ends it.
    pub revoke: CommandForm,
}

impl Page for UsersPage {
    const TEMPLATE: &'static str = "users.html";
}

/// One account.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UserRow {
    /// Its id; part of element ids.
    pub id: String,
    /// The account's name.
    pub login: String,
    /// Display name.
    pub name: String,
    /// The unit it belongs to.
    pub unit: String,
    /// Every role, the held ones chosen (texts `role-*`).
    pub roles: Vec<Choice>,
    /// It may not sign in.
    pub disabled: bool,
    /// It is the person looking at the page.
    pub is_self: bool,
    /// Last sign-in (RFC 3339).
    pub last_sign_in_at: Option<String>,
    /// Sets its roles.
    pub set_roles: CommandForm,
    /// Disables or enables it.
    pub set_disabled: CommandForm,
    /// Issues a new password.
    pub reset_password: CommandForm,
}

/// A new account.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UserForm {
    /// Where to.
    pub command: CommandForm,
    /// The account's name.
    pub login: Field,
    /// Display name.
    pub name: Field,
    /// The unit: the office or an agency, named.
    pub units: Vec<Choice>,
    /// Roles (texts `role-*`).
    pub roles: Vec<Choice>,
    /// No role was chosen, or one that this unit cannot have, in the page's language.
    pub roles_problem: Option<String>,
}

/// A password that is shown once.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Issued {
    /// The account's name.
    pub login: String,
    /// The password to hand over; must be changed at the first sign-in.
    pub password: String,
}
