//! Registers that others own: agencies and categories, passed through.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use contracts::routing::commands::{AgencyRow, CategoryRow, ListAgencies, ListCategories};
use web::problem::Refused;

use crate::door::{Caller, Site};

/// `GET /api/v1/agencies`
pub async fn agencies(
    State(site): State<Arc<Site>>,
    caller: Caller,
) -> Result<Answer<Vec<AgencyRow>>, Refused> {
    Ok(Answer(site.ask(&caller, "routing", &ListAgencies {}).await?))
}

/// `GET /api/v1/categories`
pub async fn categories(
    State(site): State<Arc<Site>>,
    caller: Caller,
) -> Result<Answer<Vec<CategoryRow>>, Refused> {
    Ok(Answer(site.ask(&caller, "routing", &ListCategories {}).await?))
}
