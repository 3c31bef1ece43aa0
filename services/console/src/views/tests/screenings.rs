//! Screening, recall, and the restricted queue.

use super::{
    co,
    frames::{codes, command, due, office},
    matters::{self, RENSHE, agencies, categories, claims, closed_panel, head},
};
use crate::views::{
    chrome::Link,
    contest::{CompetencePage, ObjectionPage, RulingForm},
    form::{Choice, Field},
    like::{Compared, LikePage, LikeView, Passage},
    matter::{LinkRepeatForm, MatterHead},
    restricted::{RestrictedPage, RestrictedRow},
    screening::{
        NameAccusedForm, Proposal, ProposalReason, ProposedCode, RecallPage, ScreeningForm, ScreeningPage,
    },
};

pub(super) fn screening() -> ScreeningPage {
    let reason = |rule: &str, detail: &str| ProposalReason { rule: rule.into(), detail: detail.into() };
    let proposed = |name: &str, confidence, reasons| ProposedCode {
        name: name.into(),
        confidence,
        reasons,
        terms: vec!["血汗钱".into(), "打欠条".into()],
        earlier: vec![Link { href: "/matters/3".into(), text: "XF990100-260720-0003".into() }],
    };
    let mut matter = head();
    matter.state = "registered".into();
    matter.holder = None;
    let mut choices = agencies("renshe");
    choices[1].barred = Some("曾撤回：单位不对".into());
    ScreeningPage {
        chrome: office("board"),
        back_href: "/matters/xf_01k1".into(),
        matter,
        claims: claims(),
        due: Some(due("T01", "2026-08-03", "2026-08-18", 6)),
        content: Some(closed_panel("text")),
        proposal: Proposal {
            categories: vec![proposed(
                "劳动和社会保障 / 劳动报酬",
                92,
                vec![reason("keyword", "拖欠工资"), reason("purpose", "求决"), reason("learned", "3")],
            )],
            agencies: vec![
                proposed(
                    RENSHE,
                    88,
                    vec![
                        reason("category_line", "劳动报酬"),
                        reason("region", "云岭县"),
                        reason("level", "县级"),
                    ],
                ),
                proposed(
                    "云岭县住房和城乡建设局",
                    41,
                    vec![reason("outside", "云岭县"), reason("off_line", "劳动报酬")],
                ),
            ],
            repeat_of: Some(Link { href: "/matters/2".into(), text: "990100-2026-0611-0002".into() }),
        },
        form: ScreeningForm {
            command: command("/matters/xf_01k1/screen"),
            seen_category: "labour.wages".into(),
            seen_agency: "renshe".into(),
            categories: categories("劳动和社会保障 / 劳动报酬"),
            category_problem: None,
            purposes: codes(&["suggestion", "accusation", "appeal", "claim", "inquiry", "other"], "claim"),
            routes: codes(&["R1", "R2", "R3", "R4", "R5", "R6"], ""),
            route_problem: Some("申诉、求决类须选择办理途径".into()),
            levels: codes(&["city", "county", "township"], "county"),
            modes: codes(&["forward", "assign", "later"], "assign"),
            agencies: choices,
            agency_problem: None,
            limit_on: Field::of("2026-08-10").wrong("须晚于今天"),
            override_reason: Some(Field::of("职责已由该单位承接")),
            co: co::fields(),
        },
        name_accused: None,
    }
}

pub(super) fn like() -> LikePage {
    let compared = |what: &str, here: &str, there: &str, same| Compared {
        what: what.into(),
        here: here.into(),
        there: there.into(),
        same,
    };
    let pair = |person: &str, open: bool| LikeView {
        number: "990100-2026-0611-0002".into(),
        href: "/matters/2".into(),
        likeness: 93,
        person: person.into(),
        open,
        compared: vec![
            compared("place", "云岭县", "云岭县", true),
            compared("agency", "", RENSHE, false),
            compared("day", "2026-08-03", "2026-06-11", true),
        ],
        passages: vec![Passage {
            here: "東風路的路燈，壞了三個月".into(),
            there: "东风路的路灯坏了三个月".into(),
        }],
        link: open.then(|| LinkRepeatForm {
            form: command("/matters/xf_01k1/link-repeat"),
            earlier_number: Field::of("990100-2026-0611-0002"),
            reason: Field::default(),
        }),
    };
    let pairs = vec![pair("same", true), pair("different", true), pair("unknown", false)];
    LikePage { chrome: office("board"), back_href: "/matters/xf_01k1".into(), matter: head(), pairs }
}

