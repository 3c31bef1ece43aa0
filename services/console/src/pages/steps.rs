//! The steps of an agency as forms: sign, notify acceptance, object, issue the opinion, record service, close.

use contracts::{
    agency::commands::{
        ClaimAnswer as Answer, Complete, Extend, IssueOpinion, NotifyAcceptance, Object, RecordService, Sign,
        Step, Task, TaskChanged,
    },
    codes::{AssignmentMode, AssignmentState, CloseCode, Outcome, Purpose, ServiceWay},
};
use kernel::{AgencyCode, AttachmentId, Refusal, Role};

use super::{Names, Visit, fresh_key, limits, sign_in::frame_field, typed::Typed};
use crate::{
    door::Site,
    views::{
        form::{Choice, CommandForm, Field},
        steps::{
            AcceptanceForm, ClaimAnswer, CloseForm, ExtensionForm, ObjectionForm, OpinionForm, ServiceForm,
            SignForm, StepForm,
        },
    },
};

/// A step, in the words of the addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// 签收
    Sign,
    /// 受理告知
    NotifyAcceptance,
    /// 异议
    Object,
    /// 延期
    Extend,
    /// 处理意见
    IssueOpinion,
    /// 送达
    RecordService,
    /// 办结
    Close,
}

impl StepKind {
    /// All, in order.
    pub const ALL: [Self; 7] = [
        Self::Sign,
        Self::NotifyAcceptance,
        Self::Object,
        Self::Extend,
        Self::IssueOpinion,
        Self::RecordService,
        Self::Close,
    ];

    /// The code word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::NotifyAcceptance => "notify_acceptance",
            Self::Object => "object",
            Self::Extend => "extend",
            Self::IssueOpinion => "issue_opinion",
            Self::RecordService => "record_service",
            Self::Close => "close",
        }
    }

    /// Reads the code word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// The notice after it.
    pub const fn notice(self) -> &'static str {
        match self {
            Self::Sign => "signed",
            Self::NotifyAcceptance => "accepted",
            Self::Object => "objected",
            Self::Extend => "extended",
            Self::IssueOpinion => "opinion_issued",
            Self::RecordService => "served",
            Self::Close => "closed",
        }
    }

    /// The step that a task waits for.
    pub const fn next_of(task: &Task) -> Option<Self> {
        match task.state {
            AssignmentState::Sent | AssignmentState::Delivered => Some(Self::Sign),
            AssignmentState::Signed => Some(Self::NotifyAcceptance),
            // Only claims and appeals are answered by an opinion (Art. 31, 32).
            AssignmentState::Accepted => match task.dispatch.summary.purpose {
                Purpose::Claim | Purpose::Appeal => Some(Self::IssueOpinion),
                Purpose::Suggestion | Purpose::Accusation | Purpose::Inquiry | Purpose::Other => {
                    Some(Self::Close)
                }
            },
            AssignmentState::OpinionIssued => Some(Self::RecordService),
            AssignmentState::Served => Some(Self::Close),
            AssignmentState::Objected
            | AssignmentState::Returned
            | AssignmentState::Answered
            | AssignmentState::Closed
            | AssignmentState::Recalled => None,
        }
    }

    /// What a task allows beside its next step.
    pub fn beside(task: &Task) -> Vec<Self> {
        match task.state {
            AssignmentState::Delivered | AssignmentState::Signed if !task.dispatch.binding => {
                vec![Self::Object]
            }
            AssignmentState::Accepted if extendable(task) => vec![Self::Extend],
            _ => Vec::new(),
        }
    }

    /// Whether the visitor may take it: opinion and extension are the head's.
    pub fn is_for(self, visit: &Visit) -> bool {
        let Some(actor) = visit.caller.actor() else { return false };
        match actor.agency() {
            Some(_) if matches!(self, Self::IssueOpinion | Self::Extend) => actor.has(Role::AgencyHead),
            Some(_) => actor.has(Role::Handler) || actor.has(Role::AgencyHead),
            None => {
                actor.has(Role::Registrar) || actor.has(Role::Screener) || actor.has(Role::RestrictedOfficer)
            }
        }
    }
}

