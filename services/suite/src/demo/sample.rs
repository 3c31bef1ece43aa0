//! The sample office's data: accounts, petitions, and the words its handlers write.

use std::path::Path;

use anyhow::Context;
use contracts::{
    codes::{Channel, PetitionerKind, Purpose, Route},
    intake::commands::{Identity, Register},
};
use kernel::{AgencyCode, RegionCode};
use serde::Deserialize;

/// One account of `users.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct SampleUser {
    /// Login.
    pub login: String,
    /// Name shown.
    pub display: String,
    /// Office or agency.
    pub place: kernel::Place,
    /// Roles.
    pub roles: Vec<kernel::Role>,
}

#[derive(Deserialize)]
struct UsersFile {
    demo_password: String,
    user: Vec<SampleUser>,
}

/// What a person of the office would decide on a petition: the sample's ground truth.
#[derive(Clone, Debug, Deserialize)]
pub struct Expected {
    /// Category.
    pub category: String,
    /// Agency.
    pub agency: AgencyCode,
    /// Class.
    pub purpose: Purpose,
    /// `R1`…`R6`, or another word for what is no claim.
    pub route: String,
    /// Key of the petition it repeats.
    #[serde(default)]
    pub repeat_of: Option<String>,
}

impl Expected {
    /// The route of Art. 31, for claims.
    #[must_use]
    pub fn claim_route(&self) -> Option<Route> {
        matches!(self.purpose, Purpose::Claim | Purpose::Appeal)
            .then(|| Route::from_code(&self.route).unwrap_or(Route::R6))
    }
}

#[derive(Clone, Debug, Deserialize)]
struct SampleIdentity {
    name: String,
    #[serde(default)]
    id_kind: Option<String>,
    #[serde(default)]
    id_number: Option<String>,
    #[serde(default)]
    telephone: Option<String>,
    #[serde(default)]
    address: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct SampleFile {
    name: String,
    kind: String,
}

/// One petition of `petitions.jsonl`.
#[derive(Clone, Debug, Deserialize)]
pub struct Petition {
    /// Idempotency key.
    pub key: String,
    channel: Channel,
    purpose: Purpose,
    kind: PetitionerKind,
    anonymous: bool,
    heads: i64,
    #[serde(default)]
    written_on: Option<chrono::NaiveDate>,
    received_on: chrono::NaiveDate,
    place_region: RegionCode,
    /// Title.
    pub title: String,
    text: String,
    /// Claims.
    pub claims: Vec<String>,
    #[serde(default)]
    petitioner: Option<SampleIdentity>,
    #[serde(default)]
    co_petitioners: Vec<SampleIdentity>,
    #[serde(default)]
    accused_agency: Option<AgencyCode>,
    #[serde(default)]
    attachments: Vec<SampleFile>,
    /// What a person would decide.
    pub expected: Expected,
}

impl Petition {
    /// Names of the files it comes with, and bytes made up for each.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.attachments.iter().map(|f| (f.name.clone(), made_up(&f.kind, &f.name))).collect()
    }

    /// Whether it is an accusation (检举控告), by what its sender says.
    #[must_use]
    pub fn is_accusation(&self) -> bool {
        self.purpose == Purpose::Accusation
    }

    /// An accusation that its sender took for a claim: the unit that the officer will name.
    #[must_use]
    pub fn hidden_accusation(&self) -> Option<&AgencyCode> {
        let hidden = self.expected.purpose == Purpose::Accusation && !self.is_accusation();
        self.accused_agency.as_ref().filter(|_| hidden)
    }

    /// The command that registers it; warnings are confirmed, as the clerk at the counter would.
    #[must_use]
    pub fn command(&self, attachments: Vec<kernel::AttachmentId>) -> Register {
        Register {
            channel: self.channel,
            purpose: self.purpose,
            petitioner_kind: self.kind,
            anonymous: self.anonymous,
            heads: self.heads,
            written_on: self.written_on,
            received_on: Some(self.received_on),
            place_region: self.place_region.clone(),
            title: self.title.clone(),
            text: self.text.clone(),
            claims: self.claims.clone(),
            petitioner: if self.anonymous { None } else { self.petitioner.as_ref().map(identity) },
            co_petitioners: self.co_petitioners.iter().map(identity).collect(),
            withhold_identity: false,
            // One who accuses without saying so names nobody yet; the office's screening finds it.
            accused_agencies: self
                .accused_agency
                .clone()
                .filter(|_| self.is_accusation())
                .into_iter()
                .collect(),
            attachments,
            warnings_confirmed: true,
        }
    }
}

