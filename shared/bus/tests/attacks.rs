//! What somebody who holds an agency's key, or a service's, can do with a bare client: nothing beyond its own
//! (bus.md F4 and section 2).

#![expect(clippy::expect_used, reason = "a test may fail by panic")]

mod support;

use std::time::Duration;

use async_nats::{Client, jetstream};
use bus::{Call, ConsumerSpec, Service};
use futures::{FutureExt, StreamExt};
use support::{Hub, Maker, code};

/// How long an answer that must not come is waited for.
const SILENCE: Duration = Duration::from_millis(700);

async fn request_fails(client: &Client, subject: &str, body: &str) {
    let request = async_nats::Request::new().payload(body.to_owned().into()).timeout(Some(SILENCE));
    match client.send_request(subject.to_owned(), request).await {
        Err(_) => {}
        Ok(answer) => {
            let text = String::from_utf8_lossy(&answer.payload);
            assert!(text.contains("error"), "`{subject}` answered: {text}");
        }
    }
}

/// Publishes with a reply of the attacker's choice and lets the server see it.
async fn send(client: &Client, subject: &str, reply: &str, body: &str) {
    client
        .publish_with_reply(subject.to_owned(), reply.to_owned(), body.to_owned().into())
        .await
        .expect("send");
    client.flush().await.expect("flush");
}

async fn counts(hub: &Hub) -> Vec<(String, u64)> {
    let mut states = hub.admin().await.stream_states().await.expect("states");
    states.sort_by(|a, b| a.name.cmp(&b.name));
    states.into_iter().map(|s| (s.name, s.messages)).collect()
}

#[tokio::test]
async fn an_agency_cannot_read_what_is_for_another() {
    let hub = Hub::ready(&["renshe", "jiaoyu"]).await;
    let routing = hub.core("routing").await;
    let attacker = hub.raw("renshe").await;
    // Everything its account can hear, wildcards included: refused or silent.
    let mut heard = Vec::new();
    for pattern in [">", "_INBOX.>", "dispatch.>", "$JS.>", "evt.>", "returns.>", "svc.agency.jiaoyu.>"] {
        heard.push(attacker.subscribe(pattern).await.expect("subscribe"));
    }
    let make = Maker::new(1);
    for n in 1..=3 {
        let (subject, message) = make.dispatch("jiaoyu", "xf_canary", n);
        routing.publish(&subject, &message, 0).await.expect("dispatch");
    }
    let jiaoyu = hub.agency("jiaoyu").await;
    let mut worker = jiaoyu.consumer(&ConsumerSpec::dispatches(&code("jiaoyu"))).await.expect("worker");
    let got = worker.fetch(10, 5_000).await.expect("fetch");
    assert!(!got.is_empty());
    for delivery in &got {
        delivery.ack().await.expect("ack");
    }
    for subject in [
        "JS.core.API.CONSUMER.MSG.NEXT.DISPATCH_jiaoyu.worker",
        "$JS.API.CONSUMER.MSG.NEXT.DISPATCH_jiaoyu.worker",
        "$JS.hub.API.CONSUMER.MSG.NEXT.DISPATCH_jiaoyu.worker",
        "JS.core.API.CONSUMER.INFO.DISPATCH_jiaoyu.worker",
        "JS.core.API.STREAM.MSG.GET.DISPATCH_jiaoyu",
        "JS.core.API.DIRECT.GET.DISPATCH_jiaoyu",
        "$JS.API.DIRECT.GET.EVT",
        "$JS.API.STREAM.NAMES",
        "$JS.hub.API.STREAM.NAMES",
        "$JS.API.STREAM.DELETE.DISPATCH_jiaoyu",
        "JS.core.API.CONSUMER.CREATE.DISPATCH_renshe.mine",
        "svc.intake.open.jiaoyu",
        "svc.routing.screen",
        "svc.agency.jiaoyu.tasks",
        "agy.jiaoyu.$SRV.PING",
        "$SYS.REQ.SERVER.PING.VARZ",
    ] {
        request_fails(&attacker, subject, "{\"batch\":1}").await;
    }
    for subscriber in &mut heard {
        while let Some(Some(message)) = subscriber.next().now_or_never() {
            let text = format!("{} {}", message.subject, String::from_utf8_lossy(&message.payload));
            assert!(!text.contains("jiaoyu") && !text.contains("canary"), "heard: {text}");
        }
    }
}

