//! Tests of the key folder: made once and private, refused when open, kinds kept apart, rotation.

use std::sync::{Arc, atomic::AtomicU32, atomic::Ordering};

use super::*;
use crate::{ActorSigner, Cell, DataKey, SealError};

const CELL: Cell<'_> = Cell { table: "submission_key", column: "wrapped", row: "xf_1" };

/// A folder of its own under the build's temporary folder, removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("trust-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        Self(std::env::temp_dir().join(name))
    }

    fn folder(&self) -> KeyFolder {
        KeyFolder::open(self.0.join("data/keys")).expect("folder")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("chmod");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("metadata").permissions().mode() & 0o7777
}

#[test]
fn a_key_is_made_once_private_and_read_again() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let folder = scratch.folder();
    let made = folder.load_or_create(&KeyName::BlindIndex, &mint).expect("make");
    let read = scratch.folder().load_or_create(&KeyName::BlindIndex, &mint).expect("read");
    assert_eq!(made.expose(), read.expose());
    assert_eq!((mode(&folder.0), mode(&folder.0.join("blind-index.key"))), (0o700, 0o600));
    let names: Vec<_> =
        fs::read_dir(&folder.0).expect("list").map(|e| e.expect("entry").file_name()).collect();
    assert_eq!(names, ["blind-index.key"], "nothing is left beside");
}

#[test]
fn each_name_has_its_own_key() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let folder = scratch.folder();
    let code: AgencyCode = "renshe".parse().expect("code");
    let names = [
        KeyName::BlindIndex,
        KeyName::QueryCode,
        KeyName::Actor(Place::Office),
        KeyName::Actor(Place::Suite),
        KeyName::Actor(Place::Agency(code)),
    ];
    let mut seen: Vec<[u8; 32]> =
        names.iter().map(|n| *folder.load_or_create(n, &mint).expect("key").expose()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), names.len());
}

#[test]
fn a_file_or_folder_open_to_others_is_refused_with_the_remedy() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let folder = scratch.folder();
    let name = KeyName::Actor(Place::Office);
    let key = folder.load_or_create(&name, &mint).expect("make");
    let path = folder.0.join("actor-office.key");
    for open in [0o640, 0o604, 0o620, 0o601] {
        chmod(&path, open);
        let error = folder.load_or_create(&name, &mint).expect_err("open to others");
        let shown = error.to_string();
        assert!(shown.contains(&format!("chmod 600 {}", path.display())), "{shown}");
        assert!(!shown.contains(&hex::encode(key.expose())));
    }
    chmod(&path, 0o400);
    assert!(folder.load_or_create(&name, &mint).is_ok());
    chmod(&folder.0, 0o770);
    let error = KeyFolder::open(&folder.0).expect_err("folder open to others");
    assert!(error.to_string().contains("chmod 700"), "{error}");
}

#[test]
fn a_file_of_another_kind_or_damaged_is_refused_and_left_alone() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let folder = scratch.folder();
    folder.load_or_create(&KeyName::BlindIndex, &mint).expect("make");
    let other = folder.0.join("query-code.key");
    fs::copy(folder.0.join("blind-index.key"), &other).expect("copy");
    for damage in [None, Some(""), Some("lianxi-key-v1 query-code abc\n"), Some("noise")] {
        if let Some(text) = damage {
            fs::write(&other, text).expect("write");
        }
        let before = fs::read(&other).expect("read");
        let error = folder.load_or_create(&KeyName::QueryCode, &mint).expect_err("damaged");
        assert!(matches!(error, KeyFileError::NotAKey { kind: "query-code", .. }), "{error}");
        assert_eq!(fs::read(&other).expect("read"), before);
    }
}

#[test]
fn of_many_processes_that_start_at_once_one_makes_the_key() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let folder = Arc::new(scratch.folder());
    let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
        let load = || *folder.load_or_create(&KeyName::QueryCode, &mint).expect("key").expose();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(load)).collect();
        threads.into_iter().map(|t| t.join().expect("thread")).collect()
    });
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
    let sites: Vec<String> = std::thread::scope(|scope| {
        let load = || folder.site(&mint).expect("site");
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(load)).collect();
        threads.into_iter().map(|t| t.join().expect("thread")).collect()
    });
    assert!(sites.iter().all(|site| site.len() == 16 && *site == sites[0]), "{sites:?}");
}

#[test]
fn rotation_keeps_what_old_keys_wrapped() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let folder = scratch.folder();
    let before = folder.key_ring(&mint).expect("ring");
    assert_eq!(folder.key_ring(&mint).expect("ring").current(), before.current());
    let key = DataKey::mint(&mint);
    let wrapped = before.wrap(&mint, &CELL, &key).expect("wrap");

    let new = folder.rotate_kek(&mint).expect("rotate");
    let after = folder.key_ring(&mint).expect("ring");
    assert_eq!(after.current(), new);
    assert_eq!(after.unwrap(&CELL, wrapped.as_bytes()).expect("unwrap").id(), key.id());
    let again = after.rewrap(&mint, &CELL, wrapped.as_bytes()).expect("rewrap").expect("old");

    // The tenth key comes after the ninth, and the first may go once nothing needs it.
    for _ in 0..8 {
        folder.rotate_kek(&mint).expect("rotate");
    }
    fs::remove_file(folder.0.join("kek-1.key")).expect("remove");
    let last = folder.key_ring(&mint).expect("ring");
    assert!(folder.0.join("kek-10.key").exists());
    assert_eq!(last.unwrap(&CELL, again.as_bytes()).expect("unwrap").id(), key.id());
    assert_eq!(
        last.unwrap(&CELL, wrapped.as_bytes()).expect_err("gone"),
        SealError::UnknownKey(before.current())
    );
}

#[test]
fn an_agencys_identity_is_kept_as_an_age_file() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let (folder, code) = (scratch.folder(), "renshe".parse().expect("code"));
    let made = folder.agency_identity(&code, &mint).expect("make");
    let sealed = made.recipient().seal_text("text").expect("seal");
    let read = folder.agency_identity(&code, &mint).expect("read");
    assert_eq!(read.open_text(&sealed).expect("open").expose(), "text");
    let path = folder.0.join("agency-seal-renshe.txt");
    assert_eq!(mode(&path), 0o600);
    assert!(fs::read_to_string(&path).expect("text").contains("\nAGE-SECRET-KEY-1"));
}

#[test]
fn a_signing_key_from_a_file_signs() {
    let (scratch, mint) = (Scratch::new(), IdMint::system());
    let name = KeyName::Actor(Place::Office);
    let key = || scratch.folder().load_or_create(&name, &mint).expect("key");
    let public = |seed: &Secret32| ActorSigner::new(seed, Place::Office).public_key();
    assert_eq!(public(&key()), public(&key()));
}
