//! 主办与协办 (Art. 24), pure: one lead, co-agencies by earlier days, the gate, releases and objections.

use calendar::RuleId;
use contracts::{
    agency::{Answers, ClaimOutcome, CoAnsweredV1, CompletedV1, OpinionIssuedV1},
    codes::{AssignmentRole, AssignmentState as S, CloseCode, CoReleaseReason, CoTask, MatterState, Outcome},
    routing::commands::{AddCo, CoHandler, HandOver, ReleaseCo},
};
use kernel::{ContentId, EventId, OpinionId, Refusal, UnixMillis};
use routing::domain::{
    agency::Register,
    co::{self, Desk, Planned},
    fact::Fact,
    matter::Matter,
    objection, parts,
    returns::{self, Arrival, Return},
};

use super::fixtures::{assignment_id, code, day, forward_to, held, law, matter_id, register, screened};

const TODAY: &str = "2026-08-04";

fn asked(agency: &str, due_on: &str, claims: &[i64]) -> CoHandler {
    CoHandler {
        agency: code(agency),
        due_on: day(due_on),
        claims: claims.to_vec(),
        task: Some(CoTask::Facts),
        with_identity: false,
    }
}

fn wish(co: Vec<CoHandler>) -> HandOver {
    HandOver { co, ..forward_to("renshe") }
}

fn with_desk<T>(run: impl FnOnce(Desk<'_>) -> T) -> T {
    let (register, law) = (register(), law());
    run(Desk { register: &register, law: &law, today: day(TODAY) })
}

fn plan(matter: &Matter, wish: &HandOver) -> Result<Vec<Planned>, Refusal> {
    with_desk(|desk| {
        let lead = co::lead_of(matter, wish, 1, false, desk)?;
        co::plan(matter, wish, &lead, desk)
    })
}

fn code_of<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> String {
    refused.expect_err("refused").code.into_owned()
}

/// `renshe` leads and handles; `qingyan` is asked about claim 2, `jiwei` about all.
fn helped() -> Matter {
    let mut matter = held(S::Accepted);
    matter.state = MatterState::Handling;
    let co = vec![asked("qingyan", "2026-08-20", &[2]), asked("jiwei", "2026-08-25", &[])];
    let planned = plan(&screened(), &wish(co)).expect("allowed");
    for (n, one) in planned.into_iter().enumerate() {
        let id = assignment_id(20 + u128::try_from(n).expect("few"));
        let done = one.numbered(&matter, (id, format!("信协〔2026〕{}号", n + 1)), "市联席办", day(TODAY));
        matter.apply(&done.fact);
        matter.assignments.push(done.assignment);
    }
    matter
}

fn answers(n: u128, no: i64) -> Answers {
    Answers {
        matter_id: matter_id(1),
        assignment_id: assignment_id(n),
        assignment_no: no,
        on_behalf_paper: None,
    }
}

fn outcomes(claims: &[i64]) -> Vec<ClaimOutcome> {
    claims.iter().map(|no| ClaimOutcome { claim_no: *no, outcome: Outcome::Supported }).collect()
}

fn part(n: u128, no: i64, claims: &[i64]) -> Return {
    Return::CoAnswered(CoAnsweredV1 {
        answers: answers(n, no),
        answered_on: day("2026-08-18"),
        claims: outcomes(claims),
        content_id: ContentId::from_parts(UnixMillis(9), n),
        content_hash: "ab".repeat(32),
    })
}

fn opinion(known: &[i64]) -> Return {
    Return::Issued(OpinionIssuedV1 {
        answers: answers(7, 1),
        opinion_id: OpinionId::from_parts(UnixMillis(5), 6),
        issued_on: day("2026-08-26"),
        claims: outcomes(&[1, 2]),
        content_id: ContentId::from_parts(UnixMillis(9), 7),
        content_hash: String::new(),
        co_known: known.to_vec(),
    })
}

fn decide(given: &Matter, answer: &Return, from: &str) -> Fact {
    let arrival =
        Arrival { id: EventId::from_parts(UnixMillis(5), 1), agency: code(from), on: day("2026-08-26") };
    returns::decide(given, answer, &arrival, &law()).expect("limits")
}

fn why(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::SetAside(f) => Some(&f.why),
        _ => None,
    }
}

