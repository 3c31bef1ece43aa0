//! The joint conference's pages of the gallery.

use std::collections::BTreeMap;

use contracts::{
    agency::commands::{Invitation, ResolutionTask},
    codes::TaskChecker,
    meetings::commands::{BodyView, ItemView, MeetingRow, MeetingView, TaskView},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::frames::{codes, command, office};
use crate::views::{
    board::Tab,
    form::Choice,
    meeting::{
        CallItem, CallPage, ConferencePage, ConferencePaper, InviteRow, MeetingPage, MeetingsPage,
        MinutesPaper, NoticePaper, OwedTask, TaskOrderPaper, UnitNames, whole,
    },
    print::PaperHead,
};

fn names() -> UnitNames {
    let named = [("renshe", "云岭市人力资源和社会保障局"), ("jiwei", "云岭市纪委监委")];
    named.map(|(code, name)| (code.to_owned(), name.to_owned())).into()
}

/// A whole id of a short one.
fn id(short: &str) -> String {
    let (kind, digits) = short.split_once('_').expect("kind and digits");
    format!("{kind}_{digits:0>26}")
}

/// As the contract tells it: what it does not know or misses fails here and not before a person.
fn told<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    whole(&serde_json::from_value::<T>(value.clone()).unwrap_or_else(|e| panic!("{e}: {value}")))
}

/// Fields added to an object, or put in place of its own.
fn join(object: &mut Value, fields: Value) {
    let (Value::Object(object), Value::Object(fields)) = (object, fields) else { panic!("two objects") };
    object.extend(fields);
}

fn terms() -> Value {
    json!({
        "meeting_id": id("mt_1"), "uid": "mt_1@lianxi.yunling.example", "sequence": 1, "body": "shilianxi",
        "body_name": "云岭市信访工作联席会议", "organizer": "云岭市联席办", "kind": "working",
        "title": "云岭市信访工作联席会议2026年第1次工作会议", "starts_at": "2026-08-14T09:00:00.000+08:00",
        "ends_at": "2026-08-14T11:00:00.000+08:00", "place": "301会议室", "reply_by": "2026-08-13",
    })
}

fn task(state: &str) -> Value {
    json!({
        "task_id": id("tk_1"), "version": 3, "resolution_id": id("rs_1"), "document_number": "信议〔2026〕1号",
        "meeting_id": id("mt_1"), "item_id": id("ag_1"), "matter_id": id("xf_1"), "number": "990100-2026-0803-0017",
        "agency": "renshe", "role": "lead", "lead": "renshe", "action": "核实欠薪并督促支付。",
        "due_on": "2026-09-25", "checker": "supervisor", "state": state, "days": { "issued": "2026-08-14" },
        "reports": [["2026-09-20", id("ct_1")]], "sent_back": "no_proof", "overdue_on": "2026-09-26",
    })
}

fn decision() -> Value {
    json!({
        "outcome": "resolved", "facts": "工资争议为主。\n由人社牵头。",
        "resolved": { "lead": "renshe", "due_on": "2026-09-25", "action": "核实欠薪并督促支付。",
            "checker": "supervisor", "co": [{ "agency": "zhujian", "due_on": "2026-09-15" }] },
        "dissent": [{ "agency": "jiwei", "words": "应一并移送线索。" }],
    })
}

fn item(item_id: &str, state: &str) -> Value {
    let decided = matches!(state, "resolved" | "discussed");
    json!({
        "item_id": id(item_id), "version": 4, "matter_id": id("xf_1"), "number": "990100-2026-0803-0017",
        "kind": "competence", "state": state, "parties": ["renshe", "jiwei"], "proposed_on": "2026-08-06",
        "positions": [
            { "agency": "renshe", "on": "2026-08-05", "content_id": id("ct_1") },
            { "agency": "jiwei", "on": "2026-08-14", "words": "不涉及履职问题。" },
        ],
        "decision": if decided { decision() } else { Value::Null },
        "resolution": if state == "resolved" {
            json!({ "resolution_id": id("rs_1"), "document_number": "信议〔2026〕1号", "state": "set_aside",
                "set_aside": "wrong_state", "adopted_on": "2026-08-14" })
        } else { Value::Null },
        "tasks": if state == "resolved" { json!([task("reported")]) } else { json!([]) },
    })
}

