//! Commands about a matter: passed to their owner in the caller's name; the answer waits for the board.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use contracts::{
    Changed, Command,
    intake::commands::{
        Content, Identities, LinkRepeat, OpenContent, OpenPaper, Paper, Receipt, RevealIdentity, ShowReceipt,
    },
    routing::commands::{
        AddCo, DecideCompetence, Forward, NameAccused, Recall, RejectObjection, ReleaseCo, Screen,
        UpholdObjection,
    },
};
use serde_json::Value;
use web::{extract::Json, problem::Refused};

use super::{body, etag::IfMatch};
use crate::door::{Caller, Site};

type Outcome<T> = Result<Answer<T>, Refused>;

/// Gives routing a command about a matter.
async fn route<C: Command<Reply = Changed>>(
    site: &Site,
    caller: &Caller,
    id: &str,
    body: Value,
) -> Outcome<Changed> {
    let matter = body::matter_id(id)?;
    let command: C = body::command(body, "matter_id", &matter)?;
    let changed = site.ask(caller, "routing", &command).await?;
    site.board_has(matter, "routing", changed.version).await?;
    Ok(Answer(changed))
}

/// Asks intake about a submission.
async fn open<C: Command>(
    site: &Site,
    caller: &Caller,
    id: &str,
    field: &str,
    body: Value,
) -> Outcome<C::Reply> {
    let submission = body::matter_id(id)?;
    let command: C = body::command(body, field, &submission)?;
    Ok(Answer(site.ask(caller, "intake", &command).await?))
}

macro_rules! posted {
    ($($(#[$doc:meta])* $name:ident -> $reply:ty = |$site:ident, $caller:ident, $id:ident, $body:ident| $run:expr;)*) => {$(
        $(#[$doc])*
        pub async fn $name(
            State($site): State<Arc<Site>>,
            $caller: Caller,
            Path($id): Path<String>,
            if_match: IfMatch,
            Json(body): Json<Value>,
        ) -> Outcome<$reply> {
            let $body = if_match.into(body);
            $run.await
        }
    )*};
}

posted! {
    /// `POST /api/v1/matters/{id}/screen`
    screen -> Changed = |site, caller, id, body| route::<Screen>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/forward`
    forward -> Changed = |site, caller, id, body| route::<Forward>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/recall`
    recall -> Changed = |site, caller, id, body| route::<Recall>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/uphold_objection`
    uphold_objection -> Changed = |site, caller, id, body| route::<UpholdObjection>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/reject_objection`
    reject_objection -> Changed = |site, caller, id, body| route::<RejectObjection>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/decide_competence`
    decide_competence -> Changed = |site, caller, id, body| route::<DecideCompetence>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/add_co`
    add_co -> Changed = |site, caller, id, body| route::<AddCo>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/release_co`
    release_co -> Changed = |site, caller, id, body| route::<ReleaseCo>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/name_accused`
    name_accused -> Changed = |site, caller, id, body| route::<NameAccused>(&site, &caller, &id, body);
    /// `POST /api/v1/matters/{id}/content`
    content -> Content = |site, caller, id, body| open::<OpenContent>(&site, &caller, &id, "submission_id", body);
    /// `POST /api/v1/matters/{id}/identity`
    identity -> Identities = |site, caller, id, body| open::<RevealIdentity>(&site, &caller, &id, "submission_id", body);
    /// `POST /api/v1/matters/{id}/paper`
    paper -> Paper = |site, caller, id, body| open::<OpenPaper>(&site, &caller, &id, "matter_id", body);
    /// `POST /api/v1/matters/{id}/receipt`
    receipt -> Receipt = |site, caller, id, body| open::<ShowReceipt>(&site, &caller, &id, "submission_id", body);
}

/// `POST /api/v1/matters/{id}/link_repeat`: the path names the repeat, the body the matter it repeats.
pub async fn link_repeat(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Outcome<Changed> {
    let submission = body::matter_id(&id)?;
    let command: LinkRepeat = body::command(body, "submission_id", &submission)?;
    let changed = site.ask(&caller, "intake", &command).await?;
    site.board_has(submission, "intake", changed.version).await?;
    Ok(Answer(changed))
}
