//! 联席会议 (Art. 12): notices of meetings and their changes, tasks of resolutions and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    Message,
    agency::{InvitationRepliedV1, TaskReceivedV1, TaskReportedV1},
    codes::InvitationReply,
};
use kernel::{AgendaItemId, MeetingId, ResolutionId, ResolutionTaskId};
use serde_json::json;

use super::{
    checks::{number, receipted},
    judge::{self, after},
    rehearsal::{Rehearsal, Seen},
    report::{Report, Verdict},
};

const SENDER: &str = "meetings";
const CALLED: &str = "lianxi.meetings.meeting_dispatched.v1";
const CANCELLED: &str = "lianxi.meetings.cancellation_dispatched.v1";
const CHARGED: &str = "lianxi.meetings.task_dispatched.v1";
const JUDGED: &str = "lianxi.meetings.task_verdict_dispatched.v1";

/// What the office sent.
#[derive(Default)]
pub struct Played {
    /// Notices: meeting and sequence.
    notices: BTreeSet<(String, i64)>,
    /// The meeting that was called off, and the number of that dispatch.
    off: (String, i64),
    /// Tasks with their matters.
    tasks: BTreeMap<String, String>,
    /// The task that was taken back, and the number of that dispatch.
    withdrawn: (String, i64),
}

/// A meeting that moves, one that is called off, a task, one that is taken back.
pub async fn play(
    office: &mut Rehearsal,
    report: &mut Report,
    played: &mut judge::Played,
) -> anyhow::Result<()> {
    let Some(matter) = played.assignments.values().next().cloned() else { return Ok(()) };
    let (moves, off): (MeetingId, MeetingId) = (office.mint.mint(), office.mint.mint());
    let known = &mut played.conference;
    for (meeting, sequence) in [(moves, 0), (moves, 1), (off, 0)] {
        let notice = notice(office, meeting, sequence);
        known.notices.insert((meeting.to_string(), sequence));
        office.send(&notice, 0).await?;
    }
    let cancelled = json!({
        "meeting_id": off, "agency": office.code, "sequence": 1, "reason": "settled", "cancelled_on": office.today(),
    });
    let cancelled = office.dispatch(SENDER, CANCELLED, &off.to_string(), &cancelled);
    known.off = (off.to_string(), number(&cancelled));
    office.send(&cancelled, 0).await?;

    let (stays, goes): (ResolutionTaskId, ResolutionTaskId) = (office.mint.mint(), office.mint.mint());
    for task in [stays, goes] {
        let charged = task_of(office, task, moves, &matter);
        known.tasks.insert(task.to_string(), matter.clone());
        office.send(&charged, 0).await?;
    }
    let withdrawn = json!({
        "task_id": goes, "matter_id": matter, "agency": office.code, "verdict": "withdraw",
        "checked_on": office.today(),
    });
    let withdrawn = office.dispatch(SENDER, JUDGED, &matter, &withdrawn);
    known.withdrawn = (goes.to_string(), number(&withdrawn));
    office.send(&withdrawn, 0).await?;
    let ask = "notices and tasks of the joint conference are numbered by `meetings`, and block nothing";
    let outcome = receipted(office, &withdrawn, ask).await;
    report.judge("notices and tasks of the joint conference are receipted", outcome);
    Ok(())
}

fn notice(office: &mut Rehearsal, meeting: MeetingId, sequence: i64) -> Message {
    let body = json!({
        "meeting_id": meeting, "uid": format!("{meeting}@rehearsal.invalid"), "sequence": sequence,
        "body": "rehearsal", "body_name": "演练联席会议", "organizer": "演练联席办", "kind": "working",
        "title": "演练联席会议2026年第1次工作会议", "starts_at": "2026-08-25T09:00:00.000+08:00",
        "ends_at": "2026-08-25T11:00:00.000+08:00", "place": format!("第{}会议室", sequence + 1),
        "reply_by": "2026-08-24", "agency": office.code, "required": true, "party_to": [], "items": [],
    });
    office.dispatch(SENDER, CALLED, &meeting.to_string(), &body)
}

