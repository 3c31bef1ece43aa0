//! 督办函 as pages show them: with the forms of the office, or of the agency that got them.

use chrono::{Days, NaiveDate};
use contracts::{
    agency::commands::ReceivedOrder,
    codes::{OrderCause, OrderOwed, OrderState, SendBackReason},
    supervision::commands::{IssueOrder, OrderView},
};
use kernel::{AssignmentId, MatterId, OrderId, Refusal, Role};

use super::{Names, Visit, fresh_key, typed::Typed};
use crate::{
    rest::body,
    rights::Right,
    views::{
        chrome::Link,
        form::{Choice, CommandForm, Field},
        supervision::{IssueForm, JudgeForm, OrderItem, ReplyForm},
    },
};

/// Days that a form proposes for a reply.
const REPLY_DAYS: u64 = 7;

/// An order's id in a path.
///
/// # Errors
/// `bad_id`.
pub fn order_id(text: &str) -> Result<OrderId, Refusal> {
    body::id(text)
}

fn form(visit: &Visit, href: String, version: i64) -> CommandForm {
    let key = fresh_key(&visit.site.deps.mint);
    CommandForm { href, key, version: version.to_string(), problem: None }
}

fn in_a_week(visit: &Visit) -> Field {
    let today = visit.site.today();
    Field::of(today.checked_add_days(Days::new(REPLY_DAYS)).unwrap_or(today).to_string())
}

/// The form of a new order about an assignment, or of one that a draft proposes.
pub fn issue_form(
    visit: &Visit,
    matter: MatterId,
    assignment: AssignmentId,
    draft: Option<&OrderView>,
) -> IssueForm {
    let cause = draft.map_or(OrderCause::Delay, |order| order.cause);
    let owed = draft.map_or(OrderOwed::Explanation, |order| order.owed);
    IssueForm {
        form: form(visit, "/supervision/issue".to_owned(), 0),
        matter_id: matter.to_string(),
        assignment_id: assignment.to_string(),
        order_id: draft.map(|order| order.order_id.to_string()).unwrap_or_default(),
        causes: OrderCause::ALL.iter().map(|c| Choice::code(c.code(), *c == cause)).collect(),
        owed: OrderOwed::ALL.iter().map(|o| Choice::code(o.code(), *o == owed)).collect(),
        due_on: in_a_week(visit),
    }
}

/// What a form of a new order says.
///
/// # Errors
/// `malformed_input` with the field.
pub fn read_issue(typed: &Typed) -> Result<IssueOrder, Refusal> {
    let malformed = |field: &str| web::errors::MALFORMED_INPUT.refuse().at(field.to_owned());
    Ok(IssueOrder {
        matter_id: typed.get("matter_id").parse().map_err(|_| malformed("matter_id"))?,
        assignment_id: typed.get("assignment_id").parse().map_err(|_| malformed("assignment_id"))?,
        order_id: typed.some("order_id").map(|id| order_id(&id)).transpose()?,
        cause: OrderCause::from_code(typed.get("cause")).ok_or_else(|| malformed("cause"))?,
        owed: OrderOwed::from_code(typed.get("owed")).ok_or_else(|| malformed("owed"))?,
        due_on: typed.get("due_on").parse().map_err(|_| malformed("due_on"))?,
    })
}

/// Whether the office still waits for a reply after its day.
fn late(state: OrderState, due_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    let waits = matches!(state, OrderState::Issued | OrderState::Acknowledged | OrderState::SentBack);
    waits && due_on.is_some_and(|on| on < today)
}

/// Whether this person issues and judges orders: about an accusation its officer alone.
pub fn urges(visit: &Visit, accusation: bool) -> bool {
    let officer = visit.caller.is_office(Role::RestrictedOfficer);
    let others = visit.caller.is_office(Role::Supervisor) || visit.caller.is_office(Role::OfficeDirector);
    Right::Urge.is_held_by(visit.caller.actor()) && if accusation { officer } else { others }
}

