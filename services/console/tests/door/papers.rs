//! The papers of an agency as they print, at the office and at the agency.

use kernel::{ContentId, Role};
use serde_json::{Value, json};

use crate::{
    browser::{Matter, Person, accepted, agency, routing_view, task},
    facts::Teller,
    support::Rig,
};

const OPINION_NUMBER: &str = "云人社信意〔2026〕7号";
const MATTER_NUMBER: &str = "XF990102-260803-0001";

fn opinion() -> Value {
    json!({ "kind": "opinion", "facts": "经查欠薪属实", "basis": "《保障农民工工资支付条例》",
        "answers": [{ "claim_no": 1, "outcome": "supported", "opinion": "已责令支付" }], "review_unit": "市政府",
        "signer": "局长 何川", "issued_on": "2026-08-20", "document_number": OPINION_NUMBER })
}

fn service() -> Value {
    json!({ "kind": "service_record", "way": "mail", "served_on": "2026-08-21", "proof": "邮件号 9900" })
}

fn report() -> Value {
    json!({ "kind": "report", "text": "已逐一发放。\n信访人签字确认。" })
}

/// An assigned matter at its end, with its papers.
struct Ended {
    path_at_office: String,
    path_at_agency: String,
    service: ContentId,
    report: ContentId,
}

async fn ended(rig: &Rig, with_opinion: bool) -> Ended {
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, notice } = accepted(rig, &mut teller).await;
    let (written, service_id, report_id): (ContentId, ContentId, ContentId) =
        (teller.mint.mint(), teller.mint.mint(), teller.mint.mint());
    let mut papers = vec![json!(["acceptance_notice", notice])];
    if with_opinion {
        papers.extend([json!(["opinion", written]), json!(["service_record", service_id])]);
    }
    papers.push(json!(["report", report_id]));
    let days = json!({ "delivered": "2026-08-04", "signed": "2026-08-05", "accepted": "2026-08-06",
        "opinion_issued": "2026-08-20", "served": "2026-08-21", "closed": "2026-08-22" });
    let (own, own_days) = (papers.clone(), days.clone());
    rig.scripts.on("agency.renshe.task", move |_| {
        let mut task = task(id, assignment, notice, "closed");
        (task["papers"], task["days"], task["dispatch"]["mode"]) =
            (json!(own), own_days.clone(), json!("assign"));
        task["dispatch"]["document_number"] = json!("云联信交〔2026〕5号");
        Ok(task)
    });
    rig.scripts.on("routing.matter", move |_| {
        let mut view = routing_view(id, assignment, notice);
        let held = &mut view["assignments"][0];
        (held["papers"], held["days"], held["mode"]) = (json!(papers), days.clone(), json!("assign"));
        (held["document_number"], held["close_code"], held["state"]) =
            (json!("云联信交〔2026〕5号"), json!("S"), json!("closed"));
        Ok(view)
    });
    let body = move |asked: &Value| {
        let asked = asked.as_str().expect("content id").to_owned();
        match asked {
            id if id == written.to_string() => opinion(),
            id if id == service_id.to_string() => service(),
            _ => report(),
        }
    };
    rig.scripts.on("agency.renshe.paper", move |got| Ok(body(&got.body["content_id"])));
    rig.scripts.on("intake.paper", move |got| {
        let asked = got.body["content_id"].clone();
        Ok(json!({ "content_id": asked, "body": body(&asked).to_string(), "sha256": "00" }))
    });
    rig.scripts.on("agency.renshe.open", |_| {
        Ok(json!({ "part": "contact", "value": { "petitioners": [{ "name": "王小明" }] } }))
    });
    Ended {
        path_at_office: format!("/matters/{id}/print"),
        path_at_agency: format!("/tasks/{assignment}/print"),
        service: service_id,
        report: report_id,
    }
}

#[tokio::test]
async fn a_service_record_names_the_number_of_the_paper_that_was_served() {
    let (rig, fresh) = Rig::fresh().await;
    let ended = ended(&rig, true).await;
    let office = Person::office(&rig, Role::Screener).await;
    let head = Person::of(&rig, "renshe.head", agency(), &[Role::AgencyHead]).await;
    for page in [
        office.sees(&format!("{}/{}", ended.path_at_office, ended.service)).await,
        head.sees(&format!("{}/{}", ended.path_at_agency, ended.service)).await,
    ] {
        let row = page.split("文号").nth(1).and_then(|rest| rest.split("</tr>").next()).expect("row");
        assert!(row.contains(OPINION_NUMBER) && !row.contains(MATTER_NUMBER), "{row}");
    }
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_completion_report_prints_as_a_paper() {
    let (rig, fresh) = Rig::fresh().await;
    let ended = ended(&rig, true).await;
    let office = Person::office(&rig, Role::Screener).await;
    let head = Person::of(&rig, "renshe.head", agency(), &[Role::AgencyHead]).await;
    let at_office = office.sees(&format!("{}/{}", ended.path_at_office, ended.report)).await;
    let at_agency = head.sees(&format!("{}/{}", ended.path_at_agency, ended.report)).await;
    for page in [&at_office, &at_agency] {
        for told in [
            "<h1>办结报告</h1>",
            MATTER_NUMBER,
            "云联信交〔2026〕5号",
            OPINION_NUMBER,
            "经查欠薪属实",
            "已责令支付",
            "<p>信访人签字确认。</p>",
            "局长 何川",
            "送达回证",
            "信访人意见",
            "2026年8月22日",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
    }
    assert!(at_office.contains("办结方式") && !at_office.contains("王小明"), "no name at the office");
    assert!(at_agency.contains("王小明"), "the agency knows whom it answered");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_report_without_an_opinion_stands_alone() {
    let (rig, fresh) = Rig::fresh().await;
    let ended = ended(&rig, false).await;
    let office = Person::office(&rig, Role::OfficeDirector).await;
    let page = office.sees(&format!("{}/{}", ended.path_at_office, ended.report)).await;
    assert!(page.contains("已逐一发放。") && !page.contains("签发人"), "{page}");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn an_acceptance_notice_promises_sixty_days_only_where_they_run() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, notice } = accepted(&rig, &mut teller).await;
    rig.scripts.on("agency.renshe.paper", |_| {
        Ok(json!({ "kind": "acceptance_notice", "handler": "何川", "telephone": "0990-8800100", "notice": "已收到",
            "accepted_on": "2026-08-06", "document_number": "云人社信告〔2026〕1号" }))
    });
    rig.scripts.on("agency.renshe.open", |_| Err(web::errors::PAGE_NOT_FOUND.refuse()));
    let handler = Person::of(&rig, "renshe.handler", agency(), &[Role::Handler]).await;
    let path = format!("/tasks/{assignment}/print/{notice}");
    assert!(handler.sees(&path).await.contains("第三十四条"));
    rig.scripts.on("agency.renshe.task", move |_| {
        let mut inquiry = task(id, assignment, notice, "accepted");
        inquiry["dues"].as_array_mut().expect("dues").retain(|due| due["rule"] != "T06");
        inquiry["dispatch"]["summary"]["purpose"] = json!("inquiry");
        Ok(inquiry)
    });
    assert!(!handler.sees(&path).await.contains("第三十四条"), "an inquiry has no such limit");
    fresh.discard().await.expect("discarded");
}
