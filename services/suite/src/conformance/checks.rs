//! The numbered checks. Each drives the consumer by dispatches and looks at what it returns.

use contracts::{Message, agency::ReceivedV1};
use serde_json::{Value, json};

use super::{
    co, conference,
    judge::{self, Played},
    rehearsal::{Rehearsal, Seen, receipts, rehash},
    report::{Report, Verdict},
};

const ASSIGNED: &str = "lianxi.routing.assignment_dispatched.v1";
const RECALLED: &str = "lianxi.routing.recall_dispatched.v1";
const ORDERED: &str = "lianxi.supervision.order_dispatched.v1";
/// A type that nobody knows.
const UNKNOWN: &str = "lianxi.routing.rehearsal_dispatched.v1";

/// Every check; without a first receipt the others make no sense.
pub async fn all(office: &mut Rehearsal) -> anyhow::Result<Report> {
    let (mut report, mut played) = (Report::default(), Played::default());
    if !first(office, &mut report, &mut played).await? {
        return Ok(report);
    }
    cumulative(office, &mut report, &mut played).await?;
    twice(office, &mut report, &mut played).await?;
    out_of_order(office, &mut report, &mut played).await?;
    damaged(office, &mut report, &mut played).await?;
    unchained(office, &mut report, &mut played).await?;
    unknown(office, &mut report, &mut played).await?;
    recalled(office, &mut report, &mut played).await?;
    other_sender(office, &mut report, &played).await?;
    co::play(office, &mut report, &mut played).await?;
    conference::play(office, &mut report, &mut played).await?;
    killed(office, &mut report, &mut played).await?;
    office.quiet().await;
    let violations = office.violations();
    judge::all(&office.look(), &played, &violations, &mut report);
    co::judge(&office.look(), &played, &mut report);
    conference::judge(&office.look(), &played, &mut report);
    Ok(report)
}

/// A dispatch about a new matter, kept among what was played.
fn assignment(office: &mut Rehearsal, played: &mut Played) -> Message {
    let (matter, id) = fresh(office);
    assignment_of(office, played, &matter, &id)
}

/// Ids of a matter and an assignment.
pub(super) fn fresh(office: &Rehearsal) -> (String, String) {
    let matter: kernel::MatterId = office.mint.mint();
    let id: kernel::AssignmentId = office.mint.mint();
    (matter.to_string(), id.to_string())
}

fn assignment_of(office: &mut Rehearsal, played: &mut Played, matter: &str, id: &str) -> Message {
    assignment_with(office, played, (matter, id), json!({}))
}

