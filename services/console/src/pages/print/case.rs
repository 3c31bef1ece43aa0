//! What the letters and papers of an assignment have in common.

use calendar::RuleId;
use chrono::NaiveDate;
use contracts::{
    Due,
    agency::commands::Task,
    codes::{AssignmentMode, AssignmentState, CloseCode, CoTask},
    routing::commands::{AssignmentView, MatterView},
};
use kernel::{AgencyCode, MatterId};

use super::super::{Names, Visit, limits, matter_parts, tasks};
use super::TEMPLATE_VERSION;
use crate::{
    board::Listed,
    rest::matters,
    views::{due::Due as DueView, print::PaperHead},
};

/// What every letter and paper of an assignment needs.
pub struct Case {
    /// Back to the matter or task.
    pub back_href: String,
    /// The matter's public number.
    pub number: String,
    /// Masked summary.
    pub summary: String,
    /// Content class, named; the purpose where none is given.
    pub category: String,
    /// Channel (texts `channel-*`); empty where it is sealed.
    pub channel: String,
    /// First receipt (ISO).
    pub received_on: String,
    /// Who handles it.
    pub agency: AgencyCode,
    /// 转送 or 交办.
    pub mode: AssignmentMode,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// `Art. 22(1)` and its like.
    pub legal_ground: String,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// In the agency's inbox since.
    pub delivered_on: Option<NaiveDate>,
    /// The limit under a 交办.
    pub limit_on: Option<NaiveDate>,
    /// 受理之日
    pub accepted_on: Option<NaiveDate>,
    /// Numbers of its claims.
    pub claims: Vec<i64>,
    /// Running and met limits.
    pub dues: Vec<Due>,
    /// Whom a paper to the petitioner names.
    pub addressee: String,
    /// How many petitioners signed; 0 where it is sealed.
    pub people: u32,
    /// 办结日期
    pub closed_on: Option<NaiveDate>,
    /// How it ended (texts `close-*`).
    pub close_code: Option<CloseCode>,
    /// The day of service.
    pub served_on: Option<NaiveDate>,
    /// Of a 协办件: who leads.
    pub lead: Option<AgencyCode>,
    /// Of a 协办件: what is asked for.
    pub task: Option<CoTask>,
    /// Of the lead's: who gives a part, and by when.
    pub co: Vec<(AgencyCode, NaiveDate)>,
}

impl Case {
    /// The head of a paper of this case.
    pub fn head(&self, issuer: String, number: Option<String>, on: NaiveDate) -> PaperHead {
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

    /// A limit of the assignment, if it ever began.
    pub fn begun(&self, visit: &Visit, rule: RuleId) -> Option<DueView> {
        let due = self.dues.iter().find(|due| due.rule == rule)?;
        Some(limits::due(&visit.site, visit.language, due))
    }

    /// A limit of the assignment; before delivery as it would run from the day of sending.
    pub fn due(&self, visit: &Visit, rule: RuleId, from: NaiveDate) -> DueView {
        let deps = &visit.site.deps;
        let foreseen = || {
            let due = calendar::due(rule, from, &deps.policy, &deps.calendar).ok()?;
            Some(limits::due(&visit.site, visit.language, &due))
        };
        self.begun(visit, rule).or_else(foreseen).unwrap_or_default()
    }
}

/// The case as the office holds it.
pub fn of_matter(
    visit: &Visit,
    names: &Names,
    id: MatterId,
    shown: &matters::Shown,
    held: &AssignmentView,
) -> Case {
    let head = matter_parts::head(visit, names, id, shown);
    let all = || shown.routing.as_ref().map(|view| view.claims.iter().map(|c| c.claim_no).collect());
    let claims = held.share.as_ref().map(|share| share.claims.clone()).or_else(all);
    Case {
        back_href: format!("/matters/{id}"),
        number: head.number,
        summary: head.summary,
        category: head.category.unwrap_or_else(|| purpose_word(visit, &head.purpose)),
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
        people: head.people,
        closed_on: held.days.get(AssignmentState::Closed.code()).copied(),
        close_code: held.close_code,
        served_on: held.days.get(AssignmentState::Served.code()).copied(),
        lead: shown.routing.as_ref().and_then(|view| lead_of(view, held)),
        task: held.share.as_ref().and_then(|share| share.task),
        co: shown.routing.as_ref().map(|view| co_of(view, held)).unwrap_or_default(),
    }
}

/// The case as the agency holds it; `listed` is the board's row, if the agency may see it.
pub fn of_task(visit: &Visit, names: &Names, task: &Task, listed: Option<&Listed>) -> Case {
    let dispatch = &task.dispatch;
    let day = |state: AssignmentState| task.days.get(state.code()).copied();
    let category = dispatch.summary.category.as_ref().map(|code| names.category(code));
    Case {
        back_href: format!("/tasks/{}", dispatch.assignment_id),
        number: tasks::number(task),
        summary: tasks::summary(visit, names, task, listed),
        category: category.unwrap_or_else(|| purpose_word(visit, dispatch.summary.purpose.code())),
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
        people: u32::try_from(dispatch.summary.heads).unwrap_or(1),
        closed_on: day(AssignmentState::Closed),
        close_code: listed.and_then(|listed| listed.row.close_code),
        served_on: day(AssignmentState::Served),
        lead: dispatch.lead.clone(),
        task: dispatch.task,
        co: dispatch.co.iter().map(|co| (co.agency.clone(), co.due_on)).collect(),
    }
}

/// What a matter without a content class is called on paper.
fn purpose_word(visit: &Visit, purpose: &str) -> String {
    visit.site.say(visit.language, &format!("purpose-{purpose}"))
}

fn lead_of(view: &MatterView, held: &AssignmentView) -> Option<AgencyCode> {
    let no = held.share.as_ref()?.lead_no;
    view.assignments.iter().find(|a| a.assignment_no == no).map(|a| a.agency.clone())
}

/// The co-agencies of a lead's assignment, but those that were released.
fn co_of(view: &MatterView, lead: &AssignmentView) -> Vec<(AgencyCode, NaiveDate)> {
    let helps = |a: &&AssignmentView| {
        a.share.as_ref().is_some_and(|s| s.lead_no == lead.assignment_no && s.released.is_none())
    };
    view.assignments
        .iter()
        .filter(helps)
        .map(|a| (a.agency.clone(), a.limit_on.unwrap_or(a.sent_on)))
        .collect()
}
