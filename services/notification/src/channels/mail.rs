//! 电子邮件: one mail over SMTP, stage by stage, so that it is known whether a failure came before or after the mail
//! was handed over. What the server's 250 proves is that it took the mail, no more.

use std::time::{Duration, UNIX_EPOCH};

use kernel::{NoticeId, UnixMillis};
use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart, SinglePart, header::ContentType},
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};

use crate::{
    config::{MailConfig, MailTls},
    domain::notice::Attempt,
};

/// How long each half of an attempt may take: together less than `domain::notice::SENDING_FOR_MS`.
const HALF_WITHIN: Duration = Duration::from_secs(60);
/// Longest answer of a server that is kept as a proof, in characters.
const MAX_ANSWER_CHARS: usize = 100;

/// A mail to be sent.
pub struct Letter {
    /// The notice: its id makes the Message-ID, so that one mail twice is seen to be one.
    pub id: NoticeId,
    /// To whom.
    pub to: String,
    /// The office's name.
    pub from_name: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
    /// An iCalendar object with its method (RFC 5545, RFC 6047).
    pub calendar: Option<(String, &'static str)>,
    /// The day on its face (technical clock).
    pub at: UnixMillis,
}

/// Sends one mail and says what was seen of it. No address is logged.
pub async fn send(config: &MailConfig, letter: &Letter) -> Attempt {
    let (Ok(from), Ok(to)) = (config.from.parse::<Address>(), letter.to.parse::<Address>()) else {
        return Attempt::Refused;
    };
    let Some(bytes) = written(&from, &to, letter) else {
        tracing::error!(notice.id = %letter.id, "a mail could not be written");
        return Attempt::NotNow;
    };
    let ready = tokio::time::timeout(HALF_WITHIN, ready(config, from, to, bytes.is_ascii())).await;
    let mut connection = match ready {
        Ok(Ok(connection)) => connection,
        Ok(Err(NotReady::Refused)) => return Attempt::Refused,
        Ok(Err(NotReady::NotNow(error))) => {
            tracing::warn!(notice.id = %letter.id, status = ?error.status(), "a mail waits for its next attempt");
            return Attempt::NotNow;
        }
        Err(_) => return Attempt::NotNow,
    };
    // From here on the server may have the mail, whatever is heard of it.
    let attempt = match tokio::time::timeout(HALF_WITHIN, connection.message(&bytes)).await {
        Ok(Ok(response)) => Attempt::Taken(answer(&response)),
        Ok(Err(error)) if error.is_permanent() => Attempt::Refused,
        Ok(Err(error)) if error.is_transient() => Attempt::NotNow,
        Ok(Err(_)) | Err(_) => {
            tracing::warn!(notice.id = %letter.id, "no answer to a mail that was handed over: a person decides");
            Attempt::Unknown
        }
    };
    if matches!(attempt, Attempt::Taken(_)) {
        // The mail is theirs already; how the talk ends does not matter.
        drop(tokio::time::timeout(HALF_WITHIN, connection.quit()).await);
    }
    attempt
}

fn answer(response: &lettre::transport::smtp::response::Response) -> String {
    let line = response.first_line().unwrap_or_default();
    format!("{} {line}", response.code()).chars().filter(|c| !c.is_control()).take(MAX_ANSWER_CHARS).collect()
}

enum NotReady {
    /// The recipient is refused for good.
    Refused,
    /// Nothing was handed over; another time it may go.
    NotNow(Error),
}

/// Brings a connection to where the mail itself follows.
async fn ready(
    config: &MailConfig,
    from: Address,
    to: Address,
    ascii: bool,
) -> Result<AsyncSmtpConnection, NotReady> {
    let later = NotReady::NotNow;
    let hello = ClientId::default();
    let tls = match config.tls {
        MailTls::None => None,
        MailTls::Starttls | MailTls::Tls => Some(tls_of(config).map_err(later)?),
    };
    let at_once = tls.clone().filter(|_| config.tls == MailTls::Tls);
    let server = (config.host.as_str(), config.port);
    let opened = AsyncSmtpConnection::connect_tokio1(server, Some(HALF_WITHIN), &hello, at_once, None);
    let mut connection = opened.await.map_err(later)?;
    if let Some(tls) = tls.filter(|_| config.tls == MailTls::Starttls) {
        connection.starttls(tls, &hello).await.map_err(later)?;
    }
    if !config.user.is_empty() {
        let credentials = Credentials::new(config.user.clone(), config.password.clone());
        connection.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(later)?;
    }
    let eight_bit = !ascii && connection.server_info().supports_feature(Extension::EightBitMime);
    let parameters =
        if eight_bit { vec![MailParameter::Body(MailBodyParameter::EightBitMime)] } else { vec![] };
    connection.command(Mail::new(Some(from), parameters)).await.map_err(later)?;
    let refusal = |error: Error| if error.is_permanent() { NotReady::Refused } else { later(error) };
    connection.command(Rcpt::new(to, vec![])).await.map_err(refusal)?;
    connection.command(Data).await.map_err(refusal)?;
    Ok(connection)
}

/// The server's certificate is checked, by the system's roots and the office's own.
fn tls_of(config: &MailConfig) -> Result<TlsParameters, Error> {
    let mut tls = TlsParameters::builder(config.host.clone());
    if let Some(pem) = &config.ca {
        tls = tls.add_root_certificate(Certificate::from_pem(pem)?);
    }
    tls.build()
}

fn written(from: &Address, to: &Address, letter: &Letter) -> Option<Vec<u8>> {
    let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.at.0).unwrap_or(0));
    let builder = Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.id, from.domain())))
        .date(at)
        .from(Mailbox::new(Some(letter.from_name.clone()), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(letter.subject.clone());
    let text = SinglePart::plain(letter.text.clone());
    let message = match &letter.calendar {
        None => builder.singlepart(text),
        Some((calendar, method)) => {
            let kind = format!("text/calendar; charset=utf-8; method={method}");
            let part = SinglePart::builder().header(ContentType::parse(&kind).ok()?).body(calendar.clone());
            builder.multipart(MultiPart::alternative().singlepart(text).singlepart(part))
        }
    };
    message.ok().map(|message| message.formatted())
}
