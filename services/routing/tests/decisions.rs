//! Given a matter, when a command or a return comes, then a fact or a refusal.

use calendar::RuleId;
use contracts::{
    agency::{
        AcceptanceNotifiedV1, Answers, ClaimOutcome, CompletedV1, OpinionIssuedV1, OpinionServedV1, SignedV1,
    },
    codes::{AssignmentMode, AssignmentState as S, CloseCode, MatterState, Outcome, Purpose, ServiceWay},
    routing::{Proposal, ProposalUse, commands::Recall},
};
use kernel::{ContentId, EventId, OpinionId, UnixMillis};
use routing::domain::{
    fact::Fact,
    hand_over,
    matter::{Matter, OFFICE},
    returns::{self, Arrival, Return},
    screen,
};

use super::fixtures::{
    agency, assignment_id, catalogue, code, day, forward_to, held, law, matter, matter_id, register,
    screen_command, screened,
};

fn refusal_code<T>(result: Result<T, kernel::Refusal>) -> String {
    result.err().map(|r| r.code.into_owned()).expect("refused")
}

#[test]
fn a_screening_takes_or_overrules_the_proposal() {
    let proposal = |code: &str| Proposal { code: code.to_owned(), confidence: 90, reasons: Vec::new() };
    for (proposed, used) in [
        (vec![], ProposalUse::None),
        (vec![proposal("labour.wages")], ProposalUse::Taken),
        (vec![proposal("urban.noise")], ProposalUse::Overruled),
    ] {
        let given = Matter { categories: proposed, ..matter() };
        let Ok(Fact::Screened(fact)) = screen::screen(&given, &screen_command(0), &catalogue()) else {
            panic!("not screened")
        };
        assert_eq!(fact.proposal, used);
    }
}

#[test]
fn a_screening_without_what_its_class_owes_is_refused() {
    let command = screen_command(0);
    let mut no_category = command.clone();
    no_category.category = None;
    let mut unknown = command.clone();
    unknown.category = Some("no.such".to_owned());
    let mut no_route = command.clone();
    no_route.route = None;
    let mut route_of_a_suggestion = command;
    route_of_a_suggestion.purpose = Purpose::Suggestion;
    for (wrong, expected) in [
        (no_category, "category_owed"),
        (unknown, "unknown_category"),
        (no_route, "route_owed"),
        (route_of_a_suggestion, "route_without_claim"),
    ] {
        assert_eq!(refusal_code(screen::screen(&matter(), &wrong, &catalogue())), expected);
    }
}

#[test]
fn an_accusation_stays_restricted_and_has_no_category() {
    let restricted = Matter { restricted: true, purpose: Purpose::Accusation, ..matter() };
    assert_eq!(
        refusal_code(screen::screen(&restricted, &screen_command(0), &catalogue())),
        "stays_restricted"
    );
    let mut accusation = screen_command(0);
    accusation.purpose = Purpose::Accusation;
    accusation.route = None;
    let Ok(Fact::Screened(fact)) = screen::screen(&matter(), &accusation, &catalogue()) else { panic!() };
    assert!(fact.restricted && fact.category.is_none());
}

#[test]
fn a_matter_that_was_handed_over_is_not_screened_again() {
    let refusal = screen::screen(&held(S::Sent), &screen_command(0), &catalogue()).expect_err("refused");
    assert_eq!((refusal.code.as_ref(), refusal.state.as_deref()), ("wrong_state", Some("forwarded")));
    assert_eq!(refusal.article.as_deref(), Some("Art. 22"));
}

#[test]
fn a_forwarding_gets_its_number_ground_and_dispatch_without_content() {
    let given = screened();
    let order =
        hand_over::order(&given, &forward_to("renshe"), &register(), day("2026-08-04")).expect("allowed");
    assert_eq!(order.series(), "信转");
    let done = order.numbered(&given, assignment_id(9), "信转〔2026〕3号".to_owned(), "市联席办");
    assert_eq!(done.dispatch.legal_ground, "Art. 22(1)");
    assert_eq!(done.dispatch.claims, [1, 2]);
    assert!(done.dispatch.identity_travels);
    let mut after = given;
    after.apply(&done.fact);
    assert_eq!(after.state, MatterState::Forwarded);
    assert!(after.claims.iter().all(|c| c.holder == "renshe"), "each claim names its holder");
}

