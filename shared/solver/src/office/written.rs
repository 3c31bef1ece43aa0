//! A plan as files and screens have it: by names, with its score and why each item left out is left out.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cost, Meeting, Model, Plan, WhyNot, cost, fits, why_not};
use crate::ProblemError;

/// A plan by names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Written {
    /// The levels, worst first.
    pub score: String,
    /// The same as numbers.
    pub cost: Cost,
    /// Version of the weights it was judged by.
    pub weights: String,
    /// The seed it was found with.
    pub seed: u64,
    /// The meetings, earliest first.
    pub meetings: Vec<WrittenMeeting>,
    /// Items on no agenda, and why.
    pub deferred: Vec<Deferred>,
}

/// A meeting by names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WrittenMeeting {
    /// Which of the published meetings it continues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<usize>,
    /// Its kind.
    pub kind: String,
    /// Its day.
    pub on: NaiveDate,
    /// Its first minute.
    pub minute: u32,
    /// Its room.
    pub room: String,
    /// Its agenda in order.
    pub items: Vec<String>,
}

/// An item on no agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deferred {
    /// The item.
    pub item: String,
    /// Why.
    pub why: WhyNot,
}

impl Written {
    /// Writes a plan.
    #[must_use]
    pub fn new(model: &Model, plan: &Plan, seed: u64) -> Self {
        let name = |item: &usize| model.items.get(*item).map(|i| i.id.clone()).unwrap_or_default();
        let meetings = plan.meetings.iter().map(|m| {
            let (on, minute) = model.when(m.start);
            WrittenMeeting {
                published: m.published,
                kind: model.kinds.get(m.kind).map(|k| k.name.clone()).unwrap_or_default(),
                on,
                minute,
                room: model.rooms.get(m.room).map(|r| r.name.clone()).unwrap_or_default(),
                items: m.items.iter().map(name).collect(),
            }
        });
        let deferred = (0..model.items.len())
            .filter(|i| !plan.meetings.iter().any(|m| m.items.contains(i)))
            .map(|i| Deferred { item: name(&i), why: why_not(model, i) });
        let cost = cost(model, plan);
        Self {
            score: cost.to_string(),
            cost,
            weights: model.weights.version.clone(),
            seed,
            meetings: meetings.collect(),
            deferred: deferred.collect(),
        }
    }

    /// Reads it back.
    ///
    /// # Errors
    /// Names the field that the model does not know.
    pub fn plan(&self, model: &Model) -> Result<Plan, ProblemError> {
        let mut plan = Plan::default();
        for (at, m) in self.meetings.iter().enumerate() {
            let unknown = |field: &str| {
                ProblemError::at(format!("meetings[{at}].{field}"), "is not known to the problem")
            };
            let items = m.items.iter().map(|id| model.items.iter().position(|i| i.id == *id));
            plan.meetings.push(Meeting {
                published: m.published,
                kind: model.kinds.iter().position(|k| k.name == m.kind).ok_or_else(|| unknown("kind"))?,
                start: model.grain_at(m.on, m.minute).ok_or_else(|| unknown("on"))?,
                room: model.rooms.iter().position(|r| r.name == m.room).ok_or_else(|| unknown("room"))?,
                items: items.collect::<Option<_>>().ok_or_else(|| unknown("items"))?,
            });
        }
        if fits(model, &plan) {
            Ok(plan)
        } else {
            Err(ProblemError::at("meetings", "an agenda is empty, or an item is on two of them"))
        }
    }
}
