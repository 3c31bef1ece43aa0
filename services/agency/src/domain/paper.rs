//! The agency's papers: what numbers them, and how long they may be.

use chrono::{Datelike, NaiveDate};
use contracts::agency::commands::{PaperBody, PaperKind};
use kernel::{ContentId, Refusal};

use crate::error;

/// The longest paper, in bytes of JSON: what intake takes.
pub const PAPER_BYTES_AT_MOST: usize = 256 * 1024;

/// A paper that lies in intake's content store and, sealed, here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its id in both places.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub sha256: String,
}

/// The kind of a paper.
#[must_use]
pub const fn kind(body: &PaperBody) -> PaperKind {
    match body {
        PaperBody::AcceptanceNotice { .. } => PaperKind::AcceptanceNotice,
        PaperBody::Opinion { .. } => PaperKind::Opinion,
        PaperBody::ServiceRecord { .. } => PaperKind::ServiceRecord,
        PaperBody::Report { .. } => PaperKind::Report,
        PaperBody::Objection { .. } => PaperKind::Objection,
        PaperBody::ExtensionNotice { .. } => PaperKind::ExtensionNotice,
        PaperBody::OrderReply { .. } => PaperKind::OrderReply,
        PaperBody::Position { .. } => PaperKind::Position,
        PaperBody::TaskReport { .. } => PaperKind::TaskReport,
        PaperBody::CoPart { .. } => PaperKind::CoPart,
    }
}

/// The code word of a kind, as stored and as routing names it.
#[must_use]
pub const fn code(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::AcceptanceNotice => "acceptance_notice",
        PaperKind::Opinion => "opinion",
        PaperKind::ServiceRecord => "service_record",
        PaperKind::Report => "report",
        PaperKind::Objection => "objection",
        PaperKind::ExtensionNotice => "extension_notice",
        PaperKind::OrderReply => "order_reply",
        PaperKind::Position => "position",
        PaperKind::TaskReport => "task_report",
        PaperKind::CoPart => "co_part",
    }
}

/// 文号系列: the series that numbers a kind of paper in a year (`信意-2026`), if one does.
#[must_use]
pub fn series(kind: PaperKind, on: NaiveDate) -> Option<String> {
    word(kind).map(|word| format!("{word}-{}", on.year()))
}

const fn word(kind: PaperKind) -> Option<&'static str> {
    match kind {
        PaperKind::AcceptanceNotice => Some("信告"),
        PaperKind::Opinion => Some("信意"),
        PaperKind::ExtensionNotice => Some("信延"),
        // Not in the field's list of series [D].
        PaperKind::Objection => Some("信异"),
        PaperKind::ServiceRecord
        | PaperKind::Report
        | PaperKind::OrderReply
        | PaperKind::Position
        | PaperKind::TaskReport => None,
        PaperKind::CoPart => Some("信协复"),
    }
}

/// 文号: `云人社信意〔2026〕3号` for number 3 of a series; empty where the series is of another form.
#[must_use]
pub fn document_number(prefix: &str, series: &str, number: i64) -> String {
    series
        .split_once('-')
        .map_or_else(String::new, |(word, year)| format!("{prefix}{word}〔{year}〕{number}号"))
}

/// The paper with its document number. Kinds without a series stay as they are.
#[must_use]
pub fn numbered(mut body: PaperBody, given: &str) -> PaperBody {
    match &mut body {
        PaperBody::AcceptanceNotice { document_number, .. }
        | PaperBody::Opinion { document_number, .. }
        | PaperBody::ExtensionNotice { document_number, .. }
        | PaperBody::Objection { document_number, .. }
        | PaperBody::CoPart { document_number, .. } => {
            given.clone_into(document_number);
        }
        PaperBody::ServiceRecord { .. }
        | PaperBody::Report { .. }
        | PaperBody::OrderReply { .. }
        | PaperBody::Position { .. }
        | PaperBody::TaskReport { .. } => {}
    }
    body
}

/// Refuses a paper that intake would not take.
///
/// # Errors
/// `paper_too_long`.
pub fn fits(text: &str) -> Result<(), Refusal> {
    if text.len() > PAPER_BYTES_AT_MOST {
        return Err(error::PAPER_TOO_LONG.refuse().with("most_kib", PAPER_BYTES_AT_MOST / 1024));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_carries_the_agencys_word_the_series_and_the_year() {
        let on = NaiveDate::from_ymd_opt(2026, 8, 3).expect("date");
        let opinions = series(PaperKind::Opinion, on).expect("series");
        assert_eq!(document_number("云人社", &opinions, 3), "云人社信意〔2026〕3号");
        let notices = series(PaperKind::AcceptanceNotice, on).expect("series");
        assert_eq!(document_number("云人社", &notices, 1), "云人社信告〔2026〕1号");
        assert_eq!(series(PaperKind::Report, on), None);
    }

    #[test]
    fn a_paper_ends_at_256_kib() {
        assert!(fits(&"a".repeat(PAPER_BYTES_AT_MOST)).is_ok());
        let refusal = fits(&"a".repeat(PAPER_BYTES_AT_MOST + 1)).expect_err("too long");
        assert_eq!(refusal.code, "paper_too_long");
    }
}
