//! The joint conference of the demo (Art. 12, 24): what no common superior settles comes onto the agenda, the parties
//! meet, routing carries the resolutions out, and the lead reports what it did.

use std::collections::BTreeMap;

use anyhow::Context;
use contracts::{
    Page,
    agency::commands::{Invitation, ResolutionTask},
    codes::{
        AgendaState, Attendance, InvitationReply, MeetingState, ResolutionState, ResolutionTaskState,
        ResolutionTaskVerdict,
    },
    meetings::commands::{ItemView, MeetingCounts, MeetingRow, MeetingView, TaskView},
};
use kernel::{AgencyCode, MeetingId};
use serde_json::{Value, json};

use super::{agencies::Bureau, drive::Drive, office::Filed};
use crate::{
    client::{Client, patiently, problem_code},
    wait::until,
};

/// When the demo's conference meets.
pub struct Date {
    /// Its start, RFC 3339.
    pub starts_at: &'static str,
    /// Its end, RFC 3339.
    pub ends_at: &'static str,
    /// By when units reply.
    pub reply_by: &'static str,
}

/// The sample's conference and place, of `conference.toml`.
const BODY: &str = "shilianxi";
const PLACE: &str = "市民中心A座301会议室";
/// By when the lead does what was resolved.
const DONE_ON: &str = "2026-09-25";
/// A write that saw an older version or an older clock: it is tried anew on what is there then.
const NOT_YET: [&str; 4] =
    ["conference_stale", "invitation_stale", "received_task_stale", "meeting_not_started"];

