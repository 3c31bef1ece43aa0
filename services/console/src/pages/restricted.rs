//! 检举控告: the plain list of its officer.

use axum::extract::Query;
use contracts::{
    PageRequest,
    codes::MatterState,
    routing::commands::{RestrictedQueue, RestrictedRow},
};

use super::{Names, Shown, Visit, encoded, html, limits};
use crate::views::restricted::{RestrictedPage, RestrictedRow as RowView};

/// `GET /restricted`
pub async fn show(visit: Visit, Query(page): Query<PageRequest>) -> Shown {
    let names = Names::of(&visit).await?;
    let found = visit.site.ask(&visit.caller, "routing", &RestrictedQueue { page }).await?;
    let row = |row: &RestrictedRow| RowView {
        href: format!("/matters/{}", row.matter_id),
        matter_id: row.matter_id.to_string(),
        received_on: row.received_on.to_string(),
        state: row.state.code().to_owned(),
        // T01 is the office's until it has handed over.
        due: matches!(row.state, MatterState::Registered | MatterState::Screened)
            .then(|| limits::due(&visit.site, visit.language, &row.t01)),
    };
    let view = RestrictedPage {
        chrome: visit.chrome_of(&names, "restricted", "").await?,
        rows: found.items.iter().map(row).collect(),
        next_href: found.next.map(|next| format!("/restricted?after={}", encoded(&next))),
    };
    Ok(html(visit.site.page(visit.language, &view)?))
}