#[test]
fn each_co_agency_has_a_number_a_letter_and_an_earlier_day_of_its_own() {
    let matter = helped();
    let numbers: Vec<(i64, &str)> = matter.assignments.iter().map(|a| (a.no, a.agency.as_str())).collect();
    assert_eq!(numbers, [(1, "renshe"), (2, "qingyan"), (3, "jiwei")]);
    let roles: Vec<_> = matter.assignments.iter().map(|a| a.role).collect();
    assert_eq!(roles, [AssignmentRole::Lead, AssignmentRole::Co, AssignmentRole::Co]);
    assert_eq!(matter.active().map(|a| a.no), Some(1), "one active lead");
    assert!(matter.claims.iter().all(|c| c.holder == "renshe"), "the lead holds every claim");
    let claims = |no: i64| {
        matter.assignments.iter().find(|a| a.no == no).and_then(|a| a.share.clone()).map(|s| s.claims)
    };
    assert_eq!(claims(2), Some(vec![2]));
    assert_eq!(claims(3), Some(vec![1, 2]), "none named means all");
    let planned = plan(&screened(), &wish(vec![asked("qingyan", "2026-08-20", &[2])])).expect("allowed");
    let asked = planned[0].asked();
    assert_eq!((asked.assignment_no, asked.due_on), (2, day("2026-08-20")));
    let one = planned.into_iter().next().expect("one");
    let letter =
        one.numbered(&screened(), (assignment_id(9), "信协〔2026〕1号".to_owned()), "市联席办", day(TODAY));
    assert_eq!(letter.dispatch.role, AssignmentRole::Co);
    assert_eq!(letter.dispatch.lead, Some(code("renshe")));
    assert!(!letter.dispatch.identity_travels, "the contact does not go to a co-agency");
    assert_eq!(letter.dispatch.legal_ground, "Art. 24");
}

#[test]
fn a_hand_over_with_co_agencies_that_do_not_fit_is_refused() {
    let given = screened();
    let refused = |co: Vec<CoHandler>| code_of(plan(&given, &wish(co)));
    assert_eq!(refused(vec![asked("renshe", "2026-08-20", &[])]), "co_is_lead");
    assert_eq!(refused(vec![asked("nobody", "2026-08-20", &[])]), "unknown_agency");
    assert_eq!(refused(vec![asked("jiuju", "2026-08-20", &[])]), "agency_ended");
    let twice = vec![asked("jiwei", "2026-08-20", &[]), asked("jiwei", "2026-08-21", &[])];
    assert_eq!(refused(twice), "co_twice");
    assert_eq!(refused(vec![asked("jiwei", TODAY, &[])]), "co_due_out_of_range");
    // Sixty days from today are the earliest end that T06 can have: 2026-10-03.
    assert_eq!(refused(vec![asked("jiwei", "2026-10-03", &[])]), "co_due_out_of_range");
    assert!(plan(&given, &wish(vec![asked("jiwei", "2026-10-02", &[])])).is_ok());
    assert_eq!(refused(vec![asked("jiwei", "2026-08-20", &[3])]), "co_claim_unknown");
    assert_eq!(refused(vec![asked("jiwei", "2026-08-20", &[1, 1])]), "co_claim_unknown");
    let many = vec![asked("jiwei", "2026-08-20", &[]); co::CO_AT_MOST + 1];
    assert_eq!(refused(many), "co_too_many");
    let mut under = wish(vec![asked("jiwei", "2026-08-20", &[])]);
    (under.mode, under.limit_on) = (contracts::codes::AssignmentMode::Assign, Some(day("2026-08-20")));
    let refusal = plan(&given, &under).expect_err("not before the lead's own limit");
    assert_eq!(refusal.code, "co_due_out_of_range");
    assert!(refusal.text(false).contains("2026-08-19"), "{}", refusal.text(false));
}

