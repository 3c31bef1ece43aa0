//! Registers that others own: agencies and categories, passed through.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use contracts::{
    Page, PageRequest,
    routing::commands::{AgencyRow, CategoryRow, ListAgencies, ListCategories},
};
use web::{extract::Query, problem::Refused};

use super::paging;
use crate::door::{Caller, Site};

/// `GET /api/v1/agencies`
pub async fn agencies(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<AgencyRow>>, Refused> {
    let rows = site.ask(&caller, "routing", &ListAgencies {}).await?;
    Ok(Answer(paging::cut(rows, &page, |row| row.listed.agency.to_string())?))
}

/// `GET /api/v1/categories`
pub async fn categories(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<CategoryRow>>, Refused> {
    let rows = site.ask(&caller, "routing", &ListCategories {}).await?;
    Ok(Answer(paging::cut(rows, &page, |row| row.code.clone())?))
}
