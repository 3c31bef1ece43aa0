//! `lianxi suggest …` as a function of words and a writer; the binary of `services/suite` gives it both.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use kernel::thread_cpu;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    evaluate::{cross_validate, evaluate},
    format::FormatError,
    model::Model,
    predict::{Scratch, is_sure, shown},
    tables::{Row, TableError, regions, rows, words},
    train::{Example, How, Rules, Standing, TrainError, train},
    trial,
    versions::{VersionError, Versions},
};

/// How the command is called.
pub const USAGE: &str = "\
lianxi suggest train   --from TRAIN.csv --text COL --label COL --out MODEL
lianxi suggest eval    --model MODEL --on TEST.csv --text COL --label COL
lianxi suggest predict --model MODEL --on TEXTS.csv --text COL [--reasons yes]
    one JSON line a text: label, confidence, sure, the ranked list (best five), what is shown
lianxi suggest cross-validate --from TRAIN.csv --text COL --label COL [--parts 5] [--rounds 1]
lianxi suggest repeats --on TEXTS.csv --text COL [--at 1000000]
    near-identical texts: recall against comparing all with all, and precision; with --at, the time to
    find candidates among so many submissions
lianxi suggest retrain --versions FOLDER --from ALL.csv --text COL --label COL
lianxi suggest versions|revert|off|on --versions FOLDER
lianxi suggest use --versions FOLDER --number N
    COL may be several columns, joined: title,body
    --regions FILE    adds the rule of place: CSV with name and code, or a name a line
    --catalogue FILE  adds the rule of words: CSV with label, word, weight; a label without any, named after an
                      ordinary department, has that department's
    --purpose COL     rows whose purpose is an accusation (检举控告) never teach (default: column purpose)
    --seed N          order of texts and parts (1)
";

/// Ranked labels of one line of `predict`.
const RANKED_AT_MOST: usize = 5;
/// Most submissions of `repeats --at`.
const MOST_AT: u64 = 5_000_000;
/// Speed is measured over at least so long.
const MEASURED_FOR_SECONDS: f64 = 1.0;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The command line is wrong.
    #[error("{0}\n\n{USAGE}")]
    Usage(String),
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A model file.
    #[error("{0}: {1}")]
    Model(PathBuf, FormatError),
    /// Too little to learn from.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A version.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The output.
    #[error("the output cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// Runs the words after `suggest`.
///
/// # Errors
/// What the words or the files lack.
pub fn run(words: &[String], out: &mut dyn Write) -> Result<(), CliError> {
    let (verb, rest) = words.split_first().ok_or_else(|| CliError::Usage("a verb is missing".to_owned()))?;
    let options = Options::read(rest)?;
    match verb.as_str() {
        "train" => learn(&options, out),
        "eval" => try_out(&options, out),
        "predict" => predict(&options, out),
        "cross-validate" => validate(&options, out),
        "repeats" => {
            let texts = texts(&options, "on")?;
            match options.number("at", 0)?.min(MOST_AT) {
                0 => print(out, &trial::repeats(&texts)),
                submissions => {
                    print(out, &trial::at_scale(&texts, usize::try_from(submissions).unwrap_or(0)))
                }
            }
        }
        "retrain" => retrain(&options, out),
        "versions" => print(out, &options.versions()?.state()?),
        "revert" => print(out, &json!({ "in_use": options.versions()?.revert()? })),
        "off" => switch(&options, true, out),
        "on" => switch(&options, false, out),
        "use" => {
            let number = options.number("number", 0)?;
            options.versions()?.choose(u32::try_from(number).unwrap_or(0))?;
            print(out, &json!({ "in_use": number }))
        }
        other => Err(CliError::Usage(format!("`{other}` is no verb"))),
    }
}

fn print(out: &mut dyn Write, value: &impl Serialize) -> Result<(), CliError> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::other)?;
    Ok(writeln!(out)?)
}

/// `--name value`, each once.
struct Options(BTreeMap<String, String>);

const KNOWN: [&str; 16] = [
    "at",
    "from",
    "text",
    "label",
    "out",
    "model",
    "on",
    "regions",
    "catalogue",
    "purpose",
    "seed",
    "parts",
    "rounds",
    "reasons",
    "versions",
    "number",
];

impl Options {
    fn read(words: &[String]) -> Result<Self, CliError> {
        let mut options = BTreeMap::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").filter(|name| KNOWN.contains(name));
            let name = name.ok_or_else(|| CliError::Usage(format!("`{word}` is not understood")))?;
            let value = words.next().ok_or_else(|| CliError::Usage(format!("--{name} needs a value")))?;
            if options.insert(name.to_owned(), value.clone()).is_some() {
                return Err(CliError::Usage(format!("--{name} is given twice")));
            }
        }
        Ok(Self(options))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn owed(&self, name: &str) -> Result<&str, CliError> {
        self.get(name).ok_or_else(|| CliError::Usage(format!("--{name} is missing")))
    }

    fn number(&self, name: &str, otherwise: u64) -> Result<u64, CliError> {
        let Some(text) = self.get(name) else { return Ok(otherwise) };
        text.parse().map_err(|_| CliError::Usage(format!("--{name} must be a number, not `{text}`")))
    }

    fn rules(&self) -> Result<Rules, CliError> {
        let regions =
            self.get("regions").map(|file| regions(Path::new(file))).transpose()?.unwrap_or_default();
        let words = self.get("catalogue").map(|file| words(Path::new(file))).transpose()?.unwrap_or_default();
        Ok(Rules { regions, words })
    }

    fn how(&self) -> Result<How, CliError> {
        Ok(How { seed: self.number("seed", How::default().seed)?, ..How::default() })
    }

