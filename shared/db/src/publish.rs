//! The only way out for messages: numbered, chained, written with the transaction that caused them.

use std::fmt::Display;

use contracts::{DispatchSeal, Message};
use kernel::AgencyCode;

use crate::{
    Draft, Published, Sql, StoreError, Tx, chain,
    pending::{Head, JsonRows, SubjectKey},
};

static LOAD_HEADS: Sql = Sql::split(
    "SELECT h.order_key, h.subject_id, h.version, h.hash FROM jsonb_each($1) k
     CROSS JOIN chain_head h ON h.order_key = k.value->>0 AND h.subject_id = k.value->>1",
    // Split: PostgreSQL locks the heads, in one order for all writers, so that numbers stay gapless.
    "SELECT h.order_key, h.subject_id, h.version, h.hash FROM chain_head h
     WHERE (h.order_key, h.subject_id) IN
        (SELECT v->>0, v->>1 FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v))
     ORDER BY h.order_key, h.subject_id FOR UPDATE OF h",
);

/// PostgreSQL alone: a row to lock for a subject that nobody has published about yet.
static CLAIM_HEADS: Sql = Sql::split(
    "INSERT INTO chain_head (order_key, subject_id, version, hash)
     SELECT value->>0, value->>1, 0, $2 FROM jsonb_each($1) WHERE true ON CONFLICT DO NOTHING",
    "INSERT INTO chain_head (order_key, subject_id, version, hash)
     SELECT v->>0, v->>1, 0, CAST($2 AS TEXT)
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)
     ON CONFLICT DO NOTHING",
);

static DISPATCH_HEAD: Sql = Sql::split(
    // Split: PostgreSQL makes the row if need be and holds its lock until the commit. SQLite has one writer
    // and nothing to make; it takes `$2` for the sake of the same parameters.
    "SELECT seq, hash FROM dispatch_head WHERE agency = $1 AND $2 <> ''",
    "INSERT INTO dispatch_head (agency, seq, hash) VALUES ($1, 0, $2)
     ON CONFLICT (agency) DO UPDATE SET seq = dispatch_head.seq RETURNING seq, hash",
);

pub(crate) const ALL: &[&Sql] = &[&LOAD_HEADS, &CLAIM_HEADS, &DISPATCH_HEAD];

