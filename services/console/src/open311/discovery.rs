//! Where the face is and what it speaks.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header::HOST},
    response::Response,
};
use serde_json::{Value, json};

use super::answer::Form;
use crate::door::Site;

/// When the face was last changed.
const CHANGED: &str = "2026-11-28T00:00:00+08:00";
/// The text that says what is spoken here.
const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";

/// `GET /open311/discovery.json`
pub async fn json(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    Form::Json.write(StatusCode::OK, "discovery", "", &document(&site, &headers))
}

/// `GET /open311/discovery.xml`
pub async fn xml(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    Form::Xml.write(StatusCode::OK, "discovery", "", &document(&site, &headers))
}

fn document(site: &Site, headers: &HeaderMap) -> Value {
    let config = &site.deps.config;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if config.tls { "https" } else { "http" };
    let origin = config.public_origin.clone().unwrap_or_else(|| format!("{scheme}://{host}"));
    let office = &config.office;
    json!({
        "changeset": CHANGED,
        "contact": format!("{} / {} {}", office.name_zh, office.name_en, office.telephone),
        "key_service": format!("{} {}", office.name_zh, office.telephone),
        "endpoints": [{
            "specification": SPECIFICATION,
            "url": format!("{origin}/open311/v2"),
            "changeset": CHANGED,
            "type": "production",
            "formats": ["application/json", "text/xml"],
        }],
    })
}
