//! What is judged at the end, from everything that the consumer told.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use contracts::{Event, Message, agency::ReceivedV1, registry};
use serde_json::Value;

use super::{
    rehearsal::Seen,
    report::{Report, Verdict},
};

/// What the office sent.
#[derive(Default)]
pub struct Played {
    /// Matters by assignment.
    pub assignments: BTreeMap<String, String>,
    /// Assignments that were taken back, and the number of the recall.
    pub recalled: Vec<(String, i64)>,
    /// The dispatch that is sent twice.
    pub last: Option<Message>,
    /// Co-handling.
    pub co: super::co::Played,
    /// The joint conference.
    pub conference: super::conference::Played,
}

/// Every check that needs the whole.
pub fn all(seen: &Seen, played: &Played, violations: &[String], report: &mut Report) {
    let returns = distinct(seen);
    report.judge("every return can be read and is of a type that exists", readable(seen, &returns));
    report.judge("ce-version counts per ce-subject without gaps", versions(&returns));
    report.judge("one site answers, under one name", one_site(&returns));
    report.judge("each step of an assignment is told once, and of one that exists", steps(&returns, played));
    report.judge("nothing is answered after a recall", recalls(&returns, played));
    papers(seen, &returns, report);
    opened(seen, played, report);
    let foreign = violations.first().map_or(Ok(()), |line| Err(format!("the server refused it: {line}")));
    report.judge("no subject of anybody else was tried", foreign);
}

/// The returns without what came twice.
pub(super) fn distinct(seen: &Seen) -> Vec<&Message> {
    let mut ids = BTreeSet::new();
    seen.returns.iter().flatten().filter(|m| ids.insert(m.id)).collect()
}

fn readable(seen: &Seen, returns: &[&Message]) -> Result<(), String> {
    if let Some(Err(why)) = seen.returns.iter().find(|r| r.is_err()) {
        return Err(format!("a return cannot be read: {why}"));
    }
    for message in returns {
        let Some(entry) = registry::find(&message.event_type) else {
            return Err(format!("{}: there is no type `{}`", message.id, message.event_type));
        };
        (entry.round_trip)(message).map_err(|why| format!("{}: {why}", message.id))?;
    }
    Ok(())
}

fn versions(returns: &[&Message]) -> Result<(), String> {
    let mut last: HashMap<&str, i64> = HashMap::new();
    for message in returns {
        let before = last.entry(&message.subject_id).or_insert(0);
        if message.version != *before + 1 {
            return Err(format!(
                "`{}` of {} has ce-version {}; {} follows: the office waits for what is missing",
                message.type_token(),
                message.subject_id,
                message.version,
                *before + 1
            ));
        }
        *before = message.version;
    }
    Ok(())
}

fn one_site(returns: &[&Message]) -> Result<(), String> {
    let sites: BTreeSet<String> =
        returns.iter().filter_map(|m| m.decode::<ReceivedV1>().ok()).map(|r| r.site).collect();
    match sites.len() {
        1 if !sites.contains("") => Ok(()),
        1 => Err("`site` is empty in its receipts".to_owned()),
        _ => Err(format!("its receipts name {} sites: the office refuses a second one", sites.len())),
    }
}

pub(super) fn body(message: &Message) -> Value {
    serde_json::from_str(&message.body).unwrap_or_default()
}

pub(super) fn text<'v>(body: &'v Value, name: &str) -> &'v str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn steps(returns: &[&Message], played: &Played) -> Result<(), String> {
    let mut told = BTreeSet::new();
    for message in returns.iter().filter(|m| m.event_type != ReceivedV1::TYPE) {
        let body = body(message);
        let id = text(&body, "assignment_id").to_owned();
        if id.is_empty() {
            continue;
        }
        match played.assignments.get(&id) {
            None => {
                return Err(format!(
                    "`{}` answers assignment {id}, which was never dispatched",
                    message.type_token()
                ));
            }
            Some(matter) if *matter != message.subject_id || text(&body, "matter_id") != matter => {
                return Err(format!("`{}` of assignment {id} names another matter", message.type_token()));
            }
            Some(_) => {}
        }
        if !told.insert((id.clone(), message.event_type.clone())) {
            return Err(format!(
                "`{}` of assignment {id} was told twice: one dispatch, one effect",
                message.type_token()
            ));
        }
        if message.causation.is_none() {
            return Err(format!("`{}` of assignment {id} has no ce-causationid", message.type_token()));
        }
    }
    Ok(())
}

/// After the receipt that covers the recall, and at all where the recall came first.
fn recalls(returns: &[&Message], played: &Played) -> Result<(), String> {
    for (id, recall) in &played.recalled {
        let late = after(returns, ("routing", *recall)).find(|m| text(&body(m), "assignment_id") == id);
        if let Some(message) = late {
            return Err(format!(
                "`{}` answers assignment {id} after dispatch {recall} took it back",
                message.type_token()
            ));
        }
    }
    Ok(())
}

/// What it told after its receipt of a dispatch.
pub(super) fn after<'m>(
    returns: &'m [&'m Message],
    (sender, number): (&'m str, i64),
) -> impl Iterator<Item = &'m Message> {
    let mut heard = false;
    returns.iter().copied().filter(move |message| match message.decode::<ReceivedV1>() {
        Ok(receipt) => {
            heard |= receipt.sender == sender && receipt.to_seq >= number;
            false
        }
        Err(_) => heard,
    })
}

fn papers(seen: &Seen, returns: &[&Message], report: &mut Report) {
    const RULE: &str = "papers are stored before they are named, under their true hash";
    let mut named = 0;
    for message in returns {
        let body = body(message);
        for (id, hash) in [("content_id", "content_hash"), ("report_content_id", "report_hash")] {
            let (id, hash) = (text(&body, id), text(&body, hash));
            if id.is_empty() {
                continue;
            }
            named += 1;
            let stored =
                seen.papers.iter().find(|(known, _)| known.to_string() == id).map(|(_, paper)| paper);
            let why = match stored {
                None => Some("was never put"),
                Some((sha256, _)) if sha256 != hash => Some("has another hash"),
                Some((_, put)) if put.matter_id.to_string() != message.subject_id => {
                    Some("was put for another matter")
                }
                Some(_) => None,
            };
            if let Some(why) = why {
                report.note(RULE, Verdict::Failed(format!("paper {id} of `{}` {why}", message.type_token())));
                return;
            }
        }
    }
    report.note(
        RULE,
        if named == 0 { Verdict::NotSeen("it named no paper".to_owned()) } else { Verdict::Passed },
    );
}

fn opened(seen: &Seen, played: &Played, report: &mut Report) {
    const RULE: &str = "content is opened with a purpose, for an assignment that it holds";
    let wrong = seen.opened.iter().find(|asked| {
        played.assignments.get(&asked.assignment_id.to_string()) != Some(&asked.matter_id.to_string())
    });
    report.note(
        RULE,
        match (wrong, seen.opened.is_empty()) {
            (Some(asked), _) => Verdict::Failed(format!(
                "it asked for matter {} by assignment {}, which is not of that matter",
                asked.matter_id, asked.assignment_id
            )),
            (None, true) => Verdict::NotSeen("it opened nothing".to_owned()),
            (None, false) => Verdict::Passed,
        },
    );
}
