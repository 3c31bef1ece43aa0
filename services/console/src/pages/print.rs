//! Papers for print. A name stands on one only where the unit that serves it has opened the contact.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use calendar::RuleId;
use chrono::NaiveDate;
use contracts::{
    Due,
    agency::commands::{Open, Opened, PaperBody, ShowPaper, Task},
    codes::{AssignmentMode, AssignmentState, ContentPart, OpenPurpose},
    intake::commands::{OpenPaper, Receipt, ShowReceipt},
    routing::commands::AssignmentView,
};
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, Refusal, civil_date};
use qrcode::{EcLevel, QrCode, render::svg};

use super::{Names, Shown, Visit, html, limits, matter_parts, tasks};
use crate::{
    door::Site,
    error,
    rest::{body, matters, tasks as rest_tasks},
    views::{
        due::Due as DueView,
        print::{
            AcceptanceNotice, AssignmentLetter, ExtensionPaper, ForwardingLetter, LetterClaim,
            ObjectionLetter, OpinionPaper, PaperAnswer, PaperHead, ReceiptPaper, ServiceRecord,
        },
    },
};

/// Version of the papers' layout, printed on each.
const TEMPLATE_VERSION: &str = "1";

/// Address of the public look-up.
fn lookup_url(visit: &Visit) -> String {
    format!("{}/portal", visit.origin)
}

/// The look-up's address as a QR code; never the query code.
fn qr(url: &str) -> Result<String, Refusal> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M);
    let code = code.map_err(|_| web::errors::INTERNAL_ERROR.refuse())?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(120, 120).quiet_zone(false).build();
    // A whole SVG document begins with a declaration, which has no place inside a page.
    Ok(picture.split_once("?>").map_or(picture.clone(), |(_, svg)| svg.to_owned()))
}

/// `GET /registered/{ticket}/receipt`
pub async fn receipt(State(site): State<Arc<Site>>, visit: Visit, Path(ticket): Path<String>) -> Shown {
    match site.kept_receipt(&ticket, &visit.caller) {
        Some(kept) => receipt_page(&visit, &kept.receipt, format!("/registered/{ticket}")).await,
        None => Ok(Redirect::to("/").into_response()),
    }
}

async fn receipt_page(visit: &Visit, receipt: &Receipt, back_href: String) -> Shown {
    let names = Names::of(visit).await?;
    let url = lookup_url(visit);
    let view = ReceiptPaper {
        paper: PaperHead {
            back_href,
            issuer: names.office().to_owned(),
            matter_number: receipt.number.clone(),
            dated_on: civil_date(receipt.registered_at).to_string(),
            template_version: TEMPLATE_VERSION.to_owned(),
            ..PaperHead::default()
        },
        query_code: receipt.query_code.clone(),
        registered_at: receipt.registered_at.to_string(),
        channel: receipt.channel.code().to_owned(),
        qr_svg: qr(&url)?,
        lookup_url: url,
        due: Some(limits::due(&visit.site, visit.language, &receipt.t01)),
        attachment_count: u32::try_from(receipt.attachments).unwrap_or(0),
    };
    Ok(html(visit.site.page(visit.language, &view)?))
}

/// What every letter and paper of an assignment needs.
struct Case {
    back_href: String,
    number: String,
    summary: String,
    category: String,
    channel: String,
    received_on: String,
    agency: AgencyCode,
    mode: AssignmentMode,
    document_number: String,
    legal_ground: String,
    sent_on: NaiveDate,
    delivered_on: Option<NaiveDate>,
    limit_on: Option<NaiveDate>,
    accepted_on: Option<NaiveDate>,
    claims: Vec<i64>,
    dues: Vec<Due>,
    addressee: String,
}

impl Case {
    fn head(&self, issuer: String, number: Option<String>, on: NaiveDate) -> PaperHead {
        PaperHead {
            back_href: self.back_href.clone(),
            issuer,
            document_number: number,
            matter_number: self.number.clone(),
            dated_on: on.to_string(),
            template_version: TEMPLATE_VERSION.to_owned(),
            ..PaperHead::default()
        }
    }

    /// A limit of the assignment; before delivery as it would run from the day of sending.
    fn due(&self, visit: &Visit, rule: RuleId, from: NaiveDate) -> DueView {
        let deps = &visit.site.deps;
        let found = self.dues.iter().find(|due| due.rule == rule).cloned();
        let due = found.or_else(|| calendar::due(rule, from, &deps.policy, &deps.calendar).ok());
        due.map(|due| limits::due(&visit.site, visit.language, &due)).unwrap_or_default()
    }
}

