//! Doing what the command line asks.

mod agency;
mod audit;
mod backup;
mod calendar;
mod catalogue;
pub mod docs;
mod door;
mod import;
mod meetings;
mod ops;
mod policy;
mod rebuild;
mod register;
mod status;
mod suggest;
mod user;

use crate::{
    cli::{AgencyVerb, AuditVerb, BusVerb, Cli, ConfigVerb, DoorArgs, RunArgs, UserVerb, Verb},
    config::Config,
    conformance, demo,
    hub::{Hub, agency_key},
    run::{Parts, Suite, asked_to_end},
    say, seat,
    site::Site,
};

/// Does it.
///
/// # Errors
/// What went wrong, in one line for the one who typed it.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let mut config = Config::load(cli.config.as_deref(), std::env::vars())?;
    if let Some(dir) = cli.data {
        config.data.dir = dir;
    } else if matches!(cli.verb, Verb::Demo(_)) {
        config.data.dir = "demo-data".into();
    }
    if matches!(cli.verb, Verb::Demo(_)) {
        // A visitor watches the office, not its connections.
        config.telemetry.log = "error".to_owned();
    }
    if let Some(bind) = cli.bind {
        config.console.bind = bind;
    }
    if let Some(dir) = cli.profile {
        config.profile.dir = dir;
    }
    match cli.verb {
        Verb::Run(args) => serve(config, &args).await,
        Verb::Demo(args) if args.once => demo::once(&config, &args).await,
        Verb::Demo(args) => demo::stay(config, &args).await,
        Verb::User(UserVerb::Add { login, display, roles, agency, url, by }) => {
            let wanted = user::Wanted { login, display, roles, agency };
            if url.is_some() || by.is_some() {
                return user::ask_for(&config, &DoorArgs { url, login: by }, &wanted).await;
            }
            user::add(config, wanted).await
        }
        Verb::Status => status::show(&config).await,
        Verb::Ops => ops::show(config).await,
        Verb::Catalogue(verb) => catalogue::run(&config, &verb),
        Verb::Policy(verb) => policy::run(&config, &verb),
        Verb::Calendar { words } => calendar::run(&config, &words),
        Verb::Suggest { words } => suggest::run(&config, &words).await,
        Verb::Register(args) => register::run(&config, &args).await,
        Verb::Import(args) => import::run(&config, args).await,
        Verb::Bus(BusVerb::Config) => {
            let (_stop, shutdown) = bus::shutdown();
            let site = Site::open(config, shutdown)?;
            say::line(&Hub::rendered(&site)?);
            Ok(())
        }
        Verb::Bus(BusVerb::Rebuild) => rebuild::run(config).await,
        Verb::Audit(AuditVerb::Verify) => audit::verify(config).await,
        Verb::Backup(verb) => backup::run(config, verb).await,
        Verb::Agency(verb) => agency_seat(config, verb).await,
        Verb::Conformance(args) => {
            let within = std::time::Duration::from_secs(args.within);
            let wanted = conformance::Wanted { agency: args.agency, command: args.command, within };
            conformance::run(&config, wanted).await
        }
        Verb::Config(ConfigVerb::Check) => {
            say::line(&format!("{config:#?}"));
            Ok(())
        }
        Verb::Meetings(verb) => meetings::run(&verb),
        Verb::Docs => docs::write(),
    }
}

async fn agency_seat(config: Config, verb: AgencyVerb) -> anyhow::Result<()> {
    match &verb {
        AgencyVerb::Add { file, door } => return agency::add(&config, door, file).await,
        AgencyVerb::Change { code, file, door } => return agency::change(&config, door, code, file).await,
        AgencyVerb::End { code, file, door } => return agency::end(&config, door, code, file).await,
        AgencyVerb::List { code, door } => return agency::list(&config, door, code.as_ref()).await,
        AgencyVerb::Pack { .. } | AgencyVerb::Rotate { .. } | AgencyVerb::Revoke { .. } => {}
    }
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config, shutdown)?;
    match verb {
        AgencyVerb::Add { .. }
        | AgencyVerb::Change { .. }
        | AgencyVerb::End { .. }
        | AgencyVerb::List { .. } => {}
        AgencyVerb::Pack { code, out, url, authority, leaf, hand_over } => {
            let packing = seat::Packing { code, out: out.clone(), url, authority, leaf, hand_over };
            seat::pack(&site, &packing).await?;
            say::line(&format!(
                "{}: see README.md there; the private keys are in no other place",
                out.display()
            ));
        }
        AgencyVerb::Rotate { code, out } => {
            seat::rotate(&site, &code, &out)?;
            say::line(&format!(
                "{}: the new seed, for data/keys/nats/{}.nk of the site",
                out.display(),
                agency_key(&code)
            ));
        }
        AgencyVerb::Revoke { code } => {
            seat::revoke(&site, &code)?;
            say::line(&format!("{code} is off the bus; `lianxi agency rotate {code}` lets it in again"));
        }
    }
    Ok(())
}

async fn serve(config: Config, args: &RunArgs) -> anyhow::Result<()> {
    let parts = Parts::asked(args)?;
    let mut suite = Suite::start(config, &parts).await?;
    if let Some(url) = suite.console() {
        say::line(&format!("控制台 console: {url}"));
    }
    if let Some(link) = suite.first_run() {
        say::line(&format!("首位管理员 first administrator: {link}"));
    }
    tokio::select! {
        ended = suite.ended() => ended,
        interrupted = asked_to_end() => {
            interrupted?;
            suite.stop().await
        }
    }
}
