//! CSV files of the command line: texts with labels, divisions, words of a catalogue.

use std::{fs, path::Path};

use crate::{
    regions::Region,
    train::{Example, Standing},
    words::Word,
};

/// Largest table that is read, in bytes.
const MOST_BYTES: u64 = 1 << 30;
/// How a purpose says that a row is an accusation (检举控告).
const ACCUSATIONS: [&str; 4] = ["accusation", "检举控告", "揭发控告", "检举控告类"];

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// Not a table.
    #[error("{0}: {1}")]
    Csv(String, csv::Error),
    /// A column is missing.
    #[error("{file} has no column `{column}`; it has: {has}")]
    NoColumn {
        /// The file.
        file: String,
        /// What was asked for.
        column: String,
        /// What there is.
        has: String,
    },
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Text, of all text columns.
    pub text: String,
    /// Label, empty when there is none.
    pub label: String,
    /// Whether it may teach.
    pub standing: Standing,
}

impl Row {
    /// The row as an example.
    #[must_use]
    pub fn example(&self) -> Example<'_> {
        Example { text: &self.text, label: &self.label, standing: self.standing }
    }
}

fn read(file: &Path) -> Result<String, TableError> {
    let name = file.display().to_string();
    let length = fs::metadata(file).map_err(|e| TableError::Io(name.clone(), e))?.len();
    if length > MOST_BYTES {
        return Err(TableError::Io(name, std::io::Error::other("the file is too large")));
    }
    let bytes = fs::read(file).map_err(|e| TableError::Io(name, e))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Rows of a file. Text columns are joined in their order; without a label column labels are empty.
///
/// # Errors
/// The file, or a column that is not there.
pub fn rows(
    file: &Path,
    text: &str,
    label: Option<&str>,
    purpose: Option<&str>,
) -> Result<Vec<Row>, TableError> {
    let content = read(file)?;
    rows_of(&content, &file.display().to_string(), text, label, purpose)
}

/// Rows of a table's text.
///
/// # Errors
/// A column that is not there, a row that is no row.
pub fn rows_of(
    content: &str,
    name: &str,
    text: &str,
    label: Option<&str>,
    purpose: Option<&str>,
) -> Result<Vec<Row>, TableError> {
    let wrong = |e| TableError::Csv(name.to_owned(), e);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(content.as_bytes());
    let head = reader.headers().map_err(wrong)?.clone();
    let column = |column: &str| {
        head.iter().position(|h| h.trim() == column).ok_or_else(|| TableError::NoColumn {
            file: name.to_owned(),
            column: column.to_owned(),
            has: head.iter().collect::<Vec<_>>().join(", "),
        })
    };
    let texts = text.split(',').map(|c| column(c.trim())).collect::<Result<Vec<_>, _>>()?;
    let label = label.map(column).transpose()?;
    let purpose = match purpose {
        Some(named) => Some(column(named)?),
        None => head.iter().position(|h| h == "purpose"),
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let of = |at: usize| record.get(at).unwrap_or_default();
        let accusation = purpose.is_some_and(|at| ACCUSATIONS.contains(&of(at).trim()));
        rows.push(Row {
            text: texts.iter().map(|at| of(*at)).collect::<Vec<_>>().join("\n"),
            label: label.map_or_else(String::new, |at| of(at).trim().to_owned()),
            standing: if accusation { Standing::Accusation } else { Standing::Open },
        });
    }
    Ok(rows)
}

/// Divisions: columns `name` and, if there is one, `code`; or a name a line.
///
/// # Errors
/// The file.
pub fn regions(file: &Path) -> Result<Vec<Region>, TableError> {
    let content = read(file)?;
    let wrong = |e| TableError::Csv(file.display().to_string(), e);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(content.as_bytes());
    let mut records = reader.records().collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let column = |head: &csv::StringRecord, name: &str| head.iter().position(|h| h.trim() == name);
    let named = records.first().and_then(|head| column(head, "name").map(|at| (at, column(head, "code"))));
    let (name, code) = match named {
        Some(found) => {
            records.remove(0);
            found
        }
        // Without a head: `code,name` when the first is digits, else a name.
        None if records.first().is_some_and(|r| r.len() > 1 && r.get(0).is_some_and(is_code)) => (1, Some(0)),
        None => (0, None),
    };
    let of = |record: &csv::StringRecord, at: usize| record.get(at).unwrap_or_default().trim().to_owned();
    let regions = records
        .iter()
        .map(|r| Region { code: code.map_or_else(String::new, |at| of(r, at)), name: of(r, name) })
        .filter(|r| !r.name.is_empty());
    Ok(regions.collect())
}

fn is_code(text: &str) -> bool {
    !text.trim().is_empty() && text.trim().bytes().all(|b| b.is_ascii_digit())
}

/// Words of a catalogue: columns `label`, `word` and, if there is one, `weight`.
///
/// # Errors
/// The file, or a column that is not there.
pub fn words(file: &Path) -> Result<Vec<Word>, TableError> {
    let with = rows(file, "word,weight", Some("label"), None);
    let rows = match with {
        Err(TableError::NoColumn { column, .. }) if column == "weight" => {
            rows(file, "word", Some("label"), None)?
        }
        other => other?,
    };
    let words = rows.into_iter().map(|row| {
        let (word, weight) = row.text.split_once('\n').unwrap_or((&row.text, "1"));
        Word { label: row.label.clone(), word: word.to_owned(), weight: weight.trim().parse().unwrap_or(1) }
    });
    Ok(words.collect())
}
