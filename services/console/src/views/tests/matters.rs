//! The board and the matter.

use super::{
    frames::{codes, command, due, office, with_notice},
    supervision,
};
use crate::views::{
    board::{BoardFilters, BoardPage, BoardRow, Tab},
    chrome::Link,
    due::{RestDays, Working},
    form::{Choice, Field},
    matter::{
        ActionView, AssignmentView, ClaimView, DocumentView, LinkRepeatForm, MatterHead, MatterPage,
        ObjectionLine, Step, TimelineItem,
    },
    reveal::{AttachmentView, Opened, PetitionerView, Read, RevealPanel},
    task::RulingLine,
};

pub(super) const RENSHE: &str = "云岭县人力资源和社会保障局";
const NUMBER: &str = "990100-2026-0803-0017";

pub(super) fn tabs(items: &[(&str, Option<u64>)], current: &str) -> Vec<Tab> {
    items
        .iter()
        .map(|(code, count)| Tab {
            code: (*code).to_owned(),
            href: format!("?tab={code}"),
            current: *code == current,
            count: *count,
        })
        .collect()
}

pub(super) fn agencies(chosen: &str) -> Vec<Choice> {
    [
        ("renshe", RENSHE),
        ("zhujian", "云岭县住房和城乡建设局"),
        ("ziran", "云岭县自然资源局"),
        ("jiaoyu", "云岭县教育局"),
        ("huanbao", "云岭市生态环境局云岭分局"),
        ("qingshui", "清水镇人民政府"),
    ]
    .into_iter()
    .map(|(code, name)| Choice::named(code, name, code == chosen))
    .collect()
}

pub(super) fn categories(chosen: &str) -> Vec<Choice> {
    ["劳动和社会保障 / 劳动报酬", "城乡建设 / 房屋拆迁", "环境保护 / 噪声污染", "教育文体 / 入学"]
        .into_iter()
        .map(|name| Choice::named(name, name, name == chosen))
        .collect()
}

/// Summary, class, region, holder, state, purpose, channel, rule, nominal date, days left, flags.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    [&'static str; 4],
    &'static str,
    i64,
    &'static [&'static str],
);

const LINES: &[Line] = &[
    (
        "城东安置房项目拖欠二十三名工人三个月工资",
        "劳动报酬",
        "城关镇",
        Some(RENSHE),
        ["forwarded", "claim", "visit", "T03"],
        "2026-08-10",
        -2,
        &["joint", "urgent"],
    ),
    (
        "老机械厂宿舍拆迁补偿面积认定有误，请求重新核定",
        "房屋拆迁",
        "城关镇",
        Some("云岭县住房和城乡建设局"),
        ["handling", "appeal", "letter", "T06"],
        "2026-08-11",
        -1,
        &["multi_agency"],
    ),
    (
        "学府路小学周边工地夜间施工噪声扰民",
        "噪声污染",
        "城关镇",
        None,
        ["registered", "claim", "hotline", "T01"],
        "2026-08-12",
        0,
        &[],
    ),
    (
        "被征收承包地青苗补偿款未到账",
        "土地征收",
        "清水镇",
        Some("云岭县自然资源局"),
        ["assigned", "claim", "letter", "T04"],
        "2026-08-12",
        0,
        &["deemed"],
    ),
    (
        "灵活就业人员养老保险缴费年限少记四年",
        "社会保险",
        "石桥乡",
        Some(RENSHE),
        ["forwarded", "claim", "web", "T03"],
        "2026-08-13",
        1,
        &["repeat"],
    ),
    (
        "建议在客运站增设无障碍通道和低位售票窗口",
        "交通运输",
        "城关镇",
        None,
        ["screened", "suggestion", "web_suggestion", "T01"],
        "2026-08-14",
        2,
        &[],
    ),
    (
        "四十名业主联名反映小区电梯维修资金使用不公开",
        "物业服务",
        "城关镇",
        None,
        ["registered", "claim", "visit", "T01"],
        "2026-08-15",
        3,
        &["joint"],
    ),
    (
        "外来务工人员子女积分入学材料被退回",
        "入学",
        "城关镇",
        Some("云岭县教育局"),
        ["forwarded", "inquiry", "mobile", "T03"],
        "2026-08-17",
        5,
        &[],
    ),
    (
        "清水河上游养殖场排污，村民饮水受影响",
        "水污染",
        "清水镇",
        Some("云岭市生态环境局云岭分局"),
        ["handling", "claim", "wechat", "T06"],
        "2026-08-19",
        7,
        &["anonymous"],
    ),
    (
        "农村危房改造补助名单公示有疑问",
        "住房保障",
        "石桥乡",
        Some("清水镇人民政府"),
        ["opinion_issued", "appeal", "letter", "T06"],
        "2026-09-28",
        47,
        &[],
    ),
];

