//! The agency's pages and the steps, filled in by itself or by the office.

use super::{
    co,
    frames::{OFFICE, agency, codes, command, due, office},
    matters::{claims, closed_panel, documents, head, open_panel, ruling, steps, tabs, timeline, workings},
    supervision,
};
use crate::views::{
    form::{Choice, Field},
    on_behalf::{OnBehalfPage, PaperFields},
    register::KeptFile,
    steps::{
        AcceptanceForm, ClaimAnswer, CloseForm, ExtensionForm, ObjectionForm, OpinionForm, ServiceForm,
        SignForm, StepForm,
    },
    supervision::OrderItem,
    task::{TaskHead, TaskPage, TaskRow, TasksPage},
};

pub(super) fn tasks() -> TasksPage {
    let row = |summary: &str, state: &str, rule: &str, on: &str, in_days| TaskRow {
        href: "/tasks/as_1".into(),
        number: "990100-2026-0803-0017".into(),
        summary: summary.into(),
        category: Some("劳动报酬".into()),
        mode: if rule == "T05" { "assign" } else { "forward" }.into(),
        state: state.into(),
        delivered_on: "2026-08-04".into(),
        due: Some(due(rule, "2026-08-04", on, in_days)),
        flags: vec![],
        lead: (rule == "T05").then(|| "云岭县住房和城乡建设局".into()),
    };
    TasksPage {
        chrome: agency(),
        tabs: tabs(
            &[
                ("open", Some(11)),
                ("to_sign", Some(2)),
                ("to_accept", Some(3)),
                ("to_answer", Some(5)),
                ("to_serve", Some(1)),
                ("to_close", Some(0)),
                ("done", None),
            ],
            "open",
        ),
        buckets: tabs(
            &[
                ("overdue", Some(1)),
                ("today", Some(0)),
                ("three_days", Some(2)),
                ("week", Some(3)),
                ("later", Some(5)),
            ],
            "",
        ),
        rows: vec![
            row("城东安置房项目拖欠二十三名工人三个月工资", "delivered", "T03", "2026-08-11", -1),
            row("灵活就业人员养老保险缴费年限少记四年", "signed", "T05", "2026-08-14", 2),
            row("工伤认定材料被退回，请求说明理由", "accepted", "T06", "2026-10-05", 54),
        ],
        total: 11,
        next_href: None,
    }
}

fn task(next: Option<StepForm>) -> TaskPage {
    TaskPage {
        chrome: agency(),
        back_href: "/tasks".into(),
        task: TaskHead {
            number: "990100-2026-0803-0017".into(),
            summary: "城东安置房项目拖欠二十三名工人三个月工资".into(),
            state: "accepted".into(),
            mode: "assign".into(),
            document_number: "云联信交〔2026〕5号".into(),
            legal_ground: "《信访工作条例》第二十二条第三项".into(),
            sender: OFFICE.into(),
            sent_on: "2026-08-04".into(),
            delivered_on: "2026-08-04".into(),
            limit_on: Some("2026-09-04".into()),
            contact: "联席办交办科 0990-5550100".into(),
            category: Some("劳动和社会保障 / 劳动报酬".into()),
            purpose: "claim".into(),
            route: Some("R6".into()),
            region_name: "云岭县城关镇".into(),
            people: 23,
            flags: vec!["joint".into(), "urgent".into()],
            identity_withheld: false,
            lead: None,
            co_task: None,
        },
        steps: steps(),
        parts: co::parts(false),
        draft_only: false,
        dues: vec![],
        workings: workings(),
        claims: claims(),
        content: Some(open_panel("text")),
        identity: Some(closed_panel("contact")),
        next,
        beside: vec![],
        ruling: None,
        next_barred: None,
        orders: supervision::agency_orders(),
        documents: documents(),
        timeline: timeline(),
    }
}

fn sign() -> StepForm {
    StepForm::Sign(SignForm { command: command("/tasks/as_1/sign") })
}

fn accept() -> StepForm {
    StepForm::NotifyAcceptance(Box::new(AcceptanceForm {
        command: command("/tasks/as_1/notify_acceptance"),
        accepted_on: Field::of("2026-08-12"),
        notice: Field::of("本事项按信访程序办理：调查核实后出具书面处理意见。"),
        handler: Field::of("何川"),
        telephone: Field::of("0990-5550188"),
        due_after: Some(due("T06", "2026-08-12", "2026-10-11", 60)),
    }))
}

