//! The office's half of the demo: registers, screens, hands over, recalls one, links the repeats.

use std::collections::HashMap;

use anyhow::{Context, bail};
use contracts::{
    Page,
    agency::commands::TaskCounts,
    codes::{AssignmentMode, Level, MatterState, Purpose},
    intake::commands::{Receipt, Registration},
    notification::commands::{NoticeCounts, NoticeView},
};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{AgencyCode, AttachmentId};
use serde_json::{Value, json};

use super::sample::{Petition, Sample};
use crate::{
    client::{Client, patiently, problem_code},
    wait::until,
};

/// Clerks at work at once.
const CLERKS: usize = 8;

/// A petition that was registered.
#[derive(Clone)]
pub struct Filed {
    /// The sample's petition.
    pub petition: Petition,
    /// Its receipt.
    pub receipt: Receipt,
}

/// Signed-in people of the office.
pub struct Desk {
    /// 登记员
    pub registrar: Client,
    /// 甄别转办员
    pub screener: Client,
    /// 检举控告专办员
    pub restricted: Client,
    levels: HashMap<AgencyCode, Level>,
}

impl Desk {
    /// Signs the office in.
    ///
    /// # Errors
    /// When a sample login is missing.
    pub async fn open(
        door: &Client,
        sample: &Sample,
        levels: HashMap<AgencyCode, Level>,
    ) -> anyhow::Result<Self> {
        let password = sample.password.as_str();
        Ok(Self {
            registrar: door.sign_in("registrar", password).await?,
            screener: door.sign_in("screener", password).await?,
            restricted: door.sign_in("restricted", password).await?,
            levels,
        })
    }

