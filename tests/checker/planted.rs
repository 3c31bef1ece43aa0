//! The checker itself: a sound world finds nothing, and each planted fault is named.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    Broken, Dump,
    dump::{
        Agency, Alarm, AppliedRow, Assignment, BoardRow, Counter, Duty, Head, Invitation, Letter, Link,
        Matter, Notice, Order, ParkedRow, Resolution, ResolutionTask, Said, Slip, Step, Store, Stored,
        Submission, Task,
    },
    safety, settled,
};

const MATTER: &str = "xf_first";
const ACCUSATION: &str = "xf_second";

fn said(seq: i64, kind: &str, event_type: &str, order_key: &str, subject: &str, version: i64) -> Said {
    Said {
        id: format!("ev_{order_key}_{seq}"),
        kind: kind.to_owned(),
        event_type: event_type.to_owned(),
        order_key: order_key.to_owned(),
        subject_id: subject.to_owned(),
        version,
        body: "{}".to_owned(),
        sent_at: Some(1),
        ..Said::default()
    }
}

fn dispatch(seq: i64, code: &str, agency_seq: i64) -> Said {
    Said {
        agency: Some(code.to_owned()),
        agency_seq: Some(agency_seq),
        agency_hash: Some(format!("hash{agency_seq}")),
        received_at: Some(2),
        ..said(
            seq,
            "dispatch",
            "lianxi.routing.assignment.v1",
            &format!("lianxi/routing>{code}"),
            MATTER,
            agency_seq,
        )
    }
}

fn applied(consumer: &str, order_key: &str, subject: &str, version: i64) -> AppliedRow {
    AppliedRow {
        consumer: consumer.to_owned(),
        order_key: order_key.to_owned(),
        subject_id: subject.to_owned(),
        version,
        hash: None,
    }
}

fn matter(id: &str, state: &str, restricted: i64, version: i64, holder: &str) -> Matter {
    let claims = json!([{ "no": 1, "holder": holder }]).to_string();
    Matter { id: id.to_owned(), state: state.to_owned(), restricted, facts_known: 1, version, claims }
}

/// One matter signed for by `renshe`, one accusation of `laojian` that lies with the office.
fn sound() -> Dump {
    let mut dump = Dump::default();
    let numbers = ["XF1", "XF2"];
    for (n, id) in [MATTER, ACCUSATION].iter().enumerate() {
        let restricted = i64::from(n == 1);
        dump.intake.submissions.push(Submission {
            id: (*id).to_owned(),
            number: numbers[n].to_owned(),
            restricted,
        });
        dump.intake.keys.push((format!("form-{n}"), (*id).to_owned()));
        let seq = i64::try_from(n).expect("small") + 1;
        let fact = said(seq, "fact", "lianxi.intake.submission_registered.v1", "lianxi/intake", id, 1);
        dump.notification.notices.push(Notice { event_id: fact.id.clone(), ..notice("letter") });
        dump.intake.store.outbox.push(fact);
        dump.told.slips.push(Slip {
            key: format!("form-{n}"),
            receipt: Some(((*id).to_owned(), numbers[n].to_owned())),
            other_receipt: false,
            accused: if n == 1 { vec!["laojian".to_owned()] } else { Vec::new() },
            canaries: vec![format!("canary{n}z")],
        });
        for (consumer, store) in [
            ("routing-intake", &mut dump.routing.store),
            ("supervision-facts", &mut dump.supervision.store),
            ("meetings-facts", &mut dump.meetings.store),
            ("notification", &mut dump.notification.store),
            ("board", &mut dump.board.store),
        ] {
            store.applied.push(applied(consumer, "lianxi/intake", id, 1));
        }
    }
    routing(&mut dump);
    let mut site = Store { outbox: vec![signed()], ..Store::default() };
    let mark = AppliedRow { hash: Some("hash1".to_owned()), ..applied("agency", "routing", "", 1) };
    site.applied.push(mark);
    let task = Task {
        assignment_id: "as_1".to_owned(),
        matter_id: MATTER.to_owned(),
        state: "signed".to_owned(),
        version: 2,
    };
    dump.agencies.insert("renshe".to_owned(), Agency { store: site, tasks: vec![task], orders: Vec::new() });
    dump.agencies.insert("laojian".to_owned(), Agency::default());
    dump.told.steps.push(Step { agency: "renshe".to_owned(), assignment: "as_1".to_owned(), version: 2 });
    dump.board.rows.push(BoardRow {
        id: MATTER.to_owned(),
        number: "XF1".to_owned(),
        state: "forwarded".to_owned(),
        agency: "renshe".to_owned(),
    });
    dump.board.restricted.push(ACCUSATION.to_owned());
    dump.board.counters.push(Counter { state: "forwarded".to_owned(), agency: "renshe".to_owned(), n: 1 });
    dump.board.counters.push(Counter { state: "restricted".to_owned(), agency: "office".to_owned(), n: 1 });
    dump.under = ["renshe", "laojian"]
        .iter()
        .map(|code| ((*code).to_owned(), BTreeSet::from([(*code).to_owned()])))
        .collect();
    streams(&mut dump);
    dump
}

