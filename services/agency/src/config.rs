//! What an agency's node is told from outside.

use serde::Deserialize;

use crate::webhooks::Targets;

/// Settings of one agency, from the register of agencies and the site's own file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Which installation this is; in every receipt, so that the office can refuse a second one.
    pub site: String,
    /// Name in Chinese, as papers carry it.
    pub name_zh: String,
    /// 机关代字: what its document numbers begin with (`云人社`).
    pub doc_prefix: String,
    /// The unit that reviews its opinions; used where the person names none (Art. 35).
    pub review_unit: String,
    /// Whether the agency works at a screen; if not, the office may record its steps from paper.
    pub computer: bool,
    /// Which addresses its dispatches may be announced at.
    #[serde(default)]
    pub webhook_targets: Targets,
    /// Certificates (PEM) that vouch for receivers beside the system's.
    #[serde(default)]
    pub webhook_ca: Vec<u8>,
}

/// The configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("agency.{field} {why}")]
pub struct BadConfig {
    field: &'static str,
    why: &'static str,
}

impl Config {
    /// Checks what the type cannot.
    ///
    /// # Errors
    /// When a field is empty or too long.
    pub fn checked(self) -> Result<Self, BadConfig> {
        let owed =
            [("site", &self.site, 64), ("name_zh", &self.name_zh, 100), ("doc_prefix", &self.doc_prefix, 20)];
        for (field, value, most) in owed {
            if value.trim().is_empty() {
                return Err(BadConfig { field, why: "is empty" });
            }
            if value.chars().count() > most || value.contains('\0') {
                return Err(BadConfig { field, why: "is too long or holds a NUL" });
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_and_a_document_prefix_are_owed() {
        let good = Config {
            site: "renshe-1".to_owned(),
            name_zh: "云岭市人力资源和社会保障局".to_owned(),
            doc_prefix: "云人社".to_owned(),
            review_unit: String::new(),
            computer: true,
            webhook_targets: Targets::Public,
            webhook_ca: Vec::new(),
        };
        assert!(good.clone().checked().is_ok());
        assert!(Config { site: " ".to_owned(), ..good.clone() }.checked().is_err());
        assert!(Config { doc_prefix: "字".repeat(21), ..good }.checked().is_err());
    }
}
