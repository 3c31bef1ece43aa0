//! Key files of a place (`data/keys/`): made when missing, mode 0600 in a folder of mode 0700, refused
//! when others can read them. Blocking disk work: open at start-up.
//!
//! A file is never written over. It is written beside under a name of its own, synced, and linked into
//! place; of several processes that start at once, one makes the key and the others read it.
//!
//! Losing `kek-*.key` loses every identity and text at rest: back the folder up, apart from the
//! database's backups (or destroying data keys would not erase what the backups hold).

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use kernel::{AgencyCode, IdMint, Place};
use zeroize::Zeroizing;

use crate::{AgencyIdentity, KeyFileError, KeyId, KeyRing, Secret32, seal::kek_id};

const MAX_FILE_BYTES: u64 = 4096;
const MARK: &str = "lianxi-key-v1";
const KEK: &str = "kek";

/// A key that lives in a file of its own; key-encryption keys and agencies' sealing keys have calls of
/// their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// Of the blind indexes: `blind-index.key`. Never changes while there are indexes.
    BlindIndex,
    /// Of the petitioners' query codes: `query-code.key`. Never changes while codes are in use.
    QueryCode,
    /// Signs actors for a place: `actor-office.key`, `actor-suite.key`, `actor-agency-<code>.key`.
    Actor(Place),
}

impl KeyName {
    const fn kind(&self) -> &'static str {
        match self {
            Self::BlindIndex => "blind-index",
            Self::QueryCode => "query-code",
            Self::Actor(_) => "actor",
        }
    }

    fn file(&self) -> String {
        match self {
            Self::BlindIndex => "blind-index.key".into(),
            Self::QueryCode => "query-code.key".into(),
            Self::Actor(Place::Office) => "actor-office.key".into(),
            Self::Actor(Place::Portal) => "actor-portal.key".into(),
            Self::Actor(Place::Suite) => "actor-suite.key".into(),
            Self::Actor(Place::Agency(code)) => format!("actor-agency-{code}.key"),
        }
    }
}

/// The folder of a place's keys.
#[derive(Clone, Debug)]
pub struct KeyFolder(PathBuf);

