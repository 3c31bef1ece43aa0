//! Pieces of a matter's page, shared with the forms about it and with the agency's page.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, AssignmentState, MatterState},
    routing::commands::{AssignmentView as Held, MatterView, ObjectionView as Objected},
};
use kernel::{MatterId, Refusal, UnixMillis, civil_date};

use super::{Names, Visit, board, co, reveal::Words};
use crate::{
    accounts::People,
    board::{EventRow, Listed},
    error,
    rest::matters::Shown,
    views::{
        chrome::Link,
        matter::{AssignmentView, ClaimView, DocumentView, MatterHead, ObjectionLine, Step, TimelineItem},
        task::RulingLine,
    },
};

/// Stations of the ordinary path with the state of a matter that has passed them.
const STATIONS: [(&str, &[MatterState]); 7] = {
    use MatterState as S;
    [
        ("registered", &[S::Registered]),
        ("screened", &[S::Screened]),
        ("sent", &[S::Forwarded, S::Assigned, S::Objected, S::Disputed, S::Returned]),
        ("accepted", &[S::Handling, S::Extended]),
        ("answered", &[S::OpinionIssued]),
        ("served", &[S::Served]),
        ("closed", &[S::Closed, S::Attached]),
    ]
};

/// Whether an assignment is the one that counts.
pub const fn is_active(state: AssignmentState) -> bool {
    !matches!(
        state,
        AssignmentState::Recalled
            | AssignmentState::Closed
            | AssignmentState::Returned
            | AssignmentState::Answered
    )
}

/// Head and summary, from what the board or routing has.
pub fn head(visit: &Visit, names: &Names, id: MatterId, shown: &Shown) -> MatterHead {
    let today = visit.site.today();
    let routing = shown.routing.as_ref();
    if let Some(listed) = &shown.board {
        return open_head(names, listed, routing, today);
    }
    let (state, purpose, route, received_on) = routing.map_or(
        (MatterState::Registered, contracts::codes::Purpose::Accusation, None, civil_date(id.minted_at())),
        |view| (view.state, view.purpose, view.route, view.received_on),
    );
    MatterHead {
        // An accusation is named by its id; number and text are behind the seal.
        number: id.to_string(),
        summary: visit.site.say(visit.language, "purpose-accusation"),
        state: state.code().to_owned(),
        flags: vec!["restricted".to_owned()],
        // How it came and how many signed it lie behind the seal, too.
        channel: String::new(),
        purpose: purpose.code().to_owned(),
        category: routing.and_then(|v| v.category.as_ref()).map(|code| names.category(code)),
        route: route.map(|r| r.code().to_owned()),
        region_name: routing
            .and_then(|v| v.place_region.as_ref())
            .map_or("—".to_owned(), |r| names.region(r)),
        people: 0,
        received_on: received_on.to_string(),
        registered_at: id.minted_at().to_string(),
        age_days: (today - received_on).num_days(),
        holder: routing.and_then(|v| v.claims.first()).map(|claim| names.holder(&claim.holder)),
        confidential: true,
        ..MatterHead::default()
    }
}

fn open_head(names: &Names, listed: &Listed, routing: Option<&MatterView>, today: NaiveDate) -> MatterHead {
    let row = &listed.row;
    let category = routing.map_or(row.category.as_ref(), |view| view.category.as_ref());
    MatterHead {
        number: row.number.clone(),
        summary: board::summary(listed, names),
        state: row.state.code().to_owned(),
        close_code: row.close_code.map(|code| code.code().to_owned()),
        flags: board::flags(row),
        channel: row.channel.code().to_owned(),
        purpose: row.purpose.code().to_owned(),
        category: category.map(|code| names.category(code)),
        route: row.route.map(|route| route.code().to_owned()),
        region_name: names.region(&row.place_region),
        people: u32::try_from(row.heads).unwrap_or(1),
        received_on: row.received_on.to_string(),
        registered_at: row.registered_at.to_string(),
        age_days: (today - row.received_on).num_days(),
        holder: Some(names.holder_of(row.agency.as_ref())),
        repeat_of: row.attached_to.map(|id| Link { href: format!("/matters/{id}"), text: id.to_string() }),
        confidential: false,
    }
}