fn resolution(state: &str) -> Resolution {
    Resolution { id: "rs_1".to_owned(), kind: "competence".to_owned(), state: state.to_owned() }
}

fn bound(version: i64) -> Said {
    let body = json!({ "matter_id": MATTER, "by": "resolution:rs_1" }).to_string();
    let token = "lianxi.routing.competence_decided.v1";
    Said { body, ..said(version, "fact", token, "lianxi/routing", MATTER, version) }
}

fn signed() -> Said {
    let body = json!({ "matter_id": MATTER, "assignment_id": "as_1" }).to_string();
    Said { body, ..said(1, "return", "lianxi.agency.signed.v1", "lianxi/agency/renshe", MATTER, 1) }
}

/// A co-agency's assignment beside the first one.
fn helper(dump: &Dump, lead_no: Option<i64>) -> Assignment {
    Assignment {
        id: "as_2".to_owned(),
        no: 2,
        agency: "laojian".to_owned(),
        role: "co".to_owned(),
        lead_no,
        ..dump.routing.assignments[0].clone()
    }
}

fn routing(dump: &mut Dump) {
    let routing = &mut dump.routing;
    routing.matters.push(matter(MATTER, "forwarded", 0, 2, "renshe"));
    routing.matters.push(matter(ACCUSATION, "registered", 1, 0, "office"));
    routing.assignments.push(Assignment {
        id: "as_1".to_owned(),
        matter_id: MATTER.to_owned(),
        no: 1,
        agency: "renshe".to_owned(),
        state: "signed".to_owned(),
        active: 1,
        role: "lead".to_owned(),
        lead_no: None,
    });
    let fact = |seq, token: &str, version| {
        said(seq, "fact", &format!("lianxi.routing.{token}.v1"), "lianxi/routing", MATTER, version)
    };
    let cause = Some(signed().id);
    let body = signed().body;
    routing.store.outbox = vec![
        fact(1, "matter_forwarded", 1),
        dispatch(2, "renshe", 1),
        Said { causation: cause, body, ..fact(3, "assignment_signed", 2) },
    ];
    routing.store.dispatch_heads.push(Head { agency: "renshe".to_owned(), seq: 1, hash: "hash1".to_owned() });
    routing.store.applied.push(applied("routing-returns", "lianxi/agency/renshe", MATTER, 1));
    dump.intake.store.applied.push(applied("intake", "lianxi/routing", MATTER, 2));
    let supervision = &mut dump.supervision.store.applied;
    supervision.push(applied("supervision-facts", "lianxi/routing", MATTER, 2));
    supervision.push(applied("supervision-returns", "lianxi/agency/renshe", MATTER, 1));
    let meetings = &mut dump.meetings.store.applied;
    meetings.push(applied("meetings-facts", "lianxi/routing", MATTER, 2));
    meetings.push(applied("meetings-returns", "lianxi/agency/renshe", MATTER, 1));
    dump.notification.store.applied.push(applied("notification", "lianxi/routing", MATTER, 2));
    dump.board.store.applied.push(applied("board", "lianxi/routing", MATTER, 2));
}

