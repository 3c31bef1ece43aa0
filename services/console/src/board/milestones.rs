//! What a fact leaves in a timeline, and which of it the petitioner sees (domain.md section 6).

use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, CloseCode, ContentPart, OpenPurpose},
    intake::Unit,
};
use kernel::{AgencyCode, ContentId, MatterId, civil_date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{projection::BoardFact, store::EventRow};

/// The short JSON of a line: codes, dates, document numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Detail {
    /// The day the law counts, where it is not that of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// The agency that acted or was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// 转送 or 交办.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<AssignmentMode>,
    /// 信转 or 信交 number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// The limit under a 交办.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_on: Option<NaiveDate>,
    /// A paper's text in intake's content store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_id: Option<ContentId>,
    /// Code of a reason: of a recall, of a return set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_code: Option<CloseCode>,
    /// What was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<ContentPart>,
    /// Why it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<OpenPurpose>,
    /// The repeat, and the matter it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked: Option<(MatterId, MatterId)>,
    /// The rule of a duty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<calendar::RuleId>,
    /// Percent of its limit that was used up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<i64>,
    /// Until when a limit runs now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// It came after its limit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// How an objection was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upheld: Option<bool>,
    /// Recorded by the office from a paper.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub on_behalf: bool,
}

impl Detail {
    /// What a fact leaves.
    #[must_use]
    pub fn of(fact: &BoardFact) -> Self {
        let mut detail = Self { agency: fact.agency().cloned(), ..Self::default() };
        match fact {
            BoardFact::Registered(f) => detail.on = f.open.as_ref().map(|open| open.received_on),
            BoardFact::Linked(f) => detail.linked = Some((f.submission_id, f.matter_id)),
            BoardFact::Opened(f) => {
                detail.part = Some(f.part);
                detail.purpose = Some(f.purpose);
                if matches!(f.unit, Unit::Office) {
                    detail.agency = None;
                }
            }
            BoardFact::Forwarded(f) => {
                detail.on = Some(f.forwarded_on);
                detail.mode = Some(f.mode);
                detail.document_number = Some(f.document_number.clone());
                detail.limit_on = f.limit_on;
            }
            BoardFact::Recalled(f) => {
                detail.on = Some(f.recalled_on);
                detail.reason = Some(f.reason.clone());
            }
            BoardFact::Delivered(f) => detail.on = Some(f.delivered_on),
            BoardFact::Signed(f) => (detail.on, detail.on_behalf) = (Some(f.signed_on), f.on_behalf),
            BoardFact::Accepted(f) => {
                (detail.on, detail.on_behalf) = (Some(f.accepted_on), f.on_behalf);
                detail.content_id = Some(f.content_id);
            }
            BoardFact::Deemed(f) => detail.on = Some(f.accepted_on),
            BoardFact::Supervised(f) => f.tell(&mut detail),
            BoardFact::Issued(f) => {
                (detail.on, detail.on_behalf) = (Some(f.issued_on), f.on_behalf);
                detail.content_id = Some(f.content_id);
            }
            BoardFact::Served(f) => {
                (detail.on, detail.on_behalf) = (Some(f.served_on), f.on_behalf);
                detail.content_id = Some(f.content_id);
            }
            BoardFact::Closed(f) => {
                (detail.on, detail.on_behalf) = (Some(f.closed_on), f.on_behalf);
                detail.close_code = Some(f.close_code);
                detail.content_id = f.report_content_id;
            }
            BoardFact::Extended(f) => {
                (detail.on, detail.on_behalf) = (Some(f.granted_on), f.on_behalf);
                (detail.until, detail.content_id) = (Some(f.due.legal_on), Some(f.content_id));
            }
            BoardFact::Objected(f) => {
                (detail.on, detail.on_behalf) = (Some(f.objected_on), f.on_behalf);
                (detail.late, detail.content_id) = (f.late, Some(f.content_id));
            }
            BoardFact::ObjectionDecided(f) => {
                (detail.on, detail.upheld) = (Some(f.decided_on), Some(f.upheld));
                detail.reason = Some(f.reason.clone());
            }
            BoardFact::DisputeRaised(f) => detail.on = Some(f.raised_on),
            BoardFact::CompetenceDecided(f) => {
                detail.on = Some(f.decided_on);
                detail.document_number = Some(f.document_number.clone());
            }
            BoardFact::SetAside(f) => detail.reason = Some(f.why.clone()),
            BoardFact::Proposed(_) | BoardFact::Screened(_) | BoardFact::AgencyListed(_) => {}
        }
        detail
    }
}

/// A public milestone of a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// `registered`, `screened`, `forwarded`, `assigned`, `delivered`, `accepted`, `extended`, `opinion`, `served`, `closed`.
    pub code: String,
    /// The day.
    pub on: NaiveDate,
    /// The agency; absent for the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// 信转 or 信交 number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
}

/// The milestones in a timeline, oldest first; each forwarding is one, also a wrong one that was taken back.
#[must_use]
pub fn milestones(timeline: &[EventRow]) -> Vec<Milestone> {
    let mut public: Vec<Milestone> = Vec::new();
    for event in timeline {
        let detail = &event.detail.0;
        let code = match event.event.as_str() {
            "submission_registered" => "registered",
            "matter_screened" => "screened",
            "matter_forwarded" if detail.mode == Some(AssignmentMode::Assign) => "assigned",
            "matter_forwarded" => "forwarded",
            "assignment_delivered" => "delivered",
            "acceptance_notified" => "accepted",
            "handling_extended" => "extended",
            "opinion_issued" => "opinion",
            "opinion_served" => "served",
            "matter_closed" => "closed",
            _ => continue,
        };
        public.push(Milestone {
            code: code.to_owned(),
            on: detail.on.unwrap_or_else(|| civil_date(event.at)),
            agency: detail.agency.clone(),
            document_number: detail.document_number.clone(),
        });
    }
    public
}
