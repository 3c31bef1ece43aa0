//! The file of a model: mark, version, hash of all that follows, head as JSON, arrays. What is damaged, cut
//! short or of another version is refused before anything is made of it.

use std::io::{Read, Write};

use sha2::{Digest, Sha256};

use crate::{
    grams::mix,
    model::{Head, Model},
    solve::Weights,
};

/// First bytes of every model file.
const MARK: &[u8; 8] = b"LIANXI-S";
/// Version of this layout.
pub const VERSION: u32 = 2;
const HASH: usize = 32;
/// Largest file that is read.
pub const MOST_BYTES: usize = 1 << 30;

/// Why a file is no model.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Not ours.
    #[error("this is not a model file of lianxi suggest")]
    Foreign,
    /// Of another version.
    #[error("the model file has version {0}, this program reads version {VERSION}: train the model again")]
    Version(u32),
    /// Bytes are missing, changed or too many.
    #[error("the model file is damaged ({0}): use an earlier version or train the model again")]
    Damaged(&'static str),
    /// Cannot be read or written.
    #[error("the model file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
}

impl Model {
    /// Writes the model.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write(&self, mut out: impl Write) -> Result<(), FormatError> {
        let body = self.body()?;
        out.write_all(MARK)?;
        out.write_all(&VERSION.to_le_bytes())?;
        out.write_all(&Sha256::digest(&body))?;
        out.write_all(&body)?;
        Ok(out.flush()?)
    }

    fn body(&self) -> Result<Vec<u8>, FormatError> {
        let head = serde_json::to_vec(&self.head).map_err(std::io::Error::other)?;
        let mut body =
            Vec::with_capacity(head.len() + self.keys.len() * 12 + self.weights.values.len() * 4 + 16);
        body.extend((head.len() as u64).to_le_bytes());
        body.extend(head);
        body.extend((self.keys.len() as u64).to_le_bytes());
        self.keys.iter().for_each(|key| body.extend(key.to_le_bytes()));
        self.idf.iter().for_each(|idf| body.extend(idf.to_le_bytes()));
        // Lanes beyond the labels and the place's lane are padding and not written.
        let used = self.head.labels.len() + 1;
        for row in self.weights.values.chunks_exact(self.weights.lanes) {
            row.iter().take(used).for_each(|weight| body.extend(weight.to_le_bytes()));
        }
        Ok(body)
    }

    /// Reads a model.
    ///
    /// # Errors
    /// Foreign, of another version, or damaged.
    pub fn read(from: impl Read) -> Result<Self, FormatError> {
        let mut bytes = Vec::new();
        from.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > MOST_BYTES {
            return Err(FormatError::Damaged("too large"));
        }
        let mut rest = bytes.as_slice();
        if take(&mut rest, MARK.len()).ok() != Some(MARK.as_slice()) {
            return Err(FormatError::Foreign);
        }
        let version = u32::from_le_bytes(four(take(&mut rest, 4)?));
        if version != VERSION {
            return Err(FormatError::Version(version));
        }
        let hash = take(&mut rest, HASH)?;
        if Sha256::digest(rest).as_slice() != hash {
            return Err(FormatError::Damaged("its hash does not fit"));
        }
        Self::parse(rest)
    }

    fn parse(mut rest: &[u8]) -> Result<Self, FormatError> {
        let length = size(&mut rest)?;
        let head: Head =
            serde_json::from_slice(take(&mut rest, length)?).map_err(|_| FormatError::Damaged("head"))?;
        let kinds = head.labels.len();
        if !(2..=crate::train::MOST_LABELS).contains(&kinds) || head.common.len() != kinds {
            return Err(FormatError::Damaged("labels"));
        }
        let rows = size(&mut rest)?;
        let used = kinds + 1;
        // Told sizes are compared with what is there before any room is asked for.
        let needed = rows
            .checked_mul(12 + 4 * used)
            .and_then(|n| n.checked_add(4 * used))
            .ok_or(FormatError::Damaged("rows"))?;
        if needed != rest.len() || u32::try_from(rows).is_err() {
            return Err(FormatError::Damaged("length"));
        }
        let keys: Vec<u64> =
            take(&mut rest, rows * 8)?.chunks_exact(8).map(|b| u64::from_le_bytes(eight(b))).collect();
        let idf: Vec<f32> = floats(take(&mut rest, rows * 4)?);
        let read = floats(rest);
        let mut weights = Weights::zero(rows + 1, used);
        let lanes = weights.lanes;
        for (row, told) in weights.values.chunks_exact_mut(lanes).zip(read.chunks_exact(used)) {
            row.iter_mut().zip(told).for_each(|(to, from)| *to = *from);
        }
        let finite = |values: &[f32]| values.iter().all(|v| v.is_finite());
        let judged = crate::judges::judges(&crate::regions::Places::new(&head.labels, &head.regions));
        if !finite(&idf) || !finite(&read) || !finite(&head.common) || head.judges.len() != judged {
            return Err(FormatError::Damaged("numbers"));
        }
        Ok(Self::of_parts(head, keys, idf, weights))
    }

    /// A short name of exactly this model: hash of its labels and weights.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = self
            .weights
            .values
            .iter()
            .fold(mix(self.keys.len() as u64), |hash, weight| mix(hash ^ u64::from(weight.to_bits())));
        format!("{hash:016x}")
    }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], FormatError> {
    let (taken, left) = rest.split_at_checked(count).ok_or(FormatError::Damaged("cut short"))?;
    *rest = left;
    Ok(taken)
}

fn size(rest: &mut &[u8]) -> Result<usize, FormatError> {
    usize::try_from(u64::from_le_bytes(eight(take(rest, 8)?))).map_err(|_| FormatError::Damaged("size"))
}

fn four(bytes: &[u8]) -> [u8; 4] {
    bytes.try_into().unwrap_or_default()
}

fn eight(bytes: &[u8]) -> [u8; 8] {
    bytes.try_into().unwrap_or_default()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes(four(b))).collect()
}
