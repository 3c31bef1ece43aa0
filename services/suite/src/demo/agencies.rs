//! The agencies' half of the demo: sign, read, accept, answer each claim, serve, close. An agency without
//! computers hands in papers, and the office records its steps.

use anyhow::Context;
use contracts::{
    Page,
    agency::commands::{Opened, Task, TaskChanged},
    codes::{AssignmentMode, AssignmentRole, AssignmentState, CloseCode, CoState, Outcome, Purpose, Route},
    intake::commands::Content,
};
use kernel::{AgencyCode, AttachmentId};
use serde_json::{Value, json};

use super::sample::{Answers, Sample};
use crate::{
    client::{Client, passes, patiently, problem_code},
    wait::until,
};

/// How far a matter is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// Signed for.
    Signed,
    /// Accepted.
    Accepted,
    /// Closed.
    Closed,
}

/// The people of one agency, or the office's clerk who records its papers.
pub struct Bureau {
    /// Its code.
    pub code: AgencyCode,
    name: String,
    review_unit: String,
    pub(super) handler: Client,
    head: Client,
    /// Paper agency: steps go through the office, with a scan.
    on_paper: bool,
}

/// What an agency is called and who reviews it.
#[derive(Clone, Debug)]
pub struct BureauEntry {
    /// Its code.
    pub code: AgencyCode,
    /// Its name.
    pub name: String,
    /// Who reviews its opinions.
    pub review_unit: String,
    /// Whether it works at a screen.
    pub computer: bool,
}

impl Bureau {
    /// Signs in its handler and its head; for a paper agency the office's clerk.
    ///
    /// # Errors
    /// When a sample login is missing.
    pub async fn open(door: &Client, sample: &Sample, entry: BureauEntry) -> anyhow::Result<Self> {
        let find = |role: kernel::Role| {
            sample
                .users
                .iter()
                .find(|u| u.place == kernel::Place::Agency(entry.code.clone()) && u.roles.contains(&role))
                .map(|u| u.login.clone())
                .with_context(|| format!("users.toml has no {role} of {}", entry.code))
        };
        let (handler, head) = if entry.computer {
            (find(kernel::Role::Handler)?, find(kernel::Role::AgencyHead)?)
        } else {
            ("desk".to_owned(), "desk".to_owned())
        };
        Ok(Self {
            handler: door.sign_in(&handler, &sample.password).await?,
            head: door.sign_in(&head, &sample.password).await?,
            name: entry.name,
            review_unit: entry.review_unit,
            on_paper: !entry.computer,
            code: entry.code,
        })
    }

    pub(super) fn path(&self, rest: &str) -> String {
        let joint = if rest.contains('?') { '&' } else { '?' };
        if self.on_paper {
            format!("/api/v1/tasks{rest}{joint}agency={}", self.code)
        } else {
            format!("/api/v1/tasks{rest}")
        }
    }

