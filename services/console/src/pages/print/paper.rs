//! What an agency writes: 受理告知书, 处理意见书, 送达回证, 办结报告, 督办回复, 异议函, 延期告知书, 议题书面意见,
//! 落实情况报告.

use axum::response::Html;
use calendar::RuleId;
use contracts::agency::commands::{ClaimAnswer, PaperBody};
use web::problem::Refused;

use super::{
    super::{Names, Visit, limits},
    case::Case,
    lookup_url,
};
use crate::views::print::{
    AcceptanceNotice, CoPartPaper, CompletionReport, ExtensionPaper, ObjectionLetter, OpinionPaper,
    OrderReplyPaper, PaperAnswer, PaperHead, PositionPaper, ServiceRecord, TaskReportPaper,
};

/// Whether a paper names the opinion that it serves or reports on.
pub const fn rests_on_opinion(written: &PaperBody) -> bool {
    match written {
        PaperBody::ServiceRecord { .. } | PaperBody::Report { .. } => true,
        PaperBody::AcceptanceNotice { .. }
        | PaperBody::Opinion { .. }
        | PaperBody::OrderReply { .. }
        | PaperBody::Position { .. }
        | PaperBody::TaskReport { .. }
        | PaperBody::Objection { .. }
        | PaperBody::ExtensionNotice { .. }
        | PaperBody::CoPart { .. } => false,
    }
}

/// A paper on its way to a page.
pub struct Print<'p> {
    /// Who looks.
    pub visit: &'p Visit,
    /// Names of codes.
    pub names: &'p Names,
    /// The assignment it belongs to.
    pub case: &'p Case,
    /// The opinion, for a paper that rests on it.
    pub opinion: Option<&'p PaperBody>,
}

/// What other papers take from the opinion.
struct Cited<'p> {
    facts: &'p str,
    basis: &'p str,
    answers: &'p [ClaimAnswer],
    signer: &'p str,
    document_number: &'p str,
}

impl<'p> Print<'p> {
    /// The page of a paper.
    pub fn page(&self, written: &PaperBody) -> Result<Html<String>, Refused> {
        let (visit, case) = (self.visit, self.case);
        let (site, language) = (&visit.site, visit.language);
        let issuer = self.names.agency(&case.agency);
        match written {
            PaperBody::AcceptanceNotice { handler, telephone, notice, accepted_on, document_number } => {
                let head = case.head(issuer, Some(document_number.clone()), *accepted_on);
                let view = AcceptanceNotice {
                    paper: PaperHead {
                        handler: Some(handler.clone()),
                        telephone: Some(telephone.clone()),
                        ..head
                    },
                    addressee: case.addressee.clone(),
                    received_on: case.delivered_on.unwrap_or(case.sent_on).to_string(),
                    accepted_on: accepted_on.to_string(),
                    summary: case.summary.clone(),
                    notice: notice.clone(),
                    due: case.begun(visit, RuleId::T06),
                    lookup_url: lookup_url(visit),
                };
                site.page(language, &view)
            }
            PaperBody::Opinion { facts, basis, answers, review_unit, signer, issued_on, document_number } => {
                let view = OpinionPaper {
                    paper: case.head(issuer, Some(document_number.clone()), *issued_on),
                    addressee: case.addressee.clone(),
                    sender: self.names.office().to_owned(),
                    sent_on: case.sent_on.to_string(),
                    accepted_on: case.accepted_on.unwrap_or(*issued_on).to_string(),
                    answers: answers.iter().map(answer).collect(),
                    facts: facts.clone(),
                    basis: basis.clone(),
                    review_unit: review_unit.clone(),
                    remedy_days: case.due(visit, RuleId::T07, *issued_on).days,
                    signer: signer.clone(),
                };
                site.page(language, &view)
            }
            PaperBody::ServiceRecord { way, served_on, proof } => {
                let view = ServiceRecord {
                    paper: case.head(issuer, None, *served_on),
                    addressee: case.addressee.clone(),
                    served_document: "opinion".to_owned(),
                    served_number: self.cited().map(|opinion| opinion.document_number.to_owned()),
                    way: Some(way.code().to_owned()),
                    served_on: Some(served_on.to_string()),
                    proof: Some(proof.clone()),
                };
                site.page(language, &view)
            }
            PaperBody::Report { text } => site.page(language, &self.report(issuer, text)),
            PaperBody::OrderReply { order_number, text, replied_on } => {
                let view = OrderReplyPaper {
                    paper: case.head(issuer, None, *replied_on),
                    addressee: self.names.office().to_owned(),
                    order_number: order_number.clone(),
                    summary: case.summary.clone(),
                    text: text.clone(),
                };
                site.page(language, &view)
            }
            PaperBody::Position { .. } | PaperBody::TaskReport { .. } => self.conferred(issuer, written),
            PaperBody::Objection {
                received_on,
                objected_on,
                reasons,
                own_duties,
                proposed_agency,
                document_number,
            } => {
                let view = ObjectionLetter {
                    paper: case.head(issuer, Some(document_number.clone()), *objected_on),
                    addressee: self.names.office().to_owned(),
                    letter_number: case.document_number.clone(),
                    received_on: received_on.to_string(),
                    objected_on: objected_on.to_string(),
                    due: case.due(visit, RuleId::T04, *received_on),
                    reasons: reasons.clone(),
                    own_duties: own_duties.clone(),
                    proposed: proposed_agency.as_ref().map(|code| self.names.agency(code)),
                };
                site.page(language, &view)
            }
            PaperBody::CoPart { text, signer, answered_on, document_number } => {
                let lead = case.lead.as_ref().unwrap_or(&case.agency);
                let view = CoPartPaper {
                    paper: case.head(issuer, Some(document_number.clone()), *answered_on),
                    addressee: self.names.agency(lead),
                    letter_number: case.document_number.clone(),
                    facts: text.facts.clone(),
                    basis: text.basis.clone(),
                    answers: text.answers.iter().map(answer).collect(),
                    signer: signer.clone(),
                };
                site.page(language, &view)
            }
            PaperBody::ExtensionNotice {
                old_due,
                new_due,
                reason,
                approver,
                granted_on,
                document_number,
            } => {
                let view = ExtensionPaper {
                    paper: case.head(issuer, Some(document_number.clone()), *granted_on),
                    addressee: case.addressee.clone(),
                    accepted_on: old_due.start_on.to_string(),
                    summary: case.summary.clone(),
                    days: new_due.extended_days,
                    old_due: limits::due(site, language, old_due),
                    new_due: limits::due(site, language, new_due),
                    reason: reason.clone(),
                    approver: approver.clone(),
                    lookup_url: lookup_url(visit),
                };
                site.page(language, &view)
            }
        }
    }