/// `GET /matters/{id}/print/{paper}`: `receipt`, `letter-<n>`, or a paper's content id.
pub async fn of_matter(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, paper)): Path<(String, String)>,
) -> Shown {
    let id = body::matter_id(&id)?;
    if paper == "receipt" {
        let receipt = site.ask(&visit.caller, "intake", &ShowReceipt { submission_id: id }).await?;
        return receipt_page(&visit, &receipt, format!("/matters/{id}")).await;
    }
    let shown = matters::find(&site, &visit.caller, id).await?;
    let names = Names::of(&visit).await?;
    let assignments = shown.routing.as_ref().map(|view| view.assignments.as_slice()).unwrap_or_default();
    let not_here = || error::NO_SUCH_MATTER_HERE.refuse();
    if let Some(no) = paper.strip_prefix("letter-").and_then(|no| no.parse::<i64>().ok()) {
        let held = assignments.iter().find(|a| a.assignment_no == no).ok_or_else(not_here)?;
        return letter(&visit, &names, &case_of_matter(&visit, &names, id, &shown, held));
    }
    let content_id: ContentId = body::id(&paper)?;
    let held = assignments.iter().find(|a| a.papers.iter().any(|(_, content)| *content == content_id));
    let held = held.ok_or_else(not_here)?;
    let command = OpenPaper { matter_id: id, content_id, purpose: OpenPurpose::Serving };
    let opened = site.ask(&visit.caller, "intake", &command).await?;
    let unreadable = || web::ask::UNREADABLE_REPLY.refuse().with("service", "intake");
    let written: PaperBody = serde_json::from_str(&opened.body).map_err(|_| unreadable())?;
    paper_page(&visit, &names, &case_of_matter(&visit, &names, id, &shown, held), &written)
}

fn case_of_matter(
    visit: &Visit,
    names: &Names,
    id: MatterId,
    shown: &matters::Shown,
    held: &AssignmentView,
) -> Case {
    let head = matter_parts::head(visit, names, id, shown);
    let claims = shown.routing.as_ref().map(|view| view.claims.iter().map(|c| c.claim_no).collect());
    Case {
        back_href: format!("/matters/{id}"),
        number: head.number,
        summary: head.summary,
        category: head.category.unwrap_or_else(|| "—".to_owned()),
        channel: head.channel,
        received_on: head.received_on,
        agency: held.agency.clone(),
        mode: held.mode,
        document_number: held.document_number.clone(),
        legal_ground: held.legal_ground.clone(),
        sent_on: held.sent_on,
        delivered_on: held.days.get(AssignmentState::Delivered.code()).copied(),
        limit_on: held.limit_on,
        accepted_on: held.days.get(AssignmentState::Accepted.code()).copied(),
        claims: claims.unwrap_or_default(),
        dues: held.dues.clone(),
        addressee: visit.site.say(visit.language, "petitioner"),
    }
}

/// `GET /tasks/{id}/print/{paper}`: `letter`, or a paper's content id.
pub async fn of_task(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, paper)): Path<(String, String)>,
) -> Shown {
    let assignment_id: AssignmentId = body::id(&id)?;
    let agency = rest_tasks::agency_of(&visit.caller, None)?;
    let task = tasks::find(&visit, &agency, assignment_id).await?;
    let names = Names::of(&visit).await?;
    let mut case = case_of_task(&visit, &names, &task);
    if paper == "letter" {
        return letter(&visit, &names, &case);
    }
    let content_id: ContentId = body::id(&paper)?;
    let written = site.ask_agency(&visit.caller, &agency, &ShowPaper { assignment_id, content_id }).await?;
    // What goes to the office names no petitioner: the contact stays sealed.
    let to_office = matches!(written, PaperBody::Objection { .. } | PaperBody::Report { .. });
    if let Some(name) = if to_office { None } else { petitioner(&site, &visit, &task).await } {
        case.addressee = name;
    }
    paper_page(&visit, &names, &case, &written)
}

fn case_of_task(visit: &Visit, names: &Names, task: &Task) -> Case {
    let dispatch = &task.dispatch;
    let day = |state: AssignmentState| task.days.get(state.code()).copied();
    let category = dispatch.summary.category.as_ref().map(|code| names.category(code));
    Case {
        back_href: format!("/tasks/{}", dispatch.assignment_id),
        number: dispatch.summary.number.clone().unwrap_or_else(|| dispatch.document_number.clone()),
        summary: category.clone().unwrap_or_else(|| "—".to_owned()),
        category: category.unwrap_or_else(|| "—".to_owned()),
        channel: dispatch.summary.channel.map_or("", |c| c.code()).to_owned(),
        received_on: dispatch.summary.received_on.to_string(),
        agency: dispatch.agency.clone(),
        mode: dispatch.mode,
        document_number: dispatch.document_number.clone(),
        legal_ground: dispatch.legal_ground.clone(),
        sent_on: dispatch.sent_on,
        delivered_on: day(AssignmentState::Delivered),
        limit_on: dispatch.limit_on,
        accepted_on: day(AssignmentState::Accepted),
        claims: dispatch.claims.clone(),
        dues: task.dues.clone(),
        addressee: visit.site.say(visit.language, "petitioner"),
    }
}

