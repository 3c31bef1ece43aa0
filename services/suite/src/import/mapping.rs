//! The mapping of an import: which column, or constant, fills which field of a registration.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, ensure};
use contracts::codes::{AssignmentMode, Level, Route};
use serde::Deserialize;

/// Fields of a registration that a file may fill. Not among them: the day of receipt, which is today, and the
/// accused units, which a person names.
pub const FIELDS: &[(&str, Kind)] = &[
    ("channel", Kind::Word),
    ("purpose", Kind::Word),
    ("petitioner_kind", Kind::Word),
    ("anonymous", Kind::Switch),
    ("heads", Kind::Number),
    ("written_on", Kind::Day),
    ("place_region", Kind::Word),
    ("title", Kind::Word),
    ("text", Kind::Word),
    ("claims", Kind::List),
    ("withhold_identity", Kind::Switch),
    ("petitioner.name", Kind::Word),
    ("petitioner.id_kind", Kind::Word),
    ("petitioner.id_number", Kind::Word),
    ("petitioner.telephone", Kind::Word),
    ("petitioner.address", Kind::Word),
];

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text or a code word.
    Word,
    /// Yes or no.
    Switch,
    /// A whole number.
    Number,
    /// A civil date.
    Day,
    /// One entry, or several after `split`.
    List,
}

/// A mapping file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What is imported.
    pub source: Source,
    /// Each field's filling.
    pub fields: BTreeMap<String, Filling>,
    /// Doubts that the office stands by for the whole file: `written_long_ago`.
    #[serde(default)]
    pub confirm_warnings: Vec<String>,
    /// What a confirmed hand-over says beside the proposal; used with `--confirm-as` alone.
    #[serde(default)]
    pub confirm: Confirm,
}

/// The source.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name, part of each row's key: `import:<name>:<key>`.
    pub name: String,
    /// The column that names a row for ever.
    pub key: String,
    /// `utf-8` or `gb18030`; of CSV.
    #[serde(default = "utf8")]
    pub encoding: String,
    /// What parts the cells of CSV.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Sheet of a workbook; the first when absent.
    #[serde(default)]
    pub sheet: Option<String>,
}

fn utf8() -> String {
    "utf-8".to_owned()
}

const fn comma() -> char {
    ','
}

/// How one field is filled.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filling {
    /// The column.
    #[serde(default)]
    pub column: Option<String>,
    /// Several: the first that is not empty.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The same for every row.
    #[serde(default)]
    pub constant: Option<toml::Value>,
    /// What the file says, and what it means here.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What an empty cell, or one that `values` does not know, means.
    #[serde(default)]
    pub otherwise: Option<String>,
    /// Of dates: as `%Y-%m-%d`.
    #[serde(default)]
    pub formats: Vec<String>,
    /// Of lists: what parts the entries.
    #[serde(default)]
    pub split: Option<String>,
    /// Longer texts are cut here, in characters, and the report says so.
    #[serde(default)]
    pub cut_at: Option<usize>,
}

impl Filling {
    /// The columns it reads.
    pub fn reads(&self) -> impl Iterator<Item = &str> {
        self.column.iter().chain(&self.columns).map(String::as_str)
    }
}

/// What a hand-over says beside the proposal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Confirm {
    /// Route of claims and appeals (Art. 31).
    pub route: Route,
    /// Level when the register does not tell the agency's.
    pub level: Level,
    /// How it is handed over; a 交办 has a limit of its own, so it is a person's alone.
    pub mode: AssignmentMode,
}

impl Default for Confirm {
    fn default() -> Self {
        Self { route: Route::R6, level: Level::City, mode: AssignmentMode::Forward }
    }
}

impl Mapping {
    /// Reads and checks a mapping.
    ///
    /// # Errors
    /// What is wrong with it, with the field.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("the mapping {}", path.display()))
    }

    /// The same from its text.
    ///
    /// # Errors
    /// What is wrong with it, with the field.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mapping: Self = toml::from_str(text)?;
        let name = &mapping.source.name;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        ensure!(
            (1..=24).contains(&name.len()) && name.bytes().all(plain),
            "source.name: 1 to 24 letters, digits, `-`, `_`"
        );
        ensure!(mapping.source.delimiter.is_ascii(), "source.delimiter: one ASCII character");
        ensure!(
            ["utf-8", "gb18030"].contains(&mapping.source.encoding.as_str()),
            "source.encoding: utf-8 or gb18030"
        );
        for (field, filling) in &mapping.fields {
            ensure!(
                field != "received_on",
                "fields.received_on: an import is received today (no back-dating)"
            );
            ensure!(kind(field).is_some(), "fields.{field}: a registration has no such field");
            let ways = [filling.column.is_some(), !filling.columns.is_empty(), filling.constant.is_some()];
            ensure!(
                ways.iter().filter(|way| **way).count() == 1,
                "fields.{field}: one of column, columns, constant"
            );
            let dated = kind(field) == Some(Kind::Day) && filling.constant.is_none();
            ensure!(!dated || !filling.formats.is_empty(), "fields.{field}.formats: owed for a date");
        }
        for owed in ["channel", "purpose", "petitioner_kind", "place_region", "title", "text", "claims"] {
            ensure!(mapping.fields.contains_key(owed), "fields.{owed}: owed");
        }
        ensure!(mapping.confirm.mode == AssignmentMode::Forward, "confirm.mode: forward alone");
        Ok(mapping)
    }

    /// The columns that the mapping reads.
    #[must_use]
    pub fn reads(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self.fields.values().flat_map(Filling::reads).collect();
        columns.push(&self.source.key);
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// What a field holds; `None` for what is no field.
#[must_use]
pub fn kind(field: &str) -> Option<Kind> {
    FIELDS.iter().find(|(name, _)| *name == field).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: &str = include_str!("../../../../deploy/examples/import/letters.toml");

    fn wrong(change: impl Fn(&str) -> String) -> String {
        format!("{:#}", Mapping::parse(&change(LETTERS)).expect_err("wrong"))
    }

    #[test]
    fn the_example_is_a_mapping() {
        let mapping = Mapping::parse(LETTERS).expect("right");
        assert_eq!((mapping.source.name.as_str(), mapping.source.key.as_str()), ("letters", "row_id"));
        assert!(mapping.reads().contains(&"query_date"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_field() {
        let more = |text: &'static str| move |old: &str| format!("{old}\n{text}");
        assert!(wrong(more("[fields.received_on]\ncolumn = \"a\"")).contains("back-dating"));
        assert!(wrong(more("[fields.score]\ncolumn = \"a\"")).contains("no such field"));
        assert!(wrong(more("[fields.heads]\ncolumn = \"a\"\nconstant = 1")).contains("one of column"));
        assert!(wrong(|old| old.replace("name = \"letters\"", "name = \"来信\"")).contains("source.name"));
        assert!(
            wrong(|old| old.replace("[fields.channel]", "[fields.heads]")).contains("fields.channel: owed")
        );
    }
}
