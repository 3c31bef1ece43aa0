//! The board from the facts: duplicates, reordering, late ones; both databases.

use std::sync::Arc;

use chrono::NaiveDate;
use console::board::{
    self, Known,
    list::{Asked, Bucket, Queue, Sort, Tally},
};
use db::testing;
use kernel::{Clocks, IdMint, ManualClock, MatterId};
use serde_json::json;

use crate::{
    facts::{self, Handed, Teller},
    support::Rig,
};

async fn each(test: impl AsyncFn(Rig)) {
    let (clock, clocks): (Arc<ManualClock>, Clocks) = testing::clocks();
    let test = &test;
    testing::each_backend_with(&[&console::MIGRATIONS], IdMint::system(), clocks, |db| {
        let clock = clock.clone();
        async move { test(Rig::on(db, clock).await).await }
    })
    .await;
}

async fn drain(rig: &Rig) {
    let feed = console::parts(&rig.deps).feed;
    // Parked messages are taken up when their predecessors come; a few steps settle it.
    for _ in 0..6 {
        feed.step().await.expect("step");
        rig.clock.advance_ms(10_000);
    }
}

async fn row(rig: &Rig, id: MatterId) -> board::BoardRow {
    board::load(&rig.deps.db, id).await.expect("store").expect("a row").row
}

fn today() -> NaiveDate {
    facts::day("2026-08-03")
}

#[tokio::test]
async fn a_matter_goes_its_way_and_the_counters_follow() {
    each(async |rig| {
        let mut teller = Teller::new(&rig.memory, &rig.clock);
        let id: MatterId = teller.mint.mint();
        let handed = Handed::new(id, &teller.mint);
        teller.say("renshe", &facts::listed("renshe", "人社局")).await;
        teller.say(id, &facts::registered(id, "XF990102-260803-0001")).await;
        teller.say(id, &facts::proposed(id)).await;
        teller.say(id, &facts::screened(id, false)).await;
        drain(&rig).await;
        let found = row(&rig, id).await;
        assert_eq!((found.state.code(), found.agency.as_ref()), ("screened", None));
        assert_eq!(found.due.as_ref().map(|d| d.rule.to_string()).as_deref(), Some("T01"));
        assert_eq!(found.proposal.as_ref().map(|p| p.confidence), Some(80));

        teller.say(id, &handed.forwarded()).await;
        drain(&rig).await;
        let found = row(&rig, id).await;
        assert_eq!(
            (found.state.code(), found.due),
            ("forwarded", None),
            "nothing runs until it is delivered"
        );
        teller.say(id, &handed.delivered()).await;
        drain(&rig).await;
        let rule = |row: &board::BoardRow| row.due.as_ref().map(|d| d.rule.to_string());
        assert_eq!(rule(&row(&rig, id).await).as_deref(), Some("T03"), "T04 is a right, no duty");
        let mint = teller.mint.clone();
        teller.say(id, &handed.signed()).await;
        teller.say(id, &handed.accepted(&mint)).await;
        drain(&rig).await;
        assert_eq!(rule(&row(&rig, id).await).as_deref(), Some("T06"));
        teller.say(id, &handed.closed()).await;
        drain(&rig).await;
        let found = row(&rig, id).await;
        assert_eq!((found.state.code(), found.due), ("closed", None));

        let counts = board::counts(&rig.deps.db, None, true).await.expect("counts");
        assert_eq!(counts.by_state.get("closed"), Some(&1));
        assert_eq!((counts.by_state.len(), counts.total, counts.restricted), (1, 1, Some(0)));
        let timeline = board::event_rows(&rig.deps.db, id).await.expect("timeline");
        assert_eq!(timeline.len(), 8);
        let codes: Vec<_> = board::milestones::milestones(&timeline).into_iter().map(|m| m.code).collect();
        assert_eq!(codes, ["registered", "screened", "forwarded", "delivered", "accepted", "closed"]);
        assert_eq!(board::agencies(&rig.deps.db).await.expect("agencies")[0].name_zh, "人社局");
    })
    .await;
}

#[tokio::test]
async fn facts_twice_late_and_in_any_order_make_the_same_board() {
    each(async |rig| {
        let mut teller = Teller::new(&rig.memory, &rig.clock);
        let id: MatterId = teller.mint.mint();
        let handed = Handed::new(id, &teller.mint);
        let subject = id.to_string();
        let mut all = vec![
            teller.message(&subject, &facts::registered(id, "XF1")),
            teller.message(&subject, &facts::opened(id)),
            teller.message(&subject, &facts::screened(id, false)),
            teller.message(&subject, &handed.forwarded()),
            teller.message(&subject, &handed.recalled()),
        ];
        all.reverse();
        for message in &all {
            teller.publish(message, 0).await;
            drain(&rig).await;
        }
        // Sent again by a relay that lost the answer: another message id on the bus, the same fact.
        for message in &all {
            teller.publish(message, 1).await;
        }
        drain(&rig).await;
        let found = row(&rig, id).await;
        assert_eq!(found.state.code(), "screened");
        assert_eq!((found.intake_version, found.routing_version), (2, 3));
        assert!(found.recalled && found.agency.is_none());
        assert_eq!(
            found.due.map(|d| d.rule.to_string()).as_deref(),
            Some("T01"),
            "the office's limit never stopped"
        );
        assert_eq!(board::event_rows(&rig.deps.db, id).await.expect("timeline").len(), 5);
        let counts = board::counts(&rig.deps.db, None, false).await.expect("counts");
        assert_eq!((counts.total, counts.by_agency.get("office"), counts.restricted), (1, Some(&1), None));
    })
    .await;
}

