//! Where the file's matters are once the rules have looked at them: each is counted, none is passed over.

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::{report::Summary, run::Imported, run::text};
use crate::{
    client::{Client, patiently},
    wait::until,
};

const AT_ONCE: usize = 8;

/// Where a matter is.
enum Place {
    Proposed,
    ToScreen,
    FurtherOn,
}

/// Counts the matters by where they are; waits, bounded, until the rules have looked at each.
///
/// # Errors
/// Nobody answers.
pub(super) async fn count(desk: &Client, imported: &[Imported], summary: &mut Summary) -> anyhow::Result<()> {
    let open = imported.iter().filter(|matter| !matter.restricted);
    let places = stream::iter(open.map(|matter| place(desk, matter))).buffer_unordered(AT_ONCE);
    let places: Vec<Option<Place>> = places.try_collect().await?;
    // The queue of accusations shows nothing to a desk; that they are registered is what the desk knows.
    summary.restricted = u64::try_from(imported.iter().filter(|m| m.restricted).count())?;
    for place in places {
        match place {
            Some(Place::Proposed) => summary.proposed += 1,
            Some(Place::ToScreen) => summary.to_screen += 1,
            Some(Place::FurtherOn) => summary.further_on += 1,
            None => summary.missing += 1,
        }
    }
    Ok(())
}

async fn place(desk: &Client, matter: &Imported) -> anyhow::Result<Option<Place>> {
    let path = format!("/api/v1/matters/{}", matter.id);
    let view = until("the rules have looked at each matter", || async {
        let view = patiently(desk.get::<Value>(&path).await)?;
        // The rules' word is the first fact of routing about a matter, also when they propose nothing.
        Ok(view.filter(|v| v.pointer("/board/routing_version").and_then(Value::as_i64).unwrap_or(0) > 0))
    });
    let Ok(view) = until_or_missing(view.await)? else { return Ok(None) };
    Ok(Some(match text(&view, "/board/state") {
        "registered" if !text(&view, "/board/proposal/agency").is_empty() => Place::Proposed,
        "registered" => Place::ToScreen,
        _ => Place::FurtherOn,
    }))
}

/// A wait that ran out is a matter missing; any other error is one.
fn until_or_missing(waited: anyhow::Result<Value>) -> anyhow::Result<Result<Value, ()>> {
    match waited {
        Ok(view) => Ok(Ok(view)),
        Err(error) if error.downcast_ref::<crate::wait::TimeRanOut>().is_some() => Ok(Err(())),
        Err(error) => Err(error),
    }
}
