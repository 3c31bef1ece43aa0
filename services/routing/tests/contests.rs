//! Objections, disputes and decisions on competence (Art. 23, 24): given, when, then.

use contracts::{
    agency::{Answers, ExtendedV1, ObjectedV1},
    codes::{AssignmentState as S, MatterState as M},
    routing::{
        Decider, Ruling,
        commands::{DecideCompetence, HandOver, RuleOnObjection},
    },
};
use kernel::{AgencyCode, ContentId, EventId, Refusal, UnixMillis};
use routing::domain::{
    dispute::{self, Order},
    fact::Fact,
    hand_over,
    matter::{Matter, OFFICE},
    objection,
    returns::{self, Arrival, Return},
};

use super::fixtures::{assignment_id, code, day, forward_to, held, law, matter_id, register};

fn objected(on: &str) -> ObjectedV1 {
    ObjectedV1 {
        answers: Answers {
            matter_id: matter_id(1),
            assignment_id: assignment_id(7),
            assignment_no: 1,
            on_behalf_paper: None,
        },
        objected_on: day(on),
        proposed_agency: Some(code("qingyan")),
        content_id: ContentId::from_parts(UnixMillis(1), 3),
        content_hash: String::new(),
    }
}

fn arrives(matter: &Matter, on: &str) -> Fact {
    let arrival = Arrival {
        id: EventId::from_parts(UnixMillis(1), 1),
        agency: matter.assignments.last().expect("one").agency.clone(),
        on: day(on),
    };
    returns::decide(matter, &Return::Objected(objected(on)), &arrival, &law()).expect("law")
}

/// Delivered on a Tuesday: T04 ends on the Tuesday after.
fn delivered() -> Matter {
    let mut matter = held(S::Sent);
    let fact = returns::delivered(&matter, &matter.assignments[0], day("2026-08-04"), &law());
    matter.apply(&fact.expect("law").expect("delivered"));
    matter
}

fn contested(on: &str) -> Matter {
    let mut matter = delivered();
    let fact = arrives(&matter, on);
    matter.apply(&fact);
    matter
}

fn command(reason: &str) -> RuleOnObjection {
    RuleOnObjection {
        matter_id: matter_id(1),
        expected_version: 0,
        assignment_id: assignment_id(7),
        reason: reason.to_owned(),
        note: Some(" 经核实 ".to_owned()),
    }
}

fn rule(matter: &mut Matter, upheld: bool) -> Ruling {
    let reason = if upheld { "not_competent" } else { "within_duties" };
    let decided = objection::rule(matter, &command(reason), upheld, true, day("2026-08-07")).expect("ruled");
    assert_eq!(decided.note.as_deref(), Some("经核实"));
    matter.apply(&decided.fact);
    decided.dispatch.ruling
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> (String, Option<String>) {
    let refusal = outcome.expect_err("refused");
    (refusal.code.into_owned(), refusal.article.map(|a| a.into_owned()))
}

#[test]
fn an_objection_within_five_working_days_waits_for_a_ruling_and_t03_goes_on() {
    let matter = contested("2026-08-11");
    assert_eq!((matter.state, matter.bounces), (M::Objected, 1));
    let assignment = &matter.assignments[0];
    assert_eq!((assignment.state, assignment.is_active()), (S::Objected, true));
    assert!(!assignment.objections[0].late);
    assert_eq!(assignment.dues, delivered().assignments[0].dues, "no limit moved");
    assert!(matter.claims.iter().all(|c| c.holder == "renshe"), "until the ruling the agency holds them");
}

#[test]
fn an_objection_after_five_working_days_is_recorded_as_late() {
    assert!(contested("2026-08-12").assignments[0].objections[0].late);
}

#[test]
fn a_late_objection_is_upheld_with_consent_alone_and_rejected_by_anybody() {
    let late = contested("2026-08-12");
    let uphold =
        |consents| objection::rule(&late, &command("not_competent"), true, consents, day("2026-08-13"));
    assert_eq!(refused(uphold(false)), ("late_objection".to_owned(), Some("Art. 23".to_owned())));
    assert!(uphold(true).is_ok());
    assert!(objection::rule(&late, &command("within_duties"), false, false, day("2026-08-13")).is_ok());
}

#[test]
fn a_ruling_needs_an_open_objection_a_reason_of_its_own_and_short_words() {
    let matter = contested("2026-08-05");
    let on = day("2026-08-07");
    let wrong = |reason: &str, upheld| objection::rule(&matter, &command(reason), upheld, true, on);
    assert_eq!(refused(wrong("within_duties", true)).0, "ruling_reason_owed");
    assert_eq!(refused(wrong("not_competent", false)).0, "ruling_reason_owed");
    let long = RuleOnObjection { note: Some("长".repeat(201)), ..command("other") };
    assert_eq!(refused(objection::rule(&matter, &long, true, true, on)).0, "office_note_too_long");
    let none = objection::rule(&delivered(), &command("other"), true, true, on);
    assert_eq!(refused(none).0, "no_open_objection");
}

#[test]
fn an_upheld_objection_gives_the_claims_back_and_the_unit_is_not_asked_again_without_a_reason() {
    let mut matter = contested("2026-08-05");
    assert_eq!(rule(&mut matter, true), Ruling::Upheld);
    assert_eq!((matter.state, matter.assignments[0].state), (M::Returned, S::Returned));
    assert!(matter.active().is_none() && matter.claims.iter().all(|c| c.holder == OFFICE));
    let to = |wish: &HandOver| hand_over::order(&matter, wish, &register(), day("2026-08-10"));
    assert!(to(&forward_to("qingyan")).is_ok());
    assert_eq!(
        refused(to(&forward_to("renshe"))),
        ("unit_refused_before".to_owned(), Some("Art. 23".to_owned()))
    );
    let again = HandOver { override_reason: Some("职责划入".to_owned()), ..forward_to("renshe") };
    let order = to(&again).expect("with a reason");
    let done = order.numbered(&matter, assignment_id(9), "信转〔2026〕9号".to_owned(), "");
    assert_eq!((done.assignment.no, done.assignment.override_reason.as_deref()), (2, Some("职责划入")));
}

#[test]
fn a_rejected_objection_goes_back_to_where_it_stood_and_starts_nothing_anew() {
    let before = delivered();
    let mut matter = contested("2026-08-05");
    assert_eq!(rule(&mut matter, false), Ruling::Rejected);
    assert_eq!((matter.state, matter.assignments[0].state), (M::Forwarded, S::Delivered));
    assert_eq!(matter.assignments[0].dues, before.assignments[0].dues);
    assert!(matter.claims.iter().all(|c| c.holder == "renshe"));
}

fn order(register: &routing::domain::agency::Register) -> Order<'_> {
    Order { register, route: &[calendar::DisputeStep::Superior, calendar::DisputeStep::Conference] }
}

