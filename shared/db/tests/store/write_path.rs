//! The write path: group commit, failures, numbering under concurrency, and what survives.

use crate::support::*;
use db::{
    Db, DbConfig, Dialect, StoreError, audit, outbox,
    testing::{self, Fresh, each_backend, each_backend_with},
};
use futures::future::join_all;
use kernel::{Clock, IdMint, ManualClock};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    each_backend(&[&SET], |db| async move {
        testing::prepare_all(&db, &db::statements()).await.expect("statements");
        testing::prepare_all(&db, &[&[&INSERT, &COUNT, &ADD, &READ]]).await.expect("statements");
        static WRONG: db::Sql = db::Sql::same("SELECT nothing FROM thing");
        assert!(testing::prepare_all(&db, &[&[&WRONG]]).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_group_leaves_the_same_rows_as_the_jobs_one_by_one() {
    let run = |together: bool| async move {
        let clock = Arc::new(ManualClock::at(AT));
        let mint = IdMint::seeded(clock.clone() as Arc<dyn Clock>, 7);
        let fresh = Fresh::sqlite(&[&SET], mint, kernel::Clocks::over(clock)).await.expect("fresh");
        let job = |i: u32| {
            let db = fresh.db.clone();
            async move {
                let subject = format!("xf_{}", i % 5);
                if i.is_multiple_of(3) {
                    dispatch(&db, "renshe", &subject).await
                } else {
                    publish(&db, &subject).await
                }
            }
        };
        let mut published = Vec::new();
        if together {
            published = join_all((0..60).map(job)).await;
        } else {
            for i in 0..60 {
                published.push(job(i).await);
            }
        }
        let published: Vec<_> = published.into_iter().map(|p| p.expect("published")).collect();
        let commits = fresh.db.write_stats().commits;
        let rows = outbox::page(&fresh.db, None, 0, 100).await.expect("rows");
        fresh.discard().await.expect("discarded");
        (published, rows, commits)
    };
    let (together, alone) = (run(true).await, run(false).await);
    assert_eq!(together.0, alone.0);
    assert_eq!(together.1, alone.1);
    assert_eq!(together.1.len(), 60);
    assert_eq!(alone.2, 60);
    assert!(together.2 < 10, "{} commits for 60 jobs that waited together", together.2);
}

#[tokio::test]
async fn a_failing_job_hurts_no_other_in_its_group() {
    each_backend(&[&SET], |db| async move {
        insert(&db, "taken").await.expect("first");
        let good = join_all((0..40).map(|i| {
            let db = db.clone();
            async move {
                match i % 8 {
                    3 => insert(&db, "taken").await,
                    5 => db.write(|_| Box::pin(async { Err::<(), _>(StoreError::Stale) })).await,
                    6 => db.write(|_| Box::pin(async { panic!("a fault of the program") })).await,
                    7 => {
                        // Passes over a failed statement: on SQLite the rest of it would commit.
                        db.write(|tx| {
                            Box::pin(async move {
                                tx.query(&INSERT).bind("half").bind(1).run().await?;
                                tx.query(&INSERT).bind("taken").bind(1).run().await.unwrap_or_default();
                                Ok(())
                            })
                        })
                        .await
                    }
                    _ => {
                        insert(&db, &format!("good{i}")).await?;
                        publish(&db, "xf_1").await.map(|_| ())
                    }
                }
            }
        }))
        .await;
        for (i, outcome) in good.iter().enumerate() {
            match i % 8 {
                3 => assert!(matches!(outcome, Err(StoreError::AlreadyThere)), "{i}: {outcome:?}"),
                5 => assert!(matches!(outcome, Err(StoreError::Stale)), "{i}: {outcome:?}"),
                6 | 7 => assert!(matches!(outcome, Err(StoreError::Other(_))), "{i}: {outcome:?}"),
                _ => assert!(outcome.is_ok(), "{i}: {outcome:?}"),
            }
        }
        assert_eq!(things(&db).await, 21);
        let report = audit::verify(&db).await.expect("verified");
        assert!(report.is_sound() && report.rows == 20, "{report:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_stay_gapless_under_32_writers() {
    each_backend(&[&SET], |db| async move {
        let writers = (0..32).map(|w| {
            let db = db.clone();
            tokio::spawn(async move {
                for round in 0..8 {
                    let subject = format!("xf_{}", (w + round) % 6);
                    let to = if w % 2 == 0 { "renshe" } else { "minzheng" };
                    db.write(move |tx| {
                        let (to, subject) = (agency(to), subject.clone());
                        Box::pin(async move {
                            let number = tx.next_number("transfer", 1).await?;
                            tx.publish(noted(&subject, "before")).await?;
                            tx.dispatch(&to, assigned(&subject, number)).await
                        })
                    })
                    .await
                    .expect("written");
                }
            })
        });
        for writer in soon(join_all(writers)).await {
            writer.expect("writer");
        }
        let report = audit::verify(&db).await.expect("verified");
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.rows, report.dispatches), (512, 256));
        for (to, seq) in
            outbox::agency_heads(&db).await.expect("heads").into_iter().map(|h| (h.agency, h.seq))
        {
            assert_eq!(seq, 128, "{to}");
            let rows = outbox::dispatches(&db, &agency(&to), 1, 1000).await.expect("rows");
            let numbers: Vec<i64> =
                rows.iter().filter_map(|r| r.message.dispatch.as_ref()).map(|d| d.seq).collect();
            assert_eq!(numbers, (1..=128).collect::<Vec<_>>());
        }
        let next = db.write(|tx| Box::pin(async move { tx.next_number("transfer", 1).await })).await;
        assert_eq!(next.expect("number"), 257);
    })
    .await;
}

#[tokio::test]
async fn a_message_is_new_once_within_a_group_and_a_batch() {
    each_backend(&[], |db| async move {
        let one = || {
            let db = db.clone();
            async move {
                db.write(|tx| Box::pin(async move { tx.first_time("board", "ev_1").await }))
                    .await
                    .expect("asked")
            }
        };
        let first = join_all((0..20).map(|_| one())).await;
        assert_eq!(first.iter().filter(|new| **new).count(), 1);
        let batch = db
            .write(|tx| {
                Box::pin(async move { tx.first_times("board", &["ev_1", "ev_2", "ev_3", "ev_2"]).await })
            })
            .await
            .expect("asked");
        assert_eq!(batch.len(), 2);
        assert!(batch.contains("ev_2") && batch.contains("ev_3"));
        let other = db.write(|tx| Box::pin(async move { tx.first_time("agency", "ev_1").await })).await;
        assert!(other.expect("asked"));
    })
    .await;
}

#[tokio::test]
async fn a_rollback_leaves_no_number_and_no_head_behind() {
    each_backend(&[&SET], |db| async move {
        let failed = db
            .write(|tx| {
                Box::pin(async move {
                    tx.next_number("receipt", 5).await?;
                    tx.publish(noted("xf_1", "lost")).await?;
                    tx.dispatch(&agency("renshe"), assigned("xf_1", 1)).await?;
                    tx.first_time("board", "ev_1").await?;
                    Err::<(), _>(StoreError::Stale)
                })
            })
            .await;
        assert!(matches!(failed, Err(StoreError::Stale)));
        let (number, fact, sent, new) = db
            .write(|tx| {
                Box::pin(async move {
                    Ok((
                        tx.next_number("receipt", 1).await?,
                        tx.publish(noted("xf_1", "kept")).await?,
                        tx.dispatch(&agency("renshe"), assigned("xf_1", 1)).await?,
                        tx.first_time("board", "ev_1").await?,
                    ))
                })
            })
            .await
            .expect("written");
        assert_eq!((number, fact.version, sent.version, sent.agency_seq, new), (1, 1, 1, Some(1), true));
        assert!(audit::verify(&db).await.expect("verified").is_sound());
    })
    .await;
}

#[tokio::test]
async fn versions_go_on_across_jobs_and_after_a_restart() {
    let (_, clocks) = testing::clocks();
    let sqlite = Fresh::sqlite(&[], IdMint::system(), clocks.clone()).await.expect("fresh");
    let postgres = Fresh::postgres(&[], IdMint::system(), clocks.clone()).await.expect("fresh");
    for fresh in [Some(sqlite), postgres].into_iter().flatten() {
        for version in 1..=3 {
            assert_eq!(publish(&fresh.db, "xf_1").await.expect("published").version, version);
        }
        fresh.db.close().await;
        assert!(matches!(publish(&fresh.db, "xf_1").await, Err(StoreError::Unavailable(_))));
        let db = Db::open(&fresh.config, &[], IdMint::system(), clocks.clone()).await.expect("opened again");
        assert_eq!(publish(&db, "xf_1").await.expect("published").version, 4);
        let drafts = || vec![noted("xf_1", "a"), noted("xf_2", "b").genesis(), noted("xf_1", "c")];
        let all = db.write(move |tx| Box::pin(async move { tx.publish_all(drafts()).await })).await;
        let versions: Vec<i64> = all.expect("published").iter().map(|p| p.version).collect();
        assert_eq!(versions, [5, 1, 6]);
        let lie =
            db.write(|tx| Box::pin(async move { tx.publish(noted("xf_1", "z").genesis()).await })).await;
        assert!(matches!(lie, Err(StoreError::AlreadyThere)), "{lie:?}");
        assert!(audit::verify(&db).await.expect("verified").is_sound());
        db.close().await;
        fresh.discard().await.expect("discarded");
    }
}

#[tokio::test]
async fn a_wrong_number_of_values_is_an_error() {
    each_backend(&[&SET], |db| async move {
        let few = db.write(|tx| Box::pin(async move { tx.query(&INSERT).bind("a").run().await })).await;
        assert!(matches!(&few, Err(StoreError::Other(e)) if e.to_string().contains("bound 1 values for 2")));
        let many =
            db.write(|tx| Box::pin(async move { tx.query(&READ).bind("a").bind(1).run().await })).await;
        assert!(matches!(many, Err(StoreError::Other(_))));
        let none = db.write(|tx| Box::pin(async move { tx.query(&ADD).bind("a").run_one().await })).await;
        assert!(matches!(none, Err(StoreError::Stale)));
    })
    .await;
}

#[tokio::test]
async fn a_read_sees_one_snapshot_and_changes_nothing() {
    each_backend(&[&SET], |db| async move {
        insert(&db, "a").await.expect("inserted");
        let writer = db.clone();
        let (before, after) = db
            .read(move |tx| {
                Box::pin(async move {
                    let (before,): (i64,) = tx.query(&READ).bind("a").one().await?;
                    writer
                        .write(|tx| Box::pin(async move { tx.query(&ADD).bind("a").run_one().await }))
                        .await?;
                    let (after,): (i64,) = tx.query(&READ).bind("a").one().await?;
                    Ok((before, after))
                })
            })
            .await
            .expect("read");
        assert_eq!((before, after), (1, 1));
        let write =
            db.read(|tx| Box::pin(async move { tx.query(&INSERT).bind("b").bind(1).run().await })).await;
        assert!(write.is_err());
        let publish = db.read(|tx| Box::pin(async move { tx.publish(noted("xf_1", "x")).await })).await;
        assert!(publish.is_err());
        assert_eq!(things(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn only_commits_with_messages_wake_the_relay() {
    each_backend(&[&SET], |db| async move {
        let mut commits = db.commits();
        insert(&db, "a").await.expect("inserted");
        assert!(!commits.has_changed().expect("open"));
        publish(&db, "xf_1").await.expect("published");
        assert!(commits.has_changed().expect("open"));
        commits.borrow_and_update();
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_the_database_whole() {
    each_backend(&[&SET], |db| async move {
        let runs = Arc::new(AtomicU32::new(0));
        for i in 0..20 {
            let (db, runs) = (db.clone(), runs.clone());
            let caller = tokio::spawn(async move {
                db.write(move |tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    Box::pin(async move {
                        tx.query(&INSERT).bind(format!("t{i}")).bind(1).run_one().await?;
                        tokio::task::yield_now().await;
                        tx.publish(noted(&format!("xf_{i}"), "x").genesis()).await
                    })
                })
                .await
            });
            tokio::task::yield_now().await;
            caller.abort();
            drop(caller.await);
        }
        insert(&db, "last").await.expect("inserted");
        let report = audit::verify(&db).await.expect("verified");
        assert!(report.is_sound(), "{report:?}");
        // Each thing came with its message, or neither did.
        assert_eq!(things(&db).await, i64::try_from(report.rows).expect("small") + 1);
    })
    .await;
}

#[test]
fn a_process_that_dies_in_the_middle_keeps_what_it_acknowledged() {
    let (_, clocks) = testing::clocks();
    let acknowledged = Arc::new(AtomicU32::new(0));
    let first = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    let fresh = first.block_on(Fresh::sqlite(&[&SET], IdMint::system(), clocks.clone())).expect("fresh");
    first.block_on(async {
        let enough = Arc::new(tokio::sync::Notify::new());
        for w in 0..8 {
            let (db, acknowledged, enough) = (fresh.db.clone(), acknowledged.clone(), enough.clone());
            tokio::spawn(async move {
                for i in 0.. {
                    insert(&db, &format!("{w}-{i}")).await.expect("inserted");
                    publish(&db, &format!("xf_{w}")).await.expect("published");
                    if acknowledged.fetch_add(1, Ordering::SeqCst) == 100 {
                        enough.notify_one();
                    }
                }
            });
        }
        soon(enough.notified()).await;
    });
    // Drops every task where it stands, the writer too.
    first.shutdown_background();
    let least = i64::from(acknowledged.load(Ordering::SeqCst));
    let second = tokio::runtime::Runtime::new().expect("runtime");
    second.block_on(async {
        let db = Db::open(&fresh.config, &[&SET], IdMint::system(), clocks).await.expect("opened again");
        assert!(things(&db).await >= least);
        let report = audit::verify(&db).await.expect("verified");
        assert!(report.is_sound() && i64::try_from(report.rows).expect("small") >= least, "{report:?}");
        publish(&db, "xf_0").await.expect("goes on");
        db.close().await;
    });
}

#[tokio::test]
async fn a_database_in_memory_is_shared_by_name_and_used_again() {
    let (_, clocks) = testing::clocks();
    let config = DbConfig::new("sqlite-mem:shared_by_name");
    let sets: [&db::MigrationSet; 1] = [&SET];
    let open = || Db::open(&config, &sets, IdMint::system(), clocks.clone());
    let (one, two) = (open().await.expect("opened"), open().await.expect("opened twice"));
    insert(&one, "a").await.expect("inserted");
    publish(&one, "xf_1").await.expect("published");
    assert_eq!((things(&two).await, two.dialect()), (1, Dialect::Sqlite));
    testing::wipe(&one).await.expect("wiped");
    assert_eq!(things(&two).await, 0);
    assert_eq!(publish(&two, "xf_1").await.expect("published").version, 1);
    let rows = outbox::page(&one, None, 0, 10).await.expect("rows");
    assert_eq!(rows.iter().map(|r| r.seq).collect::<Vec<_>>(), [1]);
    assert!(audit::verify(&two).await.expect("verified").is_sound());
}

#[tokio::test]
async fn wiping_leaves_a_database_as_new() {
    let clock = Arc::new(ManualClock::at(AT));
    let mint = IdMint::seeded(clock.clone() as Arc<dyn Clock>, 3);
    each_backend_with(&[&SET], mint, kernel::Clocks::over(clock), |db| async move {
        insert(&db, "a").await.expect("inserted");
        dispatch(&db, "renshe", "xf_1").await.expect("dispatched");
        testing::wipe(&db).await.expect("wiped");
        assert_eq!(things(&db).await, 0);
        let sent = dispatch(&db, "renshe", "xf_1").await.expect("dispatched");
        assert_eq!((sent.version, sent.agency_seq), (1, Some(1)));
        assert_eq!(outbox::page(&db, None, 0, 10).await.expect("rows")[0].seq, 1);
        assert!(audit::verify(&db).await.expect("verified").is_sound());
    })
    .await;
}

#[tokio::test]
async fn a_history_that_this_program_does_not_know_is_refused() {
    static EDITED: db::MigrationSet = db::MigrationSet {
        name: "test",
        steps: &[db::Migration { number: 1, name: "thing", sqlite: "SELECT 1", postgres: "SELECT 1" }],
    };
    static NONE: db::MigrationSet = db::MigrationSet { name: "test", steps: &[] };
    let (_, clocks) = testing::clocks();
    let sqlite = Fresh::sqlite(&[&SET], IdMint::system(), clocks.clone()).await.expect("fresh");
    let postgres = Fresh::postgres(&[&SET], IdMint::system(), clocks.clone()).await.expect("fresh");
    for fresh in [Some(sqlite), postgres].into_iter().flatten() {
        for (set, word) in [(&EDITED, "edited"), (&NONE, "ahead")] {
            let refused = Db::open(&fresh.config, &[set], IdMint::system(), clocks.clone()).await;
            let text = refused.err().expect("refused").to_string();
            assert!(text.contains(word), "{text}");
        }
        fresh.discard().await.expect("discarded");
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_passes() {
    static LIMIT: db::Sql = db::Sql::same("PRAGMA max_page_count = 60");
    static LIFT: db::Sql = db::Sql::same("PRAGMA max_page_count = 1000000");
    let (_, clocks) = testing::clocks();
    let fresh = Fresh::sqlite(&[&SET], IdMint::system(), clocks).await.expect("fresh");
    let pragma = |sql: &'static db::Sql| {
        fresh
            .db
            .write(move |tx| Box::pin(async move { tx.query(sql).optional::<(i64,)>().await.map(|_| ()) }))
    };
    pragma(&LIMIT).await.expect("limited");
    let mut kept = 0;
    let refused = loop {
        match insert(&fresh.db, &format!("{kept}{}", "x".repeat(3000))).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 100, "the limit was not felt");
    };
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert_eq!(things(&fresh.db).await, kept);
    pragma(&LIFT).await.expect("lifted");
    insert(&fresh.db, &"x".repeat(3000)).await.expect("goes on");
    publish(&fresh.db, "xf_1").await.expect("goes on");
    assert_eq!(things(&fresh.db).await, kept + 1);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_job_that_would_wait_for_itself_is_refused() {
    let (_, clocks) = testing::clocks();
    let fresh = Fresh::sqlite(&[&SET], IdMint::system(), clocks).await.expect("fresh");
    let inner = fresh.db.clone();
    let refused = fresh.db.write(move |_| {
        let db = inner.clone();
        Box::pin(async move { insert(&db, "inner").await })
    });
    assert!(matches!(soon(refused).await, Err(StoreError::Other(_))));
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_database_in_memory_serves_readers_beside_the_writer() {
    let (_, clocks) = testing::clocks();
    let config = DbConfig::new("sqlite-mem:readers_beside");
    let db = Db::open(&config, &[&SET], IdMint::system(), clocks).await.expect("opened");
    for i in 0..200 {
        insert(&db, &format!("{i}")).await.expect("inserted");
        assert_eq!(things(&db).await, i + 1);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_, clocks) = testing::clocks();
    let fresh = Fresh::sqlite(&[], IdMint::system(), clocks).await.expect("fresh");
    let path = fresh.config.url.trim_start_matches("sqlite:").to_owned();
    for file in [path.clone(), format!("{path}-wal")] {
        let mode = std::fs::metadata(&file).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    fresh.discard().await.expect("discarded");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_that_lock_in_opposite_orders_all_come_through() {
    each_backend(&[], |db| async move {
        let writers = (0..8).map(|w| {
            let db = db.clone();
            tokio::spawn(async move {
                let (one, two) = if w % 2 == 0 { ("renshe", "minzheng") } else { ("minzheng", "renshe") };
                db.write(move |tx| {
                    Box::pin(async move {
                        tx.dispatch(&agency(one), assigned("xf_1", w)).await?;
                        tokio::task::yield_now().await;
                        tx.dispatch(&agency(two), assigned("xf_1", w)).await
                    })
                })
                .await
            })
        });
        for writer in soon(join_all(writers)).await {
            writer.expect("writer").expect("written");
        }
        let report = audit::verify(&db).await.expect("verified");
        assert!(report.is_sound() && report.dispatches == 16, "{report:?}");
    })
    .await;
}
