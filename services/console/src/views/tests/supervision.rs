//! Duties and orders of the gallery.

use super::frames::{codes, command, due, office};
use crate::views::{
    board::Tab,
    chrome::Link,
    form::{Choice, Field},
    supervision::{DutyRow, IssueForm, JudgeForm, OrderItem, ReplyForm, SupervisionPage},
};

fn page(tab: &str) -> SupervisionPage {
    let tabs = ["duties", "orders"].map(|code| Tab {
        code: code.into(),
        href: format!("/supervision?tab={code}"),
        current: code == tab,
        count: None,
    });
    SupervisionPage {
        chrome: office("supervision"),
        tabs: tabs.to_vec(),
        tab: tab.into(),
        agencies: vec![Choice::named("renshe", "云岭县人力资源和社会保障局", true)],
        rules: codes(&["T01", "T03", "T04", "T05", "T06"], "T03"),
        breached_only: true,
        next_href: Some("/supervision?tab=duties&after=2026-08-20~T03".into()),
        ..SupervisionPage::default()
    }
}

pub(super) fn duties() -> SupervisionPage {
    let row = |rule: &str, on: &str, in_days, lamp: &str| DutyRow {
        href: "/matters/xf_1".into(),
        number: "990100-2026-0803-0017".into(),
        holder: "云岭县人力资源和社会保障局".into(),
        due: due(rule, "2026-08-04", on, in_days),
        lamp: lamp.into(),
    };
    SupervisionPage {
        duties: vec![
            row("T03", "2026-08-10", -2, "red"),
            row("T05", "2026-08-14", 2, "yellow"),
            row("T06", "2026-10-03", 52, "green"),
        ],
        ..page("duties")
    }
}

pub(super) fn orders() -> SupervisionPage {
    SupervisionPage {
        orders: office_orders(),
        problem: Some("回复期限须在明天到一年之内。".into()),
        ..page("orders")
    }
}

fn order(state: &str) -> OrderItem {
    OrderItem {
        id: format!("or_{state}"),
        href: Some("/matters/xf_1".into()),
        number: "990100-2026-0803-0017".into(),
        agency: "云岭县人力资源和社会保障局".into(),
        state: state.into(),
        cause: "acceptance_rules_breached".into(),
        owed: "acceptance_notice".into(),
        rule: Some("T03".into()),
        document_number: Some("信督〔2026〕1号".into()),
        issued_on: Some("2026-08-11".into()),
        due_on: Some("2026-08-18".into()),
        ..OrderItem::default()
    }
}

pub(super) fn issue_form() -> IssueForm {
    IssueForm {
        form: command("/supervision/issue"),
        matter_id: "xf_1".into(),
        assignment_id: "as_1".into(),
        order_id: String::new(),
        causes: codes(&["delay", "shirking"], "delay"),
        owed: codes(&["explanation", "opinion"], "opinion"),
        due_on: Field::of("2026-08-19"),
    }
}

/// A draft, one that is late, and one to be judged.
pub(super) fn office_orders() -> Vec<OrderItem> {
    let draft = OrderItem {
        document_number: None,
        issued_on: None,
        due_on: None,
        issue: Some(issue_form()),
        dismiss: Some(command("/supervision/orders/or_draft/drop_order")),
        ..order("draft")
    };
    let reply = Link { href: "/matters/xf_1/print/ct_1".into(), text: "2026-08-12".into() };
    let replied = OrderItem {
        replies: vec![reply],
        judge: Some(JudgeForm {
            form: command("/supervision/orders/or_replied/judge_order"),
            reasons: codes(&["no_proof", "no_date"], ""),
            due_on: Field::of("2026-08-19"),
        }),
        ..order("replied")
    };
    vec![draft, OrderItem { late: true, ..order("acknowledged") }, replied]
}

/// One to be taken in hand, and one whose reply was sent back.
pub(super) fn agency_orders() -> Vec<OrderItem> {
    let reply = |text: Field| ReplyForm { form: command("/tasks/as_1/orders/or_1/reply_order"), text };
    let fresh = OrderItem {
        href: None,
        acknowledge: Some(command("/tasks/as_1/orders/or_1/acknowledge_order")),
        reply: Some(reply(Field::default())),
        ..order("issued")
    };
    let again = OrderItem {
        href: None,
        sent_back: Some("no_proof".into()),
        reply: Some(reply(Field::of("已于8月12日书面告知。"))),
        ..order("sent_back")
    };
    vec![fresh, again]
}