/// The path so far and ahead.
pub fn steps(
    state: MatterState,
    timeline: &[EventRow],
    received_on: NaiveDate,
    days: &BTreeMap<String, NaiveDate>,
) -> Vec<Step> {
    let at = STATIONS.iter().position(|(_, states)| states.contains(&state)).unwrap_or(0);
    let reached = |code: &str| -> Option<NaiveDate> {
        let (token, held) = match code {
            "registered" => return Some(received_on),
            "screened" => ("matter_screened", None),
            "sent" => ("matter_forwarded", Some(AssignmentState::Sent)),
            "accepted" => ("acceptance_notified", Some(AssignmentState::Accepted)),
            "answered" => ("opinion_issued", Some(AssignmentState::OpinionIssued)),
            "served" => ("opinion_served", Some(AssignmentState::Served)),
            _ => ("matter_closed", Some(AssignmentState::Closed)),
        };
        let told = timeline.iter().rev().find(|event| event.event == token);
        let told = told.map(|event| event.detail.0.on.unwrap_or_else(|| civil_date(event.at)));
        told.or_else(|| days.get(held?.code()).copied())
    };
    // An inquiry ends without an opinion, a repeat without a hand-over: no station says done that never was.
    let ended = matches!(state, MatterState::Closed | MatterState::Attached);
    let passed_by = |code: &str| {
        let unneeded = match code {
            "sent" | "accepted" | "answered" | "served" => ended,
            "screened" => state == MatterState::Attached,
            _ => false,
        };
        unneeded && reached(code).is_none()
    };
    let step = |(n, (code, _)): (usize, &(&str, &[MatterState]))| Step {
        code: (*code).to_owned(),
        on: reached(code).filter(|_| n <= at).map(|on| on.to_string()),
        state: match n.cmp(&at) {
            _ if passed_by(code) => "skipped",
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal if state == MatterState::Closed => "done",
            std::cmp::Ordering::Equal => "current",
            std::cmp::Ordering::Greater => "ahead",
        }
        .to_owned(),
    };
    STATIONS.iter().enumerate().map(step).collect()
}

/// Claims as routing holds them, with their words once they were opened.
pub fn claims(names: &Names, view: &MatterView, words: &Words) -> Vec<ClaimView> {
    let closed = view.state == MatterState::Closed;
    view.claims
        .iter()
        .map(|claim| ClaimView {
            no: u32::try_from(claim.claim_no).unwrap_or(0),
            text: words.get(&claim.claim_no).cloned(),
            holder: Some(names.holder(&claim.holder)),
            state: match (closed, &claim.outcome) {
                (true, _) => "closed",
                (false, Some(_)) => "answered",
                (false, None) => "open",
            }
            .to_owned(),
            outcome: claim.outcome.as_ref().map(|o| o.outcome.code().to_owned()),
        })
        .collect()
}

