//! Invariant 3: one notice to each audience about each fact, and each has an end or stands in a queue.

use std::collections::BTreeSet;

use super::{Broken, Dump, Violation};

/// At every commit.
pub fn once(dump: &Dump, found: &mut Vec<Violation>) {
    let mut told = BTreeSet::new();
    for notice in &dump.notification.notices {
        if !told.insert((&notice.event_id, &notice.audience)) {
            found.push(Broken::NoticeTwice.at(format!("{} {}", notice.event_id, notice.audience)));
        }
        let stands = match (notice.state.as_str(), notice.channel.as_str()) {
            ("queued" | "sending", "mail") => notice.next_attempt_at.is_some(),
            ("queued" | "printed", "letter") => true,
            ("unknown" | "unreachable" | "sent" | "delivered" | "withdrawn", _) => true,
            _ => false,
        };
        if !stands {
            found.push(Broken::NoticeStuck.at(format!("{} {}", notice.id, notice.state)));
        }
        // What was said while the matter was an ordinary one is said; no more is.
        let by_letter = notice.audience == "petitioner" && notice.channel == "letter";
        let may_still_go = ["queued", "printed", "unknown", "unreachable"].contains(&notice.state.as_str());
        let made_for_one = notice.version == 1;
        if notice.restricted == 1 && !by_letter && (made_for_one || may_still_go) {
            found.push(Broken::NoticeStuck.at(format!("{} tells of an accusation", notice.id)));
        }
    }
}

/// Once healed: who registered is told so.
pub fn all(dump: &Dump, found: &mut Vec<Violation>) {
    let told: BTreeSet<&str> =
        dump.notification.notices.iter().map(|notice| notice.event_id.as_str()).collect();
    for said in dump.intake.store.outbox.iter().filter(|s| s.token() == "submission_registered") {
        if !told.contains(said.id.as_str()) {
            found.push(Broken::NoticeMissing.at(&said.subject_id));
        }
    }
}
