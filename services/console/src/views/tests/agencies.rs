//! The register of agencies, as its keeper and as the desk sees it.

use super::frames::office;
use crate::views::{
    agencies::{
        AgenciesPage, AgencyPage, AgencyRow, CaseForm, CaseRow, CasesPage, EndForm, EndingView, EntryForm,
        NewAgencyPage,
    },
    form::{Choice, CommandForm, Field},
};

fn row(code: &str, name: &str, life: &str) -> AgencyRow {
    AgencyRow {
        href: format!("/agency/{code}"),
        code: code.into(),
        name: name.into(),
        level: "city".into(),
        region: "云岭市".into(),
        site: "hosted".into(),
        life: life.into(),
        valid_from: "2024-01-01".into(),
        valid_to: (life == "ended").then(|| "2026-07-31".into()),
        successors: if life == "ended" { vec!["云岭市劳动局".into()] } else { Vec::new() },
    }
}

pub(super) fn list() -> AgenciesPage {
    AgenciesPage {
        chrome: office("agencies"),
        may_keep: true,
        may_route: true,
        rows: vec![row("laodong", "云岭市劳动局", "now"), row("renshe", "云岭市人社局", "ended")],
        next_href: Some("/agencies?after=renshe".into()),
    }
}

fn command() -> CommandForm {
    CommandForm { href: "/agency/renshe/change".into(), key: "k".into(), version: "3".into(), problem: None }
}

fn form(code: Option<Field>) -> EntryForm {
    EntryForm {
        command: command(),
        code,
        sites: vec![Choice::code("hosted", true), Choice::code("own", false)],
        name_zh: Field::of("云岭市人社局"),
        levels: vec![Choice::code("city", true)],
        regions: vec![Choice::named("990100", "云岭市", true)],
        superiors: vec![Choice::named("shifu", "云岭市政府", true)],
        superior_problem: Some("不能作为上级单位".into()),
        computer: true,
        competence: Field::of("990100: labour").wrong("目录中没有"),
        ..EntryForm::default()
    }
}

pub(super) fn one() -> AgencyPage {
    AgencyPage {
        chrome: office("agencies"),
        agency: row("renshe", "云岭市人社局", "ending"),
        facts: vec![("agency-doc-prefix".into(), "云人社".into())],
        ending: Some(EndingView {
            kind: "split".into(),
            last_on: "2026-08-31".into(),
            ground: "云编〔2026〕12号".into(),
            shares: vec!["云岭市劳动局（劳动）".into()],
        }),
        form: Some(form(None)),
        change_open: true,
        end: Some(EndForm {
            command: command(),
            kinds: ["abolished", "merged", "split"].map(|k| Choice::code(k, k == "split")).into(),
            last_on: Field::of("2026-08-31"),
            ground: Field::of("云编〔2026〕12号"),
            successors: Field::of("laodong: labour").wrong("须写明"),
        }),
        end_open: true,
    }
}

pub(super) fn new() -> NewAgencyPage {
    NewAgencyPage { chrome: office("agencies"), form: form(Some(Field::of("shuju"))) }
}

pub(super) fn cases() -> CasesPage {
    let case = |part: bool| CaseRow {
        id: "xf_1".into(),
        href: "/matters/xf_1".into(),
        number: "XF990100-260803-0001".into(),
        agency: "云岭市人社局".into(),
        last_on: "2026-07-31".into(),
        ended: true,
        state: "signed".into(),
        successors: if part { Vec::new() } else { vec!["云岭市劳动局".into()] },
        form: (!part).then(|| CaseForm {
            command: command(),
            agencies: vec![Choice::named("laodong", "云岭市劳动局", true)],
            agency_problem: Some("已撤并".into()),
            limit_on: Field::default(),
        }),
        co_href: part.then(|| "/matters/xf_1/co".into()),
    };
    CasesPage { chrome: office("agencies"), rows: vec![case(false), case(true)], next_href: None }
}
