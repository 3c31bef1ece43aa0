//! The envelope of every message: CloudEvents 1.0 in NATS binary mode.
//!
//! Headers carry ids, types, dates and hashes, never personal data; the body is JSON.

use kernel::{AgencyCode, By, EventId, UnixMillis};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

/// What a message is, which decides its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MessageKind {
    /// A fact, past tense, owned by its context: stream `EVT`.
    Fact,
    /// What an agency must act on: stream `DISPATCH_<agency>`.
    Dispatch,
    /// What an agency answers: stream `RETURNS`.
    Return,
    /// A message that could not be applied: stream `DLQ`.
    DeadLetter,
}

impl MessageKind {
    /// The code word stored beside an outbox row.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Dispatch => "dispatch",
            Self::Return => "return",
            Self::DeadLetter => "dead_letter",
        }
    }

    /// Reads the code word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Fact, Self::Dispatch, Self::Return, Self::DeadLetter].into_iter().find(|k| k.code() == code)
    }
}

/// A typed body of a message. One type per event and version; a published one is never edited.
pub trait Event: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The CloudEvents type with its version: `lianxi.routing.matter_forwarded.v1`.
    const TYPE: &'static str;
    /// Fact, dispatch or return.
    const KIND: MessageKind;
}

/// The number and the chain of a dispatch, gapless per (sender, agency).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchSeal {
    /// Whom it is for.
    pub agency: AgencyCode,
    /// The service that numbers it.
    pub sender: String,
    /// From 1, without gaps.
    pub seq: i64,
    /// Hash of the dispatch before it, hex; 64 zeros for the first.
    pub prev_hash: String,
    /// Hash of this one, hex.
    pub hash: String,
}

/// One message as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `ce-id`.
    pub id: EventId,
    /// `ce-type`, with its version.
    pub event_type: String,
    /// `ce-source`: `lianxi/intake`, `lianxi/agency/renshe`.
    pub source: String,
    /// `ce-subject`: the matter, or the fact's own id; last token of the NATS subject.
    pub subject_id: String,
    /// `ce-time`, business clock.
    pub at: UnixMillis,
    /// `ce-version`: counts per (context, `subject_id`), from 1 without gaps.
    pub version: i64,
    /// `ce-causationid`.
    pub causation: Option<EventId>,
    /// `ce-authid`: in whose name it was recorded; none where a rule or a timer of the suite acted. Never on a
    /// dispatch, which goes to a unit, not from person to person.
    pub by: Option<By>,
    /// `traceparent`.
    pub traceparent: Option<String>,
    /// `ce-agency`, `ce-agencyseq`, `ce-prevhash`, `ce-hash`: dispatches alone.
    pub dispatch: Option<DispatchSeal>,
    /// The exact JSON text.
    pub body: String,
}

/// `ce-authtype` of a message with `ce-authid` (CloudEvents extension "Auth Context").
pub(crate) const AUTH_TYPE: &str = "user";