    /// What a unit says to the joint conference.
    fn conferred(&self, issuer: String, written: &PaperBody) -> Result<Html<String>, Refused> {
        let (visit, case) = (self.visit, self.case);
        let (site, language) = (&visit.site, visit.language);
        let (addressee, summary) = (self.names.office().to_owned(), case.summary.clone());
        match written {
            PaperBody::TaskReport { resolution_number, text, obstacle, asks_until, reported_on } => {
                let view = TaskReportPaper {
                    paper: case.head(issuer, None, *reported_on),
                    addressee,
                    resolution_number: resolution_number.clone(),
                    summary,
                    text: text.clone(),
                    obstacle: obstacle.clone(),
                    asks_until: asks_until.map(|on| on.to_string()),
                };
                site.page(language, &view)
            }
            PaperBody::Position { text, own_duties, filed_on } => {
                let view = PositionPaper {
                    paper: case.head(issuer, None, *filed_on),
                    addressee,
                    summary,
                    text: text.clone(),
                    own_duties: own_duties.clone(),
                };
                site.page(language, &view)
            }
            other => self.page(other),
        }
    }

    fn cited(&self) -> Option<Cited<'p>> {
        match self.opinion? {
            PaperBody::Opinion { facts, basis, answers, signer, document_number, .. } => {
                Some(Cited { facts, basis, answers, signer, document_number })
            }
            PaperBody::AcceptanceNotice { .. }
            | PaperBody::ServiceRecord { .. }
            | PaperBody::Report { .. }
            | PaperBody::OrderReply { .. }
            | PaperBody::Position { .. }
            | PaperBody::TaskReport { .. }
            | PaperBody::Objection { .. }
            | PaperBody::ExtensionNotice { .. }
            | PaperBody::CoPart { .. } => None,
        }
    }

    /// 办结报告: the assigner's number, the petitioner, the claims, the investigation, the result, and what is
    /// attached.
    fn report(&self, issuer: String, text: &str) -> CompletionReport {
        let (visit, case, cited) = (self.visit, self.case, self.cited());
        let named = |document: &str| visit.site.say(visit.language, &format!("document-{document}"));
        let opinion =
            cited.as_ref().map(|opinion| format!("{} {}", named("opinion"), opinion.document_number));
        let service = case.served_on.map(|_| named("service_record"));
        CompletionReport {
            paper: PaperHead {
                attachments: opinion.into_iter().chain(service).collect(),
                ..case.head(issuer, None, case.closed_on.unwrap_or(case.sent_on))
            },
            addressee: self.names.office().to_owned(),
            assigned_number: case.document_number.clone(),
            assigned_on: case.sent_on.to_string(),
            limit_on: case.limit_on.map(|on| on.to_string()),
            petitioner: case.addressee.clone(),
            people: case.people,
            channel: case.channel.clone(),
            received_on: case.received_on.clone(),
            category: case.category.clone(),
            summary: case.summary.clone(),
            claims: case.claims.iter().filter_map(|no| u32::try_from(*no).ok()).collect(),
            accepted_on: case.accepted_on.map(|on| on.to_string()),
            served_on: case.served_on.map(|on| on.to_string()),
            closed_on: case.closed_on.map(|on| on.to_string()),
            close_code: case.close_code.map(|code| code.code().to_owned()),
            report: text.to_owned(),
            facts: cited.as_ref().map(|opinion| opinion.facts.to_owned()),
            basis: cited.as_ref().map(|opinion| opinion.basis.to_owned()),
            answers: cited.iter().flat_map(|opinion| opinion.answers.iter().map(answer)).collect(),
            signer: cited.as_ref().map(|opinion| opinion.signer.to_owned()),
        }
    }
}

fn answer(given: &ClaimAnswer) -> PaperAnswer {
    PaperAnswer {
        no: u32::try_from(given.claim_no).unwrap_or(0),
        text: None,
        outcome: given.outcome.code().to_owned(),
        opinion: given.opinion.clone(),
    }
}
