//! Invariant 8: each timer fires exactly once, not early, and a cancelled one never; and what follows from it:
//! orders are numbered without gaps, one at a time about an assignment, none by software alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Dump, Violation};

/// What a fact of a timer says, as far as it tells one timer from another.
fn timer(body: &str, token: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let field = |name: &str| body.get(name).map(ToString::to_string).unwrap_or_default();
    format!("{token} {} {} {} {}", field("matter_id"), field("rule"), field("assignment_id"), field("stage"))
}

/// At every commit: no timer fired twice or early, and each that spoke had fired.
pub fn once(dump: &Dump, found: &mut Vec<Violation>) {
    let supervision = &dump.supervision;
    let mut spoken: BTreeMap<String, usize> = BTreeMap::new();
    for said in &supervision.store.outbox {
        if matches!(said.token(), "duty_warned" | "duty_breached") {
            *spoken.entry(timer(&said.body, said.token())).or_default() += 1;
        }
    }
    for (timer, times) in spoken.iter().filter(|(_, times)| **times > 1) {
        found.push(Broken::TimerTwice.at(format!("{timer}: {times} times")));
    }
    let mut fired = 0;
    for alarm in &supervision.alarms {
        match alarm.fired_at {
            Some(at) if at < alarm.fires_at => {
                found.push(Broken::TimerEarly.at(format!("{} {}", alarm.duty_id, alarm.kind)));
            }
            Some(_) => fired += 1,
            None => {}
        }
    }
    if spoken.len() > fired {
        found.push(Broken::TimerEarly.at(format!("{} spoke, {fired} fired", spoken.len())));
    }
    for duty in &supervision.duties {
        let breached = duty.breached_on.is_some();
        if breached != (duty.state == "breached")
            || (!breached && duty.state == "met" && duty.met_on.is_none())
        {
            found.push(Broken::TimerTwice.at(format!("{} is {}", duty.id, duty.state)));
        }
    }
}

/// At every commit: orders.
pub fn orders(dump: &Dump, found: &mut Vec<Violation>) {
    let mut numbers: Vec<i64> = Vec::new();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for order in &dump.supervision.orders {
        let number = order.document_number.as_deref().and_then(|text| {
            text.split_once('〕').and_then(|(_, rest)| rest.trim_end_matches('号').parse::<i64>().ok())
        });
        let unsent = matches!(order.state.as_str(), "draft" | "dropped");
        if number.is_none() != unsent {
            found.push(Broken::OrderNumbers.at(format!("{} is {}", order.id, order.state)));
        }
        numbers.extend(number);
        if order.open == 1 && !open.insert(&order.assignment_id) {
            found.push(Broken::OrderTwice.at(&order.assignment_id));
        }
    }
    numbers.sort_unstable();
    if !numbers.iter().copied().eq((1..).take(numbers.len())) {
        found.push(Broken::OrderNumbers.at(format!("{numbers:?}")));
    }
}

/// After healing: what was due has fired, and office and agency agree on each order.
pub fn settled(dump: &Dump, found: &mut Vec<Violation>) {
    for alarm in &dump.supervision.alarms {
        if alarm.fired_at.is_none() && alarm.fires_at <= dump.now {
            found.push(Broken::TimerMissed.at(format!("{} {}", alarm.duty_id, alarm.kind)));
        }
    }
    for order in dump.supervision.orders.iter().filter(|o| o.document_number.is_some()) {
        let there = dump.agencies.get(&order.agency).map_or(&[][..], |a| a.orders.as_slice());
        let state = there.iter().find(|o| o.id == order.id).map(|o| o.state.as_str());
        if state != Some(order.state.as_str()) {
            let at = format!("{} is {} at the office, {state:?} at {}", order.id, order.state, order.agency);
            found.push(Broken::StateDiffers.at(at));
        }
    }
}