/// An order at the office, with what this person may do.
pub fn in_office(visit: &Visit, names: &Names, order: &OrderView) -> OrderItem {
    let urges = urges(visit, order.number.is_none());
    let step =
        |verb: &str| form(visit, format!("/supervision/orders/{}/{verb}", order.order_id), order.version);
    let reply = |(on, content): &(NaiveDate, kernel::ContentId)| Link {
        href: format!("/matters/{}/print/{content}", order.matter_id),
        text: on.to_string(),
    };
    let draft = urges && order.state == OrderState::Draft;
    OrderItem {
        id: order.order_id.to_string(),
        href: Some(format!("/matters/{}", order.matter_id)),
        number: order.number.clone().unwrap_or_else(|| order.matter_id.to_string()),
        agency: names.agency(&order.agency),
        state: order.state.code().to_owned(),
        cause: order.cause.code().to_owned(),
        owed: order.owed.code().to_owned(),
        rule: order.rule.map(|rule| rule.code().to_owned()),
        document_number: order.document_number.clone(),
        issued_on: order.issued_on.map(|on| on.to_string()),
        due_on: order.due_on.map(|on| on.to_string()),
        late: late(order.state, order.due_on, visit.site.today()),
        sent_back: None,
        replies: order.replies.iter().map(reply).collect(),
        issue: draft.then(|| issue_form(visit, order.matter_id, order.assignment_id, Some(order))),
        dismiss: draft.then(|| step("drop_order")),
        judge: (urges && order.state == OrderState::Replied).then(|| JudgeForm {
            form: step("judge_order"),
            reasons: SendBackReason::ALL.iter().map(|r| Choice::code(r.code(), false)).collect(),
            due_on: in_a_week(visit),
        }),
        acknowledge: None,
        reply: None,
        on_paper: false,
    }
}

/// An order at the agency; `typed` is the reply that was refused just now.
pub fn at_agency(
    visit: &Visit,
    names: &Names,
    number: &str,
    order: &ReceivedOrder,
    typed: Option<&str>,
) -> OrderItem {
    let dispatch = &order.dispatch;
    let task = dispatch.assignment_id;
    let step =
        |verb: &str| form(visit, format!("/tasks/{task}/orders/{}/{verb}", dispatch.order_id), order.version);
    let open = matches!(order.state, OrderState::Issued | OrderState::Acknowledged | OrderState::SentBack);
    let reply = |content: &kernel::ContentId| Link {
        href: format!("/tasks/{task}/print/{content}"),
        text: String::new(),
    };
    OrderItem {
        id: dispatch.order_id.to_string(),
        href: None,
        number: number.to_owned(),
        agency: names.agency(&dispatch.agency),
        state: order.state.code().to_owned(),
        cause: dispatch.cause.code().to_owned(),
        owed: dispatch.owed.code().to_owned(),
        rule: dispatch.rule.map(|rule| rule.code().to_owned()),
        document_number: Some(dispatch.document_number.clone()),
        issued_on: Some(dispatch.issued_on.to_string()),
        due_on: Some(order.due_on.to_string()),
        late: late(order.state, Some(order.due_on), visit.site.today()),
        sent_back: order.sent_back.map(|reason| reason.code().to_owned()),
        replies: order.replies.iter().map(reply).collect(),
        issue: None,
        dismiss: None,
        judge: None,
        acknowledge: (order.state == OrderState::Issued).then(|| step("acknowledge_order")),
        reply: open
            .then(|| ReplyForm { form: step("reply_order"), text: Field::of(typed.unwrap_or_default()) }),
        on_paper: false,
    }
}

/// An order to an agency without computers, with the forms of the clerk who records its paper.
pub fn on_behalf(
    visit: &Visit,
    names: &Names,
    (matter, no): (MatterId, i64),
    order: &ReceivedOrder,
    typed: Option<&str>,
) -> OrderItem {
    let id = order.dispatch.order_id;
    let to = |verb: &str| format!("/matters/{matter}/on-behalf/orders/{id}/{verb}?no={no}");
    let mut item = at_agency(visit, names, "", order, typed);
    item.on_paper = true;
    item.replies.clear();
    if let Some(form) = &mut item.acknowledge {
        form.href = to("acknowledge_order");
    }
    if let Some(reply) = &mut item.reply {
        reply.form.href = to("reply_order");
    }
    item
}
