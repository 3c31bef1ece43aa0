//! What people of the agencies do; for the one without computers the office records it from paper.

use contracts::{
    agency::commands::{
        AnswerCo, ClaimAnswer, Complete, Extend, IssueOpinion, ListTasks, NotifyAcceptance, Object, Open,
        Opened, PartText, RecordService, ShowTask, Sign, Step, Task,
    },
    codes::{
        AssignmentMode, AssignmentRole, AssignmentState, CloseCode, ContentPart, OpenPurpose, Outcome,
        Purpose, Route, ServiceWay,
    },
};
use kernel::{Actor, AgencyCode, Refusal};

use super::{
    people::ToldStep,
    world::{AGENCIES, JIWEI, LAOJIAN, RENSHE, World, code},
};

impl World {
    /// Who takes the steps of an agency: its head, or the office from paper.
    pub fn desk_of(&self, agency: &AgencyCode) -> Actor {
        if agency.as_str() == LAOJIAN { self.people.screener.clone() } else { self.people.head(agency) }
    }

    fn step_of(&self, actor: &Actor, task: &Task) -> Step {
        Step {
            assignment_id: task.dispatch.assignment_id,
            expected_version: task.version,
            on_behalf_paper: actor.is_office().then(|| self.mint.mint()),
        }
    }

    async fn some_task(&mut self, open_only: bool) -> Result<(AgencyCode, Actor, Task), String> {
        let mut why = String::new();
        // Some desk has work: a few are asked.
        for _ in 0..3 {
            let agency = code(AGENCIES[self.dice.below(AGENCIES.len())]);
            let mut actor = self.desk_of(&agency);
            if actor.is_office() && self.dice.percent(30) {
                actor = self.people.officer.clone();
            }
            match self.tasks(&agency, &actor, open_only).await {
                Ok(tasks) => match self.dice.pick(&tasks).cloned() {
                    Some(task) => return Ok((agency, actor, task)),
                    None => why = format!("{agency} has no task"),
                },
                Err(refusal) => why = refusal.code.to_string(),
            }
        }
        Err(why)
    }

    async fn tasks(
        &mut self,
        agency: &AgencyCode,
        actor: &Actor,
        open_only: bool,
    ) -> Result<Vec<Task>, Refusal> {
        let query = ListTasks { state: None, open_only, page: contracts::PageRequest::default() };
        self.people.ask_agency(agency, actor, &query).await.map(|page| page.items)
    }

    /// Every open task of every agency takes its next step.
    pub async fn work_on_all(&mut self, may_object: bool) -> Vec<String> {
        let mut words = Vec::new();
        for name in AGENCIES {
            let agency = code(name);
            let desks = if *name == LAOJIAN {
                vec![self.people.screener.clone(), self.people.officer.clone()]
            } else {
                vec![self.people.head(&agency)]
            };
            for desk in desks {
                for task in self.tasks(&agency, &desk, true).await.unwrap_or_default() {
                    words.push(self.work_on(agency.clone(), desk.clone(), task, may_object).await);
                }
            }
        }
        words
    }

    /// The next step of some task.
    pub async fn work(&mut self) -> String {
        match self.some_task(true).await {
            Ok((agency, actor, task)) => self.work_on(agency, actor, task, true).await,
            Err(why) => why,
        }
    }

    async fn work_on(&mut self, agency: AgencyCode, actor: Actor, task: Task, may_object: bool) -> String {
        let step = self.step_of(&actor, &task);
        let words = format!("{agency} {} in {}", task.dispatch.assignment_id, task.state);
        let answer = match task.state {
            // Who was refused insists once in a while, and that is a dispute.
            AssignmentState::Delivered | AssignmentState::Signed
                if may_object && self.dice.percent(if task.ruling.is_some() { 60 } else { 24 }) =>
            {
                let command = self.objection(step, &agency);
                self.take(&agency, &actor, &command).await
            }
            AssignmentState::Delivered if self.dice.percent(60) => {
                self.take(&agency, &actor, &Sign { step }).await
            }
            AssignmentState::Delivered | AssignmentState::Signed
                if task.dispatch.role == AssignmentRole::Co =>
            {
                self.take(&agency, &actor, &part(step, &task)).await
            }
            AssignmentState::Delivered | AssignmentState::Signed => {
                let command = NotifyAcceptance {
                    step,
                    accepted_on: None,
                    handler: "卢敏".to_owned(),
                    telephone: "0990-8803101".to_owned(),
                    notice: "已收悉。".to_owned(),
                };
                self.take(&agency, &actor, &command).await
            }
            AssignmentState::Accepted if may_object && is_answered(&task) && self.dice.percent(12) => {
                let command = Extend {
                    step,
                    days: 1 + u32::try_from(self.dice.below(31)).unwrap_or(0),
                    reason: "情况复杂。".to_owned(),
                    approver: "沈志强 局长".to_owned(),
                };
                self.take(&agency, &actor, &command).await
            }
            AssignmentState::Accepted if is_answered(&task) => {
                self.take(&agency, &actor, &opinion(step, &task)).await
            }
            AssignmentState::OpinionIssued => {
                let command = RecordService {
                    step,
                    way: ServiceWay::InPerson,
                    served_on: self.clocks.business.today(),
                    proof: "本人签收".to_owned(),
                };
                self.take(&agency, &actor, &command).await
            }
            AssignmentState::Accepted | AssignmentState::Served => {
                self.take(&agency, &actor, &complete(step, &task)).await
            }
            // Waits for the office, or is over.
            AssignmentState::Sent
            | AssignmentState::Objected
            | AssignmentState::Returned
            | AssignmentState::Answered
            | AssignmentState::Closed
            | AssignmentState::Recalled => return words,
        };
        format!("{words}: {answer}")
    }

