//! The child process: start, adoption, reload, crash; the configuration and what must hold of it.

mod support;

use bus::{
    Bus, BusError, Connect, ConsumerSpec, Side,
    config::AgencyUser,
    selfcheck::{self, Fault},
    server::{NatsServer, ServerBinary},
    streams,
};
use support::{Hub, Maker, code, key, store::Store};

#[tokio::test]
async fn a_running_server_is_adopted_with_its_ports_and_a_dead_one_is_started_on_them() {
    let mut hub = Hub::ready(&["renshe"]).await;
    let (url, pid) = (hub.url(), hub.server().pid());
    let binary = ServerBinary::find(None).await.expect("binary");
    let plan = hub.server().plan().clone();
    drop(hub.server.take());
    let adopted = NatsServer::start(binary.clone(), plan.clone()).await.expect("adopt");
    assert_eq!((adopted.pid(), adopted.url()), (pid, url.clone()));
    adopted.stop().await.expect("stop");
    let started = NatsServer::start(binary, plan).await.expect("start");
    assert_eq!(started.url(), url);
    assert_ne!(started.pid(), pid);
    hub.server = Some(started);
    assert_eq!(
        hub.admin().await.stream_states().await.expect("states").len(),
        5,
        "the streams are on the disk"
    );
}

#[tokio::test]
async fn a_reload_lets_an_agency_in_or_out_without_dropping_the_others() {
    let mut hub = Hub::ready(&["renshe"]).await;
    let (admin, renshe) = (hub.admin().await, hub.agency("renshe").await);
    let mut plan = hub.server().plan().clone();
    let nkey = key(hub.dir.path(), "jiaoyu").public;
    plan.agencies.push(AgencyUser { code: code("jiaoyu"), nkey });
    hub.server().reload(plan.clone()).await.expect("reload");
    let both = [code("renshe"), code("jiaoyu")];
    streams::ensure(&admin, &both).await.expect("ensure");
    let jiaoyu = hub.agency("jiaoyu").await;
    let (subject, message) = Maker::new(1).dispatch("jiaoyu", "xf_1", 1);
    hub.core("routing").await.publish(&subject, &message, 0).await.expect("dispatch");
    let mut worker = jiaoyu.consumer(&ConsumerSpec::dispatches(&code("jiaoyu"))).await.expect("worker");
    assert_eq!(worker.fetch(10, 5_000).await.expect("fetch").len(), 1);
    assert!(renshe.is_up(), "the others were not dropped");
    plan.agencies.retain(|a| a.code != code("jiaoyu"));
    hub.server().reload(plan).await.expect("reload");
    let Bus::Nats(gone) = &jiaoyu else { panic!("nats") };
    let begun = std::time::Instant::now();
    while gone.is_up() {
        assert!(begun.elapsed() < support::PATIENCE, "a key that was taken out still holds");
        tokio::task::yield_now().await;
    }
    assert!(renshe.is_up());
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_and_the_client_comes_back() {
    let mut hub = Hub::ready(&[]).await;
    let (routing, admin) = (hub.core("routing").await, hub.admin().await);
    let make = Maker::new(2);
    let mut acknowledged = 0;
    for n in 1..=50 {
        let (subject, message) = make.fact("routing", &format!("xf_{n}"), 1);
        routing.publish(&subject, &message, 0).await.expect("publish");
        acknowledged += 1;
    }
    hub.kill().await;
    let (subject, message) = make.fact("routing", "xf_late", 1);
    let away = routing.publish(&subject, &message, 0).await.expect_err("nobody is there");
    assert!(away.passes(), "{away}");
    hub.revive().await;
    let Bus::Nats(client) = &routing else { panic!("nats") };
    assert!(client.wait_up(15_000).await);
    let ack = routing.publish(&subject, &message, 0).await.expect("publish");
    assert_eq!(ack.seq, acknowledged + 1);
    let Bus::Nats(client) = &admin else { panic!("nats") };
    assert!(client.wait_up(15_000).await);
    let evt =
        admin.stream_states().await.expect("states").into_iter().find(|s| s.name == "EVT").expect("EVT");
    assert_eq!(evt.messages, acknowledged + 1);
}

#[tokio::test]
async fn the_generated_configuration_passes_the_self_checks_and_each_fault_is_told() {
    let mut hub = Hub::ready(&["renshe"]).await;
    let monitor = hub.server().monitor();
    let admin = hub.admin().await;
    let store = Store::new(1).await;
    let faults = selfcheck::run(Some(monitor), &admin, &[("intake", &store.db)]).await.expect("checks");
    assert_eq!(faults, [], "{faults:?}");
    streams::recreate(&admin, &[code("renshe")], 1).await.expect("recreate");
    let faults = selfcheck::run(Some(monitor), &admin, &[("intake", &store.db)]).await.expect("checks");
    assert_eq!(faults, [Fault::OldDatabase { name: "intake".to_owned(), own: 1, streams: 2 }]);
    let mut varz = monitor.varz().await.expect("varz");
    assert!(varz.jetstream.config.max_storage > 0 && varz.port != 0);
    varz.jetstream.config.sync_always = false;
    varz.feature_flags.clear();
    varz.version = "2.9.10".to_owned();
    varz.http_host = "0.0.0.0".to_owned();
    let faults = selfcheck::of_server(&varz);
    assert_eq!(
        faults,
        [
            Fault::SyncNotAlways,
            Fault::AckFormat,
            Fault::TooOld("2.9.10".to_owned()),
            Fault::MonitoringOpen("0.0.0.0".to_owned())
        ]
    );
    let told = selfcheck::refusal(&faults).expect("refusal").to_string();
    assert_eq!(told.lines().count(), 4, "{told}");
    assert!(selfcheck::refusal(&[]).is_none());
    assert_eq!(
        selfcheck::of_names(&["EVT".to_owned(), "DLQ".to_owned(), "EVT".to_owned()]),
        [Fault::StreamTwice("EVT".to_owned())]
    );
}

#[tokio::test]
async fn a_server_with_the_defaults_of_its_makers_is_refused() {
    let hub = Hub::start(&[]).await;
    let file = hub.dir.path().join("nats/nats.conf");
    let text = std::fs::read_to_string(&file).expect("config");
    let weak =
        text.replace("sync_interval: always, ", "").replace("js_ack_fc_v2: true", "js_ack_fc_v2: false");
    assert_ne!(weak, text);
    drop(hub);
    let dir = support::TempDir::new();
    let port = 19_000 + u16::try_from(std::process::id() % 900).expect("port");
    let store = dir.path().join("store");
    let config = dir.path().join("weak.conf");
    let lines: Vec<String> = weak
        .lines()
        .map(|l| match l {
            l if l.starts_with("listen") => "listen: \"127.0.0.1:-1\"".to_owned(),
            l if l.starts_with("http") => format!("http: \"127.0.0.1:{port}\""),
            l if l.starts_with("jetstream") => {
                format!("jetstream {{ store_dir: \"{}\", domain: hub }}", store.display())
            }
            l if l.starts_with("logfile") => String::new(),
            l => l.to_owned(),
        })
        .collect();
    std::fs::write(&config, lines.join("\n")).expect("write");
    let binary = ServerBinary::find(None).await.expect("binary");
    let mut child = tokio::process::Command::new(binary.path())
        .arg("-c")
        .arg(&config)
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("start");
    let monitor = bus::server::Monitor::on(port);
    let begun = std::time::Instant::now();
    while !monitor.healthy().await {
        assert!(begun.elapsed() < support::PATIENCE);
        tokio::task::yield_now().await;
    }
    let faults = selfcheck::of_server(&monitor.varz().await.expect("varz"));
    assert_eq!(faults, [Fault::SyncNotAlways, Fault::AckFormat]);
    child.kill().await.expect("kill");
}

/// An office starts as thirty processes at once, each of which looks for the same keys.
#[test]
fn whoever_reads_a_key_that_another_is_making_reads_all_of_it() {
    for _ in 0..50 {
        let dir = support::TempDir::new();
        let keys = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| key(dir.path(), "routing"))).collect();
            threads.into_iter().map(|t| t.join().expect("a key")).collect::<Vec<_>>()
        });
        assert!(keys.iter().all(|k| *k == keys[0]), "{keys:?}");
    }
}

#[tokio::test]
async fn keys_are_kept_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = support::TempDir::new();
    let made = key(dir.path(), "routing");
    assert_eq!(key(dir.path(), "routing"), made);
    assert!(made.seed.starts_with("SU") && made.public.starts_with('U'));
    assert!(!format!("{made:?}").contains(&made.seed));
    let file = dir.path().join("keys/routing.nk");
    assert_eq!(std::fs::metadata(&file).expect("file").permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("chmod");
    let error = bus::keys::load_or_create(&dir.path().join("keys"), "routing").expect_err("too wide");
    assert!(error.to_string().contains("chmod 600"), "{error}");
    let error = bus::keys::from_seed("SUAbad").expect_err("no seed");
    assert!(matches!(error, BusError::Setup(_)));
    let connect =
        Connect { url: "nats://127.0.0.1:1".into(), seed: "nonsense".into(), side: Side::core("x") };
    assert!(matches!(Bus::connect(&connect).await, Err(BusError::Setup(_))));
}
