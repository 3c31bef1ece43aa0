//! 开启: sealed text or identity, for one answer, after a purpose was stated. The page is not stored.

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::{Path, State};
use contracts::{
    agency::commands::{Open, Opened as TaskOpened},
    codes::{ContentPart, OpenPurpose},
    intake::commands::{Content, Identities, Identity, OpenContent, RevealIdentity},
};
use kernel::{AssignmentId, Clock, MatterId, Refusal};

use super::tasks::Tried;
use super::{Names, Shown, Visit, form::Draft, matter, tasks, typed::Typed};
use crate::{
    board::EventRow,
    door::Site,
    rest::{body, tasks as rest_tasks},
    rights::Right,
    views::{
        form::Choice,
        matter::MatterHead,
        reveal::{AttachmentView, Opened, PetitionerView, Read, RevealPanel},
    },
};

/// What happened to the panels of a page in this request.
#[derive(Default)]
pub struct Panels {
    text: Option<Opened>,
    contact: Option<Opened>,
    /// Why a panel stayed closed.
    pub refusal: Option<Refusal>,
    which: Option<&'static str>,
    /// A reply to an order that was refused: which order, and what was typed.
    order: Option<(String, String)>,
}

const TEXT: &str = "text";
const CONTACT: &str = "contact";

/// Claims in the petitioner's words, by number.
pub type Words = BTreeMap<i64, String>;

/// The field that keeps a claim's words in a form while the form is corrected: they are not read again.
pub fn words_field(claim_no: i64) -> String {
    format!("claim-words-{claim_no}")
}

/// Where the text of a task is opened.
pub fn text_door(id: AssignmentId) -> String {
    task_door(id, TEXT)
}

fn task_door(id: AssignmentId, what: &str) -> String {
    format!("/tasks/{id}/open/{what}")
}

impl Panels {
    fn refused(which: &'static str, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), which: Some(which), ..Self::default() }
    }