    fn objection(&mut self, step: Step, agency: &AgencyCode) -> Object {
        let other = if agency.as_str() == JIWEI { RENSHE } else { JIWEI };
        Object {
            step,
            objected_on: None,
            reasons: "不属本单位职责。".to_owned(),
            own_duties: "职责规定第三条".to_owned(),
            proposed_agency: self.dice.percent(40).then(|| code(other)),
        }
    }

    async fn take<C>(&mut self, agency: &AgencyCode, actor: &Actor, command: &C) -> String
    where
        C: contracts::Command<Reply = contracts::agency::commands::TaskChanged> + HasStep,
    {
        match self.people.ask_agency(agency, actor, command).await {
            Ok(changed) => {
                let words = format!("{} {}", C::NAME, changed.state);
                let assignment = command.assignment();
                self.people.steps.push(ToldStep { agency: agency.clone(), assignment, changed });
                words
            }
            Err(refusal) => format!("{} {}", C::NAME, refusal.code),
        }
    }

    /// The same step once more, as it was: one whose answer was lost, or a double click.
    pub async fn sign_twice(&mut self) -> String {
        let (agency, actor, task) = match self.some_task(true).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let command = Sign { step: self.step_of(&actor, &task) };
        let first = self.take(&agency, &actor, &command).await;
        let second = self.take(&agency, &actor, &command).await;
        if first.ends_with("signed") && second.ends_with("signed") {
            self.broke.push(format!("{agency} signed {} twice at one version", task.dispatch.assignment_id));
        }
        format!("{first}, {second}")
    }

    /// An agency opens what belongs to a task.
    pub async fn open(&mut self) -> String {
        let (agency, _, task) = match self.some_task(false).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let head = self.people.head(&agency);
        let (part, purpose) = if self.dice.percent(50) {
            (ContentPart::Text, OpenPurpose::Handling)
        } else {
            (ContentPart::Contact, OpenPurpose::Contacting)
        };
        let command = Open { assignment_id: task.dispatch.assignment_id, part, attachment: None, purpose };
        let answer = self.people.ask_agency(&agency, &head, &command).await;
        if let (Ok(Opened::Contact(_)), true) = (&answer, task.dispatch.restricted) {
            self.broke.push(format!("{agency} saw who wrote the accusation {}", task.dispatch.matter_id));
        }
        format!("{agency} {part}: {}", heard(answer))
    }

    /// An agency asks for a task of another one: there is none for it.
    pub async fn snoop(&mut self) -> String {
        let (owner, _, task) = match self.some_task(false).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let curious = code(AGENCIES[self.dice.below(AGENCIES.len())]);
        if curious == owner {
            return "its own".to_owned();
        }
        let head = self.people.head(&curious);
        let id = task.dispatch.assignment_id;
        let command = Open {
            assignment_id: id,
            part: ContentPart::Text,
            attachment: None,
            purpose: OpenPurpose::Handling,
        };
        let own = self.people.ask_agency(&curious, &head, &command).await;
        let there = self.people.ask_agency(&owner, &head, &ShowTask { assignment_id: id }).await;
        if own.is_ok() || there.is_ok() {
            self.broke.push(format!("{curious} saw {id} of {owner}"));
        }
        format!("{curious} at {owner}: {} {}", heard(own), heard(there))
    }
}

fn heard<T>(answer: Result<T, Refusal>) -> String {
    answer.map_or_else(|refusal| refusal.code.to_string(), |_| "done".to_owned())
}

/// Whether the task is closed by an opinion.
fn is_answered(task: &Task) -> bool {
    let summary = &task.dispatch.summary;
    summary.purpose == Purpose::Claim && summary.route == Some(Route::R6)
}

fn part(step: Step, task: &Task) -> AnswerCo {
    let answers = task.dispatch.claims.iter().map(|no| ClaimAnswer {
        claim_no: *no,
        outcome: Outcome::Supported,
        opinion: format!("第{no}项属实。"),
    });
    let part =
        PartText {
            facts: "经查属实。".to_owned(), basis: "职责规定".to_owned(), answers: answers.collect()
        };
    AnswerCo { step, part, signer: "沈志强 局长".to_owned() }
}

fn opinion(step: Step, task: &Task) -> IssueOpinion {
    let answers = task.dispatch.claims.iter().map(|no| ClaimAnswer {
        claim_no: *no,
        outcome: Outcome::Supported,
        opinion: format!("第{no}项予以支持。"),
    });
    IssueOpinion {
        step,
        facts: "经查属实。".to_owned(),
        basis: "《保障农民工工资支付条例》".to_owned(),
        answers: answers.collect(),
        review_unit: "云岭市人民政府".to_owned(),
        signer: "沈志强 局长".to_owned(),
    }
}

fn complete(step: Step, task: &Task) -> Complete {
    let summary = &task.dispatch.summary;
    let close_code = match (summary.purpose, summary.route) {
        (Purpose::Claim, Some(Route::R6)) => CloseCode::SupportedExecuted,
        (Purpose::Claim, _) => CloseCode::Diverted,
        (Purpose::Accusation, _) => CloseCode::Transferred,
        _ => CloseCode::Replied,
    };
    let report = (task.dispatch.mode == AssignmentMode::Assign).then(|| "已办结。".to_owned());
    Complete { step, close_code, report }
}

/// A command that names its task.
trait HasStep {
    fn assignment(&self) -> kernel::AssignmentId;
}

macro_rules! has_step {
    ($($command:ty),*) => {$(
        impl HasStep for $command {
            fn assignment(&self) -> kernel::AssignmentId {
                self.step.assignment_id
            }
        }
    )*};
}
has_step!(Sign, NotifyAcceptance, Object, Extend, IssueOpinion, RecordService, Complete, AnswerCo);
