//! What every route shares.

use std::sync::Arc;

use chrono::NaiveDate;
use contracts::Command;
use kernel::{AgencyCode, MatterId, Refusal};
use web::{ClientIps, Cookie, Language, Pages, Problem, Rate, RateLimiter, Texts, Wanted, problem::Refused};

use super::{Caller, DoorError, inbox::InboxWatch, memory::Memory};
use crate::{Deps, accounts::PasswordBench, error, signing::Signatures, views};

/// Sign-ins of one address.
const LOGIN_BY_IP: Rate = Rate { burst: 120, period_ms: 60_000 };
/// Sign-ins of one account.
const LOGIN_BY_ACCOUNT: Rate = Rate { burst: 30, period_ms: 600_000 };
/// Look-ups of one address.
const LOOKUP_BY_IP: Rate = Rate { burst: 20, period_ms: 60_000 };
/// Look-ups of one number: a query code cannot be guessed at.
const LOOKUP_BY_NUMBER: Rate = Rate { burst: 10, period_ms: 600_000 };
/// Registrations and uploads of one address without an account.
const PORTAL_BY_IP: Rate = Rate { burst: 30, period_ms: 600_000 };
/// Requests of one API key.
const BY_KEY: Rate = Rate { burst: 1_200, period_ms: 60_000 };
/// The name of the session's cookie.
const SESSION_COOKIE: &str = "lianxi_session";

/// How often callers may come.
pub struct Limits {
    /// Sign-ins by address.
    pub login_by_ip: RateLimiter,
    /// Sign-ins by account.
    pub login_by_account: RateLimiter,
    /// Look-ups by address.
    pub lookup_by_ip: RateLimiter,
    /// Look-ups by number.
    pub lookup_by_number: RateLimiter,
    /// The public's registrations and uploads by address.
    pub portal_by_ip: RateLimiter,
    /// Requests by API key.
    pub by_key: RateLimiter,
}

/// The door's own things.
pub struct Site {
    /// Everything the console was given.
    pub deps: Deps,
    /// Pages in both languages.
    pub pages: Pages,
    /// Texts in both languages.
    pub texts: Arc<Texts>,
    /// Where passwords are checked.
    pub bench: PasswordBench,
    /// Signs for callers.
    pub signatures: Signatures,
    /// The session's cookie.
    pub cookie: Cookie,
    /// How addresses are read.
    pub clients: ClientIps,
    /// How often callers may come.
    pub limits: Limits,
    /// Whether any inbox has changed.
    pub inbox: InboxWatch,
    /// What is remembered for a short while.
    pub(super) memory: Memory,
}

impl Site {
    /// The door of a console.
    ///
    /// # Errors
    /// When texts, templates or the password bench do not fit.
    pub fn try_new(deps: &Deps) -> Result<Self, DoorError> {
        let texts = Arc::new(views::texts()?);
        let pages = views::pages(texts.clone(), views::assets())?;
        let technical = deps.clocks.technical.clone();
        let limiter = |rate| RateLimiter::new(rate, technical.clone());
        Ok(Self {
            pages,
            texts,
            bench: PasswordBench::new(deps.mint.clone())?,
            signatures: Signatures::new(deps.signer.clone(), &deps.mint, technical.clone()),
            cookie: Cookie::new(SESSION_COOKIE, deps.config.tls),
            clients: ClientIps { trusted_proxies: deps.config.trusted_proxies.clone() },
            limits: Limits {
                login_by_ip: limiter(LOGIN_BY_IP),
                login_by_account: limiter(LOGIN_BY_ACCOUNT),
                lookup_by_ip: limiter(LOOKUP_BY_IP),
                lookup_by_number: limiter(LOOKUP_BY_NUMBER),
                portal_by_ip: limiter(PORTAL_BY_IP),
                by_key: limiter(BY_KEY),
            },
            inbox: InboxWatch::default(),
            memory: Memory::default(),
            deps: deps.clone(),
        })
    }

    /// The civil date it is.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.deps.clocks.business.today()
    }

    /// Asks a service of the office in the caller's name, and under the caller's key if there is one: the owner does
    /// a command under the same key once.
    ///
    /// # Errors
    /// The owner's refusal, or `service_away`.
    pub async fn ask<C: Command>(
        &self,
        caller: &Caller,
        service: &str,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        self.ask_once(caller, service, caller.key.as_deref(), command).await
    }

    /// The same, under a key that is not the request's own.
    ///
    /// # Errors
    /// As [`Site::ask`].
    pub async fn ask_once<C: Command>(
        &self,
        caller: &Caller,
        service: &str,
        key: Option<&str>,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let token = self.signatures.token(caller.actor())?;
        web::ask::ask(&self.deps.bus, service, Some(token.expose()), key, command).await
    }

    /// Asks an agency's node in the caller's name.
    ///
    /// # Errors
    /// As [`Site::ask`].
    pub async fn ask_agency<C: Command>(
        &self,
        caller: &Caller,
        agency: &AgencyCode,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let token = self.signatures.token(caller.actor())?;
        let key = caller.key.as_deref();
        web::ask::ask_agency(&self.deps.bus, agency, Some(token.expose()), key, command).await
    }

    /// Waits, but not for ever, until the board has what a command made.
    ///
    /// # Errors
    /// The store is away.
    pub async fn board_has(&self, matter: MatterId, context: &str, version: i64) -> Result<bool, Refusal> {
        self.deps.watch.until(matter, context, version).await.map_err(|e| error::away(&e))
    }

    /// A text in a language.
    #[must_use]
    pub fn say(&self, language: Language, key: &str) -> String {
        self.texts.t(language, key, &[])
    }

    /// Renders a page.
    ///
    /// # Errors
    /// An internal refusal when the template fails; it is logged.
    pub fn page<P: views::Page>(
        &self,
        language: Language,
        view: &P,
    ) -> Result<axum::response::Html<String>, Refused> {
        self.pages.page(language, P::TEMPLATE, view)
    }

    /// The page of a refusal, for browsers.
    #[must_use]
    pub fn problem_page(&self, problem: &Problem, wanted: Wanted) -> Option<String> {
        let view = crate::door::problem::view(self, problem, wanted);
        let template = <views::problem::ProblemPage as views::Page>::TEMPLATE;
        match self.pages.render(wanted.language, template, &view) {
            Ok(html) => Some(html),
            Err(error) => {
                tracing::error!(%error, "the page of a refusal could not be rendered");
                None
            }
        }
    }

    /// Now on the technical clock, for expiries.
    #[must_use]
    pub fn technical_now(&self) -> kernel::UnixMillis {
        self.deps.clocks.technical.now()
    }
}
