//! The outbox as relay, reconciler and rebuild use it; leases and receipts.

use crate::support::*;
use db::{
    StoreError, audit, lease, meta,
    outbox::{self, Receipt, Sent},
    testing::{self, each_backend, each_backend_with},
};
use kernel::{Actor, AgencyCode, By, IdMint, Place};

async fn mark(db: &db::Db, lease: &lease::Lease, sent: Vec<Sent>) -> Result<u64, StoreError> {
    let lease = lease.clone();
    db.write(move |tx| {
        let (lease, sent) = (lease.clone(), sent.clone());
        Box::pin(async move { outbox::mark_sent(tx, &lease, &sent).await })
    })
    .await
}

fn sent(seq: i64, attempt: i64) -> Sent {
    Sent { seq, attempt, stream: "EVT".into(), stream_seq: seq + 100 }
}

async fn relay(db: &db::Db, holder: &str) -> lease::Lease {
    lease::claim(db, "relay", holder, 5_000).await.expect("asked").expect("claimed")
}

#[tokio::test]
async fn what_a_persons_command_says_is_in_the_persons_name_and_a_dispatch_in_nobodys() {
    each_backend(&[], |db| async move {
        let (user, place) = (db.mint().mint(), Place::Agency(agency("renshe")));
        let actor = Actor { user, place, roles: Vec::new() };
        let named = async {
            let fact = publish(&db, "xf_1").await.expect("published");
            (fact, dispatch(&db, "renshe", "xf_1").await.expect("dispatched"))
        };
        let (fact, order) = db::acting_as(&actor, named).await;
        let by_itself = publish(&db, "xf_1").await.expect("published");
        let of = async |id| outbox::by_id(&db, id).await.expect("read").expect("there").message.by;
        assert_eq!(of(fact.id).await, By::of(&actor));
        assert_eq!(of(order.id).await, None);
        assert_eq!(of(by_itself.id).await, None, "no name is left over from the job before");
        assert!(audit::verify(&db).await.expect("verified").is_sound());
    })
    .await;
}

async fn receive(db: &db::Db, to: AgencyCode, seq: i64, head: String) -> Receipt {
    db.write(move |tx| {
        let (to, head) = (to.clone(), head.clone());
        Box::pin(async move { outbox::mark_received(tx, &to, seq, &head).await })
    })
    .await
    .expect("asked")
}

#[tokio::test]
async fn what_is_published_reads_back_as_it_will_travel() {
    each_backend(&[], |db| async move {
        let fact = publish(&db, "xf_1").await.expect("published");
        let order = dispatch(&db, "renshe", "xf_1").await.expect("dispatched");
        let row = outbox::by_id(&db, order.id).await.expect("read").expect("there");
        let seal = row.message.dispatch.clone().expect("sealed");
        assert_eq!(row.subject(), "dispatch.renshe.routing.xf_1");
        assert_eq!(
            (seal.seq, seal.prev_hash.as_str(), seal.sender.as_str()),
            (1, db::chain::GENESIS, "routing")
        );
        assert_eq!(db::chain::dispatch_hash(&row.message, &seal), seal.hash);
        // The other side reads the same message off the wire, and comes to the same hash.
        let headers = row.message.headers();
        let header = |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone());
        let arrived = contracts::Message::from_wire(&row.subject(), &header, row.message.body.as_bytes());
        assert_eq!(arrived.expect("message"), row.message);
        let row = outbox::by_id(&db, fact.id).await.expect("read").expect("there");
        assert_eq!((row.subject().as_str(), row.message.version, row.seq), ("evt.routing.noted.xf_1", 1, 1));
        assert_eq!(row.message.order_key(), "lianxi/routing");
    })
    .await;
}

