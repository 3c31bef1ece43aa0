//! 建议依据: why a category or an agency is proposed, told to the one who screens. Made at the look from the masked text
//! and from earlier matters that the reader may open; none of it is kept, and none travels with the fact.

use contracts::{
    codes::SuggestionKind,
    intake::commands::MaskedTexts,
    routing::{
        Proposal,
        suggestions::{CodeWhy, Why, WhyProposed},
    },
};
use kernel::{Actor, MatterId, Refusal};
use suggest::{Reason, Scratch};
use web::{ask::ask, door::Asked};

use crate::{
    Deps, error, rights,
    store::{self, suggestions::Decided},
    suggester::InUse,
};

/// Earlier matters named with one code.
const EARLIER_AT_MOST: usize = 3;
/// Matters like the text that are looked at for them.
const LIKE_AT_MOST: usize = 32;

/// Says why.
///
/// # Errors
/// Whoever does not screen the matter; intake or the store.
pub async fn run(deps: &Deps, asked: Asked<WhyProposed>) -> Result<Why, Refusal> {
    let id = asked.command.matter_id;
    let found = deps.db.read(move |tx| Box::pin(async move { store::load(tx, id).await })).await;
    let matter = found.map_err(|e| error::away(&e))?.ok_or_else(|| error::NO_SUCH_MATTER.refuse())?;
    rights::may_route(&asked.actor, &matter)?;
    let (category, agency) =
        (deps.suggester.in_use(SuggestionKind::Category), deps.suggester.in_use(SuggestionKind::Agency));
    // An accusation has no proposal; where nothing learned proposes, the rules have said their reasons.
    if matter.restricted || (category.is_none() && agency.is_none()) {
        return Ok(Why::default());
    }
    let token = deps.suite.token()?;
    let texts = MaskedTexts { submissions: vec![id] };
    let texts = ask(&deps.bus, "intake", Some(token.expose()), None, &texts).await?;
    let Some(text) = texts.into_iter().next() else { return Ok(Why::default()) };
    let heard = |kind| deps.suggester.heard(kind, matter.place_region.as_ref(), &text.title, &text.text);
    let of_category = heard(SuggestionKind::Category);
    // Names of the place stand before the text that an agency is proposed by: nobody wrote them there.
    let said = |term: &str| of_category.contains(term);
    let earlier = earlier(deps, &asked.actor, id, &of_category).await?;
    let ((category, agency), of_agency) =
        ((category.as_deref(), agency.as_deref()), heard(SuggestionKind::Agency));
    let fits = |code: &str, d: &Decided| d.category == code;
    let categories = whys(category, &matter.categories, &of_category, fits, &earlier);
    let fits = |code: &str, d: &Decided| d.agency.as_deref() == Some(code);
    let mut agencies = whys(agency, &matter.agencies, &of_agency, fits, &earlier);
    agencies.iter_mut().for_each(|why| why.terms.retain(|term| said(term)));
    Ok(Why { categories, agencies })
}

/// Earlier matters like the text as they are now, the likest first: whatever became an accusation since it was shelved is
/// none of them.
async fn earlier(deps: &Deps, actor: &Actor, id: MatterId, text: &str) -> Result<Vec<Decided>, Refusal> {
    if !rights::sees(actor, false) {
        return Ok(Vec::new());
    }
    let ids = deps.suggester.like(text, id, LIKE_AT_MOST, &mut Scratch::default());
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let asked = ids.clone();
    let found =
        deps.db.peek(move |tx| Box::pin(async move { store::suggestions::earlier(tx, &asked).await }));
    let mut found = found.await.map_err(|e| error::away(&e))?;
    let place = |d: &Decided| ids.iter().position(|id| *id == d.matter.matter_id.to_string());
    found.sort_by_key(place);
    Ok(found)
}

fn whys(
    in_use: Option<&InUse>,
    proposals: &[Proposal],
    text: &str,
    fits: impl Fn(&str, &Decided) -> bool,
    earlier: &[Decided],
) -> Vec<CodeWhy> {
    let Some(in_use) = in_use else { return Vec::new() };
    let why = |(at, proposal): (usize, &Proposal)| {
        let like = earlier.iter().filter(|d| fits(&proposal.code, d)).take(EARLIER_AT_MOST);
        CodeWhy {
            code: proposal.code.clone(),
            terms: terms(in_use, proposals, at, text),
            earlier: like.map(|d| d.matter.clone()).collect(),
        }
    };
    proposals.iter().enumerate().map(why).collect()
}

/// Passages that speak for a code rather than for the next best.
fn terms(in_use: &InUse, proposals: &[Proposal], at: usize, text: &str) -> Vec<String> {
    let model = &in_use.model;
    let label = |p: &Proposal| model.labels().iter().position(|l| *l == p.code);
    let Some(own) = proposals.get(at).and_then(label) else { return Vec::new() };
    let rival = if at == 0 { proposals.get(1) } else { proposals.first() };
    let reasons = model.reasons(text, own, rival.and_then(label));
    let term = |reason| match reason {
        Reason::Term(term) => Some(term),
        // The rules say theirs in the proposal itself.
        Reason::Keyword(_) | Reason::Region(_) | Reason::Earlier(_) => None,
    };
    reasons.into_iter().filter_map(term).collect()
}