    /// Registers every petition; a second time gives the same numbers.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn register(&self, petitions: &[Petition]) -> anyhow::Result<Vec<Filed>> {
        let work = petitions.iter().cloned().map(|petition| async move {
            let receipt = self
                .register_one(&petition)
                .await
                .with_context(|| format!("registering {}", petition.key))?;
            anyhow::Ok(Filed { petition, receipt })
        });
        stream::iter(work).buffered(CLERKS).try_collect().await
    }

    async fn register_one(&self, petition: &Petition) -> anyhow::Result<Receipt> {
        let mut files: Vec<AttachmentId> = Vec::new();
        for (name, bytes) in petition.files() {
            let attached = until("the file is stored", || async {
                patiently(self.registrar.upload(&name, bytes.clone()).await)
            })
            .await?;
            let id = attached.get("attachment_id").and_then(Value::as_str).context("an upload without id")?;
            files.push(id.parse()?);
        }
        let command = petition.command(files);
        let registration = until("the petition is registered", || async {
            patiently(self.registrar.post_once("/api/v1/submissions", &petition.key, &command).await)
        });
        match registration.await? {
            Registration::Registered(receipt) => Ok(receipt),
            Registration::Unconfirmed { warnings } => bail!("asked to confirm {warnings:?} though confirmed"),
        }
    }

    /// Screens a matter and hands it over, first to the unit named, as the sample's ground truth says.
    ///
    /// # Errors
    /// A refusal, or the matter does not arrive in time.
    pub async fn route(
        &self,
        filed: &Filed,
        first: &str,
        wrong_first: bool,
        assign_until: Option<&str>,
        co: &[Value],
    ) -> anyhow::Result<()> {
        let (petition, id) = (&filed.petition, filed.receipt.submission_id);
        let accusation = petition.is_accusation();
        let clerk = if accusation { &self.restricted } else { &self.screener };
        let path = format!("/api/v1/matters/{id}");
        // The matter is here once the rules have proposed; of an accusation, once its facts are known.
        let wanted = |view: &Value| {
            let proposed = view.pointer("/routing/categories").and_then(Value::as_array).is_some();
            accusation
                || (proposed && view.pointer("/routing/version").and_then(Value::as_i64).unwrap_or(0) >= 1)
        };
        until("the matter is proposed for", || async {
            Ok(patiently(clerk.get::<Value>(&path).await)?.filter(&wanted))
        })
        .await?;
        let expected = &petition.expected;
        let level = self.levels.get(&expected.agency).copied().unwrap_or(Level::City);
        let hand_over = |agency: &str| match assign_until {
            Some(limit) => {
                json!({ "agency": agency, "mode": AssignmentMode::Assign, "limit_on": limit, "co": co })
            }
            None => json!({ "agency": agency, "mode": AssignmentMode::Forward, "co": co }),
        };
        let screen = json!({
            "purpose": expected.purpose,
            "category": (expected.purpose != Purpose::Accusation).then_some(&expected.category),
            "route": expected.claim_route(),
            "level": level,
            // What turns out to be an accusation is handed over by the officer for accusations alone.
            "hand_over": petition.hidden_accusation().is_none().then(|| hand_over(first)),
        });
        let screened = |view: &Value| view.pointer("/routing/state") != Some(&json!(MatterState::Registered));
        self.at_its_version(clerk, &path, "screen", screen, screened)
            .await
            .with_context(|| format!("screening {}", petition.key))?;
        if let Some(accused) = petition.hidden_accusation() {
            let officer = &self.restricted;
            self.at_its_version(officer, &path, "name_accused", json!({ "agencies": [accused] }), |_| false)
                .await?;
            let forward = json!({ "hand_over": hand_over(expected.agency.as_str()) });
            return self.at_its_version(officer, &path, "forward", forward, handed_over).await;
        }
        if wrong_first {
            self.take_back(clerk, &path).await.with_context(|| format!("recalling {}", petition.key))?;
            let forward = json!({ "hand_over": hand_over(expected.agency.as_str()) });
            self.at_its_version(clerk, &path, "forward", forward, handed_over).await?;
        }
        Ok(())
    }

    async fn take_back(&self, clerk: &Client, path: &str) -> anyhow::Result<()> {
        let view =
            until("the matter is shown", || async { patiently(clerk.get::<Value>(path).await) }).await?;
        let assignment = view.pointer("/routing/assignments/0/assignment_id").cloned().unwrap_or_default();
        let recall = json!({ "assignment_id": assignment, "reason": "wrong_agency" });
        let recalled = |view: &Value| view.pointer("/routing/state") == Some(&json!(MatterState::Screened));
        self.at_its_version(clerk, path, "recall", recall, recalled).await
    }

    /// Sends a command at the version the matter has now. A fact that came meanwhile is read and the command sent
    /// anew; one whose answer was lost is not sent again when the matter shows that it was carried out.
    pub(super) async fn at_its_version(
        &self,
        clerk: &Client,
        path: &str,
        verb: &str,
        body: Value,
        carried_out: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<()> {
        until(verb, || async {
            let Some(view) = patiently(clerk.get::<Value>(path).await)? else { return Ok(None) };
            if carried_out(&view) {
                return Ok(Some(()));
            }
            let mut body = body.clone();
            if let Some(fields) = body.as_object_mut() {
                fields.insert(
                    "expected_version".to_owned(),
                    view.pointer("/routing/version").cloned().unwrap_or_default(),
                );
            }
            match clerk.post::<Value>(&format!("{path}/{verb}"), &body).await {
                Err(error) if problem_code(&error) == Some("stale_version") => Ok(None),
                answer => Ok(patiently(answer)?.map(|_| ())),
            }
        })
        .await
    }

    /// Links a repeat to the matter it repeats, as a person confirmed.
    ///
    /// # Errors
    /// A refusal.
    pub async fn link(&self, repeat: &Filed, of: &Filed) -> anyhow::Result<()> {
        let path = format!("/api/v1/matters/{}/link_repeat", repeat.receipt.submission_id);
        let body = json!({ "matter_id": of.receipt.submission_id, "reason": "同一信访人就同一事项再次来件，经核对诉求和事实基本相同" });
        let _: Value = self
            .screener
            .post(&path, &body)
            .await
            .with_context(|| format!("linking {}", repeat.petition.key))?;
        Ok(())
    }

    /// Prints and posts what waits, and says how the notices stand then.
    ///
    /// # Errors
    /// A refusal.
    pub async fn post_letters(&self) -> anyhow::Result<NoticeCounts> {
        let clerk = &self.registrar;
        loop {
            let printed = self.letters("queued").await?;
            if !printed.is_empty() {
                let ids: Vec<&String> = printed.iter().map(|(id, _)| id).collect();
                let body = json!({ "notices": ids });
                let _: Option<Value> = patiently(clerk.post("/api/v1/notices/print", &body).await)?;
            }
            let posted = self.letters("printed").await?;
            if posted.is_empty() && printed.is_empty() {
                break;
            }
            if let Some((_, first)) = posted.first() {
                let ids: Vec<&String> = posted.iter().map(|(id, _)| id).collect();
                let on = posted.iter().map(|(_, on)| on).max().unwrap_or(first);
                let body = json!({ "notices": ids, "posted_on": on, "way": "mail" });
                let _: Option<Value> = patiently(clerk.post("/api/v1/notices/post", &body).await)?;
            }
        }
        until("notices are counted", || async { patiently(clerk.get("/api/v1/notices/counts").await) }).await
    }

    /// Letters in a state, with their day.
    async fn letters(&self, state: &str) -> anyhow::Result<Vec<(String, String)>> {
        let path = format!("/api/v1/notices?state={state}&channel=letter&limit=50");
        let page: Page<NoticeView> =
            until("letters are listed", || async { patiently(self.registrar.get(&path).await) }).await?;
        Ok(page.items.into_iter().map(|n| (n.notice_id.to_string(), n.queued_on.to_string())).collect())
    }

    /// What an agency's node holds.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn held_by(&self, operator: &Client, agency: &AgencyCode) -> anyhow::Result<TaskCounts> {
        let path = format!("/api/v1/tasks/counts?agency={agency}");
        until("the agency counts its tasks", || async { patiently(operator.get(&path).await) }).await
    }
}

/// Whether an agency has it.
pub(super) fn handed_over(view: &Value) -> bool {
    let state = view.pointer("/routing/state");
    [MatterState::Forwarded, MatterState::Assigned].iter().any(|s| state == Some(&json!(s)))
}
