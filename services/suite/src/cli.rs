//! The command line: `lianxi …`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use kernel::{AgencyCode, Role};

/// Lianxi 联席: no matter is lost between agencies.
#[derive(Parser)]
#[command(version, about)]
pub struct Cli {
    /// Settings over the defaults (TOML).
    #[arg(long, global = true)]
    pub config: Option<PathBuf>,
    /// Data folder; the setting data.dir.
    #[arg(long, global = true)]
    pub data: Option<PathBuf>,
    /// Address of the console; the setting console.bind.
    #[arg(long, global = true)]
    pub bind: Option<SocketAddr>,
    /// Profile folder; the setting profile.dir.
    #[arg(long, global = true)]
    pub profile: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Subcommand)]
pub enum Verb {
    /// Runs the suite, or parts of it, until interrupted.
    Run(RunArgs),
    /// The sample office at work.
    Demo(DemoArgs),
    /// Accounts of the console.
    #[command(subcommand)]
    User(UserVerb),
    /// What runs on this data folder, and how it is.
    Status,
    /// What is stuck on this data folder, wrong things first: outboxes, receipts, dead letters, lag, store.
    Ops,
    /// Limits and working days: `explain --rule T06 --start 2026-08-03`, `batch < limits.csv`.
    Calendar {
        /// Words after `calendar`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Catalogues of categories that come into force while the suite runs.
    #[command(subcommand)]
    Catalogue(CatalogueVerb),
    /// Policy rules that come into force while the suite runs.
    #[command(subcommand)]
    Policy(PolicyVerb),
    /// Proposals learned from confirmed routings: `learn` asks a running office; `train`, `eval`, `predict`,
    /// `cross-validate`, `retrain`, `repeats`, `off`, `on`, `revert`, `use` work on files.
    Suggest {
        /// Words after `suggest`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Registers a submission through the console's REST face.
    Register(RegisterArgs),
    /// Registers the rows of a CSV file or a workbook through the REST face; a second run adds nothing.
    Import(ImportArgs),
    /// The bus.
    #[command(subcommand)]
    Bus(BusVerb),
    /// Verifies the hash chains of every service's log.
    #[command(subcommand)]
    Audit(AuditVerb),
    /// The whole office as of one moment, while it runs, and its return.
    #[command(subcommand)]
    Backup(BackupVerb),
    /// Plays an office to an agency's own program and says in words what it does wrong.
    Conformance(ConformanceArgs),
    /// Own sites of agencies.
    #[command(subcommand)]
    Agency(AgencyVerb),
    /// Settings.
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Plans meetings, orders an agenda, says why an item cannot be placed.
    #[command(subcommand)]
    Meetings(MeetingsVerb),
    /// Writes the generated documents.
    Docs,
}

/// `lianxi meetings …`
#[derive(Subcommand)]
pub enum MeetingsVerb {
    /// Solves a problem: an office's, or one of the public benchmark.
    Solve(SolveArgs),
    /// Prints the order of one agenda in which its agencies wait least (`.dzn`).
    Order {
        /// The agenda.
        #[arg(long)]
        problem: PathBuf,
    },
    /// Prints why a plan has its score, why items are on no agenda, and what would help.
    Explain(ExplainArgs),
    /// Prints the JSON Schema of an office's problem.
    Schema,
}

/// `lianxi meetings solve …`
#[derive(Args)]
pub struct SolveArgs {
    /// The problem (JSON).
    #[arg(long)]
    pub problem: PathBuf,
    /// CPU time that each thread may use.
    #[arg(long, default_value_t = 60.0)]
    pub cpu_seconds: f64,
    /// Moves to try instead of a time: reproducible.
    #[arg(long)]
    pub iterations: Option<u64>,
    /// The seed; with threads also those after it.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// So many searches at once; the best wins.
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
    /// Where the plan is written; standard output when absent.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// `lianxi meetings explain …`
#[derive(Args)]
pub struct ExplainArgs {
    /// The problem (JSON).
    #[arg(long)]
    pub problem: PathBuf,
    /// The plan, as solve wrote it; a short search makes one when absent.
    #[arg(long)]
    pub plan: Option<PathBuf>,
    /// Only this item, and the times at which it could be.
    #[arg(long)]
    pub item: Option<String>,
}

/// `lianxi run`
#[derive(Args, Default)]
pub struct RunArgs {
    /// Only these: bus, intake, routing, supervision, meetings, notification, agency, console.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// With `--only agency`: these agencies; all hosted ones when absent.
    #[arg(long, value_delimiter = ',')]
    pub agency: Vec<AgencyCode>,
}

/// `lianxi demo`
#[derive(Args)]
pub struct DemoArgs {
    /// Drives the sample to its end, once in one process and once in many, counts, exits.
    #[arg(long)]
    pub once: bool,
    /// Only this many petitions.
    #[arg(long)]
    pub petitions: Option<usize>,
    /// With `--once`: while many processes work, kill one service, one agency and the bus with SIGKILL.
    #[arg(long)]
    pub kill: bool,
}

/// `lianxi user …`
#[derive(Subcommand)]
pub enum UserVerb {
    /// Adds an account. In the data folder's own store, with the password from standard input; or, with `--url` or
    /// `--as`, over the REST face of a console, which issues a password and says it once.
    Add {
        /// Login, lower-case.
        login: String,
        /// Name shown.
        #[arg(long)]
        display: String,
        /// Roles.
        #[arg(long, value_delimiter = ',', required = true)]
        roles: Vec<Role>,
        /// The agency the account belongs to; the office when absent.
        #[arg(long)]
        agency: Option<AgencyCode>,
        /// The console, when it is not that of the data folder.
        #[arg(long)]
        url: Option<String>,
        /// The administrator in whose name it is done; the password is read from LIANXI_PASSWORD.
        #[arg(long = "as", value_name = "USER")]
        by: Option<String>,
    },
}

/// Where and as whom the REST face is asked.
#[derive(Args)]
pub struct DoorArgs {
    /// The console, when it is not that of the data folder.
    #[arg(long)]
    pub url: Option<String>,
    /// Login; the password is read from LIANXI_PASSWORD. Left out, LIANXI_API_KEY is the caller.
    #[arg(long)]
    pub login: Option<String>,
}

/// `lianxi policy …`
#[derive(Subcommand)]
pub enum PolicyVerb {
    /// Lays a locality's rules (TOML, as the profile's policy.toml) over those in force, also for what runs.
    Load {
        /// The file; its rules hold from today on at the earliest.
        file: PathBuf,
    },
}

/// `lianxi catalogue …`
#[derive(Subcommand)]
pub enum CatalogueVerb {
    /// Adds a catalogue (TOML, as the profile's catalogue.toml), in force from its `valid_from` on, also for what runs.
    Load {
        /// The file; it keeps every code that was in use.
        file: PathBuf,
    },
}

/// `lianxi import …`
#[derive(Args)]
pub struct ImportArgs {
    /// The file: .csv or .xlsx.
    pub file: PathBuf,
    /// Which column fills which field (TOML); see deploy/examples/import.
    #[arg(long)]
    pub mapping: PathBuf,
    /// Checks every row and registers none.
    #[arg(long)]
    pub dry_run: bool,
    /// Where the report goes, a line a row; import-<source>.csv when left out.
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Forwards what the rules propose first in this person's name; the password is read from
    /// LIANXI_CONFIRM_PASSWORD.
    #[arg(long, value_name = "USER")]
    pub confirm_as: Option<String>,
    /// The door.
    #[command(flatten)]
    pub door: DoorArgs,
}

/// `lianxi register …`
#[derive(Args)]
pub struct RegisterArgs {
    /// The command as JSON (contracts `Register`); `-` reads standard input.
    pub file: PathBuf,
    /// The door.
    #[command(flatten)]
    pub door: DoorArgs,
    /// The same key returns the same number.
    #[arg(long)]
    pub key: String,
}

/// `lianxi bus …`
#[derive(Subcommand)]
pub enum BusVerb {
    /// Prints the generated configuration of nats-server.
    Config,
    /// Deletes every stream and fills it again from the logs; services may run meanwhile.
    Rebuild,
}

/// `lianxi backup …`
#[derive(Subcommand)]
pub enum BackupVerb {
    /// Copies books and attachments into a new folder; services go on working.
    Take {
        /// Where the new folder is made.
        #[arg(long)]
        to: PathBuf,
        /// Where the keys go: another disk, in other hands. Left out, they are not copied.
        #[arg(long)]
        keys_to: Option<PathBuf>,
    },
    /// Compares a backup with its manifest.
    Verify {
        /// The backup.
        from: PathBuf,
    },
    /// Brings a backup back into an empty data folder.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
        /// The folder of its keys, as `take --keys-to` made it; those of the data folder when left out.
        #[arg(long)]
        keys_from: Option<PathBuf>,
        /// Numbers of each series that may have been given out since; they are left out.
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
        skip_numbers: i64,
    },
}

/// `lianxi agency …`
#[derive(Subcommand)]
pub enum AgencyVerb {
    /// Enters an agency into the register, through the REST face; in force at once.
    Add {
        /// The command as JSON (contracts `AddAgency`); `-` reads standard input.
        file: PathBuf,
        /// The door.
        #[command(flatten)]
        door: DoorArgs,
    },
    /// Replaces what the register says of an agency.
    Change {
        /// Which.
        code: AgencyCode,
        /// The entry as JSON (contracts `AgencyEntry`); `-` reads standard input.
        file: PathBuf,
        /// The door.
        #[command(flatten)]
        door: DoorArgs,
    },
    /// Ends an agency: abolished, merged or split, with its successors.
    End {
        /// Which.
        code: AgencyCode,
        /// The end as JSON (contracts `Ending`); `-` reads standard input.
        file: PathBuf,
        /// The door.
        #[command(flatten)]
        door: DoorArgs,
    },
    /// Shows the register, or one entry whole.
    List {
        /// Which; all when absent.
        code: Option<AgencyCode>,
        /// The door.
        #[command(flatten)]
        door: DoorArgs,
    },
    /// Makes the bundle of an agency's own site: settings, profile, fresh keys. The office keeps the public halves.
    Pack {
        /// Whose.
        code: AgencyCode,
        /// The folder to make.
        #[arg(long)]
        out: PathBuf,
        /// The office's bus as the site reaches it: `nats://office:4222`.
        #[arg(long)]
        url: String,
        /// PEM of the authority that its certificate comes from.
        #[arg(long)]
        authority: Option<PathBuf>,
        /// The office's address for leaf nodes, `nats-leaf://office:7422`: the site runs a nats-server of its own.
        #[arg(long)]
        leaf: Option<String>,
        /// The agency was hosted here: its books go with it, under its own keys, and its node never runs here again.
        #[arg(long)]
        hand_over: bool,
    },
    /// Gives an own site a new key; the old one is void at once.
    Rotate {
        /// Whose.
        code: AgencyCode,
        /// The file for the new seed, to be carried to the site.
        #[arg(long)]
        out: PathBuf,
    },
    /// Takes an own site off the bus; the others stay connected.
    Revoke {
        /// Whose.
        code: AgencyCode,
    },
}

/// `lianxi conformance …`
#[derive(Args)]
pub struct ConformanceArgs {
    /// Whose consumer.
    #[arg(long)]
    pub agency: AgencyCode,
    /// Seconds that one answer may take.
    #[arg(long, default_value_t = 20)]
    pub within: u64,
    /// How the consumer is started; `{url}`, `{agency}`, `{nkey}`, `{sealing_key}` and `{dir}` are filled in. Left out: start
    /// it by hand with what is printed.
    #[arg(last = true)]
    pub command: Vec<String>,
}

/// `lianxi audit …`
#[derive(Subcommand)]
pub enum AuditVerb {
    /// Verifies both chains of every database; needs no bus.
    Verify,
}

/// `lianxi config …`
#[derive(Subcommand)]
pub enum ConfigVerb {
    /// Checks the settings and prints them as they take effect.
    Check,
}
