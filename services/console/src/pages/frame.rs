//! What stands around every page: place, person, ways onward, and the names of codes.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{
        Method,
        header::{HOST, REFERER},
        request::Parts,
    },
};
use chrono::NaiveDate;
use contracts::{routing::AgencyListedV1, routing::commands::CategoryRow};
use kernel::{AgencyCode, Clock, Place, Refusal, RegionCode, Role, civil_date};
use web::{Language, problem::Refused};

use crate::{
    board,
    door::{Caller, Site},
    error,
    rights::Right,
    views::chrome::{Chrome, NavItem, Notice, PlaceView, UserView},
};

/// Notices that an address may ask for; all others are passed over.
const NOTICES: &[&str] = &[
    "registered",
    "screened",
    "forwarded",
    "assigned",
    "recalled",
    "linked",
    "order_issued",
    "order_judged",
    "order_answered",
    "meeting_called",
    "meeting_changed",
    "item_changed",
    "task_checked",
    "invitation_answered",
    "task_answered",
    "accused_named",
    "signed",
    "accepted",
    "opinion_issued",
    "served",
    "closed",
    "on_behalf_recorded",
    "user_added",
    "user_changed",
    "password_changed",
    "requeued",
    "signed_out",
    "notices_changed",
    "agency_kept",
    "reassigned",
    "webhook_changed",
    "learning_asked",
    "suggestions_switched",
];

/// A page's request: who asks, in which language, at which address.
pub struct Visit {
    /// Who.
    pub caller: Caller,
    /// The page's language.
    pub language: Language,
    /// Path and query without the language and the notice.
    pub here: String,
    /// What was just done.
    pub notice: Option<String>,
    /// Where people reach this console: scheme and host, for addresses on paper.
    pub origin: String,
    /// The door.
    pub site: Arc<Site>,
}

impl FromRequestParts<Arc<Site>> for Visit {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Refused> {
        let caller = Caller::from_request_parts(parts, site).await?;
        let language = Language::of_request(&parts.uri, &parts.headers);
        // A form that was refused is shown at the address it was sent to, which takes no GET: the switch of
        // language leads back to the form's own page.
        let own = |referer: &str| {
            referer
                .split_once("://")
                .and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)).map(str::to_owned))
        };
        let referer =
            parts.headers.get(REFERER).and_then(|v| v.to_str().ok()).filter(|_| parts.method != Method::GET);
        let address = referer
            .and_then(own)
            .unwrap_or_else(|| parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned());
        let (path, query) = address.split_once('?').unwrap_or((address.as_str(), ""));
        let mut notice = None;
        let mut kept = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                web::language::QUERY => {}
                "notice" => notice = Some(value.into_owned()),
                _ => {
                    kept.append_pair(&name, &value);
                }
            }
        }
        let kept = kept.finish();
        let here = if kept.is_empty() { path.to_owned() } else { format!("{path}?{kept}") };
        let origin = origin(site, parts);
        Ok(Self { caller, language, here, notice, origin, site: site.clone() })
    }
}

/// The origin that was configured, else the one that this visitor uses.
fn origin(site: &Site, parts: &Parts) -> String {
    let config = &site.deps.config;
    config.public_origin.clone().unwrap_or_else(|| {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        format!("{}://{host}", if config.tls { "https" } else { "http" })
    })
}

impl Visit {
    /// The frame of a page; `current` is the code of its way in the navigation.
    pub async fn chrome(&self, names: &Names, current: &str) -> Result<Chrome, Refusal> {
        let place = self.place(names);
        let user = self.caller.session.as_ref().map(|session| UserView {
            name: session.display.clone(),
            roles: session.actor.roles.iter().map(|role| role.code().to_owned()).collect(),
        });
        Ok(Chrome {
            here: self.here.clone(),
            place,
            today: self.site.today().to_string(),
            clock_moved: self.site.deps.clocks.business.offset_ms() != 0,
            clock_hand: self.site.deps.config.clock_hand.is_some() && user.is_some(),
            user,
            nav: self.ways(current).await?,
            notice: None,
        })
    }

