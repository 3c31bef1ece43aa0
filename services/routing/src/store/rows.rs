//! Columns ↔ domain: the only place that knows columns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    Due,
    codes::{AssignmentMode, AssignmentRole, AssignmentState, CloseCode, MatterState, Purpose, Route},
    routing::Proposal,
};
use db::{JsonText, StoreError, parse};
use kernel::{AgencyCode, ContentId};

use crate::domain::{
    co::Share,
    dispute::Dispute,
    matter::{Assignment, Claim, Matter, Summary},
    objection::Objection,
};

#[derive(sqlx::FromRow)]
pub struct MatterRow {
    id: String,
    version: i64,
    state: String,
    purpose: String,
    category: Option<String>,
    route: Option<String>,
    restricted: i64,
    facts_known: i64,
    place_region: Option<String>,
    received_on: String,
    t01: JsonText<Due>,
    summary: JsonText<Summary>,
    claims: JsonText<Vec<Claim>>,
    categories: JsonText<Vec<Proposal>>,
    agencies: JsonText<Vec<Proposal>>,
    accused: JsonText<Vec<AgencyCode>>,
    bounces: i64,
    dispute: Option<JsonText<Dispute>>,
}

/// Reads a stored code word.
pub fn code<T>(
    table: &'static str,
    column: &'static str,
    row: &str,
    text: &str,
    from: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    from(text).ok_or_else(|| StoreError::corrupt(table, column, row))
}

impl MatterRow {
    pub fn into_matter(self, assignments: Vec<AssignmentRow>) -> Result<Matter, StoreError> {
        let id = self.id;
        Ok(Matter {
            id: parse("matter", "id", &id, &id)?,
            version: self.version,
            state: code("matter", "state", &id, &self.state, MatterState::from_code)?,
            purpose: code("matter", "purpose", &id, &self.purpose, Purpose::from_code)?,
            category: self.category,
            route: self.route.map(|r| code("matter", "route", &id, &r, Route::from_code)).transpose()?,
            restricted: self.restricted == 1,
            facts_known: self.facts_known == 1,
            place_region: self.place_region.map(|r| parse("matter", "place_region", &id, &r)).transpose()?,
            received_on: parse("matter", "received_on", &id, &self.received_on)?,
            t01: self.t01.0,
            summary: self.summary.0,
            claims: self.claims.0,
            assignments: assignments
                .into_iter()
                .map(AssignmentRow::into_assignment)
                .collect::<Result<_, _>>()?,
            accused: self.accused.0,
            categories: self.categories.0,
            agencies: self.agencies.0,
            bounces: self.bounces,
            dispute: self.dispute.map(|d| d.0),
        })
    }
}

#[derive(sqlx::FromRow)]
pub struct AssignmentRow {
    id: String,
    no: i64,
    agency: String,
    mode: String,
    state: String,
    document_number: String,
    legal_ground: String,
    sent_on: String,
    limit_on: Option<String>,
    dispatch_seq: i64,
    days: JsonText<BTreeMap<String, NaiveDate>>,
    stated: JsonText<BTreeMap<String, NaiveDate>>,
    dues: JsonText<Vec<Due>>,
    papers: JsonText<Vec<(String, ContentId)>>,
    close_code: Option<String>,
    binding: i64,
    override_reason: Option<String>,
    objections: JsonText<Vec<Objection>>,
    role: String,
    share: Option<JsonText<Share>>,
}

impl AssignmentRow {
    fn into_assignment(self) -> Result<Assignment, StoreError> {
        let id = self.id;
        let close = |c: String| code("assignment", "close_code", &id, &c, CloseCode::from_code);
        Ok(Assignment {
            id: parse("assignment", "id", &id, &id)?,
            no: self.no,
            agency: parse("assignment", "agency", &id, &self.agency)?,
            mode: code("assignment", "mode", &id, &self.mode, AssignmentMode::from_code)?,
            state: code("assignment", "state", &id, &self.state, AssignmentState::from_code)?,
            document_number: self.document_number,
            legal_ground: self.legal_ground,
            sent_on: parse("assignment", "sent_on", &id, &self.sent_on)?,
            limit_on: self.limit_on.map(|d| parse("assignment", "limit_on", &id, &d)).transpose()?,
            dispatch_seq: self.dispatch_seq,
            days: self.days.0,
            stated: self.stated.0,
            dues: self.dues.0,
            papers: self.papers.0,
            close_code: self.close_code.map(close).transpose()?,
            binding: self.binding == 1,
            override_reason: self.override_reason,
            objections: self.objections.0,
            role: code("assignment", "role", &id, &self.role, AssignmentRole::from_code)?,
            share: self.share.map(|s| s.0),
        })
    }
}
