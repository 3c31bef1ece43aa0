//! Faults of the bus in memory, each of them seen in the real one or in front of it.

use super::MemoryBus;

impl MemoryBus {
    /// Takes the bus away, or brings it back. While away nothing goes in or out and answers are lost.
    pub fn set_down(&self, down: bool) {
        self.lock().down = down;
    }

    /// The server dies and comes back at once: messages stay, acknowledgements of the last 100 ms are
    /// forgotten (bus.md F2).
    pub fn crash(&self) {
        let now = self.hub.clock.now();
        self.lock().streams.values_mut().for_each(|stream| stream.crash(now));
    }

    /// The server's disk is lost: every stream and consumer is gone.
    pub fn wipe(&self) {
        self.lock().streams.clear();
    }

    /// A stored message rots away without a word (bus.md F6). Says whether it was there.
    #[must_use]
    pub fn rot(&self, stream: &str, seq: u64) -> bool {
        self.lock().streams.get_mut(stream).is_some_and(|s| s.rot(seq))
    }

    /// The next `n` publishes are stored, but the publisher does not hear of it.
    pub fn lose_pubacks(&self, n: u32) {
        self.lock().lost_pubacks = n;
    }

    /// The next `n` answers of consumers are lost on the way.
    pub fn lose_acks(&self, n: u32) {
        self.lock().lost_acks = n;
    }
}
