//! What intake is told at its start: where its files lie, whose numbers it gives, and the local policy.

use std::path::PathBuf;

use kernel::RegionCode;
use serde::Deserialize;

use crate::domain::media_type::{MediaType, UnknownMediaType};

/// Configuration of the process. Limits in days are law and live in the profile, not here.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder; sealed files go to `attachments/` below it.
    pub data_dir: PathBuf,
    /// The office's region: part of every public number.
    pub office_region: RegionCode,
    /// What the locality allows.
    pub policy: Policy,
    /// How long an upload that is not finished, or was never used by the portal, is kept, in milliseconds.
    pub upload_ttl_ms: i64,
}

impl Config {
    /// Uploads are kept for a day.
    pub const UPLOAD_TTL_MS: i64 = 24 * 3_600_000;

    /// The configuration with its defaults.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>, office_region: RegionCode) -> Self {
        let policy = Policy::default();
        Self { data_dir: data_dir.into(), office_region, policy, upload_ttl_ms: Self::UPLOAD_TTL_MS }
    }
}

/// What a locality sets for registrations and files, from its `policy.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Lengths and counts of a registration.
    pub registration: RegistrationLimits,
    /// Sizes, counts and types of files.
    pub attachments: AttachmentLimits,
}

/// Lengths and counts of a registration; the defaults are what the contract allows at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationLimits {
    /// Characters of a title.
    pub title_max_chars: usize,
    /// Characters of the text.
    pub text_max_chars: usize,
    /// Number of claims.
    pub claims_max: usize,
    /// Characters of a claim.
    pub claim_max_chars: usize,
    /// Number of co-petitioners.
    pub co_petitioners_max: usize,
}

impl Default for RegistrationLimits {
    fn default() -> Self {
        Self {
            title_max_chars: 100,
            text_max_chars: 20_000,
            claims_max: 20,
            claim_max_chars: 500,
            co_petitioners_max: 500,
        }
    }
}

/// Sizes, counts and types of files; the defaults are what the contract allows at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentLimits {
    /// Files of one submission.
    pub max_count: usize,
    /// Bytes of one file.
    pub max_bytes_each: i64,
    /// Bytes of all files of one submission.
    pub max_bytes_total: i64,
    /// Types taken.
    pub types: Vec<MediaType>,
}

impl Default for AttachmentLimits {
    fn default() -> Self {
        Self {
            max_count: 20,
            max_bytes_each: 20 * 1024 * 1024,
            max_bytes_total: 200 * 1024 * 1024,
            types: MediaType::ALL.to_vec(),
        }
    }
}

/// The policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Not the TOML it should be.
    #[error("the policy cannot be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// A type of file that this program does not recognise by its bytes.
    #[error("attachments.types: {0}")]
    Type(#[from] UnknownMediaType),
    /// A number that is zero or above what the contract allows.
    #[error("`{field}` is {found}, allowed are 1 to {most}")]
    OutOfRange {
        /// Which.
        field: &'static str,
        /// What it says.
        found: i64,
        /// What it may be.
        most: i64,
    },
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    registration: Registration,
    #[serde(default)]
    attachments: Attachments,
}

#[derive(Default, Deserialize)]
struct Registration {
    title_max_chars: Option<i64>,
    text_max_chars: Option<i64>,
    claims_max: Option<i64>,
    claim_max_chars: Option<i64>,
    co_petitioners_max: Option<i64>,
}

#[derive(Default, Deserialize)]
struct Attachments {
    max_count: Option<i64>,
    max_bytes_each: Option<i64>,
    max_bytes_total: Option<i64>,
    types: Option<Vec<Type>>,
}

#[derive(Deserialize)]
struct Type {
    mime: String,
}

impl Policy {
    /// Reads the tables `[registration]` and `[attachments]` of a policy; what is absent keeps its default.
    ///
    /// # Errors
    /// [`PolicyError`], which names the field.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let File { registration: r, attachments: a } = toml::from_str(text)?;
        let mut policy = Self::default();
        let limits = &mut policy.registration;
        lower(&mut limits.title_max_chars, "registration.title_max_chars", r.title_max_chars)?;
        lower(&mut limits.text_max_chars, "registration.text_max_chars", r.text_max_chars)?;
        lower(&mut limits.claims_max, "registration.claims_max", r.claims_max)?;
        lower(&mut limits.claim_max_chars, "registration.claim_max_chars", r.claim_max_chars)?;
        lower(&mut limits.co_petitioners_max, "registration.co_petitioners_max", r.co_petitioners_max)?;
        let files = &mut policy.attachments;
        lower(&mut files.max_count, "attachments.max_count", a.max_count)?;
        lower_bytes(&mut files.max_bytes_each, "attachments.max_bytes_each", a.max_bytes_each)?;
        lower_bytes(&mut files.max_bytes_total, "attachments.max_bytes_total", a.max_bytes_total)?;
        if let Some(types) = a.types {
            files.types = types.iter().map(|t| t.mime.parse()).collect::<Result<_, _>>()?;
        }
        Ok(policy)
    }
}

fn lower(limit: &mut usize, field: &'static str, to: Option<i64>) -> Result<(), PolicyError> {
    let mut bytes = i64::try_from(*limit).unwrap_or(i64::MAX);
    lower_bytes(&mut bytes, field, to)?;
    *limit = usize::try_from(bytes).unwrap_or(*limit);
    Ok(())
}

fn lower_bytes(limit: &mut i64, field: &'static str, to: Option<i64>) -> Result<(), PolicyError> {
    let Some(found) = to else { return Ok(()) };
    if !(1..=*limit).contains(&found) {
        return Err(PolicyError::OutOfRange { field, found, most: *limit });
    }
    *limit = found;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_lowers_limits_and_leaves_the_rest() {
        let policy = Policy::from_toml(
            "name_zh = \"云岭市\"\n[registration]\ntitle_max_chars = 80\n[attachments]\nmax_count = 5\n\
             types = [{ mime = \"application/pdf\", extensions = [\"pdf\"] }]\n[limits.T05]\ndays = 30\n",
        )
        .expect("policy");
        assert_eq!(policy.registration.title_max_chars, 80);
        assert_eq!(policy.registration.text_max_chars, 20_000);
        assert_eq!((policy.attachments.max_count, policy.attachments.types), (5, vec![MediaType::Pdf]));
        assert_eq!(Policy::from_toml("").expect("empty"), Policy::default());
    }

    #[test]
    fn what_the_contract_does_not_allow_is_refused() {
        for bad in [
            "[registration]\nclaims_max = 21",
            "[registration]\nclaims_max = 0",
            "[attachments]\nmax_bytes_each = 20971521",
            "[attachments]\ntypes = [{ mime = \"application/zip\" }]",
            "[attachments]\nmax_count = \"5\"",
        ] {
            assert!(Policy::from_toml(bad).is_err(), "{bad}");
        }
    }
}
