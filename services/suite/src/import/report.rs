//! What became of each row: one line a row, codes and numbers alone, and the sums.

use std::{collections::BTreeMap, fmt, fs::File, path::Path};

use anyhow::Context;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Registered now.
    Registered,
    /// Registered by an earlier run.
    Already,
    /// A dry run: nothing speaks against it.
    WouldRegister,
    /// The office has to confirm a doubt first.
    Doubtful,
    /// The row itself makes no sense.
    Wrong,
    /// The office's refusal.
    Refused,
}

impl Outcome {
    /// All, as the sums list them.
    pub const ALL: [Self; 6] =
        [Self::Registered, Self::Already, Self::WouldRegister, Self::Doubtful, Self::Wrong, Self::Refused];

    /// The code word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Already => "already",
            Self::WouldRegister => "would_register",
            Self::Doubtful => "doubtful",
            Self::Wrong => "wrong",
            Self::Refused => "refused",
        }
    }
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Line of the file.
    pub line: u64,
    /// The row's key; empty where it has none.
    pub key: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The public number.
    pub number: String,
    /// The field that is wrong.
    pub field: String,
    /// Why: a code of `ERRORS.md`, or one of the import's own.
    pub code: String,
    /// What was changed on the way.
    pub notes: Vec<String>,
}

/// The report's file.
pub struct Report(csv::Writer<File>);

impl Report {
    /// Begins one.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(["line", "key", "outcome", "number", "field", "code", "notes"])?;
        Ok(Self(writer))
    }

    /// Adds a line; it is on the disk before the next row is asked for.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn add(&mut self, line: &Line) -> anyhow::Result<()> {
        let (no, notes) = (line.line.to_string(), line.notes.join("; "));
        let cells =
            [no.as_str(), &line.key, line.outcome.code(), &line.number, &line.field, &line.code, &notes];
        self.0.write_record(cells)?;
        self.0.flush()?;
        Ok(())
    }
}

/// The sums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Nothing was registered, and no matter looked for.
    pub dry_run: bool,
    /// Rows read.
    pub rows: u64,
    /// By what became of them.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Dropped for what they are about (domain.md section 5).
    pub denied: Vec<String>,
    /// Not named by the mapping.
    pub left_behind: Vec<String>,
    /// Matters with a proposed agency.
    pub proposed: u64,
    /// Matters without one, in the screeners' queue.
    pub to_screen: u64,
    /// Accusations, in the queue of their officer.
    pub restricted: u64,
    /// Matters that are past screening.
    pub further_on: u64,
    /// Matters that the office does not show: something is wrong.
    pub missing: u64,
    /// Handed over in the name of `--confirm-as`, by what became of it.
    pub confirmed: BTreeMap<String, u64>,
}

impl Summary {
    /// Counts a row.
    pub fn count(&mut self, outcome: Outcome) {
        self.rows += 1;
        *self.outcomes.entry(outcome.code()).or_default() += 1;
    }

    /// Rows that became this.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(outcome.code()).copied().unwrap_or(0)
    }

    /// Whether each row and each matter is accounted for.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let rows: u64 = self.outcomes.values().sum();
        let placed = self.proposed + self.to_screen + self.restricted + self.further_on;
        let matters = self.of(Outcome::Registered) + self.of(Outcome::Already);
        rows == self.rows && self.missing == 0 && placed == matters
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "行 rows: {}", self.rows)?;
        for outcome in Outcome::ALL {
            if self.of(outcome) > 0 {
                writeln!(f, "  {}: {}", outcome.code(), self.of(outcome))?;
            }
        }
        if !self.denied.is_empty() {
            writeln!(f, "不予导入的列 denied columns, dropped: {}", self.denied.join(", "))?;
        }
        if !self.left_behind.is_empty() {
            writeln!(f, "未映射的列 columns left behind: {}", self.left_behind.join(", "))?;
        }
        if self.dry_run {
            return write!(f, "试运行，未登记 a dry run: nothing was registered");
        }
        writeln!(
            f,
            "有建议 with a proposal: {} · 待甄别 in the screening queue without one: {} · 检举控告 restricted: {} · 已办 further on: {} · 不见 missing: {}",
            self.proposed, self.to_screen, self.restricted, self.further_on, self.missing
        )?;
        for (outcome, count) in &self.confirmed {
            writeln!(f, "确认转送 confirmed, {outcome}: {count}")?;
        }
        let verdict =
            if self.is_whole() { "一件不少 nothing is lost" } else { "数目不符 the counts differ" };
        write!(f, "{verdict}")
    }
}
