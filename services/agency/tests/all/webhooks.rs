//! 推送: an agency's own dispatches, announced at its own address: once each, signed, again until they are taken.

use agency::webhooks::{Caller, Targets};
use contracts::{
    Event,
    agency::commands::{
        AddWebhook, AnnounceAgain, Announcement, ListAnnouncements, ListWebhooks, RotateWebhook, SetWebhook,
        WebhookMade,
    },
    codes::{AnnouncementOutcome, AnnouncementState},
    routing::{AssignmentDispatchV1, RecallDispatchV1},
};
use db::Sql;
use kernel::{Clock, Place, Role};
use rustls::pki_types::PrivateKeyDer;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use trust::{KeyRing, Secret32, WebhookSecret};

use crate::{
    receiver::{Came, Receiver, SILENT},
    support::{World, accusation, claim, code, handler, head, mint, on_each_database, person, screener},
};

static DELIVERIES: Sql = Sql::same("SELECT count(*) FROM webhook_delivery");
static CHANGES: Sql = Sql::same("SELECT count(*) FROM webhook_change");
static SECRETS: Sql = Sql::same("SELECT sealed FROM webhook");

async fn named(world: &World, receiver: &Receiver) -> WebhookMade {
    let add = AddWebhook { url: receiver.address.clone(), types: Vec::new() };
    world.ask(&head(), &add).await.expect("an address")
}

async fn step(world: &World) -> usize {
    world.node.announcer.step(world.clock.now()).await.expect("announced")
}

async fn log(world: &World) -> Vec<Announcement> {
    world.ask(&head(), &ListAnnouncements::default()).await.expect("the log").items
}

fn verify(came: &Came, secret: &str) -> bool {
    let secret = WebhookSecret::parse(secret).expect("a secret");
    let timestamp: i64 = came.headers["webhook-timestamp"].parse().expect("seconds");
    let signed = secret.sign(&came.headers["webhook-id"], timestamp, &came.body);
    came.headers["webhook-signature"].split(' ').any(|one| one == signed)
}

