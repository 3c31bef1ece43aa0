//! 政策规则集: the numbers of the limits as data, national base and locality overlay, each with its
//! article and validity, so that a matter keeps the rules of its time.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use chrono::NaiveDate;
use kernel::RegionCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Limit, LimitRefused, MOST_DAYS, PauseReason, RuleId, Unit,
    catalogue::Shape,
    rule::{Lang, Words},
};

/// Bytes of one profile text.
const MOST_BYTES: usize = 1 << 18;

/// 层级: the tier of a petition department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 国家.
    National,
    /// 省（自治区、直辖市）.
    Province,
    /// 市（地、州、盟）.
    City,
    /// 县（市、区、旗）.
    County,
}

/// A number for each tier, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierDays {
    /// 国家.
    pub national: u32,
    /// 省.
    pub province: u32,
    /// 市.
    pub city: u32,
    /// 县.
    pub county: u32,
}

impl TierDays {
    /// The number of one tier.
    #[must_use]
    pub const fn of(self, tier: Tier) -> u32 {
        match tier {
            Tier::National => self.national,
            Tier::Province => self.province,
            Tier::City => self.city,
            Tier::County => self.county,
        }
    }
}

/// How firm a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 法定: in the statute named.
    Statute,
    /// 已废止: in a rule that is repealed and is kept as the default.
    Former,
    /// 地方规定: in local law.
    Local,
    /// 配置: a decision of whoever runs the suite; the law gives no number.
    Config,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Statute, Lang::Zh) => "法定",
            (Self::Statute, Lang::En) => "statute",
            (Self::Former, Lang::Zh) => "已废止规定，作默认值",
            (Self::Former, Lang::En) => "repealed rule, kept as the default",
            (Self::Local, Lang::Zh) => "地方规定",
            (Self::Local, Lang::En) => "local law",
            (Self::Config, Lang::Zh) => "配置值，法律未定天数",
            (Self::Config, Lang::En) => "configuration, the law gives no number",
        }
    }
}

/// The numbers of one rule during one time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleTerms {
    /// The rule.
    pub id: RuleId,
    /// Key of the law in the profile.
    pub law: String,
    /// The article (`Art. 34`); a number of the statute must have one.
    #[serde(default)]
    pub article: String,
    /// The words of the article, in Chinese.
    #[serde(default)]
    pub text: Option<String>,
    /// How firm the number stands.
    #[serde(default = "statute")]
    pub standing: Standing,
    /// The number of days.
    #[serde(default)]
    pub days: Option<u32>,
    /// Which days.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// The number of days by tier (T01a).
    #[serde(default)]
    pub tiers: Option<TierDays>,
    /// Hours (T18).
    #[serde(default)]
    pub hours: Option<u32>,
    /// Days that one extension may add, 0 where there is none.
    #[serde(default)]
    pub extension_days: u32,
    /// What stops the count.
    #[serde(default)]
    pub pauses: Vec<PauseReason>,
    /// First start date it holds for.
    pub valid_from: NaiveDate,
    /// Last start date it holds for; none while in force.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
}

const fn statute() -> Standing {
    Standing::Statute
}

impl RuleTerms {
    /// Whether it holds for a limit that starts on a day.
    #[must_use]
    pub fn holds_on(&self, on: NaiveDate) -> bool {
        self.valid_from <= on && on <= self.last()
    }

    /// The limit in days, by tier where the rule has tiers; `None` where it has no number.
    #[must_use]
    pub fn limit(&self, tier: Tier) -> Option<Limit> {
        let days = self.days.or_else(|| self.tiers.map(|t| t.of(tier)))?;
        Some(Limit { days, unit: self.unit? })
    }

    fn last(&self) -> NaiveDate {
        self.valid_to.unwrap_or(NaiveDate::MAX)
    }

    /// What of this entry remains beside a newer one: its days before, and its days after.
    fn without(self, newer: &Self) -> impl Iterator<Item = Self> {
        let before = newer.valid_from.pred_opt().map(|to| to.min(self.last()));
        let after = newer.last().succ_opt().map(|from| from.max(self.valid_from));
        let first = Self { valid_to: before, ..self.clone() };
        let second = after.map(|from| Self { valid_from: from, ..self });
        let first = Some(first).filter(|r| r.valid_to.is_some_and(|to| r.valid_from <= to));
        let second = second.filter(|r| r.valid_from <= r.last());
        first.into_iter().chain(second)
    }
}

/// What is wrong with a profile text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// It is not TOML of the right form: the parser names line and field.
    #[error("the policy profile cannot be read: {0}")]
    Text(String),
    /// A field of the profile.
    #[error("policy profile, field `{field}`: {why}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A field of a rule.
    #[error("policy profile, rule {id}, field `{field}`: {why}")]
    Rule {
        /// The rule.
        id: RuleId,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    version: String,
    title: Words,
    #[serde(default)]
    region: Option<RegionCode>,
    #[serde(default)]
    tier: Option<Tier>,
    #[serde(default)]
    laws: BTreeMap<String, Words>,
    /// 管辖争议: who decides, in turn.
    #[serde(default)]
    dispute_route: Option<Vec<DisputeStep>>,
    #[serde(default)]
    rules: Vec<RuleTerms>,
}

