//! Driving the sample: register, route, answer, count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Context;
use contracts::{
    Page,
    agency::commands::Task,
    codes::{AssignmentRole, AssignmentState, MatterState},
};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::MatterId;
use serde_json::{Value, json};

use super::{
    agencies::{Bureau, BureauEntry, Until},
    contests::Contest,
    count::{Counts, Seen},
    office::{Desk, Filed},
    sample::Sample,
};
use crate::{
    client::{Client, patiently},
    profile::Locality,
    wait::until,
};

/// Agencies at work at once.
const BUREAUX_AT_ONCE: usize = 4;
/// Each so many-th matter is assigned with a limit (交办) instead of forwarded.
const ASSIGNED_EVERY: usize = 5;
/// Each so many-th matter goes to the wrong agency first and is recalled.
const WRONG_EVERY: usize = 40;

/// Each so many-th matter has a lead and co-agencies beside it (Art. 24).
const HELPED_EVERY: usize = 12;
/// Units that the sample asks for a part, if they do not lead.
const HELPERS: [&str; 3] = ["minzheng", "zhujian", "weijian"];
/// By when they give it: before the limit of the lead.
const PART_ON: &str = "2026-08-28";

/// How far the sample is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Everything to its end.
    Whole,
    /// A living office: some to screen, some with agencies, some closed.
    Living,
}

/// A sample office under way, seen from outside.
pub struct Drive {
    pub(super) door: Client,
    pub(super) sample: Sample,
    pub(super) entries: Vec<BureauEntry>,
    desk: Desk,
}

impl Drive {
    /// Signs the office in at a console.
    ///
    /// # Errors
    /// When the console does not answer or a login is missing.
    pub async fn open(url: &str, sample: Sample, locality: &Locality) -> anyhow::Result<Self> {
        let door = Client::new(url)?;
        let levels: HashMap<_, _> = locality.agencies.iter().map(|a| (a.code.clone(), a.level)).collect();
        let entries = locality.agencies.iter().map(|a| BureauEntry {
            code: a.code.clone(),
            name: a.name_zh.clone(),
            review_unit: a.review_unit.clone(),
            computer: a.computer,
        });
        let desk = Desk::open(&door, &sample, levels).await?;
        Ok(Self { door, entries: entries.collect(), desk, sample })
    }

    /// The office's desk.
    pub(super) const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The console's door.
    pub(super) const fn door(&self) -> &Client {
        &self.door
    }

    /// The sample.
    pub(super) const fn sample(&self) -> &Sample {
        &self.sample
    }

    /// The agencies.
    pub(super) fn entries(&self) -> &[BureauEntry] {
        &self.entries
    }

