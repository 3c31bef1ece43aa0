//! One suite over both makings of the bus: what holds for the real one holds in memory.

#![expect(clippy::expect_used, reason = "a test may fail by panic")]

mod support;

use std::{sync::Arc, time::Instant};

use bus::{Bus, BusError, Call, CallError, CommandHandler, ConsumerSpec, Service, Side};
use futures::FutureExt;
use kernel::{ErrorDef, ErrorKind, WhoActs};
use support::{Maker, PATIENCE, World, code, quick, short_window};

static NO: ErrorDef = ErrorDef {
    code: "not_today",
    kind: ErrorKind::Conflict,
    acts: WhoActs::Sender,
    article: Some("Art. 22"),
    zh: "今天不行",
    en: "not today, {name}",
};

#[tokio::test]
async fn a_message_arrives_whole_and_is_gone_after_its_ack() {
    for world in World::both(&["renshe"]).await {
        let (routing, intake) = (world.core("routing").await, world.core("intake").await);
        let make = Maker::new(1);
        let (subject, mut message) = make.fact("routing", "xf_1", 1);
        message.causation = Some(make.id());
        message.traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
        message.body = "{\"区\":\"东湖\"}".to_owned();
        let ack = routing.publish(&subject, &message, 0).await.expect("publish");
        assert_eq!((ack.stream.as_str(), ack.seq, ack.duplicate), ("EVT", 1, false), "{}", world.name());
        let mut consumer =
            intake.consumer(&ConsumerSpec::facts("intake", &["routing"])).await.expect("consumer");
        let got = world.gather(&mut consumer, 1, 0).await;
        assert_eq!(got[0].message.as_ref(), Ok(&message), "{}", world.name());
        assert_eq!((got[0].attempt, got[0].stream_seq, &got[0].subject), (1, 1, &subject));
        got[0].ack().await.expect("ack");
        until(&world, || async { consumer_idle(&consumer).await }).await;
        assert!(consumer.fetch(10, 0).await.expect("fetch").is_empty());
    }
}

#[tokio::test]
async fn an_id_is_stored_once_within_the_window_and_again_after_it_or_as_a_resend() {
    for world in World::both(&[]).await {
        let admin = world.admin().await;
        let (spec, epoch) = short_window("SHORT", "evt.short.>");
        make_room(&admin, &spec, epoch).await;
        let (subject, message) = Maker::new(2).fact("short", "xf_1", 1);
        let first = admin.publish(&subject, &message, 0).await.expect("publish");
        let second = admin.publish(&subject, &message, 0).await.expect("publish");
        assert_eq!((second.seq, second.duplicate), (first.seq, true), "{}", world.name());
        let resend = admin.publish(&subject, &message, 1).await.expect("publish");
        assert!(!resend.duplicate, "{}: a re-send carries its own id", world.name());
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE);
            world.pass_ms(600);
            if !admin.publish(&subject, &message, 0).await.expect("publish").duplicate {
                break;
            }
        }
    }
}

