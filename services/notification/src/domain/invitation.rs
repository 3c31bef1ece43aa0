//! 会议邀请: an iCalendar object for a mail (RFC 5545, RFC 5546): one UID for the meeting's life, a SEQUENCE that rises,
//! METHOD REQUEST or CANCEL.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};
use kernel::UnixMillis;

/// Octets of a line before it is folded.
const LINE_OCTETS: usize = 75;
/// Asia/Shanghai, the whole year round.
const SHANGHAI_S: i32 = 8 * 3_600;
const ZONE: &str = "Asia/Shanghai";

/// Who sends the invitation to whom.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// The office's mail address.
    pub from: &'a str,
    /// The unit's mail address.
    pub to: &'a str,
    /// The unit's name.
    pub unit: &'a str,
}

/// The object and its method; `None` for a notice that is no invitation.
#[must_use]
pub fn object(
    told: &BTreeMap<String, String>,
    parties: Parties<'_>,
    stamp: UnixMillis,
) -> Option<(String, &'static str)> {
    let word = |name: &str| told.get(name).map(String::as_str);
    let at = |name: &str| word(name)?.parse().ok().and_then(local);
    let method = match word("method")? {
        "REQUEST" => "REQUEST",
        "CANCEL" => "CANCEL",
        _ => return None,
    };
    let (uid, sequence) = (word("uid")?, word("sequence")?.parse::<i64>().ok()?);
    let status = if method == "CANCEL" { "CANCELLED" } else { "CONFIRMED" };
    let stamp = DateTime::<Utc>::from_timestamp_millis(stamp.0)?.format("%Y%m%dT%H%M%SZ");
    let organizer = parameter(word("organizer").unwrap_or_default());
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Lianxi//notification//ZH".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        format!("METHOD:{method}"),
        "BEGIN:VTIMEZONE".to_owned(),
        format!("TZID:{ZONE}"),
        "BEGIN:STANDARD".to_owned(),
        "DTSTART:19910915T000000".to_owned(),
        "TZOFFSETFROM:+0900".to_owned(),
        "TZOFFSETTO:+0800".to_owned(),
        "TZNAME:CST".to_owned(),
        "END:STANDARD".to_owned(),
        "END:VTIMEZONE".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escaped(uid)),
        format!("SEQUENCE:{sequence}"),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;TZID={ZONE}:{}", at("starts_at")?),
        format!("DTEND;TZID={ZONE}:{}", at("ends_at")?),
        format!("SUMMARY:{}", escaped(word("title")?)),
        format!("LOCATION:{}", escaped(word("place").unwrap_or_default())),
        format!("ORGANIZER;CN={organizer}:mailto:{}", parties.from),
        format!(
            "ATTENDEE;CN={};CUTYPE=GROUP;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{}",
            parameter(parties.unit),
            parties.to
        ),
        format!("STATUS:{status}"),
        "TRANSP:OPAQUE".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    Some((lines.iter().map(|line| folded(line)).collect(), method))
}

fn local(ms: i64) -> Option<String> {
    let zone = FixedOffset::east_opt(SHANGHAI_S)?;
    Some(DateTime::from_timestamp_millis(ms)?.with_timezone(&zone).format("%Y%m%dT%H%M%S").to_string())
}

/// A text value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A quoted parameter, which can hold no quote (3.2).
fn parameter(text: &str) -> String {
    format!("\"{}\"", text.replace(|c: char| c == '"' || c.is_control(), ""))
}

/// Folds a line between characters (3.1).
fn folded(line: &str) -> String {
    let (mut out, mut octets) = (String::with_capacity(line.len() + 8), 0);
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_OCTETS {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters_and_texts_escaped() {
        let long = folded(&format!("SUMMARY:{}", "会".repeat(60)));
        assert!(long.ends_with("\r\n") && long.lines().count() > 2);
        assert!(long.split("\r\n").all(|line| line.len() <= LINE_OCTETS), "{long}");
        assert_eq!(long.replace("\r\n ", "").trim_end(), format!("SUMMARY:{}", "会".repeat(60)));
        assert_eq!(escaped("一室;二室,\\三\n四\r"), "一室\\;二室\\,\\\\三\\n四");
        assert_eq!(parameter("\"人社局\"\r\nX:1"), "\"人社局X:1\"");
    }
}
