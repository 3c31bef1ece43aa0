//! Requests under a key of their caller: done once, answered alike, whoever comes twice and however they meet.

use db::{
    Db, StoreError,
    answered::{self, Claim, KEPT_MS, Request},
    testing::{self, each_backend, each_backend_with},
};

use crate::support::{COUNT, INSERT, SET};

fn request(key: &str, body: &str) -> Request {
    Request::of("us_1", key, "enter", body.as_bytes())
}

/// Enters a thing under a key; a body that begins with `no` is refused.
async fn enter(db: &Db, request: Request, body: &'static str) -> Result<Claim<String>, StoreError> {
    db.write(move |tx| {
        let request = request.clone();
        Box::pin(async move {
            match tx.claim::<String>(&request).await? {
                Claim::New => {}
                known => return Ok(known),
            }
            if body.starts_with("no") {
                tx.give_up(&request).await?;
                return Ok(Claim::New);
            }
            let id: kernel::EventId = tx.mint().mint();
            let id = id.to_string();
            tx.query(&INSERT).bind(&id).bind(1_i64).run_one().await?;
            tx.keep_answer(&request, &id).await?;
            Ok(Claim::Answered(id))
        })
    })
    .await
}

async fn things(db: &Db) -> i64 {
    let (count,): (i64,) =
        db.peek(|tx| Box::pin(async move { tx.query(&COUNT).one().await })).await.expect("count");
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_done_once_and_answered_alike_even_when_many_come_at_once() {
    each_backend(&[&SET], |db| async move {
        let at_once = (0..12).map(|_| enter(&db, request("k1", "a"), "a"));
        let answers = futures::future::join_all(at_once).await;
        let first = answers[0].as_ref().expect("an answer");
        assert!(matches!(first, Claim::Answered(_)), "{first:?}");
        assert!(answers.iter().all(|a| a.as_ref().expect("an answer") == first), "{answers:?}");
        assert_eq!(things(&db).await, 1);
        // Another body, another caller, another key.
        assert_eq!(enter(&db, request("k1", "b"), "b").await.expect("told"), Claim::Other);
        let other = Request::of("us_2", "k1", "enter", b"a");
        assert!(matches!(enter(&db, other, "a").await, Ok(Claim::Answered(id)) if Claim::Answered(id.clone()) != *first));
        assert_eq!(things(&db).await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_or_rolled_back_was_not_done() {
    each_backend(&[&SET], |db| async move {
        let refused = || enter(&db, request("k1", "a"), "no");
        assert_eq!(
            (refused().await.expect("refused"), refused().await.expect("again")),
            (Claim::New, Claim::New)
        );
        let claimed = request("k2", "a");
        let broken = db.write(move |tx| {
            let request = claimed.clone();
            Box::pin(async move {
                tx.claim::<String>(&request).await?;
                Err::<(), _>(StoreError::other("broken off"))
            })
        });
        broken.await.expect_err("broken off");
        assert!(matches!(enter(&db, request("k2", "a"), "a").await, Ok(Claim::Answered(_))));
        assert!(matches!(enter(&db, request("k1", "a"), "a").await, Ok(Claim::Answered(_))), "now it may");
        assert_eq!(things(&db).await, 2);
    })
    .await;
}

#[tokio::test]
async fn answers_are_forgotten_by_age_and_by_number() {
    let (clock, clocks) = testing::clocks();
    each_backend_with(&[&SET], kernel::IdMint::system(), clocks, |db| {
        let clock = clock.clone();
        async move {
            let old = enter(&db, request("old", "a"), "a").await.expect("done");
            for key in ["k1", "k2", "k3"] {
                enter(&db, request(key, "a"), "a").await.expect("done");
            }
            answered::forget(&db, 4).await.expect("forgotten");
            assert_eq!(enter(&db, request("old", "a"), "a").await.expect("again"), old);
            answered::forget(&db, 2).await.expect("forgotten");
            assert_ne!(enter(&db, request("old", "a"), "a").await.expect("anew"), old);
            let before = things(&db).await;
            clock.advance_ms(KEPT_MS + 1);
            answered::forget(&db, 1_000).await.expect("forgotten");
            for key in ["k1", "k2", "k3"] {
                enter(&db, request(key, "a"), "a").await.expect("done");
            }
            assert_eq!(things(&db).await, before + 3);
        }
    })
    .await;
}
