//! It learns on: versions of a model in a folder, one in use, each newcomer compared before it replaces it.
//!
//! `versions.json` says which is in use and what each was compared with; `v0001.model` and on are the
//! models. Nothing is ever deleted here, so every change can be taken back.

use std::{
    fs,
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    evaluate::evaluate,
    format::FormatError,
    metrics::Metrics,
    model::Model,
    train::{Example, How, Rules, Standing, TrainError, train},
};

/// Fewest texts that a comparison rests on, where there are as many.
const TAIL_AT_LEAST: usize = 50;
/// A newcomer may be worse calibrated by this much at most.
const WORSE_CALIBRATED: f64 = 0.02;

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1.
    pub number: u32,
    /// SHA-256 of the examples that taught it.
    pub data: String,
    /// Hash of its weights.
    pub fingerprint: String,
    /// Texts that taught it.
    pub texts: usize,
    /// On the tail, learned without the tail.
    pub newcomer: Metrics,
    /// The version in use then, on the same tail.
    pub in_use: Option<Metrics>,
    /// Share of the tail that is right without any version, where that was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<f64>,
    /// Texts of the tail from which the version in use had learned: they favour it.
    pub known_to_in_use: usize,
    /// Whether it took over.
    pub taken: bool,
}

/// Which versions there are, and which is in use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Switched off: nothing is proposed from a model.
    pub off: bool,
    /// The version in use, last; those before it, for the way back.
    pub used: Vec<u32>,
    /// All versions.
    pub versions: Vec<Entry>,
}

/// Why a version cannot be made, read or used.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// The folder.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// `versions.json` is damaged.
    #[error("{0} is damaged: {1}")]
    State(PathBuf, serde_json::Error),
    /// The model file.
    #[error("{0}: {1}")]
    Format(PathBuf, FormatError),
    /// Too little to learn from.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// No such version.
    #[error("there is no version {0}")]
    Unknown(u32),
    /// There is nothing to go back to.
    #[error("there is no earlier version to go back to")]
    NoEarlier,
}

/// A folder of versions.
#[derive(Clone, Debug)]
pub struct Versions {
    folder: PathBuf,
}

