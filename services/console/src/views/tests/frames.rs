//! Frames, limits and the pages of people and machines.

use crate::views::{
    account::{
        AccountPage, FirstRunPage, Issued, KeyRow, KeysPart, LoginPage, SampleLogin, UserForm, UserRow,
        UsersPage,
    },
    chrome::{Chrome, NavItem, Notice, PlaceView, UserView},
    due::Due,
    form::{Choice, CommandForm, Field},
    problem::ProblemPage,
    status::{Alarm, ConsumerRow, DeadLetterRow, OutboxRow, ServiceRow, StatusPage, StreamRow},
};

pub(super) const OFFICE: &str = "云岭县信访工作联席会议办公室";

fn nav(items: &[(&str, Option<u64>)], current: &str) -> Vec<NavItem> {
    items
        .iter()
        .map(|(code, count)| NavItem {
            code: (*code).to_owned(),
            href: format!("/{code}"),
            current: *code == current,
            count: *count,
        })
        .collect()
}

fn frame(kind: &str, name: &str) -> Chrome {
    Chrome {
        here: "/board?tab=mine&q=工资".into(),
        place: PlaceView { kind: kind.into(), name: name.into(), region_name: "云岭县".into() },
        today: "2026-08-12".into(),
        clock_hand: kind == "office",
        clock_moved: kind != "portal",
        ..Chrome::default()
    }
}

pub(super) fn office(current: &str) -> Chrome {
    Chrome {
        user: Some(UserView { name: "周敏".into(), roles: vec!["registrar".into(), "screener".into()] }),
        nav: nav(
            &[
                ("board", Some(40)),
                ("register", None),
                ("notices", None),
                ("reissue", None),
                ("inbox", None),
                ("restricted", Some(1)),
                ("users", None),
                ("status", None),
            ],
            current,
        ),
        ..frame("office", OFFICE)
    }
}

pub(super) fn agency() -> Chrome {
    Chrome {
        user: Some(UserView { name: "何川".into(), roles: vec!["handler".into(), "agency_head".into()] }),
        nav: nav(&[("tasks", Some(11)), ("users", None)], "tasks"),
        ..frame("agency", "云岭县人力资源和社会保障局")
    }
}

pub(super) fn portal(current: &str) -> Chrome {
    Chrome {
        nav: nav(&[("portal_lookup", None), ("portal_register", None)], current),
        ..frame("portal", "云岭县信访服务")
    }
}

pub(super) fn with_notice(mut chrome: Chrome, key: &str, number: &str) -> Chrome {
    let args = [("number".to_owned(), number.to_owned())].into();
    chrome.notice = Some(Notice { tone: "done".into(), key: key.into(), args });
    chrome
}

pub(super) fn command(href: &str) -> CommandForm {
    CommandForm { href: href.into(), key: "0r7k-2m".into(), version: "4".into(), problem: None }
}

/// A limit of the catalogue that ends `in_days` after the sample's today, 2026-08-12.
pub(super) fn due(rule: &str, started_on: &str, nominal_on: &str, in_days: i64) -> Due {
    let (days, unit, duty_of, article) = match rule {
        "T01" => (15, "N", "office", "《信访工作条例》第二十二条"),
        "T03" => (15, "N", "agency", "《信访工作条例》第二十三条"),
        "T04" => (5, "W", "agency", "《信访工作条例》第二十三条"),
        "T05" => (20, "N", "agency", "《信访工作条例》第二十二条第三项"),
        "T06" => (60, "N", "agency", "《信访工作条例》第三十四条"),
        _ => (30, "N", "petitioner", "《信访工作条例》第三十五条"),
    };
    let bucket = match in_days {
        ..0 => "overdue",
        0 => "today",
        1..=3 => "three_days",
        4..=7 => "week",
        _ => "later",
    };
    Due {
        rule: rule.into(),
        duty_of: duty_of.into(),
        article: article.into(),
        started_on: started_on.into(),
        days,
        unit: unit.into(),
        nominal_on: nominal_on.into(),
        legal_on: nominal_on.into(),
        provisional: false,
        nominal_in_days: in_days,
        legal_in_days: in_days,
        bucket: bucket.into(),
    }
}

pub(super) fn codes(codes: &[&str], chosen: &str) -> Vec<Choice> {
    codes.iter().map(|code| Choice::code(*code, *code == chosen)).collect()
}

pub(super) const ROLES: [&str; 11] = [
    "registrar",
    "screener",
    "restricted_officer",
    "office_director",
    "handler",
    "agency_head",
    "supervisor",
    "leader",
    "auditor",
    "operator",
    "administrator",
];

