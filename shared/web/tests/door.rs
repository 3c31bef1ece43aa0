//! The NATS door over the bus in memory: who asks is verified, what is asked is typed.

#![expect(clippy::expect_used, reason = "a test that cannot be set up should stop")]

use std::{collections::BTreeSet, sync::Arc};

use bus::{Bus, MemoryBus, Service, Serving};
use contracts::Command;
use kernel::{Actor, Clock, IdMint, ManualClock, Place, Role, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trust::{ActorSigner, ActorVerifier, IssuerScope, Secret32, TrustedIssuer};
use web::{ask, door};

const NOW: UnixMillis = UnixMillis(1_785_686_400_000);

#[derive(Serialize, Deserialize, JsonSchema)]
struct Greet {
    name: String,
}
impl Command for Greet {
    const NAME: &'static str = "greet";
    type Reply = String;
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct WrongGreet {
    name: u8,
}
impl Command for WrongGreet {
    const NAME: &'static str = "greet";
    type Reply = String;
}

struct Suite {
    clock: Arc<ManualClock>,
    console: Bus,
    token: String,
    _serving: Serving,
}

async fn suite() -> Suite {
    let clock = Arc::new(ManualClock::at(NOW));
    let signer = ActorSigner::new(&Secret32::from([7; 32]), Place::Office);
    let mint = IdMint::seeded(clock.clone(), 1);
    let actor = Actor { user: mint.mint(), place: Place::Office, roles: vec![Role::Registrar] };
    let token = signer.sign(&actor, None, NOW).expect("token").expose().to_owned();
    let scope = IssuerScope::Office { hosted: BTreeSet::new() };
    let verifier = Arc::new(ActorVerifier::new([TrustedIssuer { key: signer.public_key(), scope }]));

    let technical: Arc<dyn Clock> = clock.clone();
    let memory = MemoryBus::new(technical.clone());
    let door = door::Door::new("intake", verifier, technical);
    let service =
        door.command(Service::core("intake", "0.1.0", "test"), |asked: door::Asked<Greet>| async move {
            Ok(format!("{} {} {:?}", asked.command.name, asked.actor.roles.len(), asked.idempotency_key))
        });
    let serving = Bus::Memory(memory.core("intake")).serve(service).await.expect("serving");
    Suite { clock, console: Bus::Memory(memory.core("console")), token, _serving: serving }
}

#[tokio::test]
async fn a_signed_command_reaches_its_owner_with_its_key() {
    let suite = suite().await;
    let greet = Greet { name: "hello".into() };
    let reply = ask::ask(&suite.console, "intake", Some(&suite.token), Some("k-1"), &greet).await;
    assert_eq!(reply.expect("reply"), r#"hello 1 Some("k-1")"#);
}

#[tokio::test]
async fn nobody_gets_in_without_a_living_token() {
    let suite = suite().await;
    let greet = Greet { name: "hello".into() };
    let forged = format!("{}x", suite.token);
    for token in [None, Some("nonsense"), Some(forged.as_str())] {
        let refusal = ask::ask(&suite.console, "intake", token, None, &greet).await.expect_err("refused");
        assert_eq!(refusal.code, door::NOT_SIGNED_IN.code);
    }
    suite.clock.advance_ms(86_400_000);
    let late = ask::ask(&suite.console, "intake", Some(&suite.token), None, &greet).await;
    assert_eq!(late.expect_err("expired").code, door::NOT_SIGNED_IN.code);
}

#[tokio::test]
async fn a_misshapen_command_and_an_absent_service_are_told_apart() {
    let suite = suite().await;
    let wrong = ask::ask(&suite.console, "intake", Some(&suite.token), None, &WrongGreet { name: 1 }).await;
    assert_eq!(wrong.expect_err("refused").code, door::BAD_COMMAND.code);
    let greet = Greet { name: "hello".into() };
    let away = ask::ask(&suite.console, "routing", Some(&suite.token), None, &greet).await;
    assert_eq!(away.expect_err("refused").code, ask::SERVICE_AWAY.code);
}
