//! The steps of an agency as forms: sign, notify acceptance, object, issue the opinion, record service, close.

use contracts::{
    agency::commands::{
        AnswerCo, ClaimAnswer as Answer, Complete, DraftPart, Extend, IssueOpinion, NotifyAcceptance, Object,
        PartText, RecordService, Sign, Step, Task, TaskChanged,
    },
    codes::{
        AssignmentMode, AssignmentRole, AssignmentState, CloseCode, Outcome, Purpose, Route, ServiceWay,
    },
};
use kernel::{AgencyCode, AttachmentId, Refusal, Role};

use super::{
    Names, Visit, co_form,
    form::{Draft, malformed},
    limits,
    reveal::Words,
    typed::Typed,
};
use crate::{
    door::Site,
    views::{
        due::Due,
        form::{Choice, CommandForm},
        steps::{
            AcceptanceForm, ClaimAnswer, CloseForm, ExtensionForm, ObjectionForm, OpinionForm, PartForm,
            ServiceForm, SignForm, StepForm,
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
    /// 协办意见送主办
    AnswerCo,
    /// 起草协办意见
    DraftPart,
}

impl StepKind {
    /// All, in order.
    pub const ALL: [Self; 9] = [
        Self::Sign,
        Self::NotifyAcceptance,
        Self::Object,
        Self::Extend,
        Self::IssueOpinion,
        Self::RecordService,
        Self::Close,
        Self::AnswerCo,
        Self::DraftPart,
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
            Self::AnswerCo => "answer_co",
            Self::DraftPart => "draft_part",
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
            Self::AnswerCo => "co_answered",
            Self::DraftPart => "co_drafted",
        }
    }

    /// The step that a task waits for.
    pub const fn next_of(task: &Task) -> Option<Self> {
        let co = matches!(task.dispatch.role, AssignmentRole::Co);
        match task.state {
            AssignmentState::Signed if co => Some(Self::AnswerCo),
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

    /// The same for a visitor: who cannot send a part may draft it.
    pub fn next_for(task: &Task, visit: &Visit) -> Option<Self> {
        match Self::next_of(task) {
            Some(Self::AnswerCo) if !Self::AnswerCo.is_for(visit) => Some(Self::DraftPart),
            next => next,
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
            Some(_) if matches!(self, Self::IssueOpinion | Self::Extend | Self::AnswerCo) => {
                actor.has(Role::AgencyHead)
            }
            Some(_) => actor.has(Role::Handler) || actor.has(Role::AgencyHead),
            // The office records what was sent, and drafts nothing for others.
            None if self == Self::DraftPart => false,
            None => {
                actor.has(Role::Registrar) || actor.has(Role::Screener) || actor.has(Role::RestrictedOfficer)
            }
        }
    }
}

/// How a step's form comes to its page.
#[derive(Default)]
pub struct Asked<'a> {
    /// Where it is sent, up to the step's code word.
    pub href: String,
    /// What was typed before.
    pub typed: Option<&'a Typed>,
    /// Why that was refused.
    pub refusal: Option<&'a Refusal>,
    /// The claims in the petitioner's words, once the text was opened.
    pub words: Words,
    /// Where the text is opened from beside a claim; `None` where this page has no business with it.
    pub open_href: Option<String>,
    /// The draft of a part.
    pub part: Option<PartText>,
}

/// The form of a step: as typed, or as it is first shown.
pub fn form(visit: &Visit, names: &Names, task: &Task, step: StepKind, asked: &Asked<'_>) -> StepForm {
    let draft = Draft::new(visit, FIELDS).typed(asked.typed).refused(asked.refusal);
    let command = draft.command(format!("{}{}", asked.href, step.code()), Some(task.version));
    let today = visit.site.today().to_string();
    let display = visit.caller.session.as_ref().map_or("", |s| s.display.as_str());
    match step {
        StepKind::Sign => StepForm::Sign(SignForm { command }),
        StepKind::NotifyAcceptance => StepForm::NotifyAcceptance(Box::new(AcceptanceForm {
            command,
            accepted_on: draft.field("accepted_on", &today),
            notice: draft.field("notice", ""),
            handler: draft.field("handler", display),
            telephone: draft.field("telephone", ""),
            due_after: due_after(visit, task),
        })),
        StepKind::Object => StepForm::Object(Box::new(objection(visit, names, task, &draft, command))),
        StepKind::Extend => StepForm::Extend(Box::new(ExtensionForm {
            command,
            days: draft.field("days", ""),
            reason: draft.field("reason", ""),
            approver: draft.field("approver", display),
            due: t06_of(task).map(|due| limits::due(&visit.site, visit.language, due)),
        })),
        StepKind::IssueOpinion => StepForm::IssueOpinion(Box::new(OpinionForm {
            command,
            answers: task.dispatch.claims.iter().map(|no| answer_form(&draft, asked, *no)).collect(),
            parts_here: !task.co.is_empty(),
            waiting: co_form::missing(names, &task.co),
            open_href: asked.open_href.clone(),
            facts: draft.field("facts", ""),
            basis: draft.field("basis", ""),
            review_unit: draft.field("review_unit", &superior(names, &task.dispatch.agency)),
            signer: draft.field("signer", display),
        })),
        StepKind::RecordService => StepForm::RecordService(ServiceForm {
            command,
            ways: draft.codes("way", ServiceWay::ALL.iter().map(|w| w.code()), ""),
            way_problem: draft.about("way"),
            served_on: draft.field("served_on", &today),
            proof: draft.field("proof", ""),
        }),
        StepKind::AnswerCo | StepKind::DraftPart => {
            let base = format!("{}{}", asked.href, StepKind::DraftPart.code());
            let drafts = StepKind::DraftPart.is_for(visit);
            StepForm::AnswerCo(Box::new(part_form(
                task,
                &draft,
                command,
                asked,
                display,
                drafts.then_some(base),
            )))
        }
        StepKind::Close => StepForm::Close(CloseForm {
            command,
            codes: draft.codes("close_code", close_codes(task).iter().map(|c| c.code()), ""),
            code_problem: draft.about("close_code"),
            report: draft.field("report", ""),
            report_owed: task.dispatch.mode == AssignmentMode::Assign,
        }),
    }
}

/// 协办意见: as typed, else as drafted. Who cannot send it has the draft's address as the form's own.
fn part_form(
    task: &Task,
    draft: &Draft<'_>,
    command: CommandForm,
    asked: &Asked<'_>,
    display: &str,
    draft_href: Option<String>,
) -> PartForm {
    let kept = asked.part.as_ref();
    PartForm {
        answers: task.dispatch.claims.iter().map(|no| answer_form(draft, asked, *no)).collect(),
        open_href: asked.open_href.clone(),
        facts: draft.field("facts", kept.map_or("", |p| p.facts.as_str())),
        basis: draft.field("basis", kept.map_or("", |p| p.basis.as_str())),
        signer: draft.field("signer", display),
        may_send: draft_href.as_ref() != Some(&command.href),
        draft_href,
        command,
    }
}

fn t06_of(task: &Task) -> Option<&contracts::Due> {
    task.dues.iter().find(|due| due.rule == calendar::RuleId::T06)
}

/// Once, and before its end (Art. 34); the node decides again.
fn extendable(task: &Task) -> bool {
    t06_of(task).is_some_and(|due| due.extended_days == 0)
}

/// 异议, with the right's own limit (Art. 23).
fn objection(
    visit: &Visit,
    names: &Names,
    task: &Task,
    draft: &Draft<'_>,
    command: CommandForm,
) -> ObjectionForm {
    let chosen = draft.value("proposed_agency", "");
    let others = names.agencies().filter(|(listed, _)| listed.agency != task.dispatch.agency);
    let t04 = task.dues.iter().find(|due| due.rule == calendar::RuleId::T04);
    ObjectionForm {
        command,
        objected_on: draft.field("objected_on", &visit.site.today().to_string()),
        reasons: draft.field("reasons", ""),
        own_duties: draft.field("own_duties", ""),
        proposed: others
            .map(|(listed, name)| {
                Choice::named(listed.agency.as_str(), name, listed.agency.as_str() == chosen)
            })
            .collect(),
        proposed_problem: draft.about("proposed_agency"),
        due: t04.map(|due| limits::due(&visit.site, visit.language, due)),
    }
}

/// The limit that the acceptance begins: under the petition procedure alone (Art. 31, 34).
fn due_after(visit: &Visit, task: &Task) -> Option<Due> {
    let site = &visit.site;
    task.dispatch.summary.route.is_none_or(|route| route == Route::R6).then_some(())?;
    let (policy, calendar) = (&site.deps.policy, &site.deps.calendar);
    let due = calendar::due(calendar::RuleId::T06, site.today(), policy, calendar).ok()?;
    Some(limits::due(site, visit.language, &due))
}

/// One claim with its answer, and the petitioner's words beside it once they were opened.
fn answer_form(draft: &Draft<'_>, asked: &Asked<'_>, no: i64) -> ClaimAnswer {
    let outcome = format!("outcome-{no}");
    let kept = asked.part.as_ref().and_then(|part| part.answers.iter().find(|a| a.claim_no == no));
    ClaimAnswer {
        no: u32::try_from(no).unwrap_or(0),
        text: asked.words.get(&no).cloned(),
        outcomes: draft.codes(
            &outcome,
            Outcome::ALL.iter().map(|o| o.code()),
            kept.map_or("", |a| a.outcome.code()),
        ),
        outcome_problem: draft.about(&outcome),
        opinion: draft.field(&format!("opinion-{no}"), kept.map_or("", |a| a.opinion.as_str())),
    }
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
        StepKind::AnswerCo => {
            let answers =
                task.dispatch.claims.iter().map(|no| answer(typed, *no)).collect::<Result<_, _>>()?;
            let part = PartText { facts: text("facts"), basis: text("basis"), answers };
            site.ask_agency(caller, agency, &AnswerCo { step: head, part, signer: text("signer") }).await
        }
        StepKind::DraftPart => {
            // A draft need not be complete: what has neither outcome nor words is left out.
            let begun = |no: &&i64| {
                [format!("outcome-{no}"), format!("opinion-{no}")].iter().any(|f| typed.some(f).is_some())
            };
            let claims = task.dispatch.claims.iter().filter(begun);
            let answers = claims.map(|no| answer(typed, *no)).collect::<Result<_, _>>()?;
            let part = PartText { facts: text("facts"), basis: text("basis"), answers };
            site.ask_agency(caller, agency, &DraftPart { step: head, part }).await
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