fn meeting(state: &str, items: &[Value]) -> Value {
    let invitation = |agency: &str, reply: Value, attendance: Value| json!({ "agency": agency, "required": true, "reply": reply, "attendance": attendance, "who": "副局长 甲" });
    let reply = json!({ "sequence": 0, "reply": "declined", "reason": "other_meeting",
        "substitute_post": "科长", "on": "2026-08-11" });
    let came = state != "called";
    told::<MeetingView>(&json!({
        "terms": terms(), "version": 2, "state": state, "convener": "市委常委", "called_on": "2026-08-08",
        "short_notice_reason": "防汛紧急", "agenda": [],
        "invitations": [
            invitation("renshe", reply, if came { json!("present") } else { Value::Null }),
            invitation("jiwei", Value::Null, if came { json!("absent") } else { Value::Null }),
        ],
        "items": items,
        "minutes_number": if state == "minutes_fixed" { json!("信议纪〔2026〕1号") } else { Value::Null },
        "fixed_on": if state == "minutes_fixed" { json!("2026-08-15") } else { Value::Null },
    }))
}

pub(super) fn items() -> Vec<Value> {
    [item("ag_1", "resolved"), item("ag_2", "proposed")].iter().map(told::<ItemView>).collect()
}

pub(super) fn lists() -> Vec<(&'static str, MeetingsPage)> {
    let page = |tab: &str| MeetingsPage {
        chrome: office("meetings"),
        tabs: ["agenda", "meetings", "resolution_tasks"]
            .map(|code| Tab {
                code: code.into(),
                href: format!("/meetings?tab={code}"),
                current: code == tab,
                count: None,
            })
            .to_vec(),
        tab: tab.into(),
        problem: Some("议题刚被他人更新。".into()),
        names: names(),
        items: items(),
        meetings: vec![told::<MeetingRow>(&json!({ "terms": terms(), "version": 1, "state": "called",
            "invited": 3, "replied": 1, "items": 1 }))],
        tasks: [
            task("reported"),
            json!({ "task_id": id("tk_2"), "version": 1,
            "document_number": "信议〔2026〕2号", "matter_id": id("xf_1"), "number": "990100-2026-0803-0018",
            "agency": "nobody", "role": "assist", "action": "协助。", "due_on": "2026-09-15",
            "checker": "director", "state": "issued", "days": {}, "reports": [], "lead": "renshe",
            "resolution_id": id("rs_1"), "meeting_id": id("mt_1"), "item_id": id("ag_1") }),
        ]
        .iter()
        .map(told::<TaskView>)
        .collect(),
        form: command(""),
        prepares: true,
        directs: true,
        checks: vec![TaskChecker::Supervisor],
        reasons: codes(&["no_proof", "not_done"], "no_proof"),
        anew_on: "2026-09-30".into(),
        today: "2026-09-26".into(),
        next_href: Some("/meetings?tab=agenda&after=x".into()),
    };
    vec![
        ("meetings-agenda", page("agenda")),
        ("meetings", page("meetings")),
        ("meetings-tasks", page("resolution_tasks")),
    ]
}

pub(super) fn every_meeting() -> Vec<(&'static str, MeetingPage)> {
    let page = |state: &str, items: &[Value]| MeetingPage {
        chrome: office("meetings"),
        problem: None,
        names: names(),
        meeting: meeting(state, items),
        form: command(""),
        prepares: true,
        directs: true,
        begun: true,
        units: vec![
            Choice::named("renshe", "云岭市人社局", false),
            Choice::named("zhujian", "住建局", false),
        ],
        outcomes: codes(&["resolved", "deferred"], "resolved"),
        checkers: codes(&["director", "supervisor"], "supervisor"),
        call_off: codes(&["too_few", "other"], "other"),
        attendance: codes(&["present", "substitute", "absent"], "present"),
        typed: BTreeMap::new(),
    };
    vec![
        ("meeting-called", page("called", &[item("ag_1", "scheduled")])),
        ("meeting-held", page("held", &[item("ag_1", "discussed")])),
        ("meeting-fixed", page("minutes_fixed", &[item("ag_1", "resolved")])),
        ("meeting-bare", page("called_off", &[])),
    ]
}