#[test]
fn the_same_unit_objecting_again_after_a_rejection_is_a_dispute() {
    let mut matter = contested("2026-08-05");
    let register = register();
    let at = |m: &Matter| dispute::after_objection(m, assignment_id(7), order(&register), day("2026-08-10"));
    assert!(at(&matter).is_none(), "the first objection is none");
    rule(&mut matter, false);
    let fact = arrives(&matter, "2026-08-10");
    matter.apply(&fact);
    let (raised, ruling) = at(&matter).expect("a dispute");
    assert_eq!(ruling.ruling, Ruling::Disputed);
    matter.apply(&raised);
    let found = matter.dispute.as_ref().expect("kept");
    // With the unit that it names: both lie under the city government.
    assert_eq!(found.deciders, Decider::Superior(code("shifu")));
    assert_eq!(found.agencies, [code("renshe")]);
    assert_eq!((matter.state, matter.assignments[0].state), (M::Disputed, S::Returned));
    assert!(matter.claims.iter().all(|c| c.holder == OFFICE));
}

#[test]
fn an_objection_upheld_for_a_second_unit_is_a_dispute_and_the_first_is_none() {
    let mut matter = contested("2026-08-05");
    let register = register();
    let raise =
        |m: &Matter| dispute::after_upholding(m, assignment_id(7), order(&register), day("2026-08-18"));
    rule(&mut matter, true);
    assert!(raise(&matter).is_none());
    matter.bounces = 2;
    assert!(raise(&matter).is_some());
}

#[test]
fn the_decider_is_the_common_superior_and_without_one_the_conference() {
    let register = register();
    let decider = |units: &[&str], route: &[calendar::DisputeStep]| {
        let units: Vec<AgencyCode> = units.iter().map(|u| code(u)).collect();
        dispute::decider(&units, Order { register: &register, route })
    };
    let both = [calendar::DisputeStep::Superior, calendar::DisputeStep::Conference];
    assert_eq!(decider(&["renshe", "huaiqiao"], &both), Decider::Superior(code("shifu")));
    assert_eq!(decider(&["renshe", "jiwei"], &both), Decider::Conference);
    assert_eq!(decider(&["renshe", "qingyan"], &both[1..]), Decider::Conference);
}

fn disputed(deciders: Decider) -> Matter {
    let mut matter = contested("2026-08-05");
    rule(&mut matter, true);
    matter.state = M::Disputed;
    matter.dispute =
        Some(dispute::Dispute { agencies: vec![code("renshe")], raised_on: day("2026-08-18"), deciders });
    matter
}

fn decision(by: &str) -> DecideCompetence {
    DecideCompetence {
        matter_id: matter_id(1),
        expected_version: 0,
        lead: code("renshe"),
        due_on: day("2026-10-08"),
        by: by.to_owned(),
        document_number: "云政办函〔2026〕3号".to_owned(),
        dissent: true,
        co: Vec::new(),
    }
}