#[tokio::test]
async fn the_relay_sends_in_order_and_keeps_the_log() {
    each_backend(&[], |db| async move {
        for i in 0..6 {
            publish(&db, &format!("xf_{}", i % 2)).await.expect("published");
        }
        let lease = relay(&db, "one").await;
        let rows = outbox::unsent(&db, &[], 4).await.expect("rows");
        assert_eq!(rows.iter().map(|r| r.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
        let rows = outbox::unsent(&db, &[1, 2, 3, 4], 10).await.expect("rows");
        assert_eq!(rows.iter().map(|r| r.seq).collect::<Vec<_>>(), [5, 6]);
        assert_eq!(mark(&db, &lease, vec![sent(2, 0), sent(1, 0)]).await.expect("marked"), 2);
        assert_eq!(mark(&db, &lease, vec![sent(4, 0), sent(2, 1)]).await.expect("marked"), 1);
        let rows = outbox::page(&db, None, 0, 10).await.expect("rows");
        let logged: Vec<_> = rows.iter().map(|r| (r.seq, r.log_seq, r.attempt, r.stream_seq)).collect();
        assert_eq!(
            logged[..4],
            [
                (1, Some(1), 0, Some(101)),
                (2, Some(2), 1, Some(102)),
                (3, None, 0, None),
                (4, Some(3), 0, Some(104))
            ]
        );
        let counts = outbox::counts(&db).await.expect("counts");
        assert_eq!((counts.unsent, counts.oldest_unsent_at, counts.unreceipted), (3, Some(AT.0), 0));
        assert!(mark(&db, &lease, vec![sent(99, 0)]).await.is_err(), "no such row");
        let report = audit::verify(&db).await.expect("verified");
        assert!(report.is_sound() && report.logged == 3, "{report:?}");
    })
    .await;
}

#[tokio::test]
async fn a_relay_that_lost_its_lease_marks_nothing() {
    let (clock, clocks) = testing::clocks();
    let hand = clock.clone();
    each_backend_with(&[], IdMint::system(), clocks, move |db| {
        let clock = hand.clone();
        async move {
            publish(&db, "xf_1").await.expect("published");
            let old = relay(&db, "one").await;
            assert_eq!(lease::claim(&db, "relay", "two", 5_000).await.expect("asked"), None);
            clock.advance_ms(4_000);
            let old = lease::renew(&db, &old, 5_000).await.expect("asked").expect("still held");
            clock.advance_ms(4_000);
            assert_eq!(lease::claim(&db, "relay", "two", 5_000).await.expect("asked"), None);
            clock.advance_ms(1_001);
            let new = relay(&db, "two").await;
            assert_eq!(new.fence, old.fence + 1);
            assert!(matches!(mark(&db, &old, vec![sent(1, 0)]).await, Err(StoreError::Stale)));
            assert_eq!(lease::renew(&db, &old, 5_000).await.expect("asked"), None);
            lease::release(&db, old).await.expect("nothing happens");
            assert_eq!(mark(&db, &new, vec![sent(1, 0)]).await.expect("marked"), 1);
            lease::release(&db, new.clone()).await.expect("released");
            assert_eq!(relay(&db, "three").await.fence, new.fence + 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_cumulative_receipt_closes_what_it_covers() {
    let (clock, clocks) = testing::clocks();
    let hand = clock.clone();
    each_backend_with(&[], IdMint::system(), clocks, move |db| {
        let clock = hand.clone();
        async move {
            for _ in 0..4 {
                dispatch(&db, "renshe", "xf_1").await.expect("dispatched");
            }
            dispatch(&db, "minzheng", "xf_1").await.expect("dispatched");
            let lease = relay(&db, "one").await;
            mark(&db, &lease, (1..=5).map(|seq| sent(seq, 0)).collect()).await.expect("marked");
            let before = clock_now(&db).plus_ms(1);
            clock.advance_ms(1_000);
            let head = |rows: &[outbox::OutboxRow], seq: i64| {
                rows.iter()
                    .filter_map(|r| r.message.dispatch.as_ref())
                    .find(|d| d.seq == seq)
                    .map(|d| d.hash.clone())
            };
            let rows = outbox::dispatches(&db, &agency("renshe"), 1, 9).await.expect("rows");
            let third = head(&rows, 3).expect("third");
            let to = agency("renshe");
            assert_eq!(receive(&db, to.clone(), 9, third.clone()).await, Receipt::Unknown);
            assert_eq!(receive(&db, to.clone(), 2, third.clone()).await, Receipt::HeadDiffers);
            assert_eq!(receive(&db, to.clone(), 3, third.clone()).await, Receipt::Closed(3));
            assert_eq!(receive(&db, to, 3, third).await, Receipt::Closed(0));
            let open = outbox::unreceipted(&db, before, 10).await.expect("open");
            let open: Vec<_> = open.iter().map(outbox::OutboxRow::subject).collect();
            assert_eq!(open, ["dispatch.minzheng.routing.xf_1", "dispatch.renshe.routing.xf_1"]);
            // A re-send starts the wait anew.
            mark(&db, &lease, vec![sent(4, 1), sent(5, 1)]).await.expect("marked");
            assert!(outbox::unreceipted(&db, before, 10).await.expect("open").is_empty());
            assert_eq!(outbox::counts(&db).await.expect("counts").unreceipted, 2);
        }
    })
    .await;
}

fn clock_now(db: &db::Db) -> kernel::UnixMillis {
    db.clocks().technical.now()
}

#[tokio::test]
async fn after_the_streams_are_lost_the_log_is_sent_again_and_stays() {
    each_backend(&[], |db| async move {
        publish(&db, "xf_1").await.expect("published");
        dispatch(&db, "renshe", "xf_1").await.expect("dispatched");
        dispatch(&db, "renshe", "xf_2").await.expect("dispatched");
        let lease = relay(&db, "one").await;
        mark(&db, &lease, (1..=3).map(|seq| sent(seq, 0)).collect()).await.expect("marked");
        let first = outbox::dispatches(&db, &agency("renshe"), 1, 1).await.expect("rows").remove(0);
        let head = first.message.dispatch.expect("sealed").hash;
        assert_eq!(receive(&db, agency("renshe"), 1, head).await, Receipt::Closed(1));
        let (late, early) = (AT.plus_ms(1), AT);
        let reopen = |since| db.write(move |tx| Box::pin(async move { outbox::reopen(tx, since).await }));
        assert_eq!(reopen(late).await.expect("reopened"), 1);
        assert_eq!(reopen(early).await.expect("reopened"), 1);
        let rows = outbox::unsent(&db, &[], 10).await.expect("rows");
        assert_eq!(rows.iter().map(|r| r.seq).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(mark(&db, &lease, vec![sent(1, 0), sent(3, 0)]).await.expect("marked"), 0);
        assert!(audit::verify(&db).await.expect("verified").is_sound());
        db.write(|tx| Box::pin(async move { meta::raise_epoch(tx, 2).await })).await.expect("raised");
        assert_eq!(meta::epoch(&db).await.expect("epoch"), 2);
        let back = db.write(|tx| Box::pin(async move { meta::raise_epoch(tx, 2).await })).await;
        assert!(matches!(back, Err(StoreError::Stale)));
    })
    .await;
}

#[tokio::test]
async fn a_draft_that_no_consumer_could_take_is_refused() {
    each_backend(&[], |db| async move {
        let refuse = |draft: db::Draft, to: Option<&'static str>| {
            let db = db.clone();
            async move {
                let outcome = db
                    .write(move |tx| {
                        let draft = draft.clone();
                        Box::pin(async move {
                            match to {
                                Some(to) => tx.dispatch(&agency(to), draft).await,
                                None => tx.publish(draft).await,
                            }
                        })
                    })
                    .await;
                assert!(matches!(outcome, Err(StoreError::Other(_))), "{outcome:?}");
            }
        };
        refuse(assigned("xf_1", 1), None).await;
        refuse(noted("xf_1", "x"), Some("renshe")).await;
        refuse(noted("xf.1", "x"), None).await;
        refuse(noted("", "x"), None).await;
        refuse(noted("xf_1", &"x".repeat(db::MAX_BODY_BYTES)), None).await;
        let edge = noted("xf_1", &"x".repeat(db::MAX_BODY_BYTES - r#"{"text":""}"#.len()));
        let fits = db.write(move |tx| {
            let edge = edge.clone();
            Box::pin(async move { tx.publish(edge).await })
        });
        assert!(fits.await.is_ok());
    })
    .await;
}
