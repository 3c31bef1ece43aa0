//! Learned versions, at the edge: what is in use, the files behind it, and the shelf of earlier matters, which is in
//! memory alone. Where there is no version, or it is switched off or damaged, proposals are made by the rules.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use contracts::{codes::SuggestionKind, routing::suggestions::SuggestionSwitch};
use kernel::{Actor, MatterId, RegionCode};
use suggest::{Entry, Example, How, Model, Rules, Scratch, Shelf, Standing, State, VersionError, Versions};
use tokio::sync::Notify;

use crate::{domain::combine::Learned, store::suggestions::Cursor};

pub use crate::domain::taught::Region;

/// The folder of the versions below the data folder.
pub const FOLDER: &str = "suggest";

/// A version that proposes.
#[derive(Debug)]
pub struct InUse {
    /// Its number.
    pub version: u32,
    /// What it learned.
    pub model: Model,
    print: String,
}

impl InUse {
    /// What it says of a text.
    pub fn hear(&self, text: &str, scratch: &mut Scratch) -> Learned<'_> {
        let labels = self.model.labels();
        let ranked = self.model.rank(text, scratch).iter();
        let chances = ranked.filter_map(|r| labels.get(r.label).map(|l| (l.as_str(), r.confidence)));
        Learned { version: self.version, chances: chances.collect() }
    }
}

/// A kind's versions as they were read last.
#[derive(Clone, Debug, Default)]
pub struct Now {
    /// The one that proposes.
    pub in_use: Option<Arc<InUse>>,
    /// What there is.
    pub state: State,
    /// The files cannot be read.
    pub damaged: bool,
}

#[derive(Default)]
struct Kept {
    files: Option<Versions>,
    now: RwLock<Now>,
}

#[derive(Default)]
struct Shelved {
    shelf: Shelf,
    /// Read up to here; none before the first reading.
    cursor: Option<Cursor>,
}

/// All that is learned, and who asked for more.
#[derive(Default)]
pub struct Suggester {
    category: Kept,
    agency: Kept,
    regions: Vec<Region>,
    shelved: RwLock<Shelved>,
    asked: Mutex<Option<Actor>>,
    woken: Notify,
}

impl Suggester {
    /// The versions below a data folder, at a place with these divisions. Nothing is read yet.
    #[must_use]
    pub fn in_folder(data: &Path, regions: Vec<Region>) -> Self {
        let kept = |kind: SuggestionKind| {
            let files = Some(Versions::new(data.join(FOLDER).join(kind.code())));
            Kept { files, now: RwLock::default() }
        };
        let (category, agency) = (kept(SuggestionKind::Category), kept(SuggestionKind::Agency));
        Self { category, agency, regions, ..Self::default() }
    }

    const fn kept(&self, kind: SuggestionKind) -> &Kept {
        match kind {
            SuggestionKind::Category => &self.category,
            SuggestionKind::Agency => &self.agency,
        }
    }

