//! 系统建议 by the REST face: why something is proposed, which versions there are, learning and switching.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use contracts::routing::suggestions::{
    Agreement, LearnNow, LearningAsked, ShowAgreement, ShowSuggestions, SuggestionView, SuggestionsView,
    SwitchSuggestions, Why, WhyProposed,
};
use web::{
    extract::{Json, Query},
    problem::Refused,
};

use super::body;
use crate::{
    door::{Caller, Operation, Routes, Site},
    rights::Right,
};

const ROUTING: &str = "routing";

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, ROUTING);
    routes
        .get("/api/v1/matters/{id}/proposal", Right::Route, why)
        .says(op("建议依据: terms of the text and earlier matters behind each proposal").gives::<Why>())
        .get("/api/v1/suggestions", Right::Suggestions, show)
        .says(op("系统建议: learned versions and how learning goes").gives::<SuggestionsView>())
        .get("/api/v1/suggestions/agreement", Right::Suggestions, agreement)
        .says(op("采纳情况, by category").asks::<ShowAgreement>().gives::<Agreement>())
        .post("/api/v1/suggestions/learn", Right::Suggestions, learn)
        .says(
            op("立即学习: begun beside everything else; ask for the versions to see its end")
                .reads::<LearnNow>()
                .gives::<LearningAsked>(),
        )
        .post("/api/v1/suggestions/switch", Right::Suggestions, switch)
        .says(op("启用、停用、退回上一版本").reads::<SwitchSuggestions>().gives::<SuggestionView>())
}

type Outcome<T> = Result<Answer<T>, Refused>;

async fn why(State(site): State<Arc<Site>>, caller: Caller, Path(id): Path<String>) -> Outcome<Why> {
    let matter_id = body::matter_id(&id)?;
    Ok(Answer(site.ask(&caller, ROUTING, &WhyProposed { matter_id }).await?))
}

async fn show(State(site): State<Arc<Site>>, caller: Caller) -> Outcome<SuggestionsView> {
    Ok(Answer(site.ask(&caller, ROUTING, &ShowSuggestions {}).await?))
}

async fn agreement(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<ShowAgreement>,
) -> Outcome<Agreement> {
    Ok(Answer(site.ask(&caller, ROUTING, &asked).await?))
}

async fn learn(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<LearnNow>,
) -> Outcome<LearningAsked> {
    Ok(Answer(site.ask(&caller, ROUTING, &command).await?))
}

async fn switch(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<SwitchSuggestions>,
) -> Outcome<SuggestionView> {
    Ok(Answer(site.ask(&caller, ROUTING, &command).await?))
}
