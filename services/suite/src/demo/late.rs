//! A few agencies are late: the clock passes their limit, each breach proposes an order, a person issues it, the
//! agency replies and does what it owes, and the order is closed (domain.md 2.2, transition 29).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use contracts::{
    Page,
    agency::commands::ReceivedOrder,
    codes::{OrderOwed, OrderState},
    supervision::commands::{DutyCounts, OrderView},
};
use kernel::MatterId;
use serde_json::{Value, json};

use super::{
    agencies::{Bureau, Until},
    drive::Drive,
    office::Filed,
};
use crate::{
    client::{Client, patiently, problem_code},
    wait::until,
};

/// Each so many-th petition finds its agency late.
const LATE_EVERY: usize = 70;
/// A forwarded matter starts T03, which is owed, and T04, which is a right.
const DUTIES_OF_A_FORWARD: i64 = 2;

impl Drive {
    /// The matters whose agencies are late: forwarded, no accusation, to a unit that works at a screen.
    #[must_use]
    pub fn late(&self, filed: &[Filed]) -> BTreeSet<MatterId> {
        let late = filed.iter().enumerate().filter(|(n, one)| {
            let petition = &one.petition;
            n % LATE_EVERY == 11
                && !petition.is_accusation()
                && petition.hidden_accusation().is_none()
                && petition.expected.repeat_of.is_none()
                && self.at_screen(&petition.expected.agency)
        });
        late.map(|(_, one)| one.receipt.submission_id).collect()
    }

    /// What supervision watched so far.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn watched(&self) -> anyhow::Result<DutyCounts> {
        let officer = self.door.sign_in("supervisor", &self.sample.password).await?;
        until("supervision counts", || async { patiently(officer.get("/api/v1/duties/counts").await) }).await
    }

    /// Waits until supervision has heard of all that was done in time: nothing but the late duties runs.
    ///
    /// # Errors
    /// When time runs out.
    pub async fn only_late_run(&self, late: &BTreeSet<MatterId>) -> anyhow::Result<()> {
        let wanted = i64::try_from(late.len())? * DUTIES_OF_A_FORWARD;
        until("supervision has heard of what was done in time", || async {
            Ok((self.watched().await?.running == wanted).then_some(()))
        })
        .await
    }

    /// The breaches propose orders; each is issued, answered and closed, and the late tasks are done.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn urge(&self, late: &BTreeSet<MatterId>, reply_by: &str) -> anyhow::Result<()> {
        let officer = self.door.sign_in("supervisor", &self.sample.password).await?;
        let drafts = until("each breach proposes an order", || async {
            let found = orders(&officer, OrderState::Draft).await?;
            Ok((found.len() >= late.len()).then_some(found))
        })
        .await?;
        let mut by_agency: BTreeMap<String, Vec<OrderView>> = BTreeMap::new();
        for draft in drafts {
            issue(&officer, &draft, reply_by).await?;
            by_agency.entry(draft.agency.to_string()).or_default().push(draft);
        }
        for (code, drafts) in &by_agency {
            self.answer_orders(code, drafts).await.with_context(|| format!("orders to {code}"))?;
        }
        close(&officer, late.len()).await
    }

    async fn answer_orders(&self, code: &str, drafts: &[OrderView]) -> anyhow::Result<()> {
        let bureau = Bureau::open(&self.door, &self.sample, self.entry(code)?).await?;
        for draft in drafts {
            bureau.reply_to(draft).await?;
            let tasks = bureau.open_tasks().await?;
            let task = tasks.iter().find(|t| t.dispatch.assignment_id == draft.assignment_id);
            let task = task.context("the late task")?;
            bureau.handle(task, &self.sample.answers, Until::Closed).await?;
        }
        Ok(())
    }
}

async fn orders(officer: &Client, state: OrderState) -> anyhow::Result<Vec<OrderView>> {
    let path = format!("/api/v1/orders?limit=200&state={state}");
    let page: Page<OrderView> =
        until("the orders are shown", || async { patiently(officer.get(&path).await) }).await?;
    Ok(page.items)
}

async fn issue(officer: &Client, draft: &OrderView, reply_by: &str) -> anyhow::Result<()> {
    let body = json!({
        "assignment_id": draft.assignment_id, "order_id": draft.order_id, "cause": draft.cause,
        "owed": OrderOwed::AcceptanceNotice, "due_on": reply_by,
    });
    let path = format!("/api/v1/matters/{}/issue_order", draft.matter_id);
    until("the order is issued", || async {
        match officer.post::<Value>(&path, &body).await {
            // The answer to the first try was lost.
            Err(error) if problem_code(&error) == Some("order_wrong_state") => Ok(Some(())),
            answer => Ok(patiently(answer)?.map(|_| ())),
        }
    })
    .await
}

/// Accepts each reply, and waits until as many orders are closed as were issued.
async fn close(officer: &Client, issued: usize) -> anyhow::Result<()> {
    until("every order is replied to and closed", || async {
        for order in orders(officer, OrderState::Replied).await? {
            let path = format!("/api/v1/orders/{}/judge_order", order.order_id);
            let body = json!({ "expected_version": order.version, "verdict": "accept" });
            match officer.post::<Value>(&path, &body).await {
                Err(error) if problem_code(&error) == Some("order_stale") => {}
                answer => drop(patiently(answer)?),
            }
        }
        let closed = orders(officer, OrderState::Closed).await?;
        Ok((closed.len() >= issued).then_some(()))
    })
    .await
}

impl Bureau {
    /// Takes an order in hand and replies to it.
    async fn reply_to(&self, order: &OrderView) -> anyhow::Result<()> {
        let list = self.path("/orders?open_only=true&limit=200");
        let received = until("the agency has the order", || async {
            let page: Option<Page<ReceivedOrder>> = patiently(self.handler.get(&list).await)?;
            Ok(page.and_then(|p| p.items.into_iter().find(|o| o.dispatch.order_id == order.order_id)))
        })
        .await?;
        let id = received.dispatch.order_id;
        let steps = [
            ("acknowledge_order", json!({})),
            ("reply_order", json!({ "text": "已安排专人办理，并于即日书面告知信访人受理情况。" })),
        ];
        for (n, (verb, mut body)) in steps.into_iter().enumerate() {
            let version = received.version + i64::try_from(n)?;
            if let Some(fields) = body.as_object_mut() {
                fields.insert("expected_version".to_owned(), json!(version));
            }
            let path = self.path(&format!("/orders/{id}/{verb}"));
            until(verb, || async {
                match self.handler.post::<Value>(&path, &body).await {
                    // The answer to the first try was lost.
                    Err(error) if problem_code(&error) == Some("received_order_stale") => Ok(Some(())),
                    answer => Ok(patiently(answer)?.map(|_| ())),
                }
            })
            .await?;
        }
        Ok(())
    }
}
