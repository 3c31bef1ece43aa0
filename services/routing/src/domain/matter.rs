//! 信访事项: the matter, its claims and its assignments, and how facts change them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    Due,
    codes::{
        AssignmentMode, AssignmentRole, AssignmentState, Channel, CloseCode, CoReleaseReason, MatterState,
        Outcome, Purpose, Route,
    },
    routing::{AssignmentDeliveredV1, CoReleasedV1, MatterCoAnsweredV1, Proposal, Ruling},
};
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, Refusal, RegionCode};
use serde::{Deserialize, Serialize};

use super::{
    co::Share,
    dispute::Dispute,
    fact::Fact,
    objection::{Objection, Ruled},
};
use crate::error;

/// Holder of a claim that lies with the office.
pub const OFFICE: &str = "office";

/// 视为受理, among the days of an assignment.
pub const DEEMED: &str = "deemed_accepted";

/// 诉求: one claim, and who holds it (invariant 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// From 1.
    pub no: i64,
    /// [`OFFICE`], or an agency's code.
    pub holder: String,
    /// Answered so.
    #[serde(default)]
    pub outcome: Option<Outcome>,
}

/// What is known of the submission; codes, dates and hashes alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Public number; absent for an accusation.
    #[serde(default)]
    pub number: Option<String>,
    /// How it came; absent for an accusation.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// Number of people.
    pub heads: i64,
    /// 联名.
    pub joint: bool,
    /// Nobody gave a name.
    pub anonymous: bool,
    /// The petitioner asked that the identity not be passed on.
    pub identity_withheld: bool,
    /// The sealed text.
    #[serde(default)]
    pub content_id: Option<ContentId>,
    /// Its hash, hex.
    #[serde(default)]
    pub content_hash: Option<String>,
}

/// 交转件: one agency's job on a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// Fencing number.
    pub no: i64,
    /// Whom it went to.
    pub agency: AgencyCode,
    /// 转送 or 交办.
    pub mode: AssignmentMode,
    /// Its state.
    pub state: AssignmentState,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// Ground in Art. 22.
    pub legal_ground: String,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// Limit under a 交办.
    pub limit_on: Option<NaiveDate>,
    /// Number of the dispatch at the agency.
    pub dispatch_seq: i64,
    /// Days as used, by code word of the state.
    pub days: BTreeMap<String, NaiveDate>,
    /// Days as the agency stated them, where they differ.
    pub stated: BTreeMap<String, NaiveDate>,
    /// Limits, running and met.
    pub dues: Vec<Due>,
    /// Papers: kind and content.
    pub papers: Vec<(String, ContentId)>,
    /// How it ended.
    pub close_code: Option<CloseCode>,
    /// Follows a decision on competence: no objection any more (Art. 24).
    pub binding: bool,
    /// Why it went to a unit that had refused the matter; the office's own words.
    pub override_reason: Option<String>,
    /// Objections, oldest first.
    pub objections: Vec<Objection>,
    /// 主办 or 协办.
    pub role: AssignmentRole,
    /// Of a co-agency: its share of the case.
    pub share: Option<Share>,
}

impl Assignment {
    /// Whether somebody still works on it: neither taken or given back, nor ended.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        !matches!(
            self.state,
            AssignmentState::Recalled
                | AssignmentState::Closed
                | AssignmentState::Returned
                | AssignmentState::Answered
        )
    }

    /// Whether it ended without an answer.
    #[must_use]
    pub const fn is_given_up(&self) -> bool {
        matches!(self.state, AssignmentState::Recalled | AssignmentState::Returned)
    }

    /// Whether the agency's node has acknowledged it.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.days.contains_key(AssignmentState::Delivered.code())
    }

    /// Where it stands without its objection: T03 never stopped (domain.md 1.5, trap c).
    fn before_objection(&self) -> AssignmentState {
        let reached = |state: AssignmentState| self.days.contains_key(state.code());
        if reached(AssignmentState::Signed) {
            AssignmentState::Signed
        } else if reached(AssignmentState::Delivered) {
            AssignmentState::Delivered
        } else {
            AssignmentState::Sent
        }
    }

    /// Whether its agency's refusal stands.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        let stands = |o: &Objection| o.ruling.as_ref().is_some_and(|r| r.ruling != Ruling::Rejected);
        self.objections.iter().any(stands)
    }

    fn rule(&mut self, ruled: Ruled) {
        if let Some(open) = self.objections.iter_mut().find(|o| o.ruling.is_none()) {
            open.ruling = Some(ruled);
        }
    }

    /// 视为受理: the day from which acceptance is deemed, flagged beside the state (domain.md 2.1).
    #[must_use]
    pub fn deemed_on(&self) -> Option<NaiveDate> {
        self.days.get(DEEMED).copied()
    }

    fn reach(&mut self, state: AssignmentState, on: NaiveDate) {
        self.state = state;
        self.days.insert(state.code().to_owned(), on);
    }
}

