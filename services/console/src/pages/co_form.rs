//! The lines of co-agencies in a form: of a hand-over, of a decision on competence, of one more.

use contracts::{
    agency::commands::CoPart,
    codes::{CoState, CoTask},
    routing::commands::CoHandler,
};
use kernel::Refusal;

use super::{
    Names,
    form::{Draft, malformed},
    typed::Typed,
};
use crate::views::{
    co::{CoFields, CoLine, PartLine, PartOutcome},
    form::Choice,
};

/// Lines that a form shows; more units are added on the matter's own page.
pub const LINES: usize = 4;

/// What the lines choose from.
pub struct Offer<'a> {
    /// Names of agencies.
    pub names: &'a Names,
    /// Numbers of the matter's claims.
    pub claims: &'a [i64],
    /// Whether the contact could go with it at all.
    pub identity_possible: bool,
}

/// The lines, as typed or empty. `at` is how the command names the list.
pub fn fields(draft: &Draft<'_>, offer: &Offer<'_>, at: &str) -> CoFields {
    let mut taken = 0;
    let lines: Vec<CoLine> = (1..=LINES)
        .map(|no| {
            let place = format!("{at}[{taken}]");
            let line = line(draft, offer, no, &place);
            taken += usize::from(line.agencies.iter().any(|choice| choice.chosen));
            line
        })
        .collect();
    CoFields { lines, open: taken > 0 }
}

/// One line; `at` is how the command names it.
pub fn line(draft: &Draft<'_>, offer: &Offer<'_>, no: usize, at: &str) -> CoLine {
    let agency = draft.value(&format!("co_agency-{no}"), "");
    let ticked = draft.all(&format!("co_claims-{no}"));
    let claim = |claim: &i64| {
        let chosen = ticked.iter().any(|t| *t == claim.to_string());
        Choice::named(claim.to_string(), claim.to_string(), chosen)
    };
    let chosen = !agency.is_empty();
    CoLine {
        no: u32::try_from(no).unwrap_or(0),
        agencies: offer
            .names
            .agencies()
            .map(|(listed, name)| {
                Choice::named(listed.agency.as_str(), name, listed.agency.as_str() == agency)
            })
            .collect(),
        agency_problem: draft.about(&format!("{at}.agency")).filter(|_| chosen),
        due_on: draft.field_at(&format!("co_due-{no}"), "", &format!("{at}.due_on")),
        claims: offer.claims.iter().map(claim).collect(),
        claims_problem: draft.about(&format!("{at}.claims")).filter(|_| chosen),
        tasks: draft.codes(&format!("co_task-{no}"), CoTask::ALL.iter().map(|t| t.code()), ""),
        with_identity: draft.value(&format!("co_identity-{no}"), "") == "yes",
        identity_possible: offer.identity_possible,
    }
}

/// Reads the lines that name an agency.
///
/// # Errors
/// `malformed_input` with the field, as the command names it.
pub fn read(typed: &Typed, at: &str) -> Result<Vec<CoHandler>, Refusal> {
    let mut all = Vec::new();
    for no in 1..=LINES {
        let place = format!("{at}[{}]", all.len());
        all.extend(read_line(typed, no, &place)?);
    }
    Ok(all)
}

/// Reads one line, if it names an agency.
///
/// # Errors
/// As [`read`].
pub fn read_line(typed: &Typed, no: usize, at: &str) -> Result<Option<CoHandler>, Refusal> {
    let Some(agency) = typed.some(&format!("co_agency-{no}")) else { return Ok(None) };
    let bad = |field: &str| malformed(&format!("{at}.{field}"));
    let ticked = format!("co_claims-{no}");
    let claims = typed.all(&ticked).map(|no| no.parse().map_err(|_| bad("claims")));
    let claims = claims.collect::<Result<_, _>>()?;
    Ok(Some(CoHandler {
        agency: agency.parse().map_err(|_| bad("agency"))?,
        due_on: typed.get(&format!("co_due-{no}")).parse().map_err(|_| bad("due_on"))?,
        claims,
        task: CoTask::from_code(typed.get(&format!("co_task-{no}"))),
        with_identity: typed.get(&format!("co_identity-{no}")) == "yes",
    }))
}

/// A part as the lead sees it; `href` opens its text.
pub fn part_line(names: &Names, part: &CoPart, today: chrono::NaiveDate, href: Option<String>) -> PartLine {
    let asked = &part.asked;
    PartLine {
        agency: names.agency(&asked.agency),
        no: number(asked.assignment_no),
        due_on: asked.due_on.to_string(),
        late: part.state == CoState::Awaited && asked.due_on < today,
        state: part.state.code().to_owned(),
        on: part.on.map(|on| on.to_string()),
        released: part.released.map(|reason| reason.code().to_owned()),
        claims: asked.claims.iter().map(|no| number(*no)).collect(),
        task: asked.task.map(|task| task.code().to_owned()),
        outcomes: outcomes(&part.outcomes),
        href,
        release: None,
    }
}

/// The outcomes of a part.
pub fn outcomes(given: &[contracts::agency::ClaimOutcome]) -> Vec<PartOutcome> {
    let one = |o: &contracts::agency::ClaimOutcome| PartOutcome {
        no: number(o.claim_no),
        outcome: o.outcome.code().to_owned(),
    };
    given.iter().map(one).collect()
}

/// Units whose parts are missing, named.
pub fn missing(names: &Names, parts: &[CoPart]) -> Vec<String> {
    let awaited = parts.iter().filter(|part| part.state == CoState::Awaited);
    awaited.map(|part| format!("{}（{}）", names.agency(&part.asked.agency), part.asked.due_on)).collect()
}

/// A number as a view holds it.
pub fn number(no: i64) -> u32 {
    u32::try_from(no).unwrap_or(0)
}
