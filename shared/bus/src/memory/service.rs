//! Request and reply in memory. A call runs inside the caller's own future, so that a simulation
//! drives it; there is no clock in it.

use futures::FutureExt;

use super::MemoryBus;
use crate::{
    BusError,
    access::{may_request, may_serve},
    call::{Call, EndpointHandler, HANDLER_FAILED, Service},
    error::CallError,
    spec::subject_matches,
};

pub(super) struct Served {
    id: u64,
    service: Service,
}

/// Ends the service when dropped.
pub struct MemoryServing {
    bus: MemoryBus,
    id: u64,
}

impl Drop for MemoryServing {
    fn drop(&mut self) {
        self.bus.lock().served.retain(|s| s.id != self.id);
    }
}

impl MemoryBus {
    pub(crate) fn serve(&self, service: Service) -> Result<MemoryServing, BusError> {
        may_serve(&self.side, &service)?;
        let mut state = self.lock();
        state.next_served += 1;
        let id = state.next_served;
        state.served.push(Served { id, service });
        Ok(MemoryServing { bus: self.clone(), id })
    }

    pub(crate) async fn request(&self, subject: &str, call: &Call) -> Result<Vec<u8>, CallError> {
        may_request(&self.side, subject).map_err(|e| CallError::Away(e.to_string()))?;
        let handler =
            self.endpoint(subject).ok_or_else(|| CallError::Away(format!("nobody serves `{subject}`")))?;
        let answer = std::panic::AssertUnwindSafe(handler.answer(subject, call.clone()));
        match answer.catch_unwind().await {
            Ok(reply) => reply.map_err(CallError::Refused),
            Err(_) => Err(CallError::Refused(HANDLER_FAILED.refuse())),
        }
    }

    /// The endpoint that is to answer; several processes take turns.
    fn endpoint(&self, subject: &str) -> Option<EndpointHandler> {
        let mut state = self.up().ok()?;
        let found = state
            .served
            .iter()
            .position(|s| s.service.endpoints.iter().any(|e| subject_matches(&e.subject, subject)))?;
        let served = state.served.remove(found);
        let handler = served
            .service
            .endpoints
            .iter()
            .find(|e| subject_matches(&e.subject, subject))
            .map(|e| e.handler.clone());
        state.served.push(served);
        handler
    }
}