/// The petitioner's name for a paper that is served, opened through the agency's own account and logged.
async fn petitioner(site: &Site, visit: &Visit, task: &Task) -> Option<String> {
    if !task.dispatch.identity_travels {
        return None;
    }
    let assignment_id = task.dispatch.assignment_id;
    let (part, purpose) = (ContentPart::Contact, OpenPurpose::Serving);
    let command = Open { assignment_id, part, attachment: None, purpose };
    match site.ask_agency(&visit.caller, &task.dispatch.agency, &command).await {
        Ok(Opened::Contact(identities)) => {
            identities.petitioners.into_iter().next().map(|person| person.name)
        }
        // Anonymous, or no longer to be opened: the paper is addressed without a name.
        Ok(Opened::Text(_) | Opened::Attachment(_)) | Err(_) => None,
    }
}

fn letter(visit: &Visit, names: &Names, case: &Case) -> Shown {
    let from = case.delivered_on.unwrap_or(case.sent_on);
    let head = case.head(names.office().to_owned(), Some(case.document_number.clone()), case.sent_on);
    let claims: Vec<LetterClaim> = case
        .claims
        .iter()
        .map(|no| LetterClaim { no: u32::try_from(*no).unwrap_or(0), text: None })
        .collect();
    let (notify_due, objection_due) =
        (case.due(visit, RuleId::T03, from), case.due(visit, RuleId::T04, from));
    let legal_ground = limits::ground(visit.language, &case.legal_ground);
    let addressee = names.agency(&case.agency);
    let page = match case.mode {
        AssignmentMode::Forward => visit.site.page(
            visit.language,
            &ForwardingLetter {
                paper: head,
                addressee,
                legal_ground,
                received_on: case.received_on.clone(),
                channel: case.channel.clone(),
                category: case.category.clone(),
                summary: case.summary.clone(),
                claims,
                notify_due,
                objection_due,
            },
        )?,
        AssignmentMode::Assign => visit.site.page(
            visit.language,
            &AssignmentLetter {
                paper: head,
                addressee,
                legal_ground,
                co_agencies: Vec::new(),
                received_on: case.received_on.clone(),
                channel: case.channel.clone(),
                category: case.category.clone(),
                summary: case.summary.clone(),
                claims,
                notify_due,
                objection_due,
                limit_on: case.limit_on.unwrap_or(case.sent_on).to_string(),
            },
        )?,
    };
    Ok(html(page))
}

fn paper_page(visit: &Visit, names: &Names, case: &Case, written: &PaperBody) -> Shown {
    let issuer = names.agency(&case.agency);
    let (site, language) = (&visit.site, visit.language);
    let page = match written {
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
                due: case.due(visit, RuleId::T06, *accepted_on),
                lookup_url: lookup_url(visit),
            };
            site.page(language, &view)?
        }
        PaperBody::Opinion { facts, basis, answers, review_unit, signer, issued_on, document_number } => {
            let answer = |a: &contracts::agency::commands::ClaimAnswer| PaperAnswer {
                no: u32::try_from(a.claim_no).unwrap_or(0),
                text: None,
                outcome: a.outcome.code().to_owned(),
                opinion: a.opinion.clone(),
            };
            let view = OpinionPaper {
                paper: case.head(issuer, Some(document_number.clone()), *issued_on),
                addressee: case.addressee.clone(),
                sender: names.office().to_owned(),
                sent_on: case.sent_on.to_string(),
                accepted_on: case.accepted_on.unwrap_or(*issued_on).to_string(),
                answers: answers.iter().map(answer).collect(),
                facts: facts.clone(),
                basis: basis.clone(),
                review_unit: review_unit.clone(),
                remedy_days: case.due(visit, RuleId::T07, *issued_on).days,
                signer: signer.clone(),
            };
            site.page(language, &view)?
        }
        PaperBody::ServiceRecord { way, served_on, proof } => {
            let view = ServiceRecord {
                paper: case.head(issuer, None, *served_on),
                addressee: case.addressee.clone(),
                served_document: "opinion".to_owned(),
                served_number: case.number.clone(),
                way: Some(way.code().to_owned()),
                served_on: Some(served_on.to_string()),
                proof: Some(proof.clone()),
            };
            site.page(language, &view)?
        }
        PaperBody::ExtensionNotice { old_due, new_due, reason, approver, granted_on, document_number } => {
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
            site.page(language, &view)?
        }
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
                addressee: names.office().to_owned(),
                letter_number: case.document_number.clone(),
                received_on: received_on.to_string(),
                objected_on: objected_on.to_string(),
                due: case.due(visit, RuleId::T04, *received_on),
                reasons: reasons.clone(),
                own_duties: own_duties.clone(),
                proposed: proposed_agency.as_ref().map(|code| names.agency(code)),
            };
            site.page(language, &view)?
        }
        // The report is the agency's own text to the office; no form of paper is prescribed for it.
        PaperBody::Report { text } => return Ok(text.clone().into_response()),
    };
    Ok(html(page))
}
