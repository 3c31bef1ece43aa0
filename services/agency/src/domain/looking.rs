//! 查阅: what of a matter the agency may open, and why (architecture.md section 6).

use contracts::{
    agency::commands::Open,
    codes::{AssignmentState, ContentPart, OpenPurpose},
};
use kernel::Refusal;

use super::task::Task;
use crate::error;

/// Decides whether a part of a task's matter may be asked for.
///
/// # Errors
/// `task_recalled`, `task_wrong_state`, `purpose_not_an_agencys`, `attachment_not_named`, `contact_withheld`,
/// `contact_after_closing`.
pub fn may_open(task: &Task, asked: &Open) -> Result<(), Refusal> {
    is_ours(task)?;
    match asked.purpose {
        OpenPurpose::Handling | OpenPurpose::Contacting | OpenPurpose::Serving => {}
        OpenPurpose::Screening | OpenPurpose::Auditing | OpenPurpose::Notice => {
            return Err(error::PURPOSE_NOT_YOURS.refuse().at("purpose"));
        }
    }
    if (asked.part == ContentPart::Attachment) != asked.attachment.is_some() {
        return Err(error::ATTACHMENT_NOT_NAMED.refuse().at("attachment"));
    }
    if asked.part == ContentPart::Contact {
        if task.dispatch.restricted || !task.dispatch.identity_travels {
            return Err(error::CONTACT_WITHHELD.refuse().at("part"));
        }
        if matches!(task.state, AssignmentState::Closed | AssignmentState::Answered) {
            return Err(error::CONTACT_AFTER_CLOSING.refuse().at("part"));
        }
    }
    Ok(())
}

/// Refuses what was taken or given back: it is no longer this unit's to read.
///
/// # Errors
/// `task_recalled`, `task_wrong_state`.
pub fn is_ours(task: &Task) -> Result<(), Refusal> {
    task.expect_not_recalled("open")?;
    if task.state == AssignmentState::Returned {
        return Err(task.forbids("open"));
    }
    Ok(())
}

/// Whether the opened part is kept, sealed, in the agency's own store: the text alone, and never that of
/// an accusation (Art. 30).
#[must_use]
pub fn is_kept(task: &Task, part: ContentPart) -> bool {
    part == ContentPart::Text && !task.dispatch.restricted
}