pub(super) fn login() -> LoginPage {
    let sample = |login: &str, unit: &str, role: &str| SampleLogin {
        login: login.into(),
        password: "Yunling-2026".into(),
        unit: unit.into(),
        roles: vec![role.into()],
    };
    LoginPage {
        chrome: frame("office", OFFICE),
        command: CommandForm {
            problem: Some("账号或密码不对，请再试一次。".into()), ..command("/login")
        },
        login: Field::of("zhoumin"),
        back: "/board".into(),
        samples: vec![
            sample("zhoumin", OFFICE, "screener"),
            sample("hechuan", "云岭县人力资源和社会保障局", "handler"),
            sample("admin", OFFICE, "administrator"),
        ],
        lookup_href: "/portal".into(),
    }
}

pub(super) fn first_run() -> FirstRunPage {
    FirstRunPage {
        chrome: frame("office", OFFICE),
        command: command("/first-run/8h2k"),
        name: Field::of("周敏"),
        login: Field::of("admin"),
        password: Field::default().wrong("至少12个字符"),
        password_again: Field::default(),
        password_min: 12,
    }
}

pub(super) fn account() -> AccountPage {
    AccountPage {
        chrome: office(""),
        command: command("/account"),
        login: "zhoumin".into(),
        password_min: 12,
        must_change: true,
        ..AccountPage::default()
    }
}

fn user(id: &str, name: &str, unit: &str, roles: &[&str], disabled: bool) -> UserRow {
    UserRow {
        id: id.into(),
        login: id.into(),
        name: name.into(),
        unit: unit.into(),
        roles: ROLES.iter().map(|r| Choice::code(*r, roles.contains(r))).collect(),
        disabled,
        is_self: id == "zhoumin",
        last_sign_in_at: (!disabled).then(|| "2026-08-12T08:31:00+08:00".into()),
        set_roles: command("/users/roles"),
        set_disabled: command("/users/disable"),
        reset_password: command("/users/reset"),
    }
}

pub(super) fn users() -> UsersPage {
    UsersPage {
        chrome: office("users"),
        users: vec![
            user("zhoumin", "周敏", OFFICE, &["registrar", "screener", "administrator"], false),
            user("hanlu", "韩璐", OFFICE, &["restricted_officer"], false),
            user("hechuan", "何川", "云岭县人力资源和社会保障局", &["handler", "agency_head"], false),
            user("qinfeng", "秦峰", "云岭县自然资源局", &[], true),
        ],
        add: UserForm {
            command: command("/users"),
            login: Field::of("Li Na").wrong("只能用小写字母、数字、点和连字符"),
            name: Field::of("李娜"),
            units: vec![
                Choice::named("office", OFFICE, true),
                Choice::named("renshe", "云岭县人力资源和社会保障局", false),
            ],
            roles: codes(&ROLES, "registrar"),
            roles_problem: None,
        },
        issued: Some(Issued { login: "qinfeng".into(), password: "kelp-otter-92-lamp".into() }),
        keys: keys(),
    }
}

fn keys() -> KeysPart {
    let key = |login: &str, ended: bool| KeyRow {
        login: login.into(),
        name: "热线对接".into(),
        unit: OFFICE.into(),
        scopes: vec!["board".into(), "content".into()],
        made_by: "zhoumin".into(),
        made_at: "2026-08-03T09:00:00+08:00".into(),
        expires_at: "2026-11-01T09:00:00+08:00".into(),
        revoked_by: ended.then(|| "zhoumin".into()),
        revoked_at: ended.then(|| "2026-08-09T09:00:00+08:00".into()),
        last_used_at: ended.then(|| "2026-08-08T09:00:00+08:00".into()),
        revoke: command("/users/keys/revoke"),
    };
    KeysPart {
        rows: vec![key("api.hotline", false), key("api.old", true)],
        add: UserForm {
            command: command("/users/keys"),
            units: vec![Choice::named("office", OFFICE, true)],
            roles: codes(&ROLES, "registrar"),
            ..UserForm::default()
        },
        scopes: codes(&["board", "content"], "board"),
        scopes_problem: Some("权限范围超出所选角色".into()),
        issued: Some(Issued { login: "api.hotline".into(), password: "lxa_shown-once".into() }),
    }
}

