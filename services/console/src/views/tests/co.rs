//! The pages of lead and co-handling.

use super::{
    frames::{OFFICE, codes, command, due, office},
    matters::{RENSHE, agencies, head},
};
use crate::views::{
    co::{AddForm, CoFields, CoLine, CoPage, PartLine, PartOutcome, ReleaseForm},
    form::{Choice, Field},
    print::{CoLetter, CoPartPaper, LetterClaim, PaperAnswer, PaperHead},
    steps::{ClaimAnswer, PartForm, StepForm},
};

const ZHUJIAN: &str = "云岭县住房和城乡建设局";

pub(super) fn line(no: u32) -> CoLine {
    CoLine {
        no,
        agencies: agencies("zhujian"),
        agency_problem: (no == 2).then(|| "主办单位不能同时为协办单位".into()),
        due_on: Field::of("2026-08-20"),
        claims: vec![Choice::named("1", "1", false), Choice::named("2", "2", true)],
        claims_problem: None,
        tasks: codes(&["facts", "opinion", "records", "measures"], "facts"),
        with_identity: false,
        identity_possible: no == 1,
    }
}

pub(super) fn fields() -> CoFields {
    CoFields { lines: vec![line(1), line(2)], open: true }
}

pub(super) fn parts(released: bool) -> Vec<PartLine> {
    let part = |agency: &str, state: &str| PartLine {
        agency: agency.into(),
        no: 2,
        due_on: "2026-08-20".into(),
        state: state.into(),
        claims: vec![2],
        task: Some("facts".into()),
        ..PartLine::default()
    };
    let release = ReleaseForm {
        command: command("/matters/xf_01k1/co/as_2/release"),
        reasons: codes(&["not_needed", "not_competent", "overdue", "other"], ""),
    };
    vec![
        PartLine {
            on: Some("2026-08-18".into()),
            outcomes: vec![PartOutcome { no: 2, outcome: "supported".into() }],
            href: Some("/tasks/as_1/print/part-2".into()),
            ..part(ZHUJIAN, "answered")
        },
        PartLine {
            late: true, release: released.then_some(release), ..part("云岭县水利局", "awaited")
        },
        PartLine {
            on: Some("2026-08-10".into()),
            released: Some("objection_upheld".into()),
            ..part("云岭县自然资源局", "released")
        },
    ]
}

pub(super) fn page() -> CoPage {
    CoPage {
        chrome: office("board"),
        back_href: "/matters/xf_01k1".into(),
        matter: head(),
        lead: RENSHE.into(),
        parts: parts(true),
        release_problem: Some("请选择解除协办的原因".into()),
        add: Some(AddForm {
            command: command("/matters/xf_01k1/co"),
            line: line(1),
            override_reason: Field::default(),
        }),
    }
}

/// The form of a part, as the head or as a handler has it.
pub(super) fn part_form(may_send: bool) -> StepForm {
    StepForm::AnswerCo(Box::new(PartForm {
        command: command("/tasks/as_2/answer_co"),
        answers: vec![ClaimAnswer {
            no: 2,
            outcomes: codes(&["supported", "reasonable_no_basis", "not_supported"], "supported"),
            opinion: Field::of("经查，施工许可手续齐全。"),
            ..ClaimAnswer::default()
        }],
        open_href: Some("/tasks/as_2/open/text".into()),
        facts: Field::of("2026年5月……"),
        basis: Field::of("《建筑法》第七条"),
        signer: Field::of("副局长 林则安"),
        may_send,
        draft_href: Some("/tasks/as_2/draft_part".into()),
    }))
}

fn paper(number: &str) -> PaperHead {
    PaperHead {
        back_href: "/matters/xf_01k1".into(),
        issuer: OFFICE.into(),
        document_number: Some(number.into()),
        matter_number: "990100-2026-0803-0017".into(),
        dated_on: "2026-08-04".into(),
        template_version: "1".into(),
        ..PaperHead::default()
    }
}

pub(super) fn letter() -> CoLetter {
    CoLetter {
        paper: paper("信协〔2026〕3号"),
        addressee: ZHUJIAN.into(),
        lead: RENSHE.into(),
        legal_ground: "《信访工作条例》第二十四条".into(),
        received_on: "2026-08-03".into(),
        category: "劳动和社会保障".into(),
        summary: "城东安置房项目拖欠工资".into(),
        claims: vec![LetterClaim { no: 2, text: None }],
        task: Some("facts".into()),
        objection_due: due("T04", "2026-08-04", "2026-08-11", -1),
        limit_on: "2026-08-20".into(),
    }
}

pub(super) fn part() -> CoPartPaper {
    CoPartPaper {
        paper: paper("云住建信协复〔2026〕1号"),
        addressee: RENSHE.into(),
        letter_number: "信协〔2026〕3号".into(),
        facts: "2026年5月……".into(),
        basis: "《建筑法》第七条".into(),
        answers: vec![PaperAnswer {
            no: 2,
            text: None,
            outcome: "supported".into(),
            opinion: "经查，施工许可手续齐全。".into(),
        }],
        signer: "副局长 林则安".into(),
    }
}
