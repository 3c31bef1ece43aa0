//! Registration at the counter and by the public, and the public look-up.

use super::{
    frames::{OFFICE, codes, command, due, office, portal},
    matters::{RENSHE, agencies},
};
use crate::views::{
    form::{Choice, Field},
    portal::{LookupPage, LookupResultPage, Milestone, NextStep},
    register::{
        FormProblem, KeptFile, PetitionerFields, PortalRegisterPage, RegisterForm, RegisterPage,
        RegisteredPage,
    },
    reveal::Read,
};

const PURPOSES: [&str; 6] = ["claim", "appeal", "suggestion", "accusation", "inquiry", "other"];

fn person(name: &str, id_number: Field) -> PetitionerFields {
    PetitionerFields {
        name: Field::of(name),
        id_kinds: codes(&["citizen_id", "uscc", "other"], "citizen_id"),
        id_number,
        telephone: Field::of("138 0000 0017"),
        address: Field::of("云岭县城关镇和平路18号"),
        email: Field::default(),
    }
}

fn form(href: &str) -> RegisterForm {
    RegisterForm {
        command: command(href),
        rows_href: format!("{href}/rows"),
        channels: codes(&["letter", "visit", "web", "phone", "hotline", "fax"], "visit"),
        received_on: Field::of("2026-08-12"),
        purposes: codes(&PURPOSES, "claim"),
        regions: vec![
            Choice::named("990101", "云岭县城关镇", true),
            Choice::named("990102", "云岭县清水镇", false),
        ],
        claims: vec![Field::default()],
        accused: agencies(""),
        petitioner_kinds: codes(&["citizen", "legal_person", "other_org"], "citizen"),
        petitioner: PetitionerFields {
            id_kinds: codes(&["citizen_id", "uscc", "other"], ""),
            ..PetitionerFields::default()
        },
        heads: Field::of("1"),
        file_limit_bytes: 20_000_000,
        file_limit_count: 20,
        ..RegisterForm::default()
    }
}

/// As it comes back after a mistake: everything typed is there.
pub(super) fn register_again() -> RegisterPage {
    let problem = |id: &str, text: &str| FormProblem { field_id: id.into(), text: text.into() };
    let doubtful = Field::of("990000199001010018").doubtful("校验位不符，请核对证件；确实无误可以确认后登记");
    RegisterPage {
        chrome: office("register"),
        form: RegisterForm {
            problems: vec![
                problem("title", "标题：请用一句话写明何地何事"),
                problem("co-1-id_number", "联名人1的证件号码：出生日期不存在"),
            ],
            has_warnings: true,
            title: Field::default().wrong("请用一句话写明何地何事"),
            text: Field::of(
                "2026年5月至7月，我们二十三人在城东安置房三标段做木工和钢筋工，工资至今一分未发。",
            ),
            claims: vec![
                Field::of("责令总包单位垫付拖欠的工资"),
                Field::of("查处分包单位未签劳动合同的行为"),
            ],
            petitioner: person("石大柱", doubtful),
            co_petitioners: vec![person("江小满", Field::of("990000198502300025").wrong("出生日期不存在"))],
            heads: Field::of("23"),
            withhold_identity: true,
            kept_files: vec![KeptFile { token: "at_1".into(), name: "考勤表.jpg".into(), size: 482_113 }],
            files_problem: Some("工资表.exe：不接受此类文件".into()),
            ..form("/register")
        },
    }
}

pub(super) fn register() -> RegisterPage {
    RegisterPage { chrome: office("register"), form: form("/register") }
}

pub(super) fn portal_register() -> PortalRegisterPage {
    PortalRegisterPage { chrome: portal("portal_register"), form: form("/portal/register") }
}

pub(super) fn registered() -> RegisteredPage {
    RegisteredPage {
        chrome: office("register"),
        number: "990100-2026-0812-0031".into(),
        query_code: "7K3M-9QXT-4E2P".into(),
        registered_at: "2026-08-12T10:16:02+08:00".into(),
        office: OFFICE.into(),
        due: Some(due("T01", "2026-08-12", "2026-08-27", 15)),
        receipt_href: "/print/receipt/xf_1".into(),
        lookup_href: "/portal".into(),
        matter_href: Some("/matters/xf_1".into()),
        again_href: "/register".into(),
    }
}

pub(super) fn lookup() -> LookupPage {
    LookupPage {
        chrome: portal("portal_lookup"),
        command: crate::views::form::CommandForm {
            problem: Some("没有查到：请核对编号和查询码。".into()),
            ..command("/portal/lookup")
        },
        number: Field::of("990100-2026-0812-0031"),
        query_code: Field::default(),
        register_href: "/portal/register".into(),
        login_href: "/login".into(),
    }
}

pub(super) fn lookup_result() -> LookupResultPage {
    let milestone = |code: &str, on: &str, unit: &str, number: Option<&str>| Milestone {
        code: code.into(),
        on: on.into(),
        unit: unit.into(),
        document_number: number.map(Into::into),
        notice: None,
    };
    LookupResultPage {
        chrome: portal("portal_lookup"),
        number: "990100-2026-0803-0017".into(),
        state: "handling".into(),
        holder: Some(RENSHE.into()),
        milestones: vec![
            milestone("registered", "2026-08-03", OFFICE, None),
            milestone("forwarded", "2026-08-04", OFFICE, None),
            milestone("delivered", "2026-08-04", RENSHE, None),
            milestone("accepted", "2026-08-06", RENSHE, Some("云人社信告〔2026〕9号")),
        ],
        next: Some(NextStep {
            code: "answer".into(),
            unit: RENSHE.into(),
            due: Some(due("T06", "2026-08-06", "2026-10-05", 54)),
        }),
        reads: vec![
            Read {
                unit: OFFICE.into(),
                what: "text".into(),
                purpose: "screening".into(),
                at: "2026-08-03T09:58:00+08:00".into(),
            },
            Read {
                unit: RENSHE.into(),
                what: "contact".into(),
                purpose: "contacting".into(),
                at: "2026-08-05T08:40:00+08:00".into(),
            },
        ],
        back_href: "/portal".into(),
    }
}
