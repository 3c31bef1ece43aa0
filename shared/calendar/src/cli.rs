//! `lianxi calendar explain` and `lianxi calendar batch` as functions of strings, readers and writers; the
//! binary of `services/suite` gives them its arguments and streams.

use std::io::{self, BufRead, Write};

use chrono::NaiveDate;

use crate::{
    BatchError, BatchReport, Calendar, Extension, Lang, Limit, LimitRefused, Pause, PauseReason, Profile,
    RuleId, Terms, Tier, Unit, batch, explain,
    table::{clip, read_date},
};

/// How both commands are called.
pub const USAGE: &str = "\
lianxi calendar explain --rule T06 --start 2026-08-03
    [--format text|json]         both when left out: the text, then the JSON object on the last line
    [--lang zh|en]               language of the text (zh)
    [--extend DAYS [--granted DATE]]       an extension, and the day it was granted (the start)
    [--pause REASON:FROM..TO]...           hearing, appraisal, site_inspection or suspension
    [--days DAYS --unit N|W]               the limit that the assigner named (T05)
    [--tier national|province|city|county] the tier of the petition department (T01a)
lianxi calendar batch < limits.csv
    reads CSV `unit,start,days` (N natural, W working days; header optional) and writes
    `unit,start,days,nominal,legal`; a date that needs an unknown year is followed by ` provisional`
";

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The command line is wrong.
    #[error("{0}\n\n{USAGE}")]
    Usage(String),
    /// The rules do not give this date.
    #[error(transparent)]
    Refused(#[from] LimitRefused),
    /// The batch stopped.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The output cannot be written.
    #[error("the output cannot be written: {0}")]
    Io(#[from] io::Error),
    /// The working cannot be made JSON.
    #[error("the working cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What form `explain` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text, then JSON on one last line.
    #[default]
    Both,
    /// Text alone.
    Text,
    /// JSON alone, indented.
    Json,
}

/// What `explain` is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainRequest {
    /// The rule.
    pub rule: RuleId,
    /// The start.
    pub start_on: NaiveDate,
    /// What the case adds.
    pub terms: Terms,
    /// The form.
    pub format: Format,
    /// The language of the text.
    pub lang: Lang,
}

/// Runs one command: `args` are the words after `lianxi calendar`. Returns lines for stderr: one alarm per
/// missing year.
///
/// # Errors
/// When the command line is wrong, the rules refuse, or a stream fails.
pub fn run(
    args: &[String],
    input: impl BufRead,
    mut output: impl Write,
    profile: &Profile,
    calendar: &Calendar,
) -> Result<Vec<String>, CliError> {
    match args.split_first() {
        Some((verb, rest)) if verb == "explain" => {
            let request = ExplainRequest::parse(rest)?;
            output.write_all(request.answer(profile, calendar)?.as_bytes())?;
            output.flush()?;
            Ok(Vec::new())
        }
        Some((verb, [])) if verb == "batch" => Ok(alarms(&batch(input, output, calendar)?)),
        Some((verb, [word, ..])) if verb == "batch" => {
            Err(CliError::Usage(format!("batch: unknown word `{}`", clip(word))))
        }
        Some((verb, _)) => Err(CliError::Usage(format!("no such command: `{}`", clip(verb)))),
        None => Err(CliError::Usage("which command?".into())),
    }
}

/// One line per missing year.
#[must_use]
pub fn alarms(report: &BatchReport) -> Vec<String> {
    let count = report.provisional;
    report
        .missing
        .iter()
        .map(|year| format!("{year}; {count} of {} dates are provisional", report.limits))
        .collect()
}

