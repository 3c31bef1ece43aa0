//! 寄出、送达、退件: what a person records about printed letters, and about any notice that was proved delivered.

use contracts::notification::commands::{NoticesChanged, PostLetters, RecordDelivery, RecordReturn};
use db::Tx;
use kernel::{Actor, Clock, civil_date};

use super::{MAX_AT_ONCE, Outcome, changed, keep, load_at, load_for};
use crate::error;

/// Longest proof, in characters.
const MAX_PROOF_CHARS: usize = 100;

/// Records that printed letters were posted; those that were are passed over.
pub async fn post(tx: &mut Tx<'_>, actor: &Actor, command: &PostLetters) -> Outcome<NoticesChanged> {
    if !(1..=MAX_AT_ONCE).contains(&command.notices.len()) {
        return Ok(Err(error::TOO_MANY_LETTERS.refuse().at("notices").with("most", MAX_AT_ONCE)));
    }
    let proof = command.proof.as_deref().map(str::trim).filter(|p| !p.is_empty());
    if proof.is_some_and(|p| p.chars().count() > MAX_PROOF_CHARS || p.contains('\0')) {
        return Ok(Err(error::PROOF_OWED.refuse().at("proof").with("most", MAX_PROOF_CHARS)));
    }
    let today = civil_date(tx.clocks().business.now());
    let mut posted = Vec::new();
    // All are judged before one is changed: a refusal commits.
    for id in &command.notices {
        let mut notice = match load_for(tx, actor, *id).await? {
            Ok(notice) => notice,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let loaded = notice.version;
        match notice.post(command.posted_on, command.way, proof.map(str::to_owned), today) {
            Ok(true) => posted.push((notice, loaded)),
            Ok(false) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    posted.dedup_by_key(|(notice, _)| notice.id);
    for (notice, loaded) in &posted {
        keep(tx, notice, *loaded).await?;
    }
    Ok(Ok(changed(posted.len())))
}

/// Records a delivery with its proof.
pub async fn deliver(tx: &mut Tx<'_>, actor: &Actor, command: &RecordDelivery) -> Outcome<NoticesChanged> {
    let proof = command.proof.trim();
    if proof.is_empty() || proof.chars().count() > MAX_PROOF_CHARS || proof.contains('\0') {
        return Ok(Err(error::PROOF_OWED.refuse().at("proof").with("most", MAX_PROOF_CHARS)));
    }
    let mut notice = match load_at(tx, actor, (command.notice_id, command.expected_version)).await? {
        Ok(notice) => notice,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (loaded, today) = (notice.version, civil_date(tx.clocks().business.now()));
    match notice.deliver(command.delivered_on, command.way, proof, today) {
        Ok(new) => {
            keep(tx, &notice, loaded).await?;
            Ok(Ok(changed(usize::from(new))))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Records that a letter came back; it goes another way, or none is left.
pub async fn come_back(tx: &mut Tx<'_>, actor: &Actor, command: &RecordReturn) -> Outcome<NoticesChanged> {
    let mut notice = match load_at(tx, actor, (command.notice_id, command.expected_version)).await? {
        Ok(notice) => notice,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (loaded, today) = (notice.version, civil_date(tx.clocks().business.now()));
    let now = tx.clocks().technical.now();
    if let Err(refusal) = notice.come_back(command.returned_on, today, now) {
        return Ok(Err(refusal));
    }
    keep(tx, &notice, loaded).await?;
    Ok(Ok(changed(1)))
}