impl Sheet {
    fn read(text: &str) -> Result<Self, ProfileError> {
        if text.len() > MOST_BYTES {
            return Err(ProfileError::Text(format!("longer than {MOST_BYTES} bytes")));
        }
        let sheet: Self = toml::from_str(text).map_err(|e| ProfileError::Text(e.to_string()))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if sheet.version.is_empty() || sheet.version.len() > 40 || !sheet.version.chars().all(plain) {
            let why = format!("`{}` is not 1 to 40 letters, digits, `-`, `.`, `_`", sheet.version);
            return Err(ProfileError::Field { field: "version", why });
        }
        Ok(sheet)
    }
}

/// Who may decide a dispute of competence (Art. 24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStep {
    /// 共同的上一级机关
    Superior,
    /// 共同的联席会议
    Conference,
}

/// Art. 24: the common superior; where there is none, the common joint conference.
const DISPUTE_ROUTE: [DisputeStep; 2] = [DisputeStep::Superior, DisputeStep::Conference];

/// The numbers in force at a place: national base with the locality's overlay.
///
/// Rules can come into force while the suite runs: [`Profile::learn`] gives a profile a successor, which every clone
/// of it answers with from then on, as a [`crate::Calendar`] does for a new year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    version: String,
    title: Words,
    region: Option<RegionCode>,
    tier: Tier,
    laws: BTreeMap<String, Words>,
    rules: BTreeMap<RuleId, Vec<RuleTerms>>,
    dispute_route: Vec<DisputeStep>,
    next: Arc<OnceLock<Profile>>,
}

impl Profile {
    /// The national base shipped with the suite (`profiles/national.toml`).
    ///
    /// # Errors
    /// Never for the shipped text, which a test reads.
    pub fn national() -> Result<Self, ProfileError> {
        Self::from_toml(include_str!("../profiles/national.toml"))
    }

    /// The fictional locality of the demo (`profiles/demo.toml`) over the national base.
    ///
    /// # Errors
    /// Never for the shipped texts, which a test reads.
    pub fn demo() -> Result<Self, ProfileError> {
        Self::national()?.overlay(include_str!("../profiles/demo.toml"))
    }