/// 信访事项
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its id: that of its first submission.
    pub id: MatterId,
    /// Number of facts so far; guards against writers who saw an older one.
    pub version: i64,
    /// Its state.
    pub state: MatterState,
    /// Class: as stated, then as decided.
    pub purpose: Purpose,
    /// Category as decided.
    pub category: Option<String>,
    /// Route as decided.
    pub route: Option<Route>,
    /// 检举控告.
    pub restricted: bool,
    /// An accusation whose dates and accused units have been asked of intake; true for others.
    pub facts_known: bool,
    /// Where the problem is.
    pub place_region: Option<RegionCode>,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// T01.
    pub t01: Due,
    /// What is known of the submission.
    pub summary: Summary,
    /// Its claims.
    pub claims: Vec<Claim>,
    /// Its assignments, oldest first.
    pub assignments: Vec<Assignment>,
    /// Units that must never get it.
    pub accused: Vec<AgencyCode>,
    /// Proposed categories.
    pub categories: Vec<Proposal>,
    /// Proposed agencies.
    pub agencies: Vec<Proposal>,
    /// Refusals so far.
    pub bounces: i64,
    /// The dispute that waits for a decision.
    pub dispute: Option<Dispute>,
}

impl Matter {
    /// The assignment that counts: the lead's.
    #[must_use]
    pub fn active(&self) -> Option<&Assignment> {
        self.assignments.iter().find(|a| a.is_active() && a.role == AssignmentRole::Lead)
    }

