//! Open311 GeoReport v2 for ordinary service requests (https://wiki.open311.org/GeoReport_v2/): discovery, services,
//! a request, its state. What comes in takes the way of every registration; what goes out are public milestones.
//!
//! **Never**: a list of requests (nobody browses petitions), a device's id (dropped and named), a state without the
//! query code, an accusation (Art. 30: those come by the portal or the counter).

mod answer;
mod discovery;
mod form;
mod requests;
mod services;
mod xml;

use crate::{door::Routes, rights::Right};

/// Adds the face of Open311. Its doors are public as GeoReport has them; a request owes an API key of the scope
/// `open311`, which stands in the form and is checked by the handler.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/open311/discovery.json", Right::Public, discovery::json)
        .get("/open311/discovery.xml", Right::Public, discovery::xml)
        .get("/open311/v2/services.json", Right::Public, services::json)
        .get("/open311/v2/services.xml", Right::Public, services::xml)
        .get("/open311/v2/services/{file}", Right::Public, services::definition)
        .get("/open311/v2/requests.json", Right::Public, requests::no_list)
        .get("/open311/v2/requests.xml", Right::Public, requests::no_list)
        .post("/open311/v2/requests.json", Right::Public, requests::json)
        .post("/open311/v2/requests.xml", Right::Public, requests::xml)
        .get("/open311/v2/requests/{file}", Right::Public, requests::state)
}