    /// Reads a whole profile: every rule of the catalogue must have its numbers.
    ///
    /// # Errors
    /// When the text is not TOML of the right form (unknown fields are refused) or a number does not fit
    /// its rule; the error names rule and field.
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let sheet = Sheet::read(text)?;
        let mut rules: BTreeMap<RuleId, Vec<RuleTerms>> = BTreeMap::new();
        for terms in sheet.rules {
            rules.entry(terms.id).or_default().push(terms);
        }
        let Sheet { version, title, region, tier, laws, dispute_route, .. } = sheet;
        let blank = Self {
            version,
            title,
            region,
            tier: tier.unwrap_or(Tier::County),
            laws,
            rules,
            dispute_route: dispute_route.unwrap_or_else(|| DISPUTE_ROUTE.to_vec()),
            next: Arc::default(),
        };
        blank.checked()
    }

    /// This profile with a locality's rules over it. An entry of the overlay replaces the base entry of
    /// the same rule for its own time of validity and leaves it standing outside.
    ///
    /// # Errors
    /// As [`Profile::from_toml`].
    pub fn overlay(&self, text: &str) -> Result<Self, ProfileError> {
        let sheet = Sheet::read(text)?;
        let mut merged = Self { next: Arc::default(), ..self.now().clone() };
        merged.version = format!("{}+{}", merged.version, sheet.version);
        merged.title = sheet.title;
        merged.region = sheet.region.or(merged.region);
        merged.tier = sheet.tier.unwrap_or(merged.tier);
        merged.laws.extend(sheet.laws);
        merged.dispute_route = sheet.dispute_route.unwrap_or(merged.dispute_route);
        let mut fresh: BTreeMap<RuleId, Vec<RuleTerms>> = BTreeMap::new();
        for terms in sheet.rules {
            fresh.entry(terms.id).or_default().push(terms);
        }
        for (id, newer) in fresh {
            let base = merged.rules.remove(&id).unwrap_or_default();
            let kept = newer.iter().fold(base, |kept, terms| {
                kept.into_iter().flat_map(|old| old.without(terms).collect::<Vec<_>>()).collect()
            });
            merged.rules.insert(id, kept.into_iter().chain(newer).collect());
        }
        merged.checked()
    }

    /// Lays a locality's rules over this profile and every clone of it at once, as [`Profile::overlay`] does.
    ///
    /// # Errors
    /// As [`Profile::overlay`]; then everything stays as it was.
    pub fn learn(&self, text: &str) -> Result<(), ProfileError> {
        // Somebody else was first: then on behind what they laid.
        while self.now().next.set(self.overlay(text)?).is_err() {}
        Ok(())
    }

    /// How often rules were laid over it.
    #[must_use]
    pub fn generation(&self) -> usize {
        std::iter::successors(self.next.get(), |profile| profile.next.get()).count()
    }

    /// The first rule of an overlay that would hold for limits that started before a day: a matter keeps the rules of
    /// its time.
    ///
    /// # Errors
    /// When the text cannot be read.
    pub fn reaches_back(text: &str, before: NaiveDate) -> Result<Option<RuleId>, ProfileError> {
        let rules = Sheet::read(text)?.rules;
        Ok(rules.into_iter().find(|terms| terms.valid_from < before).map(|terms| terms.id))
    }

    /// What holds now.
    fn now(&self) -> &Self {
        let mut at = self;
        while let Some(next) = at.next.get() {
            at = next;
        }
        at
    }

    /// Its version, as every due date carries it (`national-1+demo-1`).
    #[must_use]
    pub fn version(&self) -> &str {
        &self.now().version
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &Words {
        &self.now().title
    }

    /// The region it is for; none for the national base.
    #[must_use]
    pub fn region(&self) -> Option<&RegionCode> {
        self.now().region.as_ref()
    }

    /// The tier of the office that runs the suite.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.now().tier
    }

    /// Who decides a dispute of competence, in turn (Art. 24).
    #[must_use]
    pub fn dispute_route(&self) -> &[DisputeStep] {
        &self.now().dispute_route
    }

    /// The title of a law.
    #[must_use]
    pub fn law(&self, key: &str) -> Option<&Words> {
        self.now().laws.get(key)
    }

    /// Every entry of a rule, ascending by validity.
    #[must_use]
    pub fn entries(&self, rule: RuleId) -> &[RuleTerms] {
        self.now().rules.get(&rule).map_or(&[], Vec::as_slice)
    }

    /// The numbers of a rule for a limit that starts on a day.
    ///
    /// # Errors
    /// When no entry of the rule holds on that day.
    pub fn terms(&self, rule: RuleId, on: NaiveDate) -> Result<&RuleTerms, LimitRefused> {
        let found = self.entries(rule).iter().find(|t| t.holds_on(on));
        found.ok_or(LimitRefused::NotInForce { rule, on })
    }

    fn checked(mut self) -> Result<Self, ProfileError> {
        for &id in RuleId::ALL {
            let entries = self.rules.entry(id).or_default();
            entries.sort_by_key(|t| t.valid_from);
            let refuse = |field, why: String| Err(ProfileError::Rule { id, field, why });
            if entries.is_empty() {
                return refuse("id", "the profile has no entry for this rule".into());
            }
            for terms in entries.iter() {
                check_terms(terms)?;
                if !self.laws.contains_key(&terms.law) {
                    return refuse("law", format!("`{}` is not among the laws", terms.law));
                }
            }
            for pair in entries.windows(2) {
                if let [a, b] = pair
                    && a.last() >= b.valid_from
                {
                    return refuse("valid_from", format!("overlaps the entry valid from {}", a.valid_from));
                }
            }
        }
        Ok(self)
    }
}

/// Whether the numbers fit the shape of the rule.
fn check_terms(terms: &RuleTerms) -> Result<(), ProfileError> {
    let id = terms.id;
    let shape = id.def().shape;
    let refuse = |field, why: String| Err(ProfileError::Rule { id, field, why });
    let counts = matches!(shape, Shape::After | Shape::AfterByTier | Shape::Before);
    let asked = [
        ("days", terms.days.is_some(), matches!(shape, Shape::After | Shape::Before)),
        ("unit", terms.unit.is_some(), counts),
        ("tiers", terms.tiers.is_some(), shape == Shape::AfterByTier),
    ];
    for (field, given, wanted) in asked {
        if given && !wanted {
            return refuse(field, "this rule has none".into());
        }
        if wanted && !given {
            return refuse(field, "is missing".into());
        }
    }
    let allowed = [
        ("hours", terms.hours.is_some(), shape == Shape::Promptly),
        ("extension_days", terms.extension_days > 0, shape == Shape::After),
        ("pauses", !terms.pauses.is_empty(), matches!(shape, Shape::After | Shape::Named)),
    ];
    for (field, given, may) in allowed {
        if given && !may {
            return refuse(field, "this rule has none".into());
        }
    }
    let tiers = terms.tiers.map_or([0; 4], |t| [t.national, t.province, t.city, t.county]);
    let most = tiers.into_iter().chain(terms.days).chain([terms.extension_days]).max().unwrap_or(0);
    if most > MOST_DAYS {
        return refuse("days", format!("{most} days: a limit has at most {MOST_DAYS}"));
    }
    if terms.standing == Standing::Statute && terms.article.trim().is_empty() {
        return refuse("article", "is missing".into());
    }
    if terms.last() < terms.valid_from {
        return refuse("valid_to", "lies before valid_from".into());
    }
    Ok(())
}