    /// The frame with what was just done to a matter.
    pub async fn chrome_of(&self, names: &Names, current: &str, number: &str) -> Result<Chrome, Refusal> {
        let mut chrome = self.chrome(names, current).await?;
        let known = |key: &&String| NOTICES.contains(&key.as_str());
        chrome.notice = self.notice.as_ref().filter(known).map(|key| Notice {
            tone: "done".to_owned(),
            key: key.clone(),
            args: BTreeMap::from([("number".to_owned(), number.to_owned())]),
        });
        Ok(chrome)
    }

    fn place(&self, names: &Names) -> PlaceView {
        let office = &self.site.deps.config.office;
        let (kind, name, region) = match self.caller.actor().map(|actor| &actor.place) {
            Some(Place::Agency(code)) => ("agency", names.agency(code), names.region_of(code)),
            Some(Place::Office) => ("office", names.office().to_owned(), Some(office.region.clone())),
            Some(Place::Portal | Place::Suite) | None => {
                ("portal", names.office().to_owned(), Some(office.region.clone()))
            }
        };
        let region_name = region.map(|code| names.region(&code)).unwrap_or_default();
        PlaceView { kind: kind.to_owned(), name, region_name }
    }

    async fn ways(&self, current: &str) -> Result<Vec<NavItem>, Refusal> {
        let actor = self.caller.actor();
        let mut ways = vec![
            ("board", "/board", Right::Matter),
            ("supervision", "/supervision", Right::Duties),
            ("meetings", "/meetings", Right::Agenda),
            ("register", "/register", Right::Register),
            ("notices", "/notices", Right::Notices),
            ("reissue", "/reissue", Right::Letters),
            ("inbox", "/inbox", Right::Inbox),
            ("restricted", "/restricted", Right::Restricted),
            ("agencies", "/agencies", Right::Agencies),
            ("suggestions", "/suggestions", Right::Suggestions),
            ("users", "/users", Right::Users),
            ("webhooks", "/webhooks", Right::Webhooks),
            ("status", "/status", Right::Status),
        ];
        if self.caller.agency().is_some() {
            ways.insert(0, ("conference", "/conference", Right::Tasks));
            ways.insert(0, ("tasks", "/tasks", Right::Tasks));
        }
        if actor.is_none() {
            ways = vec![
                ("portal_lookup", "/portal", Right::Public),
                ("portal_register", "/portal/register", Right::Public),
            ];
        }
        let restricted = match self.caller.is_office(Role::RestrictedOfficer) {
            true => {
                board::counts(&self.site.deps.db, None, true).await.map_err(|e| error::away(&e))?.restricted
            }
            false => None,
        };
        if self.site.deps.config.own.is_some() {
            ways.retain(|(code, ..)| !AT_THE_OFFICE.contains(code));
        }
        let item = |(code, href, _): (&str, &str, Right)| NavItem {
            code: code.to_owned(),
            href: href.to_owned(),
            current: code == current,
            count: restricted.filter(|_| code == "restricted").and_then(|n| u64::try_from(n).ok()),
        };
        Ok(ways.into_iter().filter(|(_, _, right)| right.is_held_by(actor)).map(item).collect())
    }
}

/// What an agency's own site does not have: it lives with the office's services.
const AT_THE_OFFICE: &[&str] = &["inbox", "portal_lookup", "portal_register"];

/// Names of codes in a page's language.
pub struct Names {
    language: Language,
    office: String,
    this_office: String,
    today: NaiveDate,
    agencies: Vec<AgencyListedV1>,
    categories: Arc<Vec<CategoryRow>>,
    regions: Vec<(RegionCode, String)>,
}

impl Names {
    /// The names a visit needs. Categories that routing cannot tell now are shown by their codes.
    pub async fn of(visit: &Visit) -> Result<Self, Refusal> {
        let site = &visit.site;
        let english = visit.language.is_english();
        let config = &site.deps.config;
        let pick = |zh: &str, en: &str| if english { en.to_owned() } else { zh.to_owned() };
        Ok(Self {
            language: visit.language,
            office: pick(&config.office.name_zh, &config.office.name_en),
            this_office: site.say(visit.language, "this-office"),
            today: civil_date(site.deps.clocks.business.now()),
            agencies: board::agencies(&site.deps.db).await.map_err(|e| error::away(&e))?,
            categories: site.categories().await,
            regions: config.regions.iter().map(|r| (r.code.clone(), pick(&r.name_zh, &r.name_en))).collect(),
        })
    }

