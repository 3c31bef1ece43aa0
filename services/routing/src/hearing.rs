//! Proposing for one text: what the rules say, and what the learned versions in use say beside them.

use std::sync::Arc;

use chrono::NaiveDate;
use contracts::{codes::SuggestionKind, routing::Proposal};
use suggest::Scratch;

use crate::{
    domain::{
        agency::Register,
        combine::{self, Search},
        propose::{Looked, Proposer},
    },
    suggester::{InUse, Suggester},
};

/// The versions in use for a batch of texts.
pub struct Heard<'s> {
    suggester: &'s Suggester,
    category: Option<Arc<InUse>>,
    agency: Option<Arc<InUse>>,
    scratch: Scratch,
}

impl<'s> Heard<'s> {
    /// As they are now: the whole batch is proposed by the same.
    pub fn now(suggester: &'s Suggester) -> Self {
        let (category, agency) =
            (suggester.in_use(SuggestionKind::Category), suggester.in_use(SuggestionKind::Agency));
        Self { suggester, category, agency, scratch: Scratch::default() }
    }

    /// Whether a learned version is heard.
    pub const fn learned(&self) -> bool {
        self.category.is_some() || self.agency.is_some()
    }

    /// Categories and agencies, best first.
    pub fn propose(
        &mut self,
        proposer: &Proposer,
        looked: Looked<'_>,
        (register, today): (&Register, NaiveDate),
    ) -> (Vec<Proposal>, Vec<Proposal>) {
        let text = |kind| self.suggester.heard(kind, Some(looked.place), looked.title, looked.text);
        let categories = self.category.as_ref().and_then(|in_use| {
            let learned = in_use.hear(&text(SuggestionKind::Category), &mut self.scratch);
            combine::categories(&proposer.every_category(looked), &learned, proposer.catalogue())
        });
        let categories = categories.unwrap_or_else(|| proposer.categories(looked));
        let best = categories.first().map(|best| best.code.as_str());
        let agencies = self.agency.as_ref().and_then(|in_use| {
            let learned = in_use.hear(&text(SuggestionKind::Agency), &mut self.scratch);
            let fitting = best.map(|best| proposer.every_agency(best, looked, register, today));
            let search = Search { register, category: best, place: looked.place, today };
            combine::agencies(&fitting.unwrap_or_default(), &learned, search)
        });
        let by_rules = || best.map(|best| proposer.agencies(best, looked, register, today));
        let agencies = agencies.or_else(by_rules).unwrap_or_default();
        (categories, agencies)
    }
}