fn streams(dump: &mut Dump) {
    let stored = |s: &Said| Stored { subject: s.subject_id.clone(), id: s.id.clone(), text: s.body.clone() };
    let all: Vec<Said> = dump.stores().flat_map(|(_, s)| s.outbox.clone()).collect();
    let of = |kind: &str| all.iter().filter(|s| s.kind == kind).map(stored).collect::<Vec<_>>();
    dump.streams = BTreeMap::from([
        ("EVT".to_owned(), of("fact")),
        ("RETURNS".to_owned(), of("return")),
        ("DISPATCH_renshe".to_owned(), of("dispatch")),
        ("DISPATCH_laojian".to_owned(), Vec::new()),
    ]);
    dump.untaken.insert("EVT/routing".to_owned(), 0);
}

#[test]
fn checker_finds_nothing_in_a_sound_world() {
    assert_eq!(settled(&sound()), []);
    assert_eq!(settled(&Dump::default()), []);
}

type Plant = fn(&mut Dump);

/// What somebody did, and what must be said of it.
const AT_EVERY_COMMIT: &[(Broken, Plant)] = &[
    (Broken::NumberLost, |d| d.intake.submissions[0].number = "XF9".to_owned()),
    (Broken::TwoReceipts, |d| d.told.slips[0].other_receipt = true),
    (Broken::NumberTwice, |d| d.intake.submissions[1].number = "XF1".to_owned()),
    (Broken::NumberTwice, |d| d.intake.keys[1].1 = MATTER.to_owned()),
    (Broken::StepLost, |d| d.agencies.get_mut("renshe").expect("renshe").tasks[0].version = 1),
    (Broken::NoHolder, |d| d.routing.matters[0] = matter(MATTER, "forwarded", 0, 2, "")),
    (Broken::WrongHolder, |d| d.routing.matters[0] = matter(MATTER, "forwarded", 0, 2, "office")),
    // Given back, and its claims with it.
    (Broken::WrongHolder, |d| {
        d.routing.assignments[0].state = "returned".to_owned();
        d.routing.assignments[0].active = 0;
    }),
    (Broken::TwoActive, |d| {
        d.routing.assignments[0].state = "returned".to_owned();
        d.routing.matters[0] = matter(MATTER, "returned", 0, 2, "office");
    }),
    (Broken::TwoActive, |d| {
        let second = Assignment { id: "as_2".to_owned(), no: 2, ..d.routing.assignments[0].clone() };
        d.routing.assignments.push(second);
    }),
    (Broken::TwoActive, |d| d.routing.assignments[0].active = 0),
    // A part that nobody waits for, and one that is open though its lead has answered.
    (Broken::PartWithoutLead, |d| d.routing.assignments.push(helper(d, Some(9)))),
    (Broken::PartWithoutLead, |d| {
        d.routing.assignments.push(helper(d, Some(1)));
        d.routing.assignments[0].state = "opinion_issued".to_owned();
    }),
    (Broken::AssignmentNumbers, |d| d.routing.assignments[0].no = 2),
    (Broken::EffectTwice, |d| {
        let again = Said {
            version: 3,
            event_type: "lianxi.routing.return_set_aside.v1".to_owned(),
            ..d.routing.store.outbox[2].clone()
        };
        d.routing.store.outbox.push(again);
    }),
    (Broken::EffectTwice, |d| {
        let again = Said { version: 2, ..d.intake.store.outbox[0].clone() };
        d.intake.store.outbox.push(again);
    }),
    (Broken::StepTwice, |d| {
        let again = Said { version: 2, ..signed() };
        d.agencies.get_mut("renshe").expect("renshe").store.outbox.push(again);
    }),
    (Broken::SequenceGap, |d| d.routing.store.outbox[1].agency_seq = Some(2)),
    (Broken::HeadDiffers, |d| d.routing.store.outbox[1].agency_hash = Some("other".to_owned())),
    (Broken::VersionDiffers, |d| d.routing.matters[0].version = 7),
    (Broken::VersionDiffers, |d| d.routing.store.outbox[2].version = 3),
    (Broken::Foreign, |d| row(d, "laojian", "task", MATTER)),
    (Broken::Foreign, |d| row(d, "renshe", "look", "XF2")),
    (Broken::Foreign, |d| d.told.seen.push(("laojian".to_owned(), format!("not {MATTER}")))),
    (Broken::Foreign, |d| {
        let stored = Stored { text: MATTER.to_owned(), ..Stored::default() };
        d.streams.get_mut("DISPATCH_laojian").expect("stream").push(stored);
    }),
    (Broken::Canary, |d| row(d, "renshe", "text_copy", "canary0z")),
    (Broken::Canary, |d| row(d, "renshe", "text_copy", "X'63616E61727931'||63616E617279317A")),
    (Broken::Canary, |d| d.told.seen.push(("renshe".to_owned(), "canary1z".to_owned()))),
    (Broken::Canary, |d| d.routing.store.outbox[0].body = "{\"title\":\"canary0z\"}".to_owned()),
    (Broken::Canary, |d| d.streams.get_mut("EVT").expect("EVT")[0].text = "XF2".to_owned()),
    (Broken::Betrayed, |d| {
        let to = Assignment {
            id: "as_3".to_owned(),
            matter_id: ACCUSATION.to_owned(),
            agency: "laojian".to_owned(),
            ..d.routing.assignments[0].clone()
        };
        d.routing.assignments.push(to);
    }),
    (Broken::TimerTwice, |d| d.supervision.store.outbox = vec![breach(1), breach(2)]),
    (Broken::TimerTwice, |d| {
        let state = "met".to_owned();
        d.supervision.duties.push(Duty {
            state,
            breached_on: Some("2026-08-19".to_owned()),
            ..Duty::default()
        });
    }),
    (Broken::TimerEarly, |d| d.supervision.store.outbox = vec![breach(1)]),
    (Broken::TimerEarly, |d| {
        d.supervision.alarms.push(Alarm { fires_at: 9, fired_at: Some(8), ..Alarm::default() });
    }),
    (Broken::ResolutionTwice, |d| {
        d.meetings.resolutions.push(resolution("binding"));
        d.routing.store.outbox.extend([bound(3), bound(4)]);
    }),
    (Broken::NotInvited, |d| {
        let (meeting_id, agency) = ("mt_1".to_owned(), "renshe".to_owned());
        d.meetings.invitations.push(Invitation { meeting_id, agency });
    }),
    (Broken::NotInvited, |d| {
        let (id, agency) = ("tk_1".to_owned(), "renshe".to_owned());
        d.meetings.resolution_tasks.push(ResolutionTask { id, agency, ..ResolutionTask::default() });
    }),
    (Broken::OrderNumbers, |d| d.supervision.orders = vec![order(2)]),
    (Broken::OrderNumbers, |d| {
        d.supervision.orders = vec![Order { state: "draft".to_owned(), ..order(1) }];
    }),
    (Broken::OrderTwice, |d| d.supervision.orders = vec![order(1), order(2)]),
    (Broken::NoticeTwice, |d| d.notification.notices = vec![notice("letter"), notice("letter")]),
    (Broken::NoticeStuck, |d| d.notification.notices = vec![notice("mail")]),
    (Broken::NoticeStuck, |d| {
        d.notification.notices =
            vec![Notice { restricted: 1, audience: "agency:renshe".to_owned(), ..notice("letter") }];
    }),
    (Broken::NoticeStuck, |d| {
        let (audience, state) = ("office:supervisor".to_owned(), "delivered".to_owned());
        let made_for_one = Notice { restricted: 1, version: 1, audience, state, ..notice("inbox") };
        d.notification.notices = vec![made_for_one];
    }),
    (Broken::Chain, |d| d.routing.store.audit.push("log 3 Gap".to_owned())),
    (Broken::Sum, |d| d.routing.matters[0].state = "lost".to_owned()),
    (Broken::Sum, |d| {
        d.intake.links.push(Link { submission_id: ACCUSATION.to_owned(), matter_id: "xf_third".to_owned() });
    }),
];