fn row(line: &Line, at: usize) -> BoardRow {
    let (summary, category, region, holder, [state, purpose, channel, rule], nominal_on, in_days, flags) =
        line;
    let started = if *rule == "T06" { "2026-06-12" } else { "2026-07-28" };
    let mut due = due(rule, started, nominal_on, *in_days);
    if *nominal_on == "2026-08-15" {
        due.legal_on = "2026-08-17".into();
        due.legal_in_days = 5;
    }
    BoardRow {
        href: "/matters/xf_01k1".into(),
        number: format!("990100-2026-0728-{:04}", 11 + at * 7),
        summary: (*summary).into(),
        category: Some((*category).into()),
        region_name: (*region).into(),
        channel: (*channel).into(),
        purpose: (*purpose).into(),
        state: (*state).into(),
        holder: holder.map(Into::into),
        received_on: "2026-07-28".into(),
        due: Some(due),
        flags: flags.iter().map(|f| (*f).to_owned()).collect(),
        repeat: (at == 1)
            .then(|| Link { href: "/matters/xf_01k1/like".into(), text: "990100-2026-0611-0002".into() }),
        parts: usize::from(at == 0) * 2,
        parts_awaited: usize::from(at == 0),
    }
}

pub(super) fn board() -> BoardPage {
    let mut rows: Vec<BoardRow> = LINES.iter().enumerate().map(|(at, line)| row(line, at)).collect();
    rows.push(BoardRow { due: None, state: "closed".into(), flags: vec![], ..row(&LINES[9], 10) });
    BoardPage {
        chrome: with_notice(office("board"), "forwarded", "990100-2026-0728-0011"),
        tabs: tabs(
            &[
                ("mine", Some(40)),
                ("to_screen", Some(12)),
                ("to_send", Some(5)),
                ("at_agency", Some(18)),
                ("handling", Some(57)),
                ("answered", Some(9)),
                ("closed", None),
                ("all", Some(121)),
            ],
            "mine",
        ),
        buckets: tabs(
            &[
                ("overdue", Some(2)),
                ("today", Some(2)),
                ("three_days", Some(9)),
                ("week", Some(27)),
                ("later", Some(64)),
            ],
            "",
        ),
        filters: BoardFilters {
            href: "/board".into(),
            q: String::new(),
            tab: "mine".into(),
            due: String::new(),
            sort: "due".into(),
            states: codes(
                &[
                    "registered",
                    "screened",
                    "forwarded",
                    "assigned",
                    "handling",
                    "opinion_issued",
                    "served",
                    "closed",
                ],
                "",
            ),
            agencies: agencies(""),
            categories: categories(""),
            channels: codes(&["letter", "visit", "web", "phone"], ""),
            purposes: codes(&["suggestion", "appeal", "claim", "inquiry", "other"], "claim"),
            active: 1,
            clear_href: "/board?tab=mine".into(),
        },
        sorts: tabs(&[("due", None), ("received", None), ("updated", None)], "due"),
        rows,
        total: 40,
        next_href: Some("/board?after=x".into()),
        first_href: None,
    }
}

pub(super) fn empty_board() -> BoardPage {
    let mut page = board();
    page.rows.clear();
    page.filters.q = "水库".into();
    page
}

pub(super) fn head() -> MatterHead {
    MatterHead {
        number: NUMBER.into(),
        summary: "城东安置房项目拖欠二十三名工人三个月工资".into(),
        state: "handling".into(),
        flags: vec!["joint".into(), "urgent".into()],
        channel: "visit".into(),
        purpose: "claim".into(),
        category: Some("劳动和社会保障 / 劳动报酬".into()),
        route: Some("R6".into()),
        region_name: "云岭县城关镇".into(),
        people: 23,
        received_on: "2026-08-03".into(),
        registered_at: "2026-08-03T09:12:44+08:00".into(),
        age_days: 10,
        holder: Some(RENSHE.into()),
        ..MatterHead::default()
    }
}

pub(super) fn claims() -> Vec<ClaimView> {
    let claim = |no, text: Option<&str>, outcome: Option<&str>| ClaimView {
        no,
        text: text.map(Into::into),
        holder: Some(RENSHE.into()),
        state: if outcome.is_some() { "answered" } else { "open" }.into(),
        outcome: outcome.map(Into::into),
    };
    vec![
        claim(1, Some("责令总包单位垫付五月至七月拖欠的工资共计四十一万余元。"), Some("supported")),
        claim(2, Some("查处分包单位未签劳动合同、未设工资专户的行为。"), None),
        claim(3, None, None),
    ]
}

