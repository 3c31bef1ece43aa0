//! Commands and queries: request and reply, as endpoints of the NATS Services API.

use std::{fmt, sync::Arc};

use futures::future::BoxFuture;
use kernel::{AgencyCode, ErrorDef, ErrorKind, Refusal, WhoActs};

/// Most commands one service works on at once; the rest wait in the subscription.
pub const CONCURRENCY: usize = 256;

/// The header with the signed token of who asks.
pub const ACTOR: &str = "Lianxi-Actor";
/// The header with the key under which a repeated command is done once.
pub const IDEMPOTENCY_KEY: &str = "Lianxi-Idempotency-Key";
/// The header of the W3C trace context.
pub const TRACEPARENT: &str = "traceparent";
/// The header of a refusal: its status, as in HTTP.
pub const ERROR_CODE: &str = "Nats-Service-Error-Code";
/// The header of a refusal: its stable code.
pub const ERROR: &str = "Nats-Service-Error";

/// A reply that is no refusal of ours, though its headers say so.
pub static UNREADABLE_REFUSAL: ErrorDef = ErrorDef {
    code: "unreadable_refusal",
    kind: ErrorKind::Internal,
    acts: WhoActs::Operator,
    article: None,
    zh: "服务答复无法识别（{code}），请联系运维人员。",
    en: "The service refused in a form that cannot be read ({code}); tell the operator.",
};

/// The task of a command ended without an answer.
pub static HANDLER_FAILED: ErrorDef = ErrorDef {
    code: "handler_failed",
    kind: ErrorKind::Internal,
    acts: WhoActs::Operator,
    article: None,
    zh: "服务内部出错，未能答复；请稍后用同一请求号重试。",
    en: "The service failed before it could answer; try again with the same idempotency key.",
};

/// Every refusal that the bus itself gives.
pub static ALL: &[&ErrorDef] = &[&UNREADABLE_REFUSAL, &HANDLER_FAILED];

/// A command or a query on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The signed token of who asks.
    pub actor: Option<String>,
    /// The key under which a repeated command is done once.
    pub idempotency_key: Option<String>,
    /// W3C trace context of the caller.
    pub traceparent: Option<String>,
    /// JSON.
    pub body: Vec<u8>,
}

/// What a handler gives back: the JSON of the response, or a refusal.
pub type Reply = Result<Vec<u8>, Refusal>;
/// Answers one command.
pub type CommandHandler = Arc<dyn Fn(Call) -> BoxFuture<'static, Reply> + Send + Sync>;
/// Answers one command that each agency has its own subject for; the bus says which agency asks.
pub type AgencyCommandHandler = Arc<dyn Fn(AgencyCode, Call) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Who answers an endpoint.
#[derive(Clone)]
pub enum EndpointHandler {
    /// One subject.
    Plain(CommandHandler),
    /// One subject per agency: `svc.intake.open.<agency>`. The server lets each agency's account use its
    /// own alone, so the code is proof.
    PerAgency(AgencyCommandHandler),
}

impl EndpointHandler {
    /// Answers a call that came on a subject.
    pub(crate) fn answer(&self, subject: &str, call: Call) -> BoxFuture<'static, Reply> {
        match self {
            Self::Plain(handler) => handler(call),
            Self::PerAgency(handler) => {
                match subject.rsplit('.').next().and_then(|t| t.parse::<AgencyCode>().ok()) {
                    Some(agency) => handler(agency, call),
                    None => Box::pin(std::future::ready(Err(HANDLER_FAILED.refuse()))),
                }
            }
        }
    }
}

/// One command of a service.
#[derive(Clone)]
pub struct Endpoint {
    /// `register`: the last token but the agency's.
    pub command: String,
    /// `svc.intake.register`, `svc.intake.open.*`.
    pub subject: String,
    /// Who answers.
    pub handler: EndpointHandler,
}

/// A service as NATS tools see it: several processes that serve the same name share the work.
#[derive(Clone)]
pub struct Service {
    /// `intake`, `agency-renshe`.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// One line for people.
    pub description: String,
    /// What subjects begin with: `svc.intake`, `svc.agency.renshe`.
    pub prefix: String,
    /// Its commands.
    pub endpoints: Vec<Endpoint>,
    /// Most calls at once in this process.
    pub concurrency: usize,
}

impl Service {
    /// A service of the office: `svc.<name>.<command>`.
    #[must_use]
    pub fn core(name: &str, version: &str, description: &str) -> Self {
        Self::with(name.to_owned(), format!("svc.{name}"), version, description)
    }

    /// An agency's node: `svc.agency.<code>.<command>`.
    #[must_use]
    pub fn agency(code: &AgencyCode, version: &str, description: &str) -> Self {
        Self::with(format!("agency-{code}"), format!("svc.agency.{code}"), version, description)
    }

    fn with(name: String, prefix: String, version: &str, description: &str) -> Self {
        Self {
            name,
            version: version.to_owned(),
            description: description.to_owned(),
            prefix,
            endpoints: Vec::new(),
            concurrency: CONCURRENCY,
        }
    }

    /// Adds a command.
    #[must_use]
    pub fn command(mut self, command: &str, handler: CommandHandler) -> Self {
        let subject = format!("{}.{command}", self.prefix);
        self.endpoints.push(Endpoint {
            command: command.to_owned(),
            subject,
            handler: EndpointHandler::Plain(handler),
        });
        self
    }

    /// Adds a command that each agency reaches by its own subject: `svc.intake.open.<agency>`.
    #[must_use]
    pub fn agency_command(mut self, command: &str, handler: AgencyCommandHandler) -> Self {
        let subject = format!("{}.{command}.*", self.prefix);
        self.endpoints.push(Endpoint {
            command: command.to_owned(),
            subject,
            handler: EndpointHandler::PerAgency(handler),
        });
        self
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({} {}, {} endpoints)", self.name, self.version, self.endpoints.len())
    }
}