impl KeyFolder {
    /// Opens the folder, making it when missing.
    ///
    /// # Errors
    /// [`KeyFileError::FolderTooOpen`] when others may write to it, or [`KeyFileError::Io`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, KeyFileError> {
        let path = path.into();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(|e| io_error("make", &path, e))?;
        let mode =
            fs::metadata(&path).map_err(|e| io_error("look at", &path, e))?.permissions().mode() & 0o7777;
        if mode & 0o022 != 0 {
            return Err(KeyFileError::FolderTooOpen { path, mode });
        }
        Ok(Self(path))
    }

    /// Reads a key, making it when its file is missing.
    ///
    /// # Errors
    /// [`KeyFileError`]: open to others, not a key of this kind, or the disk.
    pub fn load_or_create(&self, name: &KeyName, mint: &IdMint) -> Result<Secret32, KeyFileError> {
        self.secret(&name.file(), name.kind(), mint)
    }

    /// The ring of key-encryption keys: `kek-<n>.key`, the highest number is the current one. The first
    /// is made when there is none.
    ///
    /// # Errors
    /// As [`KeyFolder::load_or_create`].
    pub fn key_ring(&self, mint: &IdMint) -> Result<KeyRing, KeyFileError> {
        let mut numbers = self.kek_numbers()?;
        let current = numbers.pop().unwrap_or(1);
        let current = self.secret(&kek_file(current), KEK, mint)?;
        let old = numbers.iter().rev().map(|n| self.secret(&kek_file(*n), KEK, mint));
        Ok(KeyRing::new(current, old.collect::<Result<_, _>>()?))
    }

    /// Adds a key-encryption key, the current one from the next start on, and gives its id. Afterwards
    /// wrap all data keys anew ([`KeyRing::rewrap`]); then the old file may be taken away.
    ///
    /// # Errors
    /// As [`KeyFolder::load_or_create`].
    pub fn rotate_kek(&self, mint: &IdMint) -> Result<KeyId, KeyFileError> {
        let next = self.kek_numbers()?.pop().map_or(1, |n| n.saturating_add(1));
        self.secret(&kek_file(next), KEK, mint).map(|key| kek_id(&key))
    }

    /// The sealing key of an agency whose service runs here: `agency-seal-<code>.txt`, an age identity
    /// file that `age -d -i` and `pyrage` read too. Made when missing.
    ///
    /// # Errors
    /// As [`KeyFolder::load_or_create`].
    pub fn agency_identity(&self, code: &AgencyCode, mint: &IdMint) -> Result<AgencyIdentity, KeyFileError> {
        let file = format!("agency-seal-{code}.txt");
        let text = self.text_or_create(&file, mint, || {
            let identity = AgencyIdentity::generate();
            let (public, private) = (identity.recipient(), identity.expose());
            Zeroizing::new(format!("# public key: {public}\n{}\n", private.expose()))
        })?;
        text.lines()
            .find(|line| !line.starts_with('#') && !line.trim().is_empty())
            .and_then(|line| line.parse().ok())
            .ok_or_else(|| KeyFileError::NotAKey { path: self.0.join(file), kind: "agency-seal" })
    }

    /// Which installation this is: sixteen digits of chance in the file `site`, made when missing. An agency
    /// answers from one site alone, so all processes of a folder must read the same.
    ///
    /// # Errors
    /// As [`KeyFolder::load_or_create`].
    pub fn site(&self, mint: &IdMint) -> Result<String, KeyFileError> {
        let text = self.text_or_create("site", mint, || {
            let mut chance = [0; 8];
            mint.fill(&mut chance);
            Zeroizing::new(format!("{}\n", hex::encode(chance)))
        })?;
        Ok(text.trim().to_owned())
    }

    fn kek_numbers(&self) -> Result<Vec<u32>, KeyFileError> {
        let read = |e| io_error("list", &self.0, e);
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(read)? {
            let name = entry.map_err(read)?.file_name();
            let number = name.to_str().and_then(|n| n.strip_prefix("kek-")?.strip_suffix(".key"));
            numbers.extend(number.and_then(|n| n.parse::<u32>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn secret(&self, file: &str, kind: &'static str, mint: &IdMint) -> Result<Secret32, KeyFileError> {
        let text = self.text_or_create(file, mint, || {
            let digits = Zeroizing::new(hex::encode(Secret32::mint(mint).expose()));
            Zeroizing::new(format!("{MARK} {kind} {}\n", *digits))
        })?;
        parse_secret(&text, kind).ok_or_else(|| KeyFileError::NotAKey { path: self.0.join(file), kind })
    }

    /// The text of a key file of any kind, made when it is missing: whoever reads it, reads all of it.
    ///
    /// # Errors
    /// As [`KeyFolder::load_or_create`].
    pub fn text_or_create(
        &self,
        file: &str,
        mint: &IdMint,
        make: impl FnOnce() -> Zeroizing<String>,
    ) -> Result<Zeroizing<String>, KeyFileError> {
        let path = &self.0.join(file);
        match read_private(path) {
            Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        let mut chance = [0; 8];
        mint.fill(&mut chance);
        let beside = self.0.join(format!(".new-{}-{}", std::process::id(), hex::encode(chance)));
        let linked = write_private(&beside, &make()).and_then(|()| match fs::hard_link(&beside, path) {
            // Another process was first: its key counts.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        });
        // The name beside goes away whether or not the link was made.
        let cleared = fs::remove_file(&beside);
        linked.and(cleared).map_err(|e| io_error("write", path, e))?;
        File::open(&self.0).and_then(|folder| folder.sync_all()).map_err(|e| io_error("sync", &self.0, e))?;
        read_private(path)
    }
}

fn kek_file(number: u32) -> String {
    format!("kek-{number}.key")
}

fn io_error(doing: &'static str, path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io { doing, path: path.to_owned(), source }
}

fn parse_secret(text: &str, kind: &str) -> Option<Secret32> {
    let mut words = text.split_whitespace();
    let found = (words.next()?, words.next()?, words.next()?, words.next());
    let (MARK, named, digits, None) = found else { return None };
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(digits, bytes.as_mut()).ok()?;
    (named == kind).then(|| Secret32::from(*bytes))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn read_private(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let failed = |e| io_error("read", path, e);
    let file = File::open(path).map_err(failed)?;
    // Of the open file, so that it cannot be exchanged between the look and the reading.
    let about = file.metadata().map_err(failed)?;
    let mode = about.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::TooOpen { path: path.to_owned(), mode });
    }
    let mut text = Zeroizing::new(String::with_capacity(MAX_FILE_BYTES as usize));
    file.take(MAX_FILE_BYTES).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