/// A notice that waits; by mail it waits for no time.
fn notice(channel: &str) -> Notice {
    Notice {
        id: "nt_1".to_owned(),
        event_id: "ev_1".to_owned(),
        audience: "petitioner".to_owned(),
        channel: channel.to_owned(),
        state: "queued".to_owned(),
        ..Notice::default()
    }
}

fn breach(version: i64) -> Said {
    let token = "lianxi.supervision.duty_breached.v1";
    said(version, "fact", token, "lianxi/supervision", MATTER, version)
}

fn order(n: i64) -> Order {
    Order {
        id: format!("or_{n}"),
        assignment_id: "as_1".to_owned(),
        agency: "renshe".to_owned(),
        state: "issued".to_owned(),
        open: 1,
        document_number: Some(format!("信督〔2026〕{n}号")),
    }
}

const AFTER_HEALING: &[(Broken, Plant)] = &[
    (Broken::NoticeMissing, |d| d.notification.notices.clear()),
    (Broken::TimerMissed, |d| {
        d.supervision.alarms.push(Alarm { fires_at: 9, ..Alarm::default() });
        d.now = 9;
    }),
    (Broken::ResolutionLost, |d| d.meetings.resolutions.push(resolution("adopted"))),
    (Broken::StateDiffers, |d| d.supervision.orders = vec![order(1)]),
    (Broken::NowhereAtAll, |d| d.routing.matters[0].state = "screened".to_owned()),
    (Broken::NowhereAtAll, |d| d.routing.matters[0].state = "disputed".to_owned()),
    (Broken::NowhereAtAll, |d| d.routing.matters[1].facts_known = 0),
    (Broken::EffectMissing, |d| {
        d.routing.matters.pop();
    }),
    (Broken::EffectMissing, |d| d.routing.store.outbox[2].causation = None),
    (Broken::Unreceipted, |d| d.routing.store.outbox[1].received_at = None),
    (Broken::HeadDiffers, |d| d.agencies.get_mut("renshe").expect("renshe").store.applied.clear()),
    (Broken::SiteDiffers, |d| d.agencies.get_mut("renshe").expect("renshe").tasks.clear()),
    (Broken::AppliedDiffers, |d| d.intake.store.applied[0].version = 1),
    (Broken::AppliedDiffers, |d| d.board.store.applied.clear()),
    (Broken::SiteDiffers, |d| {
        d.agencies.get_mut("renshe").expect("renshe").tasks[0].matter_id = ACCUSATION.to_owned();
    }),
    (Broken::StateDiffers, |d| {
        d.agencies.get_mut("renshe").expect("renshe").tasks[0].state = "closed".to_owned();
    }),
    (Broken::Sum, |d| {
        d.routing.matters.pop();
    }),
    (Broken::Sum, |d| {
        let task = d.agencies["renshe"].tasks[0].clone();
        d.agencies.get_mut("laojian").expect("laojian").tasks.push(task);
    }),
    (Broken::BoardDiffers, |d| d.board.rows[0].state = "closed".to_owned()),
    (Broken::BoardDiffers, |d| d.board.counters[0].n = 2),
    (Broken::BoardDiffers, |d| d.board.rows.clear()),
    (Broken::BoardDiffers, |d| d.board.restricted.clear()),
    (Broken::BoardDiffers, |d| d.board.rows[0].number = "XF9".to_owned()),
    (Broken::Canary, |d| d.board.rows[0].id = ACCUSATION.to_owned()),
    (Broken::StreamDiffers, |d| d.streams.get_mut("RETURNS").expect("RETURNS").clear()),
    (Broken::StreamDiffers, |d| d.streams.get_mut("EVT").expect("EVT")[0].id = "ev_forged".to_owned()),
    (Broken::Unsent, |d| d.intake.store.outbox[0].sent_at = None),
    (Broken::Untaken, |d| {
        d.untaken.insert("RETURNS/routing".to_owned(), 3);
    }),
    (Broken::Parked, |d| d.intake.store.parked.push(ParkedRow::default())),
    (Broken::DeadLetter, |d| d.intake.store.dead.push(Letter::default())),
    (Broken::HiddenLetter, |d| d.intake.store.dead.push(Letter::default())),
];

fn row(dump: &mut Dump, code: &str, table: &str, text: &str) {
    let rows = &mut dump.agencies.get_mut(code).expect("agency").store.rows;
    rows.push((table.to_owned(), text.to_owned()));
}

#[test]
fn checker_names_each_planted_fault() {
    for (n, (broken, plant)) in AT_EVERY_COMMIT.iter().enumerate() {
        let mut dump = sound();
        plant(&mut dump);
        let found = safety(&dump);
        assert!(found.iter().any(|v| v.what == *broken), "{n}: {broken:?} in {found:?}");
    }
    for (n, (broken, plant)) in AFTER_HEALING.iter().enumerate() {
        let mut dump = sound();
        plant(&mut dump);
        let found = settled(&dump);
        assert!(found.iter().any(|v| v.what == *broken), "{n}: {broken:?} in {found:?}");
    }
}
