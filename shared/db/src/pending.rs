//! Append-only rows of a transaction (or of a whole group of jobs), collected and written by one
//! statement before the commit; and the heads that number and chain them, read once each.
//!
//! It lives and dies with its transaction: what is rolled back leaves no cache.

use std::collections::HashMap;

use contracts::{Message, MessageKind};
use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{Sql, StoreError, chain};

/// Rows held back before they are written early, and bytes of them: bounds the memory of a group.
const MAX_ROWS: usize = 4096;
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Where a chain ends.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Version or number of the last link; 0 before the first.
    pub(crate) number: i64,
    /// Its hash.
    pub(crate) hash: String,
    dirty: bool,
}

impl Head {
    pub(crate) fn at(number: i64, hash: String) -> Self {
        Self { number, hash, dirty: false }
    }

    pub(crate) fn genesis() -> Self {
        Self::at(0, chain::GENESIS.to_owned())
    }

    fn advance(&mut self, hash: String) {
        self.number = self.number.saturating_add(1);
        self.hash = hash;
        self.dirty = true;
    }
}

/// A chain of a subject: (`order_key`, `subject_id`).
pub(crate) type SubjectKey = (String, String);

/// What waits to be written.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    subjects: HashMap<SubjectKey, Head>,
    agencies: HashMap<String, Head>,
    series: HashMap<String, (i64, bool)>,
    outbox: JsonRows,
    /// Whether any outbox row was written in this transaction.
    pub(crate) published: bool,
}

/// Rows as one JSON array of arrays.
#[derive(Debug, Default)]
pub(crate) struct JsonRows {
    text: Vec<u8>,
    rows: usize,
}

impl JsonRows {
    pub(crate) fn push(&mut self, row: &impl Serialize) -> Result<(), StoreError> {
        self.text.push(if self.rows == 0 { b'[' } else { b',' });
        serde_json::to_writer(&mut self.text, row).map_err(|e| StoreError::other(format!("row: {e}")))?;
        self.rows += 1;
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The whole array as text.
    pub(crate) fn into_text(mut self) -> Result<String, StoreError> {
        if self.rows == 0 {
            return Ok("[]".to_owned());
        }
        self.text.push(b']');
        String::from_utf8(self.text).map_err(|e| StoreError::other(e.to_string()))
    }
}

/// Split: SQLite runs the statements one after the other in one trip to its thread, and spreads the rows
/// by `jsonb_each`; PostgreSQL takes one statement per round trip, so they are one `WITH`.
pub(crate) static FLUSH: Sql =
    Sql::split(include_str!("flush_sqlite.sql"), include_str!("flush_postgres.sql"));

/// The four parameters of [`FLUSH`].
pub(crate) struct Flush {
    pub(crate) outbox: String,
    pub(crate) subjects: String,
    pub(crate) agencies: String,
    pub(crate) series: String,
}

impl Pending {
    pub(crate) fn subject(&mut self, key: &SubjectKey) -> Option<&mut Head> {
        self.subjects.get_mut(key)
    }

    pub(crate) fn keep_subject(&mut self, key: SubjectKey, head: Head) {
        self.subjects.entry(key).or_insert(head);
    }

    pub(crate) fn agency(&self, agency: &str) -> Option<&Head> {
        self.agencies.get(agency)
    }

    pub(crate) fn keep_agency(&mut self, agency: &str, head: Head) {
        self.agencies.insert(agency.to_owned(), head);
    }

    pub(crate) fn series(&mut self, name: &str) -> Option<&mut (i64, bool)> {
        self.series.get_mut(name)
    }

    pub(crate) fn keep_series(&mut self, name: &str, next: i64) {
        self.series.insert(name.to_owned(), (next, true));
    }

    /// Takes a sealed message in and moves its heads on.
    pub(crate) fn push(
        &mut self,
        key: &SubjectKey,
        kind: MessageKind,
        message: &Message,
        hash: String,
    ) -> Result<(), StoreError> {
        self.outbox.push(&Line { order_key: &key.0, kind, message, hash: &hash })?;
        if let Some(head) = self.subjects.get_mut(key) {
            head.advance(hash);
        }
        if let Some(seal) = &message.dispatch
            && let Some(head) = self.agencies.get_mut(seal.agency.as_str())
        {
            head.advance(seal.hash.clone());
        }
        self.published = true;
        Ok(())
    }

    /// Whether enough has gathered to be written before the commit.
    pub(crate) fn is_full(&self) -> bool {
        self.outbox.rows >= MAX_ROWS || self.outbox.text.len() >= MAX_BYTES
    }

    /// What is to be written now; the heads stay known.
    pub(crate) fn take(&mut self) -> Result<Option<Flush>, StoreError> {
        let dirty = self.series.values().any(|(_, dirty)| *dirty);
        if self.outbox.is_empty() && !dirty {
            return Ok(None);
        }
        let (mut subjects, mut agencies, mut series) =
            (JsonRows::default(), JsonRows::default(), JsonRows::default());
        for ((order_key, subject_id), head) in self.subjects.iter_mut().filter(|(_, head)| head.dirty) {
            subjects.push(&(order_key, subject_id, head.number, &head.hash))?;
            head.dirty = false;
        }
        for (agency, head) in self.agencies.iter_mut().filter(|(_, head)| head.dirty) {
            agencies.push(&(agency, head.number, &head.hash))?;
            head.dirty = false;
        }
        for (name, (next, dirty)) in self.series.iter_mut().filter(|(_, (_, dirty))| *dirty) {
            series.push(&(name, *next))?;
            *dirty = false;
        }
        Ok(Some(Flush {
            outbox: std::mem::take(&mut self.outbox).into_text()?,
            subjects: subjects.into_text()?,
            agencies: agencies.into_text()?,
            series: series.into_text()?,
        }))
    }
}

/// A row of the outbox as the flush statements take it.
struct Line<'m> {
    order_key: &'m str,
    kind: MessageKind,
    message: &'m Message,
    hash: &'m str,
}

impl Serialize for Line<'_> {
    /// In the order of the columns in flush_*.sql.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.message;
        let seal = message.dispatch.as_ref();
        let mut line = serializer.serialize_seq(None)?;
        line.serialize_element(&message.id)?;
        line.serialize_element(self.kind.code())?;
        line.serialize_element(&message.event_type)?;
        line.serialize_element(self.order_key)?;
        line.serialize_element(&message.subject_id)?;
        line.serialize_element(&message.version)?;
        line.serialize_element(&message.at.0)?;
        line.serialize_element(&message.causation)?;
        line.serialize_element(&message.traceparent)?;
        line.serialize_element(&message.body)?;
        line.serialize_element(self.hash)?;
        line.serialize_element(&chain::ALGORITHM)?;
        line.serialize_element(&seal.map(|s| s.agency.as_str()))?;
        line.serialize_element(&seal.map(|s| s.seq))?;
        line.serialize_element(&seal.map(|s| &s.prev_hash))?;
        line.serialize_element(&seal.map(|s| &s.hash))?;
        line.serialize_element(&message.by)?;
        line.end()
    }
}
