//! Whether the connection stands, and how often it was made.

use std::sync::Arc;

use async_nats::Event;
use tokio::sync::watch;

use crate::spec::duration;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    up: bool,
    made: u64,
}

/// Told by the client's events.
#[derive(Debug)]
pub(super) struct Link(watch::Sender<State>);

impl Link {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(State::default())))
    }

    /// Takes note of an event of the client and tells the operator what matters.
    pub fn note(&self, name: &str, event: &Event) {
        match event {
            Event::Connected => {
                self.0.send_modify(|s| *s = State { up: true, made: s.made + 1 });
                tracing::info!(user = name, "bus connected");
            }
            Event::Disconnected | Event::Closed => {
                self.0.send_modify(|s| s.up = false);
                tracing::warn!(user = name, "bus disconnected");
            }
            Event::LameDuckMode | Event::Draining => tracing::info!(user = name, "bus {event}"),
            // A refused permission, a wrong key or a subscription that overflowed: each is a fault
            // in the set-up or a reader that is too slow, and would otherwise pass unseen.
            Event::SlowConsumer(_) | Event::ServerError(_) | Event::ClientError(_) => {
                tracing::warn!(user = name, "bus {event}");
            }
        }
    }

    pub fn is_up(&self) -> bool {
        self.0.borrow().up
    }

    /// How often the connection was made; a change means that open pulls are gone.
    pub fn made(&self) -> u64 {
        self.0.borrow().made
    }

    pub async fn wait_up(&self, wait_ms: i64) -> bool {
        let mut state = self.0.subscribe();
        let up = state.wait_for(|s| s.up);
        matches!(tokio::time::timeout(duration(wait_ms), up).await, Ok(Ok(_)))
    }

    /// Ends when the connection was made anew since `made`.
    pub async fn made_anew(&self, made: u64) {
        let mut state = self.0.subscribe();
        if state.wait_for(|s| s.up && s.made > made).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
