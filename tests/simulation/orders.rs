//! 督办: a person confirms what a breach proposed, the agency answers, the officer judges.

use chrono::Days;
use contracts::{
    PageRequest,
    agency::commands::{AcknowledgeOrder, ListOrders as ListReceived, OrderStep, ReplyOrder},
    codes::{OrderState, OrderVerdict, SendBackReason},
    supervision::commands::{IssueOrder, JudgeOrder, ListOrders, OrderView},
};
use kernel::Actor;

use super::world::{AGENCIES, World, code};

impl World {
    /// An order in a state, and the officer who sees it: of an accusation its own.
    async fn order_in(&mut self, state: OrderState) -> Result<(Actor, OrderView), String> {
        let officer =
            if self.dice.percent(80) { self.people.supervisor.clone() } else { self.people.officer.clone() };
        let query =
            ListOrders { agency: None, matter_id: None, state: Some(state), page: PageRequest::default() };
        let found = self.people.ask("supervision", &officer, None, &query).await;
        let found = found.map_err(|refusal| refusal.code.to_string())?.items;
        let order = self.dice.pick(&found).cloned().ok_or_else(|| format!("no order is {state}"))?;
        Ok((officer, order))
    }

    fn in_a_week(&self) -> chrono::NaiveDate {
        let today = self.clocks.business.today();
        today.checked_add_days(Days::new(7)).unwrap_or(today)
    }

    /// 发督办函
    pub async fn issue_order(&mut self) -> String {
        let (officer, draft) = match self.order_in(OrderState::Draft).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let command = IssueOrder {
            matter_id: draft.matter_id,
            assignment_id: draft.assignment_id,
            order_id: Some(draft.order_id),
            cause: draft.cause,
            owed: draft.owed,
            due_on: self.in_a_week(),
        };
        let answer = self.people.ask("supervision", &officer, None, &command).await;
        format!("{} to {}: {}", draft.order_id, draft.agency, said(answer))
    }

    /// 签收 or 回复: the agency itself, or the office from paper.
    pub async fn answer_order(&mut self) -> String {
        let agency = code(AGENCIES[self.dice.below(AGENCIES.len())]);
        let actor = self.desk_of(&agency);
        let query = ListReceived { open_only: true, ..ListReceived::default() };
        let found = match self.people.ask_agency(&agency, &actor, &query).await {
            Ok(page) => page.items,
            Err(refusal) => return refusal.code.to_string(),
        };
        let Some(order) = self.dice.pick(&found).cloned() else { return format!("{agency} has no order") };
        let step = OrderStep {
            order_id: order.dispatch.order_id,
            expected_version: order.version,
            on_behalf_paper: actor.is_office().then(|| self.mint.mint()),
        };
        let answer = if order.state == OrderState::Issued && self.dice.percent(60) {
            self.people.ask_agency(&agency, &actor, &AcknowledgeOrder { step }).await
        } else {
            let text = "已安排专人办理，月底前办结。".to_owned();
            self.people.ask_agency(&agency, &actor, &ReplyOrder { step, text }).await
        };
        format!("{agency} {}: {}", order.dispatch.order_id, said(answer))
    }

    /// 审核回复
    pub async fn judge_order(&mut self) -> String {
        let (officer, order) = match self.order_in(OrderState::Replied).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let back = self.dice.percent(40);
        let command = JudgeOrder {
            order_id: order.order_id,
            expected_version: order.version,
            verdict: if back { OrderVerdict::SendBack } else { OrderVerdict::Accept },
            reason: back.then_some(SendBackReason::NoDate),
            due_on: back.then(|| self.in_a_week()),
        };
        let answer = self.people.ask("supervision", &officer, None, &command).await;
        format!("{}: {}", order.order_id, said(answer))
    }
}

fn said<T>(answer: Result<T, kernel::Refusal>) -> String {
    answer.map_or_else(|refusal| refusal.code.to_string(), |_| "done".to_owned())
}
