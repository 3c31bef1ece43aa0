//! The demo's bar: moves the business clock, so that a visitor sees limits run out. Technical time stays.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header::REFERER},
    response::{IntoResponse, Redirect},
};
use kernel::{Clock, Refusal, civil_midnight};

use super::{Shown, typed::Typed};
use crate::{board, door::Site, error};

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// Nine in the morning, in milliseconds.
const NINE_MS: i64 = 9 * 3_600_000;

/// `POST /demo/clock`: on by a `day`, a `week`, or to the `next` day on which something is due.
pub async fn submit(State(site): State<Arc<Site>>, headers: HeaderMap, typed: Typed) -> Shown {
    move_on(&site, typed.get("to")).await?;
    let back = headers.get(REFERER).and_then(|v| v.to_str().ok()).and_then(|referer| {
        let (_, rest) = referer.split_once("://")?;
        rest.get(rest.find('/')?..)
    });
    Ok(Redirect::to(back.unwrap_or("/board")).into_response())
}

async fn move_on(site: &Site, to: &str) -> Result<(), Refusal> {
    let hand = site.deps.config.clock_hand.as_ref().ok_or_else(|| error::NO_CLOCK_HAND.refuse())?;
    let ms = match to {
        "day" => DAY_MS,
        "week" => 7 * DAY_MS,
        "next" => {
            let next =
                board::next_due_after(&site.deps.db, site.today()).await.map_err(|e| error::away(&e))?;
            let next = next.ok_or_else(|| error::NOTHING_DUE.refuse())?;
            civil_midnight(next).plus_ms(NINE_MS).0 - site.deps.clocks.business.now().0
        }
        _ => return Err(error::NO_CLOCK_HAND.refuse().at("to")),
    };
    hand.move_on_ms(ms.max(0)).map_err(|why| {
        tracing::error!(%why, "the business clock could not be moved");
        web::errors::INTERNAL_ERROR.refuse()
    })
}
