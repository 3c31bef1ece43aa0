//! 账号: who may sign in, in which place and roles; sessions; the first administrator.

mod account;
mod changes;
mod first_run;
pub mod keys;
mod passwords;
mod people;
mod sessions;

pub use account::{Account, DISPLAY_MAX, NewAccount, PASSWORD_MIN};
pub use changes::{AddError, Change, add, add_hashed, by_id, change, issue, list, seed};
pub use first_run::{LINK_LIFETIME_MS, accept, first_run, is_open};
pub use passwords::PasswordBench;
pub use people::People;
pub use sessions::{
    ABSOLUTE_MS, IDLE_MS, PER_ACCOUNT, Session, SignedIn, end, end_others, find, forget_ended, sign_in,
};