    /// A kind's versions as they were read last.
    #[must_use]
    pub fn now(&self, kind: SuggestionKind) -> Now {
        self.kept(kind).now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The version that proposes, if there is one.
    #[must_use]
    pub fn in_use(&self, kind: SuggestionKind) -> Option<Arc<InUse>> {
        self.kept(kind).now.read().unwrap_or_else(PoisonError::into_inner).in_use.clone()
    }

    /// Whether any kind is proposed by a learned version.
    #[must_use]
    pub fn proposes(&self) -> bool {
        SuggestionKind::ALL.iter().any(|kind| self.in_use(*kind).is_some())
    }

    /// Takes the files as they are now; says whether another version proposes.
    ///
    /// # Errors
    /// When they cannot be read: the rules propose alone from then on.
    pub fn read(&self, kind: SuggestionKind) -> Result<bool, VersionError> {
        let kept = self.kept(kind);
        let Some(files) = &kept.files else { return Ok(false) };
        let before = self.now(kind);
        let state = files.state();
        let known = state.as_ref().ok().cloned().unwrap_or_default();
        let loaded = state.and_then(|state| load(files, &state, before.in_use.as_ref()));
        let (now, outcome) = match loaded {
            Ok(in_use) => {
                let number = |in_use: &Option<Arc<InUse>>| in_use.as_ref().map(|i| i.version);
                let other = number(&in_use) != number(&before.in_use);
                (Now { in_use, state: known, damaged: false }, Ok(other))
            }
            Err(error) => (Now { in_use: None, state: known, damaged: true }, Err(error)),
        };
        *kept.now.write().unwrap_or_else(PoisonError::into_inner) = now;
        outcome
    }

    /// Switches a kind off or on, or goes back to the version before.
    ///
    /// # Errors
    /// The files, or that there is no earlier version.
    pub fn switch(&self, kind: SuggestionKind, switch: SuggestionSwitch) -> Result<(), VersionError> {
        let Some(files) = &self.kept(kind).files else { return Err(VersionError::NoEarlier) };
        match switch {
            SuggestionSwitch::Off => files.switch(true)?,
            SuggestionSwitch::On => files.switch(false)?,
            SuggestionSwitch::Back => drop(files.revert()?),
        }
        self.read(kind).map(drop)
    }

    /// Takes a version into use again: the way back when a switch could not be put on record.
    ///
    /// # Errors
    /// The files.
    pub fn restore(&self, kind: SuggestionKind, state: &State) -> Result<(), VersionError> {
        let Some(files) = &self.kept(kind).files else { return Ok(()) };
        if let Some(number) =
            state.used.last().filter(|n| files.state().is_ok_and(|s| s.used.last() != Some(n)))
        {
            files.choose(*number)?;
        }
        files.switch(state.off)?;
        self.read(kind).map(drop)
    }

    /// Learns a new version, compared with the one in use and with what the rules say of each example. It takes
    /// seconds to minutes of a thread's whole time.
    ///
    /// # Errors
    /// Too little to learn from, or the files.
    pub fn learn(
        &self,
        kind: SuggestionKind,
        examples: &[Example<'_>],
        by_rules: &[Option<String>],
        rules: &Rules,
    ) -> Result<Option<Entry>, VersionError> {
        let Some(files) = &self.kept(kind).files else { return Ok(None) };
        let entry = files.retrain_beside(examples, by_rules, rules, How::default())?;
        self.read(kind)?;
        Ok(Some(entry))
    }

    /// The divisions of the place.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// What is heard for a kind: for an agency the names of where the problem is stand before the text.
    #[must_use]
    pub fn heard(&self, kind: SuggestionKind, place: Option<&RegionCode>, title: &str, text: &str) -> String {
        let mut heard = String::with_capacity(title.len() + text.len() + 64);
        let within = |r: &&Region| place.is_some_and(|place| place.is_within(&r.code));
        if kind == SuggestionKind::Agency {
            for region in self.regions.iter().filter(within) {
                heard.push_str(&region.name);
                heard.push('\n');
            }
        }
        heard.push_str(title);
        heard.push('\n');
        heard.push_str(text);
        heard
    }

    /// Puts confirmed matters on the shelf, and remembers how far was read. A full shelf is begun anew.
    pub fn shelve(&self, matters: &[(MatterId, String, String)], cursor: Cursor, most: usize) {
        let mut shelved = self.shelved.write().unwrap_or_else(PoisonError::into_inner);
        if shelved.shelf.len() + matters.len() > most {
            *shelved = Shelved::default();
            return;
        }
        for (id, category, text) in matters {
            shelved.shelf.put(&id.to_string(), category, text, Standing::Open);
        }
        shelved.cursor = Some(cursor);
    }

    /// How far the shelf was filled.
    #[must_use]
    pub fn shelved_to(&self) -> Option<Cursor> {
        self.shelved.read().unwrap_or_else(PoisonError::into_inner).cursor.clone()
    }

    /// Ids of earlier matters most like a text, without one; what the reader may open is asked of the store.
    #[must_use]
    pub fn like(&self, text: &str, without: MatterId, most: usize, scratch: &mut Scratch) -> Vec<String> {
        let without = without.to_string();
        let shelved = self.shelved.read().unwrap_or_else(PoisonError::into_inner);
        let like = shelved.shelf.like(text, None, most, &|id| id != without, scratch);
        let mut ids: Vec<String> = Vec::with_capacity(like.len());
        for matter in like {
            // A matter that was screened anew is on the shelf twice.
            if !ids.contains(&matter.id) {
                ids.push(matter.id);
            }
        }
        ids
    }

    /// Asks for learning; says whether somebody had.
    pub fn ask(&self, actor: &Actor) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let under_way = asked.is_some();
        asked.get_or_insert_with(|| actor.clone());
        self.woken.notify_one();
        under_way
    }

    /// Who asked for learning that is not done yet.
    #[must_use]
    pub fn asked(&self) -> Option<Actor> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// It is done.
    pub fn answered(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Rung when somebody asked.
    #[must_use]
    pub const fn woken(&self) -> &Notify {
        &self.woken
    }
}

/// The version that the files say is in use: the one at hand where it is the same.
fn load(
    files: &Versions,
    state: &State,
    at_hand: Option<&Arc<InUse>>,
) -> Result<Option<Arc<InUse>>, VersionError> {
    let number = state.used.last().filter(|_| !state.off);
    let print = number.and_then(|n| state.versions.iter().find(|v| v.number == *n)).map(|v| &v.fingerprint);
    let same = at_hand.filter(|i| Some(&i.version) == number && Some(&i.print) == print);
    if let Some(same) = same {
        return Ok(Some(same.clone()));
    }
    let print = print.cloned().unwrap_or_default();
    Ok(files.model()?.map(|(version, model)| Arc::new(InUse { version, model, print })))
}