/// `evt.short.>` belongs to EVT already: the streams make room first.
async fn make_room(admin: &Bus, spec: &bus::StreamSpec, epoch: bus::Epoch) {
    let mut evt = bus::streams::streams(&[]).remove(0);
    evt.subjects = vec!["evt.routing.>".to_owned(), "evt.intake.>".to_owned()];
    bus::streams::put(admin, &evt, epoch).await.expect("EVT narrowed");
    bus::streams::put(admin, spec, epoch).await.expect("SHORT");
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again_and_a_nak_brings_it_sooner_or_later() {
    for world in World::both(&[]).await {
        let (routing, intake) = (world.core("routing").await, world.core("intake").await);
        let make = Maker::new(3);
        for n in 1..=3 {
            let (subject, message) = make.fact("routing", &format!("xf_{n}"), 1);
            routing.publish(&subject, &message, 0).await.expect("publish");
        }
        let spec = quick(ConsumerSpec::facts("intake", &["routing"]));
        let mut consumer = intake.consumer(&spec).await.expect("consumer");
        let got = world.gather(&mut consumer, 3, 0).await;
        assert_eq!(got.iter().map(|d| d.stream_seq).collect::<Vec<_>>(), [1, 2, 3]);
        got[0].ack().await.expect("ack");
        got[1].nak(0).await.expect("nak");
        let again = world.gather(&mut consumer, 1, 0).await;
        assert_eq!((again[0].stream_seq, again[0].attempt), (2, 2), "{}", world.name());
        again[0].ack().await.expect("ack");
        // The third was left without an answer: it comes when its wait is over.
        let third = world.gather(&mut consumer, 1, 500).await;
        assert_eq!((third[0].stream_seq, third[0].attempt), (3, 2), "{}", world.name());
        third[0].term().await.expect("term");
        until(&world, || async { consumer_idle(&consumer).await }).await;
    }
}

#[tokio::test]
async fn an_answer_that_comes_late_still_counts_while_the_message_waits() {
    for world in World::both(&[]).await {
        let (routing, intake) = (world.core("routing").await, world.core("intake").await);
        let (subject, message) = Maker::new(4).fact("routing", "xf_1", 1);
        routing.publish(&subject, &message, 0).await.expect("publish");
        let mut consumer =
            intake.consumer(&quick(ConsumerSpec::facts("intake", &["routing"]))).await.expect("consumer");
        let first = world.gather(&mut consumer, 1, 0).await;
        let second = world.gather(&mut consumer, 1, 500).await;
        assert_eq!(second[0].attempt, 2);
        first[0].ack().await.expect("late ack");
        until(&world, || async { consumer_idle(&consumer).await }).await;
    }
}

#[tokio::test]
async fn no_more_than_max_ack_pending_are_on_their_way() {
    for world in World::both(&["renshe"]).await {
        let (routing, agency) = (world.core("routing").await, world.agency("renshe").await);
        let make = Maker::new(5);
        for n in 1..=70 {
            let (subject, message) = make.dispatch("renshe", &format!("xf_{n}"), n);
            routing.publish(&subject, &message, 0).await.expect("publish");
        }
        let spec = ConsumerSpec::dispatches(&code("renshe"));
        let mut consumer = agency.consumer(&spec).await.expect("consumer");
        let got = world.gather(&mut consumer, 64, 0).await;
        assert_eq!(got.len(), 64, "{}", world.name());
        assert!(consumer.fetch(256, 0).await.expect("fetch").is_empty(), "{}", world.name());
        for delivery in &got {
            delivery.ack().await.expect("ack");
        }
        let rest = world.gather(&mut consumer, 6, 0).await;
        assert_eq!(rest.last().map(|d| d.stream_seq), Some(70), "{}", world.name());
    }
}

#[tokio::test]
async fn a_consumer_reads_whole_contexts_and_keeps_its_place() {
    for world in World::both(&[]).await {
        let (routing, intake) = (world.core("routing").await, world.core("intake").await);
        let make = Maker::new(6);
        for (bus, context) in [(&routing, "routing"), (&intake, "intake"), (&routing, "routing")] {
            let (subject, message) = make.fact(context, &make.id().to_string(), 1);
            bus.publish(&subject, &message, 0).await.expect("publish");
        }
        let spec = ConsumerSpec::facts("intake", &["routing"]);
        let mut consumer = intake.consumer(&spec).await.expect("consumer");
        let got = world.gather(&mut consumer, 2, 0).await;
        assert_eq!(got.iter().map(|d| d.stream_seq).collect::<Vec<_>>(), [1, 3], "{}", world.name());
        for delivery in &got {
            delivery.ack().await.expect("ack");
        }
        until(&world, || async { consumer_idle(&consumer).await }).await;
        drop(consumer);
        let mut anew = intake.consumer(&spec).await.expect("consumer");
        assert!(anew.fetch(10, 0).await.expect("fetch").is_empty(), "{}", world.name());
    }
}

#[tokio::test]
async fn what_is_no_message_of_ours_comes_with_its_bytes() {
    for world in World::both(&[]).await {
        let intake = world.core("intake").await;
        match &world {
            World::Memory(bus, _) => {
                bus.publish_raw("evt.routing.junk.xf_1", "j1".into(), vec![("x", "1".into())], b"\xff{")
                    .expect("raw");
            }
            World::Nats(hub) => {
                let js = async_nats::jetstream::new(hub.raw("admin").await);
                let message = async_nats::jetstream::message::PublishMessage::build()
                    .message_id("j1")
                    .header("x", "1")
                    .payload(b"\xff{".as_slice().into());
                js.send_publish("evt.routing.junk.xf_1", message).await.expect("raw").await.expect("ack");
            }
        }
        let mut consumer =
            intake.consumer(&ConsumerSpec::facts("intake", &["routing"])).await.expect("consumer");
        let got = world.gather(&mut consumer, 1, 0).await;
        assert!(got[0].message.is_err());
        let raw = got[0].raw.as_ref().expect("raw");
        assert_eq!((raw.id.as_str(), raw.body.as_str()), ("j1", "\u{fffd}{"), "{}", world.name());
        assert!(raw.headers.contains(&("x".to_owned(), "1".to_owned())), "{}", world.name());
    }
}

#[tokio::test]
async fn a_message_above_the_limit_is_a_clear_error_and_the_connection_stands() {
    for world in World::both(&[]).await {
        let routing = world.core("routing").await;
        let make = Maker::new(8);
        let (subject, mut message) = make.fact("routing", "xf_1", 1);
        message.body = "x".repeat(1_100_000);
        let error = routing.publish(&subject, &message, 0).await.expect_err("too large");
        assert!(matches!(error, BusError::TooLarge { limit: 1_048_576, .. }), "{}: {error}", world.name());
        assert!(!error.passes());
        let (subject, message) = make.fact("routing", "xf_2", 1);
        routing.publish(&subject, &message, 0).await.expect("the next one");
    }
}

#[tokio::test]
async fn a_batch_is_stored_whole_in_order_or_not_at_all() {
    for world in World::both(&[]).await {
        let routing = world.core("routing").await;
        let make = Maker::new(9);
        let made: Vec<_> = (1..=50).map(|n| make.fact("routing", &format!("xf_{n}"), 1)).collect();
        let items: Vec<_> =
            made.iter().map(|(subject, message)| bus::Outgoing { subject, message, attempt: 0 }).collect();
        let acks = routing.publish_batch(&items[..40]).await.expect("batch");
        assert_eq!(acks.iter().map(|a| a.seq).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
        let error = routing.publish_batch(&items[39..]).await.expect_err("one id is known");
        assert!(matches!(error, BusError::Refused { code: 10_201, .. }), "{}: {error}", world.name());
        let states = world.admin().await.stream_states().await.expect("states");
        let evt = states.iter().find(|s| s.name == "EVT").expect("EVT");
        assert_eq!(evt.messages, 40, "{}: nothing of a refused batch stays", world.name());
    }
}

#[tokio::test]
async fn each_agency_has_its_own_dispatches_returns_and_commands_and_nothing_else() {
    for world in World::both(&["renshe", "jiaoyu"]).await {
        let (routing, renshe) = (world.core("routing").await, world.agency("renshe").await);
        let make = Maker::new(10);
        let (subject, message) = make.dispatch("jiaoyu", "xf_1", 1);
        routing.publish(&subject, &message, 0).await.expect("dispatch");
        let foreign = renshe.consumer(&ConsumerSpec::dispatches(&code("jiaoyu"))).await;
        assert!(matches!(foreign.err(), Some(BusError::Forbidden(_))));
        let facts = renshe.consumer(&ConsumerSpec::facts("worker", &[])).await;
        assert!(matches!(facts.err(), Some(BusError::Forbidden(_))));
        let (subject, message) = make.returned("renshe", "xf_2", 1);
        let ack = renshe.publish(&subject, &message, 0).await.expect("its own return");
        assert_eq!(ack.stream, "RETURNS", "{}", world.name());
        let mut returns = routing.consumer(&ConsumerSpec::returns("routing")).await.expect("consumer");
        let got = world.gather(&mut returns, 1, 0).await;
        assert_eq!(got[0].message.as_ref(), Ok(&message));
        let (subject, message) = make.returned("jiaoyu", "xf_2", 1);
        for subject in [subject, "evt.routing.thing_happened.xf_2".to_owned()] {
            let error = renshe.publish(&subject, &message, 0).await.expect_err("not its own");
            assert!(matches!(error, BusError::Forbidden(_)), "{}: {error}", world.name());
        }
        let error =
            renshe.request("svc.routing.screen", &Call::default(), 500).await.expect_err("not for it");
        assert!(matches!(error, CallError::Away(_)), "{}", world.name());
        let core_returns = routing.publish("returns.renshe.x.xf_2", &message, 0).await;
        assert!(core_returns.is_err(), "{}: the office forges no returns", world.name());
    }
}

#[tokio::test]
async fn a_command_is_answered_refused_or_nobody_is_there() {
    for world in World::both(&["renshe"]).await {
        let (intake, routing) = (world.core("intake").await, world.core("routing").await);
        let renshe = world.agency("renshe").await;
        let echo: CommandHandler = Arc::new(|call: Call| {
            async move { Ok(format!("{:?}{:?}{:?}", call.actor, call.idempotency_key, call.body).into_bytes()) }.boxed()
        });
        let refuse: CommandHandler =
            Arc::new(|_| async { Err(NO.refuse().with("name", "小王").when("open", "close")) }.boxed());
        let fail: CommandHandler = Arc::new(|_| async { panic!("a fault of ours") }.boxed());
        let service = Service::core("intake", "1.0.0", "registers")
            .command("echo", echo)
            .command("refuse", refuse)
            .command("fail", fail)
            .agency_command(
                "open",
                Arc::new(|agency, call| {
                    async move { Ok([agency.as_str().as_bytes(), &call.body].concat()) }.boxed()
                }),
            );
        let serving = intake.serve(service.clone()).await.expect("serve");
        let call = Call {
            actor: Some("token".into()),
            idempotency_key: Some("k1".into()),
            traceparent: None,
            body: vec![1],
        };
        let answer = routing.request("svc.intake.echo", &call, 5_000).await.expect("answer");
        assert_eq!(String::from_utf8_lossy(&answer), "Some(\"token\")Some(\"k1\")[1]", "{}", world.name());
        let refused = routing.request("svc.intake.refuse", &call, 5_000).await.expect_err("refusal");
        let CallError::Refused(refusal) = refused else { panic!("{}: {refused}", world.name()) };
        assert_eq!(refusal.text(true), "not today, 小王");
        assert_eq!((refusal.kind, refusal.article.as_deref()), (ErrorKind::Conflict, Some("Art. 22")));
        let failed = routing.request("svc.intake.fail", &call, 5_000).await.expect_err("failure");
        assert!(matches!(&failed, CallError::Refused(r) if r.code == "handler_failed"), "{failed}");
        let opened = renshe.request("svc.intake.open.renshe", &call, 5_000).await.expect("own subject");
        assert_eq!(opened, b"renshe\x01", "{}", world.name());
        let foreign =
            renshe.request("svc.intake.open.jiaoyu", &call, 500).await.expect_err("foreign subject");
        assert!(matches!(foreign, CallError::Away(_)));
        assert!(routing.serve(service).await.is_err(), "nobody serves under another's name");
        serving.stop().await;
        let gone = routing.request("svc.intake.echo", &call, 500).await.expect_err("nobody there");
        assert!(matches!(gone, CallError::Away(_)), "{}: {gone}", world.name());
    }
}

#[tokio::test]
async fn an_agency_serves_its_own_commands_to_the_office() {
    for world in World::both(&["renshe"]).await {
        let (console, renshe) = (world.core("console").await, world.agency("renshe").await);
        let tasks: CommandHandler = Arc::new(|_| async { Ok(b"tasks".to_vec()) }.boxed());
        let service = Service::agency(&code("renshe"), "1.0.0", "one agency").command("tasks", tasks);
        let _serving = renshe.serve(service).await.expect("serve");
        let answer =
            console.request("svc.agency.renshe.tasks", &Call::default(), 5_000).await.expect("answer");
        assert_eq!(answer, b"tasks", "{}", world.name());
        let other = Service::agency(&code("jiaoyu"), "1.0.0", "another");
        assert!(renshe.serve(other).await.is_err());
    }
}

#[tokio::test]
async fn a_rebuild_gives_a_new_epoch_and_numbers_nobody_has_seen() {
    for world in World::both(&["renshe"]).await {
        let (admin, routing) = (world.admin().await, world.core("routing").await);
        let (subject, message) = Maker::new(13).fact("routing", "xf_1", 1);
        let before = routing.publish(&subject, &message, 0).await.expect("publish");
        let epoch = bus::streams::recreate(&admin, &[code("renshe")], 1).await.expect("recreate");
        assert_eq!(epoch.number, 2);
        let after = routing.publish(&subject, &message, 0).await.expect("publish");
        assert!(!after.duplicate && after.seq > before.seq + 1_000, "{}: {after:?}", world.name());
        assert_eq!(bus::streams::current_epoch(&admin).await.expect("epoch"), Some(epoch));
        bus::streams::ensure(&admin, &[code("renshe"), code("jiaoyu")]).await.expect("ensure");
        let states = admin.stream_states().await.expect("states");
        assert_eq!(states.len(), 6);
        assert!(states.iter().all(|s| s.epoch == epoch), "{}: {states:?}", world.name());
    }
}

async fn consumer_idle(consumer: &bus::Consumer) -> bool {
    consumer.state().await.is_ok_and(|s| s.unacked == 0 && s.pending == 0)
}

async fn until<F: Future<Output = bool>>(world: &World, condition: impl Fn() -> F) {
    let begun = Instant::now();
    while !condition().await {
        assert!(begun.elapsed() < PATIENCE, "{}: never came true", world.name());
        tokio::task::yield_now().await;
    }
}

#[test]
fn sides_have_names_and_their_own_inboxes() {
    assert_eq!(Side::core("intake").inbox(), "_INBOX.intake");
    assert_eq!(Side::Agency(code("renshe")).name(), "lianxi/agency/renshe");
}