    /// A reply to an order that was refused, with what was typed.
    pub fn refused_order(order: String, typed: String, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), order: Some((order, typed)), ..Self::default() }
    }

    fn opened(which: &'static str, opened: Opened) -> Self {
        match which {
            TEXT => Self { text: Some(opened), ..Self::default() },
            _ => Self { contact: Some(opened), ..Self::default() },
        }
    }

    /// The claims' words: as just opened, else as the form kept them.
    pub fn words(&self, claims: impl Iterator<Item = i64>, typed: Option<&Typed>) -> Words {
        let opened = self.text.as_ref().map(|opened| opened.claims.as_slice()).unwrap_or_default();
        let of = |no: i64| {
            let at = usize::try_from(no).ok()?.checked_sub(1)?;
            opened.get(at).cloned().or_else(|| typed?.some(&words_field(no)))
        };
        claims.filter_map(|no| Some((no, of(no)?))).collect()
    }

    /// What was typed as a reply to an order, if it was refused just now.
    pub fn typed_for(&self, order: &str) -> Option<String> {
        self.order.as_ref().filter(|(about, _)| about == order).map(|(_, text)| text.clone())
    }

    fn problem(&self, visit: &Visit, which: &str) -> Option<String> {
        let refusal = self.refusal.as_ref().filter(|_| self.which == Some(which))?;
        Some(refusal.text(visit.language.is_english()))
    }

    /// The two panels of a matter's page at the office.
    pub fn for_matter(
        self,
        visit: &Visit,
        names: &Names,
        id: MatterId,
        head: &MatterHead,
        timeline: &[EventRow],
    ) -> (Option<RevealPanel>, Option<RevealPanel>) {
        let actor = visit.caller.actor();
        let restricted = head.confidential;
        let may =
            |right: Right| right.is_held_by(actor) && (!restricted || Right::Restricted.is_held_by(actor));
        let reads = |contact: bool| reads(names, timeline, contact);
        let draft = Draft::new(visit, &[]);
        let text = RevealPanel {
            what: TEXT.to_owned(),
            form: may(Right::Content).then(|| draft.command(format!("/matters/{id}/content"), None)),
            purposes: purposes(&[OpenPurpose::Screening, OpenPurpose::Handling, OpenPurpose::Auditing]),
            purpose_problem: self.problem(visit, TEXT),
            reads: reads(false),
            opened: None,
        };
        let contact = RevealPanel {
            what: CONTACT.to_owned(),
            form: may(Right::Identity).then(|| draft.command(format!("/matters/{id}/identity"), None)),
            purposes: purposes(&[OpenPurpose::Contacting, OpenPurpose::Serving, OpenPurpose::Handling]),
            purpose_problem: self.problem(visit, CONTACT),
            reads: reads(true),
            opened: None,
        };
        (
            Some(RevealPanel { opened: self.text, ..text }),
            Some(RevealPanel { opened: self.contact, ..contact }),
        )
    }

    /// The two panels of an agency's task; identity only where it travels.
    pub fn for_task(
        self,
        visit: &Visit,
        id: AssignmentId,
        identity_travels: bool,
    ) -> (Option<RevealPanel>, Option<RevealPanel>) {
        // The office reads by its own door, not through the agency's account.
        if visit.caller.agency().is_none() {
            return (None, None);
        }
        let draft = Draft::new(visit, &[]);
        let panel = |what: &'static str, list: &[OpenPurpose], problem, opened| RevealPanel {
            what: what.to_owned(),
            form: Some(draft.command(task_door(id, what), None)),
            purposes: purposes(list),
            purpose_problem: problem,
            opened,
            reads: Vec::new(),
        };
        let (text_problem, contact_problem) = (self.problem(visit, TEXT), self.problem(visit, CONTACT));
        let text = panel(TEXT, &[OpenPurpose::Handling, OpenPurpose::Serving], text_problem, self.text);
        let contact =
            panel(CONTACT, &[OpenPurpose::Contacting, OpenPurpose::Serving], contact_problem, self.contact);
        (Some(text), identity_travels.then_some(contact))
    }
}

fn purposes(list: &[OpenPurpose]) -> Vec<Choice> {
    list.iter().map(|purpose| Choice::code(purpose.code(), false)).collect()
}

/// Units that looked before, from the timeline.
fn reads(names: &Names, timeline: &[EventRow], contact: bool) -> Vec<Read> {
    let looks = timeline.iter().rev().filter(|event| event.event == "content_opened");
    looks
        .filter_map(|event| {
            let detail = &event.detail.0;
            let (part, purpose) = (detail.part?, detail.purpose?);
            ((part == ContentPart::Contact) == contact).then(|| Read {
                unit: detail
                    .agency
                    .as_ref()
                    .map_or_else(|| names.office().to_owned(), |code| names.agency(code)),
                what: part.code().to_owned(),
                purpose: purpose.code().to_owned(),
                at: event.at.to_string(),
            })
        })
        .collect()
}

fn purpose_of(typed: &Typed) -> Result<OpenPurpose, Refusal> {
    OpenPurpose::from_code(typed.get("purpose"))
        .ok_or_else(|| web::errors::MALFORMED_INPUT.refuse().at("purpose"))
}

fn blank(site: &Site, purpose: OpenPurpose) -> Opened {
    let at = site.deps.clocks.business.now().to_string();
    Opened { purpose: purpose.code().to_owned(), at, ..Opened::default() }
}

fn text_opened(site: &Site, purpose: OpenPurpose, content: Content, file: impl Fn(&str) -> String) -> Opened {
    let attachments = content.attachments.iter().map(|meta| AttachmentView {
        label: meta.name.clone(),
        href: file(&meta.attachment_id.to_string()),
        media_type: meta.media_type.clone(),
        size: u64::try_from(meta.size).unwrap_or(0),
    });
    Opened {
        attachments: attachments.collect(),
        text: Some(format!("{}\n\n{}", content.title, content.text)),
        claims: content.claims,
        ..blank(site, purpose)
    }
}

