//! Live inboxes: one look a second at notification's mark, while anybody of this console watches; so it works with
//! any number of consoles.

use std::{sync::Mutex, sync::PoisonError, time::Duration};

use contracts::notification::commands::InboxMark;
use tokio::sync::watch;

use crate::Deps;

/// How often the mark is asked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The mark of all inboxes, watched while somebody listens.
#[derive(Default)]
pub struct InboxWatch(Mutex<Option<watch::Sender<i64>>>);

impl InboxWatch {
    /// Begins to listen.
    pub fn watch(&self, deps: &Deps) -> watch::Receiver<i64> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = slot.as_ref().filter(|sender| !sender.is_closed()) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(-1);
        tokio::spawn(look(deps.clone(), sender.clone()));
        *slot = Some(sender);
        receiver
    }
}

/// Looks until nobody listens.
async fn look(deps: Deps, sender: watch::Sender<i64>) {
    while !sender.is_closed() {
        if let Ok(token) = deps.suite.token()
            && let Ok(found) =
                web::ask::ask(&deps.bus, "notification", Some(token.expose()), None, &InboxMark {}).await
        {
            sender.send_if_modified(|mark| {
                let changed = *mark != found.mark;
                *mark = found.mark;
                changed
            });
        }
        tokio::select! {
            () = sender.closed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
