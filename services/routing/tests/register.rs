//! The register of agencies: given, when, then (Art. 24).

use contracts::{
    codes::{AgencyEndKind, AssignmentState, Level},
    routing::{
        Ending, Succession,
        register::{AddAgency, AgencyEntry, ChangeAgency, Competence, EndAgency},
    },
};
use kernel::{AgencyCode, Refusal};
use routing::domain::{
    agency::{Agency, Register},
    catalogue::Catalogue,
    register::{Desk, add, change, end},
    succession::{About, take_back},
};

use super::fixtures::{agencies, agency, catalogue, code, day, held, register, screened};

const TODAY: &str = "2026-08-03";

pub fn entry(name: &str) -> AgencyEntry {
    AgencyEntry {
        name_zh: name.to_owned(),
        name_en: String::new(),
        level: Level::City,
        region: "990100".parse().expect("region"),
        superior: Some(code("shifu")),
        line: "government".to_owned(),
        doc_prefix: "云数".to_owned(),
        review_unit: "云岭市人民政府".to_owned(),
        computer: true,
        valid_from: day(TODAY),
        competence: vec![Competence {
            region: "990100".parse().expect("region"),
            categories: vec!["labour".to_owned()],
        }],
        telephone: "0990-8800123".to_owned(),
        email: String::new(),
    }
}

pub fn adding(name: &str) -> AddAgency {
    AddAgency { agency: code(name), site: "hosted".to_owned(), entry: entry("云岭市数据局") }
}

pub fn share(name: &str, categories: &[&str]) -> Succession {
    Succession {
        agency: code(name),
        categories: categories.iter().map(|c| (*c).to_owned()).collect(),
        regions: Vec::new(),
    }
}

pub fn ending(kind: AgencyEndKind, last_on: &str, successors: Vec<Succession>) -> Ending {
    Ending { kind, last_on: day(last_on), successors, ground: "云编〔2026〕12号".to_owned() }
}

fn desk<'a>(register: &'a Register, catalogue: &'a Catalogue) -> Desk<'a> {
    Desk { register, catalogue, today: day(TODAY) }
}

fn said<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> (String, Option<String>) {
    let refusal = outcome.expect_err("refused");
    (refusal.code.into_owned(), refusal.field)
}

#[test]
fn an_agency_is_entered_as_it_was_said_and_an_english_name_may_be_missing() {
    let (register, catalogue) = (register(), catalogue());
    let entered = add(desk(&register, &catalogue), &adding("shuju")).expect("entered");
    assert_eq!((entered.code.as_str(), entered.site.as_str()), ("shuju", "hosted"));
    assert_eq!(entered.name_en, "云岭市数据局");
    assert!(entered.exists_on(day(TODAY)) && entered.ending.is_none());
}

#[test]
fn what_does_not_fit_is_refused_at_its_field() {
    let (register, catalogue) = (register(), catalogue());
    let refused = |change: &dyn Fn(&mut AddAgency)| {
        let mut command = adding("shuju");
        change(&mut command);
        said(add(desk(&register, &catalogue), &command))
    };
    let at = |code: &str, field: &str| (code.to_owned(), Some(field.to_owned()));
    assert_eq!(refused(&|c| c.agency = code("renshe")), at("agency_code_taken", "agency"));
    assert_eq!(
        refused(&|c| c.agency = code("jiuju")),
        at("agency_code_taken", "agency"),
        "ended: never again"
    );
    assert_eq!(refused(&|c| c.site = "cloud".to_owned()), at("agency_site", "site"));
    assert_eq!(refused(&|c| c.entry.name_zh = " ".to_owned()), at("agency_words", "entry.name_zh"));
    assert_eq!(refused(&|c| c.entry.email = "desk".to_owned()), at("agency_mail", "entry.email"));
    assert_eq!(
        refused(&|c| c.entry.superior = Some(code("nobody"))),
        at("agency_superior", "entry.superior")
    );
    assert_eq!(refused(&|c| c.entry.superior = Some(code("jiuju"))), at("agency_superior", "entry.superior"));
    assert_eq!(refused(&|c| c.entry.valid_from = day("2028-01-01")), at("agency_day", "entry.valid_from"));
    let unknown = |c: &mut AddAgency| c.entry.competence[0].categories = vec!["moon".to_owned()];
    assert_eq!(refused(&unknown), at("unknown_category", "entry.competence[0].categories"));
}

#[test]
fn a_change_keeps_site_and_end_and_neither_makes_a_circle_nor_moves_a_day_that_has_come() {
    let (register, catalogue) = (register(), catalogue());
    let old = agency("shifu", None, "990100", &[]);
    let mut command =
        ChangeAgency { agency: code("shifu"), expected_version: 1, entry: entry("云岭市政府") };
    command.entry.valid_from = old.valid_from;
    command.entry.superior = Some(code("huaiqiao"));
    let circle = said(change(desk(&register, &catalogue), &old, &command));
    assert_eq!(circle.0, "agency_superior");
    command.entry.superior = None;
    let changed = change(desk(&register, &catalogue), &old, &command).expect("changed");
    assert_eq!((changed.name_zh.as_str(), changed.site.as_str()), ("云岭市政府", "hosted"));
    command.entry.valid_from = day("2026-08-01");
    assert_eq!(said(change(desk(&register, &catalogue), &old, &command)).0, "agency_day");
    let over = agencies().pop().expect("jiuju");
    assert_eq!(said(change(desk(&register, &catalogue), &over, &command)).0, "agency_over");
}

