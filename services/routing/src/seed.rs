//! The first entries of the register, from the profile's `agencies.toml`.

use contracts::{codes::Level, routing::AgencyListedV1};
use db::{Db, Draft, StoreError};
use kernel::{AgencyCode, Clock, RegionCode};
use serde::Deserialize;

use crate::{
    commands::queries::listed,
    domain::agency::{Agency, Competence},
    store,
};

/// `agencies.toml` as people write it.
#[derive(Debug, Deserialize)]
pub struct AgenciesFile {
    /// The office.
    pub office: OfficeEntry,
    /// Regions of the locality.
    #[serde(rename = "region", default)]
    pub regions: Vec<RegionEntry>,
    /// The agencies.
    #[serde(rename = "agency")]
    pub agencies: Vec<AgencyEntry>,
}

/// The office, as its letters name it.
#[derive(Clone, Debug, Deserialize)]
pub struct OfficeEntry {
    /// Full name in Chinese.
    pub name_zh: String,
    /// Full name in English.
    pub name_en: String,
    /// Short name in Chinese.
    pub short_zh: String,
    /// Its region.
    pub region: RegionCode,
    /// 机关代字
    pub doc_prefix: String,
    /// Address of the reception.
    pub address: String,
    /// Telephone of the desk.
    pub telephone: String,
    /// Postcode.
    pub postcode: String,
    /// When visitors are received.
    pub reception_hours: String,
}

/// One region.
#[derive(Clone, Debug, Deserialize)]
pub struct RegionEntry {
    /// GB/T 2260, or nine digits.
    pub code: RegionCode,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// City, county, township.
    pub level: Level,
    /// The region above it.
    #[serde(default)]
    pub parent: Option<RegionCode>,
}

/// One agency, as people write it.
#[derive(Debug, Deserialize)]
pub struct AgencyEntry {
    code: AgencyCode,
    name_zh: String,
    name_en: String,
    level: Level,
    region: RegionCode,
    #[serde(default)]
    superior: Option<AgencyCode>,
    line: String,
    doc_prefix: String,
    review_unit: String,
    site: String,
    computer: bool,
    valid_from: chrono::NaiveDate,
    #[serde(default)]
    valid_to: Option<chrono::NaiveDate>,
    #[serde(default)]
    competence: Vec<Competence>,
    #[serde(default)]
    contacts: Vec<ContactEntry>,
    #[serde(default)]
    email: String,
}

#[derive(Debug, Deserialize)]
struct ContactEntry {
    telephone: String,
}

impl From<AgencyEntry> for Agency {
    fn from(e: AgencyEntry) -> Self {
        Self {
            code: e.code,
            name_zh: e.name_zh,
            name_en: e.name_en,
            level: e.level,
            region: e.region,
            superior: e.superior,
            line: e.line,
            doc_prefix: e.doc_prefix,
            review_unit: e.review_unit,
            site: e.site,
            computer: e.computer,
            valid_from: e.valid_from,
            valid_to: e.valid_to,
            competence: e.competence,
            telephone: e.contacts.into_iter().next().map(|c| c.telephone).unwrap_or_default(),
            email: e.email,
            ending: None,
        }
    }
}

/// Enters the agencies that are not in the register yet, and publishes each; says how many.
///
/// # Errors
/// What the store says.
pub async fn seed(db: &Db, agencies: Vec<Agency>) -> Result<usize, StoreError> {
    db.write(move |tx| {
        let agencies = agencies.clone();
        Box::pin(async move {
            let now = tx.clocks().business.now();
            let mut entered = 0;
            for agency in &agencies {
                if store::list_agency(tx, agency, now).await? {
                    let fact: AgencyListedV1 = listed(agency);
                    tx.publish(Draft::of(&agency.code, now, &fact)?).await?;
                    entered += 1;
                }
            }
            Ok(entered)
        })
    })
    .await
}
