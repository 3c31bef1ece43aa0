//! 打印: letters with the addressees' contact, asked of intake now and kept nowhere.

use contracts::{
    codes::NoticeChannel,
    intake::commands::{NoticeAddress, NoticeContact, NotifyContact},
    notification::commands::{Letter, PrintLetters, PrintedLetters},
};
use kernel::{Actor, NoticeId, Refusal, civil_date};
use web::{ask::ask, door::Asked};

use super::{MAX_AT_ONCE, keep, load_for, without_address};
use crate::{
    Deps,
    domain::notice::Notice,
    error,
    store::{self, rows::Listed},
    svc::Words,
};

/// The one template that carries the query code.
const RECEIPT: &str = "receipt";

/// Prints letters. The look at each contact is on intake's record, and the letter counts as printed, before it is
/// shown; printing once more is allowed, posting is a step of its own.
///
/// # Errors
/// A role that may not, a state that does not allow it, intake's refusal, or the store.
pub async fn run(deps: &Deps, words: &Words, asked: Asked<PrintLetters>) -> Result<PrintedLetters, Refusal> {
    let Asked { actor, command, .. } = asked;
    if !(1..=MAX_AT_ONCE).contains(&command.notices.len()) {
        return Err(error::TOO_MANY_LETTERS.refuse().at("notices").with("most", MAX_AT_ONCE));
    }
    let mut notices = Vec::new();
    for id in &command.notices {
        let notice = load(deps, &actor, *id).await?;
        notice.may_print()?;
        notices.push(notice);
    }
    let mut printed = PrintedLetters { letters: Vec::new(), without_address: Vec::new() };
    for notice in notices {
        let Some(matter_id) = notice.matter_id else { continue };
        let question = NotifyContact {
            submission_id: matter_id,
            channel: NoticeChannel::Letter,
            with_query_code: notice.template == RECEIPT,
            printed_by: Some(actor.user),
        };
        let token = deps.suite.token()?;
        match ask(&deps.bus, "intake", Some(token.expose()), None, &question).await? {
            NoticeContact::Unreachable { trouble } => {
                let id = notice.id;
                write(deps, move |tx| Box::pin(async move { without_address(tx, id, trouble).await }))
                    .await?;
                printed.without_address.push(id);
            }
            NoticeContact::Reachable(address) => {
                let listed = note(deps, &actor, notice.id).await?;
                printed.letters.push(letter(deps, words, &listed, address, command.english).await?);
            }
        }
    }
    Ok(printed)
}

async fn load(deps: &Deps, actor: &Actor, id: NoticeId) -> Result<Notice, Refusal> {
    let actor = actor.clone();
    let read = deps.db.read(move |tx| Box::pin(async move { load_for(tx, &actor, id).await })).await;
    read.map_err(|e| error::away(&e))?
}

async fn write<T, F>(deps: &Deps, job: F) -> Result<T, Refusal>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut db::Tx<'_>) -> db::BoxFuture<'t, Result<T, db::StoreError>> + Send + 'static,
{
    deps.db.write(job).await.map_err(|e| error::away(&e))
}

/// Notes that it was printed; the right is judged once more, as it may have become an accusation's.
async fn note(deps: &Deps, actor: &Actor, id: NoticeId) -> Result<Listed, Refusal> {
    let actor = actor.clone();
    write(deps, move |tx| {
        let actor = actor.clone();
        Box::pin(async move {
            let mut notice = match load_for(tx, &actor, id).await? {
                Ok(notice) => notice,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if let Err(refusal) = notice.may_print() {
                return Ok(Err(refusal));
            }
            let loaded = notice.version;
            notice.print();
            keep(tx, &notice, loaded).await?;
            let listed = store::load(tx, id).await?;
            Ok(listed.ok_or_else(|| error::NO_SUCH_NOTICE.refuse()))
        })
    })
    .await?
}

async fn letter(
    deps: &Deps,
    words: &Words,
    listed: &Listed,
    address: NoticeAddress,
    english: bool,
) -> Result<Letter, Refusal> {
    let agencies = deps.db.read(|tx| Box::pin(async move { store::agencies(tx).await })).await;
    let agencies = agencies.map_err(|e| error::away(&e))?;
    let said = words.of(listed, english, &agencies, Some(&address))?;
    let notice = &listed.notice;
    Ok(Letter {
        notice_id: notice.id,
        restricted: address.restricted || notice.restricted,
        number: address.number,
        name: address.name,
        address: address.address,
        title: said.title,
        paragraphs: said.paragraphs,
        query_code: address.query_code,
        dated_on: civil_date(notice.queued_at),
        template_version: notice.template_version,
    })
}