impl ExplainRequest {
    /// Reads the words after `lianxi calendar explain`; `--flag value` and `--flag=value` are the same.
    ///
    /// # Errors
    /// When a flag is unknown, given twice, without value, or its value cannot be read.
    pub fn parse(args: &[String]) -> Result<Self, CliError> {
        let mut flags = Flags::read(args)?;
        let rule = flags.take("rule", |t| t.parse::<RuleId>().map_err(|e| e.to_string()))?;
        let start_on = flags.take("start", date)?;
        let (rule, start_on) = match (rule, start_on) {
            (Some(rule), Some(start_on)) => (rule, start_on),
            (None, _) => return Err(CliError::Usage("explain: --rule is missing".into())),
            (_, None) => return Err(CliError::Usage("explain: --start is missing".into())),
        };
        let format = flags.take("format", |t| match t {
            "text" => Ok(Format::Text),
            "json" => Ok(Format::Json),
            other => Err(format!("`{}` is neither text nor json", clip(other))),
        })?;
        let lang = flags.take("lang", |t| t.parse::<Lang>().map_err(|e| e.to_string()))?;
        let extend = flags.take("extend", number)?;
        let granted = flags.take("granted", date)?;
        let days = flags.take("days", number)?;
        let unit = flags.take("unit", |t| t.parse::<Unit>().map_err(|e| e.to_string()))?;
        let named = match (days, unit) {
            (Some(days), Some(unit)) => Some(Limit { days, unit }),
            (None, None) => None,
            _ => return Err(CliError::Usage("explain: --days and --unit go together".into())),
        };
        if granted.is_some() && extend.is_none() {
            return Err(CliError::Usage("explain: --granted goes with --extend".into()));
        }
        let terms = Terms {
            named,
            tier: flags.take("tier", tier)?,
            pauses: flags.take_all("pause", pause)?,
            extension: extend.map(|days| Extension { days, granted_on: granted.unwrap_or(start_on) }),
        };
        flags.done()?;
        let (format, lang) = (format.unwrap_or_default(), lang.unwrap_or_default());
        Ok(Self { rule, start_on, terms, format, lang })
    }

    /// What `explain` prints.
    ///
    /// # Errors
    /// When the rules do not give this date.
    pub fn answer(&self, profile: &Profile, calendar: &Calendar) -> Result<String, CliError> {
        let working = explain(self.rule, self.start_on, &self.terms, profile, calendar)?;
        Ok(match self.format {
            Format::Text => working.text(self.lang),
            Format::Json => format!("{}\n", serde_json::to_string_pretty(&working)?),
            Format::Both => {
                format!("{}{}\n", working.text(self.lang), serde_json::to_string(&working)?)
            }
        })
    }
}

/// The flags of a command line, taken one by one so that none is passed over.
struct Flags(Vec<(String, String)>);

impl Flags {
    fn read(args: &[String]) -> Result<Self, CliError> {
        let mut flags = Vec::new();
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--") else {
                return Err(CliError::Usage(format!("explain: unknown word `{}`", clip(word))));
            };
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (flag, words.next().cloned()),
            };
            let Some(value) = value else {
                return Err(CliError::Usage(format!("explain: --{} needs a value", clip(name))));
            };
            flags.push((name.to_owned(), value));
        }
        Ok(Self(flags))
    }

    fn take<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, CliError> {
        let mut all = self.take_all(name, read)?;
        match all.len() {
            0 | 1 => Ok(all.pop()),
            _ => Err(CliError::Usage(format!("explain: --{name} is given twice"))),
        }
    }

    fn take_all<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, CliError> {
        let found = self.0.extract_if(.., |(flag, _)| flag == name);
        let read = |(_, value): (String, String)| {
            read(&value).map_err(|why| CliError::Usage(format!("explain: --{name}: {why}")))
        };
        found.map(read).collect()
    }

    fn done(self) -> Result<(), CliError> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(CliError::Usage(format!("explain: unknown flag --{}", clip(name)))),
        }
    }
}

fn date(text: &str) -> Result<NaiveDate, String> {
    read_date(text.as_bytes()).ok_or_else(|| format!("`{}` is not a date (YYYY-MM-DD)", clip(text)))
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("`{}` is not a whole number of days from 0", clip(text)))
}

fn tier(text: &str) -> Result<Tier, String> {
    match text {
        "national" => Ok(Tier::National),
        "province" => Ok(Tier::Province),
        "city" => Ok(Tier::City),
        "county" => Ok(Tier::County),
        other => Err(format!("`{}` is not national, province, city or county", clip(other))),
    }
}

/// `hearing:2026-09-01..2026-09-03`.
fn pause(text: &str) -> Result<Pause, String> {
    let (reason, span) = text.split_once(':').ok_or("REASON:FROM..TO is wanted")?;
    let (from, to) = span.split_once("..").ok_or("REASON:FROM..TO is wanted")?;
    let reason = match reason {
        "hearing" => PauseReason::Hearing,
        "appraisal" => PauseReason::Appraisal,
        "site_inspection" => PauseReason::SiteInspection,
        "suspension" => PauseReason::Suspension,
        other => return Err(format!("`{}` is no reason for a pause", clip(other))),
    };
    Ok(Pause { reason, from_on: date(from)?, to_on: date(to)? })
}