fn contact_opened(site: &Site, purpose: OpenPurpose, identities: Identities) -> Opened {
    // A number is needed in full to serve a paper; else its end is enough to tell two people apart.
    let whole = purpose == OpenPurpose::Serving;
    let person = |identity: Identity| PetitionerView {
        name: identity.name,
        telephone: identity.telephone,
        address: identity.address,
        email: identity.email,
        id_number: identity.id_number.map(|number| if whole { number } else { masked(&number) }),
    };
    Opened { petitioners: identities.petitioners.into_iter().map(person).collect(), ..blank(site, purpose) }
}

fn masked(number: &str) -> String {
    let length = number.chars().count();
    let end: String = number.chars().skip(length.saturating_sub(4)).collect();
    format!("{}{end}", "*".repeat(length.saturating_sub(4)))
}

/// `POST /matters/{id}/content`
pub async fn content(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let id = body::matter_id(&id)?;
    let asked = async {
        let purpose = purpose_of(&typed)?;
        let content = site.ask(&visit.caller, "intake", &OpenContent { submission_id: id, purpose }).await?;
        let file = |file: &str| format!("/api/v1/attachments/{file}?purpose={purpose}");
        Ok(text_opened(&site, purpose, content, file))
    };
    let panels = asked.await.map_or_else(|r| Panels::refused(TEXT, r), |opened| Panels::opened(TEXT, opened));
    matter::page(&visit, id, panels, None).await
}

/// `POST /matters/{id}/identity`
pub async fn identity(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let id = body::matter_id(&id)?;
    let asked = async {
        let purpose = purpose_of(&typed)?;
        let command = RevealIdentity { submission_id: id, purpose };
        Ok(contact_opened(&site, purpose, site.ask(&visit.caller, "intake", &command).await?))
    };
    let panels =
        asked.await.map_or_else(|r| Panels::refused(CONTACT, r), |opened| Panels::opened(CONTACT, opened));
    matter::page(&visit, id, panels, None).await
}

/// `POST /tasks/{id}/open/{part}`
pub async fn of_task(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, part)): Path<(String, String)>,
    typed: Typed,
) -> Shown {
    let assignment_id: AssignmentId = body::id(&id)?;
    let (which, part) = match part.as_str() {
        TEXT => (TEXT, ContentPart::Text),
        CONTACT => (CONTACT, ContentPart::Contact),
        _ => return Err(web::errors::PAGE_NOT_FOUND.refuse().into()),
    };
    let agency = rest_tasks::agency_of(&visit.caller, None)?;
    let asked = async {
        let purpose = purpose_of(&typed)?;
        let command = Open { assignment_id, part, attachment: None, purpose };
        match site.ask_agency(&visit.caller, &agency, &command).await? {
            TaskOpened::Text(content) => {
                let file = |file: &str| format!("/tasks/{id}/files/{file}");
                Ok(text_opened(&site, purpose, content, file))
            }
            TaskOpened::Contact(identities) => Ok(contact_opened(&site, purpose, identities)),
            TaskOpened::Attachment(_) => Err(web::ask::UNREADABLE_REPLY.refuse().with("service", &agency)),
        }
    };
    let panels =
        asked.await.map_or_else(|r| Panels::refused(which, r), |opened| Panels::opened(which, opened));
    // Opened from beside a claim, the step's form comes along and keeps what was typed.
    let typed = typed.has_prefix("opinion-").then_some(&typed);
    tasks::page(&visit, assignment_id, panels, Tried { typed, ..Tried::default() }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_masked_but_for_its_end() {
        assert_eq!(masked("990000199001010017"), "**************0017");
        assert_eq!(masked("12"), "12");
    }
}