impl Tx<'_> {
    /// Says something: a fact, or an agency's return. The row is written with this transaction, numbered
    /// and chained within its subject; the relay sends it after the commit.
    ///
    /// # Errors
    /// What the store says; [`StoreError::Other`] for a draft that no consumer could take.
    pub async fn publish(&mut self, draft: Draft) -> Result<Published, StoreError> {
        self.seal(None, draft).await
    }

    /// Tells an agency what it must act on: as [`Tx::publish`], and numbered without gaps and chained
    /// among all that this service sends to this agency.
    ///
    /// # Errors
    /// As [`Tx::publish`].
    pub async fn dispatch(&mut self, agency: &AgencyCode, draft: Draft) -> Result<Published, StoreError> {
        self.seal(Some(agency), draft).await
    }

    /// [`Tx::publish`] for many, with one look at the heads of all their subjects.
    ///
    /// # Errors
    /// As [`Tx::publish`].
    pub async fn publish_all(&mut self, drafts: Vec<Draft>) -> Result<Vec<Published>, StoreError> {
        let keys = drafts.iter().filter(|d| !d.genesis).map(|d| subject_key(None, d)).collect();
        self.load_heads(keys).await?;
        let mut published = Vec::with_capacity(drafts.len());
        for draft in drafts {
            published.push(self.seal(None, draft).await?);
        }
        Ok(published)
    }

    /// Looks at the heads of many subjects at once, so that the `publish` of each costs no statement: for
    /// a batch whose parts publish one by one. `order_key` is the drafts' source (`lianxi/routing`), for
    /// dispatches `source>agency`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn expect_subjects(
        &mut self,
        order_key: &str,
        subjects: &[impl Display],
    ) -> Result<(), StoreError> {
        let keys = subjects.iter().map(|id| (order_key.to_owned(), id.to_string())).collect();
        self.load_heads(keys).await
    }

    async fn seal(&mut self, agency: Option<&AgencyCode>, draft: Draft) -> Result<Published, StoreError> {
        draft.check(agency)?;
        self.need_writable()?;
        let key = subject_key(agency, &draft);
        if self.pending.subject(&key).is_none() {
            if draft.genesis {
                self.pending.keep_subject(key.clone(), Head::genesis());
            } else {
                self.load_heads(vec![key.clone()]).await?;
            }
        }
        let dispatch = match agency {
            Some(agency) => Some(self.next_dispatch(agency, &draft.source).await?),
            None => None,
        };
        let Some(head) = self.pending.subject(&key) else {
            return Err(StoreError::other("the head of a subject was not loaded"));
        };
        let mut message = Message {
            id: self.scope.mint.mint(),
            event_type: draft.event_type.to_owned(),
            source: draft.source,
            subject_id: draft.subject_id,
            at: draft.at,
            version: head.number.saturating_add(1),
            causation: draft.causation,
            by: if agency.is_none() { self.by.clone() } else { None },
            traceparent: telemetry::current_traceparent(),
            dispatch: None,
            body: draft.body,
        };
        message.dispatch = dispatch.map(|mut seal| {
            seal.hash = chain::dispatch_hash(&message, &seal);
            seal
        });
        let hash = chain::row_hash(&head.hash, draft.kind, &message);
        self.pending.push(&key, draft.kind, &message, hash)?;
        if self.pending.is_full() {
            self.flush().await?;
        }
        Ok(Published {
            id: message.id,
            version: message.version,
            agency_seq: message.dispatch.map(|seal| seal.seq),
        })
    }

    /// Number and predecessor of the next dispatch to an agency; its hash comes later.
    async fn next_dispatch(&mut self, agency: &AgencyCode, source: &str) -> Result<DispatchSeal, StoreError> {
        if self.pending.agency(agency.as_str()).is_none() {
            let found: Option<(i64, String)> =
                self.query(&DISPATCH_HEAD).bind(agency).bind(chain::GENESIS).optional().await?;
            let head = found.map_or_else(Head::genesis, |(seq, hash)| Head::at(seq, hash));
            self.pending.keep_agency(agency.as_str(), head);
        }
        let Some(head) = self.pending.agency(agency.as_str()) else {
            return Err(StoreError::other("the head of an agency was not loaded"));
        };
        Ok(DispatchSeal {
            agency: agency.clone(),
            sender: source.strip_prefix("lianxi/").unwrap_or(source).to_owned(),
            seq: head.number.saturating_add(1),
            prev_hash: head.hash.clone(),
            hash: String::new(),
        })
    }

    async fn load_heads(&mut self, keys: Vec<SubjectKey>) -> Result<(), StoreError> {
        self.need_writable()?;
        let mut wanted: Vec<SubjectKey> =
            keys.into_iter().filter(|key| self.pending.subject(key).is_none()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut found = self.heads_of(&wanted).await?;
        if found < wanted.len() && self.is_postgres() {
            let json = json_of(&wanted)?;
            self.query(&CLAIM_HEADS).bind(json).bind(chain::GENESIS).run().await?;
            found = self.heads_of(&wanted).await?;
        }
        tracing::trace!(wanted = wanted.len(), found, "heads loaded");
        for key in wanted {
            self.pending.keep_subject(key, Head::genesis());
        }
        Ok(())
    }

    async fn heads_of(&mut self, wanted: &[SubjectKey]) -> Result<usize, StoreError> {
        let json = json_of(wanted)?;
        let rows: Vec<(String, String, i64, String)> = self.query(&LOAD_HEADS).bind(json).all().await?;
        let found = rows.len();
        for (order_key, subject_id, version, hash) in rows {
            self.pending.keep_subject((order_key, subject_id), Head::at(version, hash));
        }
        Ok(found)
    }
}

fn subject_key(agency: Option<&AgencyCode>, draft: &Draft) -> SubjectKey {
    let order_key = match agency {
        // As `Message::order_key` says it.
        Some(agency) => format!("{}>{agency}", draft.source),
        None => draft.source.clone(),
    };
    (order_key, draft.subject_id.clone())
}

fn json_of(keys: &[SubjectKey]) -> Result<String, StoreError> {
    let mut rows = JsonRows::default();
    for key in keys {
        rows.push(key)?;
    }
    rows.into_text()
}
