//! What the office makes of refusals: it rules on objections and records who was found competent.

use chrono::Days;
use contracts::{
    codes::{AssignmentState, MatterState},
    routing::{
        Decider,
        commands::{
            DecideCompetence, MatterView, RejectObjection, RuleOnObjection, ShowMatter, UpholdObjection,
        },
    },
};

use kernel::Actor;

use super::{
    office::told,
    world::{AGENCIES, World, code},
};

impl World {
    /// 同意 or 不同意异议; some commands come with a version of long ago.
    pub async fn rule(&mut self) -> String {
        // A co-agency's objection leaves the matter in any state.
        let wanted = if self.dice.percent(80) { &[MatterState::Objected][..] } else { &[] };
        let (actor, view) = match self.matter_in(wanted).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let open = view.assignments.iter().rev().find(|a| a.state == AssignmentState::Objected);
        let Some(open) = open else { return "nothing to rule on".to_owned() };
        let stale = self.dice.percent(10);
        let rule = RuleOnObjection {
            matter_id: view.matter_id,
            expected_version: if stale { view.version - 1 } else { view.version },
            assignment_id: open.assignment_id,
            reason: "other".to_owned(),
            note: None,
        };
        let answer = if self.dice.percent(55) {
            self.people.ask("routing", &actor, None, &UpholdObjection { rule }).await
        } else {
            self.people.ask("routing", &actor, None, &RejectObjection { rule }).await
        };
        if stale && answer.is_ok() {
            self.broke.push(format!("a stale ruling on {} was carried out", view.matter_id));
        }
        format!("{} of {}: {}", view.matter_id, open.agency, told(answer))
    }

    /// 指定管辖
    pub async fn decide(&mut self) -> String {
        match self.matter_in(&[MatterState::Disputed]).await {
            Ok((actor, view)) => self.decide_on(actor, view).await,
            Err(why) => why,
        }
    }

    /// In a healed world every dispute is decided.
    pub async fn decide_on_all(&mut self) {
        for (id, _) in self.people.known() {
            for actor in [self.people.screener.clone(), self.people.officer.clone()] {
                let asked = self.people.ask("routing", &actor, None, &ShowMatter { matter_id: id }).await;
                let Ok(view) = asked else { continue };
                if view.restricted == (actor.user == self.people.officer.user) {
                    self.decide_on(actor, view).await;
                }
            }
        }
    }

    async fn decide_on(&mut self, actor: Actor, view: MatterView) -> String {
        let Some(dispute) = &view.dispute else { return "no dispute".to_owned() };
        let by = match &dispute.deciders {
            Decider::Superior(unit) => format!("superior:{unit}"),
            Decider::Conference => "resolution:rs-1".to_owned(),
        };
        let limit = self.clocks.business.today().checked_add_days(Days::new(40));
        let lead = AGENCIES[self.dice.below(AGENCIES.len())];
        let co = self.helpers(lead, &view.claims);
        let command = DecideCompetence {
            matter_id: view.matter_id,
            expected_version: view.version,
            lead: code(lead),
            due_on: limit.unwrap_or_else(|| self.clocks.business.today()),
            by,
            document_number: "云政办函〔2026〕1号".to_owned(),
            dissent: self.dice.percent(20),
            co,
        };
        let lead = command.lead.clone();
        let answer = self.people.ask("routing", &actor, None, &command).await;
        format!("{} to {lead}: {}", view.matter_id, told(answer))
    }

    /// In a healed world the office answers every open objection.
    pub async fn rule_on_all(&mut self) {
        for (id, _) in self.people.known() {
            for actor in [self.people.screener.clone(), self.people.officer.clone()] {
                let asked = self.people.ask("routing", &actor, None, &ShowMatter { matter_id: id }).await;
                let Ok(view) = asked else { continue };
                // Of an accusation its officer rules, of everything else the screener.
                if view.restricted != (actor.user == self.people.officer.user) {
                    continue;
                }
                let open = view.assignments.iter().find(|a| a.state == AssignmentState::Objected);
                let Some(open) = open else { continue };
                let rule = RuleOnObjection {
                    matter_id: id,
                    expected_version: view.version,
                    assignment_id: open.assignment_id,
                    reason: "other".to_owned(),
                    note: None,
                };
                let answer = self.people.ask("routing", &actor, None, &RejectObjection { rule }).await;
                if let Err(refusal) = answer {
                    self.broke.push(format!("{id}: an open objection cannot be ruled on: {}", refusal.code));
                }
            }
        }
    }
}
