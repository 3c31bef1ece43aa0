//! What people of the office do, and petitioners.

use chrono::Days;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, AssignmentState, Level, MatterState, Purpose, Route},
    intake::commands::{LinkRepeat, LookUp, OpenContent, Registration},
    routing::commands::{
        Forward, HandOver, MatterView, NameAccused, Recall, RestrictedQueue, Screen, ShowMatter,
    },
};
use kernel::{Actor, Refusal, SubmissionId};

use super::{
    people::Old,
    world::{AGENCIES, JIWEI, LAOJIAN, RENSHE, World, code},
};

/// Submissions of one world: few, so that each sees much.
const MOST_SLIPS: usize = 8;

pub fn told<T>(answer: Result<T, Refusal>) -> String {
    answer.map_or_else(|refusal| refusal.code.to_string(), |_| "done".to_owned())
}

impl World {
    /// A new submission is sent in once.
    pub async fn register_new(&mut self) -> String {
        if self.people.slips.len() >= MOST_SLIPS {
            return self.register_again().await;
        }
        let purpose = match self.dice.below(10) {
            0 | 1 => Purpose::Accusation,
            2 => Purpose::Suggestion,
            _ => Purpose::Claim,
        };
        let portal = purpose != Purpose::Accusation && self.dice.percent(30);
        let claims = 1 + self.dice.below(3);
        let slip = self.people.write(purpose, portal, claims);
        self.send_in(slip).await
    }

    /// The same form again, under its key: by one who got no answer, or by one who did.
    pub async fn register_again(&mut self) -> String {
        let slip = self.dice.below(self.people.slips.len());
        if self.people.slips.is_empty() { "nobody".to_owned() } else { self.send_in(slip).await }
    }

    pub async fn send_in(&mut self, n: usize) -> String {
        let slip = &self.people.slips[n];
        let (sender, key, command) = (slip.sender.clone(), slip.key.clone(), slip.command.clone());
        let answer = self.people.ask("intake", &sender, Some(&key), &command).await;
        let slip = &mut self.people.slips[n];
        match answer {
            Ok(Registration::Registered(receipt)) => {
                let words = format!("slip {n} is {}", receipt.number);
                match &slip.receipt {
                    Some(first) if *first != receipt => slip.other_receipt = Some(receipt),
                    Some(_) => {}
                    None => slip.receipt = Some(receipt),
                }
                words
            }
            Ok(Registration::Unconfirmed { .. }) => {
                slip.refused = true;
                format!("slip {n} is doubted")
            }
            Err(refusal) => format!("slip {n}: {}", refusal.code),
        }
    }

    /// A petitioner looks up by number and code.
    pub async fn look_up(&mut self) -> String {
        let pairs: Vec<_> = self.people.slips.iter().filter_map(|s| s.receipt.clone()).collect();
        let Some(receipt) = self.dice.pick(&pairs).cloned() else { return "nobody".to_owned() };
        let command = LookUp { number: receipt.number.clone(), query_code: receipt.query_code };
        let visitor = self.people.visitor.clone();
        let answer = self.people.ask("intake", &visitor, None, &command).await;
        match answer {
            Ok(found) if found.submission_id == receipt.submission_id => "found".to_owned(),
            Err(refusal) if refusal.kind == kernel::ErrorKind::Unavailable => refusal.code.to_string(),
            Ok(_) | Err(_) => {
                self.broke
                    .push(format!("{} with its own code does not open its own submission", receipt.number));
                "lost".to_owned()
            }
        }
    }

    /// A matter that somebody told of, with who may route it.
    async fn some_matter(&mut self) -> Result<(Actor, MatterView), String> {
        self.matter_in(&[]).await
    }

    /// A matter, if possible in one of these states: people do not try just anything.
    pub async fn matter_in(&mut self, wanted: &[MatterState]) -> Result<(Actor, MatterView), String> {
        let known = self.people.known();
        let mut found = Err("nobody".to_owned());
        for _ in 0..4 {
            let Some((id, purpose)) = self.dice.pick(&known).copied() else { return found };
            let officer = purpose == Purpose::Accusation || self.dice.percent(5);
            let actor = if officer { self.people.officer.clone() } else { self.people.screener.clone() };
            match self.people.ask("routing", &actor, None, &ShowMatter { matter_id: id }).await {
                Ok(view) if wanted.is_empty() || wanted.contains(&view.state) => return Ok((actor, view)),
                Ok(view) => found = Ok((actor, view)),
                Err(refusal) => found = found.or(Err(refusal.code.to_string())),
            }
        }
        found
    }

