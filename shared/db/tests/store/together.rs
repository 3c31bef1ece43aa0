//! Books copied as of one moment, while others write.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::support::*;
use db::{Db, DbConfig, meta, outbox, series, testing::Fresh, testing::clocks, together::copy_together};
use kernel::IdMint;

async fn said(db: &Db) -> usize {
    outbox::page(db, None, 0, 10_000).await.expect("page").len()
}

async fn fresh() -> Fresh {
    let (_, clocks) = clocks();
    Fresh::sqlite(&[], IdMint::system(), clocks).await.expect("fresh")
}

async fn opened(url: &str) -> Db {
    let (_, clocks) = clocks();
    Db::open(&DbConfig::new(url), &[], IdMint::system(), clocks).await.expect("opened")
}

/// What one says and then the other: at no moment has the second said more, nor is it more than one behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_is_never_copied_ahead_of_its_producer() {
    let (first, second) = (fresh().await, fresh().await);
    let over = Arc::new(AtomicBool::new(false));
    let (a, b, stop) = (first.db.clone(), second.db.clone(), over.clone());
    let writing = tokio::spawn(async move {
        let mut n = 0;
        while !stop.load(Ordering::Relaxed) {
            publish(&a, "xf_1").await.expect("said");
            publish(&b, "xf_1").await.expect("said");
            n += 1;
            // Large enough that the log is checkpointed again and again.
            let filler = "x".repeat(200_000);
            for db in [&a, &b] {
                let filler = filler.clone();
                db.write(move |tx| {
                    let filler = filler.clone();
                    Box::pin(async move { meta::set(tx, "filler", &filler).await })
                })
                .await
                .expect("filled");
            }
        }
        n
    });
    let folder = std::env::temp_dir().join(format!("lianxi-together-{}", std::process::id()));
    let mut seen = 0;
    for round in 0..12 {
        let to = folder.join(round.to_string());
        std::fs::create_dir_all(&to).expect("folder");
        // As another process would: with connections of its own.
        let books = [
            (opened(&first.config.url).await, to.join("a.db")),
            (opened(&second.config.url).await, to.join("b.db")),
        ];
        copy_together(&books).await.expect("copied");
        for (db, _) in &books {
            db.close().await;
        }
        assert!(!to.join("a.db-wal").exists(), "one file is the whole copy");
        let copies = (
            opened(&format!("sqlite:{}", to.join("a.db").display())).await,
            opened(&format!("sqlite:{}", to.join("b.db").display())).await,
        );
        let (a, b) = (said(&copies.0).await, said(&copies.1).await);
        assert!(b <= a && a <= b + 1, "{a} said, {b} heard");
        assert!(a >= seen, "a later copy holds no less");
        seen = a;
        copies.0.close().await;
        copies.1.close().await;
    }
    over.store(true, Ordering::Relaxed);
    let written = writing.await.expect("writer");
    assert!(seen > 0 && written >= seen, "the writer went on meanwhile");
    std::fs::remove_dir_all(&folder).expect("cleared");
    first.discard().await.expect("discarded");
    second.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_restored_book_leaves_numbers_out() {
    db::testing::each_backend(&[], |db| async move {
        let take = |db: Db| async move {
            db.write(|tx| Box::pin(async move { tx.next_number("XF", 1).await })).await.expect("number")
        };
        assert_eq!(take(db.clone()).await, 1);
        assert_eq!(series::names(&db).await.expect("names"), ["XF"]);
        let begun = vec!["YF".to_owned(), "XF".to_owned()];
        let mut next = series::skip(&db, 100, begun).await.expect("skipped");
        next.sort();
        assert_eq!(next, [("XF".to_owned(), 102), ("YF".to_owned(), 101)]);
        assert_eq!(take(db.clone()).await, 102);
    })
    .await;
}
