//! Instants are milliseconds since 1970 in UTC; civil dates are those of Asia/Shanghai (UTC+8, no
//! summer time since 1991, and the suite holds no date before 2016).

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const SHANGHAI_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// An instant, in milliseconds since 1970-01-01T00:00Z. On the wire RFC 3339 with offset +08:00.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(pub i64);

/// The text is not an RFC 3339 instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 instant: `{0}`")]
pub struct BadInstant(String);

impl UnixMillis {
    /// The instant `ms` milliseconds later (earlier when negative).
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Reads an RFC 3339 instant with any offset.
    ///
    /// # Errors
    /// When the text is not one.
    pub fn parse_rfc3339(text: &str) -> Result<Self, BadInstant> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self(at.timestamp_millis()))
            .map_err(|_| BadInstant(text.chars().take(40).collect()))
    }
}

impl fmt::Display for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let east8 = FixedOffset::east_opt(8 * 3600);
        match (DateTime::from_timestamp_millis(self.0), east8) {
            (Some(at), Some(east8)) => {
                f.write_str(&at.with_timezone(&east8).to_rfc3339_opts(SecondsFormat::Millis, false))
            }
            _ => write!(f, "@{}ms", self.0),
        }
    }
}

impl Serialize for UnixMillis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UnixMillis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).map_err(de::Error::custom)
    }
}

impl JsonSchema for UnixMillis {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The civil date in Asia/Shanghai on which an instant falls.
#[must_use]
pub fn civil_date(at: UnixMillis) -> NaiveDate {
    let days = at.0.saturating_add(SHANGHAI_MS).div_euclid(DAY_MS);
    let epoch = NaiveDate::default();
    i32::try_from(days).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(epoch)
}

/// The instant at which a civil date begins in Asia/Shanghai.
#[must_use]
pub fn civil_midnight(on: NaiveDate) -> UnixMillis {
    UnixMillis(i64::from(on.to_epoch_days()) * DAY_MS - SHANGHAI_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_civil_day_turns_at_sixteen_hours_utc() {
        let eve = UnixMillis::parse_rfc3339("2026-08-02T15:59:59.999Z").expect("instant");
        assert_eq!(civil_date(eve).to_string(), "2026-08-02");
        assert_eq!(civil_date(eve.plus_ms(1)).to_string(), "2026-08-03");
        assert_eq!(civil_midnight(civil_date(eve.plus_ms(1))), eve.plus_ms(1));
    }

    #[test]
    fn an_instant_is_written_with_its_offset() {
        assert_eq!(UnixMillis(0).to_string(), "1970-01-01T08:00:00.000+08:00");
    }
}