impl Drive {
    /// Takes the disputes of these matters onto the agenda and calls one meeting on all of them; none without any.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn call_conference(
        &self,
        conferred: &[&Filed],
        date: &Date,
    ) -> anyhow::Result<Option<MeetingView>> {
        if conferred.is_empty() {
            return Ok(None);
        }
        let mut items = Vec::new();
        for filed in conferred {
            let item = self.item(filed).await?;
            let path = format!("/api/v1/agenda/{}", item.item_id);
            let taken = |item: &Value| !is(item, AgendaState::Proposed.code());
            let screener = &self.desk().screener;
            carry_out(screener, &path, &format!("{path}/screen_item"), json!({ "take": true }), taken)
                .await?;
            items.push(item.item_id);
        }
        let plan = json!({
            "starts_at": date.starts_at, "ends_at": date.ends_at, "place": PLACE, "reply_by": date.reply_by,
            "agencies": [], "items": items,
        });
        let call = json!({ "body": BODY, "kind": "coordination", "plan": plan });
        let director = self.director().await?;
        let meeting_id = until("the meeting is called", || async {
            let there: Option<Page<MeetingRow>> = patiently(director.get("/api/v1/meetings").await)?;
            let Some(there) = there else { return Ok(None) };
            if let Some(row) = there.items.first() {
                return Ok(Some(row.terms.meeting_id));
            }
            // Its id is read from the list: the answer may be lost.
            patiently(director.post::<Value>("/api/v1/meetings", &call).await).map(|_| None)
        })
        .await?;
        meeting(&director, meeting_id).await.map(Some)
    }

    /// The units that were invited reply that they come.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn accept_invitations(&self, invited: &[AgencyCode], id: MeetingId) -> anyhow::Result<()> {
        for code in invited {
            let bureau = Bureau::open(self.door(), self.sample(), self.entry(code.as_str())?).await?;
            let path = bureau.path(&format!("/meetings/{id}"));
            until("the invitation arrives", || async {
                let page: Option<Page<Invitation>> =
                    patiently(bureau.handler.get(&bureau.path("/meetings")).await)?;
                Ok(page.filter(|page| page.items.iter().any(|i| i.dispatch.terms.meeting_id == id)).map(drop))
            })
            .await
            .with_context(|| format!("the invitation of {code}"))?;
            let replied = |invitation: &Value| invitation.get("reply").is_some_and(|reply| !reply.is_null());
            let body = json!({ "reply": InvitationReply::Accepted });
            let reply = bureau.path(&format!("/meetings/{id}/reply_invitation"));
            carry_out(&bureau.handler, &path, &reply, body, replied).await?;
        }
        Ok(())
    }

    /// Holds the meeting, resolves every item for the competent unit and fixes the minutes; done once routing has
    /// made each resolution binding.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn hold_conference(&self, conferred: &[&Filed], called: &MeetingView) -> anyhow::Result<()> {
        let director = self.director().await?;
        let path = format!("/api/v1/meetings/{}", called.terms.meeting_id);
        let attendance: Vec<Value> = called
            .invitations
            .iter()
            .map(
                |one| json!({ "agency": one.agency, "attendance": Attendance::Present, "who": "分管负责人" }),
            )
            .collect();
        let held = |meeting: &Value| !is(meeting, MeetingState::Called.code());
        let hold = json!({ "attendance": attendance });
        carry_out(&director, &path, &format!("{path}/hold_meeting"), hold, held).await?;
        for filed in conferred {
            let item = format!("/api/v1/agenda/{}", self.item(filed).await?.item_id);
            let decision = json!({ "decision": {
                "outcome": "resolved",
                "facts": "各单位陈述了不予受理的理由,会议核对了部门职责。",
                "resolved": {
                    "lead": filed.petition.expected.agency, "due_on": DONE_ON, "co": [],
                    "action": "受理本件,查清事实,依法答复信访人。", "checker": "supervisor",
                },
                "dissent": [],
            } });
            let decided = |item: &Value| item.get("decision").is_some_and(|decision| !decision.is_null());
            carry_out(&director, &item, &format!("{item}/decide_item"), decision, decided).await?;
        }
        let fix = json!({ "convener": "召集人 市委常委、市委政法委书记" });
        let fixed = |meeting: &Value| is(meeting, MeetingState::MinutesFixed.code());
        carry_out(&director, &path, &format!("{path}/fix_minutes"), fix, fixed).await?;
        for filed in conferred {
            until("routing carries the resolution out", || async {
                let item = self.item(filed).await?;
                Ok(item.resolution.filter(|r| r.state == ResolutionState::Binding).map(drop))
            })
            .await
            .with_context(|| format!("the resolution on {}", filed.petition.key))?;
        }
        Ok(())
    }

    /// Each lead reports that it did what was resolved, and the supervisor checks it.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn report_resolutions(&self, conferred: &[&Filed]) -> anyhow::Result<()> {
        let mut leads: BTreeMap<&str, usize> = BTreeMap::new();
        for filed in conferred {
            *leads.entry(filed.petition.expected.agency.as_str()).or_default() += 1;
        }
        for (code, wanted) in leads {
            self.report(code, wanted).await.with_context(|| format!("resolutions for {code}"))?;
        }
        let checker = self.door().sign_in("supervisor", &self.sample().password).await?;
        until("every report is checked", || async {
            let path = "/api/v1/resolution_tasks?limit=200";
            let Some(page) = patiently(checker.get::<Page<TaskView>>(path).await)? else { return Ok(None) };
            for task in page.items.iter().filter(|t| t.state == ResolutionTaskState::Reported) {
                let path = format!("/api/v1/resolution_tasks/{}/check_task", task.task_id);
                let body =
                    json!({ "expected_version": task.version, "verdict": ResolutionTaskVerdict::Done });
                soon(checker.post::<Value>(&path, &body).await)?;
            }
            let done = page.items.iter().filter(|t| t.state == ResolutionTaskState::Done).count();
            Ok((done >= conferred.len()).then_some(()))
        })
        .await
    }

    async fn report(&self, code: &str, wanted: usize) -> anyhow::Result<()> {
        let bureau = Bureau::open(self.door(), self.sample(), self.entry(code)?).await?;
        let list = bureau.path("/resolutions?limit=200");
        until("the unit reports what it did", || async {
            let Some(page) = patiently(bureau.handler.get::<Page<ResolutionTask>>(&list).await)? else {
                return Ok(None);
            };
            let owed = [ResolutionTaskState::Issued, ResolutionTaskState::Received];
            for task in page.items.iter().filter(|t| owed.contains(&t.state)) {
                let path = bureau
                    .path(&format!("/resolutions/{}/report_resolution_task", task.dispatch.task_id));
                let body = json!({ "expected_version": task.version, "text": "已受理并依法办理,书面答复了信访人。" });
                soon(bureau.handler.post::<Value>(&path, &body).await)?;
            }
            let reported = page.items.iter().filter(|t| !owed.contains(&t.state)).count();
            Ok((reported >= wanted).then_some(()))
        })
        .await
    }

    /// What the meetings service counts.
    ///
    /// # Errors
    /// When it does not answer.
    pub(super) async fn met(&self) -> anyhow::Result<MeetingCounts> {
        let clerk = &self.desk().screener;
        until("meetings are counted", || async { patiently(clerk.get("/api/v1/meetings/counts").await) })
            .await
    }

    async fn director(&self) -> anyhow::Result<Client> {
        self.door().sign_in("director", &self.sample().password).await
    }

    /// The agenda item of a matter's dispute: it comes by itself.
    async fn item(&self, filed: &Filed) -> anyhow::Result<ItemView> {
        let path = format!("/api/v1/agenda?matter_id={}", filed.receipt.submission_id);
        until("the dispute is on the agenda", || async {
            let page: Option<Page<ItemView>> = patiently(self.desk().screener.get(&path).await)?;
            Ok(page.and_then(|page| page.items.into_iter().next()))
        })
        .await
    }
}

async fn meeting(by: &Client, id: MeetingId) -> anyhow::Result<MeetingView> {
    let path = format!("/api/v1/meetings/{id}");
    until("the meeting is shown", || async { patiently(by.get(&path).await) }).await
}

fn is(view: &Value, state: &str) -> bool {
    view.get("state").and_then(Value::as_str) == Some(state)
}

/// What a write gave; nothing when it is to be tried anew.
fn soon<T>(answer: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match answer {
        Err(error) if problem_code(&error).is_some_and(|code| NOT_YET.contains(&code)) => Ok(None),
        answer => patiently(answer),
    }
}

/// Sends a command at the version its object has now, until the object shows that it was carried out.
async fn carry_out(
    by: &Client,
    shown: &str,
    post: &str,
    mut body: Value,
    done: impl Fn(&Value) -> bool,
) -> anyhow::Result<()> {
    let begun = body.as_object_mut().map(std::mem::take).unwrap_or_default();
    until(post, || async {
        let Some(view) = patiently(by.get::<Value>(shown).await)? else { return Ok(None) };
        if done(&view) {
            return Ok(Some(()));
        }
        let mut body = begun.clone();
        body.insert("expected_version".to_owned(), view.get("version").cloned().unwrap_or_default());
        soon(by.post::<Value>(post, &Value::Object(body)).await).map(|_| None)
    })
    .await
}