    fn wish(&mut self, view: &MatterView) -> HandOver {
        let agency = if view.restricted && self.dice.percent(70) {
            JIWEI
        } else {
            AGENCIES[self.dice.below(AGENCIES.len())]
        };
        let assign = self.dice.percent(40);
        let limit = self.clocks.business.today().checked_add_days(Days::new(30));
        HandOver {
            agency: code(agency),
            mode: if assign { AssignmentMode::Assign } else { AssignmentMode::Forward },
            limit_on: limit.filter(|_| assign),
            // A unit that refused gets it again once in a while.
            override_reason: self.dice.percent(30).then(|| "首办单位".to_owned()),
            co: self.helpers(agency, &view.claims),
        }
    }

    /// 甄别, mostly with the hand-over in one step.
    pub async fn screen(&mut self) -> String {
        let (actor, view) = match self.matter_in(&[MatterState::Registered]).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let purpose = if self.dice.percent(6) { Purpose::Accusation } else { view.purpose };
        let is_claim = purpose == Purpose::Claim;
        let route = if self.dice.percent(80) { Route::R6 } else { Route::R2 };
        let hand_over = if self.dice.percent(70) { Some(self.wish(&view)) } else { None };
        let command = Screen {
            matter_id: view.matter_id,
            expected_version: view.version,
            purpose,
            category: (purpose != Purpose::Accusation).then(|| "labour.wages".to_owned()),
            route: is_claim.then_some(route),
            level: Level::City,
            hand_over,
            seen: None,
        };
        let to = command.hand_over.as_ref().map_or("nobody", |h| h.agency.as_str()).to_owned();
        self.people.remember(Old::Screen(actor.clone(), command.clone()));
        let answer = self.people.ask("routing", &actor, None, &command).await;
        format!("{} to {to}: {}", view.matter_id, told(answer))
    }

    /// 转送 or 交办 of a screened matter.
    pub async fn forward(&mut self) -> String {
        let (actor, view) = match self.matter_in(&[MatterState::Screened, MatterState::Returned]).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let hand_over = self.wish(&view);
        let command = Forward { matter_id: view.matter_id, expected_version: view.version, hand_over };
        let to = command.hand_over.agency.clone();
        self.people.remember(Old::Forward(actor.clone(), command.clone()));
        let answer = self.people.ask("routing", &actor, None, &command).await;
        format!("{} to {to}: {}", view.matter_id, told(answer))
    }

    /// 撤回误转
    pub async fn recall(&mut self) -> String {
        let (actor, view) = match self.matter_in(&[MatterState::Forwarded, MatterState::Assigned]).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let leads = view.assignments.iter().rev().find(|a| a.role == AssignmentRole::Lead);
        let Some(last) = leads else { return "nothing to recall".to_owned() };
        let command = Recall {
            matter_id: view.matter_id,
            expected_version: view.version,
            assignment_id: last.assignment_id,
            reason: "wrong_agency".to_owned(),
        };
        let from = last.agency.clone();
        self.people.remember(Old::Recall(actor.clone(), command.clone()));
        let answer = self.people.ask("routing", &actor, None, &command).await;
        format!("{} from {from}: {}", view.matter_id, told(answer))
    }

