//! The node as a whole: runs, says how it is, ends when asked; its outbox verifies.

use agency::run;
use contracts::{agency::commands::CountTasks, codes::AssignmentState};
use telemetry::CheckState;

use crate::support::{claim, code, handler, notify, on_each_database};

#[tokio::test]
async fn it_runs_until_asked_and_then_ends() {
    on_each_database(|world| async move {
        let (ask, shutdown) = bus::shutdown();
        let running = tokio::spawn(run(world.deps.clone(), shutdown));
        let dispatch = claim(world.matter);
        world.dispatch(&code("renshe"), world.matter, &dispatch).await;
        world.office_relay.step().await.expect("relay");
        let mut commits = world.db.commits();
        let taken_in = async {
            loop {
                let counts = world.ask(&handler(), &CountTasks {}).await.expect("counts");
                if counts.by_state.get(AssignmentState::Delivered.code()) == Some(&1) {
                    break;
                }
                commits.changed().await.expect("commit");
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), taken_in).await.expect("in time");
        ask.send(true).expect("asked");
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), running).await.expect("in time");
        ended.expect("task").expect("ended");
        let report = world.deps.health.report();
        let endpoints = report.iter().find(|(name, _)| name == "agency_renshe.endpoints");
        assert_eq!(endpoints.map(|(_, state)| state), Some(&CheckState::Passing));
    })
    .await;
}

#[tokio::test]
async fn a_node_on_the_wrong_side_of_the_bus_says_so() {
    on_each_database(|world| async move {
        let (ask, shutdown) = bus::shutdown();
        let bus = bus::Bus::Memory(world.bus.agency(&code("jiaotong")));
        let wrong = agency::Deps { bus, ..world.deps.clone() };
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), run(wrong, shutdown)).await;
        assert!(ended.expect("in time").is_err());
        drop(ask);
    })
    .await;
}

#[tokio::test]
async fn with_a_lost_key_it_does_not_start() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.done(&handler(), &notify(&task), &task).await;
        let (ask, shutdown) = bus::shutdown();
        let key_ring = trust::KeyRing::new(trust::Secret32::from([1; 32]), Vec::new());
        let keyless = agency::Deps { key_ring, ..world.deps.clone() };
        let ended = Box::pin(run(keyless, shutdown)).await;
        assert!(matches!(ended, Err(agency::RunError::Store(_))), "{ended:?}");
        drop(ask);
    })
    .await;
}

#[tokio::test]
async fn with_its_store_closed_it_says_who_acts() {
    on_each_database(|world| async move {
        world.db.close().await;
        let refusal = world.ask(&handler(), &CountTasks {}).await.expect_err("closed");
        assert_eq!((refusal.code.as_ref(), refusal.acts), ("agency_store_away", kernel::WhoActs::Operator));
    })
    .await;
}

#[tokio::test]
async fn its_chain_verifies() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.done(&handler(), &notify(&task), &task).await;
        world.everything_returned().await;
        let report = db::audit::verify(&world.db).await.expect("audit");
        assert!(report.rows > 0 && report.faults.is_empty(), "{report:?}");
    })
    .await;
}