    fn versions(&self) -> Result<Versions, CliError> {
        Ok(Versions::new(self.owed("versions")?))
    }

    /// The model, with the place's own divisions where they are given.
    fn model(&self) -> Result<Model, CliError> {
        let file = PathBuf::from(self.owed("model")?);
        let open = File::open(&file).map_err(|e| CliError::Model(file.clone(), e.into()))?;
        let mut model = Model::read(BufReader::new(open)).map_err(|e| CliError::Model(file, e))?;
        let rules = self.rules()?;
        if !rules.regions.is_empty() {
            model.use_regions(&rules.regions);
        }
        Ok(model)
    }
}

/// Labelled rows; those without a label are left out.
fn labelled(options: &Options, file: &str) -> Result<Vec<Row>, CliError> {
    let label = options.owed("label")?;
    let mut rows =
        rows(Path::new(options.owed(file)?), options.owed("text")?, Some(label), options.get("purpose"))?;
    rows.retain(|row| !row.label.is_empty());
    Ok(rows)
}

/// Texts that may be compared: no accusation among them.
fn texts(options: &Options, file: &str) -> Result<Vec<String>, CliError> {
    let rows = rows(Path::new(options.owed(file)?), options.owed("text")?, None, options.get("purpose"))?;
    Ok(rows.into_iter().filter(|r| r.standing == Standing::Open).map(|r| r.text).collect())
}

fn examples(rows: &[Row]) -> Vec<Example<'_>> {
    rows.iter().map(Row::example).collect()
}

fn learn(options: &Options, out: &mut dyn Write) -> Result<(), CliError> {
    let rows = labelled(options, "from")?;
    let file = PathBuf::from(options.owed("out")?);
    let (rules, how) = (options.rules()?, options.how()?);
    let start = Instant::now();
    let model = train(&examples(&rows), &rules, how)?;
    let seconds = start.elapsed().as_secs_f64();
    let open = File::create(&file).map_err(|e| CliError::Model(file.clone(), e.into()))?;
    model.write(BufWriter::new(open)).map_err(|e| CliError::Model(file, e))?;
    print(
        out,
        &json!({
            "texts": model.head.origin.texts,
            "labels": model.labels().len(),
            "runs": model.runs(),
            "train_seconds": seconds,
            "seed": how.seed,
            "data": model.head.origin.data,
            "fingerprint": model.fingerprint(),
        }),
    )
}

fn try_out(options: &Options, out: &mut dyn Write) -> Result<(), CliError> {
    let model = options.model()?;
    let rows = labelled(options, "on")?;
    let metrics = evaluate(&model, &examples(&rows));
    let mut value = serde_json::to_value(metrics).map_err(io::Error::other)?;
    if let Value::Object(fields) = &mut value {
        fields.insert("texts_per_second".to_owned(), json!(speed(&model, &rows)));
    }
    print(out, &value)
}

/// Texts ranked in a second of one core: CPU time of this one thread, so that what else runs does not count.
fn speed(model: &Model, rows: &[Row]) -> f64 {
    let mut scratch = Scratch::default();
    let (start, mut texts) = (thread_cpu(), 0_u32);
    let used = || thread_cpu().saturating_sub(start).as_secs_f64();
    while !rows.is_empty() && used() < MEASURED_FOR_SECONDS {
        for row in rows {
            std::hint::black_box(model.rank(&row.text, &mut scratch));
            texts += 1;
        }
    }
    f64::from(texts) / used()
}

fn predict(options: &Options, out: &mut dyn Write) -> Result<(), CliError> {
    let model = options.model()?;
    let with_reasons = options.get("reasons") == Some("yes");
    let rows = rows(Path::new(options.owed("on")?), options.owed("text")?, None, options.get("purpose"))?;
    let mut scratch = Scratch::default();
    for row in rows {
        let ranked = model.rank(&row.text, &mut scratch);
        let name = |label: usize| model.labels().get(label).map_or("", String::as_str);
        let one = |r: &crate::predict::Ranked| json!({ "label": name(r.label), "confidence": r.confidence });
        let shown = shown(ranked);
        let mut line = json!({
            "label": ranked.first().map_or("", |r| name(r.label)),
            "confidence": ranked.first().map_or(0.0, |r| r.confidence),
            "sure": is_sure(ranked),
            "ranked": ranked.iter().take(RANKED_AT_MOST).map(one).collect::<Vec<_>>(),
            "shown": shown.iter().map(|r| name(r.label)).collect::<Vec<_>>(),
        });
        if let (true, Value::Object(fields)) = (with_reasons, &mut line) {
            let rival = ranked.get(1).map(|r| r.label);
            let first = ranked.first().map_or(0, |r| r.label);
            fields.insert("reasons".to_owned(), json!(model.reasons(&row.text, first, rival)));
        }
        print(out, &line)?;
    }
    Ok(())
}

fn validate(options: &Options, out: &mut dyn Write) -> Result<(), CliError> {
    let rows = labelled(options, "from")?;
    let parts = usize::try_from(options.number("parts", 5)?).unwrap_or(5).clamp(2, 100);
    let rounds = options.number("rounds", 1)?.clamp(1, 100);
    print(out, &cross_validate(&examples(&rows), &options.rules()?, options.how()?, parts, rounds)?)
}

fn retrain(options: &Options, out: &mut dyn Write) -> Result<(), CliError> {
    let rows = labelled(options, "from")?;
    print(out, &options.versions()?.retrain(&examples(&rows), &options.rules()?, options.how()?)?)
}

fn switch(options: &Options, off: bool, out: &mut dyn Write) -> Result<(), CliError> {
    options.versions()?.switch(off)?;
    print(out, &json!({ "off": off }))
}