#[test]
fn the_accused_unit_and_those_under_it_never_help() {
    let mut given = screened();
    given.restricted = true;
    given.accused = vec![code("qingyan")];
    for unit in ["qingyan", "huaiqiao"] {
        let refused = plan(&given, &wish(vec![asked(unit, "2026-08-20", &[])])).expect_err("guarded");
        assert_eq!((refused.code.as_ref(), refused.article.as_deref()), ("accused_unit", Some("Art. 30")));
        let mut held = helped();
        held.accused = vec![code("qingyan")];
        held.assignments.truncate(1);
        let command = add(unit);
        assert_eq!(code_of(with_desk(|desk| co::add(&held, &command, desk))), "accused_unit");
    }
    let mut open = wish(vec![CoHandler { with_identity: true, ..asked("jiwei", "2026-08-20", &[]) }]);
    open.agency = code("shifu");
    let planned = plan(&given, &open).expect("another unit helps");
    let one = planned.into_iter().next().expect("one");
    let letter = one.numbered(&given, (assignment_id(9), String::new()), "", day(TODAY));
    assert!(letter.dispatch.restricted && !letter.dispatch.identity_travels, "Art. 30");
}

fn add(agency: &str) -> AddCo {
    AddCo {
        matter_id: matter_id(1),
        expected_version: 0,
        co: asked(agency, "2026-08-20", &[]),
        override_reason: None,
    }
}

#[test]
fn one_more_is_asked_while_the_lead_has_not_answered() {
    let given = helped();
    let added = with_desk(|desk| co::add(&given, &add("shifu"), desk)).expect("added");
    assert_eq!(added.asked().assignment_no, 4);
    assert_eq!(code_of(with_desk(|desk| co::add(&given, &add("jiwei"), desk))), "co_twice");
    assert_eq!(code_of(with_desk(|desk| co::add(&given, &add("renshe"), desk))), "co_is_lead");
    for state in [S::OpinionIssued, S::Served, S::Closed] {
        let mut later = given.clone();
        later.assignments[0].state = state;
        assert_eq!(code_of(with_desk(|desk| co::add(&later, &add("shifu"), desk))), "wrong_state");
    }
}

#[test]
fn delivery_starts_t04_and_the_internal_limit_alone() {
    let given = helped();
    let decided = returns::delivered(&given, &given.assignments[1], day(TODAY), &law()).expect("limits");
    let Some(Fact::Delivered(fact)) = decided else { panic!("not delivered") };
    let dues: Vec<_> = fact.dues.iter().map(|d| (d.rule, d.nominal_on)).collect();
    assert_eq!(dues, [(RuleId::T04, day("2026-08-11")), (RuleId::T05, day("2026-08-20"))]);
    assert_eq!(fact.role, AssignmentRole::Co);
}

#[test]
fn a_receipt_after_the_steps_starts_the_limits_and_names_what_was_met() {
    let mut given = held(S::Signed);
    given.assignments[0].days.insert("signed".to_owned(), day("2026-08-05"));
    let late = returns::delivered(&given, &given.assignments[0], day("2026-08-09"), &law()).expect("limits");
    let Some(Fact::Delivered(fact)) = late else { panic!("a late receipt starts T03") };
    assert_eq!(fact.delivered_on, day("2026-08-05"), "it was there when it was signed for");
    assert_eq!(fact.dues.iter().map(|d| d.rule).collect::<Vec<_>>(), [RuleId::T03, RuleId::T04]);
    assert!(fact.met.is_empty());
    given.apply(&Fact::Delivered(fact));
    assert_eq!(given.assignments[0].state, S::Signed, "the state does not go back");
    assert_eq!(returns::delivered(&given, &given.assignments[0], day("2026-08-09"), &law()), Ok(None));

    let mut accepted = held(S::Accepted);
    accepted.assignments[0].days.insert("accepted".to_owned(), day("2026-08-06"));
    let late = returns::delivered(&accepted, &accepted.assignments[0], day("2026-08-09"), &law());
    let Ok(Some(Fact::Delivered(fact))) = late else { panic!("a late receipt") };
    assert_eq!(fact.met, [(RuleId::T03, day("2026-08-06")), (RuleId::T04, day("2026-08-06"))]);
}

