//! The table event × audience × channel × template: data, checked when it is read.

use contracts::codes::{Channel, NoticeChannel};
use kernel::Role;
use serde::Deserialize;

use super::told;

const DEFAULTS: &str = include_str!("../../notices.toml");

/// The table's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    notice: Vec<Line>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    event: String,
    audience: String,
    #[serde(default)]
    arrived: Vec<String>,
    channels: Vec<String>,
    #[serde(default)]
    template: String,
}

/// Whom a row concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The petitioner.
    Petitioner,
    /// The agencies that the fact names.
    Agency,
    /// Their petition desks.
    AgencyDesk,
    /// A role of the office.
    Office(Role),
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Type token of the fact.
    pub event: String,
    /// Whom it concerns.
    pub whom: Whom,
    /// Only for submissions that came so; empty: all.
    pub arrived: Vec<Channel>,
    /// The ways, in order.
    pub channels: Vec<NoticeChannel>,
    /// The words.
    pub template: String,
}

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(Vec<Row>);

/// A row that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTable {
    /// The file is no such table.
    #[error("{0}")]
    Unreadable(String),
    /// A field of a row does not fit.
    #[error("notice {row}: `{field}`: {why}")]
    BadRow {
        /// Which, from 1.
        row: usize,
        /// Its field.
        field: &'static str,
        /// Why not.
        why: String,
    },
}

impl Table {
    /// The table compiled in, with a profile's rows over it. `templates` are the templates that exist.
    ///
    /// # Errors
    /// The first row that does not fit, with its field.
    pub fn read(overlay: Option<&str>, templates: &[&str]) -> Result<Self, BadTable> {
        let mut table = Self(rows(DEFAULTS, templates)?);
        if let Some(text) = overlay {
            let own = rows(text, templates)?;
            table.0.retain(|old| !own.iter().any(|new| new.event == old.event && new.whom == old.whom));
            table.0.extend(own);
        }
        Ok(table)
    }

    /// The rows of a fact, one for each audience: the first that fits how the submission came.
    #[must_use]
    pub fn of(&self, event: &str, arrived: Option<Channel>) -> Vec<&Row> {
        let mut found: Vec<&Row> = Vec::new();
        for row in self.0.iter().filter(|row| row.event == event) {
            let fits = row.arrived.is_empty() || arrived.is_some_and(|c| row.arrived.contains(&c));
            if fits && !found.iter().any(|other| other.whom == row.whom) {
                found.push(row);
            }
        }
        found.retain(|row| !row.channels.is_empty());
        found
    }
}

fn rows(text: &str, templates: &[&str]) -> Result<Vec<Row>, BadTable> {
    let file: File = toml::from_str(text).map_err(|e| BadTable::Unreadable(e.to_string()))?;
    file.notice.iter().enumerate().map(|(at, line)| row(at + 1, line, templates)).collect()
}

fn row(row: usize, line: &Line, templates: &[&str]) -> Result<Row, BadTable> {
    let bad = |field, why: String| BadTable::BadRow { row, field, why };
    let tells =
        told::of_token(&line.event).ok_or_else(|| bad("event", format!("`{}` tells nobody", line.event)))?;
    let whom = match line.audience.as_str() {
        "petitioner" if tells.matter => Whom::Petitioner,
        "agency" if tells.agency => Whom::Agency,
        "agency_desk" if tells.agency => Whom::AgencyDesk,
        other => match other.strip_prefix("office:").map(str::parse::<Role>) {
            Some(Ok(role)) => Whom::Office(role),
            _ => return Err(bad("audience", format!("`{other}` is not concerned by `{}`", line.event))),
        },
    };
    let allowed: &[NoticeChannel] = match whom {
        Whom::Petitioner => &[NoticeChannel::Letter, NoticeChannel::Mail, NoticeChannel::OnTheSpot],
        Whom::Agency | Whom::Office(_) => &[NoticeChannel::Inbox],
        Whom::AgencyDesk => &[NoticeChannel::Mail],
    };
    let mut channels = Vec::new();
    for word in &line.channels {
        let channel = NoticeChannel::from_code(word).filter(|c| allowed.contains(c) && !channels.contains(c));
        let why = || format!("`{word}` does not reach `{}`, or stands twice", line.audience);
        channels.push(channel.ok_or_else(|| bad("channels", why()))?);
    }
    let arrived = line.arrived.iter().map(|word| {
        Channel::from_code(word).ok_or_else(|| bad("arrived", format!("no submission comes by `{word}`")))
    });
    if !channels.is_empty() && !templates.contains(&line.template.as_str()) {
        return Err(bad("template", format!("there is no template `{}`", line.template)));
    }
    Ok(Row {
        event: line.event.clone(),
        whom,
        arrived: arrived.collect::<Result<_, _>>()?,
        channels,
        template: line.template.clone(),
    })
}
