//! What every HTTP door of the suite shares: the server, its guards, refusals as problems, languages
//! and texts, pages and assets; and the NATS door of every service with the caller's half of it.
//!
//! Owns: RFC 9457 problems, Fluent texts, the page environment, security headers, the cross-site
//! check, rate limits, cookies, TLS. Never: a route with business in it, a session, an account (the
//! console has those). Nothing here logs a path, a query, a body or an address of a person.

pub mod ask;
pub mod assets;
pub mod citation;
pub mod cookie;
pub mod door;
pub mod errors;
pub mod errors_doc;
pub mod extract;
pub mod language;
pub mod once;
pub mod page;
pub mod problem;
pub mod security;
pub mod serve;
pub mod shell;
mod suite_actor;
pub mod texts;
pub mod trace;

pub use assets::{AssetSource, Assets, mime_of};
pub use cookie::{BadCookieValue, Cookie};
pub use language::Language;
pub use page::{PageError, Pages, PagesBuilder};
pub use problem::{Problem, ProblemPage, Refused, Wanted};
pub use security::{ClientIps, IpLimit, Rate, RateLimiter, TooOften};
pub use serve::{ServeConfig, ServeError, TlsFiles, WebServer, serve};
pub use shell::{Shell, shell};
pub use suite_actor::{SuiteActor, sign};
pub use texts::{TextArg, TextSource, Texts, TextsError};
