//! 撤并与承继 (Art. 24): who has the functions of an agency that ended, and how a case leaves it.

use chrono::NaiveDate;
use contracts::{
    codes::AssignmentState,
    routing::{AssignmentRecalledV1, RecallDispatchV1, Succession},
};
use kernel::{AgencyCode, Refusal, RegionCode};

use super::{
    agency::{Agency, Register},
    fact::Fact,
    matter::Matter,
};
use crate::error;

/// Why an assignment was taken back that its ended agency held.
pub const AGENCY_ENDED: &str = "agency_ended";

/// No chain of successors is followed further.
const GENERATIONS_AT_MOST: usize = 8;

/// What a case is about, as successors share the functions.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Code of the catalogue, once it is decided.
    pub category: Option<&'a str>,
    /// Where the problem is.
    pub place: Option<&'a RegionCode>,
}

impl Register {
    /// An agency that exists on a day.
    ///
    /// # Errors
    /// `unknown_agency`, `agency_not_yet`, or `agency_ended`, which names the successors.
    pub fn open_on(&self, code: &AgencyCode, day: NaiveDate) -> Result<&Agency, Refusal> {
        let agency = self.get(code).ok_or_else(|| error::UNKNOWN_AGENCY.refuse().with("code", code))?;
        if agency.exists_on(day) {
            return Ok(agency);
        }
        match agency.valid_to {
            Some(last) if last < day => {
                let heirs: Vec<_> = self.heirs(code, day).iter().map(ToString::to_string).collect();
                let heirs = if heirs.is_empty() { "—".to_owned() } else { heirs.join("、") };
                let refusal = error::AGENCY_ENDED.refuse().with("code", code).with("last", last);
                Err(refusal.with("successors", heirs))
            }
            _ => Err(error::AGENCY_NOT_YET.refuse().with("code", code).with("from", agency.valid_from)),
        }
    }

    /// Every unit that has functions of an ended one on a day, through all generations.
    #[must_use]
    pub fn heirs(&self, code: &AgencyCode, day: NaiveDate) -> Vec<AgencyCode> {
        self.follow(code, day, &|_| true)
    }

    /// Who of them has the function that a case is about. A share that names neither category nor region has all.
    #[must_use]
    pub fn heirs_for(&self, code: &AgencyCode, about: About<'_>, day: NaiveDate) -> Vec<AgencyCode> {
        self.follow(code, day, &|share| covers(share, about))
    }

    fn follow(
        &self,
        code: &AgencyCode,
        day: NaiveDate,
        wanted: &dyn Fn(&Succession) -> bool,
    ) -> Vec<AgencyCode> {
        let mut found = Vec::new();
        let mut at = vec![code.clone()];
        for _ in 0..GENERATIONS_AT_MOST {
            let mut next = Vec::new();
            for unit in &at {
                let endings = self.get(unit).and_then(|a| a.ending.as_ref());
                for share in endings.into_iter().flat_map(|e| &e.successors).filter(|s| wanted(s)) {
                    let goes_on =
                        self.get(&share.agency).is_some_and(|a| a.valid_to.is_none_or(|d| day <= d));
                    let list = if goes_on { &mut found } else { &mut next };
                    if !list.contains(&share.agency) {
                        list.push(share.agency.clone());
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            at = next;
        }
        found
    }

    /// Whether a unit continues another one that ended: a successor in any generation that did not stand above it.
    #[must_use]
    pub fn continues(&self, unit: &AgencyCode, ended: &AgencyCode) -> bool {
        let all_generations = |code: &AgencyCode| {
            let mut line = vec![code.clone()];
            for _ in 0..GENERATIONS_AT_MOST {
                let heirs = line.iter().filter_map(|c| self.get(c)?.ending.as_ref());
                let fresh: Vec<_> = heirs
                    .flat_map(|e| e.successors.iter().map(|s| s.agency.clone()))
                    .filter(|c| !line.contains(c))
                    .collect();
                if fresh.is_empty() {
                    break;
                }
                line.extend(fresh);
            }
            line
        };
        let stood_above = self.above(ended).any(|above| above == unit);
        !stood_above && all_generations(ended).contains(unit)
    }
}

fn covers(share: &Succession, about: About<'_>) -> bool {
    let within = |code: &str| {
        share.categories.iter().any(|c| c == code || code.strip_prefix(c).is_some_and(|r| r.starts_with('.')))
    };
    let category = share.categories.is_empty() || about.category.is_none_or(within);
    let region =
        share.regions.is_empty() || about.place.is_none_or(|p| share.regions.iter().any(|r| p.is_within(r)));
    category && region
}

/// Takes a case back from its lead, which ends: also after acceptance, since nobody is there any more to go on.
/// An opinion that was issued stands; what is left of such a case is served and completed where it lies [D].
///
/// # Errors
/// No lead at work, one that goes on, or an opinion that stands.
pub fn take_back(
    matter: &Matter,
    register: &Register,
    today: NaiveDate,
) -> Result<(Fact, RecallDispatchV1), Refusal> {
    let lead = matter.active().ok_or_else(|| matter.forbids("reassign"))?;
    if register.get(&lead.agency).is_none_or(|a| a.valid_to.is_none()) {
        return Err(error::AGENCY_GOES_ON.refuse().with("code", &lead.agency));
    }
    if matches!(lead.state, AssignmentState::OpinionIssued | AssignmentState::Served) {
        return Err(error::OPINION_STANDS.refuse().when(lead.state.code(), "reassign"));
    }
    let fact = Fact::Recalled(AssignmentRecalledV1 {
        matter_id: matter.id,
        assignment_id: lead.id,
        assignment_no: lead.no,
        agency: lead.agency.clone(),
        recalled_on: today,
        reason: AGENCY_ENDED.to_owned(),
    });
    let dispatch = RecallDispatchV1 {
        matter_id: matter.id,
        assignment_id: lead.id,
        assignment_no: lead.no,
        agency: lead.agency.clone(),
        reason: AGENCY_ENDED.to_owned(),
    };
    Ok((fact, dispatch))
}
