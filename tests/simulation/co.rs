//! 主办与协办: units are asked for their parts with the hand-over and later, and let go.

use chrono::Days;
use contracts::{
    codes::{AssignmentRole, AssignmentState, CoReleaseReason, MatterState},
    routing::commands::{AddCo, ClaimView, CoHandler, ReleaseCo},
};

use super::{
    office::told,
    world::{AGENCIES, World, code},
};

impl World {
    /// Who helps a lead: mostly nobody; once in a while the lead itself, which is refused.
    pub fn helpers(&mut self, lead: &str, claims: &[ClaimView]) -> Vec<CoHandler> {
        if !self.dice.percent(40) {
            return Vec::new();
        }
        let slip = self.dice.percent(5);
        let others: Vec<&str> = AGENCIES.iter().copied().filter(|unit| slip || *unit != lead).collect();
        let most = 1 + self.dice.below(others.len());
        others.into_iter().take(most).map(|unit| self.helper(unit, claims)).collect()
    }

    fn helper(&mut self, unit: &str, claims: &[ClaimView]) -> CoHandler {
        let days = 5 + u64::try_from(self.dice.below(20)).unwrap_or(0);
        let today = self.clocks.business.today();
        let all = self.dice.percent(60);
        CoHandler {
            agency: code(unit),
            due_on: today.checked_add_days(Days::new(days)).unwrap_or(today),
            claims: claims.iter().take(usize::from(!all)).map(|claim| claim.claim_no).collect(),
            task: None,
            with_identity: self.dice.percent(20),
        }
    }

    /// 增加协办
    pub async fn add_co(&mut self) -> String {
        let wanted = [MatterState::Forwarded, MatterState::Assigned, MatterState::Handling];
        let (actor, view) = match self.matter_in(&wanted).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let unit = AGENCIES[self.dice.below(AGENCIES.len())];
        let command = AddCo {
            matter_id: view.matter_id,
            expected_version: view.version,
            co: self.helper(unit, &view.claims),
            override_reason: self.dice.percent(50).then(|| "仍需该单位协办".to_owned()),
        };
        let answer = self.people.ask("routing", &actor, None, &command).await;
        format!("{} helped by {unit}: {}", view.matter_id, told(answer))
    }

    /// 解除协办; some commands come with a version of long ago.
    pub async fn release_co(&mut self) -> String {
        let (actor, view) = match self.matter_in(&[]).await {
            Ok(found) => found,
            Err(why) => return why,
        };
        let asked = |a: &&contracts::routing::commands::AssignmentView| {
            a.role == AssignmentRole::Co
                && !matches!(
                    a.state,
                    AssignmentState::Answered | AssignmentState::Recalled | AssignmentState::Returned
                )
        };
        let Some(part) = view.assignments.iter().find(asked) else {
            return "no part is asked for".to_owned();
        };
        let stale = self.dice.percent(10);
        let command = ReleaseCo {
            matter_id: view.matter_id,
            expected_version: if stale { view.version - 1 } else { view.version },
            assignment_id: part.assignment_id,
            reason: CoReleaseReason::NotNeeded,
        };
        let answer = self.people.ask("routing", &actor, None, &command).await;
        if stale && answer.is_ok() {
            self.broke.push(format!("a stale release on {} was carried out", view.matter_id));
        }
        format!("{} without {}: {}", view.matter_id, part.agency, told(answer))
    }
}
