//! Papers for print: the receipt, the office's letters, the agency's papers. A name stands on one only where the unit that serves it has opened the contact.

mod case;
mod letter;
mod meeting;
mod paper;

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    agency::commands::{Open, OpenPart, Opened, PaperBody, PaperKind, ShowPaper, Task},
    codes::{ContentPart, OpenPurpose},
    intake::commands::{OpenPaper, Receipt, ShowReceipt},
    meetings::commands::ListItems,
    routing::commands::AssignmentView,
    supervision::commands::ListOrders,
};
use kernel::{AssignmentId, ContentId, MatterId, Refusal, civil_date};
use qrcode::{EcLevel, QrCode, render::svg};

use super::{Names, Shown, Visit, html, limits, tasks};
use crate::{
    door::Site,
    error,
    rest::{body, matters, tasks as rest_tasks},
    rights::Right,
    views::print::{PaperHead, ReceiptPaper},
};
pub use meeting::{of_meeting, of_task as of_resolution_task};
use paper::Print;

/// Version of the papers' layout, printed on each.
const TEMPLATE_VERSION: &str = "1";

/// Address of the public look-up.
pub fn lookup_url(visit: &Visit) -> String {
    format!("{}/portal", visit.origin)
}

/// The look-up's address as a QR code; never the query code.
pub fn qr(url: &str) -> Result<String, Refusal> {
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

/// The receipt as a paper.
pub async fn receipt_page(visit: &Visit, receipt: &Receipt, back_href: String) -> Shown {
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
        return letter::page(&visit, &names, &case::of_matter(&visit, &names, id, &shown, held));
    }
    let content_id: ContentId = body::id(&paper)?;
    let held = assignments.iter().find(|a| a.papers.iter().any(|(_, content)| *content == content_id));
    let held = match held {
        Some(held) => held,
        None => replied(&visit, id, content_id, assignments).await?.ok_or_else(not_here)?,
    };
    let written = opened_paper(&visit, id, content_id).await?;
    let opinion_id = held.papers.iter().find(|(kind, _)| kind == OPINION).map(|(_, content)| *content);
    let opinion = match opinion_id.filter(|_| paper::rests_on_opinion(&written)) {
        Some(content_id) => Some(opened_paper(&visit, id, content_id).await?),
        None => None,
    };
    let case = case::of_matter(&visit, &names, id, &shown, held);
    let print = Print { visit: &visit, names: &names, case: &case, opinion: opinion.as_ref() };
    Ok(html(print.page(&written)?))
}

/// The assignment of an order that was replied to with this paper.
async fn replied<'a>(
    visit: &Visit,
    matter_id: MatterId,
    paper: ContentId,
    assignments: &'a [AssignmentView],
) -> Result<Option<&'a AssignmentView>, Refusal> {
    let command = ListOrders { matter_id: Some(matter_id), ..ListOrders::default() };
    let found = visit.site.ask(&visit.caller, "supervision", &command).await?;
    let order = found.items.iter().find(|o| o.replies.iter().any(|(_, content)| *content == paper));
    if let Some(order) = order {
        return Ok(assignments.iter().find(|a| a.assignment_id == order.assignment_id));
    }
    conferred(visit, matter_id, paper, assignments).await
}

/// The newest assignment of the agency that gave this paper to the joint conference.
async fn conferred<'a>(
    visit: &Visit,
    matter_id: MatterId,
    paper: ContentId,
    assignments: &'a [AssignmentView],
) -> Result<Option<&'a AssignmentView>, Refusal> {
    if !Right::Agenda.is_held_by(visit.caller.actor()) {
        return Ok(None);
    }
    let command = ListItems { matter_id: Some(matter_id), ..ListItems::default() };
    let items = visit.site.ask(&visit.caller, "meetings", &command).await?.items;
    let said = items.iter().flat_map(|i| &i.positions).filter(|p| p.content_id == Some(paper));
    let tasks = items.iter().flat_map(|i| &i.tasks);
    let reported = tasks.filter(|t| t.reports.iter().any(|(_, content)| *content == paper));
    let agency = said.map(|p| &p.agency).chain(reported.map(|t| &t.agency)).next();
    Ok(agency.and_then(|agency| assignments.iter().rev().find(|a| a.agency == *agency)))
}

/// The kind of an opinion, as routing names it.
const OPINION: &str = "opinion";

/// A paper of an agency, opened by the office; the look is logged.
async fn opened_paper(
    visit: &Visit,
    matter_id: MatterId,
    content_id: ContentId,
) -> Result<PaperBody, Refusal> {
    let command = OpenPaper { matter_id, content_id, purpose: OpenPurpose::Serving };
    let opened = visit.site.ask(&visit.caller, "intake", &command).await?;
    let unreadable = |_| web::ask::UNREADABLE_REPLY.refuse().with("service", "intake");
    serde_json::from_str(&opened.body).map_err(unreadable)
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
    let listed = tasks::listed(&visit, &task).await?;
    let mut case = case::of_task(&visit, &names, &task, listed.as_ref());
    if paper == "letter" {
        return letter::page(&visit, &names, &case);
    }
    if let Some(co_no) = paper.strip_prefix("part-").and_then(|no| no.parse::<i64>().ok()) {
        return part(&site, &visit, &names, &task, case, co_no).await;
    }
    let content_id: ContentId = body::id(&paper)?;
    let shown = async |content_id| {
        site.ask_agency(&visit.caller, &agency, &ShowPaper { assignment_id, content_id }).await
    };
    let written = shown(content_id).await?;
    let opinion_id = task.papers.iter().find(|(kind, _)| *kind == PaperKind::Opinion).map(|(_, id)| *id);
    let opinion = match opinion_id.filter(|_| paper::rests_on_opinion(&written)) {
        Some(content_id) => Some(shown(content_id).await?),
        None => None,
    };
    // What goes to the office, or a part to the lead, nobody's name is opened for.
    let to_petitioner = !matches!(
        written,
        PaperBody::OrderReply { .. }
            | PaperBody::Objection { .. }
            | PaperBody::Position { .. }
            | PaperBody::TaskReport { .. }
            | PaperBody::CoPart { .. }
    );
    if to_petitioner && let Some(name) = petitioner(&site, &visit, &task).await {
        case.addressee = name;
    }
    let print = Print { visit: &visit, names: &names, case: &case, opinion: opinion.as_ref() };
    Ok(html(print.page(&written)?))
}

/// A co-agency's part, opened by the lead; the look is logged.
async fn part(site: &Site, visit: &Visit, names: &Names, task: &Task, case: case::Case, co_no: i64) -> Shown {
    let command = OpenPart { assignment_id: task.dispatch.assignment_id, co_no };
    let written = site.ask_agency(&visit.caller, &task.dispatch.agency, &command).await?;
    let from = task.co.iter().find(|part| part.asked.assignment_no == co_no);
    let (lead, agency) = (Some(case.agency.clone()), from.map(|part| part.asked.agency.clone()));
    let case = case::Case { agency: agency.unwrap_or_else(|| case.agency.clone()), lead, ..case };
    let print = Print { visit, names, case: &case, opinion: None };
    Ok(html(print.page(&written)?))
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
