//! The NATS door: command → function.

use std::sync::Arc;

use bus::Service;
use contracts::supervision::commands::{
    CountDuties, DropOrder, IssueOrder, JudgeOrder, ListDuties, ListOrders, ShowDuties, ShowOrder,
};
use db::StoreError;
use kernel::Refusal;
use web::door::Asked;

use crate::{Deps, commands, error};

/// A store error as the caller sees it.
fn away(store: &StoreError) -> Refusal {
    tracing::error!(error = %store, "supervision's store failed");
    error::STORE_AWAY.refuse()
}

macro_rules! serve {
    // Under its caller's key a command is done once.
    (@write $db:ident, $asked:ident, $job:expr) => { web::once::write(&$db, $asked.request(), $job) };
    (@read $db:ident, $asked:ident, $job:expr) => { $db.read($job) };
    ($way:ident, $service:expr, $deps:expr, $command:ty, |$tx:ident, $asked:ident| $run:expr) => {{
        let db = $deps.db.clone();
        $deps.door.command::<$command, _, _>($service, move |asked: Asked<$command>| {
            let (db, asked) = (db.clone(), Arc::new(asked));
            async move {
                let done = serve!(@$way db, asked, move |$tx| {
                    let $asked: Arc<Asked<$command>> = asked.clone();
                    Box::pin(async move { $run.await })
                });
                done.await.map_err(|e| away(&e))?
            }
        })
    }};
}

/// The service with all its commands.
#[must_use]
pub fn service(deps: &Deps) -> Service {
    let service = Service::core("supervision", env!("CARGO_PKG_VERSION"), "duties with limits, orders");
    let service = serve!(write, service, deps, IssueOrder, |tx, asked| commands::issue_order::run(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = serve!(write, service, deps, DropOrder, |tx, asked| commands::drop_order::run(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = serve!(write, service, deps, JudgeOrder, |tx, asked| commands::judge_order::run(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = serve!(read, service, deps, ListDuties, |tx, asked| commands::queries::duties(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = serve!(read, service, deps, ShowDuties, |tx, asked| {
        commands::queries::of_matter(tx, &asked.actor, asked.command.matter_id)
    });
    let service =
        serve!(read, service, deps, CountDuties, |tx, asked| commands::queries::counts(tx, &asked.actor));
    let service = serve!(read, service, deps, ShowOrder, |tx, asked| {
        commands::queries::order_of(tx, &asked.actor, asked.command.order_id)
    });
    serve!(read, service, deps, ListOrders, |tx, asked| commands::queries::orders(
        tx,
        &asked.actor,
        &asked.command
    ))
}