fn object() -> StepForm {
    StepForm::Object(Box::new(ObjectionForm {
        command: command("/tasks/as_1/object"),
        objected_on: Field::of("2026-08-07"),
        reasons: Field::default().wrong("请写明理由"),
        own_duties: Field::of("《县人社局职责规定》第三条"),
        proposed: vec![Choice::named("zhujian", "云岭县住房和城乡建设局", true)],
        proposed_problem: None,
        due: Some(due("T04", "2026-08-04", "2026-08-11", 4)),
    }))
}

fn extend() -> StepForm {
    StepForm::Extend(Box::new(ExtensionForm {
        command: command("/tasks/as_1/extend"),
        days: Field::of("31").wrong("须为 1 至 30 日"),
        reason: Field::of("需委托鉴定工程量"),
        approver: Field::of("沈志强 局长"),
        due: Some(due("T06", "2026-08-06", "2026-10-05", 57)),
    }))
}

fn opinion() -> StepForm {
    let answer = |no, text: Option<&str>, outcome: &str| ClaimAnswer {
        no,
        text: text.map(Into::into),
        outcomes: codes(&["supported", "reasonable_no_basis", "not_supported"], outcome),
        outcome_problem: outcome.is_empty().then(|| "请选择处理结果".into()),
        opinion: Field::of(if outcome.is_empty() {
            ""
        } else {
            "经查属实，已责令总包单位于8月31日前垫付。"
        }),
    };
    StepForm::IssueOpinion(Box::new(OpinionForm {
        command: command("/tasks/as_1/issue_opinion"),
        answers: vec![
            answer(1, Some("责令总包单位垫付五月至七月拖欠的工资共计四十一万余元。"), "supported"),
            answer(2, None, ""),
        ],
        parts_here: true,
        waiting: vec!["云岭县水利局（2026-08-20）".into()],
        open_href: Some("/tasks/as_1/open/text".into()),
        facts: Field::of("2026年5月至7月……"),
        basis: Field::of("《保障农民工工资支付条例》第三十条"),
        review_unit: Field::of("云岭市人力资源和社会保障局"),
        signer: Field::of("副局长 林则安"),
    }))
}

fn service() -> StepForm {
    StepForm::RecordService(ServiceForm {
        command: command("/tasks/as_1/record_service"),
        ways: codes(&["in_person", "mail", "electronic", "left", "notice"], "mail"),
        way_problem: None,
        served_on: Field::of("2026-08-12"),
        proof: Field::default().wrong("请写明邮件号、签收关系或见证人"),
    })
}

fn close() -> StepForm {
    StepForm::Close(CloseForm {
        command: command("/tasks/as_1/complete"),
        codes: codes(&["S", "P", "E", "U", "A", "R", "D", "T"], "S"),
        code_problem: None,
        report: Field::default(),
        report_owed: true,
    })
}

/// The task page at each of its steps, and with none.
pub(super) fn every_task() -> Vec<(&'static str, TaskPage)> {
    let mut barred = task(None);
    barred.next_barred = Some("处理意见须由单位负责人签发。".into());
    barred.identity = None;
    barred.task.identity_withheld = true;
    let mut rejected = task(Some(accept()));
    rejected.beside = vec![object()];
    rejected.ruling = Some(ruling());
    let mut helping = task(Some(co::part_form(false)));
    (helping.draft_only, helping.parts) = (true, vec![]);
    (helping.task.lead, helping.task.co_task) = (Some("云岭县住房和城乡建设局".into()), Some("facts".into()));
    vec![
        ("task-part", task(Some(co::part_form(true)))),
        ("task-part-draft", helping),
        ("task-sign", task(Some(sign()))),
        ("task-object", task(Some(object()))),
        ("task-rejected", rejected),
        ("task-extend", task(Some(extend()))),
        ("task-accept", task(Some(accept()))),
        ("task-opinion", task(Some(opinion()))),
        ("task-service", task(Some(service()))),
        ("task-close", task(Some(close()))),
        ("task-barred", barred),
        ("task-nothing", task(None)),
    ]
}

pub(super) fn on_behalf() -> OnBehalfPage {
    OnBehalfPage {
        chrome: office("board"),
        back_href: "/matters/xf_01k1".into(),
        matter: head(),
        agency: "石桥乡人民政府".into(),
        steps: tabs(&[("sign", None), ("notify_acceptance", None)], "notify_acceptance"),
        next: Some(accept()),
        orders: supervision::agency_orders().into_iter().map(|o| OrderItem { on_paper: true, ..o }).collect(),
        order_problem: Some("请附纸质文书扫描件".into()),
        paper: PaperFields {
            problem: Some("请附纸质文书扫描件".into()),
            kept: Some(KeptFile { token: "at_2".into(), name: "告知书.pdf".into(), size: 120_400 }),
        },
    }
}
