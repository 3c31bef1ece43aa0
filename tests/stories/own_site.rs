//! An agency's own site: another folder, another process, another network namespace; directly and through a leaf node.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office,
    folder::Folder,
    letter::{
        at, claim, code_of, forward_to, matter, notice, on_board, opinion, register, screen, step, task,
    },
    seat::{Bundle, free_port, verb, verb_well},
    wait::wait_for,
};

/// A claim that the office hands to an agency.
pub async fn forwarded(office: &Office, key: &str, agency: &str) -> String {
    let id = register(&office.person("registrar").await, key, &claim()).await.submission_id.to_string();
    screen(&office.person("screener").await, &id, forward_to(agency)).await.expect("forwarded");
    id
}

/// Waits until the office's timeline of a matter tells something, and says how often.
pub async fn told(by: &Client, id: &str, token: &str) -> usize {
    wait_for(token, || async {
        let view = matter(by, id).await;
        let events = at(&view, "/timeline").as_array().expect("events");
        let times = events.iter().filter(|e| e["type"] == token).count();
        (times > 0).then_some(times)
    })
    .await
}

/// The address of the office's bus.
pub fn bus_of(office: &Office) -> String {
    std::fs::read_to_string(office.folder.path().join("run/bus"))
        .expect("the bus's address")
        .trim()
        .to_owned()
}

/// A certificate for this machine's address, its key, and the authority it comes from.
fn certificate(folder: &Path) -> [String; 3] {
    let made = |words: &[&str]| {
        let words =
            [&["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"], words].concat();
        let openssl = Command::new("openssl")
            .args(words)
            .args(["-nodes", "-days", "3650"])
            .current_dir(folder)
            .stderr(Stdio::null())
            .status();
        assert!(openssl.expect("openssl").success());
    };
    made(&["-subj", "/CN=authority", "-out", "ca.pem", "-keyout", "ca.key"]);
    let own =
        ["-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=bus", "-out", "bus.pem", "-keyout", "bus.key"];
    let for_this =
        ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"];
    made(&[&own[..], &for_this].concat());
    ["bus.pem", "bus.key", "ca.pem"].map(|name| folder.join(name).display().to_string())
}

/// The rest of a signed task at the agency's own console, to its end.
async fn to_the_end(handler: &Client, head: &Client, id: &str) {
    let mut own = task(handler, id, "").await;
    let opened = json!({ "part": "text", "purpose": "handling" });
    let path = format!("/api/v1/tasks/{}/open", own.dispatch.assignment_id);
    let text: Value = handler.post(&path, &opened).await.expect("opened with its own key");
    assert!(text.to_string().contains("木工"), "{text}");
    step(handler, &mut own, "notify_acceptance", notice(), "").await.expect("accepted");
    answered(handler, head, id).await;
}

