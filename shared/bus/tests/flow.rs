//! From outbox to inbox, over both makings: order, duplicates, gaps, poison, waits, leases.

#![expect(clippy::expect_used, reason = "a test may fail by panic")]

mod support;

use std::{sync::atomic::Ordering, time::Instant};

use bus::{Bus, ConsumerLoop, ConsumerSpec, MAX_TRIES, Relay};
use support::{
    Maker, PATIENCE, World,
    store::{Happened, Keeper, Opened, Store},
};

/// Steps a loop until its database holds so many effects.
async fn drain(consumer: &ConsumerLoop, store: &Store, n: usize) -> Vec<(String, i64)> {
    let begun = Instant::now();
    loop {
        consumer.step_within(20).await.expect("step");
        let effects = store.effects().await;
        if effects.len() >= n {
            return effects;
        }
        assert!(begun.elapsed() < PATIENCE, "{} of {n}", effects.len());
        store.clock.advance_ms(500);
    }
}

/// Steps a loop until something is true.
async fn step_until<F: Future<Output = bool>>(
    consumer: &ConsumerLoop,
    store: &Store,
    world: &World,
    done: impl Fn() -> F,
) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < PATIENCE + PATIENCE, "{}: never came true", world.name());
        consumer.step_within(50).await.expect("step");
        store.clock.advance_ms(1_000);
        world.pass_ms(1_000);
    }
}

fn facts(bus: Bus, store: &Store, handler: std::sync::Arc<Keeper>) -> ConsumerLoop {
    ConsumerLoop::new(store.db.clone(), bus, ConsumerSpec::facts("console", &[]), handler)
}

#[tokio::test]
async fn what_is_committed_is_applied_once_and_in_order() {
    for world in World::both(&[]).await {
        let (from, to) = (Store::new(1).await, Store::new(2).await);
        let relay = Relay::new(from.db.clone(), world.core("routing").await, "routing");
        let consumer = facts(world.core("console").await, &to, Keeper::new());
        for n in 1..=60 {
            from.say(&format!("xf_{}", n % 3), Happened { n }).await;
        }
        let progress = relay.step().await.expect("relay");
        assert_eq!((progress.sent, progress.left, progress.trouble), (60, 0, None), "{}", world.name());
        assert_eq!(from.unsent().await, 0);
        let effects = drain(&consumer, &to, 60).await;
        for subject in ["xf_0", "xf_1", "xf_2"] {
            let of: Vec<i64> = effects.iter().filter(|(s, _)| s == subject).map(|(_, n)| *n).collect();
            assert!(of.is_sorted() && of.len() == 20, "{} {subject}: {of:?}", world.name());
        }
        assert!(relay.step().await.expect("relay").sent == 0);
        assert!(db::audit::verify(&from.db).await.expect("audit").is_sound());
    }
}

#[tokio::test]
async fn a_promise_that_was_lost_is_asked_for_again_and_nothing_comes_twice() {
    let world = World::both(&[]).await.remove(0);
    let World::Memory(bus, _) = &world else { panic!("memory comes first") };
    let (from, to) = (Store::new(1).await, Store::new(2).await);
    let relay = Relay::new(from.db.clone(), Bus::Memory(bus.core("routing")), "routing");
    let consumer = facts(Bus::Memory(bus.core("console")), &to, Keeper::new());
    for n in 1..=5 {
        from.say("xf_1", Happened { n }).await;
    }
    bus.lose_pubacks(1);
    let progress = relay.step().await.expect("relay");
    assert_eq!((progress.sent, progress.left), (0, 5), "nothing goes out behind the first of its chain");
    assert!(progress.trouble.is_some());
    let progress = relay.step().await.expect("relay");
    assert_eq!((progress.sent, progress.duplicates), (5, 1));
    bus.lose_acks(3);
    assert_eq!(drain(&consumer, &to, 5).await.len(), 5);
    world.pass_ms(6_000);
    let again = consumer.step().await.expect("step");
    assert_eq!((again.fetched, again.duplicates, again.applied), (3, 3, 0));
    assert_eq!(to.effects().await.len(), 5);
}

#[tokio::test]
async fn a_batch_with_an_id_that_is_known_goes_one_by_one() {
    for world in World::both(&[]).await {
        let from = Store::new(1).await;
        let bus = world.core("routing").await;
        let relay = Relay::new(from.db.clone(), bus.clone(), "routing");
        for n in 1..=40 {
            from.say(&format!("xf_{}", n % 7), Happened { n }).await;
        }
        // As after a crash between the promise and the mark.
        for row in db::outbox::unsent(&from.db, &[], 12).await.expect("rows") {
            bus.publish(&row.subject(), &row.message, 0).await.expect("publish");
        }
        let progress = relay.step().await.expect("relay");
        assert_eq!((progress.sent, progress.duplicates), (40, 12), "{}", world.name());
        let evt = world.admin().await.stream_states().await.expect("states");
        assert_eq!(evt.iter().find(|s| s.name == "EVT").map(|s| s.messages), Some(40), "{}", world.name());
    }
}