    /// Its open tasks.
    ///
    /// # Errors
    /// When its node does not answer.
    pub async fn open_tasks(&self) -> anyhow::Result<Vec<Task>> {
        let mut tasks = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let cursor = after.as_ref().map(|a| format!("&after={a}")).unwrap_or_default();
            let path = self.path(&format!("?open_only=true&limit=200{cursor}"));
            let page: Page<Task> =
                until("the agency lists its tasks", || async { patiently(self.handler.get(&path).await) })
                    .await?;
            tasks.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(tasks),
            }
        }
    }

    /// Takes a task as far as asked, from wherever it stands.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn handle(&self, task: &Task, answers: &Answers, until: Until) -> anyhow::Result<()> {
        let id = task.dispatch.assignment_id;
        let paper = if self.on_paper { Some(self.scan(id.to_string()).await?) } else { None };
        let seen = if until >= Until::Closed { self.with_all_parts(task).await? } else { task.clone() };
        let mut at =
            Step { bureau: self, path: format!("/{id}"), version: seen.version, state: seen.state, paper };
        let content = self.read(task).await?;
        if at.state == AssignmentState::Delivered {
            at.take(&self.handler, "sign", json!({})).await?;
        }
        if task.dispatch.role == AssignmentRole::Co {
            return match until {
                Until::Closed => self.give_part(&mut at, task, answers, content.as_ref()).await,
                Until::Signed | Until::Accepted => Ok(()),
            };
        }
        if until >= Until::Accepted && at.state == AssignmentState::Signed {
            let notice =
                fill(answers.notice(task.dispatch.summary.purpose), &self.words(task, content.as_ref()));
            at.take(
                &self.handler,
                "notify_acceptance",
                json!({ "handler": "承办科室", "telephone": "0990-8800100", "notice": notice }),
            )
            .await?;
        }
        if until >= Until::Closed {
            self.finish(&mut at, task, answers, content.as_ref()).await?;
        }
        Ok(())
    }

    /// The task once no part is awaited: each that comes raises its version.
    async fn with_all_parts(&self, task: &Task) -> anyhow::Result<Task> {
        if task.dispatch.co.is_empty() {
            return Ok(task.clone());
        }
        let path = self.path(&format!("/{}", task.dispatch.assignment_id));
        until("the parts of the co-agencies come in", || async {
            let seen: Option<Task> = patiently(self.handler.get(&path).await)?;
            Ok(seen.filter(|task| task.co.iter().all(|part| part.state != CoState::Awaited)))
        })
        .await
    }

    /// 协办意见: the head sends this unit's part to the lead.
    async fn give_part(
        &self,
        at: &mut Step<'_>,
        task: &Task,
        answers: &Answers,
        content: Option<&Content>,
    ) -> anyhow::Result<()> {
        if at.state != AssignmentState::Signed {
            return Ok(());
        }
        let category = task.dispatch.summary.category.as_deref().unwrap_or("other.misc");
        let text = answers.opinion(category).context("answers.toml has no opinion")?;
        let words = self.words(task, content);
        let claims: Vec<Value> = task
            .dispatch
            .claims
            .iter()
            .map(|no| {
                let opinion = fill(&text.supported, &words).replace("{claim}", "该项诉求");
                json!({ "claim_no": no, "outcome": Outcome::Supported, "opinion": opinion })
            })
            .collect();
        let part =
            json!({ "facts": fill(&text.facts, &words), "basis": text.basis.join("、"), "answers": claims });
        let body = json!({ "part": part, "signer": format!("{}负责人", self.name) });
        at.take(&self.head, "answer_co", body).await
    }

    /// Objects to a task: not this unit's to handle (Art. 23).
    ///
    /// # Errors
    /// The first refusal.
    pub async fn object(&self, task: &Task, proposed: &str) -> anyhow::Result<()> {
        let id = task.dispatch.assignment_id;
        let paper = if self.on_paper { Some(self.scan(id.to_string()).await?) } else { None };
        let mut at =
            Step { bureau: self, path: format!("/{id}"), version: task.version, state: task.state, paper };
        let proposed = (proposed != self.code.as_str()).then_some(proposed);
        let objection = json!({
            "reasons": format!("经研究，来件所反映事项不属{}职责范围。", self.name),
            "own_duties": format!("《{}职能配置、内设机构和人员编制规定》第三条", self.name),
            "proposed_agency": proposed,
        });
        at.take(&self.handler, "object", objection).await
    }

    /// 延期 (Art. 34): one in so many opinions takes longer; the petitioner is told why.
    async fn extend(&self, at: &mut Step<'_>, task: &Task) -> anyhow::Result<()> {
        let r6 = task.dispatch.summary.route == Some(Route::R6);
        let picked = task.dispatch.document_number.ends_with("5号");
        let extended = task.days.contains_key("extended");
        if !(r6 && picked && at.state == AssignmentState::Accepted) || extended {
            return Ok(());
        }
        let extension = json!({
            "days": 30,
            "reason": "案情复杂，需委托鉴定并征求有关单位意见。",
            "approver": format!("{}负责人", self.name),
        });
        at.take(&self.head, "extend", extension).await
    }

    async fn finish(
        &self,
        at: &mut Step<'_>,
        task: &Task,
        answers: &Answers,
        content: Option<&Content>,
    ) -> anyhow::Result<()> {
        let close = match task.dispatch.summary.purpose {
            Purpose::Claim | Purpose::Appeal => self.answer_claims(at, task, answers, content).await?,
            Purpose::Accusation => CloseCode::Transferred,
            Purpose::Suggestion | Purpose::Inquiry | Purpose::Other => CloseCode::Replied,
        };
        let report = (task.dispatch.mode == AssignmentMode::Assign)
            .then(|| fill(answers.report(), &self.words(task, content)));
        at.take(&self.handler, "complete", json!({ "close_code": close, "report": report })).await
    }

    async fn answer_claims(
        &self,
        at: &mut Step<'_>,
        task: &Task,
        answers: &Answers,
        content: Option<&Content>,
    ) -> anyhow::Result<CloseCode> {
        let category = task.dispatch.summary.category.as_deref().unwrap_or("other.misc");
        let text = answers.opinion(category).context("answers.toml has no opinion")?;
        let words = self.words(task, content);
        // The first claim is supported, a second one explained: both ways are seen in the sample.
        let claims: Vec<Value> = task
            .dispatch
            .claims
            .iter()
            .map(|no| {
                let (outcome, template) = if no % 2 == 1 || text.explained.is_empty() {
                    (Outcome::Supported, &text.supported)
                } else {
                    (Outcome::ReasonableNoBasis, &text.explained)
                };
                let at = usize::try_from(no - 1).unwrap_or(0);
                let claim = content.and_then(|c| c.claims.get(at)).map_or("该项诉求", String::as_str);
                json!({ "claim_no": no, "outcome": outcome, "opinion": fill(template, &words).replace("{claim}", claim) })
            })
            .collect();
        let partly = claims.iter().any(|c| c.get("outcome") != Some(&json!(Outcome::Supported)));
        self.extend(at, task).await?;
        if at.state == AssignmentState::Accepted {
            let opinion = json!({
                "facts": fill(&text.facts, &words), "basis": text.basis.join("、"), "answers": claims,
                "review_unit": self.review_unit, "signer": format!("{}负责人", self.name),
            });
            at.take(&self.head, "issue_opinion", opinion).await?;
        }
        if at.state == AssignmentState::OpinionIssued {
            let pick =
                task.dispatch.assignment_no.unsigned_abs() as usize + task.dispatch.document_number.len();
            let way = answers
                .service
                .get(pick % answers.service.len().max(1))
                .context("answers.toml has no service")?;
            let served_on = at.today(&self.handler).await?;
            at.take(
                &self.handler,
                "record_service",
                json!({ "way": way.way, "served_on": served_on, "proof": way.note }),
            )
            .await?;
        }
        Ok(if partly { CloseCode::Partly } else { CloseCode::SupportedExecuted })
    }

    /// The text, opened with its purpose through the agency's own account; a paper agency has the letter.
    async fn read(&self, task: &Task) -> anyhow::Result<Option<Content>> {
        if self.on_paper {
            return Ok(None);
        }
        let path = self.path(&format!("/{}/open", task.dispatch.assignment_id));
        let opened: Opened =
            self.handler.post(&path, &json!({ "part": "text", "purpose": "handling" })).await?;
        Ok(match opened {
            Opened::Text(content) => Some(content),
            Opened::Contact(_) | Opened::Attachment(_) => None,
        })
    }

    async fn scan(&self, name: String) -> anyhow::Result<AttachmentId> {
        let attached = until("the scan is stored", || async {
            patiently(self.handler.upload(&format!("{name}.pdf"), b"%PDF-1.4\nscan\n".to_vec()).await)
        })
        .await?;
        let id = attached.get("attachment_id").and_then(Value::as_str).context("an upload without id")?;
        Ok(id.parse()?)
    }

    fn words(&self, task: &Task, content: Option<&Content>) -> Vec<(&'static str, String)> {
        let dispatch = &task.dispatch;
        let delivered = task.days.get(AssignmentState::Delivered.code()).copied().unwrap_or(dispatch.sent_on);
        let due = task.dues.last().map_or(delivered, |d| d.legal_on);
        vec![
            ("{agency}", self.name.clone()),
            ("{office}", "市联席办".to_owned()),
            ("{number}", dispatch.summary.number.clone().unwrap_or_default()),
            ("{title}", content.map_or_else(|| "来件所反映事项".to_owned(), |c| c.title.clone())),
            ("{received}", delivered.to_string()),
            ("{accepted}", delivered.to_string()),
            ("{date}", delivered.to_string()),
            ("{due}", due.to_string()),
            ("{review_unit}", self.review_unit.clone()),
            ("{telephone}", "0990-8800100".to_owned()),
            ("{handler}", "承办科室".to_owned()),
            ("{route}", dispatch.summary.route.map(|r| r.code().to_owned()).unwrap_or_default()),
        ]
    }
}

