//! `lianxi user add`: an account, made at the machine that holds the data folder.

use std::io::Read;

use console::accounts::{self, NewAccount};
use kernel::{AgencyCode, Place, Role};

use crate::{assemble, config::Config, say, site::Site};

/// The account that is wanted.
pub struct Wanted {
    /// Login.
    pub login: String,
    /// Name shown.
    pub display: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Its agency, or the office.
    pub agency: Option<AgencyCode>,
}

/// Adds it; the password comes on standard input and must be changed at the first sign-in.
///
/// # Errors
/// What is wrong with it.
pub async fn add(config: Config, wanted: Wanted) -> anyhow::Result<()> {
    say::progress("口令 password:");
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config, shutdown)?;
    if let Some(code) = &wanted.agency {
        anyhow::ensure!(site.agencies().contains(code), "the register has no agency `{code}`");
    }
    let store = assemble::console::store(&site).await?;
    let new = NewAccount {
        login: wanted.login,
        display: wanted.display,
        place: wanted.agency.map_or(Place::Office, Place::Agency),
        roles: wanted.roles,
        password: password.trim_end_matches(['\r', '\n']).to_owned(),
        must_change: true,
    };
    let id = accounts::add(&store, new).await?;
    store.close().await;
    say::line(&id.to_string());
    Ok(())
}
