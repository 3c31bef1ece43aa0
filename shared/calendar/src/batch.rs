//! Many limits at once: CSV `unit,start,days` in, `unit,start,days,nominal,legal` out, line by line in
//! constant memory. Provisional dates carry the word ` provisional` after the date, so that a reader that
//! expects a date stops instead of taking them for firm: the legal date always, the nominal one too when
//! working days of an unknown year were counted.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, Write},
};

use chrono::{Datelike, NaiveDate};

use crate::{
    BadLimit, Calendar, CalendarUnknown, Limit, Unit, limit,
    table::{clip, read_date},
};

/// Bytes gathered before they are written out.
const CHUNK: usize = 1 << 16;
const PROVISIONAL: &[u8] = b" provisional";

/// What a batch came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchReport {
    /// Limits reckoned.
    pub limits: u64,
    /// How many of them are provisional.
    pub provisional: u64,
    /// The years that would make them firm: one alarm each.
    pub missing: BTreeSet<CalendarUnknown>,
}

/// Why a batch stopped. The lines before the wrong one have been written.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A field cannot be read.
    #[error("line {line}, field `{field}`: {why}")]
    Field {
        /// Line of the input, from 1.
        line: u64,
        /// The column.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A line has not three fields.
    #[error("line {line}: {found} fields, `unit,start,days` wanted")]
    Shape {
        /// Line of the input, from 1.
        line: u64,
        /// How many fields it has.
        found: usize,
    },
    /// The reader or the writer failed.
    #[error("the batch cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

/// Reckons every line of a CSV. The header line `unit,start,days` may be left out; blank lines are passed
/// over; `unit` is `N` (natural days) or `W` (working days).
///
/// # Errors
/// At the first line that cannot be read, or when input or output fails.
pub fn batch(
    input: impl BufRead,
    mut output: impl Write,
    calendar: &Calendar,
) -> Result<BatchReport, BatchError> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(input);
    let mut record = csv::ByteRecord::new();
    let mut report = BatchReport::default();
    let mut out = Vec::with_capacity(CHUNK + 256);
    out.extend_from_slice(b"unit,start,days,nominal,legal\n");
    let mut first = true;
    let stopped = loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break Ok(()),
            Ok(true) => {}
            Err(e) => break Err(BatchError::Io(io::Error::other(e))),
        }
        let header = std::mem::take(&mut first) && record.iter().eq([&b"unit"[..], b"start", b"days"]);
        if header {
            continue;
        }
        if let Err(stop) = line(&record, calendar, &mut out, &mut report) {
            break Err(stop);
        }
        if out.len() >= CHUNK {
            output.write_all(&out)?;
            out.clear();
        }
    };
    output.write_all(&out)?;
    output.flush()?;
    stopped.map(|()| report)
}

/// One line in, one line out.
fn line(
    record: &csv::ByteRecord,
    calendar: &Calendar,
    out: &mut Vec<u8>,
    report: &mut BatchReport,
) -> Result<(), BatchError> {
    let at = record.position().map_or(0, csv::Position::line);
    let refuse = |field, why: String| BatchError::Field { line: at, field, why };
    let mut fields = record.iter();
    let (Some(unit), Some(start), Some(days), None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(BatchError::Shape { line: at, found: record.len() });
    };
    let unit = match unit {
        b"N" | b"n" => Unit::Natural,
        b"W" | b"w" => Unit::Working,
        other => {
            let why = format!("`{}` is neither N (natural days) nor W (working days)", lossy(other));
            return Err(refuse("unit", why));
        }
    };
    let Some(start_on) = read_date(start) else {
        return Err(refuse("start", format!("`{}` is not a date (YYYY-MM-DD)", lossy(start))));
    };
    let Some(days) = read_number(days) else {
        return Err(refuse("days", format!("`{}` is not a whole number of days from 0", lossy(days))));
    };
    let end = limit::reckon(start_on, Limit { days, unit }, &[], calendar).map_err(|bad| {
        let field = if matches!(bad, BadLimit::StartOutOfRange(_)) { "start" } else { "days" };
        refuse(field, bad.to_string())
    })?;
    out.push(if unit == Unit::Natural { b'N' } else { b'W' });
    out.push(b',');
    out.extend_from_slice(start);
    out.push(b',');
    write_number(out, days, 1);
    out.push(b',');
    write_date(out, end.nominal_on);
    if end.provisional && unit == Unit::Working {
        out.extend_from_slice(PROVISIONAL);
    }
    out.push(b',');
    write_date(out, end.legal_on);
    if end.provisional {
        out.extend_from_slice(PROVISIONAL);
        report.provisional += 1;
        report.missing.extend(end.missing);
    }
    out.push(b'\n');
    report.limits += 1;
    Ok(())
}

fn lossy(text: &[u8]) -> String {
    clip(&String::from_utf8_lossy(text))
}

/// Digits alone, at most nine of them.
fn read_number(text: &[u8]) -> Option<u32> {
    let fits = !text.is_empty() && text.len() <= 9;
    fits.then_some(text)?
        .iter()
        .try_fold(0_u32, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0')))
}

fn write_date(out: &mut Vec<u8>, on: NaiveDate) {
    write_number(out, on.year().unsigned_abs(), 4);
    out.push(b'-');
    write_number(out, on.month(), 2);
    out.push(b'-');
    write_number(out, on.day(), 2);
}

/// Decimal digits, zero-padded to a width.
fn write_number(out: &mut Vec<u8>, mut number: u32, width: usize) {
    let begin = out.len();
    loop {
        out.push(b'0' + u8::try_from(number % 10).unwrap_or(0));
        number /= 10;
        if number == 0 && out.len() - begin >= width {
            break;
        }
    }
    if let Some(digits) = out.get_mut(begin..) {
        digits.reverse();
    }
}
