//! Codes that people choose: an agency's short name and a region of GB/T 2260.

use std::{fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// The text is not a code of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: `{text}`")]
pub struct BadCode {
    rule: &'static str,
    text: String,
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $rule:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = BadCode;
            fn from_str(text: &str) -> Result<Self, BadCode> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(BadCode { rule: $rule, text: text.chars().take(40).collect() })
                }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

code! {
    /// 单位代码: the short stable name of an agency (`renshe`), one token of a subject.
    AgencyCode, "^[a-z][a-z0-9]{1,15}$", "an agency's code is 2 to 16 lower-case letters and digits and begins with a letter",
    |text| (2..=16).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

code! {
    /// 行政区划代码 (GB/T 2260, six digits; nine with the township).
    RegionCode, "^([0-9]{6}|[0-9]{9})$", "a region's code is six or nine digits",
    |text| matches!(text.len(), 6 | 9) && text.chars().all(|c| c.is_ascii_digit())
}

impl RegionCode {
    /// Whether this region is `other` or lies inside it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let trunk = other.as_str().trim_end_matches("00");
        let trunk = if other.as_str().len() == 9 { other.as_str() } else { trunk };
        // A county's own code may end in a single 0, which trimming pairs from the right keeps.
        let even = if trunk.len() % 2 == 0 || trunk.len() == 9 { trunk.len() } else { trunk.len() + 1 };
        other.as_str().get(..even).is_some_and(|t| self.as_str().starts_with(t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_lies_in_the_regions_above_it() {
        let region = |t: &str| t.parse::<RegionCode>().expect("region");
        assert!(region("990102").is_within(&region("990100")));
        assert!(region("990102003").is_within(&region("990102")));
        assert!(region("990110").is_within(&region("990110")));
        assert!(!region("990111").is_within(&region("990110")));
        assert!(!region("990202").is_within(&region("990100")));
        assert!(region("990202").is_within(&region("990000")));
    }

    #[test]
    fn an_agency_code_is_one_short_token() {
        assert!("renshe".parse::<AgencyCode>().is_ok());
        for bad in ["", "r", "Renshe", "ren.she", "1a", "ren she", "a23456789012345678"] {
            assert!(bad.parse::<AgencyCode>().is_err(), "{bad}");
        }
    }
}
