//! The world as the checker sees it.

use std::collections::{BTreeMap, BTreeSet};

use bus::{Bus, streams};
use kernel::Clock;
use trust::chain::ChainHasher;

use super::world::{LAOJIAN, RENSHE, World, agencies};
use crate::checker::{
    dump::{self, Dump, Stored, Told},
    read,
};

/// Tables that a rebuild of the streams changes, and what depends on the process that holds a lease.
const OF_THE_BUS: &[&str] = &["outbox", "lease", "meta"];

impl World {
    pub async fn dump(&mut self) -> Dump {
        let mut dump = Dump {
            intake: read::intake(self.node("intake").db()).await,
            routing: read::routing(self.node("routing").db()).await,
            supervision: read::supervision(self.node("supervision").db()).await,
            meetings: read::meetings(self.node("meetings").db()).await,
            notification: read::notification(self.node("notification").db()).await,
            now: self.clocks.business.now().0,
            board: read::board(self.node("console").db()).await,
            told: self.told(),
            under: under(),
            ..Dump::default()
        };
        for code in agencies() {
            dump.agencies.insert(code.to_string(), read::agency(self.node(code.as_str()).db()).await);
        }
        for stream in Self::streams() {
            let onlooker = self.onlooker();
            let stored = self.look_into(&stream, &onlooker).await.into_iter().map(|d| {
                let (id, text) = match &d.message {
                    Ok(message) => {
                        (message.id.to_string(), format!("{:?} {}", message.headers(), message.body))
                    }
                    Err(_) => (String::new(), d.raw.as_ref().map(|r| r.body.clone()).unwrap_or_default()),
                };
                Stored { subject: d.subject, id, text }
            });
            dump.streams.insert(stream, stored.collect());
        }
        dump.untaken = self.untaken().await;
        dump
    }

    async fn untaken(&self) -> BTreeMap<String, u64> {
        let bus = Bus::Memory(self.bus.clone());
        let mut untaken = BTreeMap::new();
        // The console names no durable of its own yet, the board reads for it.
        let specs = streams::consumers(&agencies()).into_iter().filter(|spec| spec.durable != "console");
        for spec in specs {
            if let Ok(state) = bus.consumer_state(&spec).await {
                untaken.insert(format!("{}/{}", spec.stream, spec.durable), state.pending + state.unacked);
            }
        }
        untaken
    }

    fn told(&self) -> Told {
        let people = &self.people;
        let slips = people.slips.iter().map(|s| dump::Slip {
            key: s.key.clone(),
            receipt: s.receipt.as_ref().map(|r| (r.submission_id.to_string(), r.number.clone())),
            other_receipt: s.other_receipt.is_some(),
            accused: s.command.accused_agencies.iter().map(ToString::to_string).collect(),
            canaries: s.canaries.clone(),
        });
        let steps = people.steps.iter().map(|s| dump::Step {
            agency: s.agency.to_string(),
            assignment: s.assignment.to_string(),
            version: s.changed.version,
        });
        Told {
            slips: slips.collect(),
            steps: steps.collect(),
            seen: people.seen.iter().map(|(code, text)| (code.to_string(), text.clone())).collect(),
            poison: self.troubles.poison.clone(),
        }
    }

    /// A hash over every row of every database: the same for the same seed.
    pub async fn digest(&self) -> String {
        self.hash_without(&["lease"]).await
    }

    /// A hash over what the services know, without how they send it.
    pub async fn knowledge(&self) -> String {
        self.hash_without(OF_THE_BUS).await
    }

    async fn hash_without(&self, tables: &[&str]) -> String {
        let mut hasher = ChainHasher::v1();
        for node in &self.nodes {
            for (table, row) in read::rows(node.db(), tables).await {
                hasher = hasher.field(&node.name).field(table).field(row);
            }
        }
        hasher.finish().to_hex()
    }
}

/// Units under each unit, itself included, as the register has them.
pub fn under() -> BTreeMap<String, BTreeSet<String>> {
    let mut under: BTreeMap<String, BTreeSet<String>> =
        agencies().iter().map(|a| (a.to_string(), BTreeSet::from([a.to_string()]))).collect();
    under.entry(RENSHE.to_owned()).or_default().insert(LAOJIAN.to_owned());
    under
}
