//! Rows that a job gathers, and what it keeps at hand meanwhile: each table is written once, by one statement,
//! at the end of the job. A statement of its own for each row costs a trip to the driver's thread each.
//!
//! Both live and die with the job: what is rolled back leaves nothing, and the next job of a group finds the
//! rows in their tables.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
};

use serde::Serialize;

use crate::{Sql, StoreError, Tx};

/// Rows of one statement.
#[derive(Default)]
struct Rows {
    lines: Vec<String>,
    places: HashMap<String, usize>,
}

impl Rows {
    fn text(&self) -> String {
        format!("[{}]", self.lines.join(","))
    }
}

/// What waits for the end of the job.
#[derive(Default)]
pub(crate) struct Deferred {
    order: Vec<&'static Sql>,
    tables: HashMap<usize, Rows>,
    kept: HashMap<TypeId, Box<dyn Any + Send>>,
}

impl Deferred {
    fn rows(&mut self, sql: &'static Sql) -> &mut Rows {
        self.tables.entry(sql.address()).or_insert_with(|| {
            self.order.push(sql);
            Rows::default()
        })
    }
}

impl Tx<'_> {
    /// Gathers a row for a statement whose one parameter is a JSON array of rows, run at the end of the job.
    ///
    /// # Errors
    /// When the row is no JSON.
    pub fn append_later(&mut self, sql: &'static Sql, row: &impl Serialize) -> Result<(), StoreError> {
        let line = line_of(row)?;
        self.deferred.rows(sql).lines.push(line);
        Ok(())
    }

    /// As [`Tx::append_later`], and a later row of the same key takes the place of an earlier one.
    ///
    /// # Errors
    /// When the row is no JSON.
    pub fn replace_later(
        &mut self,
        sql: &'static Sql,
        key: impl Into<String>,
        row: &impl Serialize,
    ) -> Result<(), StoreError> {
        let line = line_of(row)?;
        let rows = self.deferred.rows(sql);
        let next = rows.lines.len();
        let at = *rows.places.entry(key.into()).or_insert(next);
        match rows.lines.get_mut(at) {
            Some(before) => *before = line,
            None => rows.lines.push(line),
        }
        Ok(())
    }

    /// Writes what was gathered, in the order in which the statements were first named. Called at the end of
    /// every job; a job calls it before it reads or deletes what it gathered.
    ///
    /// # Errors
    /// What the store says.
    pub async fn settle(&mut self) -> Result<(), StoreError> {
        let mut tables = std::mem::take(&mut self.deferred.tables);
        for sql in std::mem::take(&mut self.deferred.order) {
            if let Some(rows) = tables.remove(&sql.address()) {
                self.query(sql).bind(rows.text()).run().await?;
            }
        }
        Ok(())
    }

    /// What this job keeps at hand, such as rows that it has loaded; empty at its first use.
    pub fn kept<T: Default + Send + 'static>(&mut self) -> &mut T {
        let kept = self.deferred.kept.entry(TypeId::of::<T>()).or_insert_with(|| Box::<T>::default());
        match kept.downcast_mut() {
            Some(kept) => kept,
            None => unreachable!("kept by its own type"),
        }
    }

    /// Ends a job: what it gathered is written, what it kept is forgotten.
    pub(crate) async fn end_job(&mut self) -> Result<(), StoreError> {
        self.settle().await?;
        self.deferred.kept.clear();
        Ok(())
    }
}

fn line_of(row: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(row).map_err(|e| StoreError::other(format!("row: {e}")))
}
