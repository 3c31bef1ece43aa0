//! What a consumer keeps: applied versions, parked messages, dead letters.

use std::collections::{BTreeMap, HashMap};

use crate::support::*;
use db::{
    Db, StoreError,
    dead_letter::{self, Burial},
    inbox::{self, Applied, SubjectKey},
    outbox, parked,
    testing::each_backend,
};
use kernel::{EventId, UnixMillis, UserId};

async fn rows_of(db: &Db, subject: &str, count: i64) -> Vec<outbox::OutboxRow> {
    for _ in 0..count {
        publish(db, subject).await.expect("published");
    }
    outbox::page(db, None, 0, 100).await.expect("rows")
}

async fn park(db: &Db, rows: Vec<outbox::OutboxRow>) -> bool {
    db.write(move |tx| {
        let rows = rows.clone();
        Box::pin(async move {
            let keys: Vec<SubjectKey> = rows
                .iter()
                .map(|r| SubjectKey::new(r.message.order_key(), r.message.subject_id.clone()))
                .collect();
            let subjects: Vec<String> = rows.iter().map(outbox::OutboxRow::subject).collect();
            let parking: Vec<parked::Parking<'_>> = rows
                .iter()
                .zip(keys.iter().zip(&subjects))
                .map(|(row, (key, subject))| parked::Parking {
                    key,
                    version: row.message.version,
                    subject,
                    message: &row.message,
                })
                .collect();
            parked::park(tx, "board", &parking).await
        })
    })
    .await
    .expect("parked")
}

async fn take(db: &Db, applied: i64) -> Vec<parked::Parked> {
    db.write(move |tx| {
        Box::pin(async move {
            let key = SubjectKey::new("lianxi/routing", "xf_1");
            parked::take_following(tx, "board", &key, applied, 100).await
        })
    })
    .await
    .expect("taken")
}

#[tokio::test]
async fn parked_messages_come_back_in_order_when_their_predecessor_is_there() {
    each_backend(&[], |db| async move {
        let rows = rows_of(&db, "xf_1", 6).await;
        let early: Vec<_> = [5, 2, 3, 1, 2].iter().map(|at| rows[*at].clone()).collect();
        assert!(park(&db, early).await);
        assert_eq!(parked::counts(&db, "board").await.expect("counts").parked, 4);
        assert!(take(&db, 0).await.is_empty(), "version 1 is missing");
        let taken = take(&db, 1).await;
        assert_eq!(taken.iter().map(|p| p.version).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(taken[0].message, rows[1].message);
        assert!(take(&db, 4).await.is_empty(), "version 5 is missing");
        assert!(take(&db, 6).await.is_empty(), "version 6 came by another way");
        let counts = parked::counts(&db, "board").await.expect("counts");
        assert_eq!((counts.parked, counts.oldest()), (0, None));
    })
    .await;
}

#[tokio::test]
async fn no_more_is_parked_than_the_limit() {
    each_backend(&[], |db| async move {
        let row = rows_of(&db, "xf_1", 1).await.remove(0);
        let fill = usize::try_from(parked::MAX_PARKED).expect("small") - 1;
        let many: Vec<_> = (0..fill)
            .map(|i| {
                let mut row = row.clone();
                row.message.version = i64::try_from(i).expect("small") + 2;
                row
            })
            .collect();
        assert!(park(&db, many).await);
        let mut last = row.clone();
        last.message.version = 1_000_000;
        let mut over = row;
        over.message.version = 1_000_001;
        assert!(!park(&db, vec![last.clone(), over.clone()]).await);
        assert!(park(&db, vec![last]).await);
        assert!(!park(&db, vec![over]).await);
    })
    .await;
}

#[tokio::test]
async fn applied_versions_only_grow() {
    each_backend(&[], |db| async move {
        let set = |version: i64, hash: Option<&'static str>| {
            let db = db.clone();
            async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        let mark = Applied { version, hash: hash.map(str::to_owned) };
                        let marks = BTreeMap::from([(SubjectKey::new("lianxi/routing", "xf_1"), mark)]);
                        inbox::set_applied(tx, "board", &marks).await
                    })
                })
                .await
                .expect("set");
            }
        };
        set(3, Some("ab")).await;
        set(2, None).await;
        let found = db
            .write(|tx| {
                Box::pin(async move {
                    let keys = [
                        SubjectKey::new("lianxi/routing", "xf_1"),
                        SubjectKey::new("lianxi/routing", "xf_2"),
                    ];
                    inbox::applied(tx, "board", &keys).await
                })
            })
            .await
            .expect("read");
        let expected = Applied { version: 3, hash: Some("ab".into()) };
        assert_eq!(found, BTreeMap::from([(SubjectKey::new("lianxi/routing", "xf_1"), expected)]));
    })
    .await;
}