#[test]
fn a_lower_agency_is_reached_by_its_own_ground() {
    let order = hand_over::order(&screened(), &forward_to("qingyan"), &register(), day("2026-08-04"))
        .expect("allowed");
    let done = order.numbered(&screened(), assignment_id(9), String::new(), "");
    assert_eq!(done.dispatch.legal_ground, "Art. 22(2)");
}

#[test]
fn an_identity_travels_only_when_nothing_forbids_it() {
    let mut withheld = screened();
    withheld.summary.identity_withheld = true;
    let mut anonymous = screened();
    anonymous.summary.anonymous = true;
    let restricted = Matter { restricted: true, purpose: Purpose::Accusation, route: None, ..screened() };
    for given in [withheld, anonymous, restricted] {
        let order =
            hand_over::order(&given, &forward_to("jiwei"), &register(), day("2026-08-04")).expect("allowed");
        assert!(!order.numbered(&given, assignment_id(9), String::new(), "").dispatch.identity_travels);
    }
}

#[test]
fn a_hand_over_that_does_not_fit_is_refused() {
    let today = day("2026-08-04");
    let assign = |limit| hand_over_to("renshe", AssignmentMode::Assign, limit);
    for (wish, expected) in [
        (forward_to("nobody"), "unknown_agency"),
        (forward_to("jiuju"), "agency_ended"),
        (assign(None), "limit_owed"),
        (assign(Some(today)), "limit_out_of_range"),
        (assign(Some(day("2028-01-01"))), "limit_out_of_range"),
        (
            hand_over_to("renshe", AssignmentMode::Forward, Some(day("2026-09-01"))),
            "limit_without_assignment",
        ),
    ] {
        assert_eq!(
            refusal_code(hand_over::order(&screened(), &wish, &register(), today)),
            expected,
            "{wish:?}"
        );
    }
    assert_eq!(
        refusal_code(hand_over::order(&matter(), &forward_to("renshe"), &register(), today)),
        "wrong_state"
    );
    assert_eq!(
        refusal_code(hand_over::order(&held(S::Sent), &forward_to("jiwei"), &register(), today)),
        "wrong_state"
    );
}

fn hand_over_to(
    agency: &str,
    mode: AssignmentMode,
    limit_on: Option<chrono::NaiveDate>,
) -> contracts::routing::commands::HandOver {
    contracts::routing::commands::HandOver {
        agency: code(agency),
        mode,
        limit_on,
        override_reason: None,
        co: Vec::new(),
    }
}

#[test]
fn an_accusation_never_reaches_the_accused_unit_nor_one_under_it() {
    let given = Matter { restricted: true, accused: vec![code("qingyan")], route: None, ..screened() };
    for unit in ["qingyan", "huaiqiao"] {
        let refused = hand_over::order(&given, &forward_to(unit), &register(), day("2026-08-04"));
        assert_eq!(refusal_code(refused), "accused_unit");
    }
    assert!(hand_over::order(&given, &forward_to("jiwei"), &register(), day("2026-08-04")).is_ok());
    let unknown = Matter { facts_known: false, ..given };
    let refused = hand_over::order(&unknown, &forward_to("jiwei"), &register(), day("2026-08-04"));
    assert_eq!(refusal_code(refused), "accused_not_known_yet");
}

#[test]
fn a_recall_gives_the_claims_back_until_the_agency_accepted() {
    let command = |reason: &str| Recall {
        matter_id: matter_id(1),
        expected_version: 0,
        assignment_id: assignment_id(7),
        reason: reason.to_owned(),
    };
    for state in [S::Sent, S::Delivered, S::Signed] {
        let mut given = held(state);
        let (fact, _) =
            hand_over::recall(&given, &command("wrong_agency"), day("2026-08-05")).expect("recalled");
        given.apply(&fact);
        assert_eq!(given.state, MatterState::Screened);
        assert!(given.claims.iter().all(|c| c.holder == OFFICE));
        assert!(given.active().is_none());
    }
    for state in [S::Accepted, S::OpinionIssued, S::Served] {
        let refused = hand_over::recall(&held(state), &command("wrong_agency"), day("2026-08-05"));
        assert_eq!(refusal_code(refused), "already_accepted");
    }
    assert_eq!(
        refusal_code(hand_over::recall(&held(S::Sent), &command("because"), day("2026-08-05"))),
        "unknown_reason"
    );
}

