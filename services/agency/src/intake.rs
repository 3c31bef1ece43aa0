//! The two things an agency asks of intake, each by the one subject of its own: open what belongs to a
//! matter dispatched to it, and put a paper into the content store. Never within a transaction.

use contracts::{
    agency::commands::{Open, Opened, PaperBody},
    codes::{ContentPart, OpenPurpose},
    intake::commands::{AgencyOpen, AgencyPut, AttachmentChunk, Content, Identities},
    subject,
};
use kernel::{ContentId, ErrorKind, Refusal};
use trust::{SecretText, chain::Hash};
use web::ask::ask_on;

use crate::{
    Deps,
    domain::{
        paper::{self, Filed},
        task::Task,
    },
    error,
    store::papers::Entered,
};

const INTAKE: &str = "intake";

/// What intake answered, opened with the agency's own key.
pub struct Answer {
    /// The JSON as it came, for the sealed copy.
    pub text: SecretText,
    /// The same, typed and checked.
    pub opened: Opened,
}

/// Asks for a part of a task's matter. Intake logs the look before it answers.
///
/// # Errors
/// Intake's refusal, `service_away`, `agency_seal_unreadable`, `foreign_content`.
pub async fn open(deps: &Deps, task: &Task, asked: &Open) -> Result<Answer, Refusal> {
    let command = AgencyOpen {
        matter_id: task.matter_id(),
        assignment_id: task.id(),
        part: asked.part,
        attachment: asked.attachment,
        purpose: asked.purpose,
        co_part: None,
    };
    let subject = subject::open_content(&deps.code);
    let reply = ask_on(&deps.bus, &subject, INTAKE, None, None, &command).await?;
    let text = deps
        .identity
        .open_text(&reply.sealed)
        .map_err(|why| error::SEAL_UNREADABLE.refuse().with("why", why))?;
    let opened = read(task, asked, text.expose())?;
    Ok(Answer { text, opened })
}

/// Asks for a part that a co-agency gave this lead, and checks it against the hash it was announced with.
///
/// # Errors
/// Intake's refusal, `service_away`, `agency_seal_unreadable`, `foreign_content`.
pub async fn open_part(deps: &Deps, task: &Task, part: &(ContentId, String)) -> Result<PaperBody, Refusal> {
    let (content_id, hash) = part;
    let command = AgencyOpen {
        matter_id: task.matter_id(),
        assignment_id: task.id(),
        part: ContentPart::Text,
        attachment: None,
        purpose: OpenPurpose::Handling,
        co_part: Some(*content_id),
    };
    let reply = ask_on(&deps.bus, &subject::open_content(&deps.code), INTAKE, None, None, &command).await?;
    let text = deps
        .identity
        .open_text(&reply.sealed)
        .map_err(|why| error::SEAL_UNREADABLE.refuse().with("why", why))?;
    if Hash::of(text.expose().as_bytes()).to_hex() != *hash {
        return Err(error::FOREIGN_CONTENT.refuse());
    }
    match serde_json::from_str(text.expose()) {
        Ok(body @ PaperBody::CoPart { .. }) => Ok(body),
        _ => Err(error::FOREIGN_CONTENT.refuse()),
    }
}

/// Reads opened JSON and checks that it belongs to this very matter: the seal itself binds no context.
///
/// # Errors
/// `foreign_content`.
pub fn read(task: &Task, asked: &Open, text: &str) -> Result<Opened, Refusal> {
    let foreign = || error::FOREIGN_CONTENT.refuse();
    match asked.part {
        ContentPart::Text => {
            let content: Content = serde_json::from_str(text).map_err(|_| foreign())?;
            if content.submission_id != task.matter_id() {
                return Err(foreign());
            }
            Ok(Opened::Text(content))
        }
        ContentPart::Contact => {
            let identities: Identities = serde_json::from_str(text).map_err(|_| foreign())?;
            Ok(Opened::Contact(identities))
        }
        ContentPart::Attachment => {
            let chunk: AttachmentChunk = serde_json::from_str(text).map_err(|_| foreign())?;
            if asked.attachment.map(|(id, _)| id) != Some(chunk.meta.attachment_id) {
                return Err(foreign());
            }
            Ok(Opened::Attachment(chunk))
        }
    }
}

/// Whether a refusal says that intake cannot answer now, not that it will not.
#[must_use]
pub fn is_away(refusal: &Refusal) -> bool {
    refusal.kind == ErrorKind::Unavailable
}

/// Puts an entered paper into the content store. The same content id again is the same paper there.
///
/// # Errors
/// Intake's refusal, `service_away`, `paper_too_long`, `paper_altered`.
pub async fn put(deps: &Deps, task: &Task, entered: &Entered) -> Result<Filed, Refusal> {
    paper::fits(entered.text.expose())?;
    let command = AgencyPut {
        content_id: entered.content_id,
        matter_id: task.matter_id(),
        assignment_id: task.id(),
        body: entered.text.expose().to_owned(),
    };
    let subject = subject::put_content(&deps.code);
    let stored = ask_on(&deps.bus, &subject, INTAKE, None, None, &command).await?;
    if stored.content_id != entered.content_id || stored.sha256 != entered.sha256 {
        return Err(error::PAPER_ALTERED.refuse());
    }
    Ok(Filed { content_id: entered.content_id, sha256: entered.sha256.clone() })
}