    /// The co-agencies' assignments that belong to a lead's.
    pub fn parts_of(&self, lead_no: i64) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(move |a| a.share.as_ref().is_some_and(|s| s.lead_no == lead_no))
    }

    /// The fencing number of the next assignment.
    #[must_use]
    pub fn next_no(&self) -> i64 {
        self.assignments.iter().map(|a| a.no).max().unwrap_or(0) + 1
    }

    /// Refuses a writer who saw an older version.
    ///
    /// # Errors
    /// `stale_version`.
    pub fn expect_version(&self, expected: i64) -> Result<(), Refusal> {
        if self.version == expected {
            return Ok(());
        }
        Err(error::STALE_VERSION.refuse().at("expected_version").with("found", self.version))
    }

    /// The refusal of an event that the state forbids.
    #[must_use]
    pub fn forbids(&self, event: &str) -> Refusal {
        error::WRONG_STATE.refuse().when(self.state.code(), event)
    }

    fn hold_all(&mut self, holder: &str) {
        for claim in &mut self.claims {
            holder.clone_into(&mut claim.holder);
        }
    }

    fn assignment_mut(&mut self, id: AssignmentId) -> Option<&mut Assignment> {
        self.assignments.iter_mut().find(|a| a.id == id)
    }

    fn reach(
        &mut self,
        id: AssignmentId,
        state: AssignmentState,
        on: NaiveDate,
        paper: Option<(&str, ContentId)>,
        dues: &[Due],
    ) {
        if let Some(assignment) = self.assignment_mut(id) {
            assignment.reach(state, on);
            assignment.papers.extend(paper.map(|(kind, content)| (kind.to_owned(), content)));
            assignment.dues.extend_from_slice(dues);
        }
    }

    /// Changes the matter by what happened. A forwarded matter gets its assignment from the hand-over,
    /// which knows more than the fact says.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Proposed(f) => {
                self.categories.clone_from(&f.categories);
                self.agencies.clone_from(&f.agencies);
            }
            Fact::Screened(f) => {
                self.state = MatterState::Screened;
                self.purpose = f.purpose;
                self.category.clone_from(&f.category);
                self.route = f.route;
                self.restricted = f.restricted;
            }
            Fact::Forwarded(f) => {
                self.state = at_agency(f.mode);
                self.hold_all(f.agency.as_str());
            }
            Fact::Recalled(f) => {
                self.reach(f.assignment_id, AssignmentState::Recalled, f.recalled_on, None, &[]);
                self.state = MatterState::Screened;
                self.hold_all(OFFICE);
            }
            Fact::Delivered(f) => self.deliver(f),
            Fact::Signed(f) => self.reach(f.assignment_id, AssignmentState::Signed, f.signed_on, None, &[]),
            Fact::Accepted(f) => {
                let paper = Some(("acceptance_notice", f.content_id));
                // T06 of a deemed acceptance runs already.
                let known = self.assignment_mut(f.assignment_id).map(|a| a.dues.clone()).unwrap_or_default();
                let fresh: Vec<Due> = f.dues.iter().filter(|due| !known.contains(due)).cloned().collect();
                self.reach(f.assignment_id, AssignmentState::Accepted, f.accepted_on, paper, &fresh);
                self.state = MatterState::Handling;
            }
            Fact::Deemed(f) => {
                if let Some(assignment) = self.assignment_mut(f.assignment_id) {
                    assignment.days.insert(DEEMED.to_owned(), f.accepted_on);
                    assignment.dues.extend_from_slice(&f.dues);
                }
            }
            Fact::Issued(f) => {
                for answer in &f.claims {
                    for claim in self.claims.iter_mut().filter(|c| c.no == answer.claim_no) {
                        claim.outcome = Some(answer.outcome);
                    }
                }
                let paper = Some(("opinion", f.content_id));
                self.reach(f.assignment_id, AssignmentState::OpinionIssued, f.issued_on, paper, &[]);
                self.state = MatterState::OpinionIssued;
            }
            Fact::Served(f) => {
                let paper = Some(("service_record", f.content_id));
                self.reach(f.assignment_id, AssignmentState::Served, f.served_on, paper, &f.dues);
                self.state = MatterState::Served;
            }
            Fact::Closed(f) => {
                let paper = f.report_content_id.map(|content| ("report", content));
                self.reach(f.assignment_id, AssignmentState::Closed, f.closed_on, paper, &[]);
                if let Some(assignment) = self.assignment_mut(f.assignment_id) {
                    assignment.close_code = Some(f.close_code);
                }
                self.state = MatterState::Closed;
            }
            Fact::Extended(f) => {
                if let Some(assignment) = self.assignment_mut(f.assignment_id) {
                    assignment.days.insert(EXTENDED.to_owned(), f.granted_on);
                    assignment.papers.push(("extension_notice".to_owned(), f.content_id));
                    assignment.dues.iter_mut().filter(|due| due.rule == f.due.rule).for_each(|due| {
                        due.clone_from(&f.due);
                    });
                }
                self.state = MatterState::Extended;
            }
            Fact::Objected(_)
            | Fact::ObjectionDecided(_)
            | Fact::DisputeRaised(_)
            | Fact::CompetenceDecided(_) => self.contest(fact),
            Fact::CoAnswered(f) => self.take_part(f),
            Fact::CoReleased(f) => self.let_go(f),
            // The assignment itself comes from the hand-over, which knows more than the fact says.
            Fact::CoAssigned(_) | Fact::SetAside(_) | Fact::ResolutionSetAside(_) => {}
        }
        self.version += 1;
    }

    /// The receipt travels apart from the steps: one that comes late dates the delivery and changes no state.
    fn deliver(&mut self, f: &AssignmentDeliveredV1) {
        if let Some(assignment) = self.assignment_mut(f.assignment_id) {
            if assignment.state == AssignmentState::Sent {
                assignment.state = AssignmentState::Delivered;
            }
            assignment.days.insert(AssignmentState::Delivered.code().to_owned(), f.delivered_on);
            assignment.dues.extend_from_slice(&f.dues);
        }
    }

    /// 已答复主办: the matter stays with the lead.
    fn take_part(&mut self, f: &MatterCoAnsweredV1) {
        let paper = Some(("co_part", f.content_id));
        self.reach(f.assignment_id, AssignmentState::Answered, f.answered_on, paper, &[]);
        if let Some(share) = self.share_mut(f.assignment_id) {
            share.outcomes.clone_from(&f.claims);
        }
    }

    /// 解除协办
    fn let_go(&mut self, f: &CoReleasedV1) {
        self.reach(f.assignment_id, AssignmentState::Recalled, f.released_on, None, &[]);
        if let Some(share) = self.share_mut(f.assignment_id) {
            share.released = Some(f.reason);
        }
    }

    fn share_mut(&mut self, id: AssignmentId) -> Option<&mut Share> {
        self.assignment_mut(id).and_then(|a| a.share.as_mut())
    }

    /// What refusals make of it (Art. 23, 24). A co-agency's refusal is its own affair: it is no bounce of the
    /// matter, which stays with the lead.
    fn contest(&mut self, fact: &Fact) {
        match fact {
            Fact::Objected(f) => {
                let leads = f.role == AssignmentRole::Lead;
                self.bounces += i64::from(leads);
                let paper = Some(("objection", f.content_id));
                self.reach(f.assignment_id, AssignmentState::Objected, f.objected_on, paper, &[]);
                if let Some(assignment) = self.assignment_mut(f.assignment_id) {
                    assignment.objections.push(Objection::lodged(f));
                }
                if leads {
                    self.state = MatterState::Objected;
                }
            }
            Fact::ObjectionDecided(f) => {
                let ruling = if f.upheld { Ruling::Upheld } else { Ruling::Rejected };
                let leads = f.role == AssignmentRole::Lead;
                if let Some(assignment) = self.assignment_mut(f.assignment_id) {
                    assignment.rule(Ruled::new(ruling, &f.reason, f.decided_on));
                    if !f.upheld {
                        assignment.state = assignment.before_objection();
                        if leads {
                            self.state = at_agency(assignment.mode);
                        }
                    }
                }
                if f.upheld && !leads {
                    self.reach(f.assignment_id, AssignmentState::Returned, f.decided_on, None, &[]);
                    if let Some(share) = self.share_mut(f.assignment_id) {
                        share.released = Some(CoReleaseReason::ObjectionUpheld);
                    }
                }
                if f.upheld && leads {
                    self.give_back(f.assignment_id, f.decided_on);
                    self.state = MatterState::Returned;
                }
            }
            Fact::DisputeRaised(f) => {
                if let Some(assignment) = self.assignment_mut(f.assignment_id) {
                    assignment.rule(Ruled::new(Ruling::Disputed, REPEATED, f.raised_on));
                }
                self.give_back(f.assignment_id, f.raised_on);
                self.state = MatterState::Disputed;
                self.dispute = Some(Dispute::of(f));
            }
            // The binding hand-over follows in the same transaction.
            Fact::CompetenceDecided(_) => self.dispute = None,
            Fact::Proposed(_)
            | Fact::Screened(_)
            | Fact::Forwarded(_)
            | Fact::Recalled(_)
            | Fact::Delivered(_)
            | Fact::Signed(_)
            | Fact::Accepted(_)
            | Fact::Deemed(_)
            | Fact::Issued(_)
            | Fact::Served(_)
            | Fact::Closed(_)
            | Fact::Extended(_)
            | Fact::ResolutionSetAside(_)
            | Fact::CoAssigned(_)
            | Fact::CoAnswered(_)
            | Fact::CoReleased(_)
            | Fact::SetAside(_) => {}
        }
    }

    fn give_back(&mut self, id: AssignmentId, on: NaiveDate) {
        self.reach(id, AssignmentState::Returned, on, None, &[]);
        self.hold_all(OFFICE);
    }
}

/// The day of an extension among the days of an assignment, whose state it does not change.
const EXTENDED: &str = "extended";

/// The reason of a ruling that nobody gave: the same unit refused once more.
pub const REPEATED: &str = "repeated";

const fn at_agency(mode: AssignmentMode) -> MatterState {
    match mode {
        AssignmentMode::Forward => MatterState::Forwarded,
        AssignmentMode::Assign => MatterState::Assigned,
    }
}
