//! What intake seals, and where each sealed value lies. A value opens in its own cell alone, so a row edited
//! by raw SQL does not pass for another one.

use contracts::intake::commands::Identity;
use kernel::{AgencyCode, AttachmentId, ContentId, IdMint, Refusal, SubmissionId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use trust::{
    BlindIndexKey, Cell, DataKey, KeyRing, QueryCode, QueryCodeKey, SealError, SecretBytes, SecretText,
    chain::Hash,
};

use crate::{domain::identity::given, error};

/// The keys of intake.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Wraps the data keys.
    pub ring: KeyRing,
    /// Of the blind indexes.
    pub blind: BlindIndexKey,
    /// Of the query codes.
    pub codes: QueryCodeKey,
}

/// What a submission says, as sealed.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct SealedText {
    /// Title.
    pub title: String,
    /// Facts and reasons.
    pub text: String,
    /// Claims in order.
    pub claims: Vec<String>,
    /// For accusations: who must never get it.
    pub accused: Vec<AgencyCode>,
}

/// The same by reference, on its way into the seal. The salt keeps the published hash of a short text from
/// being guessed.
#[derive(Serialize)]
struct TextToSeal<'a> {
    salt: String,
    title: &'a str,
    text: &'a str,
    claims: &'a [String],
    accused: &'a [AgencyCode],
}

/// A sealed text with the hash of what was sealed.
#[derive(Debug)]
pub struct SealedContent {
    /// The bytes of the cell.
    pub cell: Vec<u8>,
    /// SHA-256 of the plain bytes, hex.
    pub hash: String,
}

/// One petitioner, sealed, with the blind indexes of the two numbers.
#[derive(Debug)]
pub struct SealedPerson {
    /// The bytes of the cell.
    pub cell: Vec<u8>,
    /// Blind index of the paper's number, hex.
    pub id_index: Option<String>,
    /// Blind index of the telephone, hex.
    pub telephone_index: Option<String>,
}

fn key_cell<'a>(table: &'a str, row: &'a str) -> Cell<'a> {
    Cell { table, column: "data_key", row }
}

fn json(value: &impl Serialize) -> Result<SecretBytes, SealError> {
    serde_json::to_vec(value).map(SecretBytes::from).map_err(|_| SealError::NotText)
}

fn read<T: DeserializeOwned>(plain: &SecretBytes) -> Result<T, SealError> {
    serde_json::from_slice(plain.expose()).map_err(|_| SealError::Altered)
}

/// The seal of one submission: its data key and its row.
#[derive(Debug)]
pub struct SubmissionSeal {
    key: DataKey,
    row: String,
}

impl SubmissionSeal {
    /// A fresh key, and its wrapping for the row.
    ///
    /// # Errors
    /// As [`KeyRing::wrap`].
    pub fn fresh(keys: &Keys, mint: &IdMint, id: SubmissionId) -> Result<(Self, Vec<u8>), SealError> {
        let (key, row) = (DataKey::mint(mint), id.to_string());
        let wrapped = keys.ring.wrap(mint, &key_cell("submission", &row), &key)?.into_bytes();
        Ok((Self { key, row }, wrapped))
    }

    /// The key of a stored row.
    ///
    /// # Errors
    /// A refusal when the key-encryption key is gone or the row was altered.
    pub fn of_row(keys: &Keys, id: SubmissionId, wrapped: &[u8]) -> Result<Self, Refusal> {
        let row = id.to_string();
        let key = keys.ring.unwrap(&key_cell("submission", &row), wrapped).map_err(|e| error::sealed(&e))?;
        Ok(Self { key, row })
    }

    fn cell<'a>(&'a self, column: &'a str) -> Cell<'a> {
        Cell { table: "submission", column, row: &self.row }
    }

    /// Seals title, text, claims and accused units as one value.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_content(
        &self,
        mint: &IdMint,
        title: &str,
        text: &str,
        claims: &[String],
        accused: &[AgencyCode],
    ) -> Result<SealedContent, SealError> {
        let mut salt = [0_u8; 16];
        mint.fill(&mut salt);
        let plain = json(&TextToSeal { salt: hex::encode(salt), title, text, claims, accused })?;
        let cell = self.key.seal(mint, &self.cell("content"), plain.expose())?.into_bytes();
        Ok(SealedContent { cell, hash: Hash::of(plain.expose()).to_hex() })
    }

    /// Opens title, text and claims.
    ///
    /// # Errors
    /// A refusal when the cell does not open.
    pub fn open_content(&self, stored: &[u8]) -> Result<SealedText, Refusal> {
        let opened = self.key.open(&self.cell("content"), stored).and_then(|plain| read(&plain));
        opened.map_err(|e| error::sealed(&e))
    }

    /// Seals the query code.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_code(&self, mint: &IdMint, code: &QueryCode) -> Result<Vec<u8>, SealError> {
        let plain = SecretText::from(code.grouped());
        Ok(self.key.seal(mint, &self.cell("code"), plain.expose().as_bytes())?.into_bytes())
    }

    /// Opens the query code, in groups as printed.
    ///
    /// # Errors
    /// A refusal when the cell does not open.
    pub fn open_code(&self, stored: &[u8]) -> Result<SecretText, Refusal> {
        self.key.open_text(&self.cell("code"), stored).map_err(|e| error::sealed(&e))
    }

    /// Seals a petitioner; 0 is the first one's position.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_person(
        &self,
        keys: &Keys,
        mint: &IdMint,
        position: usize,
        person: &Identity,
    ) -> Result<SealedPerson, SealError> {
        let row = self.person_row(position);
        let plain = json(person)?;
        let cell = self.key.seal(mint, &person_cell(&row), plain.expose())?.into_bytes();
        let index = |column: &str, value: Option<&String>| {
            given(value).and_then(|v| keys.blind.index(column, v)).map(|index| hex::encode(index.as_bytes()))
        };
        Ok(SealedPerson {
            cell,
            id_index: index("id_number", person.id_number.as_ref()),
            telephone_index: index("telephone", person.telephone.as_ref()),
        })
    }

    /// Opens a petitioner.
    ///
    /// # Errors
    /// A refusal when the cell does not open.
    pub fn open_person(&self, position: usize, stored: &[u8]) -> Result<Identity, Refusal> {
        let row = self.person_row(position);
        let opened = self.key.open(&person_cell(&row), stored).and_then(|plain| read(&plain));
        opened.map_err(|e| error::sealed(&e))
    }

    fn person_row(&self, position: usize) -> String {
        format!("{}/{position}", self.row)
    }

    /// Seals an agency's paper.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_paper(&self, mint: &IdMint, id: ContentId, body: &str) -> Result<Vec<u8>, SealError> {
        let row = id.to_string();
        let cell = Cell { table: "paper", column: "body", row: &row };
        Ok(self.key.seal(mint, &cell, body.as_bytes())?.into_bytes())
    }

    /// Opens an agency's paper.
    ///
    /// # Errors
    /// A refusal when the cell does not open.
    pub fn open_paper(&self, id: ContentId, stored: &[u8]) -> Result<SecretText, Refusal> {
        let row = id.to_string();
        let cell = Cell { table: "paper", column: "body", row: &row };
        self.key.open_text(&cell, stored).map_err(|e| error::sealed(&e))
    }

    /// Seals the reason of a link.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_link_reason(&self, mint: &IdMint, reason: &str) -> Result<Vec<u8>, SealError> {
        let cell = Cell { table: "link", column: "reason", row: &self.row };
        Ok(self.key.seal(mint, &cell, reason.as_bytes())?.into_bytes())
    }
}