/// Assignments, the newest first.
pub fn assignments(
    visit: &Visit,
    names: &Names,
    id: MatterId,
    view: &MatterView,
    timeline: &[EventRow],
) -> Vec<AssignmentView> {
    let claims: Vec<u32> = view.claims.iter().filter_map(|c| u32::try_from(c.claim_no).ok()).collect();
    let one = |held: &Held| {
        let day = |state: AssignmentState| held.days.get(state.code()).map(ToString::to_string);
        let because = || {
            let recalled = timeline.iter().rev().find(|e| {
                e.event == "assignment_recalled" && e.detail.0.agency.as_ref() == Some(&held.agency)
            });
            recalled.and_then(|event| event.detail.0.reason.clone())
        };
        AssignmentView {
            no: u32::try_from(held.assignment_no).unwrap_or(0),
            mode: held.mode.code().to_owned(),
            document_number: held.document_number.clone(),
            agency: names.agency(&held.agency),
            state: held.state.code().to_owned(),
            sent_on: held.sent_on.to_string(),
            delivered_on: day(AssignmentState::Delivered),
            signed_on: day(AssignmentState::Signed),
            accepted_on: day(AssignmentState::Accepted),
            limit_on: held.limit_on.map(|on| on.to_string()),
            claims: match &held.share {
                Some(share) => share.claims.iter().filter_map(|no| u32::try_from(*no).ok()).collect(),
                None => claims.clone(),
            },
            recalled_because: match (held.state, held.role) {
                (AssignmentState::Recalled, AssignmentRole::Lead) => because(),
                _ => None,
            },
            binding: held.binding,
            override_reason: held.override_reason.clone(),
            objections: held.objections.iter().map(|o| objection(names, o)).collect(),
            role: held.role.code().to_owned(),
            part: held.share.as_ref().map(|_| co::part_of(visit, names, id, held)),
        }
    };
    view.assignments.iter().rev().map(one).collect()
}

/// One objection and its answer.
pub fn objection(names: &Names, objection: &Objected) -> ObjectionLine {
    ObjectionLine {
        on: objection.objected_on.to_string(),
        late: objection.late,
        proposed: objection.proposed_agency.as_ref().map(|code| names.agency(code)),
        ruling: objection.ruling.as_ref().map(|r| RulingLine {
            ruling: r.ruling.code().to_owned(),
            reason: r.reason.clone(),
            on: r.decided_on.to_string(),
            note: r.note.clone(),
        }),
    }
}

/// Who acted, by name.
pub async fn people(visit: &Visit, events: &[EventRow]) -> Result<People, Refusal> {
    let acted = events.iter().filter_map(|event| event.detail.0.by.as_ref());
    People::of(&visit.site.deps.db, acted).await.map_err(|e| error::away(&e))
}

/// What happened, the newest first.
pub fn timeline(visit: &Visit, names: &Names, people: &People, events: &[EventRow]) -> Vec<TimelineItem> {
    let one = |event: &EventRow| {
        let detail = &event.detail.0;
        let say = |key: String| visit.site.say(visit.language, &key);
        let note = match (event.event.as_str(), detail) {
            ("content_opened", d) => match (d.part, d.purpose) {
                (Some(part), Some(purpose)) => Some(format!(
                    "{} · {}",
                    say(format!("part-{part}")),
                    say(format!("read-purpose-{purpose}"))
                )),
                _ => None,
            },
            ("assignment_recalled", d) => d.reason.as_ref().map(|code| say(format!("recall-reason-{code}"))),
            ("objection_decided", d) => {
                let ruling = if d.upheld == Some(true) { "upheld" } else { "rejected" };
                let reason = d.reason.as_deref().unwrap_or("other");
                Some(format!(
                    "{} · {}",
                    say(format!("ruling-{ruling}")),
                    say(format!("ruling-reason-{reason}"))
                ))
            }
            ("handling_extended", d) => {
                d.until.map(|on| format!("{} {on}", say("extended-until".to_owned())))
            }
            ("co_assigned", d) => d.limit_on.map(|on| format!("{} {on}", say("co-due".to_owned()))),
            ("co_released", d) => d.reason.as_ref().map(|code| say(format!("co-released-{code}"))),
            ("matter_closed", d) => d.close_code.map(|code| say(format!("close-{code}"))),
            ("duty_warned", d) => d.rule.map(|rule| {
                let stage = d.stage.map(|stage| format!(" · {stage} %")).unwrap_or_default();
                format!("{}{stage}", say(format!("rule-{rule}")))
            }),
            ("duty_breached", d) => d.rule.map(|rule| say(format!("rule-{rule}"))),
            ("order_sent_back", d) => d.reason.as_ref().map(|code| say(format!("send-back-{code}"))),
            (_, d) => d.document_number.clone(),
        };
        TimelineItem {
            at: event.at.to_string(),
            event: event.event.clone(),
            unit: detail.agency.as_ref().map_or_else(|| names.office().to_owned(), |code| names.agency(code)),
            actor: detail.by.as_ref().and_then(|by| people.name(by.user)).map(str::to_owned),
            note,
            article: None,
            on_behalf: detail.on_behalf,
            late: detail.late,
            proof: detail
                .linked
                .map(|(repeat, first)| if repeat.to_string() == event.subject_id { first } else { repeat })
                .map(|other| Link { href: format!("/matters/{other}"), text: other.to_string() }),
        }
    };
    events.iter().rev().map(one).collect()
}

