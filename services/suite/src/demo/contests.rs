//! The contested matters of the demo (Art. 23, 24): an objection upheld and re-routed, one rejected, and two
//! refusals that become a dispute, decided by the common superior in writing, or left to the joint conference.

use anyhow::Context;
use contracts::codes::{AssignmentMode, MatterState};
use kernel::AgencyCode;
use serde_json::{Value, json};

use super::{
    agencies::{Bureau, BureauEntry},
    drive::Drive,
    office::{Filed, handed_over},
};
use crate::{
    client::{Client, patiently},
    wait::until,
};

/// Each so many-th matter is contested in one of the ways.
const CONTESTED_EVERY: usize = 40;
/// Units that the sample sends a contested matter to by mistake, if they are not the competent one.
const MISTAKEN: [&str; 3] = ["minzheng", "yibao", "jiaotong"];
/// A unit that has no superior in common with those.
const OTHER_LINE: &str = "jiwei";

/// How a matter is contested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contest {
    /// The first unit is not competent; the office agrees.
    Upheld,
    /// The unit is competent; the office refuses.
    Rejected,
    /// Two units refuse, and their common superior decides.
    Disputed,
    /// Two units of different lines refuse, and the joint conference decides.
    Conferred,
}

impl Contest {
    fn of(n: usize, filed: &Filed) -> Option<Self> {
        let petition = &filed.petition;
        if petition.is_accusation() || petition.hidden_accusation().is_some() {
            return None;
        }
        match n % CONTESTED_EVERY {
            17 => Some(Self::Upheld),
            23 => Some(Self::Conferred),
            28 => Some(Self::Rejected),
            38 => Some(Self::Disputed),
            _ => None,
        }
    }

    /// The unit it goes to first.
    #[must_use]
    pub fn first(self, filed: &Filed) -> String {
        match self {
            Self::Rejected => filed.petition.expected.agency.to_string(),
            Self::Upheld | Self::Disputed | Self::Conferred => mistaken(filed, 0),
        }
    }
}

/// The n-th unit that is not the competent one.
fn mistaken(filed: &Filed, n: usize) -> String {
    let competent = filed.petition.expected.agency.as_str();
    MISTAKEN.iter().filter(|unit| **unit != competent).nth(n).copied().unwrap_or("shifu").to_owned()
}

impl Drive {
    /// Whether, and how, the n-th matter is contested in this office.
    #[must_use]
    pub fn contest_of(&self, n: usize, filed: &Filed) -> Option<Contest> {
        match Contest::of(n, filed) {
            // The lead reports on the resolution from its own screen.
            Some(Contest::Conferred) if !self.at_screen(&filed.petition.expected.agency) => {
                Some(Contest::Disputed)
            }
            contest => contest,
        }
    }

    /// Takes a contested matter to the agency that handles it in the end.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn contest(&self, filed: &Filed, how: Contest, limit_on: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/matters/{}", filed.receipt.submission_id);
        let competent = &filed.petition.expected.agency;
        self.object(filed, &how.first(filed)).await?;
        match how {
            Contest::Rejected => self.rule(&path, "reject_objection", "within_duties").await,
            Contest::Upheld => {
                self.rule(&path, "uphold_objection", "not_competent").await?;
                self.forward(&path, competent.as_str()).await
            }
            Contest::Disputed => {
                self.refuse_twice(filed, &path, &mistaken(filed, 1)).await?;
                self.decide(&path, competent, limit_on).await
            }
            Contest::Conferred => self.refuse_twice(filed, &path, OTHER_LINE).await,
        }
        .with_context(|| format!("contesting {}", filed.petition.key))
    }

    /// The first refusal is upheld, the second unit refuses as well: a dispute.
    async fn refuse_twice(&self, filed: &Filed, path: &str, second: &str) -> anyhow::Result<()> {
        self.rule(path, "uphold_objection", "not_competent").await?;
        self.forward(path, second).await?;
        self.object(filed, second).await?;
        self.rule(path, "uphold_objection", "competent_elsewhere").await
    }

    /// The unit lodges its objection as soon as its node holds the matter, and the office has heard of it.
    async fn object(&self, filed: &Filed, unit: &str) -> anyhow::Result<()> {
        let entry = self.entry(unit)?;
        let bureau = Bureau::open(self.door(), self.sample(), entry).await?;
        let matter = filed.receipt.submission_id;
        let task = until("the unit holds the matter", || async {
            let tasks = bureau.open_tasks().await?;
            Ok(tasks.into_iter().find(|task| task.dispatch.matter_id == matter))
        })
        .await?;
        bureau.object(&task, filed.petition.expected.agency.as_str()).await?;
        let path = format!("/api/v1/matters/{matter}");
        until("the office hears of the objection", || async {
            let view = patiently(self.desk().screener.get::<Value>(&path).await)?;
            Ok(view.filter(|view| state(view) == MatterState::Objected.code()))
        })
        .await
        .map(drop)
    }

    async fn rule(&self, path: &str, verb: &str, reason: &str) -> anyhow::Result<()> {
        let clerk = &self.desk().screener;
        let view = shown(clerk, path).await?;
        let last = view.pointer("/routing/assignments").and_then(Value::as_array).and_then(|all| all.last());
        let id = last.and_then(|a| a.get("assignment_id")).cloned().context("no assignment")?;
        let rule = json!({ "assignment_id": id, "reason": reason, "note": "经核对单位职责" });
        let ruled = |view: &Value| state(view) != MatterState::Objected.code();
        self.desk().at_its_version(clerk, path, verb, rule, ruled).await
    }

    async fn forward(&self, path: &str, unit: &str) -> anyhow::Result<()> {
        let hand_over = json!({ "hand_over": { "agency": unit, "mode": AssignmentMode::Forward } });
        self.desk().at_its_version(&self.desk().screener, path, "forward", hand_over, handed_over).await
    }

    async fn decide(&self, path: &str, lead: &AgencyCode, limit_on: &str) -> anyhow::Result<()> {
        let clerk = &self.desk().screener;
        let view = shown(clerk, path).await?;
        let superior = view.pointer("/routing/dispute/deciders/superior").and_then(Value::as_str);
        let superior = superior.context("the units have no superior in common")?;
        let decision = json!({
            "lead": lead,
            "due_on": limit_on,
            "by": format!("superior:{superior}"),
            "document_number": "云政办函〔2026〕11号",
        });
        self.desk().at_its_version(clerk, path, "decide_competence", decision, handed_over).await
    }

    /// Whether a unit works at a screen.
    pub(super) fn at_screen(&self, unit: &AgencyCode) -> bool {
        self.entries().iter().any(|entry| entry.code == *unit && entry.computer)
    }

    /// The unit of the sample's register.
    pub(super) fn entry(&self, unit: &str) -> anyhow::Result<BureauEntry> {
        let found = self.entries().iter().find(|entry| entry.code.as_str() == unit);
        found.cloned().with_context(|| format!("the sample has no unit {unit}"))
    }
}

fn state(view: &Value) -> &str {
    view.pointer("/routing/state").and_then(Value::as_str).unwrap_or_default()
}

async fn shown(clerk: &Client, path: &str) -> anyhow::Result<Value> {
    until("the matter is shown", || async { patiently(clerk.get::<Value>(path).await) }).await
}