fn person_cell(row: &str) -> Cell<'_> {
    Cell { table: "identity", column: "person", row }
}

/// What is known of a file, as sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAbout {
    /// Name as uploaded.
    pub name: String,
    /// Media type; empty until the upload is complete.
    #[serde(default)]
    pub media_type: String,
    /// SHA-256 of the bytes, hex; empty until the upload is complete.
    #[serde(default)]
    pub sha256: String,
}

/// The seal of one file: it is uploaded before its submission exists, so it has a data key of its own.
#[derive(Debug)]
pub struct FileSeal {
    key: DataKey,
    row: String,
}

impl FileSeal {
    /// A fresh key, and its wrapping for the row.
    ///
    /// # Errors
    /// As [`KeyRing::wrap`].
    pub fn fresh(keys: &Keys, mint: &IdMint, id: AttachmentId) -> Result<(Self, Vec<u8>), SealError> {
        let (key, row) = (DataKey::mint(mint), id.to_string());
        let wrapped = keys.ring.wrap(mint, &key_cell("attachment", &row), &key)?.into_bytes();
        Ok((Self { key, row }, wrapped))
    }

    /// The key of a stored row.
    ///
    /// # Errors
    /// A refusal when the key-encryption key is gone or the row was altered.
    pub fn of_row(keys: &Keys, id: AttachmentId, wrapped: &[u8]) -> Result<Self, Refusal> {
        let row = id.to_string();
        let key = keys.ring.unwrap(&key_cell("attachment", &row), wrapped).map_err(|e| error::sealed(&e))?;
        Ok(Self { key, row })
    }

    /// Seals what is known of the file.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_about(&self, mint: &IdMint, about: &FileAbout) -> Result<Vec<u8>, SealError> {
        let cell = Cell { table: "attachment", column: "about", row: &self.row };
        Ok(self.key.seal(mint, &cell, json(about)?.expose())?.into_bytes())
    }

    /// Opens what is known of the file.
    ///
    /// # Errors
    /// A refusal when the cell does not open.
    pub fn open_about(&self, stored: &[u8]) -> Result<FileAbout, Refusal> {
        let cell = Cell { table: "attachment", column: "about", row: &self.row };
        let opened = self.key.open(&cell, stored).and_then(|plain| read(&plain));
        opened.map_err(|e| error::sealed(&e))
    }

    /// Seals the piece that begins at a byte of the file.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_piece(&self, mint: &IdMint, begins: i64, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
        let row = format!("{}/{begins}", self.row);
        let cell = Cell { table: "attachment_piece", column: "object", row: &row };
        Ok(self.key.seal(mint, &cell, bytes)?.into_bytes())
    }

    /// Opens a piece.
    ///
    /// # Errors
    /// A refusal when the object does not open.
    pub fn open_piece(&self, begins: i64, sealed: &[u8]) -> Result<SecretBytes, Refusal> {
        let row = format!("{}/{begins}", self.row);
        let cell = Cell { table: "attachment_piece", column: "object", row: &row };
        self.key.open(&cell, sealed).map_err(|e| error::sealed(&e))
    }
}

/// A value that only the right key-encryption key opens, kept to notice its loss at the start.
///
/// # Errors
/// As [`KeyRing::wrap`].
pub fn probe(ring: &KeyRing, mint: &IdMint) -> Result<(String, Vec<u8>), SealError> {
    let id = ring.current().to_string();
    let wrapped = ring.wrap(mint, &Cell { table: "kek", column: "probe", row: &id }, &DataKey::mint(mint))?;
    Ok((id, wrapped.into_bytes()))
}

/// Whether the ring opens a probe.
///
/// # Errors
/// As [`KeyRing::unwrap`].
pub fn open_probe(ring: &KeyRing, id: &str, stored: &[u8]) -> Result<(), SealError> {
    ring.unwrap(&Cell { table: "kek", column: "probe", row: id }, stored).map(|_| ())
}
