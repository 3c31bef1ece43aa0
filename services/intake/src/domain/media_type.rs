//! What a file is, by its bytes: name and stated type are not believed.

use std::{fmt, str::FromStr};

/// The types that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// PDF
    Pdf,
    /// JPEG
    Jpeg,
    /// PNG
    Png,
    /// MP3
    Mp3,
    /// MP4
    Mp4,
    /// Plain text, UTF-8
    Text,
    /// Word, without macros
    Docx,
    /// Excel, without macros
    Xlsx,
}

impl MediaType {
    /// Every type.
    pub const ALL: &'static [Self] =
        &[Self::Pdf, Self::Jpeg, Self::Png, Self::Mp3, Self::Mp4, Self::Text, Self::Docx, Self::Xlsx];

    /// The media type as in HTTP.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Mp3 => "audio/mpeg",
            Self::Mp4 => "video/mp4",
            Self::Text => "text/plain",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mime())
    }
}

/// The text names none of the types.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a type of file that can be taken")]
pub struct UnknownMediaType(String);

impl FromStr for MediaType {
    type Err = UnknownMediaType;
    fn from_str(text: &str) -> Result<Self, UnknownMediaType> {
        Self::ALL
            .iter()
            .copied()
            .find(|t| t.mime() == text)
            .ok_or_else(|| UnknownMediaType(text.chars().take(80).collect()))
    }
}

const HEAD: usize = 16;
/// Names inside an Office file that tell what it is; none is longer than [`CARRY`] + 1.
const DOCX: &[u8] = b"word/document.xml";
const XLSX: &[u8] = b"xl/workbook.xml";
const CONTENT_TYPES: &[u8] = b"[Content_Types].xml";
const MACROS: &[u8] = b"vbaProject.bin";
const CARRY: usize = 18;

/// Looks at a file piece by piece, in order.
#[derive(Debug, Default)]
pub struct Sniffer {
    head: Vec<u8>,
    carry: Vec<u8>,
    not_text: bool,
    unfinished: Vec<u8>,
    docx: bool,
    xlsx: bool,
    content_types: bool,
    macros: bool,
}

impl Sniffer {
    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        let wanted = HEAD.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(wanted));
        if self.head.starts_with(b"PK\x03\x04") {
            self.look_for_names(piece);
        }
        if !self.not_text {
            self.look_for_text(piece);
        }
    }

    fn look_for_names(&mut self, piece: &[u8]) {
        // The end of the piece before is looked at again with this one: a name may lie across.
        let mut window = std::mem::take(&mut self.carry);
        window.extend_from_slice(piece);
        let holds = |name: &[u8]| window.windows(name.len()).any(|w| w == name);
        self.docx |= holds(DOCX);
        self.xlsx |= holds(XLSX);
        self.content_types |= holds(CONTENT_TYPES);
        self.macros |= holds(MACROS);
        self.carry = window.split_off(window.len().saturating_sub(CARRY));
    }

    fn look_for_text(&mut self, piece: &[u8]) {
        let mut bytes = std::mem::take(&mut self.unfinished);
        bytes.extend_from_slice(piece);
        match std::str::from_utf8(&bytes) {
            Ok(text) => self.not_text = has_controls(text),
            Err(error) if error.error_len().is_none() => {
                let rest = bytes.split_off(error.valid_up_to());
                self.not_text = std::str::from_utf8(&bytes).map_or(true, has_controls);
                self.unfinished = rest;
            }
            Err(_) => self.not_text = true,
        }
    }

    /// What the file is; `None` for anything that is not taken.
    #[must_use]
    pub fn finish(&self) -> Option<MediaType> {
        let head = self.head.as_slice();
        match head {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(MediaType::Pdf),
            [0xff, 0xd8, 0xff, ..] => Some(MediaType::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(MediaType::Png),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(MediaType::Mp4),
            [b'P', b'K', 3, 4, ..] => self.office(),
            [b'I', b'D', b'3', ..] => Some(MediaType::Mp3),
            [0xff, second, third, ..] if is_mp3_frame(*second, *third) => Some(MediaType::Mp3),
            [] => None,
            _ => (!self.not_text && self.unfinished.is_empty()).then_some(MediaType::Text),
        }
    }

    fn office(&self) -> Option<MediaType> {
        match (self.content_types && !self.macros, self.docx, self.xlsx) {
            (true, true, false) => Some(MediaType::Docx),
            (true, false, true) => Some(MediaType::Xlsx),
            _ => None,
        }
    }
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

/// A frame of MPEG audio, layer III, with a possible bit rate and sampling rate.
const fn is_mp3_frame(second: u8, third: u8) -> bool {
    second & 0xe6 == 0xe2 && second & 0x18 != 0x08 && third & 0xf0 != 0xf0 && third & 0x0c != 0x0c
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(bytes: &[u8], cut: usize) -> Option<MediaType> {
        let mut sniffer = Sniffer::default();
        bytes.chunks(cut.max(1)).for_each(|piece| sniffer.push(piece));
        sniffer.finish()
    }

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04\x14\x00".to_vec();
        for name in names {
            bytes.extend_from_slice(&[0, 1, 2, 0xff]);
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes
    }

    #[test]
    fn each_type_is_known_by_its_bytes_however_it_is_cut() {
        let docx = zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]);
        let xlsx = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
        let cases: [(&[u8], MediaType); 9] = [
            (b"%PDF-1.7\n", MediaType::Pdf),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", MediaType::Jpeg),
            (b"\x89PNG\r\n\x1a\n\x00", MediaType::Png),
            (b"ID3\x04\x00", MediaType::Mp3),
            (b"\xff\xfb\x90\x64\x00", MediaType::Mp3),
            (b"\x00\x00\x00\x18ftypmp42", MediaType::Mp4),
            ("工资条：46800元\r\n".as_bytes(), MediaType::Text),
            (&docx, MediaType::Docx),
            (&xlsx, MediaType::Xlsx),
        ];
        for (bytes, expected) in cases {
            for cut in [1, 2, 5, 1000] {
                assert_eq!(sniffed(bytes, cut), Some(expected), "{expected} cut {cut}");
            }
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let macros = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
        let plain_zip = zip(&["a.txt"]);
        let both = zip(&["[Content_Types].xml", "word/document.xml", "xl/workbook.xml"]);
        let cases: [&[u8]; 9] = [
            b"",
            b"MZ\x90\x00\x03",
            b"\x7fELF\x02",
            b"GIF89a\x01\x00\x00",
            b"text with a \x00 byte",
            b"\xe4\xb8",
            &macros,
            &plain_zip,
            &both,
        ];
        for bytes in cases {
            assert_eq!(sniffed(bytes, 7), None, "{bytes:?}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for kind in MediaType::ALL {
            assert_eq!(kind.mime().parse(), Ok(*kind));
        }
        assert!("application/zip".parse::<MediaType>().is_err());
    }
}
