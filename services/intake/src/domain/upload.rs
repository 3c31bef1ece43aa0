//! Uploads: pieces of a file that arrive in order.

use kernel::Refusal;

use crate::{config::AttachmentLimits, error};

/// Most bytes of one piece: base64 and JSON stay below the bus's 1 MiB.
pub const MAX_PIECE_BYTES: i64 = 384 * 1024;
/// Fewest bytes of a piece that is not the last: bounds the number of pieces.
pub const MIN_PIECE_BYTES: i64 = 64 * 1024;
/// Longest name of a file, in characters.
pub const MAX_NAME_CHARS: usize = 200;

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the whole.
    pub size: i64,
    /// Bytes here.
    pub received: i64,
}

/// What to do with a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It continues the file.
    Append,
    /// It is here already: an answer was lost and the sender repeats.
    Repeated,
}

/// Whether a file of this name and size may be uploaded.
///
/// # Errors
/// `file_name_wrong`, `file_too_large`, `file_empty`.
pub fn begin(name: &str, size: i64, limits: &AttachmentLimits) -> Result<(), Refusal> {
    let chars = name.trim().chars().count();
    if chars == 0 || chars > MAX_NAME_CHARS || name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
    {
        return Err(error::FILE_NAME_WRONG.refuse().at("name").with("most", MAX_NAME_CHARS));
    }
    if size > limits.max_bytes_each {
        let most = limits.max_bytes_each / (1024 * 1024);
        return Err(error::FILE_TOO_LARGE.refuse().at("size").with("most", most));
    }
    if size < 1 { Err(error::FILE_EMPTY.refuse().at("size")) } else { Ok(()) }
}

/// Decides what a piece of `bytes` at `offset` is.
///
/// # Errors
/// `piece_out_of_order` with where to go on, `piece_wrong_size`.
pub fn piece(progress: Progress, offset: i64, bytes: i64) -> Result<Step, Refusal> {
    let end = offset.saturating_add(bytes);
    let last = end == progress.size;
    if !(1..=MAX_PIECE_BYTES).contains(&bytes) || end > progress.size || (bytes < MIN_PIECE_BYTES && !last) {
        let (least, most) = (MIN_PIECE_BYTES / 1024, MAX_PIECE_BYTES / 1024);
        return Err(error::PIECE_WRONG_SIZE.refuse().at("chunk").with("least", least).with("most", most));
    }
    if offset == progress.received {
        return Ok(Step::Append);
    }
    if offset >= 0 && end <= progress.received {
        return Ok(Step::Repeated);
    }
    Err(error::PIECE_OUT_OF_ORDER.refuse().at("offset").with("received", progress.received))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_and_a_size_within_bounds() {
        let limits = AttachmentLimits::default();
        let code = |name: &str, size| begin(name, size, &limits).err().map(|r| r.code.into_owned());
        assert_eq!(code("欠条.jpg", limits.max_bytes_each), None);
        assert_eq!(code("欠条.jpg", limits.max_bytes_each + 1).as_deref(), Some("file_too_large"));
        assert_eq!(code("欠条.jpg", 0).as_deref(), Some("file_empty"));
        for bad in ["", " ", "../etc/passwd", "a\\b", "a\nb", "a\0", &"名".repeat(MAX_NAME_CHARS + 1)] {
            assert_eq!(code(bad, 1).as_deref(), Some("file_name_wrong"), "{bad:?}");
        }
    }

    #[test]
    fn pieces_come_in_order_and_may_be_repeated() {
        let at = Progress { size: 1_000_000, received: 393_216 };
        assert_eq!(piece(at, 393_216, MAX_PIECE_BYTES), Ok(Step::Append));
        assert_eq!(piece(at, 0, 393_216), Ok(Step::Repeated));
        let code = |offset, bytes| piece(at, offset, bytes).expect_err("refused").code.into_owned();
        assert_eq!(code(700_000, 100_000), "piece_out_of_order");
        assert_eq!(code(-1, 100_000), "piece_out_of_order");
        assert_eq!(code(393_216, MAX_PIECE_BYTES + 1), "piece_wrong_size");
        assert_eq!(code(393_216, MIN_PIECE_BYTES - 1), "piece_wrong_size");
        assert_eq!(code(393_216, 0), "piece_wrong_size");
        assert_eq!(code(900_000, 200_000), "piece_wrong_size");
        let nearly = Progress { size: 1_000_000, received: 999_999 };
        assert_eq!(piece(nearly, 999_999, 1), Ok(Step::Append));
    }
}