#[test]
fn an_end_names_successors_as_its_kind_asks() {
    let (register, catalogue) = (register(), catalogue());
    let renshe = agency("renshe", Some("shifu"), "990100", &["labour"]);
    let ended = |ending: Ending| {
        let command = EndAgency { agency: code("renshe"), expected_version: 1, ending };
        end(desk(&register, &catalogue), &renshe, &command)
    };
    use AgencyEndKind::{Abolished, Merged, Split};
    let last = "2026-08-31";
    let fine =
        ended(ending(Split, last, vec![share("shifu", &["labour.wages"]), share("jiwei", &["labour"])]));
    assert_eq!(fine.expect("split").valid_to, Some(day(last)));
    assert!(ended(ending(Abolished, last, vec![])).is_ok(), "who follows is named by the committee");
    for (wrong, expected) in [
        (ending(Merged, last, vec![]), "successors_owed"),
        (ending(Merged, last, vec![share("shifu", &[]), share("jiwei", &[])]), "successors_owed"),
        (ending(Split, last, vec![share("shifu", &["labour"])]), "successors_owed"),
        (ending(Split, last, vec![share("shifu", &["labour"]), share("jiwei", &[])]), "successors_owed"),
        (ending(Merged, last, vec![share("renshe", &[])]), "successor_unfit"),
        (ending(Merged, last, vec![share("jiuju", &[])]), "successor_unfit"),
        (ending(Merged, last, vec![share("nobody", &[])]), "successor_unfit"),
        (ending(Merged, "2028-08-31", vec![share("shifu", &[])]), "agency_day"),
        (Ending { ground: String::new(), ..ending(Merged, last, vec![share("shifu", &[])]) }, "agency_words"),
    ] {
        assert_eq!(said(ended(wrong.clone())).0, expected, "{wrong:?}");
    }
    let shifu = agency("shifu", None, "990100", &[]);
    let command =
        EndAgency { agency: code("shifu"), expected_version: 1, ending: ending(Abolished, last, vec![]) };
    assert_eq!(said(end(desk(&register, &catalogue), &shifu, &command)).0, "agency_has_units");
}

/// renshe was split; one of its heirs was merged on into shuju.
fn split() -> Register {
    let with = |mut agency: Agency, ending: Ending| {
        agency.valid_to = Some(ending.last_on);
        agency.ending = Some(ending);
        agency
    };
    let gone = ending(
        AgencyEndKind::Split,
        "2026-07-31",
        vec![share("laodong", &["labour"]), share("yibao", &["health"])],
    );
    let again = ending(AgencyEndKind::Merged, "2026-08-31", vec![share("shuju", &[])]);
    let list = agencies().into_iter().filter(|a| a.code.as_str() != "renshe");
    Register::new(list.chain([
        with(agency("renshe", Some("shifu"), "990100", &["labour"]), gone),
        with(agency("laodong", Some("shifu"), "990100", &["labour"]), again),
        agency("yibao", Some("shifu"), "990100", &["health"]),
        agency("shuju", Some("shifu"), "990100", &["labour"]),
    ]))
}

#[test]
fn the_successor_of_the_function_is_found_by_category_and_through_generations() {
    let register = split();
    let heirs = |category: Option<&str>, on: &str| -> Vec<AgencyCode> {
        register.heirs_for(&code("renshe"), About { category, place: None }, day(on))
    };
    assert_eq!(heirs(Some("labour.wages"), TODAY), [code("laodong")]);
    assert_eq!(heirs(Some("labour.wages"), "2026-09-01"), [code("shuju")]);
    assert_eq!(heirs(Some("health"), TODAY), [code("yibao")]);
    assert_eq!(heirs(None, TODAY), [code("laodong"), code("yibao")], "not screened: a person chooses");
    assert_eq!(heirs(Some("rural"), TODAY), [] as [AgencyCode; 0], "whom the committee names");
    let refusal = register.open_on(&code("renshe"), day(TODAY)).expect_err("ended");
    assert_eq!(refusal.code, "agency_ended");
    assert!(refusal.text(false).contains("laodong、yibao"), "{}", refusal.text(false));
    assert!(register.open_on(&code("renshe"), day("2026-07-31")).is_ok(), "its last day is its own");
}

#[test]
fn an_agency_exists_from_its_first_day_only() {
    let mut new = agency("xinju", None, "990100", &["labour"]);
    new.valid_from = day("2026-09-01");
    let register = Register::new([new]);
    assert_eq!(said(register.open_on(&code("xinju"), day("2026-08-31"))).0, "agency_not_yet");
    assert!(register.open_on(&code("xinju"), day("2026-09-01")).is_ok());
}

#[test]
fn a_case_is_taken_back_from_who_ends_also_after_acceptance_but_an_opinion_stands() {
    let ended = split();
    for state in [AssignmentState::Sent, AssignmentState::Signed, AssignmentState::Accepted] {
        let (_, recall) = take_back(&held(state), &ended, day(TODAY)).expect("taken back");
        assert_eq!((recall.agency.as_str(), recall.reason.as_str()), ("renshe", "agency_ended"));
    }
    for state in [AssignmentState::OpinionIssued, AssignmentState::Served] {
        assert_eq!(said(take_back(&held(state), &ended, day(TODAY))).0, "opinion_stands");
    }
    let goes_on = register();
    assert_eq!(said(take_back(&held(AssignmentState::Sent), &goes_on, day(TODAY))).0, "agency_goes_on");
    assert_eq!(said(take_back(&screened(), &ended, day(TODAY))).0, "wrong_state");
}
