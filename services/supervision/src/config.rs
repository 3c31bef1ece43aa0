//! What supervision is told from outside.

/// Settings of supervision.
#[derive(Clone, Debug)]
pub struct Config {
    /// A dispatch without a receipt is sent again after so many milliseconds (technical clock).
    pub receipt_within_ms: i64,
    /// Percent of a limit at which its duty is warned of (domain.md 2.3), each of 50, 80 and 100.
    pub warn_at_percent: Vec<i64>,
}

/// A stage that no warning has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("supervision.warn_at_percent holds `{0}`: stages are 50, 80 and 100")]
pub struct BadStage(String);

impl Config {
    /// Reads stages as a setting writes them: `80,100`. Nothing: no warnings.
    ///
    /// # Errors
    /// When a stage is none.
    pub fn stages(text: &str) -> Result<Vec<i64>, BadStage> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let mut stages = words
            .map(|word| match word {
                "50" => Ok(50),
                "80" => Ok(80),
                "100" => Ok(100),
                other => Err(BadStage(other.to_owned())),
            })
            .collect::<Result<Vec<i64>, _>>()?;
        stages.sort_unstable();
        stages.dedup();
        Ok(stages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read_in_order_and_once() {
        assert_eq!(Config::stages("100, 80,80"), Ok(vec![80, 100]));
        assert_eq!(Config::stages(""), Ok(Vec::new()));
        assert!(Config::stages("75").is_err());
    }
}
