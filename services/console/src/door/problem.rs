//! The page of a refusal.

use contracts::codes::MatterState;
use kernel::ErrorKind;
use web::{Language, Problem, Wanted};

use super::Site;
use crate::views::{
    chrome::{Chrome, PlaceView},
    problem::ProblemPage,
};

/// The view of a refusal. It knows no session: the frame is the public one.
pub(super) fn view(site: &Site, problem: &Problem, wanted: Wanted) -> ProblemPage {
    let office = &site.deps.config.office;
    let name = match wanted.language {
        Language::ZhCn => office.name_zh.clone(),
        Language::En => office.name_en.clone(),
    };
    let region = site.deps.config.regions.iter().find(|r| r.code == office.region);
    let region_name = region.map(|r| match wanted.language {
        Language::ZhCn => r.name_zh.clone(),
        Language::En => r.name_en.clone(),
    });
    let chrome = Chrome {
        here: "/".to_owned(),
        place: PlaceView { kind: "portal".to_owned(), name, region_name: region_name.unwrap_or_default() },
        today: site.today().to_string(),
        clock_hand: false,
        clock_moved: site.deps.clocks.business.offset_ms() != 0,
        ..Chrome::default()
    };
    ProblemPage {
        chrome,
        status: problem.status,
        kind: kind(problem.status, &problem.code),
        code: problem.code.clone(),
        text: problem.detail.clone(),
        acts: word(&problem.acts),
        article: problem.article.clone(),
        // Other services' states have no text here; the refusal's own text names them.
        state: problem.state.clone().filter(|state| MatterState::from_code(state).is_some()),
        reference: telemetry::current_traceparent().and_then(|t| t.split('-').nth(1).map(str::to_owned)),
        back_href: "/".to_owned(),
    }
}

fn kind(status: u16, code: &str) -> String {
    let kind = match status {
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::Forbidden,
        404 | 405 | 410 => ErrorKind::NotFound,
        409 if code.contains("not_here") || code.contains("not_known") => ErrorKind::NotHereYet,
        409 => ErrorKind::Conflict,
        413 => ErrorKind::TooLarge,
        429 => ErrorKind::TooMany,
        502..=504 => ErrorKind::Unavailable,
        400..=499 => ErrorKind::Invalid,
        _ => ErrorKind::Internal,
    };
    word(&kind)
}

/// The code word of a serialised enum.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