fn task_of(office: &mut Rehearsal, task: ResolutionTaskId, meeting: MeetingId, matter: &str) -> Message {
    let (resolution, item): (ResolutionId, AgendaItemId) = (office.mint.mint(), office.mint.mint());
    let body = json!({
        "task_id": task, "resolution_id": resolution, "meeting_id": meeting, "item_id": item, "matter_id": matter,
        "agency": office.code, "role": "lead", "lead": office.code, "due_on": office.today(),
        "checker": "supervisor", "document_number": "信议〔2026〕1号", "issued_on": office.today(),
    });
    office.dispatch(SENDER, CHARGED, matter, &body)
}

/// What it told of all that.
pub fn judge(seen: &Seen, played: &judge::Played, report: &mut Report) {
    let returns = judge::distinct(seen);
    let known = &played.conference;
    report
        .note("an invitation is answered once for each notice, under its sequence", replies(&returns, known));
    report.note(
        "a resolution's task is received and reported once, and not after it was taken back",
        tasks(&returns, known),
    );
}

fn replies(returns: &[&Message], known: &Played) -> Verdict {
    let mut told = BTreeSet::new();
    for message in returns {
        let Ok(reply) = message.decode::<InvitationRepliedV1>() else { continue };
        let answered = (reply.meeting_id.to_string(), reply.sequence);
        let why = if !known.notices.contains(&answered) {
            "answers a notice that was never sent"
        } else if message.subject_id != answered.0 {
            "has another ce-subject than its meeting"
        } else if reply.reply == InvitationReply::Declined && reply.reason.is_none() {
            "declines without a reason"
        } else if !told.insert(answered) {
            "was told twice for one notice"
        } else {
            continue;
        };
        return Verdict::Failed(format!(
            "`invitation_replied` of {} (sequence {}) {why}",
            reply.meeting_id, reply.sequence
        ));
    }
    let (off, cancelled) = &known.off;
    let late = after(returns, (SENDER, *cancelled))
        .filter_map(|m| m.decode::<InvitationRepliedV1>().ok())
        .any(|reply| reply.meeting_id.to_string() == *off);
    if late {
        return Verdict::Failed(format!("it answered for {off} after dispatch {cancelled} called it off"));
    }
    if told.is_empty() { Verdict::NotSeen("it answered no invitation".to_owned()) } else { Verdict::Passed }
}

/// The task that a return is about, with the matter that it names.
fn about(message: &Message) -> Option<(String, String)> {
    let received = message.decode::<TaskReceivedV1>().map(|r| (r.task_id, r.matter_id));
    let (task, matter) =
        received.or_else(|_| message.decode::<TaskReportedV1>().map(|r| (r.task_id, r.matter_id))).ok()?;
    Some((task.to_string(), matter.to_string()))
}

fn tasks(returns: &[&Message], known: &Played) -> Verdict {
    let mut told = BTreeSet::new();
    for message in returns {
        let Some((task, matter)) = about(message) else { continue };
        let why = match known.tasks.get(&task) {
            None => "is of no task that was dispatched",
            Some(true_one) if *true_one != matter || message.subject_id != matter => "names another matter",
            Some(_) if !told.insert((task.clone(), message.event_type.clone())) => "was told twice",
            Some(_) => continue,
        };
        return Verdict::Failed(format!("`{}` of {task} {why}", message.type_token()));
    }
    let (gone, verdict) = &known.withdrawn;
    if let Some(late) = after(returns, (SENDER, *verdict)).find(|m| about(m).is_some_and(|(t, _)| t == *gone))
    {
        return Verdict::Failed(format!(
            "`{}` of {gone} after dispatch {verdict} took it back",
            late.type_token()
        ));
    }
    if told.is_empty() { Verdict::NotSeen("it took no task".to_owned()) } else { Verdict::Passed }
}
