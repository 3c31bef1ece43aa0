//! 主办与协办 (Art. 24): a co-agency gives the lead its part and takes no step of the lead's; the lead waits for parts.

use contracts::Message;
use serde_json::{Value, json};

use super::{
    checks::{assignment_with, fresh, number, receipted},
    judge::{self, after, body, text},
    rehearsal::{Rehearsal, Seen},
    report::{Report, Verdict},
};

const ANSWERED: &str = "lianxi.routing.co_answer_dispatched.v1";
const CHANGED: &str = "lianxi.routing.co_change_dispatched.v1";
/// The other agency of the rehearsal.
const OTHER: &str = "zhujian";
/// Number of the co-agency's assignment.
const CO_NO: i64 = 2;
/// What is the lead's alone.
const OF_THE_LEAD: [&str; 5] =
    ["acceptance_notified", "extended", "opinion_issued", "opinion_served", "completed"];

/// What the office sent.
#[derive(Default)]
pub struct Played {
    /// The assignment in which the consumer helps.
    helps: String,
    /// The one in which it leads, and the number of the dispatch that brings the part.
    leads: (String, i64),
}

/// Sends one assignment to help with, and one to lead whose part comes late.
pub async fn play(
    office: &mut Rehearsal,
    report: &mut Report,
    played: &mut judge::Played,
) -> anyhow::Result<()> {
    let today = office.today();
    let (matter, id) = fresh(office);
    let more = json!({ "assignment_no": CO_NO, "role": "co", "lead": OTHER, "task": "facts", "claims": [2], "limit_on": today });
    let helps = assignment_with(office, played, (&matter, &id), more);
    played.co.helps.clone_from(&id);
    office.send(&helps, 0).await?;

    let (matter, id) = fresh(office);
    let asked =
        json!({ "agency": OTHER, "assignment_no": CO_NO, "due_on": today, "claims": [2], "task": "facts" });
    let leads = assignment_with(office, played, (&matter, &id), json!({ "co": [asked] }));
    office.send(&leads, 0).await?;
    // Time enough to answer too early.
    let mut outcome = receipted(office, &leads, "an assignment with co-agencies is receipted").await;
    office.quiet().await;
    let (change, part) = told_to_the_lead(office, &matter, &id);
    played.co.leads = (id, number(&part));
    office.send(&change, 0).await?;
    office.send(&part, 0).await?;
    if outcome.is_ok() {
        outcome = receipted(office, &part, "what the lead is told of parts is receipted").await;
    }
    report.judge("assignments of co-handling, and what the lead is told of parts, are receipted", outcome);
    Ok(())
}

/// Another unit was asked and let go; the part of the first is here.
fn told_to_the_lead(office: &mut Rehearsal, matter: &str, id: &str) -> (Message, Message) {
    let content: kernel::ContentId = office.mint.mint();
    let today = office.today();
    let lead = json!({ "matter_id": matter, "assignment_id": id, "assignment_no": 1, "agency": office.code });
    let with = |more: Value| {
        let mut body = lead.clone();
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        body
    };
    let co = json!({ "agency": "minzheng", "assignment_no": 3, "due_on": today, "claims": [1] });
    let change = with(json!({ "co": co, "changed_on": today, "released": "not_needed" }));
    let part = with(json!({
        "co_no": CO_NO, "co": OTHER, "answered_on": today, "claims": [{ "claim_no": 2, "outcome": "supported" }],
        "content_id": content, "content_hash": "0".repeat(64),
    }));
    (
        office.dispatch("routing", CHANGED, matter, &change),
        office.dispatch("routing", ANSWERED, matter, &part),
    )
}

/// What it told of both.
pub fn judge(seen: &Seen, played: &judge::Played, report: &mut Report) {
    let returns = judge::distinct(seen);
    let of = |id: &str, token: &str| {
        returns.iter().filter(|m| m.type_token() == token && text(&body(m), "assignment_id") == id).count()
    };
    let (helps, (leads, part)) = (played.co.helps.as_str(), &played.co.leads);
    let verdict = match OF_THE_LEAD.iter().find(|token| of(helps, token) > 0) {
        Some(token) => Verdict::Failed(format!(
            "`{token}` of an assignment whose `role` is `co`: it is the lead's step; a co-agency sends `co_answered`"
        )),
        None if of(helps, "co_answered") == 0 => Verdict::NotSeen("it gave no part".to_owned()),
        None => claims(&returns, helps),
    };
    report.note("a co-agency gives its part, of its own claims, and takes no step of the lead's", verdict);

    let early = |token: &str| {
        of(leads, token)
            > after(&returns, ("routing", *part))
                .filter(|m| m.type_token() == token && text(&body(m), "assignment_id") == leads)
                .count()
    };
    let verdict = if early("opinion_issued") {
        Verdict::Failed("it issued its opinion while a part was missing; the office sets it aside".to_owned())
    } else if of(leads, "opinion_issued") == 0 {
        Verdict::NotSeen("it issued no opinion with parts".to_owned())
    } else {
        Verdict::Passed
    };
    report.note("a lead waits for the parts of its co-agencies", verdict);
}

fn claims(returns: &[&Message], helps: &str) -> Verdict {
    let part = returns
        .iter()
        .map(|m| (m, body(m)))
        .find(|(m, body)| m.type_token() == "co_answered" && text(body, "assignment_id") == helps);
    let answered: Vec<i64> = part
        .and_then(|(_, body)| body.get("claims").cloned())
        .and_then(|claims| claims.as_array().cloned())
        .unwrap_or_default()
        .iter()
        .filter_map(|claim| claim.get("claim_no").and_then(Value::as_i64))
        .collect();
    if answered == [2] {
        Verdict::Passed
    } else {
        Verdict::Failed(format!("its part answers claims {answered:?}; it was asked about claim 2 alone"))
    }
}
