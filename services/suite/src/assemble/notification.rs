//! Notification at a site.

use std::sync::Arc;

use anyhow::{Context, bail};
use bus::Side;
use notification::{
    Config, Deps, MailConfig, MailTls, config::Office, domain::table::Table, svc::Words, texts,
};

use crate::{hub::Hub, site::Site};

/// What notification needs.
///
/// # Errors
/// When store or bus cannot be reached, a setting does not fit, or a row of the table of notices.
pub async fn deps(site: &Site, hub: &Hub) -> anyhow::Result<Deps> {
    let office = &site.locality.office;
    let office = Office {
        name_zh: office.name_zh.clone(),
        name_en: office.name_en.clone(),
        telephone: office.telephone.clone(),
        address: office.address.clone(),
    };
    let settings = &site.config.notification;
    let config = Config {
        mail: mail(site)?,
        office: office.clone(),
        mail_retry_ms: Config::waits(&settings.mail_retry_s).context("the settings")?,
    };
    let table = Table::read(site.locality.notices.as_deref(), texts::NAMES).context("notices.toml")?;
    Ok(Deps {
        db: site.store("notification", &notification::MIGRATIONS).await?,
        bus: hub.connect(Side::core("notification")).await?,
        clocks: site.place.clocks.clone(),
        door: site.door("notification"),
        suite: site.suite.clone(),
        table: Arc::new(table),
        words: Words { texts: texts::Texts::try_new().context("templates of notices")?, office },
        config: Arc::new(config),
        health: site.health.clone(),
    })
}

fn mail(site: &Site) -> anyhow::Result<Option<MailConfig>> {
    let settings = &site.config.notification;
    if settings.smtp_host.is_empty() {
        return Ok(None);
    }
    if !settings.mail_from.contains('@') {
        bail!("notification.mail_from: the sender's address is owed where notification.smtp_host is set");
    }
    let ca = match settings.smtp_ca.as_str() {
        "" => None,
        path => Some(std::fs::read(path).with_context(|| format!("notification.smtp_ca: {path}"))?),
    };
    Ok(Some(MailConfig {
        ca,
        host: settings.smtp_host.clone(),
        port: settings.smtp_port,
        tls: MailTls::read(&settings.smtp_tls).context("the settings")?,
        user: settings.smtp_user.clone(),
        password: settings.smtp_password.clone(),
        from: settings.mail_from.clone(),
    }))
}
