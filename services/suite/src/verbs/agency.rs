//! `lianxi agency add|change|end|list`: the register of agencies through the REST face.

use std::{io::Read, path::Path};

use anyhow::Context;
use contracts::{
    Page,
    routing::{
        Ending,
        register::{AddAgency, AgencyEntry, AgencyKept, AgencyLine, AgencyView},
    },
};
use kernel::AgencyCode;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::door;
use crate::{cli::DoorArgs, client::Client, config::Config, say};

/// Enters an agency.
///
/// # Errors
/// A refusal, told with its field.
pub async fn add(config: &Config, door: &DoorArgs, file: &Path) -> anyhow::Result<()> {
    let command: AddAgency = read(file)?;
    let client = door::caller(config, door).await?;
    kept(&client.post("/api/v1/agencies", &command).await?);
    Ok(())
}

/// Changes an entry as it is now.
///
/// # Errors
/// A refusal, told with its field.
pub async fn change(config: &Config, door: &DoorArgs, code: &AgencyCode, file: &Path) -> anyhow::Result<()> {
    let entry: AgencyEntry = read(file)?;
    let client = door::caller(config, door).await?;
    let version = shown(&client, code).await?.version;
    let body = json!({ "expected_version": version, "entry": entry });
    kept(&client.post(&format!("/api/v1/agencies/{code}/change_agency"), &body).await?);
    Ok(())
}

/// Ends an agency.
///
/// # Errors
/// A refusal, told with its field.
pub async fn end(config: &Config, door: &DoorArgs, code: &AgencyCode, file: &Path) -> anyhow::Result<()> {
    let ending: Ending = read(file)?;
    let client = door::caller(config, door).await?;
    let version = shown(&client, code).await?.version;
    let body = json!({ "expected_version": version, "ending": ending });
    kept(&client.post(&format!("/api/v1/agencies/{code}/end_agency"), &body).await?);
    Ok(())
}

/// Shows the register, or one entry.
///
/// # Errors
/// A refusal.
pub async fn list(config: &Config, door: &DoorArgs, code: Option<&AgencyCode>) -> anyhow::Result<()> {
    let client = door::caller(config, door).await?;
    if let Some(code) = code {
        say::line(&serde_json::to_string_pretty(&shown(&client, code).await?)?);
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let page: Page<AgencyLine> = client.get(&format!("/api/v1/agency_register?limit=200{after}")).await?;
        for line in &page.items {
            let listed = &line.listed;
            let until = listed.valid_to.map_or_else(String::new, |day| format!(" … {day}"));
            say::line(&format!(
                "{:<16} {:<8} {:<6} {}{until}  {}",
                listed.agency.as_str(),
                listed.level.code(),
                line.site,
                listed.valid_from,
                listed.name_zh
            ));
        }
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(()),
        }
    }
}

async fn shown(client: &Client, code: &AgencyCode) -> anyhow::Result<AgencyView> {
    client.get(&format!("/api/v1/agencies/{code}")).await
}

fn kept(kept: &AgencyKept) {
    say::line(&format!("{}: version {}", kept.agency, kept.version));
}

fn read<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    let text = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?
    };
    serde_json::from_str(&text).with_context(|| format!("{}", file.display()))
}
