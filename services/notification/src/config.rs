//! What notification is told from outside.

/// Settings of notification.
#[derive(Clone, Debug)]
pub struct Config {
    /// Mail; absent: nothing is mailed.
    pub mail: Option<MailConfig>,
    /// What letters and mails name the office by.
    pub office: Office,
    /// The waits before a mail is tried again, in milliseconds (technical clock). After the last the next way is
    /// taken.
    pub mail_retry_ms: Vec<i64>,
}

/// The office, as its notices name it.
#[derive(Clone, Debug, Default)]
pub struct Office {
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Telephone of the desk.
    pub telephone: String,
    /// Address of the reception.
    pub address: String,
}

/// How mail leaves.
#[derive(Clone, PartialEq, Eq)]
pub struct MailConfig {
    /// The server that takes our mail.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the line is sealed.
    pub tls: MailTls,
    /// Login; empty: none is asked for.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The sender's address.
    pub from: String,
    /// Certificates (PEM) that vouch for the server beside those of the system.
    pub ca: Option<Vec<u8>>,
}

// Written by hand: a password is in no log.
impl std::fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailConfig({}:{} {:?})", self.host, self.port, self.tls)
    }
}

/// Whether the line to the server is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// Plain: on a loopback or a trusted line alone.
    None,
    /// Begins plain and must be sealed before anything is said.
    Starttls,
    /// Sealed from the first byte.
    Tls,
}

/// A setting that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(String);

impl MailTls {
    /// Reads the word of a setting.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(word: &str) -> Result<Self, BadSetting> {
        match word {
            "none" => Ok(Self::None),
            "starttls" => Ok(Self::Starttls),
            "tls" => Ok(Self::Tls),
            other => {
                Err(BadSetting(format!("notification.smtp_tls is none, starttls or tls, not `{other}`")))
            }
        }
    }
}

impl Config {
    /// Reads the waits of a setting: `60,300,1800`, in seconds.
    ///
    /// # Errors
    /// When one is no number of seconds.
    pub fn waits(text: &str) -> Result<Vec<i64>, BadSetting> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let read = |word: &str| {
            let seconds = word.parse::<i64>().ok().filter(|s| (1..=604_800).contains(s));
            seconds.map(|s| s * 1_000).ok_or_else(|| {
                BadSetting(format!("notification.mail_retry_s holds `{word}`: seconds, from 1 to a week"))
            })
        };
        words.map(read).collect()
    }
}