/// The rest of an accepted task.
pub async fn answered(handler: &Client, head: &Client, id: &str) {
    let mut own = task(handler, id, "").await;
    step(head, &mut own, "issue_opinion", opinion(2), "").await.expect("issued");
    let service = json!({ "way": "in_person", "served_on": "2026-08-03", "proof": "本人签收" });
    step(handler, &mut own, "record_service", service, "").await.expect("served");
    step(handler, &mut own, "complete", json!({ "close_code": "S" }), "").await.expect("completed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packed_site_works_elsewhere_a_second_one_is_refused_and_its_key_is_revoked_and_renewed() {
    let elsewhere = Folder::new("elsewhere");
    let [cert, key, authority] = certificate(elsewhere.path());
    let office = Office::start_beside("renshe", &["jiaoyu"], &["jiaoyu"], |config| {
        (config.bus.tls_cert, config.bus.tls_key) = (cert, key);
        config.bus.authority = authority.clone();
    })
    .await;
    let screener = office.person("screener").await;
    let first = forwarded(&office, "own-1", "renshe").await;
    // A hosted agency has nothing to pack.
    let refused = verb(&office, &["agency", "pack", "jiaoyu", "--out", "/nowhere", "--url", "nats://x:1"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("hosted by the office"));
    let url = bus_of(&office);
    assert!(url.starts_with("tls://"), "{url}");
    let bundle =
        Bundle::pack(&office, "renshe", elsewhere.path().join("site"), &url, &["--authority", &authority])
            .await;
    // The private keys left with the bundle.
    let keys = bundle.dir.join("data/keys");
    let nkey = std::fs::read_to_string(keys.join("nats/agency-renshe.nk")).expect("its nkey");
    let seal = std::fs::read_to_string(keys.join("agency-seal-renshe.txt")).expect("its sealing key");
    let seal = seal.lines().find(|line| line.starts_with("AGE-SECRET-KEY")).expect("a key");
    assert_eq!(office.folder.files_with(&[nkey.trim(), seal]), Vec::<String>::new());
    let copied = Command::new("cp").arg("-r").arg(&bundle.dir).arg(elsewhere.path().join("second")).status();
    assert!(copied.expect("cp").success());

    let seat = bundle.start(None, "127.0.0.1:0");
    let (handler, head) = (seat.person("own.handler").await, seat.person("own.head").await);
    let mut own = task(&handler, &first, "").await;
    step(&handler, &mut own, "sign", json!({}), "").await.expect("signed");
    assert_eq!(told(&screener, &first, "assignment_signed").await, 1);

    let second = Bundle::at(elsewhere.path().join("second"), "renshe").start(None, "127.0.0.1:0");
    let (well, said) = second.ended().await;
    assert!(!well && said.contains("Another site has answered for this agency since 2026-08-03"), "{said}");

    // Names come from the bundle, not from the office.
    for (register, row) in [("categories", "code"), ("agencies", "agency")] {
        let page: Value = handler.get(&format!("/api/v1/{register}?limit=5")).await.expect(register);
        assert!(
            at(&page, "/items/0/name_zh").is_string() && at(&page, "/items/0")[row].is_string(),
            "{page}"
        );
    }

    // Off the bus by a reload: it works on alone, the others stay connected.
    let later = forwarded(&office, "own-2", "renshe").await;
    let mut waiting = task(&handler, &later, "").await;
    verb_well(&office, &["agency", "revoke", "renshe"]);
    let path = format!("/api/v1/tasks/{}/open", waiting.dispatch.assignment_id);
    wait_for("the office is out of reach", || async {
        let opened =
            handler.post::<Value>(&path, &json!({ "part": "contact", "purpose": "contacting" })).await;
        opened.is_err().then(|| code_of(opened)).filter(|code| code == "service_away")
    })
    .await;
    step(&handler, &mut waiting, "sign", json!({}), "").await.expect("signed while away");
    let other = forwarded(&office, "own-3", "jiaoyu").await;
    task(&office.person("jiaoyu.handler").await, &other, "").await;
    let view = matter(&screener, &later).await;
    assert!(!at(&view, "/timeline").to_string().contains("assignment_signed"), "a revoked site was heard");
    seat.kill();

    let fresh = elsewhere.path().join("fresh.nk");
    verb_well(&office, &["agency", "rotate", "renshe", "--out", &fresh.display().to_string()]);
    std::fs::rename(&fresh, keys.join("nats/agency-renshe.nk")).expect("carried to the site");
    let seat = bundle.start(None, "127.0.0.1:0");
    assert_eq!(told(&screener, &later, "assignment_signed").await, 1);
    let (handler, head) = (seat.person("own.handler").await, {
        drop(head);
        seat.person("own.head").await
    });
    to_the_end(&handler, &head, &first).await;
    on_board(&screener, &first, "closed").await;
    seat.kill();
    office.stop().await;
}

/// A nats-server of the agency's own; killed when dropped.
struct Leaf(Child);

impl Drop for Leaf {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_a_leaf_node_it_works_on_while_the_office_is_away_and_catches_up() {
    let port = free_port();
    let office = Office::start_beside("renshe", &[], &["jiaoyu"], |c| c.bus.leaf_port = port).await;
    let id = forwarded(&office, "leaf-1", "renshe").await;
    let elsewhere = Folder::new("leaf");
    let link = format!("nats-leaf://127.0.0.1:{port}");
    let url = bus_of(&office);
    let bundle =
        Bundle::pack(&office, "renshe", elsewhere.path().join("site"), &url, &["--leaf", &link]).await;
    // Its own port, which may be taken on this machine.
    let own = free_port().to_string();
    for file in ["leaf.conf", "lianxi.toml"] {
        let path = bundle.dir.join(file);
        let text = std::fs::read_to_string(&path)
            .expect("bundle")
            .replace("127.0.0.1:4222", &format!("127.0.0.1:{own}"));
        std::fs::write(&path, text).expect("bundle");
    }
    let server = std::env::var("LIANXI_NATS_SERVER").expect("LIANXI_NATS_SERVER");
    let log = std::fs::File::create(elsewhere.path().join("leaf.log")).expect("log");
    let leaf = Command::new(server)
        .args(["-c", "leaf.conf"])
        .current_dir(&bundle.dir)
        .stdout(Stdio::null())
        .stderr(Stdio::from(log))
        .spawn();
    let _leaf = Leaf(leaf.expect("nats-server"));

    let seat = bundle.start(None, "127.0.0.1:0");
    let (handler, head) = (seat.person("own.handler").await, seat.person("own.head").await);
    let mut own = task(&handler, &id, "").await;
    let office = office
        .restart(
            |_| {
                tokio::task::block_in_place(|| {
                    tokio::runtime::Handle::current().block_on(async {
                        step(&handler, &mut own, "sign", json!({}), "")
                            .await
                            .expect("signed while the office is away");
                    });
                });
            },
            &["jiaoyu"],
        )
        .await;
    let screener = office.person("screener").await;
    assert_eq!(told(&screener, &id, "assignment_signed").await, 1);
    wait_for("the site reaches the office again", || async {
        let path = format!("/api/v1/tasks/{}/open", own.dispatch.assignment_id);
        handler.post::<Value>(&path, &json!({ "part": "text", "purpose": "handling" })).await.ok()
    })
    .await;
    to_the_end(&handler, &head, &id).await;
    on_board(&screener, &id, "closed").await;
    seat.kill();
    office.stop().await;
}

/// A network namespace with one wire to this one; gone when dropped.
struct Namespace(String);

impl Namespace {
    /// None where this user may not make one.
    fn make() -> Option<Self> {
        let name = format!("lx{}", std::process::id());
        let ip = |words: &[&str]| {
            Command::new("ip").args(words).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
        };
        if !ip(&["netns", "add", &name]) {
            return None;
        }
        let made = Self(name.clone());
        let (here, there) = (format!("{name}a"), format!("{name}b"));
        let wired = ip(&["link", "add", &here, "type", "veth", "peer", "name", &there, "netns", &name])
            && ip(&["addr", "add", "10.203.7.1/30", "dev", &here])
            && ip(&["link", "set", &here, "up"])
            && ip(&["-n", &name, "addr", "add", "10.203.7.2/30", "dev", &there])
            && ip(&["-n", &name, "link", "set", &there, "up"])
            && ip(&["-n", &name, "link", "set", "lo", "up"]);
        wired.then_some(made)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        drop(Command::new("ip").args(["netns", "del", &self.0]).status());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_network_namespace_of_its_own_nothing_but_the_bus_is_needed() {
    let Some(namespace) = Namespace::make() else {
        eprintln!("left out: this user may make no network namespace (ip netns add)");
        return;
    };
    let office = Office::start_beside("renshe", &[], &["jiaoyu"], |c| {
        c.bus.listen = "10.203.7.1".parse().expect("ip");
    })
    .await;
    let id = forwarded(&office, "netns-1", "renshe").await;
    let elsewhere = Folder::new("netns");
    let bundle = Bundle::pack(&office, "renshe", elsewhere.path().join("site"), &bus_of(&office), &[]).await;
    // By its wire the office's console, its books and its monitoring pages are out of reach.
    let seat = bundle.start(Some(&namespace.0), "10.203.7.2:0");
    let (handler, head) = (seat.person("own.handler").await, seat.person("own.head").await);
    let mut own = task(&handler, &id, "").await;
    step(&handler, &mut own, "sign", json!({}), "").await.expect("signed");
    to_the_end(&handler, &head, &id).await;
    on_board(&office.person("screener").await, &id, "closed").await;
    seat.kill();
    office.stop().await;
}
