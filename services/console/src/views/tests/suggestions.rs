//! What is proposed from a learned version, as its keeper sees it.

use super::frames::{command, office};
use crate::views::{
    form::Field,
    suggestions::{AgreementRow, FiguresView, KindView, SuggestionsPage, SwitchForm, VersionView},
};

fn figures(first: &str) -> FiguresView {
    FiguresView { texts: 160, first: first.into(), three: "97.1%".into(), off: "1.9%".into() }
}

fn version(number: i64, taken: bool, before: Option<FiguresView>) -> VersionView {
    VersionView {
        number,
        in_use: number == 2,
        taken,
        texts: 812,
        figures: figures("84.5%"),
        rules: Some("80.1%".into()),
        before,
    }
}

fn kind(kind: &str, state: &str) -> KindView {
    let form = |switch: &str| {
        let command = command(&format!("/suggestions/{kind}/switch"));
        Some(SwitchForm { command, switch: switch.into() })
    };
    let learned = state != "rules";
    let versions = vec![
        version(3, false, Some(figures("86.0%"))),
        version(2, true, Some(figures("82.0%"))),
        version(1, true, None),
    ];
    KindView {
        kind: kind.into(),
        state: state.into(),
        in_use: learned.then_some(2),
        versions: if learned { versions } else { Vec::new() },
        ended: Some(if learned { "kept" } else { "too_few" }.into()),
        ended_on: Some("2026-08-03".into()),
        ended_texts: if learned { 812 } else { 6 },
        switch: form("off"),
        back: if learned { form("back") } else { None },
    }
}

pub(super) fn page() -> SuggestionsPage {
    let row = |name: &str, proposed: i64, taken: i64| AgreementRow {
        name: name.into(),
        proposed,
        taken,
        overruled: proposed - taken,
        without: 2,
        share: (proposed > 0).then(|| taken * 100 / proposed),
    };
    SuggestionsPage {
        chrome: office("suggestions"),
        problem: Some("正在使用的版本刚有变化".into()),
        kinds: vec![kind("category", "learned"), kind("agency", "rules")],
        learn: command("/suggestions/learn"),
        learning: false,
        fresh: 31,
        learns_after: 50,
        from: Field::of("2026-05-05"),
        to: Field::of("2026-08-03"),
        rows: vec![row("劳动报酬", 40, 36), row("物业管理", 0, 0)],
        agencies: row("", 38, 30),
    }
}