pub(super) fn call() -> CallPage {
    let unit = |code: &str, chosen: &str| InviteRow {
        code: code.into(),
        name: code.to_uppercase(),
        chosen: chosen.into(),
    };
    CallPage {
        chrome: office("meetings"),
        problem: Some("此类会议应提前 3 天通知。".into()),
        form: command("/meetings/call"),
        moves: false,
        body: told::<BodyView>(&json!({ "code": "shilianxi", "name": "云岭市信访工作联席会议",
            "convener": "市委常委", "members": ["renshe"], "kinds": [], "places": ["301会议室"] })),
        kinds: vec![Choice::named("working", "工作会议 · 3", true)],
        units: vec![unit("renshe", "required"), unit("jiwei", "optional"), unit("zhujian", "")],
        items: vec![CallItem {
            id: "ag_1".into(),
            number: "990100-2026-0803-0017".into(),
            parties: vec!["人社".into(), "纪委".into()],
            chosen: true,
        }],
        typed: BTreeMap::from([("on".to_owned(), "2026-08-14".to_owned())]),
    }
}

pub(super) fn conference() -> ConferencePage {
    let dispatch = json!({ "task_id": id("tk_1"), "resolution_id": id("rs_1"), "matter_id": id("xf_1"),
        "item_id": id("ag_1"), "meeting_id": id("mt_1"), "agency": "renshe",
        "document_number": "信议〔2026〕1号", "role": "lead", "lead": "renshe", "checker": "supervisor",
        "due_on": "2026-09-30", "issued_on": "2026-08-14" });
    let task = json!({ "dispatch": dispatch, "state": "sent_back", "version": 2, "due_on": "2026-09-30",
        "sent_back": "no_proof", "reports": [id("ct_1")], "assignment_id": id("as_1"), "days": {} });
    let invitation = |meeting: &str, more: Value| {
        let mut dispatch = terms();
        let items = json!([{ "item_id": id("ag_1"), "matter_id": id("xf_1"),
            "number": "990100-2026-0803-0017", "kind": "competence" }]);
        let own = json!({ "meeting_id": id(meeting), "agency": "jiwei", "required": true,
            "party_to": [id("ag_1")], "items": items });
        join(&mut dispatch, own);
        let mut invitation = json!({ "dispatch": dispatch, "version": 1, "positions": [] });
        join(&mut invitation, more);
        told::<Invitation>(&invitation)
    };
    let reply = json!({ "reply": { "sequence": 0, "reply": "accepted", "on": "2026-08-11" } });
    ConferencePage {
        chrome: office("conference"),
        problem: None,
        names: names(),
        invitations: vec![
            invitation("mt_1", reply),
            invitation("mt_2", json!({ "minutes_number": "信议纪〔2026〕1号" })),
            invitation("mt_3", json!({})),
        ],
        tasks: vec![OwedTask { task: told::<ResolutionTask>(&task), action: Some("核实欠薪。".into()) }],
        form: command(""),
        replies: codes(&["accepted", "declined"], "accepted"),
        reasons: codes(&["other_meeting", "other"], "other"),
        typed: BTreeMap::new(),
        today: "2026-08-10".into(),
    }
}

fn paper(number: Option<&str>, state: &str) -> ConferencePaper {
    ConferencePaper {
        paper: head(number),
        names: names(),
        meeting: meeting(state, &[item("ag_1", "resolved")]),
    }
}

fn head(number: Option<&str>) -> PaperHead {
    PaperHead {
        back_href: "/meetings/mt_1".into(),
        issuer: "云岭市联席办".into(),
        document_number: number.map(str::to_owned),
        dated_on: "2026-08-15".into(),
        template_version: "1".into(),
        ..PaperHead::default()
    }
}

pub(super) fn notice() -> NoticePaper {
    NoticePaper(paper(None, "called"))
}

pub(super) fn minutes() -> MinutesPaper {
    MinutesPaper(paper(Some("信议纪〔2026〕1号"), "minutes_fixed"))
}

pub(super) fn task_order() -> TaskOrderPaper {
    TaskOrderPaper {
        paper: head(Some("信议〔2026〕1号")),
        names: names(),
        task: told::<TaskView>(&task("issued")),
    }
}
