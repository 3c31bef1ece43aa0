//! Notices of the gallery: queues, letters, an inbox, a new query code.

use super::frames::{OFFICE, agency, codes, command, office};
use crate::views::{
    board::Tab,
    form::Field,
    notices::{InboxPage, InboxRow, LetterSheet, LettersPaper, NoticeRow, NoticesPage, ReissuePage},
};

fn row(kind: &str, state: &str, channel: &str) -> NoticeRow {
    NoticeRow {
        id: format!("nt_{kind}"),
        href: "/matters/xf_1".into(),
        number: "XF990100-260803-0017".into(),
        kind: kind.into(),
        channel: channel.into(),
        state: state.into(),
        queued_on: "2026-08-03".into(),
        ..NoticeRow::default()
    }
}

pub(super) fn queues() -> Vec<(&'static str, NoticesPage)> {
    let page = |tab: &str, rows: Vec<NoticeRow>| NoticesPage {
        chrome: office("notices"),
        tabs: ["to_print", "printed", "sent", "mail", "problems", "restricted"]
            .map(|code| Tab {
                code: code.into(),
                href: format!("/notices?tab={code}"),
                current: code == tab,
                count: None,
            })
            .to_vec(),
        tab: tab.into(),
        key: "0r7k-2m".into(),
        rows,
        may_act: true,
        ways: codes(&["in_person", "mail", "left"], "mail"),
        on: Field::of("2026-08-12"),
        ..NoticesPage::default()
    };
    let unreachable =
        NoticeRow { trouble: Some("no_contact".into()), ..row("receipt", "unreachable", "letter") };
    let sent = NoticeRow {
        sent_on: Some("2026-08-05".into()),
        proof: Some("XA00000000199".into()),
        ..row("accepted", "sent", "letter")
    };
    vec![
        (
            "notices-to-print",
            page("to_print", vec![row("receipt", "queued", "letter"), row("forwarded", "queued", "letter")]),
        ),
        ("notices-printed", page("printed", vec![row("extended", "printed", "letter")])),
        ("notices-sent", page("sent", vec![sent])),
        ("notices-problems", page("problems", vec![unreachable, row("answered", "unknown", "mail")])),
        (
            "notices-empty",
            NoticesPage {
                restricted: true,
                problem: Some("请刷新页面。".into()),
                ..page("mail", Vec::new())
            },
        ),
    ]
}

pub(super) fn letters() -> LettersPaper {
    let sheet = |restricted: bool, title: &str, text: &str| LetterSheet {
        number: "XF990100-260803-0017".into(),
        restricted,
        name: "罗根生".into(),
        address: "云岭县城关镇和平路18号".into(),
        title: title.into(),
        paragraphs: vec![text.into()],
        query_code: Some("K7M-RQ4X-2WD".into()),
        dated_on: "2026-08-03".into(),
        template_version: "1".into(),
    };
    LettersPaper {
        back_href: "/notices?tab=printed".into(),
        issuer: OFFICE.into(),
        contact: "0990-8800000　政通路1号".into(),
        lookup_url: "https://xinfang.example/portal".into(),
        qr_svg: "<svg></svg>".into(),
        letters: vec![
            sheet(false, "信访事项登记回执", "您的来件已于2026年8月3日登记。"),
            sheet(true, "回执", "编号：XF990100-260803-0017　查询码：K7M-RQ4X-2WD"),
        ],
        without_address: 1,
    }
}

pub(super) fn inbox() -> InboxPage {
    let item = |id: &str, read: bool| InboxRow {
        id: id.into(),
        title: "期限预警：书面告知（XF990100-260803-0017）".into(),
        paragraphs: vec!["应于2026年8月18日前完成。".into()],
        href: Some("/tasks/as_1".into()),
        at: "2026-08-12T09:00:00+08:00".into(),
        read,
    };
    InboxPage {
        chrome: agency(),
        items: vec![item("nt_2", false), item("nt_1", true)],
        unread: 1,
        key: "0r7k-2m".into(),
        next_href: Some("/inbox?after=nt_1".into()),
    }
}

pub(super) fn reissue() -> ReissuePage {
    ReissuePage {
        chrome: office("reissue"),
        command: command("/reissue"),
        number: Field::of("XF990100-260803-0017"),
        id_number: Field::default().wrong("登记编号与所持证件对不上。"),
    }
}
