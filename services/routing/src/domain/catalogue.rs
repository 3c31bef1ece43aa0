//! 内容分类目录: the categories, with the words that speak for each.

use chrono::NaiveDate;
use contracts::codes::{Level, Route};
use serde::Deserialize;

/// One category.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Category {
    /// `labour.wages`; a first-level code has no dot.
    pub code: String,
    /// The first-level category above it.
    #[serde(default)]
    pub parent: Option<String>,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The level that usually answers.
    #[serde(default)]
    pub usual_level: Option<Level>,
    /// The route of Art. 31 that claims of this kind usually take.
    #[serde(default)]
    pub route: Option<Route>,
    /// An ordinary service request, which programs may send by Open311. Never what may hold an accusation.
    #[serde(default)]
    pub service_request: bool,
    /// Words and their weights.
    #[serde(default)]
    pub keywords: Vec<(String, i64)>,
}

/// All categories.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Catalogue {
    /// Its version, kept with every proposal.
    pub version: String,
    /// The first day on which it is in force; since ever where it says none.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// The categories.
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
}

impl Catalogue {
    /// One category.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.code == code)
    }
}
