//! 登记: intake registers submissions and keeps what is sealed.
//!
//! Owns: the submission (信访件, never edited), the petitioners' identities, attachments, papers of agencies,
//! public numbers, query codes and receipts, links of repeats, sketches of open submissions, and the log of
//! every look.
//! Never: decides substance; shows an identity without a logged purpose; puts a text or a name on the bus.
//!
//! Facts out: `submission_registered` (of an accusation the id alone), `submission_linked`, `content_opened`,
//! `query_code_reissued`.
//! Facts in, of routing: `matter_forwarded`, `assignment_recalled`, `matter_closed` (who may open what),
//! `matter_screened` (an ordinary submission may turn out to be an accusation).

pub mod commands;
pub mod config;
pub mod consumers;
pub mod domain;
pub mod error;
pub mod files;
mod intake;
mod keys;
pub mod publish;
pub mod repeats;
mod run;
pub mod sealing;
pub mod store;
pub mod svc;
pub mod sweeps;

pub use config::{Config, Policy, PolicyError};
pub use domain::number::series as number_series;
pub use files::{Files, FilesError};
pub use intake::{Deps, Intake, Recipients};
pub use keys::{KeysLost, check_keys};
pub use run::{Parts, RunError, parts, run, service};
pub use sealing::Keys;
pub use store::sql::ALL as STATEMENTS;
pub use sweeps::Sweeps;

use db::{Migration, MigrationSet};

/// The tables of intake.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "intake",
    steps: &[
        Migration {
            number: 1,
            name: "intake",
            sqlite: include_str!("../migrations/sqlite/0001_intake.sql"),
            postgres: include_str!("../migrations/postgres/0001_intake.sql"),
        },
        Migration {
            number: 2,
            name: "co",
            sqlite: include_str!("../migrations/sqlite/0002_co.sql"),
            postgres: include_str!("../migrations/postgres/0002_co.sql"),
        },
        Migration {
            number: 3,
            name: "notices",
            sqlite: include_str!("../migrations/sqlite/0003_notices.sql"),
            postgres: include_str!("../migrations/postgres/0003_notices.sql"),
        },
        Migration {
            number: 4,
            name: "sketches",
            sqlite: include_str!("../migrations/sqlite/0004_sketches.sql"),
            postgres: include_str!("../migrations/postgres/0004_sketches.sql"),
        },
        Migration {
            number: 5,
            name: "sketches_anew",
            sqlite: include_str!("../migrations/sqlite/0005_sketches_anew.sql"),
            postgres: include_str!("../migrations/postgres/0005_sketches_anew.sql"),
        },
    ],
};
