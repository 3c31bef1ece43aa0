//! 督查督办: duties by their limit, and orders with their forms, for the office.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use calendar::RuleId;
use contracts::{
    Command, PageRequest,
    codes::{DutyState, OrderVerdict, SendBackReason},
    supervision::commands::{DropOrder, DutyView, IssueOrder, JudgeOrder, ListDuties, ListOrders},
};
use kernel::{OrderId, Refusal};
use serde::Deserialize;

use super::{
    Names, Shown, Visit, encoded, form, limits,
    orders::{in_office, order_id, read_issue},
    reveal::Panels,
    tasks,
    typed::Typed,
};
use crate::{
    door::Site,
    rest::{body, supervision::urge},
    views::{
        board::Tab,
        form::Choice,
        supervision::{DutyRow, OrderItem, SupervisionPage},
    },
};

/// Rules whose duties supervision watches.
const RULES: [RuleId; 5] = [RuleId::T01, RuleId::T03, RuleId::T04, RuleId::T05, RuleId::T06];

/// The page as an address asks for it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    tab: String,
    agency: String,
    rule: String,
    breached_only: String,
    after: Option<String>,
}

/// `GET /supervision`
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, &asked, None).await
}

async fn page(visit: &Visit, asked: &Asked, refusal: Option<&Refusal>) -> Shown {
    let names = Names::of(visit).await?;
    let on_orders = asked.tab == "orders" || refusal.is_some();
    let (mut duties, mut orders, mut next) = (Vec::new(), Vec::new(), None);
    let request = PageRequest { after: asked.after.clone(), limit: None };
    let agency = asked.agency.parse().ok();
    if on_orders {
        let command = ListOrders { agency, page: request, ..ListOrders::default() };
        let found = visit.site.ask(&visit.caller, "supervision", &command).await?;
        orders = found.items.iter().map(|order| in_office(visit, &names, order)).collect::<Vec<OrderItem>>();
        next = found.next;
    } else {
        let breached_only = asked.breached_only == "true";
        let command = ListDuties { agency, rule: asked.rule.parse().ok(), breached_only, page: request };
        let found = visit.site.ask(&visit.caller, "supervision", &command).await?;
        duties = found.items.iter().map(|duty| row(visit, &names, duty)).collect();
        next = found.next.or(next);
    }
    let tab = if on_orders { "orders" } else { "duties" };
    let tabs = ["duties", "orders"].map(|code| Tab {
        code: code.to_owned(),
        href: format!("/supervision?tab={code}"),
        current: code == tab,
        count: None,
    });
    let agencies = names.every_agency().map(|(listed, name)| {
        Choice::named(listed.agency.as_str(), name, asked.agency == listed.agency.as_str())
    });
    let view = SupervisionPage {
        chrome: visit.chrome_of(&names, "supervision", "").await?,
        tabs: tabs.to_vec(),
        tab: tab.to_owned(),
        problem: refusal.map(|r| r.text(visit.language.is_english())),
        agencies: agencies.collect(),
        rules: RULES.iter().map(|rule| Choice::code(rule.code(), asked.rule == rule.code())).collect(),
        breached_only: asked.breached_only == "true",
        duties,
        orders,
        next_href: next.map(|next| {
            let filters = format!("agency={}&rule={}", encoded(&asked.agency), encoded(&asked.rule));
            let only = if asked.breached_only == "true" { "&breached_only=true" } else { "" };
            format!("/supervision?tab={tab}&{filters}{only}&after={}", encoded(&next))
        }),
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(form::answer(page, refusal))
}

fn row(visit: &Visit, names: &Names, duty: &DutyView) -> DutyRow {
    DutyRow {
        href: format!("/matters/{}", duty.matter_id),
        number: duty.number.clone().unwrap_or_else(|| duty.matter_id.to_string()),
        holder: duty.agency.as_ref().map_or_else(|| names.office().to_owned(), |code| names.agency(code)),
        due: limits::due(&visit.site, visit.language, &duty.due),
        lamp: lamp(duty).to_owned(),
    }
}

/// Green while it runs, yellow once warned of, red when overdue.
fn lamp(duty: &DutyView) -> &'static str {
    match (duty.state, duty.warned) {
        (DutyState::Breached, _) => "red",
        (_, Some(_)) => "yellow",
        (_, None) => "green",
    }
}

/// `POST /supervision/issue`
pub async fn issue(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let asked = Asked::default();
    let command: IssueOrder = match read_issue(&typed) {
        Ok(command) => command,
        Err(refusal) => return page(&visit, &asked, Some(&refusal)).await,
    };
    match urge(&site, &visit.caller, &command).await {
        Ok(changed) => {
            let to = format!("/matters/{}?notice=order_issued", changed.matter_id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(refusal) => page(&visit, &asked, Some(&refusal)).await,
    }
}

/// `POST /supervision/orders/{id}/{verb}`
pub async fn step(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    typed: Typed,
) -> Shown {
    let order: OrderId = order_id(&id)?;
    let expected_version = typed.version();
    let done = match verb.as_str() {
        JudgeOrder::NAME => {
            let verdict = OrderVerdict::from_code(typed.get("verdict"));
            let verdict = verdict.ok_or_else(|| web::errors::MALFORMED_INPUT.refuse().at("verdict"))?;
            let command = JudgeOrder {
                order_id: order,
                expected_version,
                verdict,
                reason: SendBackReason::from_code(typed.get("reason")),
                due_on: typed.get("due_on").parse().ok(),
            };
            urge(&site, &visit.caller, &command).await
        }
        DropOrder::NAME => urge(&site, &visit.caller, &DropOrder { order_id: order, expected_version }).await,
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/supervision?tab=orders&notice=order_judged").into_response()),
        Err(refusal) => page(&visit, &Asked::default(), Some(&refusal)).await,
    }
}

/// `POST /tasks/{id}/orders/{order}/{verb}`: the agency's own people take an order in hand, or reply to it.
pub async fn answer(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, order, verb)): Path<(String, String, String)>,
    typed: Typed,
) -> Shown {
    use contracts::agency::commands::{AcknowledgeOrder, OrderStep, ReplyOrder};
    let agency = crate::rest::tasks::agency_of(&visit.caller, None)?;
    let step =
        OrderStep { order_id: order_id(&order)?, expected_version: typed.version(), on_behalf_paper: None };
    let done = match verb.as_str() {
        AcknowledgeOrder::NAME => site.ask_agency(&visit.caller, &agency, &AcknowledgeOrder { step }).await,
        ReplyOrder::NAME => {
            let command = ReplyOrder { step, text: typed.get("text").to_owned() };
            site.ask_agency(&visit.caller, &agency, &command).await
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/tasks/{id}?notice=order_answered")).into_response()),
        Err(refusal) => {
            let typed = typed.get("text").to_owned();
            let panels = Panels::refused_order(order, typed, refusal);
            tasks::page(&visit, body::id(&id)?, panels, tasks::Tried::default()).await
        }
    }
}
