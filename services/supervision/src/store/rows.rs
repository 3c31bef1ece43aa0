//! Columns ↔ domain: the only place that knows columns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    Due,
    codes::{DutyState, OrderCause, OrderOwed, OrderState},
};
use db::{JsonText, StoreError, parse};
use kernel::{ContentId, MatterId};

use crate::domain::{
    duty::{Alarm, AlarmKind, Duty},
    order::Order,
};

/// Reads a stored code word.
fn code<T>(
    table: &'static str,
    column: &'static str,
    row: &str,
    text: &str,
    from: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    from(text).ok_or_else(|| StoreError::corrupt(table, column, row))
}

#[derive(sqlx::FromRow)]
pub struct DutyRow {
    pub id: String,
    matter_id: String,
    assignment_id: Option<String>,
    agency: Option<String>,
    due: JsonText<Due>,
    state: String,
    open: i64,
    warned: Option<i64>,
    breached_on: Option<String>,
    met_on: Option<String>,
    version: i64,
}

impl DutyRow {
    pub fn into_duty(self) -> Result<Duty, StoreError> {
        let id = self.id;
        let day = |column, text: Option<String>| -> Result<Option<NaiveDate>, StoreError> {
            text.map(|t| parse("duty", column, &id, &t)).transpose()
        };
        let hangs_on = match (&self.assignment_id, &self.agency) {
            (Some(assignment), Some(agency)) => Some((
                parse("duty", "assignment_id", &id, assignment)?,
                parse("duty", "agency", &id, agency)?,
            )),
            _ => None,
        };
        Ok(Duty {
            matter_id: parse("duty", "matter_id", &id, &self.matter_id)?,
            hangs_on,
            due: self.due.0,
            state: code("duty", "state", &id, &self.state, DutyState::from_code)?,
            open: self.open == 1,
            warned: self.warned,
            breached_on: day("breached_on", self.breached_on)?,
            met_on: day("met_on", self.met_on)?,
            version: self.version,
        })
    }
}

/// A duty with its matter's public number.
#[derive(sqlx::FromRow)]
pub struct ListedDuty {
    #[sqlx(flatten)]
    pub duty: DutyRow,
    pub number: Option<String>,
}

/// An alarm whose time has come.
#[derive(Clone, Debug)]
pub struct Ripe {
    /// Of which duty.
    pub duty_id: String,
    /// Of which matter.
    pub matter_id: MatterId,
    /// What it rings for.
    pub alarm: Alarm,
}

impl Ripe {
    pub fn of((duty_id, kind, matter, on): (String, String, String, String)) -> Result<Self, StoreError> {
        let alarm = Alarm {
            kind: code("alarm", "kind", &duty_id, &kind, AlarmKind::from_code)?,
            on: parse("alarm", "fires_on", &duty_id, &on)?,
        };
        Ok(Self { matter_id: parse("alarm", "matter_id", &duty_id, &matter)?, duty_id, alarm })
    }
}

#[derive(sqlx::FromRow)]
pub struct OrderRow {
    pub id: String,
    version: i64,
    matter_id: String,
    assignment_id: String,
    agency: String,
    state: String,
    cause: String,
    owed: String,
    due: Option<JsonText<Due>>,
    document_number: Option<String>,
    due_on: Option<String>,
    days: JsonText<BTreeMap<String, NaiveDate>>,
    replies: JsonText<Vec<(NaiveDate, ContentId)>>,
    sent_back: i64,
    pub sort_on: String,
}

impl OrderRow {
    pub fn into_order(self) -> Result<Order, StoreError> {
        const TABLE: &str = "supervision_order";
        let id = self.id;
        Ok(Order {
            id: parse(TABLE, "id", &id, &id)?,
            version: self.version,
            matter_id: parse(TABLE, "matter_id", &id, &self.matter_id)?,
            assignment_id: parse(TABLE, "assignment_id", &id, &self.assignment_id)?,
            agency: parse(TABLE, "agency", &id, &self.agency)?,
            state: code(TABLE, "state", &id, &self.state, OrderState::from_code)?,
            cause: code(TABLE, "cause", &id, &self.cause, OrderCause::from_code)?,
            owed: code(TABLE, "owed", &id, &self.owed, OrderOwed::from_code)?,
            due: self.due.map(|due| due.0),
            document_number: self.document_number,
            due_on: self.due_on.map(|on| parse(TABLE, "due_on", &id, &on)).transpose()?,
            days: self.days.0,
            replies: self.replies.0,
            sent_back: self.sent_back,
        })
    }
}

/// An order with its matter's public number.
#[derive(sqlx::FromRow)]
pub struct ListedOrder {
    #[sqlx(flatten)]
    pub order: OrderRow,
    pub number: Option<String>,
}
