//! The REST face as the command line asks it: of the data folder's own console or of another, in somebody's name.

use anyhow::Context;

use crate::{cli::DoorArgs, client::Client, config::Config, place::Place};

/// A caller with an account (`--login`, LIANXI_PASSWORD) or an API key (LIANXI_API_KEY).
///
/// # Errors
/// No console, no credentials, or a sign-in that is refused.
pub async fn caller(config: &Config, args: &DoorArgs) -> anyhow::Result<Client> {
    let door = open(config, args)?;
    match &args.login {
        Some(login) => {
            let password =
                std::env::var("LIANXI_PASSWORD").context("set LIANXI_PASSWORD to the password of --login")?;
            door.sign_in(login, &password).await
        }
        None => {
            let key = std::env::var("LIANXI_API_KEY").context("give --login, or set LIANXI_API_KEY")?;
            Ok(door.with_key(key.trim()))
        }
    }
}

/// The door, not signed in.
///
/// # Errors
/// No console.
pub fn open(config: &Config, args: &DoorArgs) -> anyhow::Result<Client> {
    let url = match &args.url {
        Some(url) => url.clone(),
        None => Place::open(&config.data.dir)?
            .running()?
            .into_iter()
            .find_map(|r| r.console)
            .context("no console runs on this data folder; start `lianxi run`, or give --url")?,
    };
    Client::new(&url)
}