#[test]
fn delivery_starts_the_fifteen_days_and_the_five_working_days() {
    let given = held(S::Sent);
    let decided =
        returns::delivered(&given, &given.assignments[0], day("2026-08-04"), &law()).expect("limits");
    let Some(Fact::Delivered(fact)) = decided else { panic!("not delivered") };
    let dues: Vec<(String, String)> =
        fact.dues.iter().map(|d| (d.rule.to_string(), d.legal_on.to_string())).collect();
    assert_eq!(dues, [("T03".into(), "2026-08-19".into()), ("T04".into(), "2026-08-11".into())]);
    let mut again = held(S::Delivered);
    again.assignments[0].days.insert("delivered".to_owned(), day("2026-08-04"));
    assert_eq!(returns::delivered(&again, &again.assignments[0], day("2026-08-05"), &law()), Ok(None));
}

#[test]
fn under_an_assignment_the_named_limit_runs_too() {
    let mut given = held(S::Sent);
    given.assignments[0].mode = AssignmentMode::Assign;
    given.assignments[0].limit_on = Some(day("2026-09-04"));
    let decided =
        returns::delivered(&given, &given.assignments[0], day("2026-08-04"), &law()).expect("limits");
    let Some(Fact::Delivered(fact)) = decided else { panic!("not delivered") };
    let t05 = fact.dues.iter().find(|d| d.rule.to_string() == "T05").expect("T05");
    assert_eq!(t05.nominal_on, day("2026-09-04"));
}

fn answers() -> Answers {
    Answers {
        matter_id: matter_id(1),
        assignment_id: assignment_id(7),
        assignment_no: 1,
        on_behalf_paper: None,
    }
}

fn content() -> ContentId {
    ContentId::from_parts(UnixMillis(5), 5)
}

fn accepted(on: &str) -> Return {
    Return::Accepted(AcceptanceNotifiedV1 {
        answers: answers(),
        accepted_on: day(on),
        content_id: content(),
        content_hash: String::new(),
    })
}

fn issued(claims: &[i64]) -> Return {
    let outcome = Outcome::Supported;
    Return::Issued(OpinionIssuedV1 {
        answers: answers(),
        opinion_id: OpinionId::from_parts(UnixMillis(5), 6),
        issued_on: day("2026-08-10"),
        claims: claims.iter().map(|no| ClaimOutcome { claim_no: *no, outcome }).collect(),
        content_id: content(),
        content_hash: String::new(),
        co_known: Vec::new(),
    })
}

fn served() -> Return {
    Return::Served(OpinionServedV1 {
        answers: answers(),
        opinion_id: OpinionId::from_parts(UnixMillis(5), 6),
        way: ServiceWay::Mail,
        served_on: day("2026-08-11"),
        content_id: content(),
        content_hash: String::new(),
    })
}

fn completed(close_code: CloseCode, report: bool) -> Return {
    Return::Completed(CompletedV1 {
        answers: answers(),
        close_code,
        completed_on: day("2026-08-12"),
        report_content_id: report.then(content),
        report_hash: None,
    })
}

fn decide(given: &Matter, answer: &Return, from: &str) -> Fact {
    let arrival =
        Arrival { id: EventId::from_parts(UnixMillis(5), 1), agency: code(from), on: day("2026-08-12") };
    returns::decide(given, answer, &arrival, &law()).expect("limits")
}

fn why(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::SetAside(f) => Some(&f.why),
        _ => None,
    }
}

#[test]
fn an_answer_runs_from_acceptance_to_its_closing() {
    let mut matter = held(S::Delivered);
    let steps = [
        Return::Signed(SignedV1 { answers: answers(), signed_on: day("2026-08-05") }),
        accepted("2026-08-06"),
        issued(&[1, 2]),
        served(),
        completed(CloseCode::SupportedExecuted, false),
    ];
    for step in steps {
        let fact = decide(&matter, &step, "renshe");
        assert_eq!(why(&fact), None, "{step:?}");
        matter.apply(&fact);
    }
    assert_eq!(matter.state, MatterState::Closed);
    assert_eq!(matter.claims[0].outcome, Some(Outcome::Supported));
    let rules: Vec<String> = matter.assignments[0].dues.iter().map(|d| d.rule.to_string()).collect();
    assert_eq!(rules, ["T06", "T07"]);
    assert_eq!(
        matter.assignments[0].dues[0].legal_on,
        day("2026-10-08"),
        "60 days from 08-06 end in a holiday"
    );
}

