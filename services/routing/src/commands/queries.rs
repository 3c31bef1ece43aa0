//! What routing shows.

use contracts::{
    Page, PageRequest,
    agency::ClaimOutcome,
    routing::{
        AgencyListedV1,
        commands::{
            AgencyRow, AssignmentView, CategoryRow, ClaimView, CoShare, DisputeView, MatterView,
            ObjectionView, RestrictedRow, RulingView,
        },
    },
};
use db::{StoreError, Tx};
use kernel::{Actor, MatterId};

use super::Outcome;
use crate::{
    domain::{
        agency::Agency,
        catalogue::Catalogue,
        co::Share,
        matter::{Assignment, Matter},
        objection::Objection,
    },
    error, rights, store,
};

/// One matter.
pub async fn matter(tx: &mut Tx<'_>, actor: &Actor, id: MatterId) -> Outcome<MatterView> {
    let Some(matter) = store::load(tx, id).await? else { return Ok(Err(error::NO_SUCH_MATTER.refuse())) };
    Ok(rights::may_see(actor, &matter).map(|()| view(matter)))
}

fn view(matter: Matter) -> MatterView {
    let claims = matter.claims.into_iter().map(|c| ClaimView {
        claim_no: c.no,
        holder: c.holder,
        outcome: c.outcome.map(|outcome| ClaimOutcome { claim_no: c.no, outcome }),
    });
    MatterView {
        matter_id: matter.id,
        version: matter.version,
        state: matter.state,
        restricted: matter.restricted,
        purpose: matter.purpose,
        category: matter.category,
        route: matter.route,
        place_region: matter.place_region,
        received_on: matter.received_on,
        t01: matter.t01,
        categories: matter.categories,
        agencies: matter.agencies,
        claims: claims.collect(),
        assignments: matter.assignments.into_iter().map(assignment).collect(),
        bounces: matter.bounces,
        dispute: matter.dispute.map(|d| DisputeView {
            agencies: d.agencies,
            raised_on: d.raised_on,
            deciders: d.deciders,
        }),
    }
}

fn assignment(a: Assignment) -> AssignmentView {
    AssignmentView {
        assignment_id: a.id,
        assignment_no: a.no,
        agency: a.agency,
        mode: a.mode,
        state: a.state,
        document_number: a.document_number,
        legal_ground: a.legal_ground,
        sent_on: a.sent_on,
        limit_on: a.limit_on,
        days: a.days,
        dues: a.dues,
        papers: a.papers,
        close_code: a.close_code,
        binding: a.binding,
        override_reason: a.override_reason,
        objections: a.objections.into_iter().map(objection).collect(),
        role: a.role,
        share: a.share.map(share),
    }
}

fn share(s: Share) -> CoShare {
    CoShare {
        lead_no: s.lead_no,
        claims: s.claims,
        task: s.task,
        outcomes: s.outcomes,
        released: s.released,
        with_identity: s.with_identity,
    }
}

fn objection(o: Objection) -> ObjectionView {
    ObjectionView {
        objected_on: o.objected_on,
        late: o.late,
        proposed_agency: o.proposed_agency,
        content_id: o.content_id,
        ruling: o.ruling.map(|r| RulingView {
            ruling: r.ruling,
            reason: r.reason,
            note: r.note,
            decided_on: r.decided_on,
        }),
    }
}

/// One page of the restricted queue.
pub async fn restricted_queue(
    tx: &mut Tx<'_>,
    actor: &Actor,
    page: &PageRequest,
) -> Outcome<Page<RestrictedRow>> {
    if let Err(refusal) = rights::may_read_restricted(actor) {
        return Ok(Err(refusal));
    }
    let rows = page.rows();
    let items = store::restricted_page(tx, page.after.as_deref().unwrap_or_default(), rows).await?;
    let full = i64::try_from(items.len()).unwrap_or(i64::MAX) >= rows;
    let next = items.last().filter(|_| full).map(|r| r.matter_id.to_string());
    Ok(Ok(Page { items, next }))
}

/// The register.
pub async fn agencies(tx: &mut Tx<'_>) -> Result<Vec<AgencyRow>, StoreError> {
    Ok(store::register(tx).await?.all().map(agency_row).collect())
}

/// What is published of an agency.
#[must_use]
pub fn listed(agency: &Agency) -> AgencyListedV1 {
    AgencyListedV1 {
        agency: agency.code.clone(),
        name_zh: agency.name_zh.clone(),
        name_en: agency.name_en.clone(),
        level: agency.level,
        region: agency.region.clone(),
        superior: agency.superior.clone(),
        computer: agency.computer,
        email: (!agency.email.is_empty()).then(|| agency.email.clone()),
        valid_from: agency.valid_from,
        valid_to: agency.valid_to,
        successors: successors(agency),
    }
}

fn successors(agency: &Agency) -> Vec<kernel::AgencyCode> {
    let shares = agency.ending.iter().flat_map(|e| &e.successors);
    let mut found = Vec::new();
    for share in shares {
        if !found.contains(&share.agency) {
            found.push(share.agency.clone());
        }
    }
    found
}

/// An agency as lists show it.
#[must_use]
pub fn agency_row(agency: &Agency) -> AgencyRow {
    AgencyRow {
        listed: listed(agency),
        site: agency.site.clone(),
        competence: agency.competence.iter().flat_map(|c| c.categories.iter().cloned()).collect(),
        telephone: agency.telephone.clone(),
    }
}

/// The catalogue.
#[must_use]
pub fn categories(catalogue: &Catalogue) -> Vec<CategoryRow> {
    let row = |c: &crate::domain::catalogue::Category| CategoryRow {
        code: c.code.clone(),
        parent: c.parent.clone(),
        name_zh: c.name_zh.clone(),
        name_en: c.name_en.clone(),
        service_request: c.service_request,
    };
    catalogue.categories.iter().map(row).collect()
}