pub(super) fn steps() -> Vec<Step> {
    let step = |code: &str, on: Option<&str>, state: &str| Step {
        code: code.into(),
        on: on.map(Into::into),
        state: state.into(),
    };
    vec![
        step("registered", Some("2026-08-03"), "done"),
        step("screened", Some("2026-08-03"), "done"),
        step("sent", Some("2026-08-04"), "done"),
        step("accepted", Some("2026-08-06"), "done"),
        step("answered", None, "current"),
        step("served", None, "skipped"),
        step("closed", None, "ahead"),
    ]
}

pub(super) fn workings() -> Vec<Working> {
    let mut t06 = due("T06", "2026-08-06", "2026-10-05", 54);
    t06.legal_on = "2026-10-08".into();
    t06.legal_in_days = 57;
    vec![
        Working {
            due: t06,
            start_event: "accepted".into(),
            state: "running".into(),
            first_day_on: "2026-08-07".into(),
            rest_days: vec![RestDays {
                name: Some("国庆节".into()),
                from: "2026-10-01".into(),
                to: "2026-10-07".into(),
            }],
            ..Working::default()
        },
        Working {
            due: due("T04", "2026-08-04", "2026-08-11", -1),
            start_event: "delivered".into(),
            state: "ended".into(),
            first_day_on: "2026-08-05".into(),
            rest_days: vec![RestDays { name: None, from: "2026-08-08".into(), to: "2026-08-09".into() }],
            make_up_days: vec!["2026-09-20".into()],
            ..Working::default()
        },
        Working {
            due: due("T03", "2026-08-04", "2026-08-19", 7),
            start_event: "delivered".into(),
            state: "met".into(),
            met_on: Some("2026-08-06".into()),
            first_day_on: "2026-08-05".into(),
            deemed: true,
            ..Working::default()
        },
    ]
}

pub(super) fn timeline() -> Vec<TimelineItem> {
    let item = |at: &str, event: &str, unit: &str, note: Option<&str>| TimelineItem {
        at: at.into(),
        event: event.into(),
        unit: unit.into(),
        note: note.map(Into::into),
        ..TimelineItem::default()
    };
    vec![
        TimelineItem {
            article: Some("《信访工作条例》第二十三条".into()),
            proof: Some(Link { href: "/papers/1".into(), text: "云人社信告〔2026〕9号".into() }),
            ..item("2026-08-06T15:20:00+08:00", "acceptance_notified", RENSHE, None)
        },
        TimelineItem {
            on_behalf: true,
            ..item("2026-08-04T16:02:00+08:00", "assignment_signed", RENSHE, None)
        },
        item("2026-08-04T09:31:12+08:00", "assignment_delivered", RENSHE, None),
        TimelineItem {
            actor: Some("周敏".into()),
            article: Some("《信访工作条例》第二十二条第二项".into()),
            ..item(
                "2026-08-04T09:31:10+08:00",
                "matter_forwarded",
                super::frames::OFFICE,
                Some("云联信转〔2026〕17号"),
            )
        },
        TimelineItem {
            late: true,
            ..item("2026-08-03T10:05:00+08:00", "matter_screened", super::frames::OFFICE, None)
        },
        item("2026-08-03T09:12:44+08:00", "submission_registered", super::frames::OFFICE, None),
    ]
}

pub(super) fn closed_panel(what: &str) -> RevealPanel {
    RevealPanel {
        what: what.into(),
        form: Some(command("/matters/xf_01k1/open")),
        purposes: codes(&["screening", "handling", "contacting", "serving", "auditing"], ""),
        reads: vec![Read {
            unit: RENSHE.into(),
            what: what.into(),
            purpose: "handling".into(),
            at: "2026-08-05T08:40:00+08:00".into(),
        }],
        ..RevealPanel::default()
    }
}

pub(super) fn open_panel(what: &str) -> RevealPanel {
    let person = |name: &str, telephone: &str| PetitionerView {
        name: name.into(),
        telephone: Some(telephone.into()),
        address: Some("云岭县城关镇和平路18号工棚".into()),
        email: None,
        id_number: Some("9901**********0017".into()),
    };
    let text = "2026年5月至7月，我们二十三人在城东安置房三标段做木工和钢筋工，分包单位口头约定按月结算，\
        至今一分未发。\n\n6月20日、7月15日两次找项目部，项目部说等总包拨款。7月28日到劳动监察大队登记，\
        被告知需要补齐考勤表。现附考勤表照片三张。";
    let is_text = what == "text";
    RevealPanel {
        opened: Some(Opened {
            purpose: "handling".into(),
            at: "2026-08-12T10:15:00+08:00".into(),
            text: is_text.then(|| text.into()),
            claims: if is_text {
                vec!["要求总包单位垫付工资".into(), "查处分包单位".into()]
            } else {
                vec![]
            },
            petitioners: if is_text {
                vec![]
            } else {
                vec![person("石大柱", "138 0000 0017"), person("江小满", "138 0000 0025")]
            },
            attachments: if is_text {
                vec![AttachmentView {
                    label: "考勤表-1.jpg".into(),
                    href: "/attachments/at_1".into(),
                    media_type: "image/jpeg".into(),
                    size: 482_113,
                }]
            } else {
                vec![]
            },
        }),
        form: None,
        purposes: vec![],
        ..closed_panel(what)
    }
}