#[tokio::test]
async fn a_dispatch_is_announced_once_signed_as_the_bus_carried_it() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        let made = named(&world, &receiver).await;
        let dispatch = claim(world.matter);
        world.given(dispatch.clone()).await;
        assert_eq!(step(&world).await, 1);
        assert_eq!(step(&world).await, 0, "nothing more is due");
        let came = receiver.came();
        let [one] = came.as_slice() else { panic!("{came:?}") };
        assert_eq!(one.path, "/hooks");
        assert_eq!(one.headers["content-type"], "application/cloudevents+json");
        assert!(verify(one, &made.secret), "{one:?}");
        let event: serde_json::Value = serde_json::from_str(&one.body).expect("JSON");
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["type"], AssignmentDispatchV1::TYPE);
        assert_eq!(event["id"], one.headers["webhook-id"].as_str());
        assert_eq!((&event["agency"], &event["agencyseq"]), (&"renshe".into(), &1.into()));
        assert_eq!(event["data"], serde_json::to_value(&dispatch).expect("JSON"));
        let log = log(&world).await;
        assert_eq!((log[0].state, log[0].attempts.len()), (AnnouncementState::Delivered, 1));
        assert_eq!(log[0].attempts[0].status, Some(200));
        // The bus says it again: nothing is announced again.
        world.take_in().await.expect("nothing new");
        assert_eq!((world.number(&DELIVERIES).await, step(&world).await), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_is_down_gets_each_dispatch_when_it_is_up() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        let at = receiver.address.trim_start_matches("http://").trim_end_matches("/hooks").to_owned();
        named(&world, &receiver).await;
        drop(receiver);
        for _ in 0..3 {
            world.given(claim(mint().mint())).await;
        }
        assert_eq!(step(&world).await, 3);
        let waiting = log(&world).await;
        let unreachable = |one: &Announcement| one.attempts[0].outcome == AnnouncementOutcome::Unreachable;
        assert!(waiting.iter().all(unreachable), "{waiting:?}");
        assert_eq!(step(&world).await, 0, "not before its time");
        let receiver = Receiver::on(&at).await;
        world.clock.advance_ms(6_000);
        assert_eq!(step(&world).await, 3);
        let mut ids: Vec<String> = receiver.came().iter().map(|c| c.headers["webhook-id"].clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), receiver.came().len()), (3, 3), "each once");
        assert!(log(&world).await.iter().all(|one| one.state == AnnouncementState::Delivered));
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_refuses_is_asked_ten_times_and_then_by_a_person() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        named(&world, &receiver).await;
        receiver.answers(&[500, 503, 302, 404, 500, 500, 500, 500, 500, 500]);
        world.given(claim(world.matter)).await;
        let mut made = 0;
        for _ in 0..20 {
            made += step(&world).await;
            world.clock.advance_ms(130_000_000);
        }
        assert_eq!(made, 10);
        let dead = log(&world).await;
        assert_eq!((dead[0].state, dead[0].attempts.len()), (AnnouncementState::Dead, 10));
        assert_eq!(dead[0].attempts[2].status, Some(302), "a redirect is an answer, not a way");
        let only = ListAnnouncements { state: Some(AnnouncementState::Dead), ..Default::default() };
        assert_eq!(world.ask(&head(), &only).await.expect("dead").items.len(), 1);
        let again = AnnounceAgain { delivery_id: dead[0].delivery_id };
        world.ask(&head(), &again).await.expect("again");
        assert_eq!(world.refused(&head(), &again).await, "announcement_waits");
        assert_eq!(step(&world).await, 1);
        let log = log(&world).await;
        assert_eq!((log[0].state, log[0].attempts.len()), (AnnouncementState::Delivered, 11));
        let ids: std::collections::BTreeSet<_> =
            receiver.came().iter().map(|c| c.headers["webhook-id"].clone()).collect();
        assert_eq!(ids.len(), 1, "the same id each time");
        assert_eq!(world.ask(&head(), &ListWebhooks {}).await.expect("list")[0].dead, 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_and_not_recorded_is_sent_again_under_the_same_id() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        named(&world, &receiver).await;
        world.given(claim(world.matter)).await;
        // The process dies between sending and recording: the record of the claim is all that is left.
        receiver.answers(&[SILENT]);
        tokio::select! {
            made = step(&world) => panic!("{made} attempts were ended"),
            () = receiver.reached() => {}
        }
        assert_eq!(receiver.came().len(), 1);
        assert_eq!(step(&world).await, 0, "the claim holds for a minute");
        assert_eq!(log(&world).await[0].attempts[0].outcome, AnnouncementOutcome::Open);
        world.clock.advance_ms(60_000);
        assert_eq!(step(&world).await, 1);
        let came = receiver.came();
        assert_eq!(came[0].headers["webhook-id"], came[1].headers["webhook-id"]);
        assert_eq!(came[0].body, came[1].body);
        let log = log(&world).await;
        assert_eq!((log[0].state, log[0].attempts.len()), (AnnouncementState::Delivered, 2));
    })
    .await;
}

#[tokio::test]
async fn another_secret_and_the_one_before_sign_together_for_a_day() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        let first = named(&world, &receiver).await;
        let rotate = RotateWebhook { webhook_id: first.webhook_id, expected_version: 1 };
        let second = world.ask(&head(), &rotate).await.expect("rotated");
        assert_ne!(first.secret, second.secret);
        assert_eq!(world.refused(&head(), &rotate).await, "webhook_stale");
        world.given(claim(mint().mint())).await;
        step(&world).await;
        world.clock.advance_ms(86_400_000);
        world.given(claim(mint().mint())).await;
        step(&world).await;
        let came = receiver.came();
        assert!(verify(&came[0], &first.secret) && verify(&came[0], &second.secret));
        assert!(!verify(&came[1], &first.secret) && verify(&came[1], &second.secret));
        let (sealed,): (Vec<u8>,) =
            world.db.read(|tx| Box::pin(async move { tx.query(&SECRETS).one().await })).await.expect("row");
        let plain = second.secret.as_bytes();
        assert!(!sealed.windows(plain.len()).any(|part| part == plain), "the secret lies sealed");
        assert_eq!(world.number(&CHANGES).await, 2);
    })
    .await;
}

#[tokio::test]
async fn types_and_the_switch_say_what_is_announced() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        let made = named(&world, &receiver).await;
        let set = |version: i64, types: &[&str], active: bool| SetWebhook {
            webhook_id: made.webhook_id,
            expected_version: version,
            types: types.iter().map(|t| (*t).to_owned()).collect(),
            active,
        };
        assert_eq!(world.refused(&head(), &set(1, &["lianxi.nothing.v1"], true)).await, "webhook_type");
        world.ask(&head(), &set(1, &[RecallDispatchV1::TYPE], true)).await.expect("recalls alone");
        let task = world.given(claim(mint().mint())).await;
        assert_eq!(step(&world).await, 0);
        world.taken_back(&task).await;
        world.ask(&head(), &set(2, &[], false)).await.expect("off");
        assert_eq!(step(&world).await, 0, "what waits, waits");
        world.given(claim(mint().mint())).await;
        world.ask(&head(), &set(3, &[], true)).await.expect("on");
        assert_eq!(step(&world).await, 1);
        let came = receiver.came();
        assert!(came[0].body.contains(RecallDispatchV1::TYPE), "{came:?}");
    })
    .await;
}