    /// An accusation is offered to the unit it accuses, or to one under it: that must be refused.
    pub async fn betray(&mut self) -> String {
        let slips: Vec<(SubmissionId, _)> = self
            .people
            .slips
            .iter()
            .filter_map(|s| {
                Some((s.receipt.as_ref()?.submission_id, s.command.accused_agencies.first()?.clone()))
            })
            .collect();
        let Some((id, accused)) = self.dice.pick(&slips).cloned() else { return "nobody".to_owned() };
        let actor = self.people.officer.clone();
        let view = match self.people.ask("routing", &actor, None, &ShowMatter { matter_id: id }).await {
            Ok(view) => view,
            Err(refusal) => return refusal.code.to_string(),
        };
        let to = if accused.as_str() == RENSHE && self.dice.percent(50) { code(LAOJIAN) } else { accused };
        let hand_over = HandOver {
            agency: to.clone(),
            mode: AssignmentMode::Forward,
            limit_on: None,
            override_reason: None,
            co: Vec::new(),
        };
        let command = Forward { matter_id: id, expected_version: view.version, hand_over };
        match self.people.ask("routing", &actor, None, &command).await {
            Ok(_) => {
                self.broke.push(format!("the accusation {id} was handed to {to}, which it accuses"));
                "betrayed".to_owned()
            }
            Err(refusal) => format!("{id} to {to}: {}", refusal.code),
        }
    }

    /// The officer names a further unit.
    pub async fn name_accused(&mut self) -> String {
        let (actor, view) = match self.some_matter().await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let unit = code(LAOJIAN);
        let held = view.assignments.iter().any(|a| a.agency == unit && a.state != AssignmentState::Recalled);
        if !view.restricted || held {
            return "not this one".to_owned();
        }
        let command =
            NameAccused { matter_id: view.matter_id, expected_version: view.version, agencies: vec![unit] };
        let answer = self.people.ask("routing", &actor, None, &command).await;
        format!("{}: {}", view.matter_id, told(answer))
    }

    /// 认定重复件
    pub async fn link_repeat(&mut self) -> String {
        let known = self.people.known();
        let (Some((first, _)), Some((second, _))) =
            (self.dice.pick(&known).copied(), self.dice.pick(&known).copied())
        else {
            return "nobody".to_owned();
        };
        let actor = self.people.screener.clone();
        let command =
            LinkRepeat { submission_id: first, matter_id: second, reason: "同一事项".to_owned() };
        let answer = self.people.ask("intake", &actor, None, &command).await;
        format!("{first} to {second}: {}", told(answer))
    }

    /// The office reads a text; a screener also tries accusations, which must not exist for them.
    pub async fn read(&mut self) -> String {
        let known = self.people.known();
        let Some((id, purpose)) = self.dice.pick(&known).copied() else { return "nobody".to_owned() };
        let actor = self.people.screener.clone();
        let command = OpenContent { submission_id: id, purpose: contracts::codes::OpenPurpose::Screening };
        match self.people.ask("intake", &actor, None, &command).await {
            Ok(_) if purpose == Purpose::Accusation => {
                self.broke.push(format!("a screener read the accusation {id}"));
                "leaked".to_owned()
            }
            answer => format!("{id}: {}", told(answer)),
        }
    }

    /// A command of long ago arrives once more.
    pub async fn repeat_old(&mut self) -> String {
        let Some(old) = self.dice.pick(&self.people.old).cloned() else { return "nobody".to_owned() };
        match old {
            Old::Screen(actor, c) => {
                format!(
                    "screen {}: {}",
                    c.matter_id,
                    told(self.people.ask("routing", &actor, None, &c).await)
                )
            }
            Old::Forward(actor, c) => {
                format!(
                    "forward {}: {}",
                    c.matter_id,
                    told(self.people.ask("routing", &actor, None, &c).await)
                )
            }
            Old::Recall(actor, c) => {
                format!(
                    "recall {}: {}",
                    c.matter_id,
                    told(self.people.ask("routing", &actor, None, &c).await)
                )
            }
        }
    }

    /// The restricted queue; a closed door to a screener.
    pub async fn restricted_queue(&mut self) -> String {
        let screener = self.people.screener.clone();
        let query = RestrictedQueue { page: contracts::PageRequest::default() };
        if self.people.ask("routing", &screener, None, &query).await.is_ok() {
            self.broke.push("a screener read the restricted queue".to_owned());
        }
        let officer = self.people.officer.clone();
        match self.people.ask("routing", &officer, None, &query).await {
            Ok(page) => {
                let open = page.items.iter().filter(|r| r.state == MatterState::Registered).count();
                format!("{} accusations, {open} to screen", page.items.len())
            }
            Err(refusal) => refusal.code.to_string(),
        }
    }
}
