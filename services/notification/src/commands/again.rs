//! 重新发送: what may have been sent is sent once more by a person's word alone.

use contracts::notification::commands::{NoticesChanged, SendAgain};
use db::Tx;
use kernel::Actor;

use super::{Outcome, changed, keep, load_at};

/// Puts a notice of unknown fate, or without a way, into a queue again.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &SendAgain, mail: bool) -> Outcome<NoticesChanged> {
    let mut notice = match load_at(tx, actor, (command.notice_id, command.expected_version)).await? {
        Ok(notice) => notice,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (loaded, now) = (notice.version, tx.clocks().technical.now());
    if let Err(refusal) = notice.send_again(command.channel, mail, now) {
        return Ok(Err(refusal));
    }
    keep(tx, &notice, loaded).await?;
    Ok(Ok(changed(1)))
}
