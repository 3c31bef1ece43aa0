//! What a fact leaves in a timeline, and which of it the petitioner sees (domain.md section 6).

use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, CloseCode, ContentPart, NoticeChannel, OpenPurpose, ServiceWay},
    intake::Unit,
};
use kernel::{AgencyCode, By, ContentId, MatterId, civil_date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{projection::BoardFact, store::EventRow};

/// The short JSON of a line: codes, dates, document numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Detail {
    /// In whose name it was recorded: an account of the office or of an agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
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
    /// It is about a co-agency, which answers the lead and not the petitioner.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub co: bool,
    /// What kind of notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// By which way it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<NoticeChannel>,
    /// How it was served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<ServiceWay>,
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
                match f.unit {
                    Unit::Office => detail.agency = None,
                    Unit::Notification => detail.reason = Some("notification".to_owned()),
                    Unit::Agency(_) => {}
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
            BoardFact::Delivered(f) => {
                (detail.on, detail.co) = (Some(f.delivered_on), f.role == AssignmentRole::Co);
            }
            BoardFact::Signed(f) => {
                (detail.on, detail.on_behalf) = (Some(f.signed_on), f.on_behalf);
                detail.co = f.role == AssignmentRole::Co;
            }
            BoardFact::Accepted(f) => {
                (detail.on, detail.on_behalf) = (Some(f.accepted_on), f.on_behalf);
                detail.content_id = Some(f.content_id);
            }
            BoardFact::Deemed(f) => detail.on = Some(f.accepted_on),
            BoardFact::Supervised(f) => f.tell(&mut detail),
            BoardFact::Notified(f) => f.tell(&mut detail),
            BoardFact::CodeReissued(f) => detail.on = Some(f.reissued_on),
            BoardFact::Conferred(f) => f.tell(&mut detail),
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
                detail.co = f.role == AssignmentRole::Co;
            }
            BoardFact::ObjectionDecided(f) => {
                (detail.on, detail.upheld) = (Some(f.decided_on), Some(f.upheld));
                detail.reason = Some(f.reason.clone());
                detail.co = f.role == AssignmentRole::Co;
            }
            BoardFact::CoAssigned(f) => {
                (detail.on, detail.co) = (Some(f.assigned_on), true);
                (detail.limit_on, detail.document_number) = (Some(f.due_on), Some(f.document_number.clone()));
            }
            BoardFact::CoAnswered(f) => {
                (detail.on, detail.on_behalf) = (Some(f.answered_on), f.on_behalf);
                (detail.co, detail.content_id) = (true, Some(f.content_id));
            }
            BoardFact::CoReleased(f) => {
                (detail.on, detail.co) = (Some(f.released_on), true);
                detail.reason = Some(f.reason.code().to_owned());
            }
            BoardFact::DisputeRaised(f) => detail.on = Some(f.raised_on),
            BoardFact::CompetenceDecided(f) => {
                detail.on = Some(f.decided_on);
                detail.document_number = Some(f.document_number.clone());
            }
            BoardFact::ResolutionSetAside(f) => {
                (detail.on, detail.reason) = (Some(f.set_aside_on), Some(f.reason.clone()));
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
    /// `registered`, `screened`, `forwarded`, `assigned`, `helped`, `delivered`, `accepted`, `extended`, `opinion`,
    /// `served`, `closed`, `notice_sent`, `notice_delivered`, `notice_failed`, `code_reissued`.
    pub code: String,
    /// The day.
    pub on: NaiveDate,
    /// The agency; absent for the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// 信转 or 信交 number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// What kind of notice (`receipt`, `forwarded`, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
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
            // That others help is said once a day, and not who: one unit answers the petitioner.
            "co_assigned" => "helped",
            "assignment_delivered" if !detail.co => "delivered",
            "acceptance_notified" => "accepted",
            "handling_extended" => "extended",
            "opinion_issued" => "opinion",
            "opinion_served" => "served",
            "matter_closed" => "closed",
            // What was said on the spot goes without saying.
            "notice_sent" | "notice_delivered" if detail.channel == Some(NoticeChannel::OnTheSpot) => {
                continue;
            }
            "notice_sent" => "notice_sent",
            "notice_delivered" => "notice_delivered",
            "notice_failed" => "notice_failed",
            "query_code_reissued" => "code_reissued",
            _ => continue,
        };
        let on = detail.on.unwrap_or_else(|| civil_date(event.at));
        if code == "helped" {
            let said = public.iter().any(|m| m.code == code && m.on == on);
            if !said {
                let (code, agency) = (code.to_owned(), None);
                public.push(Milestone { code, on, agency, document_number: None, notice: None });
            }
            continue;
        }
        public.push(Milestone {
            code: code.to_owned(),
            on,
            agency: detail.agency.clone(),
            document_number: detail.document_number.clone(),
            notice: detail.notice.clone(),
        });
    }
    public
}
