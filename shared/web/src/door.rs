//! The door of a service: every command arrives typed and with a verified actor, or not at all.
//!
//! The owner's rights are checked behind it; the door only establishes who asks and what is asked.

use std::{future::Future, sync::Arc, time::Instant};

use bus::{Call, Reply, Service};
use contracts::Command;
use kernel::{Actor, AgencyCode, Clock, ErrorDef, ErrorKind, Refusal, WhoActs};
use telemetry::{CommandOutcome, metrics};
use trust::ActorVerifier;

/// No token, or one that does not verify.
pub static NOT_SIGNED_IN: ErrorDef = ErrorDef {
    code: "not_signed_in",
    kind: ErrorKind::Unauthenticated,
    acts: WhoActs::Sender,
    article: None,
    zh: "未登录或登录已过期，请重新登录后再试。",
    en: "You are not signed in, or the sign-in has expired: sign in and try again.",
};

/// The body is not the JSON that the command takes.
pub static BAD_COMMAND: ErrorDef = ErrorDef {
    code: "bad_command",
    kind: ErrorKind::Invalid,
    acts: WhoActs::Sender,
    article: None,
    zh: "请求内容不符合“{command}”的格式（字段 {field}，{why}）。请按接口说明改正后重发。",
    en: "The body does not fit `{command}` (field `{field}`, {why}). Correct it as the interface describes and send it again.",
};

/// The answer could not be written as JSON.
pub static UNWRITABLE_REPLY: ErrorDef = ErrorDef {
    code: "unwritable_reply",
    kind: ErrorKind::Internal,
    acts: WhoActs::Operator,
    article: None,
    zh: "服务内部出错（{command}），请联系运维人员。",
    en: "The service failed to write its answer ({command}); tell the operator.",
};

/// A command as its owner gets it.
#[derive(Debug)]
pub struct Asked<C> {
    /// Who asks, verified.
    pub actor: Actor,
    /// What is asked.
    pub command: C,
    /// Under which a repeated command is done once.
    pub idempotency_key: Option<String>,
}

/// Verifies actors for one service.
pub struct Door {
    service: String,
    verifier: Arc<ActorVerifier>,
    technical: Arc<dyn Clock>,
}

impl Door {
    /// The door of a service; `technical` judges whether a token still lives.
    #[must_use]
    pub fn new(service: &str, verifier: Arc<ActorVerifier>, technical: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { service: service.to_owned(), verifier, technical })
    }

    /// Adds a typed command to a service.
    pub fn command<C, H, F>(self: &Arc<Self>, service: Service, handler: H) -> Service
    where
        C: Command,
        H: Fn(Asked<C>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<C::Reply, Refusal>> + Send + 'static,
    {
        let (door, handler) = (self.clone(), Arc::new(handler));
        service.command(
            C::NAME,
            Arc::new(move |call| {
                let (door, handler) = (door.clone(), handler.clone());
                Box::pin(async move {
                    let begun = Instant::now();
                    let reply = match door.admit::<C>(call) {
                        Ok(asked) => {
                            let actor = asked.actor.clone();
                            let done = db::acting_as(&actor, handler(asked)).await;
                            done.and_then(|reply| write::<C>(&reply))
                        }
                        Err(refusal) => Err(refusal),
                    };
                    door.count::<C>(&reply, begun);
                    reply
                })
            }),
        )
    }

    /// Adds a typed command that each agency reaches by a subject of its own; the bus vouches for the code.
    pub fn agency_command<C, H, F>(self: &Arc<Self>, service: Service, handler: H) -> Service
    where
        C: Command,
        H: Fn(AgencyCode, C) -> F + Send + Sync + 'static,
        F: Future<Output = Result<C::Reply, Refusal>> + Send + 'static,
    {
        let (door, handler) = (self.clone(), Arc::new(handler));
        service.agency_command(
            C::NAME,
            Arc::new(move |agency, call| {
                let (door, handler) = (door.clone(), handler.clone());
                Box::pin(async move {
                    let begun = Instant::now();
                    let reply = match read::<C>(&call.body) {
                        Ok(command) => handler(agency, command).await.and_then(|reply| write::<C>(&reply)),
                        Err(refusal) => Err(refusal),
                    };
                    door.count::<C>(&reply, begun);
                    reply
                })
            }),
        )
    }

    fn admit<C: Command>(&self, call: Call) -> Result<Asked<C>, Refusal> {
        let token = call.actor.as_deref().ok_or_else(|| NOT_SIGNED_IN.refuse())?;
        let claims = self.verifier.verify(token, self.technical.now()).map_err(|_| NOT_SIGNED_IN.refuse())?;
        let command = read::<C>(&call.body)?;
        Ok(Asked { actor: claims.actor.clone(), command, idempotency_key: call.idempotency_key })
    }

    fn count<C: Command>(&self, reply: &Reply, begun: Instant) {
        let outcome = match reply {
            Ok(_) => CommandOutcome::Done,
            Err(refusal) => match refusal.kind {
                ErrorKind::Internal | ErrorKind::Unavailable => CommandOutcome::Failed,
                _ => CommandOutcome::Refused,
            },
        };
        metrics().command(&self.service, C::NAME, outcome, begun.elapsed().as_secs_f64());
    }
}

fn read<C: Command>(body: &[u8]) -> Result<C, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json).map_err(|e| {
        // The path names the field; serde's own words quote the input and stay here.
        let why = match e.inner().classify() {
            serde_json::error::Category::Data => "type",
            serde_json::error::Category::Syntax => "syntax",
            serde_json::error::Category::Eof | serde_json::error::Category::Io => "cut off",
        };
        BAD_COMMAND.refuse().at(e.path().to_string()).with("command", C::NAME).with("why", why)
    })
}

fn write<C: Command>(reply: &C::Reply) -> Reply {
    serde_json::to_vec(reply).map_err(|_| UNWRITABLE_REPLY.refuse().with("command", C::NAME))
}
