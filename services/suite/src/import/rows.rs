//! Rows of a file, one at a time: CSV is read as it comes, a workbook cell by cell.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use anyhow::{Context, bail, ensure};
use calamine::{DataRef, Reader, Xlsx};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::mapping::Source;

/// The largest file, in bytes.
const FILE_MAX: u64 = 256 * 1024 * 1024;
/// The most columns.
const COLUMNS_MAX: usize = 400;
/// The most rows of one run.
pub const ROWS_MAX: u64 = 500_000;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of a CSV file where it begins, row of a sheet; the heading is 1.
    pub line: u64,
    /// Cells by heading.
    pub cells: BTreeMap<String, String>,
}

/// A file's headings and its rows. A row that cannot be read is an error of its own and does not end the file.
pub struct Rows {
    /// The headings, in order.
    pub headings: Vec<String>,
    /// What follows.
    pub rows: Box<dyn Iterator<Item = Result<Row, (u64, String)>>>,
}

/// Opens a file by its ending.
///
/// # Errors
/// A file that cannot be read, is too large or has no headings.
pub fn open(path: &Path, source: &Source) -> anyhow::Result<Rows> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let size = file.metadata()?.len();
    ensure!(size <= FILE_MAX, "{} is larger than {} MiB: split it", path.display(), FILE_MAX >> 20);
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let rows = match ending.as_str() {
        "csv" | "txt" | "tsv" => csv_rows(file, source),
        "xlsx" => sheet_rows(path, source),
        _ => bail!("{}: a .csv or .xlsx file is needed", path.display()),
    }?;
    let mut seen = rows.headings.clone();
    ensure!(seen.len() <= COLUMNS_MAX, "more than {COLUMNS_MAX} columns");
    seen.sort_unstable();
    let twice = seen
        .windows(2)
        .find(|pair| pair.first() == pair.last() && pair.first().is_some_and(|h| !h.is_empty()));
    ensure!(twice.is_none(), "two columns are called {:?}", twice.and_then(|p| p.first()));
    Ok(rows)
}

fn csv_rows(file: File, source: &Source) -> anyhow::Result<Rows> {
    let label = if source.encoding == "gb18030" { encoding_rs::GB18030 } else { encoding_rs::UTF_8 };
    let decoded: Box<dyn Read> = if source.encoding == "gb18030" {
        Box::new(DecodeReaderBytesBuilder::new().encoding(Some(label)).build(BufReader::new(file)))
    } else {
        // Bytes as they are: a cell that is no UTF-8 makes its row wrong, not the file.
        Box::new(
            DecodeReaderBytesBuilder::new().utf8_passthru(true).strip_bom(true).build(BufReader::new(file)),
        )
    };
    let delimiter = u8::try_from(source.delimiter).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(decoded);
    let headings = reader.byte_headers().context("the headings")?.clone();
    let headings: Vec<String> = headings
        .iter()
        .map(|cell| std::str::from_utf8(cell).map(|text| text.trim().to_owned()))
        .collect::<Result<_, _>>()
        .with_context(|| format!("the headings are no {}; set source.encoding", source.encoding))?;
    ensure!(headings.iter().any(|h| !h.is_empty()), "the file has no headings");
    let named = headings.clone();
    let rows = reader.into_byte_records().map(move |record| {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                return Err((error.position().map_or(0, csv::Position::line), error.to_string()));
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != named.len() {
            let why = format!("{} cells under {} headings", record.len(), named.len());
            return Err((line, why));
        }
        let mut cells = BTreeMap::new();
        for (heading, cell) in named.iter().zip(record.iter()) {
            let text =
                std::str::from_utf8(cell).map_err(|_| (line, format!("no UTF-8 under `{heading}`")))?;
            cells.insert(heading.clone(), text.to_owned());
        }
        Ok(Row { line, cells })
    });
    Ok(Rows { headings, rows: Box::new(rows) })
}

fn sheet_rows(path: &Path, source: &Source) -> anyhow::Result<Rows> {
    let mut book: Xlsx<_> = calamine::open_workbook(path).context("no workbook that can be read")?;
    let names = book.sheet_names();
    let name = match &source.sheet {
        Some(name) => name.clone(),
        None => names.first().cloned().context("the workbook has no sheet")?,
    };
    let mut cells = book.worksheet_cells_reader(&name).with_context(|| format!("the sheet {name:?}"))?;
    let mut lines: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().context("a cell")? {
        let (row, column) = cell.get_position();
        ensure!(u64::from(row) <= ROWS_MAX, "more than {ROWS_MAX} rows: split the file");
        ensure!(usize::try_from(column)? < COLUMNS_MAX, "more than {COLUMNS_MAX} columns");
        let text = text_of(cell.get_value());
        if !text.is_empty() {
            lines.entry(row).or_default().insert(column, text);
        }
    }
    let (first, heads) = lines.pop_first().context("the sheet is empty")?;
    ensure!(first == 0, "the headings stand in the first row");
    let width = heads.keys().last().map_or(0, |last| last + 1);
    let headings: Vec<String> =
        (0..width).map(|c| heads.get(&c).map(|t| t.trim().to_owned()).unwrap_or_default()).collect();
    let named = headings.clone();
    let rows = lines.into_iter().map(move |(row, mut found)| {
        let cells = (0_u32..).zip(&named).map(|(c, h)| (h.clone(), found.remove(&c).unwrap_or_default()));
        Ok(Row { line: u64::from(row) + 1, cells: cells.collect() })
    });
    Ok(Rows { headings, rows: Box::new(rows) })
}

/// A cell as text: a date as `YYYY-MM-DD`, a whole number without a point.
fn text_of(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::DateTime(at) => at.as_datetime().map_or_else(String::new, |t| t.date().to_string()),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Error(_) | DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTimeIso(text) => text.chars().take(10).collect(),
        DataRef::DurationIso(text) => text.clone(),
    }
}
