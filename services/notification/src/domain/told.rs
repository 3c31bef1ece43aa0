//! What a fact says to others: the one table of facts that can be told, exhaustive.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    BadMessage, Due, Event, Message,
    codes::{AssignmentMode, Channel},
    intake::{SubmissionLinkedV1, SubmissionRegisteredV1},
    meetings::{Invitee, MeetingCalledOffV1, MeetingCalledV1, MeetingMovedV1, MeetingTerms},
    routing::{
        AssignmentDeliveredV1, AssignmentObjectedV1, DisputeRaisedV1, HandlingExtendedV1,
        MatterAcceptanceNotifiedV1, MatterCoAnsweredV1, MatterForwardedV1, MatterOpinionIssuedV1,
        ObjectionDecidedV1,
    },
    supervision::{DutyBreachedV1, DutyWarnedV1, OrderIssuedV1, OrderRepliedV1, OrderSentBackV1},
    type_token,
};
use kernel::{AgencyCode, MatterId};

/// What kinds of audience a fact has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tells {
    /// The fact's type.
    pub event_type: &'static str,
    /// It is about a matter, so about a petitioner.
    pub matter: bool,
    /// It names an agency.
    pub agency: bool,
}

const fn tells<E: Event>(agency: bool) -> Tells {
    Tells { event_type: E::TYPE, matter: true, agency }
}

const fn meeting<E: Event>() -> Tells {
    Tells { event_type: E::TYPE, matter: false, agency: true }
}

/// Facts that somebody can be told of.
pub const ALL: &[Tells] = &[
    tells::<SubmissionRegisteredV1>(false),
    tells::<SubmissionLinkedV1>(false),
    tells::<MatterForwardedV1>(true),
    tells::<AssignmentDeliveredV1>(true),
    tells::<MatterAcceptanceNotifiedV1>(true),
    tells::<HandlingExtendedV1>(true),
    tells::<MatterOpinionIssuedV1>(true),
    tells::<AssignmentObjectedV1>(true),
    tells::<ObjectionDecidedV1>(true),
    tells::<DisputeRaisedV1>(false),
    tells::<MatterCoAnsweredV1>(true),
    tells::<DutyWarnedV1>(true),
    tells::<DutyBreachedV1>(true),
    tells::<OrderIssuedV1>(true),
    tells::<OrderRepliedV1>(true),
    tells::<OrderSentBackV1>(true),
    meeting::<MeetingCalledV1>(),
    meeting::<MeetingMovedV1>(),
    meeting::<MeetingCalledOffV1>(),
];

/// What the table may say of a type token.
#[must_use]
pub fn of_token(token: &str) -> Option<&'static Tells> {
    ALL.iter().find(|tells| type_token(tells.event_type) == token)
}

/// What a fact says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The matter.
    pub matter_id: Option<MatterId>,
    /// The agencies it concerns.
    pub agencies: Vec<AgencyCode>,
    /// Days, codes and document numbers.
    pub words: BTreeMap<String, String>,
    /// Of those, who is invited no more.
    pub dropped: Vec<AgencyCode>,
    /// How the submission came, where the fact says so.
    pub arrived: Option<Channel>,
}

impl Told {
    fn about(matter: MatterId) -> Self {
        Self { matter_id: Some(matter), ..Self::default() }
    }

    fn on(self, on: NaiveDate) -> Self {
        self.word("on", &on)
    }

    fn word(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.words.insert(name.to_owned(), value.to_string());
        self
    }

    fn by(mut self, agency: &AgencyCode) -> Self {
        self.agencies.push(agency.clone());
        self.word("agency", agency)
    }

    fn due(self, due: Option<&Due>) -> Self {
        match due {
            Some(due) => self.word("due_on", &due.legal_on).word("rule", &due.rule),
            None => self,
        }
    }
}

/// Reads what a fact says; `None` for a fact that nobody is told of.
///
/// # Errors
/// A body that its type does not promise.
pub fn read(m: &Message) -> Result<Option<Told>, BadMessage> {
    let told = match m.event_type.as_str() {
        SubmissionRegisteredV1::TYPE => m.decode().map(|f| registered(&f))?,
        SubmissionLinkedV1::TYPE => {
            let f: SubmissionLinkedV1 = m.decode()?;
            Told::about(f.submission_id).on(kernel::civil_date(m.at))
        }
        MatterForwardedV1::TYPE => m.decode().map(|f| forwarded(&f))?,
        AssignmentDeliveredV1::TYPE => {
            let f: AssignmentDeliveredV1 = m.decode()?;
            let told = Told::about(f.matter_id).by(&f.agency).on(f.delivered_on).due(f.dues.first());
            told.word("assignment_id", &f.assignment_id)
        }
        MatterAcceptanceNotifiedV1::TYPE => {
            let f: MatterAcceptanceNotifiedV1 = m.decode()?;
            Told::about(f.matter_id).by(&f.agency).on(f.accepted_on).due(f.dues.first())
        }
        HandlingExtendedV1::TYPE => {
            let f: HandlingExtendedV1 = m.decode()?;
            Told::about(f.matter_id).by(&f.agency).on(f.granted_on).due(Some(&f.due))
        }
        MatterOpinionIssuedV1::TYPE => {
            let f: MatterOpinionIssuedV1 = m.decode()?;
            Told::about(f.matter_id).by(&f.agency).on(f.issued_on)
        }
        AssignmentObjectedV1::TYPE => {
            let f: AssignmentObjectedV1 = m.decode()?;
            Told::about(f.matter_id).by(&f.agency).on(f.objected_on)
        }
        ObjectionDecidedV1::TYPE => {
            let f: ObjectionDecidedV1 = m.decode()?;
            let told = Told::about(f.matter_id).by(&f.agency).on(f.decided_on);
            told.word("upheld", if f.upheld { "yes" } else { "no" }).word("assignment_id", &f.assignment_id)
        }
        // The lead is told, and by whom.
        MatterCoAnsweredV1::TYPE => {
            let f: MatterCoAnsweredV1 = m.decode()?;
            let told = Told::about(f.matter_id).by(&f.lead).on(f.answered_on).word("agency", &f.agency);
            told.word("assignment_id", &f.lead_assignment_id)
        }
        DisputeRaisedV1::TYPE => {
            let f: DisputeRaisedV1 = m.decode()?;
            Told::about(f.matter_id).on(f.raised_on)
        }
        _ => return supervised(m),
    };
    Ok(Some(told))
}

