//! 转送函 and 交办函: what the office sends with a matter.

use calendar::RuleId;
use contracts::codes::AssignmentMode;

use super::{
    super::{Names, Shown, Visit, html, limits},
    case::Case,
};
use crate::views::print::{AssignmentLetter, CoLetter, ForwardingLetter, LetterClaim};

/// The letter of an assignment.
pub fn page(visit: &Visit, names: &Names, case: &Case) -> Shown {
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
    if let Some(lead) = &case.lead {
        let letter = CoLetter {
            paper: head,
            addressee,
            lead: names.agency(lead),
            legal_ground,
            received_on: case.received_on.clone(),
            category: case.category.clone(),
            summary: case.summary.clone(),
            claims,
            task: case.task.map(|task| task.code().to_owned()),
            objection_due,
            limit_on: case.limit_on.unwrap_or(case.sent_on).to_string(),
        };
        return Ok(html(visit.site.page(visit.language, &letter)?));
    }
    let co_agencies: Vec<String> =
        case.co.iter().map(|(code, due_on)| format!("{}（{due_on}）", names.agency(code))).collect();
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
                co_agencies,
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
                co_agencies,
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