/// The form of a step: as typed, or as it is first shown.
pub fn form(
    visit: &Visit,
    names: &Names,
    task: &Task,
    step: StepKind,
    href: String,
    tried: Option<(&Typed, &Refusal)>,
) -> StepForm {
    let shape = Shape { visit, tried };
    let command = shape.command(href, task, step);
    let today = visit.site.today().to_string();
    match step {
        StepKind::Sign => StepForm::Sign(SignForm { command }),
        StepKind::NotifyAcceptance => {
            let t06 = calendar::due(
                calendar::RuleId::T06,
                visit.site.today(),
                &visit.site.deps.policy,
                &visit.site.deps.calendar,
            );
            let runs = task.dispatch.summary.route.is_none_or(|r| r == contracts::codes::Route::R6);
            StepForm::NotifyAcceptance(Box::new(AcceptanceForm {
                command,
                accepted_on: shape.field("accepted_on", &today),
                notice: shape.field("notice", ""),
                handler: shape
                    .field("handler", visit.caller.session.as_ref().map_or("", |s| s.display.as_str())),
                telephone: shape.field("telephone", ""),
                due_after: t06
                    .ok()
                    .filter(|_| runs)
                    .map(|due| limits::due(&visit.site, visit.language, &due)),
            }))
        }
        StepKind::Object => StepForm::Object(Box::new(shape.objection(command, names, task, &today))),
        StepKind::Extend => StepForm::Extend(Box::new(ExtensionForm {
            command,
            days: shape.field("days", ""),
            reason: shape.field("reason", ""),
            approver: shape
                .field("approver", visit.caller.session.as_ref().map_or("", |s| s.display.as_str())),
            due: t06_of(task).map(|due| limits::due(&visit.site, visit.language, due)),
        })),
        StepKind::IssueOpinion => StepForm::IssueOpinion(Box::new(OpinionForm {
            command,
            answers: task.dispatch.claims.iter().map(|no| shape.answer(*no)).collect(),
            facts: shape.field("facts", ""),
            basis: shape.field("basis", ""),
            review_unit: shape.field("review_unit", &superior(names, &task.dispatch.agency)),
            signer: shape.field("signer", visit.caller.session.as_ref().map_or("", |s| s.display.as_str())),
        })),
        StepKind::RecordService => StepForm::RecordService(ServiceForm {
            command,
            ways: shape.codes("way", ServiceWay::ALL.iter().map(|w| w.code()).collect()),
            served_on: shape.field("served_on", &today),
            proof: shape.field("proof", ""),
        }),
        StepKind::Close => StepForm::Close(CloseForm {
            command,
            codes: shape.codes("close_code", close_codes(task).iter().map(|c| c.code()).collect()),
            code_problem: shape.about("close_code"),
            report: shape.field("report", ""),
            report_owed: task.dispatch.mode == AssignmentMode::Assign,
        }),
    }
}

fn t06_of(task: &Task) -> Option<&contracts::Due> {
    task.dues.iter().find(|due| due.rule == calendar::RuleId::T06)
}

/// Once, and before its end (Art. 34); the node decides again.
fn extendable(task: &Task) -> bool {
    t06_of(task).is_some_and(|due| due.extended_days == 0)
}

/// The unit above, which reviews; the person may write another.
fn superior(names: &Names, agency: &AgencyCode) -> String {
    let above = names.listed(agency).and_then(|listed| listed.superior.as_ref());
    above.map(|code| names.agency(code)).unwrap_or_default()
}

fn close_codes(task: &Task) -> &'static [CloseCode] {
    use CloseCode as C;
    match task.dispatch.summary.purpose {
        Purpose::Accusation => &[C::Transferred],
        Purpose::Suggestion | Purpose::Inquiry | Purpose::Other => &[C::Replied, C::Transferred, C::Diverted],
        Purpose::Claim | Purpose::Appeal => {
            &[C::SupportedExecuted, C::Partly, C::Explained, C::Unsupported, C::Agreement, C::Diverted]
        }
    }
}

struct Shape<'s> {
    visit: &'s Visit,
    tried: Option<(&'s Typed, &'s Refusal)>,
}

/// Fields that stand in a step's form; a refusal about any other is said above it.
const FIELDS: &[&str] = &[
    "accepted_on",
    "notice",
    "handler",
    "telephone",
    "days",
    "reason",
    "approver",
    "objected_on",
    "reasons",
    "own_duties",
    "proposed_agency",
    "facts",
    "basis",
    "review_unit",
    "signer",
    "way",
    "served_on",
    "proof",
    "close_code",
    "report",
];