/// What came in is not one of our messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMessage {
    /// A header that must be there is not.
    #[error("header `{0}` is missing")]
    Missing(&'static str),
    /// A header cannot be read.
    #[error("header `{name}`: {why}")]
    BadHeader {
        /// Which.
        name: &'static str,
        /// Why not.
        why: String,
    },
    /// The body is not the JSON that its type promises.
    #[error("body of `{event_type}`: {why}")]
    BadBody {
        /// `ce-type`.
        event_type: String,
        /// Why not.
        why: String,
    },
    /// The body belongs to another type than the one asked for.
    #[error("type is `{found}`, wanted `{wanted}`")]
    OtherType {
        /// What it is.
        found: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// The subject and the headers do not say the same.
    #[error("subject `{0}` does not match its headers")]
    ForeignSubject(String),
}

impl Message {
    /// The context that owns the type: `lianxi.<context>.…`.
    #[must_use]
    pub fn context(&self) -> &str {
        self.event_type.split('.').nth(1).unwrap_or_default()
    }

    /// The type in one token, without context and version: `matter_forwarded`.
    #[must_use]
    pub fn type_token(&self) -> &str {
        type_token(&self.event_type)
    }

    /// What `version` counts within, together with `subject_id`: facts and returns count per source,
    /// dispatches per source and agency, so that a consumer of either sees a gap as a gap.
    #[must_use]
    pub fn order_key(&self) -> String {
        match &self.dispatch {
            Some(seal) => format!("{}>{}", self.source, seal.agency),
            None => self.source.clone(),
        }
    }

    /// The agency a return comes from: `lianxi/agency/<code>`.
    #[must_use]
    pub fn source_agency(&self) -> Option<AgencyCode> {
        self.source.strip_prefix("lianxi/agency/").and_then(|code| code.parse().ok())
    }

    /// The body as its type.
    ///
    /// # Errors
    /// When the type is another one or the body does not fit.
    pub fn decode<E: Event>(&self) -> Result<E, BadMessage> {
        if self.event_type != E::TYPE {
            return Err(BadMessage::OtherType { found: self.event_type.clone(), wanted: E::TYPE });
        }
        serde_json::from_str(&self.body)
            .map_err(|e| BadMessage::BadBody { event_type: self.event_type.clone(), why: e.to_string() })
    }

    /// The headers of binary mode.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("ce-specversion", "1.0".to_owned()),
            ("ce-id", self.id.to_string()),
            ("ce-type", self.event_type.clone()),
            ("ce-source", self.source.clone()),
            ("ce-subject", self.subject_id.clone()),
            ("ce-time", self.at.to_string()),
            ("ce-version", self.version.to_string()),
            ("content-type", "application/json".to_owned()),
        ];
        if let Some(cause) = self.causation {
            headers.push(("ce-causationid", cause.to_string()));
        }
        if let Some(by) = &self.by {
            headers.push(("ce-authtype", AUTH_TYPE.to_owned()));
            headers.push(("ce-authid", by.to_string()));
        }
        if let Some(trace) = &self.traceparent {
            headers.push(("traceparent", trace.clone()));
        }
        if let Some(seal) = &self.dispatch {
            headers.push(("ce-agency", seal.agency.to_string()));
            headers.push(("ce-sender", seal.sender.clone()));
            headers.push(("ce-agencyseq", seal.seq.to_string()));
            headers.push(("ce-prevhash", seal.prev_hash.clone()));
            headers.push(("ce-hash", seal.hash.clone()));
        }
        headers
    }

    /// Reads a message off the wire and checks that its subject and its headers agree.
    ///
    /// # Errors
    /// When a header is missing or unreadable, or the subject says something else.
    pub fn from_wire(
        subject: &str,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
    ) -> Result<Self, BadMessage> {
        let need = |name: &'static str| header(name).ok_or(BadMessage::Missing(name));
        let event_type = need("ce-type")?;
        let body = std::str::from_utf8(body)
            .map_err(|e| BadMessage::BadBody { event_type: event_type.clone(), why: e.to_string() })?;
        let message = Self {
            id: parse("ce-id", &need("ce-id")?)?,
            source: need("ce-source")?,
            subject_id: need("ce-subject")?,
            at: UnixMillis::parse_rfc3339(&need("ce-time")?)
                .map_err(|e| BadMessage::BadHeader { name: "ce-time", why: e.to_string() })?,
            version: parse("ce-version", &need("ce-version")?)?,
            causation: header("ce-causationid").map(|t| parse("ce-causationid", &t)).transpose()?,
            by: header("ce-authid").map(|t| parse("ce-authid", &t)).transpose()?,
            traceparent: header("traceparent"),
            dispatch: Self::dispatch_from(header)?,
            body: body.to_owned(),
            event_type,
        };
        // An agency speaks for its own people; for one without computers the office records the paper.
        if let (Some(agency), Some(by)) = (message.source_agency(), &message.by)
            && by.agency.as_ref().is_some_and(|of| *of != agency)
        {
            let why = "the account is of another agency than the one that sent it".to_owned();
            return Err(BadMessage::BadHeader { name: "ce-authid", why });
        }
        let mut tokens = subject.split('.');
        let last = tokens.next_back().unwrap_or_default();
        let fits = match tokens.next() {
            Some("evt") => {
                tokens.next() == Some(message.context()) && tokens.next() == Some(message.type_token())
            }
            Some("dispatch") => message.dispatch.as_ref().is_some_and(|d| {
                tokens.next() == Some(d.agency.as_str()) && tokens.next() == Some(d.sender.as_str())
            }),
            Some("returns") => {
                let stamped = tokens.next().and_then(|t| t.parse().ok());
                stamped == message.source_agency() && tokens.next() == Some(message.type_token())
            }
            Some("dlq") => true,
            _ => false,
        };
        if fits && last == message.subject_id {
            Ok(message)
        } else {
            Err(BadMessage::ForeignSubject(subject.to_owned()))
        }
    }

    fn dispatch_from(header: &dyn Fn(&str) -> Option<String>) -> Result<Option<DispatchSeal>, BadMessage> {
        let Some(seq) = header("ce-agencyseq") else { return Ok(None) };
        let need = |name: &'static str| header(name).ok_or(BadMessage::Missing(name));
        Ok(Some(DispatchSeal {
            agency: parse("ce-agency", &need("ce-agency")?)?,
            sender: need("ce-sender")?,
            seq: parse("ce-agencyseq", &seq)?,
            prev_hash: need("ce-prevhash")?,
            hash: need("ce-hash")?,
        }))
    }
}

/// The type in one token: `lianxi.routing.matter_forwarded.v1` → `matter_forwarded`.
#[must_use]
pub fn type_token(event_type: &str) -> &str {
    event_type.split('.').nth(2).unwrap_or_default()
}

fn parse<T: std::str::FromStr>(name: &'static str, text: &str) -> Result<T, BadMessage>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|e: T::Err| BadMessage::BadHeader { name, why: e.to_string() })
}