fn identity(sample: &SampleIdentity) -> Identity {
    let id_kind = sample.id_kind.as_deref().and_then(contracts::codes::IdKind::from_code);
    Identity {
        name: sample.name.clone(),
        id_kind,
        id_number: id_kind.and(sample.id_number.clone()),
        telephone: sample.telephone.clone(),
        address: sample.address.clone(),
        email: None,
    }
}

/// A small file of a kind, with the first bytes that such files have.
fn made_up(kind: &str, name: &str) -> Vec<u8> {
    let head: &[u8] = match kind {
        "pdf" => b"%PDF-1.4\n",
        "jpg" | "jpeg" => b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        "png" => b"\x89PNG\r\n\x1a\n",
        "mp3" => b"ID3\x03\x00",
        "mp4" => b"\x00\x00\x00\x18ftypmp42",
        "docx" => b"PK\x03\x04[Content_Types].xml word/document.xml ",
        "xlsx" => b"PK\x03\x04[Content_Types].xml xl/workbook.xml ",
        _ => b"",
    };
    [head, b"sample file: ", name.as_bytes(), b"\n"].concat()
}

/// The whole sample.
pub struct Sample {
    /// Accounts.
    pub users: Vec<SampleUser>,
    /// The password of all of them.
    pub password: String,
    /// Petitions.
    pub petitions: Vec<Petition>,
    /// What handlers write.
    pub answers: Answers,
}

/// `answers.toml`: what handlers write, by category.
#[derive(Clone, Debug, Deserialize)]
pub struct Answers {
    notice: Vec<NoticeText>,
    /// Ways of service.
    pub service: Vec<ServiceText>,
    report: ReportText,
    opinion: Vec<OpinionText>,
}

#[derive(Clone, Debug, Deserialize)]
struct NoticeText {
    when: String,
    text: String,
}

/// One way of service.
#[derive(Clone, Debug, Deserialize)]
pub struct ServiceText {
    /// Code word.
    pub way: contracts::codes::ServiceWay,
    /// What proves it.
    pub note: String,
}

#[derive(Clone, Debug, Deserialize)]
struct ReportText {
    text: String,
}

/// The opinion of a category.
#[derive(Clone, Debug, Deserialize)]
pub struct OpinionText {
    category: String,
    /// Facts found.
    pub facts: String,
    /// Laws.
    pub basis: Vec<String>,
    /// Where a claim is supported.
    #[serde(default)]
    pub supported: String,
    /// Where it has no basis.
    #[serde(default)]
    pub explained: String,
}

impl Answers {
    /// The notice for a class of matter.
    #[must_use]
    pub fn notice(&self, purpose: Purpose) -> &str {
        let when = match purpose {
            Purpose::Accusation => "accusation",
            Purpose::Suggestion => "suggestion",
            Purpose::Inquiry | Purpose::Other => "inquiry",
            Purpose::Claim | Purpose::Appeal => "acceptance",
        };
        self.notice.iter().find(|n| n.when == when).map_or("", |n| &n.text)
    }

    /// The opinion for a category, or for its first level.
    #[must_use]
    pub fn opinion(&self, category: &str) -> Option<&OpinionText> {
        let first_level = category.split('.').next().unwrap_or(category);
        let exact = self.opinion.iter().find(|o| o.category == category);
        exact
            .or_else(|| self.opinion.iter().find(|o| o.category.starts_with(first_level)))
            .or_else(|| self.opinion.last())
    }

    /// The report under a 交办.
    #[must_use]
    pub fn report(&self) -> &str {
        &self.report.text
    }
}

impl Sample {
    /// Reads the sample from the profile's folder.
    ///
    /// # Errors
    /// When a file is missing or does not fit; the message names it and the line.
    pub fn read(dir: &Path) -> anyhow::Result<Self> {
        let read = |name: &str| {
            std::fs::read_to_string(dir.join(name))
                .with_context(|| format!("cannot read {}", dir.join(name).display()))
        };
        let users: UsersFile = toml::from_str(&read("users.toml")?).context("users.toml")?;
        let answers: Answers = toml::from_str(&read("answers.toml")?).context("answers.toml")?;
        let petitions = read("petitions.jsonl")?
            .lines()
            .enumerate()
            .map(|(n, line)| {
                serde_json::from_str(line).with_context(|| format!("petitions.jsonl, line {}", n + 1))
            })
            .collect::<anyhow::Result<Vec<Petition>>>()?;
        Ok(Self { users: users.user, password: users.demo_password, petitions, answers })
    }
}
