//! The NATS door: command → function.

use std::sync::Arc;

use bus::Service;
use contracts::routing::{
    commands::{
        AddCo, ClaimSite, DecideCompetence, Forward, ListAgencies, ListCategories, NameAccused, Recall,
        RejectObjection, ReleaseCo, RestrictedQueue, Screen, ShowMatter, UpholdObjection,
    },
    register::{AddAgency, ChangeAgency, EndAgency, ListOrphans, PageAgencies, Reassign, ShowAgency},
    suggestions::{LearnNow, ShowAgreement, ShowSuggestions, SwitchSuggestions, WhyProposed},
};
use kernel::{Clock, civil_date};
use web::door::Asked;

use crate::{Deps, Rules, commands, error::away};

macro_rules! write {
    ($service:expr, $deps:expr, $command:ty, |$tx:ident, $rules:ident, $asked:ident| $run:expr) => {{
        let (db, rules) = ($deps.db.clone(), $deps.rules.clone());
        $deps.door.command::<$command, _, _>($service, move |asked: Asked<$command>| {
            let (db, rules, asked) = (db.clone(), rules.clone(), Arc::new(asked));
            async move {
                // Under its caller's key a command is done once.
                let written = web::once::write(&db, asked.request(), move |$tx| {
                    let ($rules, $asked): (Arc<Rules>, Arc<Asked<$command>>) = (rules.clone(), asked.clone());
                    Box::pin(async move { $run.await })
                });
                written.await.map_err(|e| away(&e))?
            }
        })
    }};
}

macro_rules! read {
    ($service:expr, $deps:expr, $query:ty, |$tx:ident, $rules:ident, $asked:ident| $run:expr) => {{
        let (db, rules) = ($deps.db.clone(), $deps.rules.clone());
        $deps.door.command::<$query, _, _>($service, move |asked: Asked<$query>| {
            let (db, rules, asked) = (db.clone(), rules.clone(), Arc::new(asked));
            async move {
                let found = db.read(move |$tx| {
                    let ($rules, $asked): (Arc<Rules>, Arc<Asked<$query>>) = (rules.clone(), asked.clone());
                    Box::pin(async move { $run.await })
                });
                found.await.map_err(|e| away(&e))?
            }
        })
    }};
}

/// 单位名录, and the cases of agencies that end.
fn register(service: Service, deps: &Deps) -> Service {
    let service = write!(service, deps, AddAgency, |tx, rules, asked| {
        commands::register::add(tx, &rules, &asked.actor, &asked.command)
    });
    let service = write!(service, deps, ChangeAgency, |tx, rules, asked| {
        commands::register::change(tx, &rules, &asked.actor, &asked.command)
    });
    let service = write!(service, deps, EndAgency, |tx, rules, asked| {
        commands::register::end(tx, &rules, &asked.actor, &asked.command)
    });
    let service = write!(service, deps, Reassign, |tx, rules, asked| {
        commands::reassign::run(tx, &rules, &asked.actor, &asked.command)
    });
    let service = read!(service, deps, ShowAgency, |tx, _rules, asked| {
        commands::register::show(tx, &asked.actor, &asked.command.agency)
    });
    let service = read!(service, deps, PageAgencies, |tx, _rules, asked| {
        commands::register::page(tx, &asked.actor, &asked.command.page)
    });
    read!(service, deps, ListOrphans, |tx, _rules, asked| {
        commands::register::orphans(tx, &asked.actor, &asked.command.page)
    })
}

/// 系统建议: what is proposed, why, and what is learned.
fn suggestions(service: Service, deps: &Deps) -> Service {
    let own = deps.clone();
    let service = deps.door.command::<WhyProposed, _, _>(service, move |asked| {
        let deps = own.clone();
        async move { commands::why::run(&deps, asked).await }
    });
    let own = deps.clone();
    let service = deps.door.command::<ShowSuggestions, _, _>(service, move |asked| {
        let deps = own.clone();
        async move { commands::suggestions::show(&deps, asked).await }
    });
    let own = deps.clone();
    let service = deps.door.command::<LearnNow, _, _>(service, move |asked| {
        let asked = commands::suggestions::learn_now(&own, &asked);
        async move { asked }
    });
    let own = deps.clone();
    let service = deps.door.command::<SwitchSuggestions, _, _>(service, move |asked| {
        let deps = own.clone();
        async move { commands::suggestions::switch(&deps, asked).await }
    });
    read!(service, deps, ShowAgreement, |tx, _rules, asked| {
        commands::suggestions::agreement(tx, &asked.actor, &asked.command)
    })
}

/// The service with all its commands.
#[must_use]
pub fn service(deps: &Deps) -> Service {
    let service = Service::core("routing", env!("CARGO_PKG_VERSION"), "screening, competence, assignments");
    let service = write!(service, deps, Screen, |tx, rules, asked| commands::screen::run(
        tx,
        &rules,
        &asked.actor,
        &asked.command
    ));
    let service = write!(service, deps, Forward, |tx, rules, asked| commands::forward::run(
        tx,
        &rules,
        &asked.actor,
        &asked.command
    ));
    let service = write!(service, deps, Recall, |tx, _rules, asked| commands::recall::run(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = write!(service, deps, UpholdObjection, |tx, rules, asked| {
        commands::rule_on_objection::run(tx, &rules, &asked.actor, &asked.command.rule, true)
    });
    let service = write!(service, deps, RejectObjection, |tx, rules, asked| {
        commands::rule_on_objection::run(tx, &rules, &asked.actor, &asked.command.rule, false)
    });
    let service = write!(service, deps, DecideCompetence, |tx, rules, asked| {
        commands::decide_competence::run(tx, &rules, &asked.actor, &asked.command)
    });
    let service = write!(service, deps, AddCo, |tx, rules, asked| commands::add_co::run(
        tx,
        &rules,
        &asked.actor,
        &asked.command
    ));
    let service = write!(service, deps, ReleaseCo, |tx, _rules, asked| commands::release_co::run(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = write!(service, deps, NameAccused, |tx, _rules, asked| {
        commands::name_accused::run(tx, &asked.actor, &asked.command)
    });
    let service = read!(service, deps, ShowMatter, |tx, _rules, asked| {
        commands::queries::matter(tx, &asked.actor, asked.command.matter_id)
    });
    let service = read!(service, deps, RestrictedQueue, |tx, _rules, asked| {
        commands::queries::restricted_queue(tx, &asked.actor, &asked.command.page)
    });
    let service = read!(service, deps, ListAgencies, |tx, _rules, _asked| async {
        commands::queries::agencies(tx).await.map(Ok)
    });
    let service = suggestions(register(service, deps), deps);
    let (rules, clocks) = (deps.rules.clone(), deps.clocks.clone());
    let service = deps.door.command::<ListCategories, _, _>(service, move |_| {
        let today = civil_date(clocks.business.now());
        let categories = commands::queries::categories(rules.proposers.on(today).catalogue());
        async move { Ok(categories) }
    });
    let db = deps.db.clone();
    deps.door.agency_command::<ClaimSite, _, _>(service, move |agency, command| {
        let (db, asked) = (db.clone(), Arc::new((agency, command)));
        async move {
            let claimed = db.write(move |tx| {
                let asked = asked.clone();
                Box::pin(async move { commands::claim_site::run(tx, &asked.0, &asked.1).await })
            });
            claimed.await.map_err(|e| away(&e))?
        }
    })
}
