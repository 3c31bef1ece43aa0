//! The run: row by row, in the order of the file, a few at once.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use contracts::{
    codes::Purpose,
    intake::commands::{Registration, RegistrationChecked},
};
use futures::{StreamExt, stream};
use kernel::MatterId;
use serde_json::{Value, json};

use super::{
    confirm, denied,
    mapping::Mapping,
    report::{Line, Outcome, Report, Summary},
    row::{self, Made},
    rows::{self, ROWS_MAX, Row},
    settle,
};
use crate::{
    client::{Client, Problem, passes},
    wait::until,
};

/// Rows under way at once.
const AT_ONCE: usize = 8;

/// What is wanted.
pub struct Wanted {
    /// The file.
    pub file: PathBuf,
    /// Its mapping.
    pub mapping: Mapping,
    /// Nothing is registered.
    pub dry_run: bool,
    /// Where the report goes.
    pub report: PathBuf,
    /// Who registers.
    pub desk: Client,
    /// Who hands over what is proposed, if anybody.
    pub confirmer: Option<Client>,
}

/// A matter of the file.
pub(super) struct Imported {
    pub(super) id: MatterId,
    pub(super) restricted: bool,
}

/// Imports a file.
///
/// # Errors
/// A file or mapping that does not fit, nobody answers. A wrong row is a line of the report and no error.
pub async fn run(wanted: &Wanted) -> anyhow::Result<Summary> {
    let found = rows::open(&wanted.file, &wanted.mapping.source)?;
    let mut summary = Summary { dry_run: wanted.dry_run, ..Summary::default() };
    sort_columns(&wanted.mapping, &found.headings, &mut summary)?;
    let mut report = Report::begin(&wanted.report)?;
    let mut imported: Vec<Imported> = Vec::new();
    let mut lines = stream::iter(found.rows.map(|row| one(wanted, row))).buffered(AT_ONCE);
    while let Some(done) = lines.next().await {
        let (line, matter) =
            done.context("the import broke off; run it again, what is registered stays so")?;
        summary.count(line.outcome);
        report.add(&line)?;
        imported.extend(matter);
        ensure!(summary.rows <= ROWS_MAX, "more than {ROWS_MAX} rows: split the file");
    }
    drop(lines);
    if !wanted.dry_run {
        settle::count(&wanted.desk, &imported, &mut summary).await?;
        if let Some(confirmer) = &wanted.confirmer {
            confirm::all(confirmer, &wanted.mapping, &imported, &mut summary).await?;
        }
    }
    Ok(summary)
}

/// Names what stays behind, and refuses a mapping that reads what is not there.
fn sort_columns(mapping: &Mapping, headings: &[String], summary: &mut Summary) -> anyhow::Result<()> {
    let reads = mapping.reads();
    ensure!(!denied::is_denied(&mapping.source.key), "the key may not be a denied column");
    for column in &reads {
        let there = headings.iter().any(|h| h == column) || denied::is_denied(column);
        ensure!(there, "the mapping reads `{column}`, which the file has not");
    }
    for heading in headings.iter().filter(|h| !h.is_empty()) {
        if denied::is_denied(heading) {
            summary.denied.push(heading.clone());
        } else if !reads.contains(&heading.as_str()) {
            summary.left_behind.push(heading.clone());
        }
    }
    Ok(())
}

async fn one(wanted: &Wanted, row: Result<Row, (u64, String)>) -> anyhow::Result<(Line, Option<Imported>)> {
    let blank = |line| Line {
        line,
        key: String::new(),
        outcome: Outcome::Wrong,
        number: String::new(),
        field: String::new(),
        code: String::new(),
        notes: Vec::new(),
    };
    let row = match row {
        Ok(row) => row,
        Err((line, why)) => {
            return Ok((Line { code: "unreadable_row".to_owned(), notes: vec![why], ..blank(line) }, None));
        }
    };
    let made = match row::make(&wanted.mapping, &row) {
        Ok(made) => made,
        Err(wrong) => {
            return Ok((Line { field: wrong.field, code: wrong.code.to_owned(), ..blank(row.line) }, None));
        }
    };
    let line = Line { key: made.key.clone(), notes: made.notes.clone(), ..blank(row.line) };
    send(wanted, made, line).await
}

/// Checks a row, registers it, and says what became of it.
async fn send(wanted: &Wanted, mut made: Made, mut line: Line) -> anyhow::Result<(Line, Option<Imported>)> {
    let checked: RegistrationChecked = match ask(&wanted.desk, "/api/v1/submissions/check", &made).await? {
        Ok(checked) => checked,
        Err(problem) => return Ok((refused(line, problem), None)),
    };
    let confirmed = |code: &String| wanted.mapping.confirm_warnings.contains(code);
    if let Some(doubt) = checked.warnings.iter().find(|w| !confirmed(&w.code)) {
        line.outcome = Outcome::Doubtful;
        (line.field, line.code) = (doubt.field.clone(), doubt.code.clone());
        return Ok((line, None));
    }
    line.notes.extend(checked.warnings.iter().map(|w| format!("confirmed: {}", w.code)));
    if wanted.dry_run {
        line.outcome = if checked.registered { Outcome::Already } else { Outcome::WouldRegister };
        return Ok((line, None));
    }
    if let Some(fields) = made.registration.as_object_mut() {
        fields.insert("warnings_confirmed".to_owned(), json!(true));
    }
    let registration: Registration = match ask(&wanted.desk, "/api/v1/submissions", &made).await? {
        Ok(registration) => registration,
        Err(problem) => return Ok((refused(line, problem), None)),
    };
    let Registration::Registered(receipt) = registration else {
        line.outcome = Outcome::Doubtful;
        return Ok((line, None));
    };
    line.outcome = if checked.registered { Outcome::Already } else { Outcome::Registered };
    line.number.clone_from(&receipt.number);
    let restricted = made.registration.get("purpose") == Some(&json!(Purpose::Accusation));
    Ok((line, Some(Imported { id: receipt.submission_id, restricted })))
}

fn refused(mut line: Line, problem: Problem) -> Line {
    line.outcome = Outcome::Refused;
    line.field = problem.field.unwrap_or_default();
    line.code = problem.code;
    line
}

/// Asks until there is an answer or a refusal that waiting does not mend.
async fn ask<T: serde::de::DeserializeOwned>(
    client: &Client,
    path: &str,
    made: &Made,
) -> anyhow::Result<Result<T, Problem>> {
    until("the office answers", || async {
        match client.post_once(path, &made.key, &made.registration).await {
            Ok(value) => Ok(Some(Ok(value))),
            Err(error) if passes(&error) => Ok(None),
            Err(error) => match error.downcast::<Problem>() {
                Ok(busy) if busy.status.as_u16() == 429 => Ok(None),
                // Nothing about this row: the caller may not do it at all.
                Ok(problem) if matches!(problem.status.as_u16(), 401 | 403) => Err(problem.into()),
                Ok(problem) => Ok(Some(Err(problem))),
                Err(error) => Err(error),
            },
        }
    })
    .await
}

/// A text of a view.
pub(super) fn text<'v>(view: &'v Value, at: &str) -> &'v str {
    view.pointer(at).and_then(Value::as_str).unwrap_or_default()
}