#[tokio::test]
async fn old_marks_of_the_inbox_are_forgotten() {
    each_backend(&[], |db| async move {
        let forget = |before: UnixMillis| {
            db.write(move |tx| Box::pin(async move { inbox::forget_before(tx, before).await }))
        };
        let mark = || db.write(|tx| Box::pin(async move { tx.first_time("board", "ev_1").await }));
        assert!(mark().await.expect("marked"));
        assert_eq!(forget(AT).await.expect("forgotten"), 0);
        assert_eq!(forget(AT.plus_ms(1)).await.expect("forgotten"), 1);
        assert!(mark().await.expect("marked"));
    })
    .await;
}

#[tokio::test]
async fn a_dead_letter_is_seen_requeued_by_name_and_resolved() {
    each_backend(&[], |db| async move {
        let burial = Burial {
            consumer: "board".into(),
            message_id: "EVT/7".into(),
            subject: "evt.routing.noted.xf_1".into(),
            headers: HashMap::from([("ce-id".to_owned(), "ev_x".to_owned())]),
            body: vec![0, 159, 255],
            reason: format!("not JSON\0{}", "長".repeat(600)),
        };
        let bury = |burial: Burial| {
            db.write(move |tx| {
                let burial = burial.clone();
                Box::pin(async move { dead_letter::bury(tx, &burial).await })
            })
        };
        let user: UserId = db.mint().mint();
        let requeue = |number| {
            db.write(move |tx| Box::pin(async move { dead_letter::requeue(tx, number, user).await }))
        };
        let waiting = || db.write(|tx| Box::pin(async move { dead_letter::requeued(tx, "board", 10).await }));
        let number = bury(burial.clone()).await.expect("buried");
        assert_eq!(bury(burial.clone()).await.expect("the same one"), number);
        assert!(waiting().await.expect("list").is_empty());
        assert!(requeue(number).await.expect("asked"));
        assert!(!requeue(number).await.expect("asked"), "it waits already");
        assert!(!requeue(number + 1).await.expect("asked"), "there is none");
        let letter = waiting().await.expect("list").remove(0);
        assert_eq!((letter.body, letter.headers), (burial.body.clone(), burial.headers.clone()));
        assert_eq!(letter.requeued_by, Some(user.to_string()));
        assert_eq!(letter.reason.chars().count(), 500);
        // It fails again and takes another requeue.
        bury(burial.clone()).await.expect("buried");
        assert!(waiting().await.expect("list").is_empty());
        assert!(requeue(number).await.expect("asked"));
        let resolve = || db.write(move |tx| Box::pin(async move { dead_letter::resolve(tx, number).await }));
        resolve().await.expect("resolved");
        assert!(matches!(resolve().await, Err(StoreError::Stale)));
        assert_eq!(dead_letter::count(&db).await.expect("count"), 0);
        assert_ne!(bury(burial).await.expect("a new one"), number);
        assert_eq!(dead_letter::list(&db, number, 10).await.expect("list").len(), 1);
        let id: EventId = db.mint().mint();
        assert!(outbox::by_id(&db, id).await.expect("read").is_none());
    })
    .await;
}