impl Shape<'_> {
    fn command(&self, href: String, task: &Task, step: StepKind) -> CommandForm {
        let refusal = self.tried.map(|(_, refusal)| refusal);
        let general = refusal.filter(|r| !r.field.as_deref().is_some_and(|f| FIELDS.contains(&f)));
        let key = self.tried.and_then(|(typed, _)| typed.some("key"));
        CommandForm {
            href: if href.ends_with(step.code()) { href } else { format!("{href}{}", step.code()) },
            key: key.unwrap_or_else(|| fresh_key(&self.visit.site.deps.mint)),
            version: task.version.to_string(),
            problem: general.map(|r| r.text(self.visit.language.is_english())),
        }
    }

    fn objection(&self, command: CommandForm, names: &Names, task: &Task, today: &str) -> ObjectionForm {
        let chosen = self.tried.map_or("", |(typed, _)| typed.get("proposed_agency"));
        let others = names.agencies().filter(|(listed, _)| listed.agency != task.dispatch.agency);
        let t04 = task.dues.iter().find(|due| due.rule == calendar::RuleId::T04);
        ObjectionForm {
            command,
            objected_on: self.field("objected_on", today),
            reasons: self.field("reasons", ""),
            own_duties: self.field("own_duties", ""),
            proposed: others
                .map(|(listed, name)| {
                    Choice::named(listed.agency.as_str(), name, listed.agency.as_str() == chosen)
                })
                .collect(),
            proposed_problem: self.about("proposed_agency"),
            due: t04.map(|due| limits::due(&self.visit.site, self.visit.language, due)),
        }
    }

    fn about(&self, field: &str) -> Option<String> {
        let refusal = self.tried.map(|(_, r)| r).filter(|r| r.field.as_deref() == Some(field))?;
        Some(refusal.text(self.visit.language.is_english()))
    }

    fn field(&self, name: &str, first: &str) -> Field {
        match self.tried {
            Some((typed, refusal)) => frame_field(self.visit, typed.get(name), Some(refusal), name),
            None => Field::of(first),
        }
    }

    fn codes(&self, name: &str, codes: Vec<&'static str>) -> Vec<Choice> {
        let chosen = self.tried.map_or("", |(typed, _)| typed.get(name));
        codes.into_iter().map(|code| Choice::code(code, code == chosen)).collect()
    }

    fn answer(&self, no: i64) -> ClaimAnswer {
        ClaimAnswer {
            no: u32::try_from(no).unwrap_or(0),
            text: None,
            outcomes: self.codes(&format!("outcome-{no}"), Outcome::ALL.iter().map(|o| o.code()).collect()),
            outcome_problem: self.about(&format!("outcome-{no}")),
            opinion: self.field(&format!("opinion-{no}"), ""),
        }
    }
}

fn malformed(field: &str) -> Refusal {
    web::errors::MALFORMED_INPUT.refuse().at(field)
}

/// Gives the agency's node the command of a step.
///
/// # Errors
/// The agency's refusals; `malformed_input` with the field.
pub async fn take(
    site: &Site,
    visit: &Visit,
    task: &Task,
    step: StepKind,
    typed: &Typed,
    paper: Option<AttachmentId>,
) -> Result<TaskChanged, Refusal> {
    let agency = &task.dispatch.agency;
    let caller = &visit.caller;
    let head = Step {
        assignment_id: task.dispatch.assignment_id,
        expected_version: typed.version(),
        on_behalf_paper: paper,
    };
    let date = |field: &str| typed.get(field).parse::<chrono::NaiveDate>().map_err(|_| malformed(field));
    let text = |field: &str| typed.get(field).to_owned();
    match step {
        StepKind::Sign => site.ask_agency(caller, agency, &Sign { step: head }).await,
        StepKind::NotifyAcceptance => {
            let accepted_on = Some(date("accepted_on")?);
            let (handler, telephone, notice) = (text("handler"), text("telephone"), text("notice"));
            let command = NotifyAcceptance { step: head, accepted_on, handler, telephone, notice };
            site.ask_agency(caller, agency, &command).await
        }
        StepKind::Object => {
            let objected_on = typed.some("objected_on").map(|_| date("objected_on")).transpose()?;
            let (reasons, own_duties) = (text("reasons"), text("own_duties"));
            let proposed_agency = match typed.some("proposed_agency") {
                Some(code) => Some(code.parse().map_err(|_| malformed("proposed_agency"))?),
                None => None,
            };
            let command = Object { step: head, objected_on, reasons, own_duties, proposed_agency };
            site.ask_agency(caller, agency, &command).await
        }
        StepKind::Extend => {
            let days = typed.get("days").parse().map_err(|_| malformed("days"))?;
            let (reason, approver) = (text("reason"), text("approver"));
            site.ask_agency(caller, agency, &Extend { step: head, days, reason, approver }).await
        }
        StepKind::IssueOpinion => {
            let answers =
                task.dispatch.claims.iter().map(|no| answer(typed, *no)).collect::<Result<_, _>>()?;
            let (facts, basis) = (text("facts"), text("basis"));
            let (review_unit, signer) = (text("review_unit"), text("signer"));
            let command = IssueOpinion { step: head, facts, basis, answers, review_unit, signer };
            site.ask_agency(caller, agency, &command).await
        }
        StepKind::RecordService => {
            let way = ServiceWay::from_code(typed.get("way")).ok_or_else(|| malformed("way"))?;
            let command =
                RecordService { step: head, way, served_on: date("served_on")?, proof: text("proof") };
            site.ask_agency(caller, agency, &command).await
        }
        StepKind::Close => {
            let close_code =
                CloseCode::from_code(typed.get("close_code")).ok_or_else(|| malformed("close_code"))?;
            let command = Complete { step: head, close_code, report: typed.some("report") };
            site.ask_agency(caller, agency, &command).await
        }
    }
}

fn answer(typed: &Typed, claim_no: i64) -> Result<Answer, Refusal> {
    let field = format!("outcome-{claim_no}");
    let outcome = Outcome::from_code(typed.get(&field)).ok_or_else(|| malformed(&field))?;
    Ok(Answer { claim_no, outcome, opinion: typed.get(&format!("opinion-{claim_no}")).to_owned() })
}
