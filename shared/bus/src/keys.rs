//! The nkeys of the bus's users: a seed that its owner alone holds, a public key in the configuration.

use std::{
    fmt, fs,
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use nkeys::{KeyPair, KeyPairType};

use crate::BusError;

/// One user's key.
#[derive(Clone, PartialEq, Eq)]
pub struct UserKey {
    /// The secret (`SU…`).
    pub seed: String,
    /// What the configuration shows (`U…`).
    pub public: String,
}

impl fmt::Debug for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserKey({})", self.public)
    }
}

/// A fresh key.
///
/// # Errors
/// When the machine gives no chance.
pub fn generate() -> Result<UserKey, BusError> {
    of_pair(&KeyPair::new_user())
}

/// The key of a seed.
///
/// # Errors
/// When the text is not the seed of a user.
pub fn from_seed(seed: &str) -> Result<UserKey, BusError> {
    let pair = KeyPair::from_seed(seed.trim()).map_err(|e| BusError::Setup(format!("nkey seed: {e}")))?;
    if !matches!(pair.key_pair_type(), KeyPairType::User) {
        return Err(BusError::Setup("nkey seed: it is not the seed of a user".to_owned()));
    }
    of_pair(&pair)
}

fn of_pair(pair: &KeyPair) -> Result<UserKey, BusError> {
    let seed = pair.seed().map_err(|e| BusError::Setup(format!("nkey: {e}")))?;
    Ok(UserKey { seed, public: pair.public_key() })
}

/// The key in `<dir>/<name>.nk`; made on the first call. The file is for its owner alone (0600), and one
/// that others may read is refused.
///
/// # Errors
/// When the file cannot be read or written, or its rights are too wide.
pub fn load_or_create(dir: &Path, name: &str) -> Result<UserKey, BusError> {
    let path = dir.join(format!("{name}.nk"));
    let told = |what: &str, e: &dyn fmt::Display| BusError::Setup(format!("{what} {}: {e}", path.display()));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|e| told("directory of", &e))?;
    let fresh = generate()?;
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match made {
        Ok(mut file) => {
            file.write_all(format!("{}\n", fresh.seed).as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(|e| told("write", &e))?;
            Ok(fresh)
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            let mode = fs::metadata(&path).map_err(|e| told("read", &e))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(told("rights of", &format!("{:o}; must be 600", mode & 0o777)));
            }
            from_seed(&fs::read_to_string(&path).map_err(|e| told("read", &e))?)
        }
        Err(e) => Err(told("write", &e)),
    }
}
