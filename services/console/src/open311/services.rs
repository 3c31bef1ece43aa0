//! What may be asked for: categories that the office's catalogue marks as ordinary service requests.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::Response,
};
use contracts::{
    codes::Purpose,
    routing::commands::{CategoryRow, ListCategories},
};
use kernel::{ErrorKind, Refusal};
use serde_json::{Value, json};
use web::Language;

use super::{answer::Form, form::Fields};
use crate::{
    door::{Caller, Site},
    error,
};

/// The categories, all of them: also those that are no service.
///
/// # Errors
/// `service_away`.
async fn categories(site: &Site) -> Result<Vec<CategoryRow>, Refusal> {
    site.ask(&Caller::public(String::new()), "routing", &ListCategories {}).await
}

/// The name of a category in a language.
pub fn name(row: &CategoryRow, language: Language) -> &str {
    if language.is_english() { &row.name_en } else { &row.name_zh }
}

/// The service of a code.
///
/// # Errors
/// `open311_not_a_request` for what takes another way, `open311_no_such_service`, `service_away`.
pub async fn find(site: &Site, code: &str) -> Result<CategoryRow, Refusal> {
    let found = categories(site).await?.into_iter().find(|row| row.code == code);
    match found {
        Some(row) if row.service_request => Ok(row),
        Some(_) => Err(error::OPEN311_NOT_A_REQUEST.refuse().at("service_code")),
        // An accusation is a purpose, not a category: it is told where it may go.
        None if Purpose::from_code(code) == Some(Purpose::Accusation) => {
            Err(error::OPEN311_NOT_A_REQUEST.refuse().at("service_code"))
        }
        None => Err(error::OPEN311_NO_SUCH_SERVICE.refuse().at("service_code")),
    }
}

/// `GET /open311/v2/services.json`
pub async fn json(state: State<Arc<Site>>, language: Language, uri: Uri) -> Response {
    answer(&state, language, Form::Json, &uri).await
}

/// `GET /open311/v2/services.xml`
pub async fn xml(state: State<Arc<Site>>, language: Language, uri: Uri) -> Response {
    answer(&state, language, Form::Xml, &uri).await
}

async fn answer(site: &Site, language: Language, form: Form, uri: &Uri) -> Response {
    match list(site, language, uri).await {
        Ok(list) => form.write(StatusCode::OK, "services", "service", &list),
        Err(refusal) => form.refuse(&refusal, language),
    }
}

async fn list(site: &Site, language: Language, uri: &Uri) -> Result<Value, Refusal> {
    Fields::of_query(uri).jurisdiction(site)?;
    let all = categories(site).await?;
    let group = |row: &CategoryRow| {
        let above = all.iter().find(|above| Some(&above.code) == row.parent.as_ref());
        above.map_or("", |above| name(above, language)).to_owned()
    };
    let service = |row: &CategoryRow| {
        json!({
            "service_code": row.code, "service_name": name(row, language), "description": name(row, language),
            "metadata": true, "type": "realtime", "keywords": "", "group": group(row),
        })
    };
    Ok(all.iter().filter(|row| row.service_request).map(service).collect())
}

/// `GET /open311/v2/services/{code}.json` and `.xml`
pub async fn definition(
    State(site): State<Arc<Site>>,
    language: Language,
    Path(file): Path<String>,
    uri: Uri,
) -> Response {
    let (code, form) = Form::of(&file);
    match defined(&site, language, code, &uri).await {
        // The format has the JSON bare, and the XML under its own root.
        Ok(value) => form.write(StatusCode::OK, "service_definition", "", &value),
        Err(refusal) if refusal.kind == ErrorKind::Forbidden => {
            form.refuse(&error::OPEN311_NO_SUCH_SERVICE.refuse().at("service_code"), language)
        }
        Err(refusal) => form.refuse(&refusal, language),
    }
}

async fn defined(site: &Site, language: Language, code: &str, uri: &Uri) -> Result<Value, Refusal> {
    Fields::of_query(uri).jurisdiction(site)?;
    let row = find(site, code).await?;
    let english = language.is_english();
    let regions = site.deps.config.regions.iter().map(|region| {
        json!({ "key": region.code, "name": if english { &region.name_en } else { &region.name_zh } })
    });
    let yes = site.say(language, "open311-yes");
    let attribute = |order: i64, code: &str, required: bool, values: Value| {
        json!({
            "variable": true, "code": code, "datatype": "singlevaluelist", "required": required,
            "datatype_description": "", "order": order,
            "description": site.say(language, &format!("open311-{code}")), "values": values,
        })
    };
    Ok(json!({
        "service_code": row.code,
        "attributes": [
            attribute(1, "region", false, regions.collect()),
            attribute(2, "withhold_identity", false, json!([{ "key": "yes", "name": yes }])),
        ],
    }))
}
