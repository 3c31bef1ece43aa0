//! `lianxi docs`: writes `shared/web/ERRORS.md` and `deploy/CONFIG.md` anew.

use std::{fs, path::Path};

use web::errors_doc::{ErrorSection, faults, render};

/// The refusals of every crate, by owner.
#[must_use]
pub fn sections() -> Vec<ErrorSection<'static>> {
    vec![
        ErrorSection { owner: "intake", defs: intake::error::ALL },
        ErrorSection { owner: "routing", defs: routing::error::ALL },
        ErrorSection { owner: "notification", defs: notification::error::ALL },
        ErrorSection { owner: "supervision", defs: supervision::error::ALL },
        ErrorSection { owner: "meetings", defs: meetings::error::ALL },
        ErrorSection { owner: "agency", defs: agency::error::ALL },
        ErrorSection { owner: "console", defs: console::error::ALL },
        ErrorSection { owner: "calendar", defs: calendar::REFUSALS },
        ErrorSection { owner: "bus", defs: bus::call::ALL },
        ErrorSection { owner: "web: asking a service", defs: web::ask::ALL },
        ErrorSection { owner: "web", defs: web::errors::ALL },
    ]
}

/// Writes both, from the repository's root.
///
/// # Errors
/// When the root is not here, or a code stands twice.
pub fn write() -> anyhow::Result<()> {
    anyhow::ensure!(Path::new("shared/web").is_dir(), "run this in the repository's root");
    let sections = sections();
    let wrong = faults(&sections);
    anyhow::ensure!(wrong.is_empty(), "the lists of refusals: {}", wrong.join("; "));
    fs::write("shared/web/ERRORS.md", render(&sections))?;
    fs::write("deploy/CONFIG.md", crate::config::reference())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_the_suite_has_a_code_of_its_own_and_both_texts() {
        assert_eq!(faults(&sections()), Vec::<String>::new());
    }
}
