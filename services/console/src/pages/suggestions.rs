//! 系统建议: the director and the administrator look after what is proposed.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    codes::SuggestionKind,
    routing::suggestions::{
        Agreement, Figures, LearnNow, ShowAgreement, ShowSuggestions, SuggestionSwitch, SuggestionVersion,
        SuggestionView, SuggestionsView, SwitchSuggestions, Uses,
    },
};
use kernel::Refusal;
use serde::Deserialize;

use super::{
    Names, Shown, Visit,
    form::{Draft, answer, malformed},
    typed::Typed,
};
use crate::{
    door::Site,
    views::{
        form::Field,
        suggestions::{AgreementRow, FiguresView, KindView, SuggestionsPage, SwitchForm, VersionView},
    },
};

const HERE: &str = "/suggestions";

/// The period as an address asks for it: days that are none are left out.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    to: String,
}

/// `GET /suggestions`
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, &asked, None).await
}

async fn page(visit: &Visit, asked: &Asked, wrong: Option<&Refusal>) -> Shown {
    let (site, caller) = (&visit.site, &visit.caller);
    let names = Names::of(visit).await?;
    let view = site.ask(caller, "routing", &ShowSuggestions {}).await?;
    let period = ShowAgreement { from: asked.from.parse().ok(), to: asked.to.parse().ok() };
    let (agreement, upside_down) = match site.ask(caller, "routing", &period).await {
        Ok(agreement) => (agreement, None),
        // The days of the form are upside down: the page stands, with the usual period.
        Err(refusal) if refusal.field.as_deref() == Some("from") => {
            (site.ask(caller, "routing", &ShowAgreement::default()).await?, Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let wrong = wrong.or(upside_down.as_ref());
    let page = SuggestionsPage {
        chrome: visit.chrome_of(&names, "suggestions", "").await?,
        problem: wrong.map(|wrong| wrong.text(visit.language.is_english())),
        ..filled(visit, &names, &view, &agreement)
    };
    Ok(answer(site.page(visit.language, &page)?, wrong))
}

fn filled(visit: &Visit, names: &Names, view: &SuggestionsView, agreement: &Agreement) -> SuggestionsPage {
    let rows = agreement.categories.iter().map(|row| uses(names.category(&row.category), row.uses));
    SuggestionsPage {
        kinds: view.kinds.iter().map(|kind| kind_view(visit, kind)).collect(),
        learn: Draft::new(visit, &[]).command(format!("{HERE}/learn"), None),
        learning: view.learning,
        fresh: view.fresh,
        learns_after: view.learns_after,
        from: Field::of(agreement.from.to_string()),
        to: Field::of(agreement.to.to_string()),
        rows: rows.collect(),
        agencies: uses(String::new(), agreement.agencies),
        ..SuggestionsPage::default()
    }
}

fn kind_view(visit: &Visit, view: &SuggestionView) -> KindView {
    let state = match view {
        SuggestionView { damaged: true, .. } => "damaged",
        SuggestionView { off: true, .. } => "off",
        SuggestionView { in_use: Some(_), .. } => "learned",
        _ => "rules",
    };
    let form = |switch: &str| SwitchForm {
        command: Draft::new(visit, &[]).command(format!("{HERE}/{}/switch", view.kind), view.in_use),
        switch: switch.to_owned(),
    };
    KindView {
        kind: view.kind.code().to_owned(),
        state: state.to_owned(),
        in_use: view.in_use,
        versions: view.versions.iter().map(|one| version(one, view.in_use)).collect(),
        ended: view.last.as_ref().map(|last| last.end.code().to_owned()),
        ended_on: view.last.as_ref().map(|last| last.learned_on.to_string()),
        ended_texts: view.last.as_ref().map_or(0, |last| last.texts),
        switch: (view.off || view.in_use.is_some()).then(|| form(if view.off { "on" } else { "off" })),
        back: view.can_go_back.then(|| form("back")),
    }
}

fn version(one: &SuggestionVersion, in_use: Option<i64>) -> VersionView {
    VersionView {
        number: one.number,
        in_use: Some(one.number) == in_use,
        taken: one.taken,
        texts: one.texts,
        figures: figures(one.figures),
        rules: one.rules_right.map(percent),
        before: one.before.map(figures),
    }
}

fn percent(permille: i64) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

fn figures(figures: Figures) -> FiguresView {
    FiguresView {
        texts: figures.texts,
        first: percent(figures.first_right),
        three: percent(figures.among_three),
        off: percent(figures.confidence_off),
    }
}

fn uses(name: String, uses: Uses) -> AgreementRow {
    AgreementRow {
        name,
        proposed: uses.proposed,
        taken: uses.taken,
        overruled: uses.overruled,
        without: uses.none,
        share: (uses.proposed > 0).then(|| uses.taken * 100 / uses.proposed),
    }
}

/// `POST /suggestions/learn`
pub async fn learn(State(site): State<Arc<Site>>, visit: Visit) -> Shown {
    match site.ask(&visit.caller, "routing", &LearnNow {}).await {
        Ok(_) => Ok(Redirect::to(&format!("{HERE}?notice=learning_asked")).into_response()),
        Err(refusal) => page(&visit, &Asked::default(), Some(&refusal)).await,
    }
}

/// `POST /suggestions/{kind}/switch`
pub async fn switch(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(kind): Path<String>,
    typed: Typed,
) -> Shown {
    let outcome = async {
        let kind = SuggestionKind::from_code(&kind).ok_or_else(|| malformed("kind"))?;
        let switch = match typed.get("switch") {
            "off" => SuggestionSwitch::Off,
            "on" => SuggestionSwitch::On,
            "back" => SuggestionSwitch::Back,
            _ => return Err(malformed("switch")),
        };
        let in_use = typed.get("expected_version").parse().ok();
        site.ask(&visit.caller, "routing", &SwitchSuggestions { kind, switch, in_use }).await
    }
    .await;
    match outcome {
        Ok(_) => Ok(Redirect::to(&format!("{HERE}?notice=suggestions_switched")).into_response()),
        Err(refusal) => page(&visit, &Asked::default(), Some(&refusal)).await,
    }
}
