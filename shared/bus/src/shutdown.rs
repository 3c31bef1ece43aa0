//! The one signal by which long tasks are asked to end.

use tokio::sync::watch;

/// Becomes true once; a dropped sender counts as asked.
pub type Shutdown = watch::Receiver<bool>;

/// Both halves: send `true` to ask.
#[must_use]
pub fn shutdown() -> (watch::Sender<bool>, Shutdown) {
    watch::channel(false)
}

/// Whether it was asked.
#[must_use]
pub fn asked(shutdown: &Shutdown) -> bool {
    *shutdown.borrow() || shutdown.has_changed().is_err()
}

/// Waits until it is asked.
pub async fn wait(shutdown: &mut Shutdown) {
    // An error means that the sender is gone, which counts as asked.
    drop(shutdown.wait_for(|asked| *asked).await);
}
