//! Columns ↔ domain: the only place that knows columns.

use std::collections::BTreeMap;

use contracts::codes::{NoticeChannel, NoticeState, NoticeTrouble, ServiceWay};
use db::{JsonText, StoreError, parse};
use kernel::UnixMillis;

use crate::domain::notice::Notice;

#[derive(sqlx::FromRow)]
pub struct NoticeRow {
    pub id: String,
    event_id: String,
    event_type: String,
    audience: String,
    subject_id: String,
    matter_id: Option<String>,
    template: String,
    template_version: i64,
    told: JsonText<BTreeMap<String, String>>,
    channel: String,
    ways: JsonText<Vec<NoticeChannel>>,
    restricted: i64,
    state: String,
    trouble: Option<String>,
    attempts: i64,
    next_attempt_at: Option<i64>,
    queued_at: i64,
    sent_on: Option<String>,
    delivered_on: Option<String>,
    way: Option<String>,
    proof: Option<String>,
    read_at: Option<i64>,
    version: i64,
    number: Option<String>,
}

/// A notice with its matter's public number.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The notice.
    pub notice: Notice,
    /// Absent for an accusation.
    pub number: Option<String>,
}

impl NoticeRow {
    pub fn read(self) -> Result<Listed, StoreError> {
        let id = self.id.clone();
        let corrupt = |column| StoreError::corrupt("notice", column, &id);
        let day = |column, text: Option<String>| text.map(|t| parse("notice", column, &id, &t)).transpose();
        let notice = Notice {
            id: parse("notice", "id", &id, &id)?,
            event_id: parse("notice", "event_id", &id, &self.event_id)?,
            event_type: self.event_type,
            audience: parse("notice", "audience", &id, &self.audience)?,
            subject_id: self.subject_id,
            matter_id: self.matter_id.map(|m| parse("notice", "matter_id", &id, &m)).transpose()?,
            template: self.template,
            template_version: self.template_version,
            told: self.told.0,
            channel: NoticeChannel::from_code(&self.channel).ok_or_else(|| corrupt("channel"))?,
            ways: self.ways.0,
            restricted: self.restricted == 1,
            state: NoticeState::from_code(&self.state).ok_or_else(|| corrupt("state"))?,
            trouble: self
                .trouble
                .map(|t| NoticeTrouble::from_code(&t).ok_or_else(|| corrupt("trouble")))
                .transpose()?,
            attempts: self.attempts,
            next_attempt_at: self.next_attempt_at.map(UnixMillis),
            queued_at: UnixMillis(self.queued_at),
            sent_on: day("sent_on", self.sent_on)?,
            delivered_on: day("delivered_on", self.delivered_on)?,
            way: self.way.map(|w| ServiceWay::from_code(&w).ok_or_else(|| corrupt("way"))).transpose()?,
            proof: self.proof,
            read: self.read_at.is_some(),
            version: self.version,
        };
        Ok(Listed { notice, number: self.number })
    }
}