#[test]
fn the_lead_answers_with_all_parts_and_not_before() {
    let mut matter = helped();
    assert_eq!(why(&decide(&matter, &opinion(&[2, 3]), "renshe")), Some("co_part_missing"));
    assert_eq!(
        why(&decide(&matter, &opinion(&[]), "renshe")),
        Some("co_part_missing"),
        "known by the letter"
    );
    for (n, no, from, claims) in [(20, 2, "qingyan", &[2][..]), (21, 3, "jiwei", &[1, 2][..])] {
        let fact = decide(&matter, &part(n, no, claims), from);
        let Fact::CoAnswered(told) = &fact else { panic!("{fact:?}") };
        let passed = parts::passed_on(told);
        assert_eq!((passed.agency, passed.co, passed.co_no), (code("renshe"), code(from), no));
        matter.apply(&fact);
    }
    assert_eq!(matter.state, MatterState::Handling, "a part leaves the matter with its lead");
    assert!(matter.assignments[1..].iter().all(|a| a.state == S::Answered && !a.is_active()));
    let fact = decide(&matter, &opinion(&[2, 3]), "renshe");
    assert_eq!(why(&fact), None);
    assert!(parts::release_all(&matter, 1, CoReleaseReason::OpinionSigned, day("2026-08-26")).is_empty());
}

#[test]
fn a_reply_without_an_opinion_waits_for_the_parts_too() {
    let mut matter = helped();
    matter.assignments[0].days.insert("accepted".to_owned(), day("2026-08-06"));
    let complete = |close_code| {
        Return::Completed(CompletedV1 {
            answers: answers(7, 1),
            close_code,
            completed_on: day("2026-08-26"),
            report_content_id: None,
            report_hash: None,
        })
    };
    assert_eq!(why(&decide(&matter, &complete(CloseCode::Replied), "renshe")), Some("co_part_missing"));
    // What leaves for another procedure or organ needs no part.
    assert_eq!(why(&decide(&matter, &complete(CloseCode::Transferred), "renshe")), None);
    let ended = parts::release_all(&matter, 1, CoReleaseReason::MatterClosed, day("2026-08-26"));
    assert_eq!(ended.len(), 2, "the end of the matter ends what is still asked");
}

#[test]
fn a_signed_opinion_stands_over_a_co_agency_that_its_lead_had_not_heard_of() {
    let mut matter = helped();
    matter.apply(&decide(&matter.clone(), &part(20, 2, &[2]), "qingyan"));
    matter.apply(&decide(&matter.clone(), &part(21, 3, &[1, 2]), "jiwei"));
    let added = with_desk(|desk| co::add(&matter, &add("shifu"), desk)).expect("added");
    let done = added.numbered(&matter, (assignment_id(30), "信协〔2026〕9号".to_owned()), "", day(TODAY));
    matter.apply(&done.fact);
    matter.assignments.push(done.assignment);
    assert_eq!(why(&decide(&matter, &opinion(&[2, 3, 4]), "renshe")), Some("co_part_missing"), "it knew");
    assert_eq!(why(&decide(&matter, &opinion(&[2, 3]), "renshe")), None, "it could not know");
    let ended = parts::release_all(&matter, 1, CoReleaseReason::OpinionSigned, day("2026-08-26"));
    assert_eq!(ended.iter().map(|r| r.recall.agency.clone()).collect::<Vec<_>>(), [code("shifu")]);
    assert!(ended[0].told.is_some(), "the lead's list says so");
}

#[test]
fn a_part_answers_its_own_claims_by_its_own_agency_under_its_own_number() {
    let matter = helped();
    assert_eq!(why(&decide(&matter, &part(20, 2, &[1, 2]), "qingyan")), Some("claims_not_answered"));
    assert_eq!(why(&decide(&matter, &part(20, 2, &[2]), "jiwei")), Some("not_its_assignment"));
    assert_eq!(why(&decide(&matter, &part(20, 1, &[2]), "qingyan")), Some("stale_assignment"));
    assert_eq!(why(&decide(&matter, &part(7, 1, &[1, 2]), "renshe")), Some("not_of_its_role"));
    let mut foreign = opinion(&[]);
    if let Return::Issued(issued) = &mut foreign {
        issued.answers = answers(20, 2);
    }
    assert_eq!(
        why(&decide(&matter, &foreign, "qingyan")),
        Some("not_of_its_role"),
        "a co-agency issues none"
    );
    let mut twice = matter.clone();
    twice.apply(&decide(&matter, &part(20, 2, &[2]), "qingyan"));
    assert_eq!(why(&decide(&twice, &part(20, 2, &[2]), "qingyan")), Some("stale_assignment"));
}