    /// Registers all petitions.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn register(&self) -> anyhow::Result<Vec<Filed>> {
        self.desk.register(&self.sample.petitions).await
    }

    /// The office's work on what was registered.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn route(&self, filed: &[Filed], extent: Extent, limit_on: &str) -> anyhow::Result<()> {
        let by_key: HashMap<&str, &Filed> = filed.iter().map(|f| (f.petition.key.as_str(), f)).collect();
        for (n, one) in filed.iter().enumerate() {
            if left(n, extent) {
                continue;
            }
            let original = one.petition.expected.repeat_of.as_deref().and_then(|key| by_key.get(key));
            match original {
                Some(original) => self.desk.link(one, original).await?,
                None => {
                    let wrong = n % WRONG_EVERY == 7 && !one.petition.is_accusation();
                    let limit = (n % ASSIGNED_EVERY == 0).then_some(limit_on);
                    let contest = self.contest_of(n, one);
                    let first = match contest {
                        Some(contest) => contest.first(one),
                        None if wrong => "shifu".to_owned(),
                        None => one.petition.expected.agency.to_string(),
                    };
                    let co = helpers(n, one, contest.is_some() || wrong);
                    self.desk.route(one, &first, wrong, limit, &co).await?;
                    if let Some(contest) = contest {
                        self.contest(one, contest, limit_on).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The matters that the joint conference decides.
    #[must_use]
    pub fn conferred<'a>(&self, filed: &'a [Filed], extent: Extent) -> Vec<&'a Filed> {
        let conferred = filed.iter().enumerate().filter(|(n, one)| {
            !left(*n, extent)
                && one.petition.expected.repeat_of.is_none()
                && self.contest_of(*n, one) == Some(Contest::Conferred)
        });
        conferred.map(|(_, one)| one).collect()
    }

    /// The agencies' work, until every task that was sent has been taken as far as wanted; some are left, so that
    /// their agencies are late.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn answer(&self, extent: Extent, late: &BTreeSet<MatterId>) -> anyhow::Result<()> {
        let opened = self.entries.iter().map(|entry| self.at_work(entry, late));
        let at_work: Vec<(Bureau, Vec<Task>)> =
            stream::iter(opened).buffer_unordered(BUREAUX_AT_ONCE).try_collect().await?;
        let answers = &self.sample.answers;
        let co = |task: &&Task| task.dispatch.role == AssignmentRole::Co;
        // The parts come first: a lead answers with all of them.
        let parts = at_work.iter().map(|(bureau, tasks)| async move {
            for task in tasks.iter().filter(co) {
                let to = if extent == Extent::Whole { Until::Closed } else { Until::Signed };
                bureau.handle(task, answers, to).await?;
            }
            anyhow::Ok(())
        });
        stream::iter(parts).buffer_unordered(BUREAUX_AT_ONCE).try_collect::<()>().await?;
        let leads = at_work.iter().map(|(bureau, tasks)| async move {
            for (n, task) in tasks.iter().filter(|task| !co(task)).enumerate() {
                let waits = !task.dispatch.co.is_empty();
                let to = match (extent, n % 4) {
                    (Extent::Living, _) if waits => Until::Accepted,
                    (Extent::Whole, _) | (Extent::Living, 0) => Until::Closed,
                    (Extent::Living, 1) => Until::Accepted,
                    (Extent::Living, 2) => Until::Signed,
                    (Extent::Living, _) => continue,
                };
                bureau.handle(task, answers, to).await?;
            }
            anyhow::Ok(())
        });
        stream::iter(leads).buffer_unordered(BUREAUX_AT_ONCE).try_collect::<()>().await?;
        if extent == Extent::Living {
            self.some_parts(&at_work).await?;
        }
        Ok(())
    }

    /// In a living office half of the parts are here, and their leads wait for the others.
    async fn some_parts(&self, at_work: &[(Bureau, Vec<Task>)]) -> anyhow::Result<()> {
        for (n, (bureau, tasks)) in at_work.iter().enumerate() {
            let ours: BTreeSet<_> = tasks
                .iter()
                .filter(|task| task.dispatch.role == AssignmentRole::Co)
                .map(|task| task.dispatch.assignment_id)
                .collect();
            if n % 2 == 0 && !ours.is_empty() {
                for task in
                    bureau.open_tasks().await?.iter().filter(|t| ours.contains(&t.dispatch.assignment_id))
                {
                    bureau.handle(task, &self.sample.answers, Until::Closed).await?;
                }
            }
        }
        Ok(())
    }

    /// An agency with the tasks that were sent to it, but for those it is late with.
    async fn at_work(
        &self,
        entry: &BureauEntry,
        late: &BTreeSet<MatterId>,
    ) -> anyhow::Result<(Bureau, Vec<Task>)> {
        let code = entry.code.clone();
        let bureau = Bureau::open(&self.door, &self.sample, entry.clone()).await?;
        let sent = self.sent_to(code.as_str()).await?;
        let mut tasks = until("the agency holds what was sent to it", || async {
            let mut tasks = bureau.open_tasks().await?;
            // The office has ruled on every objection; some of its answers are still on their way.
            tasks.retain(|task| task.state != AssignmentState::Objected);
            Ok((tasks.len() >= sent).then_some(tasks))
        })
        .await
        .with_context(|| format!("{sent} tasks of {code}"))?;
        tasks.retain(|task| !late.contains(&task.dispatch.matter_id));
        Ok((bureau, tasks))
    }

    /// Assignments that count, by agency, as the office's books have them.
    async fn sent_to(&self, agency: &str) -> anyhow::Result<usize> {
        Ok(self
            .assignments()
            .await?
            .iter()
            .filter(|(a, state)| {
                a == agency && !["recalled", "closed", "returned", "answered"].contains(&state.as_str())
            })
            .count())
    }

    /// Every assignment of every matter: agency and state.
    async fn assignments(&self) -> anyhow::Result<Vec<(String, String)>> {
        let mut found = Vec::new();
        let mut ids: Vec<(String, bool)> =
            self.rows().await?.into_iter().map(|(id, ..)| (id, false)).collect();
        ids.extend(self.restricted().await?.into_iter().map(|id| (id, true)));
        let views = stream::iter(ids.into_iter().map(|(id, restricted)| async move {
            let clerk = if restricted { &self.desk.restricted } else { &self.desk.screener };
            shown(clerk, &id).await
        }))
        .buffer_unordered(8)
        .try_collect::<Vec<Value>>()
        .await?;
        for view in views {
            let assignments =
                view.pointer("/routing/assignments").and_then(Value::as_array).cloned().unwrap_or_default();
            for assignment in assignments {
                let text =
                    |name: &str| assignment.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                found.push((text("agency"), text("state")));
            }
        }
        Ok(found)
    }

    /// Every row of the board: id, number, state.
    async fn rows(&self) -> anyhow::Result<Vec<(String, String, String)>> {
        let mut rows = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let cursor = after.as_ref().map(|a| format!("&after={a}")).unwrap_or_default();
            let page: Page<Value> =
                self.desk.screener.get(&format!("/api/v1/matters?limit=200{cursor}")).await?;
            for row in page.items {
                let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                rows.push((text("matter_id"), text("number"), text("state")));
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(rows),
            }
        }
    }

    async fn restricted(&self) -> anyhow::Result<Vec<String>> {
        let path = "/api/v1/restricted?limit=200";
        let page: Page<Value> = until("the restricted queue is shown", || async {
            patiently(self.desk.restricted.get(path).await)
        })
        .await?;
        Ok(page
            .items
            .iter()
            .filter_map(|r| r.get("matter_id").and_then(Value::as_str))
            .map(str::to_owned)
            .collect())
    }

    /// Waits until the books are at rest, then counts them.
    ///
    /// # Errors
    /// When a book cannot be read.
    pub async fn count(&self, filed: &[Filed]) -> anyhow::Result<Counts> {
        let wanted = filed.len();
        let counted = until("every matter has come to its end", || async {
            let counts = self.see(filed).await?.count();
            Ok(counts.is_whole(wanted).then_some(counts))
        })
        .await;
        match counted {
            Ok(counts) => Ok(counts),
            // Time is up: the counts themselves say what is wrong.
            Err(_) => Ok(self.see(filed).await?.count()),
        }
    }

    async fn see(&self, filed: &[Filed]) -> anyhow::Result<Seen> {
        let mut seen =
            Seen { numbers: filed.iter().map(|f| f.receipt.number.clone()).collect(), ..Seen::default() };
        let mut states: BTreeMap<String, i64> = BTreeMap::new();
        for (_, number, state) in self.rows().await? {
            seen.found.push(number);
            *states.entry(state).or_default() += 1;
        }
        for id in self.restricted().await? {
            let view = shown(&self.desk.restricted, &id).await?;
            let state = view.pointer("/routing/state").and_then(Value::as_str).unwrap_or_default().to_owned();
            *states.entry(state).or_default() += 1;
            if let Some(one) = filed.iter().find(|f| f.receipt.submission_id.to_string() == id) {
                seen.found.push(one.receipt.number.clone());
            }
        }
        debug_assert!(states.keys().all(|s| MatterState::from_code(s).is_some()));
        seen.states = states;
        seen.assignments = self.assignments().await?;
        seen.watched = self.watched().await?;
        seen.met = self.met().await?;
        seen.told = self.desk.post_letters().await?;
        let operator = self.door.sign_in("operator", &self.sample.password).await?;
        for entry in &self.entries {
            seen.held.push(self.desk.held_by(&operator, &entry.code).await?);
        }
        Ok(seen)
    }
}

async fn shown(clerk: &Client, id: &str) -> anyhow::Result<Value> {
    let path = format!("/api/v1/matters/{id}");
    until("the matter is shown", || async { patiently(clerk.get::<Value>(&path).await) }).await
}

/// Whether the n-th matter is left for a visitor to screen.
const fn left(n: usize, extent: Extent) -> bool {
    matches!(extent, Extent::Living) && n.is_multiple_of(3)
}

/// The co-agencies of the n-th matter: two, besides the one that leads.
fn helpers(n: usize, filed: &Filed, busy: bool) -> Vec<Value> {
    let petition = &filed.petition;
    let plain = !petition.is_accusation() && petition.hidden_accusation().is_none();
    if n % HELPED_EVERY != 4 || busy || !plain {
        return Vec::new();
    }
    let lead = petition.expected.agency.as_str();
    let units = HELPERS.iter().filter(|unit| **unit != lead).take(2);
    units.map(|unit| json!({ "agency": unit, "due_on": PART_ON, "task": "facts" })).collect()
}
