//! Backup of a whole office as of one moment, while it runs, and its return.
//!
//! A backup is a folder: `books/` (a file each, or one dump of `PostgreSQL`), `files/` (sealed attachments),
//! `clock.json`, and `manifest.json` with the hash of every file. The message store is not in it: streams are
//! filled again from the books. Keys are not in it either: they lie apart (`--keys-to`), or whoever finds a
//! backup reads every identity, and erasing a submission would not reach its backups.

pub mod manifest;
mod postgres;
pub mod restore;
pub mod take;

/// The folder of the books in a backup.
const BOOKS: &str = "books";
/// The folder of the attachments, in a backup as in a data folder.
const FILES: &str = "files";
/// The business clock's offset, in a backup as in a data folder.
const CLOCK: &str = "clock.json";
/// The register as the folder knew it: the bus is made for all of its agencies before any service answers.
const REGISTER: &str = crate::roll::FILE;
/// Years of working days that were loaded.
const ALMANAC: &str = crate::almanac::FILE;
/// Catalogues that were loaded.
const CATALOGUES: &str = crate::catalogues::FILE;
/// Policy rules that were loaded.
const ORDINANCES: &str = crate::ordinances::FILE;
