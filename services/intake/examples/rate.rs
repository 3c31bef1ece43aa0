#![allow(clippy::all, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::allow_attributes)]
use std::{sync::Arc, time::Instant};
use bus::{Bus, MemoryBus};
use contracts::{codes::*, intake::commands::*};
use intake::*;
use kernel::*;
use trust::*;
use web::door::Door;

#[tokio::main(worker_threads = 2)]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let clients: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let total: usize = std::env::args().nth(3).unwrap().parse().unwrap();
    let clocks = Clocks::system();
    let mint = IdMint::system();
    let db = db::Db::open(&db::DbConfig::new(url), &[&MIGRATIONS], mint.clone(), clocks.clone()).await.unwrap();
    let memory = MemoryBus::new(clocks.technical.clone());
    let signer = ActorSigner::new(&Secret32::from([1; 32]), Place::Office);
    let verifier = ActorVerifier::new([TrustedIssuer { key: signer.public_key(), scope: IssuerScope::Office { hosted: Default::default() } }]);
    let secret = |n: u8| Secret32::from([n; 32]);
    let deps = Deps {
        db: db.clone(), bus: Bus::Memory(memory.core("intake")), clocks: clocks.clone(), mint: mint.clone(),
        door: Door::new("intake", Arc::new(verifier), clocks.technical.clone()),
        health: telemetry::Health::new(), config: Config::new("/tmp", "990100".parse().unwrap()),
        keys: Keys { ring: KeyRing::new(secret(1), vec![]), blind: BlindIndexKey::new(secret(2)), codes: QueryCodeKey::new(secret(3)) },
        recipients: Recipients::default(),
        limits: Limits { profile: calendar::Profile::national().unwrap(), calendar: calendar::Calendar::shipped() },
        files: Files::in_memory(),
    };
    let _serving = deps.bus.serve(intake::service(&deps)).await.unwrap();
    let console = Bus::Memory(memory.core("console"));
    let actor = Actor { user: mint.mint(), place: Place::Office, roles: vec![Role::Registrar] };
    let token = signer.sign(&actor, None, clocks.technical.now()).unwrap().expose().to_owned();
    let command = Register {
        channel: Channel::Letter, purpose: Purpose::Claim, petitioner_kind: PetitionerKind::Citizen, anonymous: false, heads: 1,
        written_on: None, received_on: None, place_region: "990102002".parse().unwrap(), title: "拖欠木工工资46800元".into(),
        text: "我叫罗根生，去年三月我跟着包工头到县城岩泉花园二期工地干木工。".repeat(10), claims: vec!["结清工资".into(), "依法处罚".into()],
        petitioner: Some(Identity { name: "罗根生".into(), id_kind: Some(IdKind::CitizenId), id_number: Some("99000019851230002X".into()), telephone: Some("19900990008".into()), address: Some("云岭市青岩县槐桥镇中街151号".into()) }),
        co_petitioners: vec![], withhold_identity: false, accused_agencies: vec![], attachments: vec![], warnings_confirmed: false,
    };
    let begun = Instant::now();
    let mut tasks = vec![];
    for c in 0..clients {
        let (console, token, command) = (console.clone(), token.clone(), command.clone());
        tasks.push(tokio::spawn(async move {
            let mut worst = 0;
            for n in 0..total / clients {
                let at = Instant::now();
                let key = format!("{c}-{n}-{:?}", at);
                web::ask::ask(&console, "intake", Some(&token), Some(&key), &command).await.unwrap();
                worst = worst.max(at.elapsed().as_micros());
            }
            worst
        }));
    }
    let mut worst = 0;
    for t in tasks { worst = worst.max(t.await.unwrap()); }
    let s = begun.elapsed().as_secs_f64();
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap();
    println!("{total} in {s:.2}s = {:.0}/s, worst {worst} us, cpu {:.0} us each, {:?}", total as f64 / s, ticks * 1e4 / total as f64, db.write_stats());
}