pub(super) fn documents() -> Vec<DocumentView> {
    let document = |kind: &str, number: Option<&str>, on: &str, unit: &str| DocumentView {
        kind: kind.into(),
        number: number.map(Into::into),
        on: on.into(),
        unit: unit.into(),
        href: "/print/1".into(),
    };
    vec![
        document("acceptance_notice", Some("云人社信告〔2026〕9号"), "2026-08-06", RENSHE),
        document("forwarding_letter", Some("云联信转〔2026〕17号"), "2026-08-04", super::frames::OFFICE),
        document("receipt", None, "2026-08-03", super::frames::OFFICE),
    ]
}

pub(super) fn matter() -> MatterPage {
    let action = |code: &str, primary, barred: Option<&str>| ActionView {
        code: code.into(),
        href: format!("/matters/xf_01k1/{code}"),
        primary,
        barred: barred.map(Into::into),
    };
    MatterPage {
        chrome: office("board"),
        back_href: "/board?tab=mine".into(),
        matter: head(),
        steps: steps(),
        dues: vec![],
        workings: workings(),
        claims: claims(),
        assignments: vec![
            AssignmentView {
                no: 2,
                mode: "forward".into(),
                document_number: "云联信转〔2026〕17号".into(),
                agency: RENSHE.into(),
                state: "accepted".into(),
                sent_on: "2026-08-04".into(),
                delivered_on: Some("2026-08-04".into()),
                signed_on: Some("2026-08-04".into()),
                accepted_on: Some("2026-08-06".into()),
                limit_on: None,
                claims: vec![1, 2, 3],
                recalled_because: None,
                binding: true,
                override_reason: Some("职责已由该单位承接".into()),
                objections: vec![],
                role: "lead".into(),
                part: None,
            },
            AssignmentView {
                no: 3,
                mode: "assign".into(),
                document_number: "信协〔2026〕3号".into(),
                agency: "云岭县水利局".into(),
                state: "answered".into(),
                sent_on: "2026-08-04".into(),
                limit_on: Some("2026-08-20".into()),
                claims: vec![2],
                role: "co".into(),
                part: super::co::parts(false).into_iter().next(),
                ..AssignmentView::default()
            },
            AssignmentView {
                no: 1,
                mode: "assign".into(),
                document_number: "云联信交〔2026〕4号".into(),
                agency: "云岭县住房和城乡建设局".into(),
                state: "recalled".into(),
                sent_on: "2026-08-03".into(),
                delivered_on: Some("2026-08-03".into()),
                limit_on: Some("2026-08-24".into()),
                claims: vec![1, 2, 3],
                recalled_because: Some("wrong_agency".into()),
                binding: false,
                override_reason: None,
                objections: vec![objection(false), objection(true)],
                ..AssignmentView::default()
            },
        ],
        timeline: timeline(),
        documents: documents(),
        content: Some(closed_panel("text")),
        identity: Some(closed_panel("contact")),
        actions: vec![
            action("on_behalf", true, None),
            action("print_letter", false, None),
            action("recall", false, Some("承办单位已经受理，不能撤回（第二十三条）")),
        ],
        items: super::meetings::items(),
        unit_names: std::collections::BTreeMap::new(),
        orders: supervision::office_orders(),
        issue_order: Some(supervision::issue_form()),
        link_repeat: Some(LinkRepeatForm {
            form: command("/matters/xf_01k1/link"),
            earlier_number: Field::of("990100-2026-0611-0002").wrong("没有这个编号"),
            reason: Field::of("同一项目、同一批工人、同一诉求"),
        }),
    }
}

pub(super) fn objection(ruled: bool) -> ObjectionLine {
    ObjectionLine {
        on: "2026-08-07".into(),
        late: ruled,
        proposed: Some("云岭县住房和城乡建设局".into()),
        ruling: ruled.then(ruling),
    }
}

pub(super) fn ruling() -> RulingLine {
    RulingLine {
        ruling: "rejected".into(),
        reason: "within_duties".into(),
        on: "2026-08-10".into(),
        note: Some("三定方案已写明".into()),
    }
}

pub(super) fn opened_matter() -> MatterPage {
    MatterPage {
        content: Some(open_panel("text")),
        identity: Some(open_panel("contact")),
        link_repeat: None,
        assignments: vec![],
        documents: vec![],
        workings: vec![],
        actions: vec![],
        ..matter()
    }
}