#[tokio::test]
async fn of_an_accusation_goes_out_what_the_bus_carried() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        named(&world, &receiver).await;
        let dispatch = accusation(mint().mint());
        world.given(dispatch.clone()).await;
        step(&world).await;
        let event: serde_json::Value = serde_json::from_str(&receiver.came()[0].body).expect("JSON");
        assert_eq!(event["data"], serde_json::to_value(&dispatch).expect("JSON"));
    })
    .await;
}

#[tokio::test]
async fn the_head_and_the_administrator_alone_and_of_their_own_unit() {
    on_each_database(|world| async move {
        let administrator = person(Place::Agency(code("renshe")), &[Role::Administrator]);
        assert!(world.ask(&administrator, &ListWebhooks {}).await.expect("list").is_empty());
        assert_eq!(world.refused(&handler(), &ListWebhooks {}).await, "webhook_not_allowed");
        for other in [screener(), person(Place::Office, &[Role::Administrator])] {
            assert_eq!(world.refused(&other, &ListWebhooks {}).await, "no_such_webhook");
        }
        let foreign = person(Place::Agency(code("jiaotong")), &[Role::AgencyHead]);
        assert_eq!(world.refused(&foreign, &ListAnnouncements::default()).await, "no_such_webhook");
        let add = |address: &str| AddWebhook { url: address.to_owned(), types: Vec::new() };
        assert_eq!(world.refused(&head(), &add("oa.example")).await, "webhook_address");
        for no in 0..5 {
            world.ask(&head(), &add(&format!("https://oa{no}.example.gov.cn/"))).await.expect("added");
        }
        assert_eq!(world.refused(&head(), &add("https://oa.example.gov.cn/")).await, "too_many_webhooks");
    })
    .await;
}

#[tokio::test]
async fn networks_that_are_closed_are_not_called() {
    for targets in [Targets::Public, Targets::Private] {
        let caller = Caller::new(targets, &[]);
        let receiver = Receiver::start().await;
        for address in
            [receiver.address.clone(), receiver.address.replace("http://127.0.0.1", "https://localhost")]
        {
            let answer = caller.post(&address, &[], "{}".to_owned()).await;
            assert_eq!(answer.outcome, AnnouncementOutcome::ForbiddenTarget, "{address}");
        }
        assert!(receiver.came().is_empty());
    }
}

#[tokio::test]
async fn over_tls_a_receiver_is_called_whose_certificate_is_vouched_for() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a server");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("https://localhost:{}/x", listener.local_addr().expect("bound").port());
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("accepted");
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut some = [0_u8; 4096];
            assert!(stream.read(&mut some).await.expect("a request") > 0);
            stream.write_all(b"HTTP/1.1 204 x\r\n\r\n").await.expect("answered");
        }
    });
    let pem = made.cert.pem();
    let known = Caller::new(Targets::Any, pem.as_bytes()).post(&address, &[], "{}".to_owned()).await;
    assert_eq!((known.outcome, known.status), (AnnouncementOutcome::Delivered, Some(204)));
    let unknown = Caller::new(Targets::Any, &[]).post(&address, &[], "{}".to_owned()).await;
    assert_eq!((unknown.outcome, unknown.status), (AnnouncementOutcome::BadCertificate, None));
    server.abort();
}

#[tokio::test]
async fn secrets_move_with_the_books_to_a_site_of_its_own() {
    on_each_database(|world| async move {
        let receiver = Receiver::start().await;
        let made = named(&world, &receiver).await;
        let fresh = KeyRing::new(Secret32::from([10; 32]), Vec::new());
        let moved = agency::store::sealed::rewrap(&world.db, &world.deps.key_ring, &fresh).await;
        moved.expect("wrapped anew");
        world.given(claim(world.matter)).await;
        let deps = agency::Deps { key_ring: fresh, ..world.deps.clone() };
        let announced = agency::sweeps::Announcer::new(&deps).step(world.clock.now()).await;
        assert_eq!(announced.expect("announced"), 1);
        assert!(verify(&receiver.came()[0], &made.secret));
    })
    .await;
}