fn fill(template: &str, words: &[(&'static str, String)]) -> String {
    words.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// A task under way.
struct Step<'b> {
    bureau: &'b Bureau,
    path: String,
    version: i64,
    state: AssignmentState,
    paper: Option<AttachmentId>,
}

impl Step<'_> {
    async fn take(&mut self, by: &Client, verb: &str, mut body: Value) -> anyhow::Result<()> {
        if let Some(fields) = body.as_object_mut() {
            fields.insert("expected_version".to_owned(), json!(self.version));
            if let Some(paper) = self.paper {
                fields.insert("on_behalf_paper".to_owned(), json!(paper));
            }
        }
        let path = self.bureau.path(&format!("{}/{verb}", self.path));
        let shown = self.bureau.path(&self.path);
        let (before, verb_of) = (self.version, format!("{verb} of {} by {}", self.path, self.bureau.code));
        let taken = until("the step is taken", || async {
            match by.post::<TaskChanged>(&path, &body).await {
                Ok(changed) => Ok(Some((changed.version, changed.state))),
                // The answer was lost, or another fact came first: the task shows whether it was carried out.
                Err(error) if passes(&error) || problem_code(&error) == Some("task_stale") => {
                    let task: Option<Task> = patiently(by.get(&shown).await)?;
                    Ok(task.filter(|t| t.version > before).map(|t| (t.version, t.state)))
                }
                Err(error) => Err(error),
            }
        });
        (self.version, self.state) = taken.await.context(verb_of)?;
        Ok(())
    }

    /// The business day, which the suite alone knows: that of the opinion just signed.
    async fn today(&self, by: &Client) -> anyhow::Result<chrono::NaiveDate> {
        let path = self.bureau.path(&self.path);
        let task: Task = until("the task is shown", || async { patiently(by.get(&path).await) }).await?;
        task.days.get(AssignmentState::OpinionIssued.code()).copied().context("no day of the opinion")
    }
}
