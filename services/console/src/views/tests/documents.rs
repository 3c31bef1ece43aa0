//! The papers.

use super::{
    frames::{OFFICE, due},
    matters::RENSHE,
};
use crate::views::print::{
    AcceptanceNotice, AssignmentLetter, CompletionReport, ExtensionPaper, ForwardingLetter, LetterClaim,
    ObjectionLetter, OpinionPaper, OrderReplyPaper, PaperAnswer, PaperHead, PositionPaper, ReceiptPaper,
    ServiceRecord, TaskReportPaper,
};

const QR: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 21 21\" width=\"120\" height=\"120\"><path d=\"M0 0h7v7H0zM14 0h7v7h-7zM0 14h7v7H0zM9 2h2v3H9zM9 9h4v3H9zM15 12h3v2h-3z\"/></svg>";
const SUMMARY: &str =
    "城东安置房项目拖欠二十三名工人三个月工资，两次到项目部协商未果，已在劳动监察大队登记。";

fn head(issuer: &str, number: Option<&str>) -> PaperHead {
    PaperHead {
        back_href: "/matters/xf_01k1".into(),
        issuer: issuer.into(),
        document_number: number.map(Into::into),
        matter_number: "990100-2026-0803-0017".into(),
        dated_on: "2026-08-04".into(),
        handler: Some("周敏".into()),
        telephone: Some("0990-5550100".into()),
        attachments: vec!["考勤表复印件1份".into()],
        template_version: "1".into(),
        on_behalf: false,
    }
}

fn claims() -> Vec<LetterClaim> {
    vec![
        LetterClaim {
            no: 1, text: Some("责令总包单位垫付五月至七月拖欠的工资共计四十一万余元。".into())
        },
        LetterClaim { no: 2, text: None },
    ]
}

pub(super) fn receipt() -> ReceiptPaper {
    ReceiptPaper {
        paper: PaperHead { handler: None, attachments: vec![], ..head(OFFICE, None) },
        query_code: "7K3M-9QXT-4E2P".into(),
        registered_at: "2026-08-03T09:12:44+08:00".into(),
        channel: "visit".into(),
        lookup_url: "http://127.0.0.1:8080/portal".into(),
        qr_svg: QR.into(),
        due: Some(due("T01", "2026-08-03", "2026-08-18", 6)),
        attachment_count: 3,
    }
}

pub(super) fn forwarding() -> ForwardingLetter {
    ForwardingLetter {
        paper: head(OFFICE, Some("云联信转〔2026〕17号")),
        addressee: RENSHE.into(),
        legal_ground: "《信访工作条例》第二十二条第一项".into(),
        received_on: "2026-08-03".into(),
        channel: "visit".into(),
        category: "劳动和社会保障".into(),
        summary: SUMMARY.into(),
        claims: claims(),
        co_agencies: vec!["云岭县水利局（2026-08-20）".into()],
        notify_due: due("T03", "2026-08-04", "2026-08-19", 7),
        objection_due: due("T04", "2026-08-04", "2026-08-11", -1),
    }
}

pub(super) fn assignment() -> AssignmentLetter {
    AssignmentLetter {
        paper: head(OFFICE, Some("云联信交〔2026〕5号")),
        addressee: RENSHE.into(),
        legal_ground: "《信访工作条例》第二十二条第三项".into(),
        co_agencies: vec!["云岭县住房和城乡建设局".into(), "城关镇人民政府".into()],
        received_on: "2026-08-03".into(),
        channel: "visit".into(),
        category: "劳动和社会保障".into(),
        summary: SUMMARY.into(),
        claims: claims(),
        notify_due: due("T03", "2026-08-04", "2026-08-19", 7),
        objection_due: due("T04", "2026-08-04", "2026-08-11", -1),
        limit_on: "2026-09-04".into(),
    }
}

pub(super) fn acceptance() -> AcceptanceNotice {
    AcceptanceNotice {
        paper: head(RENSHE, Some("云人社信告〔2026〕9号")),
        addressee: "石大柱等23人".into(),
        received_on: "2026-08-04".into(),
        accepted_on: "2026-08-06".into(),
        summary: "城东安置房项目拖欠工资".into(),
        notice:
            "本事项按信访程序办理：由我单位劳动监察大队调查核实，必要时听取双方陈述，办结后出具书面处理意见。"
                .into(),
        due: Some(due("T06", "2026-08-06", "2026-10-05", 54)),
        lookup_url: "http://127.0.0.1:8080/portal".into(),
    }
}

pub(super) fn extension() -> ExtensionPaper {
    ExtensionPaper {
        paper: head("云岭县人力资源和社会保障局", Some("云人社信延〔2026〕1号")),
        addressee: "信访人".into(),
        accepted_on: "2026-08-06".into(),
        summary: SUMMARY.into(),
        days: 30,
        old_due: due("T06", "2026-08-06", "2026-10-05", 57),
        new_due: due("T06", "2026-08-06", "2026-11-04", 87),
        reason: "需委托鉴定工程量。".into(),
        approver: "沈志强 局长".into(),
        lookup_url: "https://xf.yunling.example/portal".into(),
    }
}

