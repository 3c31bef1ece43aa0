//! `lianxi user add`: an account, made at the machine that holds the data folder, or asked for at a console elsewhere.

use std::io::Read;

use console::accounts::{self, NewAccount};
use kernel::{AgencyCode, Place, Role};
use serde_json::{Value, json};

use super::door;
use crate::{assemble, cli::DoorArgs, config::Config, say, site::Site};

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

/// Asks a console for it, in an administrator's name; says its id and the password that was issued.
///
/// # Errors
/// No console, no password of the administrator's, or what is wrong with the account.
pub async fn ask_for(config: &Config, args: &DoorArgs, wanted: &Wanted) -> anyhow::Result<()> {
    anyhow::ensure!(args.login.is_some(), "name the administrator: --as USER, with LIANXI_PASSWORD");
    let new = json!({
        "login": wanted.login, "display": wanted.display, "roles": wanted.roles, "agency": wanted.agency,
    });
    let issued: Value = door::caller(config, args).await?.post("/api/v1/users", &new).await?;
    for field in ["id", "password"] {
        say::line(issued.get(field).and_then(Value::as_str).unwrap_or_default());
    }
    Ok(())
}
