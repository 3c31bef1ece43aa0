//! Every statement of the console, in one place each for accounts and for the board.

pub mod accounts;
pub mod board;
pub mod keys;

use db::{Migration, MigrationSet, Sql};

/// The console's tables.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "console",
    steps: &[
        Migration {
            number: 1,
            name: "console",
            sqlite: include_str!("../../migrations/sqlite/0001_console.sql"),
            postgres: include_str!("../../migrations/postgres/0001_console.sql"),
        },
        Migration {
            number: 2,
            name: "co",
            sqlite: include_str!("../../migrations/sqlite/0002_co.sql"),
            postgres: include_str!("../../migrations/postgres/0002_co.sql"),
        },
        Migration {
            number: 3,
            name: "keys",
            sqlite: include_str!("../../migrations/sqlite/0003_keys.sql"),
            postgres: include_str!("../../migrations/postgres/0003_keys.sql"),
        },
    ],
};

/// Every statement, for the test that prepares them.
pub const ALL: &[&[&Sql]] = &[accounts::ALL, board::ALL, keys::ALL];