pub(super) fn objection() -> ObjectionLetter {
    ObjectionLetter {
        paper: head("云岭县人力资源和社会保障局", Some("云人社信异〔2026〕1号")),
        addressee: "云岭县信访工作联席会议办公室".into(),
        letter_number: "云联信转〔2026〕17号".into(),
        received_on: "2026-08-04".into(),
        objected_on: "2026-08-07".into(),
        due: due("T04", "2026-08-04", "2026-08-11", 4),
        reasons: "该项目由住建部门监管。".into(),
        own_duties: "《县人社局职责规定》第三条".into(),
        proposed: Some("云岭县住房和城乡建设局".into()),
    }
}

pub(super) fn opinion() -> OpinionPaper {
    OpinionPaper {
        paper: PaperHead { on_behalf: true, ..head(RENSHE, Some("云人社信意〔2026〕6号")) },
        addressee: "石大柱等23人".into(),
        sender: OFFICE.into(),
        sent_on: "2026-08-04".into(),
        accepted_on: "2026-08-06".into(),
        answers: vec![
            PaperAnswer {
                no: 1,
                text: Some("责令总包单位垫付五月至七月拖欠的工资。".into()),
                outcome: "supported".into(),
                opinion: "我局已于8月20日责令总包单位先行垫付，8月31日前足额发放。".into(),
            },
            PaperAnswer {
                no: 2,
                text: None,
                outcome: "reasonable_no_basis".into(),
                opinion: "分包单位未签合同属实，另案处理；本诉求中要求公开道歉没有法律依据，已当面解释。".into(),
            },
        ],
        facts: "2026年5月4日至7月30日，你们23人在城东安置房三标段从事木工、钢筋作业。\n经查考勤表、银行流水并询问项目负责人，三个月应发工资四十一万二千元，未发放。".into(),
        basis: "《保障农民工工资支付条例》第三十条、第三十六条。".into(),
        review_unit: "云岭市人力资源和社会保障局".into(),
        remedy_days: 30,
        signer: "副局长 林则安".into(),
    }
}

pub(super) fn order_reply() -> OrderReplyPaper {
    OrderReplyPaper {
        paper: head(RENSHE, None),
        addressee: OFFICE.into(),
        order_number: "云联信督〔2026〕1号".into(),
        summary: SUMMARY.into(),
        text: "已补发受理告知书。\n附：送达回证。".into(),
    }
}

pub(super) fn position() -> PositionPaper {
    PositionPaper {
        paper: head(RENSHE, None),
        addressee: OFFICE.into(),
        summary: SUMMARY.into(),
        text: "此事项属工程质量纠纷。\n我局只负责劳动报酬部分。".into(),
        own_duties: "“三定”规定第三条第六项。".into(),
    }
}

pub(super) fn task_report() -> TaskReportPaper {
    TaskReportPaper {
        paper: head(RENSHE, None),
        addressee: OFFICE.into(),
        resolution_number: "信议〔2026〕1号".into(),
        summary: SUMMARY.into(),
        text: "已约谈总包单位。\n附：支付凭证。".into(),
        obstacle: Some("分包单位账户冻结。".into()),
        asks_until: Some("2026-09-30".into()),
    }
}

/// After an opinion, and of a matter that needed none.
pub(super) fn reports() -> [(&'static str, CompletionReport); 2] {
    let opinion = opinion();
    let plain = CompletionReport {
        paper: PaperHead { handler: None, attachments: vec![], ..head(RENSHE, None) },
        addressee: OFFICE.into(),
        assigned_number: "云联信交〔2026〕5号".into(),
        assigned_on: "2026-08-04".into(),
        petitioner: "信访人".into(),
        received_on: "2026-08-03".into(),
        category: "劳动和社会保障".into(),
        summary: SUMMARY.into(),
        claims: vec![1],
        report: "已当面答复。\n信访人表示理解。".into(),
        ..CompletionReport::default()
    };
    let whole = CompletionReport {
        limit_on: Some("2026-09-04".into()),
        people: 23,
        channel: "visit".into(),
        accepted_on: Some("2026-08-06".into()),
        served_on: Some("2026-09-02".into()),
        closed_on: Some("2026-09-03".into()),
        close_code: Some("P".into()),
        facts: Some(opinion.facts),
        basis: Some(opinion.basis),
        answers: opinion.answers,
        signer: Some(opinion.signer),
        paper: PaperHead {
            attachments: vec!["信访事项处理意见书 云人社信意〔2026〕6号".into()],
            ..plain.paper.clone()
        },
        ..plain.clone()
    };
    [("print-report", whole), ("print-report-plain", plain)]
}

/// Filled in, and blank for the pen.
pub(super) fn services() -> [(&'static str, ServiceRecord); 2] {
    let blank = ServiceRecord {
        paper: PaperHead { attachments: vec![], handler: None, ..head(RENSHE, None) },
        addressee: "石大柱".into(),
        served_document: "opinion".into(),
        served_number: Some("云人社信意〔2026〕6号".into()),
        ..ServiceRecord::default()
    };
    let filled = ServiceRecord {
        way: Some("mail".into()),
        served_on: Some("2026-09-02".into()),
        proof: Some("邮件号 9900000017，本人签收".into()),
        ..blank.clone()
    };
    [("print-service", filled), ("print-service-blank", blank)]
}
