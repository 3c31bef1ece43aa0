//! The mail's work: a function of the technical clock's now. Each attempt is on record before it is made; what became
//! of it is a second transaction. Between the two a crash leaves a row that nobody sends again by himself.

use contracts::{
    codes::{NoticeChannel, NoticeState},
    intake::commands::{NoticeContact, NotifyContact},
};
use db::StoreError;
use kernel::{Clock, NoticeId, UnixMillis, civil_date};
use web::ask::ask;

use crate::{
    Deps,
    channels::mail::{self, Letter},
    commands::keep,
    config::MailConfig,
    domain::{
        audience::Audience,
        invitation::{self, Parties},
        notice::Attempt,
    },
    store::{self, Agency, rows::Listed},
};

/// Mails looked at in one step.
const AT_ONCE: i64 = 32;

/// Sends what is due.
#[derive(Clone)]
pub struct Post {
    pub(crate) deps: Deps,
}

impl Post {
    /// Sends mails that are due at an instant of the technical clock; says how many attempts were made. There may
    /// be more when it is not 0.
    ///
    /// # Errors
    /// What the store says; what was sent is on record as sent or as unknown.
    pub async fn step(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let due =
            self.deps.db.read(move |tx| Box::pin(async move { store::due_mails(tx, now, AT_ONCE).await }));
        let due = due.await?;
        let mut moved = 0;
        for id in &due {
            if let Some(listed) = self.claim(*id, now).await? {
                let attempt = self.attempt(&listed, now).await?;
                self.note(*id, listed.notice.version, attempt).await?;
                moved += 1;
            }
        }
        Ok(moved)
    }

    /// Puts the attempt on record; nothing when another process has it, or its time has passed.
    async fn claim(&self, id: NoticeId, now: UnixMillis) -> Result<Option<Listed>, StoreError> {
        let mail = self.deps.config.mail.is_some();
        let claimed = self.deps.db.write(move |tx| {
            Box::pin(async move {
                let Some(mut listed) = store::load(tx, id).await? else { return Ok(None) };
                let loaded = listed.notice.version;
                listed.notice.abandon(now);
                let claimed = mail && listed.notice.claim(now);
                keep(tx, &listed.notice, loaded).await?;
                Ok(claimed.then_some(listed))
            })
        });
        match claimed.await {
            // Another process was first.
            Err(StoreError::Stale) => Ok(None),
            other => other,
        }
    }

    /// Makes the attempt, outside of any transaction.
    async fn attempt(&self, listed: &Listed, now: UnixMillis) -> Result<Attempt, StoreError> {
        let Some(config) = &self.deps.config.mail else { return Ok(Attempt::NotNow) };
        let agencies = self.deps.db.read(|tx| Box::pin(async move { store::agencies(tx).await })).await?;
        match &listed.notice.audience {
            Audience::AgencyDesk(code) => {
                let known = agencies.iter().find(|a| a.code == code.as_str());
                let Some(to) = known.and_then(|a| a.email.clone()) else { return Ok(Attempt::Refused) };
                Ok(self.mail(config, listed, &agencies, (to, None), now).await)
            }
            Audience::Petitioner => Ok(self.to_petitioner(config, listed, &agencies, now).await),
            Audience::Agency(_) | Audience::Office(_) => Ok(Attempt::Refused),
        }
    }

    async fn to_petitioner(
        &self,
        config: &MailConfig,
        listed: &Listed,
        agencies: &[Agency],
        now: UnixMillis,
    ) -> Attempt {
        let notice = &listed.notice;
        let Some(submission_id) = notice.matter_id else { return Attempt::Refused };
        let question = NotifyContact {
            submission_id,
            channel: NoticeChannel::Mail,
            with_query_code: notice.template == "receipt",
            printed_by: None,
        };
        let Ok(token) = self.deps.suite.token() else { return Attempt::NotNow };
        match ask(&self.deps.bus, "intake", Some(token.expose()), None, &question).await {
            Ok(NoticeContact::Reachable(address)) => {
                let to = (address.address.clone(), Some(&address));
                self.mail(config, listed, agencies, to, now).await
            }
            Ok(NoticeContact::Unreachable { trouble }) => Attempt::NoAddress(trouble),
            Err(refusal) => {
                tracing::warn!(notice.id = %notice.id, code = %refusal.code, "intake names no address now");
                Attempt::NotNow
            }
        }
    }

    async fn mail(
        &self,
        config: &MailConfig,
        listed: &Listed,
        agencies: &[Agency],
        (to, address): (String, Option<&contracts::intake::commands::NoticeAddress>),
        now: UnixMillis,
    ) -> Attempt {
        let Ok(said) = self.deps.words.of(listed, false, agencies, address) else { return Attempt::NotNow };
        let office = &self.deps.config.office;
        let greeting = address.map(|a| format!("{}：\n\n", a.name)).unwrap_or_default();
        let text = format!(
            "{greeting}{}\n\n{}\n{}　{}\n",
            said.paragraphs.join("\n\n"),
            office.name_zh,
            office.telephone,
            office.address
        );
        let unit = match &listed.notice.audience {
            Audience::AgencyDesk(code) => agencies.iter().find(|a| a.code == code.as_str()),
            Audience::Petitioner | Audience::Agency(_) | Audience::Office(_) => None,
        };
        let calendar = unit.and_then(|unit| {
            let parties = Parties { from: &config.from, to: &to, unit: &unit.name_zh };
            invitation::object(&listed.notice.told, parties, now)
        });
        let letter = Letter {
            id: listed.notice.id,
            to,
            from_name: office.name_zh.clone(),
            subject: said.title,
            text,
            calendar,
            at: now,
        };
        mail::send(config, &letter).await
    }

    /// Notes what became of it. A row that somebody else has taken on meanwhile stays as it is.
    async fn note(&self, id: NoticeId, claimed: i64, attempt: Attempt) -> Result<(), StoreError> {
        let retry_ms = self.deps.config.mail_retry_ms.clone();
        let noted = self.deps.db.write(move |tx| {
            let (attempt, retry_ms) = (attempt.clone(), retry_ms.clone());
            Box::pin(async move {
                let Some(listed) = store::load(tx, id).await? else { return Ok(()) };
                let mut notice = listed.notice;
                // It was given up as unknown meanwhile, and stays a person's to judge.
                if notice.version != claimed && notice.state != NoticeState::Sending {
                    return Ok(());
                }
                let loaded = notice.version;
                let today = civil_date(tx.clocks().business.now());
                let now = tx.clocks().technical.now();
                notice.attempted(attempt, today, now, &retry_ms);
                keep(tx, &notice, loaded).await
            })
        });
        noted.await
    }
}