#[test]
fn an_objection_of_a_co_agency_is_its_own_affair() {
    let mut matter = helped();
    matter.assignments[1].state = S::Delivered;
    let object = Return::Objected(contracts::agency::ObjectedV1 {
        answers: answers(20, 2),
        objected_on: day("2026-08-07"),
        proposed_agency: None,
        content_id: ContentId::from_parts(UnixMillis(9), 8),
        content_hash: String::new(),
    });
    matter.apply(&decide(&matter.clone(), &object, "qingyan"));
    assert_eq!((matter.state, matter.bounces), (MatterState::Handling, 0));
    assert!(!parts::are_here(&matter, &matter.assignments[0], &[2, 3]), "still owed until it is ruled on");
    let rule = contracts::routing::commands::RuleOnObjection {
        matter_id: matter_id(1),
        expected_version: matter.version,
        assignment_id: assignment_id(20),
        reason: "not_competent".to_owned(),
        note: None,
    };
    let decided = objection::rule(&matter, &rule, true, false, day("2026-08-08")).expect("ruled");
    matter.apply(&decided.fact);
    assert_eq!(matter.assignments[1].state, S::Returned);
    assert_eq!((matter.state, matter.active().map(|a| a.no)), (MatterState::Handling, Some(1)));
    assert!(matter.claims.iter().all(|c| c.holder == "renshe"));
    let register: Register = register();
    let order = routing::domain::dispute::Order { register: &register, route: &[] };
    matter.bounces = 2;
    let raised =
        routing::domain::dispute::after_upholding(&matter, assignment_id(20), order, day("2026-08-08"));
    assert_eq!(raised, None, "no dispute from a co-agency");
    let again = with_desk(|desk| co::add(&matter, &add("qingyan"), desk));
    assert_eq!(code_of(again), "unit_refused_before");
}

#[test]
fn a_person_releases_with_a_reason_and_the_end_of_the_lead_releases_all() {
    let matter = helped();
    let command = |n: u128, reason| ReleaseCo {
        matter_id: matter_id(1),
        expected_version: 0,
        assignment_id: assignment_id(n),
        reason,
    };
    let on = day("2026-08-21");
    let refused = parts::release(&matter, &command(20, CoReleaseReason::MatterClosed), on);
    assert_eq!(code_of(refused), "co_reason_owed");
    let refused = parts::release(&matter, &command(7, CoReleaseReason::Overdue), on);
    assert_eq!(code_of(refused), "no_such_assignment", "the lead is recalled, not released");
    let released = parts::release(&matter, &command(20, CoReleaseReason::Overdue), on).expect("released");
    let told = released.told.expect("the lead hears");
    assert_eq!((told.agency, told.released), (code("renshe"), Some(CoReleaseReason::Overdue)));
    let mut after = matter;
    after.apply(&released.fact);
    assert_eq!(after.assignments[1].state, S::Recalled);
    assert_eq!(after.assignments[1].share.as_ref().and_then(|s| s.released), Some(CoReleaseReason::Overdue));
    let refused = parts::release(&after, &command(20, CoReleaseReason::Overdue), on);
    assert_eq!(code_of(refused), "no_such_assignment");
    let ended = parts::release_all(&after, 1, CoReleaseReason::LeadEnded, on);
    assert_eq!(ended.len(), 1);
    assert!(ended[0].told.is_none(), "a lead whose task ends has no use for the news");
    assert!(
        parts::release_all(&after, 2, CoReleaseReason::LeadEnded, on).is_empty(),
        "those of this lead alone"
    );
}