#[tokio::test]
async fn an_accusation_leaves_no_trace_but_a_number() {
    each(async |rig| {
        let mut teller = Teller::new(&rig.memory, &rig.clock);
        let (born, turned): (MatterId, MatterId) = (teller.mint.mint(), teller.mint.mint());
        teller.say(born, &facts::accusation(born)).await;
        teller.say(born, &facts::opened(born)).await;
        teller.say(born, &facts::screened(born, true)).await;
        teller.say(turned, &facts::registered(turned, "XF2")).await;
        drain(&rig).await;
        rig.scripts.on("intake.masked", |got| {
            let ids = got.body["submissions"].as_array().expect("ids").clone();
            Ok(ids
                .into_iter()
                .map(|id| json!({ "submission_id": id, "title": "科长吃拿卡要", "text": "情况属实" }))
                .collect())
        });
        console::parts(&rig.deps).index.step().await.expect("indexed");
        let asked = rig.scripts.got("intake.masked")[0].body.to_string();
        assert!(asked.contains(&turned.to_string()) && !asked.contains(&born.to_string()));
        teller.say(turned, &facts::screened(turned, true)).await;
        drain(&rig).await;

        let db = &rig.deps.db;
        for id in [born, turned] {
            assert_eq!(board::load(db, id).await.expect("store"), None);
            assert!(board::event_rows(db, id).await.expect("store").is_empty());
            let known =
                db.read(|tx| Box::pin(async move { board::known(tx, id).await })).await.expect("store");
            assert!(matches!(known, Known::Restricted((1 | 2, 1))), "{known:?}");
        }
        for q in ["吃拿卡要", "XF2"] {
            let asked = Asked { q: q.into(), ..Asked::default() };
            let filters = asked.filters(today(), &[], None).expect("filters");
            let page = board::list::page(db, filters, Sort::Due, "", 10, today()).await.expect("page");
            assert!(page.items.is_empty(), "{q}");
        }
        assert_eq!(board::counts(db, None, false).await.expect("counts"), board::Counts::default());
        assert_eq!(board::counts(db, None, true).await.expect("counts").restricted, Some(2));
    })
    .await;
}

#[tokio::test]
async fn a_repeat_is_attached_and_both_timelines_say_so() {
    each(async |rig| {
        let mut teller = Teller::new(&rig.memory, &rig.clock);
        let (first, repeat): (MatterId, MatterId) = (teller.mint.mint(), teller.mint.mint());
        teller.say(first, &facts::registered(first, "XF1")).await;
        teller.say(repeat, &facts::registered(repeat, "XF2")).await;
        teller.say(repeat, &facts::linked(repeat, first)).await;
        drain(&rig).await;
        let found = row(&rig, repeat).await;
        assert_eq!((found.state.code(), found.attached_to, found.due), ("attached", Some(first), None));
        for id in [first, repeat] {
            assert_eq!(board::event_rows(&rig.deps.db, id).await.expect("timeline").len(), 2);
        }
        assert_eq!(board::numbers(&rig.deps.db, " xf1 ").await.expect("number"), Some(first));
    })
    .await;
}

