//! A service request, registered as every submission is; its state, by number and query code; never a list.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    response::Response,
};
use contracts::{
    codes::MatterState,
    intake::commands::{LookUp, Registration},
};
use kernel::Refusal;
use serde_json::{Value, json};
use web::Language;

use super::{answer::Form, form::Fields, services};
use crate::{
    accounts, board,
    door::{Caller, Site},
    error,
    rest::{lookup, submissions},
    rights::Right,
};

/// Names the fields that came and were not kept.
const DROPPED: &str = "x-lianxi-dropped";
/// What parts number and code in a path, for programs that know no parameter of ours.
const BETWEEN: char = '~';

/// `GET /open311/v2/requests.json` and `.xml`: refused, and why.
pub async fn no_list(language: Language, uri: Uri) -> Response {
    let (_, form) = Form::of(uri.path());
    form.refuse(&error::OPEN311_NO_LIST.refuse(), language)
}

/// `POST /open311/v2/requests.json`
pub async fn json(
    State(site): State<Arc<Site>>,
    caller: Caller,
    language: Language,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    post(&site, &caller, language, &headers, &body, Form::Json).await
}

/// `POST /open311/v2/requests.xml`
pub async fn xml(
    State(site): State<Arc<Site>>,
    caller: Caller,
    language: Language,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    post(&site, &caller, language, &headers, &body, Form::Xml).await
}

async fn post(
    site: &Site,
    caller: &Caller,
    language: Language,
    headers: &HeaderMap,
    body: &[u8],
    form: Form,
) -> Response {
    let fields = Fields::of_form(body);
    let mut response = match register(site, caller, language, headers, &fields).await {
        Ok(value) => form.write(StatusCode::CREATED, "service_requests", "request", &value),
        Err(refusal) => form.refuse(&refusal, language),
    };
    let dropped = fields.dropped().join(", ");
    if !dropped.is_empty() {
        tracing::info!(dropped, "fields of an Open311 request were dropped");
        // The names are ours: letters alone.
        if let Ok(names) = HeaderValue::from_str(&dropped) {
            response.headers_mut().insert(DROPPED, names);
        }
    }
    response
}

async fn register(
    site: &Site,
    caller: &Caller,
    language: Language,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Value, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(error::OPEN311_FORM_OWED.refuse());
    }
    let program = program(site, caller, headers, fields).await?;
    fields.jurisdiction(site)?;
    let code = fields.get("service_code");
    let code = code.ok_or_else(|| error::OPEN311_NO_SUCH_SERVICE.refuse().at("service_code"))?;
    let service = services::find(site, code).await?;
    let command = fields.registration(site, &service, language)?;
    match submissions::file(site, &program, program.key.as_deref(), &command).await? {
        Registration::Registered(receipt) => Ok(json!([{
            "service_request_id": receipt.number,
            "service_notice": site.texts.t(
                language,
                "open311-notice",
                &[("code", receipt.query_code.clone().into()), ("due", receipt.t01.legal_on.to_string().into())],
            ),
            "account_id": null,
            "query_code": receipt.query_code,
        }])),
        Registration::Unconfirmed { warnings } => {
            let doubts: Vec<_> = warnings.iter().map(|w| format!("{} {}", w.field, w.code)).collect();
            Err(error::OPEN311_DOUBTFUL.refuse().with("doubts", doubts.join(", ")))
        }
    }
}

/// The account of the request's API key: `api_key`, or a bearer token.
async fn program(
    site: &Site,
    caller: &Caller,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Caller, Refusal> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.split_once(' ')).map(|(_, token)| token.trim());
    let owed = || error::OPEN311_KEY.refuse().at("api_key");
    let token = fields.get("api_key").or(bearer).ok_or_else(owed)?;
    let found = accounts::keys::find(&site.deps.db, token).await.map_err(|e| error::away(&e))?;
    let (session, scopes) = found.ok_or_else(owed)?;
    site.limits.by_key.take(&session.login)?;
    if !scopes.contains(&Right::Open311) || !Right::Open311.is_held_by(Some(&session.actor)) {
        return Err(owed());
    }
    Ok(Caller { session: Some(Arc::new(session)), scopes: Some(scopes.into()), ..caller.clone() })
}

/// `GET /open311/v2/requests/{number}.json?query_code=…`, or `…/{number}~{code}.json`
pub async fn state(
    State(site): State<Arc<Site>>,
    caller: Caller,
    language: Language,
    Path(file): Path<String>,
    uri: Uri,
) -> Response {
    let (name, form) = Form::of(&file);
    match look_up(&site, &caller, language, name, &uri).await {
        Ok(value) => form.write(StatusCode::OK, "service_requests", "request", &value),
        Err(refusal) => form.refuse(&refusal, language),
    }
}

async fn look_up(
    site: &Site,
    caller: &Caller,
    language: Language,
    name: &str,
    uri: &Uri,
) -> Result<Value, Refusal> {
    let fields = Fields::of_query(uri);
    fields.jurisdiction(site)?;
    let (number, code) = match name.split_once(BETWEEN) {
        Some((number, code)) => (number, Some(code)),
        None => (name, fields.get("query_code")),
    };
    let code = code.ok_or_else(|| error::OPEN311_QUERY_CODE.refuse().at("query_code"))?;
    let asked = LookUp { number: number.to_owned(), query_code: code.to_owned() };
    let view = lookup::find(site, caller, &asked).await?;
    let units = board::agencies(&site.deps.db).await.map_err(|e| error::away(&e))?;
    let unit = units.iter().find(|unit| Some(&unit.agency) == view.agency.as_ref());
    let unit = unit.map(|u| if language.is_english() { &u.name_en } else { &u.name_zh });
    let said = |m: &board::milestones::Milestone| {
        format!("{} {}", m.on, site.say(language, &format!("milestone-{}", m.code)))
    };
    let notes: Vec<String> = view.milestones.iter().map(said).collect();
    let newest = view.milestones.last().map_or(view.received_on, |m| m.on);
    Ok(json!([{
        "service_request_id": view.number,
        "status": if view.state == MatterState::Closed { "closed" } else { "open" },
        "status_notes": notes.join("; "),
        "agency_responsible": unit,
        "service_notice": null,
        "requested_datetime": view.registered_at,
        "updated_datetime": format!("{newest}T00:00:00+08:00"),
        "expected_datetime": view.due.map(|due| format!("{}T00:00:00+08:00", due.legal_on)),
    }]))
}