pub(super) fn like_none() -> LikePage {
    LikePage { pairs: Vec::new(), ..like() }
}

pub(super) fn restricted_screening() -> ScreeningPage {
    let mut page = screening();
    page.chrome = office("restricted");
    page.matter.confidential = true;
    page.matter.purpose = "accusation".into();
    page.matter.summary = "检举控告件".into();
    page.proposal = Proposal::default();
    page.claims.clear();
    page.form.agencies[2].barred = Some("被检举控告单位".into());
    page.name_accused =
        Some(NameAccusedForm { command: command("/matters/xf_01k1/accused"), agencies: agencies("ziran") });
    page
}

pub(super) fn recall() -> RecallPage {
    RecallPage {
        chrome: office("board"),
        back_href: "/matters/xf_01k1".into(),
        matter: MatterHead { state: "forwarded".into(), ..head() },
        agency: RENSHE.into(),
        document_number: "云联信转〔2026〕17号".into(),
        sent_on: "2026-08-04".into(),
        signed: false,
        command: command("/matters/xf_01k1/recall"),
        reasons: codes(&["wrong_agency", "wrong_category", "duplicate", "other"], ""),
        reason_problem: Some("请选择撤回原因".into()),
    }
}

pub(super) fn objection() -> ObjectionPage {
    let form = |which: &str, reasons: &[&str]| RulingForm {
        command: command(&format!("/matters/xf_01k1/objection/{which}")),
        reasons: codes(reasons, "other"),
        reason_problem: None,
        note: Field::of("三定方案已写明"),
    };
    ObjectionPage {
        chrome: office("board"),
        back_href: "/matters/xf_01k1".into(),
        matter: head(),
        agency: "云岭县人力资源和社会保障局".into(),
        document_number: "云联信转〔2026〕17号".into(),
        objections: vec![matters::objection(true), matters::objection(false)],
        letter_href: "/matters/xf_01k1/print/ct_1".into(),
        due: Some(due("T03", "2026-08-04", "2026-08-19", 7)),
        bounces: 1,
        uphold_barred: None,
        uphold: form("uphold", &["not_competent", "other"]),
        reject: form("reject", &["within_duties", "other"]),
    }
}

pub(super) fn competence() -> CompetencePage {
    CompetencePage {
        chrome: office("board"),
        back_href: "/matters/xf_01k1".into(),
        matter: head(),
        refused: vec!["云岭县人力资源和社会保障局".into(), "云岭县住房和城乡建设局".into()],
        raised_on: "2026-08-18".into(),
        superior: None,
        command: command("/matters/xf_01k1/competence"),
        leads: vec![Choice::named("renshe", "云岭县人力资源和社会保障局", true)],
        lead_problem: None,
        due_on: Field::of("2026-10-08"),
        resolution: Some(Field::of("rs-17")),
        document_number: Field::default().wrong("请填写文号"),
        dissent: true,
        co: co::fields(),
    }
}

pub(super) fn restricted() -> RestrictedPage {
    RestrictedPage {
        chrome: office("restricted"),
        rows: vec![RestrictedRow {
            href: "/restricted/xf_01k1".into(),
            matter_id: "xf_01k1s2v8c0q4w6e8r0t2y4u6p8".into(),
            received_on: "2026-08-03".into(),
            state: "registered".into(),
            due: Some(due("T01", "2026-08-03", "2026-08-18", 6)),
        }],
        next_href: None,
    }
}