impl Versions {
    /// The versions in a folder; it need not exist yet.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn state_file(&self) -> PathBuf {
        self.folder.join("versions.json")
    }

    fn model_file(&self, number: u32) -> PathBuf {
        self.folder.join(format!("v{number:04}.model"))
    }

    /// What there is.
    ///
    /// # Errors
    /// When the folder cannot be read or is damaged.
    pub fn state(&self) -> Result<State, VersionError> {
        let file = self.state_file();
        match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| VersionError::State(file, e)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(State::default()),
            Err(e) => Err(VersionError::Io(file, e)),
        }
    }

    /// The model in use; none when there is none or it is switched off.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn model(&self) -> Result<Option<(u32, Model)>, VersionError> {
        let state = self.state()?;
        match state.used.last() {
            Some(number) if !state.off => Ok(Some((*number, self.read(*number)?))),
            _ => Ok(None),
        }
    }

    fn read(&self, number: u32) -> Result<Model, VersionError> {
        let file = self.model_file(number);
        let open = fs::File::open(&file).map_err(|e| VersionError::Io(file.clone(), e))?;
        Model::read(BufReader::new(open)).map_err(|e| VersionError::Format(file, e))
    }

    /// Learns a new version from every confirmation so far, oldest first. It takes over when, on a tail that
    /// neither has learned from as far as that can be, it is not worse than the version in use.
    ///
    /// # Errors
    /// Too little to learn from, or the folder.
    pub fn retrain(&self, examples: &[Example<'_>], rules: &Rules, how: How) -> Result<Entry, VersionError> {
        self.retrain_beside(examples, &[], rules, how)
    }

    /// The same where something else proposes when there is no version: `without` is what that says of each example.
    /// A newcomer that is worse than it on the tail does not take over either.
    ///
    /// # Errors
    /// Too little to learn from, or the folder.
    pub fn retrain_beside(
        &self,
        examples: &[Example<'_>],
        without: &[Option<String>],
        rules: &Rules,
        how: How,
    ) -> Result<Entry, VersionError> {
        let said = without.iter().map(Option::as_deref).chain(std::iter::repeat(None));
        let (open, said): (Vec<Example<'_>>, Vec<Option<&str>>) =
            examples.iter().copied().zip(said).filter(|(e, _)| e.standing == Standing::Open).unzip();
        let used = self.state()?.used.last().copied();
        let current = used.map(|number| self.read(number)).transpose()?;
        let known = current.as_ref().map_or(0, |model| model.head.origin.texts);
        let begins = split(open.len(), known);
        let (early, tail) = open.split_at(begins);
        let without = (!without.is_empty()).then(|| right(tail, said.iter().skip(begins)));
        let newcomer = evaluate(&train(early, rules, how)?, tail);
        let in_use = current.as_ref().map(|model| evaluate(model, tail));
        let taken = in_use.is_none_or(|old| {
            newcomer.accuracy >= old.accuracy
                && newcomer.calibration_error <= old.calibration_error + WORSE_CALIBRATED
        });
        let taken = taken && without.is_none_or(|share| newcomer.accuracy >= share);
        let mut model = train(&open, rules, how)?;
        model.head.metrics = Some(newcomer);
        // Learning takes a while: what a person switched meanwhile stands, and a newcomer replaces only the version
        // that it was compared with.
        let mut state = self.state()?;
        let taken = taken && state.used.last().copied() == used;
        let number = state.versions.last().map_or(1, |last| last.number + 1);
        let entry = Entry {
            number,
            data: model.head.origin.data.clone(),
            fingerprint: model.fingerprint(),
            texts: open.len(),
            newcomer,
            in_use,
            without,
            known_to_in_use: known.saturating_sub(early.len()).min(tail.len()),
            taken,
        };
        self.write(&self.model_file(number), |out| {
            model.write(out).map_err(|e| VersionError::Format(self.model_file(number), e))
        })?;
        state.versions.push(entry.clone());
        if taken {
            state.used.push(number);
        }
        self.save(&state)?;
        Ok(entry)
    }

    /// Goes back to the version used before.
    ///
    /// # Errors
    /// When there is none.
    pub fn revert(&self) -> Result<u32, VersionError> {
        let mut state = self.state()?;
        state.used.pop();
        let back = *state.used.last().ok_or(VersionError::NoEarlier)?;
        self.read(back)?;
        self.save(&state)?;
        Ok(back)
    }

    /// Uses a version that a person chose.
    ///
    /// # Errors
    /// When there is no such version, or it is damaged.
    pub fn choose(&self, number: u32) -> Result<(), VersionError> {
        let mut state = self.state()?;
        if !state.versions.iter().any(|v| v.number == number) {
            return Err(VersionError::Unknown(number));
        }
        self.read(number)?;
        state.used.push(number);
        self.save(&state)
    }

    /// Switches proposals from a model off or on.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn switch(&self, off: bool) -> Result<(), VersionError> {
        let mut state = self.state()?;
        state.off = off;
        self.save(&state)
    }

    fn save(&self, state: &State) -> Result<(), VersionError> {
        let file = self.state_file();
        let text = serde_json::to_vec_pretty(state).map_err(|e| VersionError::State(file.clone(), e))?;
        self.write(&file, |out| out.write_all(&text).map_err(|e| VersionError::Io(file.clone(), e)))
    }

    /// Writes beside and renames, so that a reader never sees half a file.
    fn write(
        &self,
        file: &Path,
        fill: impl FnOnce(&mut BufWriter<fs::File>) -> Result<(), VersionError>,
    ) -> Result<(), VersionError> {
        let io = |e| VersionError::Io(file.to_path_buf(), e);
        fs::create_dir_all(&self.folder).map_err(io)?;
        let beside = file.with_extension("part");
        let mut out = BufWriter::new(fs::File::create(&beside).map_err(io)?);
        fill(&mut out)?;
        out.into_inner().map_err(|e| io(e.into_error()))?.sync_all().map_err(io)?;
        fs::rename(&beside, file).map_err(io)
    }
}

/// Share of examples whose label was said.
fn right<'s>(tail: &[Example<'_>], said: impl Iterator<Item = &'s Option<&'s str>>) -> f64 {
    let right = tail.iter().zip(said).filter(|(example, said)| **said == Some(example.label)).count();
    right as f64 / tail.len().max(1) as f64
}

/// Where the tail begins: after what the version in use knows, when that leaves enough and not too much;
/// else the last fifth.
fn split(texts: usize, known: usize) -> usize {
    let fresh = texts.saturating_sub(known);
    let tail = if known > 0 && fresh >= TAIL_AT_LEAST && fresh <= texts / 2 { fresh } else { texts / 5 };
    texts - tail.max(1).min(texts)
}