fn supervised(m: &Message) -> Result<Option<Told>, BadMessage> {
    let told = match m.event_type.as_str() {
        DutyWarnedV1::TYPE => {
            let f: DutyWarnedV1 = m.decode()?;
            let told = owed(f.matter_id, f.agency.as_ref(), &f.due).word("stage", &f.stage);
            assigned(told, f.assignment_id.as_ref())
        }
        DutyBreachedV1::TYPE => {
            let f: DutyBreachedV1 = m.decode()?;
            assigned(owed(f.matter_id, f.agency.as_ref(), &f.due).on(f.breached_on), f.assignment_id.as_ref())
        }
        OrderIssuedV1::TYPE => {
            let f: OrderIssuedV1 = m.decode()?;
            let told = Told::about(f.matter_id).by(&f.agency).on(f.issued_on).word("due_on", &f.due_on);
            told.word("document_number", &f.document_number)
        }
        OrderRepliedV1::TYPE => {
            let f: OrderRepliedV1 = m.decode()?;
            Told::about(f.matter_id).by(&f.agency).on(f.replied_on)
        }
        OrderSentBackV1::TYPE => {
            let f: OrderSentBackV1 = m.decode()?;
            Told::about(f.matter_id).by(&f.agency).on(f.sent_back_on).word("due_on", &f.due_on)
        }
        _ => return met(m),
    };
    Ok(Some(told))
}

fn met(m: &Message) -> Result<Option<Told>, BadMessage> {
    let told = match m.event_type.as_str() {
        MeetingCalledV1::TYPE => {
            let f: MeetingCalledV1 = m.decode()?;
            invited(&f.terms, &f.agencies, "REQUEST")
        }
        MeetingMovedV1::TYPE => {
            let f: MeetingMovedV1 = m.decode()?;
            let mut told = invited(&f.terms, &f.agencies, "REQUEST");
            told.agencies.extend(f.dropped.iter().cloned());
            Told { dropped: f.dropped, ..told }
        }
        MeetingCalledOffV1::TYPE => {
            let f: MeetingCalledOffV1 = m.decode()?;
            invited(&f.terms, &f.agencies, "CANCEL")
        }
        _ => return Ok(None),
    };
    Ok(Some(told))
}

/// What an invitation needs. The agenda stays away: a mail goes through other hands.
fn invited(terms: &MeetingTerms, agencies: &[Invitee], method: &str) -> Told {
    let told = Told { agencies: agencies.iter().map(|i| i.agency.clone()).collect(), ..Told::default() };
    told.word("uid", &terms.uid)
        .word("sequence", &terms.sequence)
        .word("title", &terms.title)
        .word("place", &terms.place)
        .word("organizer", &terms.organizer)
        .word("starts_at", &terms.starts_at.0)
        .word("ends_at", &terms.ends_at.0)
        .word("reply_by", &terms.reply_by)
        .word("method", method)
}

fn assigned(told: Told, assignment: Option<&kernel::AssignmentId>) -> Told {
    match assignment {
        Some(id) => told.word("assignment_id", id),
        None => told,
    }
}

fn owed(matter: MatterId, agency: Option<&AgencyCode>, due: &Due) -> Told {
    let told = Told::about(matter).due(Some(due));
    match agency {
        Some(agency) => told.by(agency),
        None => told,
    }
}

fn registered(f: &SubmissionRegisteredV1) -> Told {
    let told = Told::about(f.submission_id);
    match &f.open {
        Some(open) => {
            let told = Told { arrived: Some(open.channel), ..told };
            told.word("registered_on", &open.received_on).due(Some(&open.t01))
        }
        // Of an accusation nothing is known here, and nothing is said.
        None => told,
    }
}

fn forwarded(f: &MatterForwardedV1) -> Told {
    let mode = match f.mode {
        AssignmentMode::Forward => "forward",
        AssignmentMode::Assign => "assign",
    };
    let told = Told::about(f.matter_id).by(&f.agency).on(f.forwarded_on);
    told.word("mode", mode).word("document_number", &f.document_number)
}