#[test]
fn competence_is_decided_by_the_one_who_may_and_binds_even_the_unit_that_refused() {
    let matter = disputed(Decider::Superior(code("shifu")));
    let on = day("2026-08-20");
    for by in ["superior:qingyan", "resolution:r1", "shifu", ""] {
        assert_eq!(refused(dispute::decide(&matter, &decision(by), on)).0, "not_the_decider", "{by}");
    }
    let unnumbered = DecideCompetence { document_number: " ".to_owned(), ..decision("superior:shifu") };
    assert_eq!(refused(dispute::decide(&matter, &unnumbered, on)).0, "decision_number_owed");
    let decided = dispute::decide(&matter, &decision("superior:shifu"), on).expect("decided");
    let mut after = matter.clone();
    after.apply(&decided.fact);
    let order = hand_over::order(&after, &decided.hand_over, &register(), on).expect("handed over");
    let done = order.numbered(&after, assignment_id(9), "信交〔2026〕1号".to_owned(), "");
    assert!(done.dispatch.binding && done.assignment.binding);
    assert_eq!(done.dispatch.legal_ground, "Art. 24");
    after.apply(&done.fact);
    assert_eq!(after.state, M::Assigned);
    // Nobody decides what is not in dispute; and what is, is not simply forwarded.
    assert_eq!(refused(dispute::decide(&after, &decision("superior:shifu"), on)).0, "wrong_state");
    assert_eq!(refused(hand_over::order(&matter, &forward_to("qingyan"), &register(), on)).0, "wrong_state");
}

#[test]
fn the_conference_decides_by_a_resolution() {
    let matter = disputed(Decider::Conference);
    let on = day("2026-08-20");
    for by in ["superior:shifu", "resolution:", "resolution:第一号", "resolution:a b"] {
        assert_eq!(refused(dispute::decide(&matter, &decision(by), on)).0, "not_the_decider", "{by}");
    }
    assert!(dispute::decide(&matter, &decision("resolution:rs_2026-17"), on).is_ok());
}

/// Accepted on 4 August: T06 ends nominally on 3 October, legally on the 8th.
fn in_handling() -> Matter {
    let mut matter = delivered();
    matter.assignments[0].state = S::Accepted;
    matter.state = M::Handling;
    matter.assignments[0].dues.push(law().due(calendar::RuleId::T06, day("2026-08-04")).expect("T06"));
    matter
}

fn extended(matter: &Matter, days: u32, granted_on: &str, approved: bool) -> Fact {
    let answers = objected("2026-08-04").answers;
    let content_id = ContentId::from_parts(UnixMillis(1), 4);
    let granted_on = day(granted_on);
    let granted = ExtendedV1 { answers, days, granted_on, approved, content_id, content_hash: String::new() };
    let arrival =
        Arrival { id: EventId::from_parts(UnixMillis(1), 2), agency: code("renshe"), on: day("2026-12-01") };
    returns::decide(matter, &Return::Extended(granted), &arrival, &law()).expect("law")
}

#[test]
fn an_extension_moves_t06_once_and_what_does_not_fit_is_set_aside_with_its_reason() {
    let mut matter = in_handling();
    let fact = extended(&matter, 30, "2026-10-08", true);
    let Fact::Extended(granted) = &fact else { panic!("{fact:?}") };
    assert_eq!((granted.due.nominal_on, granted.due.extended_days), (day("2026-11-02"), 30));
    for (given, days, on, approved, why) in [
        (in_handling(), 31, "2026-09-01", true, "extension_too_long"),
        (in_handling(), 30, "2026-10-09", true, "extension_too_late"),
        (in_handling(), 30, "2026-09-01", false, "extension_not_approved"),
        (delivered(), 30, "2026-09-01", true, "wrong_state"),
    ] {
        let Fact::SetAside(aside) = extended(&given, days, on, approved) else { panic!("{why}") };
        assert_eq!(aside.why, why);
    }
    matter.apply(&fact);
    assert_eq!((matter.state, matter.assignments[0].state), (M::Extended, S::Accepted));
    let Fact::SetAside(second) = extended(&matter, 5, "2026-10-08", true) else { panic!("twice") };
    assert_eq!(second.why, "second_extension");
}

#[test]
fn what_was_decided_is_not_objected_to_and_a_stale_objection_changes_nothing() {
    let mut binding = delivered();
    binding.assignments[0].binding = true;
    let mut accepted = delivered();
    accepted.assignments[0].state = S::Accepted;
    let mut later = delivered();
    later.assignments[0].no = 2;
    for (given, why) in [
        (binding, "competence_decided"),
        (accepted, "wrong_state"),
        (contested("2026-08-05"), "wrong_state"),
        (later, "stale_assignment"),
    ] {
        let Fact::SetAside(set_aside) = arrives(&given, "2026-08-06") else { panic!("{why}") };
        assert_eq!(set_aside.why, why);
        let mut after = given.clone();
        after.apply(&Fact::SetAside(set_aside));
        after.version = given.version;
        assert_eq!(after, given);
    }
}

#[test]
fn t03_that_passes_before_the_ruling_is_deemed_acceptance() {
    let mut matter = contested("2026-08-10");
    let fact = returns::deemed(&matter, assignment_id(7), &law()).expect("law").expect("deemed");
    matter.apply(&fact);
    assert_eq!(
        (matter.state, matter.assignments[0].state),
        (M::Objected, S::Objected),
        "still to be ruled on"
    );
    assert_eq!(matter.assignments[0].deemed_on(), Some(day("2026-08-19")), "T03 never stopped");
}
