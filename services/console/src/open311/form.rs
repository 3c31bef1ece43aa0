//! The fields of a request, and the registration that they are.

use axum::http::Uri;
use contracts::{
    codes::{Channel, PetitionerKind, Purpose},
    intake::commands::{Identity, Register},
    routing::commands::CategoryRow,
};
use kernel::{Refusal, RegionCode};
use web::Language;

use super::services;
use crate::{door::Site, error};

/// The longest claim that intake takes by default, in characters.
const CLAIM_MAX: usize = 500;
/// The longest title, in characters.
const TITLE_MAX: usize = 100;
/// Fields of GeoReport that are never kept: a device tracks a person (domain.md section 5).
const DENIED: &[&str] = &["device_id", "account_id"];
/// Fields that say where a picture lies: nothing is fetched from addresses that callers name.
const UNREAD: &[&str] = &["media_url"];

/// Fields of a form or a query.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a body.
    #[must_use]
    pub fn of_form(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).map(|(k, v)| (k.into_owned(), v.into_owned())).collect())
    }

    /// Those of a query.
    #[must_use]
    pub fn of_query(uri: &Uri) -> Self {
        Self::of_form(uri.query().unwrap_or_default().as_bytes())
    }

    /// A field that holds something.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether the jurisdiction named, if any, is the office's region.
    ///
    /// # Errors
    /// `open311_jurisdiction`.
    pub fn jurisdiction(&self, site: &Site) -> Result<(), Refusal> {
        let own = &site.deps.config.office.region;
        match self.get("jurisdiction_id") {
            Some(named) if named != own.as_str() => {
                Err(error::OPEN311_JURISDICTION.refuse().at("jurisdiction_id").with("own", own))
            }
            _ => Ok(()),
        }
    }

    /// Names of the fields that came and were dropped, never their values.
    #[must_use]
    pub fn dropped(&self) -> Vec<&'static str> {
        let came = |name: &&&str| self.get(name).is_some();
        DENIED.iter().chain(UNREAD).filter(came).copied().collect()
    }

    /// The registration that the fields are.
    ///
    /// # Errors
    /// `open311_description_owed`, `open311_place_owed`, `open311_name_owed`, `open311_place_shape`.
    pub fn registration(
        &self,
        site: &Site,
        service: &CategoryRow,
        language: Language,
    ) -> Result<Register, Refusal> {
        let asked = self.get("description");
        let asked = asked.ok_or_else(|| error::OPEN311_DESCRIPTION_OWED.refuse().at("description"))?;
        let place = self.place()?;
        let name = services::name(service, language);
        let petitioner = self.petitioner()?;
        let label = site.say(language, "open311-place");
        Ok(Register {
            // 网上信访: it came over the network through another's program.
            channel: Channel::Web,
            purpose: Purpose::Claim,
            petitioner_kind: PetitionerKind::Citizen,
            anonymous: petitioner.is_none(),
            heads: 1,
            written_on: None,
            received_on: None,
            place_region: self.region(site)?,
            title: first(name, TITLE_MAX),
            text: format!("{asked}\n{label}{place}"),
            claims: vec![first(asked, CLAIM_MAX)],
            petitioner,
            co_petitioners: Vec::new(),
            withhold_identity: self.get("attribute[withhold_identity]") == Some("yes"),
            accused_agencies: Vec::new(),
            attachments: Vec::new(),
            warnings_confirmed: self.get("warnings_confirmed") == Some("true"),
        })
    }

    fn place(&self) -> Result<String, Refusal> {
        let coordinate = |field: &str, most: f64| -> Result<Option<f64>, Refusal> {
            let Some(text) = self.get(field) else { return Ok(None) };
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && value.abs() <= most);
            value.map(Some).ok_or_else(|| error::OPEN311_PLACE_SHAPE.refuse().at(field))
        };
        let (lat, long) = (coordinate("lat", 90.0)?, coordinate("long", 180.0)?);
        let mut parts: Vec<String> =
            ["address_string", "address_id"].iter().filter_map(|f| self.get(f)).map(str::to_owned).collect();
        match (lat, long) {
            (Some(lat), Some(long)) => parts.push(format!("({lat}, {long})")),
            (None, None) => {}
            _ => return Err(error::OPEN311_PLACE_SHAPE.refuse().at("lat")),
        }
        if parts.is_empty() {
            return Err(error::OPEN311_PLACE_OWED.refuse().at("address_string"));
        }
        Ok(parts.join(" "))
    }

    /// The region named must be one of the locality's; the office's own where none is named.
    fn region(&self, site: &Site) -> Result<RegionCode, Refusal> {
        let config = &site.deps.config;
        let Some(named) = self.get("attribute[region]") else { return Ok(config.office.region.clone()) };
        let known = config.regions.iter().find(|region| region.code.as_str() == named);
        known
            .map(|region| region.code.clone())
            .ok_or_else(|| error::OPEN311_PLACE_SHAPE.refuse().at("attribute[region]"))
    }

    fn petitioner(&self) -> Result<Option<Identity>, Refusal> {
        let name = match (self.get("last_name"), self.get("first_name")) {
            (Some(last), Some(first)) if last.is_ascii() && first.is_ascii() => format!("{first} {last}"),
            (Some(last), Some(first)) => format!("{last}{first}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) if self.get("phone").or_else(|| self.get("email")).is_some() => {
                return Err(error::OPEN311_NAME_OWED.refuse().at("last_name"));
            }
            (None, None) => return Ok(None),
        };
        let own = |field: &str| self.get(field).map(str::to_owned);
        Ok(Some(Identity {
            name,
            id_kind: None,
            id_number: None,
            telephone: own("phone"),
            address: None,
            email: own("email"),
        }))
    }
}

fn first(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