pub(super) fn status() -> StatusPage {
    let service = |name: &str, unit: &str, health: &str| ServiceRow {
        name: name.into(),
        unit: unit.into(),
        health: health.into(),
        version: "0.1.0".into(),
        since: (health != "down").then(|| "2026-08-12T08:00:03+08:00".into()),
    };
    let stream = |name: &str, messages, used_percent| StreamRow {
        name: name.into(),
        messages,
        bytes: messages * 611,
        used_percent,
    };
    StatusPage {
        chrome: office("status"),
        href: "/status".into(),
        taken_at: "2026-08-12T10:15:20+08:00".into(),
        health: "attention".into(),
        alarms: vec![
            Alarm { code: "service_down".into(), subject: "agency/ziran".into() },
            Alarm { code: "dead_letters".into(), subject: "1".into() },
            Alarm { code: "calendar_year_missing".into(), subject: "2027".into() },
        ],
        services: vec![
            service("intake", OFFICE, "ok"),
            service("routing", OFFICE, "ok"),
            service("agency/renshe", "云岭县人力资源和社会保障局", "ok"),
            service("agency/ziran", "云岭县自然资源局", "down"),
        ],
        outboxes: vec![
            OutboxRow { service: "intake".into(), depth: 0, oldest_s: 0 },
            OutboxRow { service: "routing".into(), depth: 3, oldest_s: 2 },
        ],
        streams: vec![stream("EVT", 4812, 12), stream("DISPATCH_renshe", 214, 1), stream("RETURNS", 903, 4)],
        consumers: vec![
            ConsumerRow { name: "board".into(), pending: 0, unacknowledged: 0, parked: 0, stuck: false },
            ConsumerRow {
                name: "agency-ziran".into(),
                pending: 6,
                unacknowledged: 2,
                parked: 1,
                stuck: true,
            },
        ],
        dead_letters: vec![DeadLetterRow {
            id: "ev_01k2d9x0e8kq3v9m6b7t4h5n2p".into(),
            consumer: "board".into(),
            event_type: "lianxi.routing.matter_screened.v9".into(),
            reason: "unknown event version v9".into(),
            at: "2026-08-12T09:41:07+08:00".into(),
            requeued_at: None,
            requeue: Some(command("/status/requeue")),
        }],
    }
}

pub(super) fn problem() -> ProblemPage {
    ProblemPage {
        chrome: office(""),
        status: 409,
        kind: "conflict".into(),
        code: "recall_after_acceptance".into(),
        text: "承办单位已经受理，不能再撤回。".into(),
        acts: "office".into(),
        article: Some("《信访工作条例》第二十三条".into()),
        state: Some("handling".into()),
        reference: Some("4bf92f3577b34da6a3ce929d0e0e4736".into()),
        back_href: "/board".into(),
    }
}

pub(super) fn webhooks() -> crate::views::webhooks::WebhooksPage {
    use crate::views::webhooks::{AnnouncementRow, AttemptRow, WebhookRow, WebhooksPage};
    let at = || "2026-08-12T08:31:00+08:00".to_owned();
    let attempt =
        |outcome: &str, status| AttemptRow { at: at(), outcome: outcome.into(), status, took_ms: Some(41) };
    let types = || vec![Choice::code("assignment_dispatched", true), Choice::code("order_dispatched", false)];
    let row = |state: &str, attempts| AnnouncementRow {
        dispatch_id: "ev_01k1v7f5r00000000000000000".into(),
        address: "https://oa.example.gov.cn/hooks".into(),
        event_type: "assignment_dispatched".into(),
        state: state.into(),
        entered_at: at(),
        next_at: (state == "pending").then(at),
        attempts,
        again: (state != "pending").then(|| command("/webhooks/announcements/again")),
    };
    WebhooksPage {
        chrome: office("webhooks"),
        problem: None,
        secret: Some("whsec_bGlhbnhpLWxpYW54aS1saWFueGktbGlhbnhpLTEyMzQ=".into()),
        hooks: vec![WebhookRow {
            id: "wh_01k1v7f5r00000000000000000".into(),
            address: "https://oa.example.gov.cn/hooks".into(),
            types: vec!["assignment_dispatched".into()],
            choices: types(),
            active: false,
            made_by: "renshe.head".into(),
            made_at: at(),
            old_secret_until: Some(at()),
            pending: 1,
            delivered: 12,
            dead: 1,
            set: command("/webhooks/set"),
            rotate: command("/webhooks/rotate"),
        }],
        log: vec![
            row("dead", vec![attempt("unreachable", None), attempt("refused", Some(500))]),
            row("pending", vec![attempt("timed_out", None)]),
            row("delivered", vec![attempt("delivered", Some(204))]),
        ],
        add: command("/webhooks"),
        address: Field::of("http://oa.example.gov.cn").wrong("推送地址须以 https:// 开头"),
        types: types(),
        types_problem: None,
    }
}
