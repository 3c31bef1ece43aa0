//! Several messages stored by one commit (atomic batch publish, server 2.12): all or none.

use async_nats::{HeaderMap, StatusCode, jetstream::Error as ApiError};
use bytes::Bytes;
use serde::Deserialize;

use super::{ANSWER_MS, NatsBus, header_map};
use crate::{
    BusError,
    access::may_publish,
    bus::Outgoing,
    spec::{PubAck, duration, message_id},
};

const BATCH_ID: &str = "Nats-Batch-Id";
const BATCH_SEQUENCE: &str = "Nats-Batch-Sequence";
const BATCH_COMMIT: &str = "Nats-Batch-Commit";
const MESSAGE_ID: &str = "Nats-Msg-Id";

/// The server's promise for a whole batch.
#[derive(Deserialize)]
struct Committed {
    stream: Option<String>,
    seq: Option<u64>,
    error: Option<ApiError>,
}

impl NatsBus {
    /// Stores messages of one stream all or none, in order. An id that is stored already refuses the
    /// whole with code 10201; the caller then sends them one by one.
    pub(crate) async fn publish_batch(&self, items: &[Outgoing<'_>]) -> Result<Vec<PubAck>, BusError> {
        let Some((last, before)) = items.split_last() else { return Ok(Vec::new()) };
        if !self.is_up() {
            return Err(BusError::Away("not connected".to_owned()));
        }
        let away = |e: &dyn std::fmt::Display| BusError::Away(format!("batch: {e}"));
        let batch = message_id(last.message, last.attempt);
        for (at, item) in before.iter().enumerate() {
            may_publish(self.side(), item.subject)?;
            self.0
                .client
                .publish_with_headers(
                    self.outward(item.subject),
                    headers(item, &batch, at + 1),
                    Bytes::copy_from_slice(item.message.body.as_bytes()),
                )
                .await
                .map_err(|e| away(&e))?;
        }
        may_publish(self.side(), last.subject)?;
        let mut commit = headers(last, &batch, items.len());
        commit.insert(BATCH_COMMIT, "1");
        let request = async_nats::Request::new()
            .headers(commit)
            .payload(Bytes::copy_from_slice(last.message.body.as_bytes()))
            .timeout(Some(duration(ANSWER_MS)));
        let answer =
            self.0.client.send_request(self.outward(last.subject), request).await.map_err(|e| away(&e))?;
        if answer.status == Some(StatusCode::NO_RESPONDERS) {
            return Err(BusError::Missing(format!("stream for `{}`", last.subject)));
        }
        let committed: Committed = serde_json::from_slice(&answer.payload).map_err(|e| away(&e))?;
        if let Some(error) = committed.error {
            return Err(BusError::Refused { code: error.error_code().0, why: error.to_string() });
        }
        let (Some(stream), Some(seq)) = (committed.stream, committed.seq) else {
            return Err(away(&"the promise names no sequence"));
        };
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let first = (seq + 1).saturating_sub(count);
        Ok((first..=seq).map(|seq| PubAck { stream: stream.clone(), seq, duplicate: false }).collect())
    }
}

fn headers(item: &Outgoing<'_>, batch: &str, at: usize) -> HeaderMap {
    let mut headers = header_map(item.message);
    headers.insert(MESSAGE_ID, message_id(item.message, item.attempt));
    headers.insert(BATCH_ID, batch);
    headers.insert(BATCH_SEQUENCE, at.to_string());
    headers
}
