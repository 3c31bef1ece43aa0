//! What the forms of the conference say.

use chrono::{NaiveDate, NaiveTime};
use contracts::{
    codes::{AgendaOutcome, Attendance, MeetingKind, TaskChecker},
    meetings::{
        CoUnit, Invitee,
        commands::{AttendanceEntry, Decision, Dissent, MeetingPlan, Resolved},
    },
};
use kernel::{Refusal, UnixMillis};

use super::typed::Typed;

/// Rows for co-handling units in a form.
pub const CO_ROWS: usize = 3;

fn malformed(field: &str) -> Refusal {
    web::errors::MALFORMED_INPUT.refuse().at(field.to_owned())
}

/// A day of a form, if one was given.
pub fn day(typed: &Typed, field: &str) -> Option<NaiveDate> {
    typed.get(field).parse().ok()
}

/// An instant in Asia/Shanghai from a day and a time of the form.
fn instant(typed: &Typed, time: &str) -> Result<UnixMillis, Refusal> {
    let on = day(typed, "on").ok_or_else(|| malformed("on"))?;
    let at = NaiveTime::parse_from_str(typed.get(time), "%H:%M").map_err(|_| malformed(time))?;
    let text = format!("{on}T{}+08:00", at.format("%H:%M:%S"));
    UnixMillis::parse_rfc3339(&text).map_err(|_| malformed(time))
}

/// The kind of a meeting.
///
/// # Errors
/// `malformed_input`.
pub fn kind(typed: &Typed) -> Result<MeetingKind, Refusal> {
    MeetingKind::from_code(typed.get("kind")).ok_or_else(|| malformed("kind"))
}

/// When, where, with whom, about what.
///
/// # Errors
/// `malformed_input` with the field.
pub fn plan(typed: &Typed) -> Result<MeetingPlan, Refusal> {
    let mut agencies = Vec::new();
    for (code, wish) in typed.with_prefix("invite-") {
        if wish.is_empty() {
            continue;
        }
        let agency = code.parse().map_err(|_| malformed("agencies"))?;
        agencies.push(Invitee { agency, required: wish == "required" });
    }
    let items = typed.all("item").map(str::parse).collect::<Result<Vec<_>, _>>();
    Ok(MeetingPlan {
        starts_at: instant(typed, "from")?,
        ends_at: instant(typed, "until")?,
        place: typed.get("place").to_owned(),
        reply_by: day(typed, "reply_by").ok_or_else(|| malformed("reply_by"))?,
        agencies,
        items: items.map_err(|_| malformed("items"))?,
        short_notice_reason: typed.some("short_notice_reason"),
    })
}

/// Who came.
///
/// # Errors
/// `malformed_input`.
pub fn attendance(typed: &Typed) -> Result<Vec<AttendanceEntry>, Refusal> {
    let entries = typed.with_prefix("attendance-").map(|(code, came)| {
        Ok(AttendanceEntry {
            agency: code.parse().map_err(|_| malformed("attendance"))?,
            attendance: Attendance::from_code(came).ok_or_else(|| malformed("attendance"))?,
            who: typed.get(&format!("who-{code}")).to_owned(),
        })
    });
    entries.collect()
}

/// What was decided of an item.
///
/// # Errors
/// `malformed_input` with the field.
pub fn decision(typed: &Typed) -> Result<Decision, Refusal> {
    let outcome = AgendaOutcome::from_code(typed.get("outcome")).ok_or_else(|| malformed("outcome"))?;
    let mut dissent = Vec::new();
    for (code, words) in typed.with_prefix("dissent-").filter(|(_, words)| !words.is_empty()) {
        let agency = code.parse().map_err(|_| malformed("dissent"))?;
        dissent.push(Dissent { agency, words: words.to_owned() });
    }
    Ok(Decision {
        outcome,
        facts: typed.get("facts").to_owned(),
        resolved: (outcome == AgendaOutcome::Resolved).then(|| resolved(typed)).transpose()?,
        until_on: day(typed, "until_on").filter(|_| outcome == AgendaOutcome::Deferred),
        dissent,
    })
}

fn resolved(typed: &Typed) -> Result<Resolved, Refusal> {
    let mut co = Vec::new();
    for row in 1..=CO_ROWS {
        let code = typed.get(&format!("co-{row}"));
        if code.is_empty() {
            continue;
        }
        let due_on = day(typed, &format!("co-due-{row}")).ok_or_else(|| malformed("co"))?;
        co.push(CoUnit { agency: code.parse().map_err(|_| malformed("co"))?, due_on });
    }
    Ok(Resolved {
        lead: typed.get("lead").parse().map_err(|_| malformed("lead"))?,
        due_on: day(typed, "due_on").ok_or_else(|| malformed("due_on"))?,
        co,
        action: typed.get("action").to_owned(),
        checker: TaskChecker::from_code(typed.get("checker")).ok_or_else(|| malformed("checker"))?,
    })
}