#[test]
fn stale_foreign_and_unfitting_returns_are_set_aside_and_change_nothing() {
    let recalled = {
        let mut m = held(S::Recalled);
        m.state = MatterState::Screened;
        m
    };
    let mut other_no = accepted("2026-08-06");
    if let Return::Accepted(r) = &mut other_no {
        r.answers.assignment_no = 2;
    }
    let mut unknown = accepted("2026-08-06");
    if let Return::Accepted(r) = &mut unknown {
        r.answers.assignment_id = assignment_id(99);
    }
    for (given, answer, from, expected) in [
        (recalled, accepted("2026-08-06"), "renshe", "stale_assignment"),
        (held(S::Delivered), other_no, "renshe", "stale_assignment"),
        (held(S::Delivered), unknown, "renshe", "no_such_assignment"),
        (held(S::Delivered), accepted("2026-08-06"), "jiwei", "not_its_assignment"),
        (held(S::Delivered), issued(&[1, 2]), "renshe", "wrong_state"),
        (held(S::Accepted), issued(&[1]), "renshe", "claims_not_answered"),
        (held(S::Accepted), issued(&[1, 1, 2]), "renshe", "claims_not_answered"),
        (held(S::Accepted), completed(CloseCode::SupportedExecuted, false), "renshe", "wrong_state"),
        (held(S::Closed), served(), "renshe", "stale_assignment"),
    ] {
        let fact = decide(&given, &answer, from);
        assert_eq!(why(&fact), Some(expected));
        let mut after = given.clone();
        after.apply(&fact);
        assert_eq!(Matter { version: given.version, ..after }, given);
    }
}

#[test]
fn an_assignment_owes_its_report_and_a_reply_needs_no_opinion() {
    let mut under_limit = held(S::Served);
    under_limit.assignments[0].mode = AssignmentMode::Assign;
    let without = decide(&under_limit, &completed(CloseCode::SupportedExecuted, false), "renshe");
    assert_eq!(why(&without), Some("report_owed"));
    let with = decide(&under_limit, &completed(CloseCode::SupportedExecuted, true), "renshe");
    assert_eq!(why(&with), None);
    assert_eq!(why(&decide(&held(S::Accepted), &completed(CloseCode::Replied, false), "renshe")), None);
}

#[test]
fn a_stated_day_is_clamped_to_what_the_office_saw() {
    for (stated, used) in
        [("2026-08-01", "2026-08-04"), ("2026-08-06", "2026-08-06"), ("2026-12-01", "2026-08-12")]
    {
        let Fact::Accepted(fact) = decide(&held(S::Delivered), &accepted(stated), "renshe") else { panic!() };
        assert_eq!(fact.accepted_on, day(used));
    }
}

#[test]
fn sixty_days_run_for_the_petition_procedure_alone() {
    let mut other_route = held(S::Delivered);
    other_route.route = Some(contracts::codes::Route::R4);
    let Fact::Accepted(fact) = decide(&other_route, &accepted("2026-08-06"), "renshe") else { panic!() };
    assert!(fact.dues.is_empty());
}

#[test]
fn a_register_entry_ends_with_its_last_day() {
    let mut entry = agency("renshe", None, "990100", &[]);
    entry.valid_to = Some(day("2026-08-04"));
    assert!(entry.exists_on(day("2026-08-04")) && !entry.exists_on(day("2026-08-05")));
}

#[test]
fn a_breach_of_t03_deems_acceptance_once_and_never_of_an_accusation() {
    let law = law();
    let mut matter = held(S::Delivered);
    let id = assignment_id(7);
    matter.assignments[0].dues = vec![law.due(RuleId::T03, day("2026-08-04")).expect("T03")];
    let fact = returns::deemed(&matter, id, &law).expect("dates").expect("deemed");
    let Fact::Deemed(deemed) = &fact else { panic!("{fact:?}") };
    assert_eq!(deemed.accepted_on, day("2026-08-19"), "receipt and 15 days");
    assert_eq!(deemed.dues.iter().map(|d| d.rule).collect::<Vec<_>>(), [RuleId::T06]);
    let mut restricted = matter.clone();
    restricted.restricted = true;
    assert!(returns::deemed(&restricted, id, &law).expect("dates").is_none());
    matter.apply(&fact);
    assert_eq!(matter.assignments[0].state, S::Delivered, "the notice stays owed");
    assert!(returns::deemed(&matter, id, &law).expect("dates").is_none(), "once");
    assert!(returns::deemed(&held(S::Accepted), id, &law).expect("dates").is_none());
}
