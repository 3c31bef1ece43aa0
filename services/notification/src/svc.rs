//! The NATS door: command → function; and how a notice is put into words.

use std::sync::Arc;

use bus::Service;
use contracts::{
    intake::commands::NoticeAddress,
    notification::commands::{
        CountNotices, CountUnread, InboxMark, ListInbox, ListNotices, NoticesOfMatter, PostLetters,
        PrintLetters, ReadInbox, RecordDelivery, RecordReturn, SendAgain, ShowNotice,
    },
};
use kernel::Refusal;
use web::door::Asked;

use crate::{Deps, commands, config::Office, error, store, store::rows::Listed, texts};

/// Puts notices into words.
#[derive(Clone)]
pub struct Words {
    /// The templates.
    pub texts: texts::Texts,
    /// The office.
    pub office: Office,
}

impl Words {
    /// The words of a notice. Of an accusation they name nothing but the number, which comes with the address.
    ///
    /// # Errors
    /// `notice_template_fault`.
    pub fn of(
        &self,
        listed: &Listed,
        english: bool,
        agencies: &[store::Agency],
        address: Option<&NoticeAddress>,
    ) -> Result<texts::Words, Refusal> {
        let notice = &listed.notice;
        let restricted = notice.restricted || address.is_some_and(|a| a.restricted);
        let mut told = if restricted { std::collections::BTreeMap::new() } else { notice.told.clone() };
        if let Some(agency) = told.get_mut("agency")
            && let Some(known) = agencies.iter().find(|a| a.code == *agency)
        {
            agency.clone_from(if english { &known.name_en } else { &known.name_zh });
        }
        let number = address.map(|a| a.number.clone()).or_else(|| listed.number.clone());
        told.insert("number".to_owned(), number.unwrap_or_default());
        if let Some(code) = address.and_then(|a| a.query_code.clone()) {
            told.insert("query_code".to_owned(), code);
        }
        let template = match (restricted, notice.template.as_str()) {
            (false, template) => template,
            (true, "receipt") => "neutral_receipt",
            (true, _) => "neutral",
        };
        self.texts.words(template, english, &told)
    }
}

macro_rules! serve {
    // Under its caller's key a command is done once.
    (@write $db:ident, $asked:ident, $job:expr) => { web::once::write(&$db, $asked.request(), $job) };
    (@read $db:ident, $asked:ident, $job:expr) => { $db.read($job) };
    ($way:ident, $service:expr, $deps:expr, $command:ty, |$tx:ident, $asked:ident| $run:expr) => {{
        let db = $deps.db.clone();
        $deps.door.command::<$command, _, _>($service, move |asked: Asked<$command>| {
            let (db, asked) = (db.clone(), Arc::new(asked));
            async move {
                let done = serve!(@$way db, asked, move |$tx| {
                    let $asked: Arc<Asked<$command>> = asked.clone();
                    Box::pin(async move { $run.await })
                });
                done.await.map_err(|e| error::away(&e))?
            }
        })
    }};
}

/// The service with all its commands.
#[must_use]
pub fn service(deps: &Deps) -> Service {
    let service =
        Service::core("notification", env!("CARGO_PKG_VERSION"), "notices with their delivery, inboxes");
    let service = letters(deps, service);
    let words = deps.words.clone();
    let db = deps.db.clone();
    let service = deps.door.command::<ListInbox, _, _>(service, move |asked: Asked<ListInbox>| {
        let (db, words) = (db.clone(), words.clone());
        async move {
            let read = db.read(move |tx| {
                Box::pin(async move { commands::inbox::list(tx, &asked.actor, &asked.command, &words).await })
            });
            read.await.map_err(|e| error::away(&e))?
        }
    });
    let service = serve!(write, service, deps, ReadInbox, |tx, asked| commands::inbox::read(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service =
        serve!(read, service, deps, CountUnread, |tx, asked| commands::inbox::unread(tx, &asked.actor));
    serve!(read, service, deps, InboxMark, |tx, _asked| commands::inbox::mark(tx))
}

fn letters(deps: &Deps, service: Service) -> Service {
    let service = serve!(read, service, deps, ListNotices, |tx, asked| commands::queries::list(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = serve!(read, service, deps, ShowNotice, |tx, asked| {
        commands::queries::one(tx, &asked.actor, asked.command.notice_id)
    });
    let service = serve!(read, service, deps, NoticesOfMatter, |tx, asked| {
        commands::queries::of_matter(tx, &asked.actor, asked.command.matter_id)
    });
    let service =
        serve!(read, service, deps, CountNotices, |tx, asked| commands::queries::counts(tx, &asked.actor));
    let printing = deps.clone();
    let service = deps.door.command::<PrintLetters, _, _>(service, move |asked: Asked<PrintLetters>| {
        let deps = printing.clone();
        async move { commands::print::run(&deps, &deps.words, asked).await }
    });
    let service = serve!(write, service, deps, PostLetters, |tx, asked| commands::letters::post(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = serve!(write, service, deps, RecordDelivery, |tx, asked| commands::letters::deliver(
        tx,
        &asked.actor,
        &asked.command
    ));
    let service = serve!(write, service, deps, RecordReturn, |tx, asked| commands::letters::come_back(
        tx,
        &asked.actor,
        &asked.command
    ));
    let mail = deps.config.mail.is_some();
    serve!(write, service, deps, SendAgain, |tx, asked| commands::again::run(
        tx,
        &asked.actor,
        &asked.command,
        mail
    ))
}
