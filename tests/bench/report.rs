//! What was measured, for people and for programs.

use std::fmt::Write;

use serde::Serialize;

/// What numbers.md asks for.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "better")]
pub enum Bound {
    /// Ratios: more is better.
    AtLeast {
        /// Wanted now.
        must: f64,
        /// Where it shall go.
        aim: f64,
    },
    /// Latency and cost: less is better.
    AtMost {
        /// Wanted now.
        must: f64,
        /// Where it shall go.
        aim: f64,
    },
}

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Row of numbers.md.
    pub row: &'static str,
    what: &'static str,
    value: f64,
    unit: &'static str,
    /// The limit measured in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    bound: Option<Bound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<&'static str>,
    note: String,
}

impl Row {
    /// A value that stands for itself.
    pub fn new(row: &'static str, what: &'static str, value: f64, unit: &'static str) -> Self {
        Self {
            row,
            what,
            value,
            unit,
            limit: None,
            ratio: None,
            bound: None,
            reached: None,
            note: String::new(),
        }
    }

    /// Holds it against a limit.
    pub fn against(mut self, limit: f64) -> Self {
        self.limit = Some(limit);
        self.ratio = Some(self.value / limit.max(f64::MIN_POSITIVE));
        self
    }

    /// Judges the ratio, or the value where there is none.
    pub fn within(mut self, bound: Bound) -> Self {
        let judged = self.ratio.unwrap_or(self.value);
        let (must, aim) = match bound {
            Bound::AtLeast { must, aim } => (judged >= must, judged >= aim),
            Bound::AtMost { must, aim } => (judged <= must, judged <= aim),
        };
        self.reached = Some(match (must, aim) {
            (_, true) => "aim",
            (true, false) => "must",
            (false, false) => "no",
        });
        self.bound = Some(bound);
        self
    }

    /// What else is worth knowing.
    pub fn noting(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    fn line(&self) -> String {
        let mark = match self.reached {
            Some("aim") => "✔✔",
            Some("must") => "✔ ",
            Some(_) => "✘ ",
            None => "· ",
        };
        let ratio = self.ratio.map_or_else(String::new, |r| format!("{r:.3}"));
        let limit = self.limit.map_or_else(String::new, |l| format!("{l:.0}"));
        let (must, aim) = match self.bound {
            Some(Bound::AtLeast { must, aim }) => (format!("≥{must}"), format!("≥{aim}")),
            Some(Bound::AtMost { must, aim }) => (format!("≤{must}"), format!("≤{aim}")),
            None => (String::new(), String::new()),
        };
        let value =
            if self.value < 100.0 { format!("{:.2}", self.value) } else { format!("{:.0}", self.value) };
        let Self { row, what, unit, note, .. } = self;
        let mut line = format!(
            "{mark} {row:<4} {what:<44} {value:>8} {unit:<4} {limit:>8} {ratio:>7} {must:>6} {aim:>6}"
        );
        if !note.is_empty() {
            let _ = write!(line, "\n          {note}");
        }
        line
    }
}

/// The table for people.
pub fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "   {:<4} {:<44} {:>8} {:<4} {:>8} {:>7} {:>6} {:>6}\n",
        "row", "what", "measured", "", "limit", "ratio", "must", "aim"
    );
    for row in rows {
        text.push_str(&row.line());
        text.push('\n');
    }
    text.push_str(
        "✔✔ aim reached, ✔ must reached, ✘ missed; limits were measured in this run; rates a second",
    );
    text
}

/// The line for programs.
pub fn json(rows: &[Row], seconds: f64) -> anyhow::Result<String> {
    Ok(serde_json::to_string(&serde_json::json!({ "bench": "numbers", "seconds": seconds, "rows": rows }))?)
}

/// The value below which a share of the sorted values lies.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index within the slice")]
    let at = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