#[tokio::test]
async fn lists_filter_sort_search_and_turn_pages() {
    each(async |rig| {
        let mut teller = Teller::new(&rig.memory, &rig.clock);
        // Minted in order of time, for the script below answers by position.
        let mint = |_| {
            rig.clock.advance_ms(1);
            teller.mint.mint()
        };
        let ids: Vec<MatterId> = (0..7).map(mint).collect();
        for (n, id) in ids.iter().enumerate() {
            rig.clock.advance_ms(1);
            teller.say(id, &facts::registered(*id, &format!("XF990102-260803-{n:04}"))).await;
        }
        let handed = Handed::new(ids[0], &teller.mint);
        teller.say(ids[0], &facts::screened(ids[0], false)).await;
        teller.say(ids[0], &handed.forwarded()).await;
        drain(&rig).await;
        rig.scripts.on("intake.masked", |got| {
            let ids: Vec<_> = got.body["submissions"].as_array().expect("ids").clone();
            let text =
                |n: usize| if n == 3 { "拖欠农民工工资，联系电话■" } else { "噪声扰民" };
            Ok(ids
                .iter()
                .enumerate()
                .map(|(n, id)| json!({ "submission_id": id, "title": format!("第{n}件"), "text": text(n) }))
                .collect())
        });
        let index = console::parts(&rig.deps).index;
        assert_eq!(index.step().await.expect("indexed"), 7);
        assert_eq!(index.step().await.expect("indexed"), 0, "nothing is asked for twice");

        let db = &rig.deps.db;
        let list = async |asked: Asked, after: &str, rows: i64| {
            let filters = asked.filters(today(), &[Queue::ToRoute], None).expect("filters");
            board::list::page(db, filters, asked.sort().expect("sort"), after, rows, today())
                .await
                .expect("page")
        };
        let asked = || Asked::default();
        for sort in Sort::ALL {
            let sorted = Asked { sort: sort.code().into(), ..asked() };
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = list(sorted.clone(), &after, 3).await;
                seen.extend(page.items.iter().map(|l| l.row.matter_id));
                match page.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
            let mut unique = seen.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!((seen.len(), unique.len()), (7, 7), "{sort:?}");
            if sort == Sort::Due {
                assert_eq!(seen[6], ids[0], "what has no limit comes last");
            }
        }
        assert_eq!(list(Asked { agency: "renshe".into(), ..asked() }, "", 9).await.items.len(), 1);
        assert_eq!(list(Asked { agency: "office".into(), ..asked() }, "", 9).await.items.len(), 6);
        assert_eq!(list(Asked { category: "labour".into(), ..asked() }, "", 9).await.items.len(), 1);
        assert_eq!(list(Asked { mine: "true".into(), ..asked() }, "", 9).await.items.len(), 6);
        assert_eq!(list(Asked { tab: "registered_today".into(), ..asked() }, "", 9).await.items.len(), 7);
        let hits = list(Asked { q: "农民工工资".into(), ..asked() }, "", 9).await;
        assert_eq!(hits.items.len(), 1);
        assert_eq!(hits.items[0].row.matter_id, ids[3]);
        assert_eq!(hits.items[0].title.as_deref(), Some("第3件"));
        assert_eq!(list(Asked { q: "xf990102-260803-0005".into(), ..asked() }, "", 9).await.items.len(), 1);
        for nothing in ["张三", "\" OR *", "工"] {
            assert_eq!(list(Asked { q: nothing.into(), ..asked() }, "", 9).await.items.len(), 0, "{nothing}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_time_left_is_counted_as_it_is_shown() {
    each(async |rig| {
        let mut teller = Teller::new(&rig.memory, &rig.clock);
        let id: MatterId = teller.mint.mint();
        teller.say(id, &facts::registered(id, "XF1")).await;
        drain(&rig).await;
        let due = row(&rig, id).await.due.expect("T01");
        let db = &rig.deps.db;
        for offset in [-20, -8, -7, -4, -3, -1, 0, 1, 5] {
            let on = due.nominal_on + chrono::Duration::days(offset);
            let bucket = Bucket::of(due.nominal_on, due.legal_on, due.provisional, on);
            let none = Asked::default().filters(on, &[], None).expect("filters");
            let Tally { total, by_bucket } = board::list::tally(db, none, on).await.expect("tally");
            let at = Bucket::ALL.iter().position(|b| *b == bucket).expect("bucket");
            assert_eq!(
                (total, by_bucket[at], by_bucket.iter().sum::<i64>()),
                (1, 1, 1),
                "{offset} {bucket:?}"
            );
            for asked in Bucket::ALL {
                let filters = Asked { due: asked.code().into(), ..Asked::default() };
                let filters = filters.filters(on, &[], None).expect("filters");
                let page = board::list::page(db, filters, Sort::Due, "", 5, on).await.expect("page");
                assert_eq!(page.items.len(), usize::from(asked == bucket), "{offset} {asked:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_board_is_rebuilt_from_the_facts() {
    each(async |rig| {
        let mut teller = Teller::new(&rig.memory, &rig.clock);
        let id: MatterId = teller.mint.mint();
        let all = [
            teller.say(id, &facts::registered(id, "XF1")).await,
            teller.say(id, &facts::screened(id, false)).await,
        ];
        drain(&rig).await;
        let before = row(&rig, id).await;
        board::clear(&rig.deps.db).await.expect("cleared");
        assert_eq!(board::load(&rig.deps.db, id).await.expect("store"), None);
        for message in &all {
            teller.publish(message, 2).await;
        }
        drain(&rig).await;
        assert_eq!(row(&rig, id).await, before);
    })
    .await;
}

#[tokio::test]
async fn whoever_gave_a_command_waits_for_its_fact() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let id: MatterId = teller.mint.mint();
    teller.say(id, &facts::registered(id, "XF1")).await;
    let feed = console::parts(&rig.deps).feed;
    let waits = rig.deps.watch.until(id, "intake", 1);
    let feeds = async {
        tokio::task::yield_now().await;
        feed.step().await.expect("step");
    };
    let (seen, ()) = tokio::join!(waits, feeds);
    assert!(seen.expect("store"));
    fresh.discard().await.expect("discarded");
}
