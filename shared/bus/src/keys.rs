//! The nkeys of the bus's users: a seed that its owner alone holds, a public key in the configuration.

use std::{error::Error, fmt, path::Path};

use kernel::IdMint;
use nkeys::{KeyPair, KeyPairType};
use trust::{KeyFileError, KeyFolder};

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

/// The key in `<dir>/<name>.nk`; made on the first call, by one of several processes that start at once. The
/// file is for its owner alone (0600), and one that others may read is refused.
///
/// # Errors
/// When the file cannot be read or written, or its rights are too wide.
pub fn load_or_create(dir: &Path, name: &str) -> Result<UserKey, BusError> {
    let told = |e: KeyFileError| {
        let why = e.source().map(|source| format!(": {source}")).unwrap_or_default();
        BusError::Setup(format!("nkey of {name}: {e}{why}"))
    };
    let fresh = generate()?;
    let folder = KeyFolder::open(dir).map_err(told)?;
    let made = || format!("{}\n", fresh.seed).into();
    let seed = folder.text_or_create(&format!("{name}.nk"), &IdMint::system(), made).map_err(told)?;
    from_seed(&seed)
}
