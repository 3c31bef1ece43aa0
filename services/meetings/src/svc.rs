//! The NATS door: command → function.

use std::sync::Arc;

use bus::Service;
use contracts::meetings::commands::{
    CallMeeting, CallOffMeeting, CheckTask, CountMeetings, DecideItem, FixMinutes, HoldMeeting, ListBodies,
    ListItems, ListMeetings, ListTasks, MoveMeeting, ProposeItem, RecordPosition, ReopenItem, ScreenItem,
    ShowItem, ShowMeeting, ShowTask,
};
use db::StoreError;
use kernel::Refusal;
use web::door::Asked;

use crate::{
    Deps,
    commands::{
        agenda, call_meeting, call_off_meeting, check_task, decide_item, fix_minutes, hold_meeting,
        move_meeting, queries,
    },
    error,
};

/// A store error as the caller sees it.
fn away(store: &StoreError) -> Refusal {
    tracing::error!(error = %store, "the store of meetings failed");
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

macro_rules! commands {
    ($way:ident, $service:expr, $deps:expr, $($command:ty => $function:path;)*) => {{
        let service = $service;
        $(let service = serve!($way, service, $deps, $command, |tx, asked| {
            $function(tx, &asked.actor, &asked.command)
        });)*
        service
    }};
}

/// The service with all its commands.
#[must_use]
pub fn service(deps: &Deps) -> Service {
    let service =
        Service::core("meetings", env!("CARGO_PKG_VERSION"), "agenda, meetings, resolutions, tasks");
    let service = calling(service, deps);
    let service = commands!(write, service, deps,
        ScreenItem => agenda::screen;
        ProposeItem => agenda::propose;
        ReopenItem => agenda::reopen;
        MoveMeeting => move_meeting::run;
        CallOffMeeting => call_off_meeting::run;
        HoldMeeting => hold_meeting::run;
        RecordPosition => decide_item::record;
        DecideItem => decide_item::decide;
        FixMinutes => fix_minutes::run;
        CheckTask => check_task::run;
    );
    let service = commands!(read, service, deps,
        ListItems => queries::items;
        ListMeetings => queries::meetings;
        ListTasks => queries::tasks;
    );
    let service = serve!(read, service, deps, ListBodies, |tx, asked| queries::bodies(tx, &asked.actor));
    let service = serve!(read, service, deps, CountMeetings, |tx, asked| queries::counts(tx, &asked.actor));
    let service = serve!(read, service, deps, ShowItem, |tx, asked| {
        queries::item(tx, &asked.actor, asked.command.item_id)
    });
    let service = serve!(read, service, deps, ShowMeeting, |tx, asked| {
        queries::meeting(tx, &asked.actor, asked.command.meeting_id)
    });
    serve!(read, service, deps, ShowTask, |tx, asked| {
        queries::task(tx, &asked.actor, asked.command.task_id)
    })
}

/// Calling a meeting takes the office's name and domain along.
fn calling(service: Service, deps: &Deps) -> Service {
    let (db, config) = (deps.db.clone(), Arc::new(deps.config.clone()));
    deps.door.command::<CallMeeting, _, _>(service, move |asked: Asked<CallMeeting>| {
        let (db, config, asked) = (db.clone(), config.clone(), Arc::new(asked));
        async move {
            let done = web::once::write(&db, asked.request(), move |tx| {
                let (config, asked) = (config.clone(), asked.clone());
                Box::pin(async move { call_meeting::run(tx, &config, &asked.actor, &asked.command).await })
            });
            done.await.map_err(|e| away(&e))?
        }
    })
}