/// What the office's letter of an assignment is called.
pub const fn letter_kind(role: AssignmentRole, mode: AssignmentMode) -> &'static str {
    match (role, mode) {
        (AssignmentRole::Co, _) => "co_letter",
        (AssignmentRole::Lead, AssignmentMode::Forward) => "forwarding_letter",
        (AssignmentRole::Lead, AssignmentMode::Assign) => "assignment_letter",
    }
}

/// Papers that were issued, with their print pages.
pub fn documents(
    names: &Names,
    id: MatterId,
    head: &MatterHead,
    view: Option<&MatterView>,
) -> Vec<DocumentView> {
    let registered_on = UnixMillis::parse_rfc3339(&head.registered_at).map(civil_date).unwrap_or_default();
    let mut documents = vec![DocumentView {
        kind: "receipt".to_owned(),
        number: None,
        on: registered_on.to_string(),
        unit: names.office().to_owned(),
        href: format!("/matters/{id}/print/receipt"),
    }];
    for held in view.iter().flat_map(|v| v.assignments.iter()) {
        let letter = letter_kind(held.role, held.mode);
        documents.push(DocumentView {
            kind: letter.to_owned(),
            number: Some(held.document_number.clone()),
            on: held.sent_on.to_string(),
            unit: names.office().to_owned(),
            href: format!("/matters/{id}/print/letter-{}", held.assignment_no),
        });
        for (kind, content) in &held.papers {
            let state = match kind.as_str() {
                "acceptance_notice" => AssignmentState::Accepted,
                "opinion" => AssignmentState::OpinionIssued,
                "service_record" => AssignmentState::Served,
                "objection" => AssignmentState::Objected,
                "co_part" => AssignmentState::Answered,
                _ => AssignmentState::Closed,
            };
            let day = if kind == "extension_notice" { "extended" } else { state.code() };
            let on = held.days.get(day).copied().unwrap_or(held.sent_on);
            documents.push(DocumentView {
                kind: kind.clone(),
                number: None,
                on: on.to_string(),
                unit: names.agency(&held.agency),
                href: format!("/matters/{id}/print/{content}"),
            });
        }
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("date")
    }

    fn states(state: MatterState, reached: &[AssignmentState]) -> Vec<String> {
        let days = reached.iter().map(|s| (s.code().to_owned(), day("2026-08-04"))).collect();
        steps(state, &[], day("2026-08-03"), &days).into_iter().map(|step| step.state).collect()
    }

    #[test]
    fn a_station_that_an_ended_matter_did_without_is_not_called_done() {
        use AssignmentState as A;
        assert_eq!(
            states(MatterState::Closed, &[A::Sent, A::Accepted, A::Closed]),
            ["done", "done", "done", "done", "skipped", "skipped", "done"],
            "an inquiry has no opinion"
        );
        assert_eq!(
            states(MatterState::Handling, &[A::Sent, A::Accepted]),
            ["done", "done", "done", "current", "ahead", "ahead", "ahead"]
        );
    }

    #[test]
    fn days_come_from_the_assignment_where_the_timeline_is_kept_back() {
        let days = [(AssignmentState::Accepted.code().to_owned(), day("2026-08-06"))].into();
        let steps = steps(MatterState::Handling, &[], day("2026-08-03"), &days);
        assert_eq!(steps[3].on.as_deref(), Some("2026-08-06"));
    }
}