#[tokio::test]
async fn an_agency_cannot_put_anything_into_the_office_but_its_own_returns() {
    let hub = Hub::ready(&["renshe", "jiaoyu"]).await;
    let (routing, attacker) = (hub.core("routing").await, hub.raw("renshe").await);
    let (subject, message) = Maker::new(2).dispatch("renshe", "xf_1", 1);
    routing.publish(&subject, &message, 0).await.expect("dispatch");
    let before = counts(&hub).await;
    for subject in [
        "evt.routing.forged.xf_1",
        "dispatch.jiaoyu.routing.xf_1",
        "dispatch.renshe.routing.xf_1",
        "returns.jiaoyu.received.xf_1",
        "returns.renshe.received.xf_1",
        "dlq.routing.xf_1",
        "$JS.ACK.hub.x.DISPATCH_jiaoyu.worker.1.1.1.1.1",
        "$JS.API.STREAM.PURGE.EVT",
    ] {
        send(&attacker, subject, "_INBOX.x", "forged").await;
    }
    // Publish permissions do not look at the reply: in one shared account the pulled message would be stored
    // under a subject of the attacker's choice. Here the reply never reaches the office's account.
    let next = "JS.core.API.CONSUMER.MSG.NEXT.DISPATCH_renshe.worker";
    for reply in [
        "evt.forged",
        "evt.routing.forged.xf_1",
        "dispatch.jiaoyu.forged.xf_1",
        "$JS.API.STREAM.DELETE.DISPATCH_renshe",
    ] {
        send(&attacker, next, reply, "{\"batch\":1,\"expires\":300000000}").await;
        send(&attacker, "JS.core.API.CONSUMER.INFO.DISPATCH_renshe.worker", reply, "{}").await;
        send(&attacker, "svc.intake.open.renshe", reply, "{}").await;
    }
    request_fails(&attacker, "evt.routing.forged.xf_1", "forged").await;
    assert_eq!(counts(&hub).await, before);
    // A return in another's name is stamped by the hub: its subject and its source differ, so it is no message.
    let (_, mut forged) = Maker::new(3).returned("jiaoyu", "xf_1", 1);
    forged.body = "{}".to_owned();
    let mut headers = async_nats::HeaderMap::new();
    for (name, value) in forged.headers() {
        headers.insert(name, value.as_str());
    }
    let publish = jetstream::message::PublishMessage::build().headers(headers).payload("{}".into());
    let js = jetstream::new(attacker.clone());
    js.send_publish("out.thing_happened.xf_1", publish).await.expect("send").await.expect("its own subject");
    let mut returns = routing.consumer(&ConsumerSpec::returns("routing")).await.expect("consumer");
    let got = returns.fetch(10, 5_000).await.expect("fetch");
    assert_eq!(got[0].subject, "returns.renshe.thing_happened.xf_1");
    assert!(got[0].message.is_err(), "{:?}", got[0].message);
}

#[tokio::test]
async fn a_service_cannot_speak_for_another_nor_change_streams() {
    let hub = Hub::ready(&["renshe"]).await;
    let intake = hub.raw("intake").await;
    let before = counts(&hub).await;
    for subject in ["evt.routing.forged.xf_1", "dispatch.renshe.routing.xf_1", "returns.renshe.received.xf_1"]
    {
        send(&intake, subject, "_INBOX.intake.x", "forged").await;
    }
    for subject in [
        "$JS.API.STREAM.DELETE.EVT",
        "$JS.API.STREAM.PURGE.EVT",
        "$JS.API.STREAM.UPDATE.EVT",
        "$JS.API.STREAM.MSG.DELETE.EVT",
        "$JS.API.CONSUMER.DELETE.EVT.routing",
        "$JS.API.CONSUMER.MSG.NEXT.EVT.routing",
        "$JS.API.CONSUMER.CREATE.EVT.routing",
    ] {
        send(&intake, subject, "_INBOX.intake.x", "{}").await;
    }
    assert_eq!(counts(&hub).await, before);
    // Streams refuse deletion and purge even of the administrator.
    let js = jetstream::new(hub.raw("admin").await);
    let evt = js.get_stream("EVT").await.expect("EVT");
    assert!(evt.purge().await.is_err() && evt.cached_info().config.deny_delete);
}

#[tokio::test]
async fn nobody_comes_in_without_a_key_of_the_configuration() {
    let hub = Hub::ready(&["renshe"]).await;
    let strange = bus::keys::generate().expect("key");
    assert!(async_nats::ConnectOptions::with_nkey(strange.seed).connect(hub.url()).await.is_err());
    assert!(async_nats::connect(hub.url()).await.is_err());
}

#[tokio::test]
async fn discovery_by_stock_tools_reaches_the_office_and_the_agencies() {
    let hub = Hub::ready(&["renshe"]).await;
    let (intake, renshe) = (hub.core("intake").await, hub.agency("renshe").await);
    let ok = || -> bus::CommandHandler { std::sync::Arc::new(|_| async { Ok(b"{}".to_vec()) }.boxed()) };
    let refuse: bus::CommandHandler =
        std::sync::Arc::new(|_| async { Err(bus::call::HANDLER_FAILED.refuse()) }.boxed());
    let office =
        Service::core("intake", "1.2.3", "registers").command("register", ok()).command("refuse", refuse);
    let _office = intake.serve(office).await.expect("serve");
    let node = Service::agency(&code("renshe"), "1.2.3", "one agency").command("tasks", ok());
    let _node = renshe.serve(node).await.expect("serve");
    let console = hub.core("console").await;
    console.request("svc.intake.register", &Call::default(), 5_000).await.expect("answer");
    console.request("svc.intake.refuse", &Call::default(), 5_000).await.expect_err("refusal");
    let admin = hub.raw("admin").await;
    let ask = async |subject: &str| {
        let answer = admin.request(subject.to_owned(), "".into()).await.expect("answer");
        serde_json::from_slice::<serde_json::Value>(&answer.payload).expect("json")
    };
    let info = ask("$SRV.INFO.intake").await;
    assert_eq!((info["name"].as_str(), info["version"].as_str()), (Some("intake"), Some("1.2.3")));
    assert_eq!(info["endpoints"].as_array().map(Vec::len), Some(2));
    let stats = ask("$SRV.STATS.intake").await;
    let endpoints = stats["endpoints"].as_array().expect("endpoints");
    let of = |name: &str| endpoints.iter().find(|e| e["name"] == name).expect("endpoint");
    assert_eq!(of("register")["num_requests"], 1);
    assert_eq!(of("refuse")["data"]["refused"], 1);
    assert_eq!(ask("agy.renshe.$SRV.PING").await["name"], "agency-renshe");
    assert_eq!(
        ask("agy.renshe.$SRV.INFO.agency-renshe").await["endpoints"][0]["subject"],
        "svc.agency.renshe.tasks"
    );
}