/// An assignment that says something more, or something else.
pub(super) fn assignment_with(
    office: &mut Rehearsal,
    played: &mut Played,
    (matter, id): (&str, &str),
    more: Value,
) -> Message {
    let content: kernel::ContentId = office.mint.mint();
    let mut body = json!({
        "matter_id": matter, "assignment_id": id, "assignment_no": 1, "agency": office.code, "mode": "forward",
        "document_number": "信转〔2026〕1号", "legal_ground": "Art. 22(3)", "sent_on": office.today(),
        "claims": [1, 2], "restricted": false, "identity_travels": true,
        "summary": {
            "number": "XF990100-260803-0001", "channel": "letter", "purpose": "claim", "category": "labour.wages",
            "route": "R6", "place_region": "990102", "received_on": office.today(), "heads": 1, "joint": false,
            "anonymous": false,
        },
        "content_id": content, "content_hash": "0".repeat(64),
        "office_contact": "演练",
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    played.assignments.insert(id.to_owned(), matter.to_owned());
    office.dispatch("routing", ASSIGNED, matter, &body)
}

fn recall(office: &mut Rehearsal, matter: &str, id: &str) -> Message {
    let body = json!({ "matter_id": matter, "assignment_id": id, "assignment_no": 1, "agency": office.code, "reason": "wrong_agency" });
    office.dispatch("routing", RECALLED, matter, &body)
}

/// Its number among its sender's.
pub(super) fn number(message: &Message) -> i64 {
    message.dispatch.as_ref().map_or(0, |seal| seal.seq)
}

/// The first receipt of the sender that reaches a dispatch.
fn reached(seen: &Seen, message: &Message) -> Option<ReceivedV1> {
    let sender = message.dispatch.as_ref().map(|seal| seal.sender.as_str()).unwrap_or_default();
    receipts(seen, sender).into_iter().find(|r| r.to_seq >= number(message))
}

/// Waits for the receipt of a dispatch, whose head must be its hash.
pub(super) async fn receipted(office: &Rehearsal, message: &Message, else_say: &str) -> Result<(), String> {
    let seconds = office.within.as_secs();
    let Some(receipt) = office.wait(|seen| reached(seen, message)).await else {
        return Err(format!("no receipt of dispatch {} within {seconds} s: {else_say}", number(message)));
    };
    let hash = message.dispatch.as_ref().map(|seal| seal.hash.as_str()).unwrap_or_default();
    if receipt.to_seq == number(message) && receipt.head != hash {
        return Err(format!(
            "the receipt up to {} has another `head` than the ce-hash of that dispatch",
            receipt.to_seq
        ));
    }
    Ok(())
}

async fn first(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<bool> {
    let one = assignment(office, played);
    office.send(&one, 0).await?;
    let ask = "does it pull JS.core.API.CONSUMER.MSG.NEXT.DISPATCH_<agency>.worker, and return `received` after its \
               commit?";
    let outcome = receipted(office, &one, ask).await.map_err(|why| why + &office.last_words());
    Ok(report.judge("a dispatch is pulled, and its receipt comes in time", outcome))
}

async fn cumulative(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<()> {
    let (two, three) = (assignment(office, played), assignment(office, played));
    office.send(&two, 0).await?;
    office.send(&three, 0).await?;
    let mut outcome = receipted(office, &three, "receipts go on with the numbers").await;
    if let (Ok(()), Some(wrong)) =
        (&outcome, receipts(&office.look(), "routing").iter().find(|r| r.from_seq != r.to_seq.min(1)))
    {
        outcome = Err(format!(
            "the receipt up to {} says from_seq {}: a receipt is cumulative, from 1",
            wrong.to_seq, wrong.from_seq
        ));
    }
    report.judge("receipts are cumulative, and their head is the hash of the last", outcome);
    played.last = Some(three);
    Ok(())
}

async fn twice(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<()> {
    let Some(again) = played.last.clone() else { return Ok(()) };
    let before = receipts(&office.look(), "routing").len();
    office.send(&again, 1).await?;
    let answered = office.wait(|seen| (receipts(seen, "routing").len() > before).then_some(())).await;
    let outcome = answered.ok_or_else(|| {
        format!(
            "dispatch {} came again and was not receipted again: the receipt before may have been lost",
            number(&again)
        )
    });
    report.judge("a dispatch that comes again is receipted again", outcome);
    Ok(())
}

async fn out_of_order(
    office: &mut Rehearsal,
    report: &mut Report,
    played: &mut Played,
) -> anyhow::Result<()> {
    let (missing, early) = (assignment(office, played), assignment(office, played));
    office.send(&early, 0).await?;
    let gap = number(&missing);
    let told = office
        .wait(|seen| {
            receipts(seen, "routing").into_iter().find(|r| r.missing_from.is_some() || r.to_seq >= gap)
        })
        .await;
    let outcome = match told {
        Some(r) if r.to_seq >= gap => Err(format!(
            "dispatch {} came while {gap} was missing, and the receipt says to_seq {}: never a number behind a gap",
            gap + 1,
            r.to_seq
        )),
        Some(r) if r.missing_from == Some(gap) => Ok(()),
        Some(r) => Err(format!("the receipt names missing_from {:?}; {gap} is missing", r.missing_from)),
        None => Err(format!(
            "dispatch {} came while {gap} was missing, and no receipt names missing_from {gap}",
            gap + 1
        )),
    };
    report.judge("a dispatch behind a gap is parked, and the receipt names the gap", outcome);
    office.send(&missing, 0).await?;
    let outcome = receipted(office, &early, "what was parked is taken up once the gap is filled").await;
    report.judge("once the gap is filled, what was parked is taken up", outcome);
    Ok(())
}

/// Sends a wrong copy, then the sound one: receipts whose head is the wrong one's tell which was taken.
async fn wrong_then_sound(
    office: &Rehearsal,
    wrong: &Message,
    sound: &Message,
    why: &str,
) -> anyhow::Result<Result<(), String>> {
    office.send(wrong, 0).await?;
    let settled = office.acknowledged().await;
    office.send(sound, 1).await?;
    let (n, head) = (number(sound), hash(wrong));
    let outcome =
        receipted(office, sound, "the sound copy of a number must be taken after a wrong one").await;
    let taken = receipts(&office.look(), "routing").iter().any(|r| r.to_seq == n && r.head == head);
    Ok(if taken {
        Err(format!("dispatch {n} {why}, and was receipted: keep it aside, it does not count as received"))
    } else if settled {
        outcome
    } else {
        Err(format!(
            "dispatch {n} {why}, and was never acknowledged: it comes again for ever; keep it aside and acknowledge it"
        ))
    })
}

fn hash(message: &Message) -> String {
    message.dispatch.as_ref().map(|seal| seal.hash.clone()).unwrap_or_default()
}

async fn damaged(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<()> {
    let sound = assignment(office, played);
    let mut wrong = sound.clone();
    if let Some(seal) = wrong.dispatch.as_mut() {
        seal.hash = "e".repeat(64);
    }
    let outcome =
        wrong_then_sound(office, &wrong, &sound, "has a ce-hash that its content does not give").await?;
    report.judge("a dispatch whose hash does not fit is refused, the sound one is taken", outcome);
    Ok(())
}

async fn unchained(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<()> {
    let sound = assignment(office, played);
    let mut wrong = sound.clone();
    if let Some(seal) = wrong.dispatch.as_mut() {
        seal.prev_hash = "f".repeat(64);
    }
    rehash(&mut wrong);
    let outcome =
        wrong_then_sound(office, &wrong, &sound, "does not follow on the one before it (ce-prevhash)")
            .await?;
    report.judge("a dispatch that does not follow on the last one's hash is refused", outcome);
    Ok(())
}

async fn unknown(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<()> {
    let (matter, _) = fresh(office);
    let strange = office.dispatch("routing", UNKNOWN, &matter, &json!({ "matter_id": matter }));
    let after = assignment(office, played);
    office.send(&strange, 0).await?;
    office.send(&after, 0).await?;
    let say = format!(
        "dispatch {} is of a type it does not know ({UNKNOWN}); bury it and count it as received, it must block nothing",
        number(&strange)
    );
    let outcome = receipted(office, &after, &say).await;
    report.judge("a type that it does not know is buried and blocks nothing", outcome);
    Ok(())
}

async fn recalled(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<()> {
    let (matter, id) = fresh(office);
    let sent = assignment_of(office, played, &matter, &id);
    let back = recall(office, &matter, &id);
    office.send(&sent, 0).await?;
    office.send(&back, 0).await?;
    let outcome = receipted(office, &back, "a recall is receipted like every dispatch").await;
    played.recalled.push((id, number(&back)));
    // One whose recall comes first.
    let (matter, id) = fresh(office);
    let back = recall(office, &matter, &id);
    let sent = assignment_of(office, played, &matter, &id);
    office.send(&back, 0).await?;
    office.send(&sent, 0).await?;
    let then =
        receipted(office, &sent, "an assignment that was recalled before it came is receipted all the same")
            .await;
    played.recalled.push((id, number(&back)));
    report.judge("recalls are receipted, also one that comes before its assignment", outcome.and(then));
    Ok(())
}

async fn other_sender(office: &mut Rehearsal, report: &mut Report, played: &Played) -> anyhow::Result<()> {
    let Some((id, matter)) = played.assignments.iter().next().map(|(a, m)| (a.clone(), m.clone())) else {
        return Ok(());
    };
    let order: kernel::OrderId = office.mint.mint();
    let body: Value = json!({
        "order_id": order, "matter_id": matter, "assignment_id": id, "agency": office.code,
        "cause": "acceptance_rules_breached", "owed": "acceptance_notice", "issued_on": office.today(),
        "due_on": office.today(), "document_number": "信督〔2026〕1号", "restricted": false,
    });
    let message = office.dispatch("supervision", ORDERED, &matter, &body);
    office.send(&message, 0).await?;
    let outcome = receipted(
        office,
        &message,
        "each ce-sender has numbers of its own, from 1; the receipt names the sender",
    )
    .await;
    report.judge("another sender's numbers are counted apart", outcome);
    Ok(())
}

async fn killed(office: &mut Rehearsal, report: &mut Report, played: &mut Played) -> anyhow::Result<()> {
    const RULE: &str = "killed and started again, it takes what came meanwhile";
    if !office.kill_consumer().await? {
        report
            .note(RULE, Verdict::NotSeen("give its command after `--`, so that it can be killed".to_owned()));
        return Ok(());
    }
    let away = assignment(office, played);
    office.send(&away, 0).await?;
    office.start_consumer()?;
    let outcome =
        receipted(office, &away, "it was killed with SIGKILL and started again with the same command").await;
    report.judge(RULE, outcome);
    Ok(())
}