#[tokio::test]
async fn what_comes_early_is_parked_until_its_predecessor_comes() {
    for world in World::both(&[]).await {
        let to = Store::new(2).await;
        let routing = world.core("routing").await;
        let consumer = facts(world.core("console").await, &to, Keeper::new());
        let make = Maker::new(5);
        for version in [3, 2, 5, 4] {
            let (subject, message) = make.fact("routing", "xf_1", version);
            routing.publish(&subject, &message, 0).await.expect("publish");
        }
        let begun = Instant::now();
        let mut parked = 0;
        while parked < 4 {
            assert!(begun.elapsed() < PATIENCE);
            parked += consumer.step_within(50).await.expect("step").parked;
        }
        assert!(to.effects().await.is_empty());
        assert_eq!(db::parked::counts(&to.db, "keeper").await.expect("counts").parked, 4);
        let (subject, message) = make.fact("routing", "xf_1", 1);
        routing.publish(&subject, &message, 0).await.expect("publish");
        let effects = drain(&consumer, &to, 5).await;
        assert_eq!(effects.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [1, 2, 3, 4, 5], "{}", world.name());
        assert_eq!(db::parked::counts(&to.db, "keeper").await.expect("counts").parked, 0);
    }
}

#[tokio::test]
async fn poison_is_buried_told_and_can_be_tried_again() {
    for world in World::both(&[]).await {
        let (from, to) = (Store::new(1).await, Store::new(2).await);
        let relay = Relay::new(from.db.clone(), world.core("routing").await, "routing");
        let console = world.core("console").await;
        let keeper = Keeper::poisoned_by(2);
        let consumer = facts(console.clone(), &to, keeper.clone());
        for n in 1..=3 {
            from.say("xf_1", Happened { n }).await;
        }
        relay.step().await.expect("relay");
        let effects = drain(&consumer, &to, 2).await;
        assert_eq!(effects.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [1, 3], "{}", world.name());
        let letters = db::dead_letter::list(&to.db, 0, 10).await.expect("letters");
        assert_eq!((letters.len(), letters[0].reason.as_str()), (1, "number 2 is poison"));
        Relay::new(to.db.clone(), console, "console").step().await.expect("relay");
        let states = world.admin().await.stream_states().await.expect("states");
        assert_eq!(states.iter().find(|s| s.name == "DLQ").map(|s| s.messages), Some(1), "{}", world.name());
        *keeper.poison.lock().expect("lock") = None;
        let number = letters[0].number;
        let by = to.db.mint().mint();
        to.db
            .write(move |tx| Box::pin(async move { db::dead_letter::requeue(tx, number, by).await }))
            .await
            .expect("requeue");
        let effects = drain(&consumer, &to, 3).await;
        assert_eq!(effects.last(), Some(&("xf_1".to_owned(), 2)));
        assert_eq!(db::dead_letter::count(&to.db).await.expect("count"), 0);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_buried_and_holds_up_nothing() {
    for world in World::both(&[]).await {
        let to = Store::new(2).await;
        let consumer = facts(world.core("console").await, &to, Keeper::new());
        match &world {
            World::Memory(bus, _) => {
                bus.publish_raw("evt.routing.junk.xf_1", "j1".into(), Vec::new(), b"junk").expect("raw");
            }
            World::Nats(hub) => {
                let js = async_nats::jetstream::new(hub.raw("admin").await);
                let junk = async_nats::jetstream::message::PublishMessage::build().payload("junk".into());
                js.send_publish("evt.routing.junk.xf_1", junk).await.expect("raw").await.expect("ack");
            }
        }
        let (subject, message) = Maker::new(6).fact("routing", "xf_2", 1);
        world.core("routing").await.publish(&subject, &message, 0).await.expect("publish");
        drain(&consumer, &to, 1).await;
        let letters = db::dead_letter::list(&to.db, 0, 10).await.expect("letters");
        assert_eq!(letters.len(), 1, "{}", world.name());
        assert_eq!(
            (letters[0].subject.as_str(), letters[0].body.as_slice()),
            ("evt.routing.junk.xf_1", &b"junk"[..])
        );
    }
}

#[tokio::test]
async fn a_message_that_waits_for_another_context_holds_its_followers_and_comes_in_order() {
    for world in World::both(&[]).await {
        let (from, other, to) = (Store::new(1).await, Store::new(3).await, Store::new(2).await);
        let relay = Relay::new(from.db.clone(), world.core("routing").await, "routing");
        let intake = Relay::new(other.db.clone(), world.core("intake").await, "intake");
        let keeper = Keeper::new();
        keeper.wait.store(true, Ordering::SeqCst);
        let consumer = facts(world.core("console").await, &to, keeper.clone());
        for n in 1..=3 {
            from.say("xf_1", Happened { n }).await;
        }
        relay.step().await.expect("relay");
        step_until(&consumer, &to, &world, || async {
            db::parked::counts(&to.db, "keeper").await.expect("counts").parked == 3
        })
        .await;
        other.say("xf_1", Opened { n: 100 }).await;
        intake.step().await.expect("relay");
        drain(&consumer, &to, 1).await;
        keeper.wait.store(false, Ordering::SeqCst);
        let effects = drain(&consumer, &to, 4).await;
        assert_eq!(effects.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [100, 1, 2, 3], "{}", world.name());
    }
}

#[tokio::test]
async fn a_message_that_fails_alone_every_time_is_buried_and_the_others_are_not_held_up() {
    let world = World::both(&[]).await.remove(0);
    let World::Memory(bus, _) = &world else { panic!("memory comes first") };
    let (from, to) = (Store::new(1).await, Store::new(2).await);
    let relay = Relay::new(from.db.clone(), Bus::Memory(bus.core("routing")), "routing");
    let keeper = Keeper::new();
    *keeper.broken.lock().expect("lock") = Some(2);
    let consumer = facts(Bus::Memory(bus.core("console")), &to, keeper);
    for n in 1..=3 {
        from.say(&format!("xf_{n}"), Happened { n }).await;
    }
    relay.step().await.expect("relay");
    let first = consumer.step().await.expect("step");
    assert_eq!((first.applied, first.later), (2, 1));
    for _ in 1..MAX_TRIES {
        world.pass_ms(40_000);
        consumer.step().await.expect("step");
    }
    let letters = db::dead_letter::list(&to.db, 0, 10).await.expect("letters");
    assert_eq!(letters.len(), 1);
    assert!(letters[0].reason.starts_with("failed 8 times"), "{}", letters[0].reason);
    assert_eq!(to.effects().await.len(), 2);
}

#[tokio::test]
async fn one_of_two_relays_and_one_of_two_loops_works_and_the_other_takes_over() {
    let world = World::both(&[]).await.remove(0);
    let World::Memory(bus, _) = &world else { panic!("memory comes first") };
    let (from, to) = (Store::new(1).await, Store::new(2).await);
    let [first, second] =
        [1, 2].map(|_| Relay::new(from.db.clone(), Bus::Memory(bus.core("routing")), "routing"));
    from.say("xf_1", Happened { n: 1 }).await;
    assert_eq!(first.step().await.expect("step").sent, 1);
    from.say("xf_1", Happened { n: 2 }).await;
    assert!(second.step().await.expect("step").standby);
    from.clock.advance_ms(16_000);
    assert_eq!(second.step().await.expect("step").sent, 1);
    assert!(first.step().await.expect("step").standby, "the lease has passed on");
    let [one, two] = [1, 2].map(|_| facts(Bus::Memory(bus.core("console")), &to, Keeper::new()));
    assert_eq!(one.step().await.expect("step").applied, 2);
    assert!(two.step().await.expect("step").standby);
    assert_eq!(to.effects().await.len(), 2);
}

#[tokio::test]
async fn a_running_relay_and_loop_are_woken_by_the_commit_and_end_when_asked() {
    for world in World::both(&[]).await {
        let (from, to) = (Store::new(1).await, Store::new(2).await);
        let health = telemetry::Health::new();
        let relay = Relay::new(from.db.clone(), world.core("routing").await, "routing")
            .reporting(health.check("routing.relay"));
        let consumer =
            facts(world.core("console").await, &to, Keeper::new()).reporting(health.check("console.facts"));
        let (trigger, signal) = bus::shutdown();
        let tasks = [
            tokio::spawn({
                let signal = signal.clone();
                async move { relay.run(signal).await }
            }),
            tokio::spawn(async move { consumer.run(signal).await }),
        ];
        for n in 1..=20 {
            from.say("xf_1", Happened { n }).await;
        }
        let begun = Instant::now();
        while to.effects().await.len() < 20 || !health.is_ready() {
            assert!(begun.elapsed() < PATIENCE, "{}: {:?}", world.name(), health.report());
            tokio::task::yield_now().await;
        }
        trigger.send_replace(true);
        for task in tasks {
            tokio::time::timeout(PATIENCE, task).await.expect("ends when asked").expect("no panic");
        }
    }
}

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    db::testing::each_backend(&[], |db| async move {
        db::testing::prepare_all(&db, &bus::statements()).await.expect("prepare");
    })
    .await;
}