    /// The office's name.
    pub fn office(&self) -> &str {
        &self.office
    }

    /// The unit of a place.
    pub fn unit(&self, place: &Place) -> String {
        match place {
            Place::Agency(code) => self.agency(code),
            Place::Office | Place::Portal | Place::Suite => self.office.clone(),
        }
    }

    /// An agency's name; its code where the register has not arrived.
    pub fn agency(&self, code: &AgencyCode) -> String {
        let found = self.agencies.iter().find(|a| a.agency == *code);
        found.map_or_else(|| code.to_string(), |a| self.agency_name(a))
    }

    fn agency_name(&self, listed: &AgencyListedV1) -> String {
        if self.language.is_english() { listed.name_en.clone() } else { listed.name_zh.clone() }
    }

    /// Who holds something, to the office's own people: `office` is short, so that what is elsewhere stands out.
    pub fn holder(&self, holder: &str) -> String {
        holder.parse().map_or_else(
            |_| self.this_office.clone(),
            |code: AgencyCode| {
                if holder == "office" { self.this_office.clone() } else { self.agency(&code) }
            },
        )
    }

    /// The same, of what an agency holds or nobody but the office.
    pub fn holder_of(&self, agency: Option<&AgencyCode>) -> String {
        agency.map_or_else(|| self.this_office.clone(), |code| self.agency(code))
    }

    /// Every agency that exists today, with its name: what a person chooses from.
    pub fn agencies(&self) -> impl Iterator<Item = (&AgencyListedV1, String)> {
        self.every_agency().filter(|(listed, _)| listed.exists_on(self.today))
    }

    /// Every agency with its name, those too that ended or are to come.
    pub fn every_agency(&self) -> impl Iterator<Item = (&AgencyListedV1, String)> {
        self.agencies.iter().map(|listed| (listed, self.agency_name(listed)))
    }

    /// An agency of the register.
    pub fn listed(&self, code: &AgencyCode) -> Option<&AgencyListedV1> {
        self.agencies.iter().find(|a| a.agency == *code)
    }

    fn region_of(&self, code: &AgencyCode) -> Option<RegionCode> {
        self.listed(code).map(|a| a.region.clone())
    }

    /// A category's name.
    pub fn category(&self, code: &str) -> String {
        let found = self.categories.iter().find(|c| c.code == code);
        found.map_or_else(|| code.to_owned(), |c| self.category_name(c))
    }

    fn category_name(&self, row: &CategoryRow) -> String {
        if self.language.is_english() { row.name_en.clone() } else { row.name_zh.clone() }
    }

    /// Every category with its name; those below another one follow it and are named with it.
    pub fn categories(&self) -> impl Iterator<Item = (&CategoryRow, String)> {
        let place = |code: &str| self.categories.iter().position(|c| c.code == code).unwrap_or(usize::MAX);
        let mut rows: Vec<&CategoryRow> = self.categories.iter().collect();
        rows.sort_by_key(|row| (place(row.parent.as_deref().unwrap_or(&row.code)), row.parent.is_some()));
        rows.into_iter().map(|row| {
            let above = row.parent.as_ref().map(|parent| format!("{} / ", self.category(parent)));
            (row, format!("{}{}", above.unwrap_or_default(), self.category_name(row)))
        })
    }

    /// A region's name.
    pub fn region(&self, code: &RegionCode) -> String {
        let found = self.regions.iter().find(|(known, _)| known == code);
        found.map_or_else(|| code.to_string(), |(_, name)| name.clone())
    }

    /// Every region.
    pub fn regions(&self) -> impl Iterator<Item = (&RegionCode, &str)> {
        self.regions.iter().map(|(code, name)| (code, name.as_str()))
    }
}
