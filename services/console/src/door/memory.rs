//! What the door remembers for a short while: the catalogue of routing, and receipts that are shown once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use contracts::{
    intake::commands::Receipt,
    routing::commands::{CategoryRow, ListCategories},
};
use kernel::{EventId, UserId};

use super::{Caller, Site};

/// How long the catalogue is good, in milliseconds.
const CATALOGUE_MS: i64 = 60_000;
/// How soon it is asked for again when routing was away, in milliseconds.
const CATALOGUE_RETRY_MS: i64 = 5_000;
/// How long a receipt can be shown after the registration, in milliseconds.
const TICKET_MS: i64 = 15 * 60_000;
/// Receipts remembered at most; the oldest go first.
const TICKETS_MAX: usize = 1_000;

/// What is remembered.
#[derive(Default)]
pub struct Memory {
    catalogue: Mutex<Option<(i64, Arc<Vec<CategoryRow>>)>>,
    tickets: Mutex<HashMap<String, Ticket>>,
}

/// A receipt for the one who registered.
#[derive(Clone)]
pub struct Ticket {
    /// The receipt with its query code.
    pub receipt: Receipt,
    /// Who registered; absent for the public, for whom the ticket alone is the key.
    pub by: Option<UserId>,
    made_at: i64,
}

impl Site {
    /// The catalogue, of a moment ago at most; when routing is away the last one known.
    pub async fn categories(&self) -> Arc<Vec<CategoryRow>> {
        let now = self.technical_now().0;
        let kept = self.memory.catalogue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, rows)) = &kept
            && (*at..at.saturating_add(CATALOGUE_MS)).contains(&now)
        {
            return rows.clone();
        }
        let public = Caller::public(String::new());
        let rows = match self.ask(&public, "routing", &ListCategories {}).await {
            Ok(rows) => Arc::new(rows),
            Err(refusal) => {
                tracing::warn!(code = %refusal.code, "the catalogue is not at hand");
                let rows = kept.map(|(_, rows)| rows).unwrap_or_default();
                // Asked again soon, but not by every page: an owner that is away must not slow them all.
                let at = now - CATALOGUE_MS + CATALOGUE_RETRY_MS;
                *self.memory.catalogue.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some((at, rows.clone()));
                return rows;
            }
        };
        *self.memory.catalogue.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, rows.clone()));
        rows
    }

    /// Keeps a receipt for a short while; gives its ticket.
    pub fn keep_receipt(&self, receipt: Receipt, by: Option<UserId>) -> String {
        let now = self.technical_now().0;
        let ticket: EventId = self.deps.mint.mint();
        let mut tickets = self.memory.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.retain(|_, kept| now - kept.made_at < TICKET_MS);
        if tickets.len() >= TICKETS_MAX {
            let oldest = tickets.iter().min_by_key(|(_, kept)| kept.made_at).map(|(key, _)| key.clone());
            oldest.map(|key| tickets.remove(&key));
        }
        tickets.insert(ticket.to_string(), Ticket { receipt, by, made_at: now });
        ticket.to_string()
    }

    /// The receipt of a ticket, for the one who registered.
    pub fn kept_receipt(&self, ticket: &str, caller: &Caller) -> Option<Ticket> {
        let now = self.technical_now().0;
        let tickets = self.memory.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = tickets.get(ticket).filter(|kept| now - kept.made_at < TICKET_MS)?;
        (kept.by == caller.actor().map(|actor| actor.user)).then(|| kept.clone())
    }
}
