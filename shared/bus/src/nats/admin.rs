//! Making streams and consumers, with the settings that were tried out (bus.md sections 1 and 2).

use std::collections::HashMap;

use async_nats::jetstream::{
    consumer::{AckPolicy, DeliverPolicy, ReplayPolicy, pull},
    context::{CreateStreamErrorKind, DeleteStreamErrorKind, GetStreamErrorKind},
    stream::{Config, ConsumerErrorKind, DiscardPolicy, RetentionPolicy, StorageType},
};
use futures::TryStreamExt;

use super::NatsBus;
use crate::{
    BusError,
    spec::{ConsumerSpec, Epoch, StreamSpec, StreamState, duration},
};

/// Where a stream keeps its epoch.
const EPOCH: &str = "lianxi_epoch";
/// Where a stream keeps the first sequence number of its epoch.
const FIRST_SEQ: &str = "lianxi_first_seq";

impl NatsBus {
    /// Makes the stream, or brings the settings of the one that is there up to date; its epoch stays.
    pub(crate) async fn ensure_stream(&self, spec: &StreamSpec, epoch: Epoch) -> Result<(), BusError> {
        match self.0.js.get_stream(&spec.name).await {
            Ok(stream) => {
                let have = &stream.cached_info().config;
                let mut want = config(spec, epoch_of(have));
                // The server keeps what it was made with; only the rest may be compared and sent.
                want.first_sequence = have.first_sequence;
                want.metadata.extend(have.metadata.clone().into_iter().filter(|(k, _)| k.starts_with('_')));
                if differs(&want, have) {
                    self.0.js.update_stream(&want).await.map_err(|e| refused(&spec.name, &e.kind(), &e))?;
                }
                Ok(())
            }
            Err(e) => match e.kind() {
                GetStreamErrorKind::JetStream(missing) if missing.code() == 404 => {
                    let config = config(spec, epoch);
                    self.0.js.create_stream(config).await.map_err(|e| refused(&spec.name, &e.kind(), &e))?;
                    Ok(())
                }
                GetStreamErrorKind::JetStream(other) => Err(api_error(&other)),
                _ => Err(BusError::Away(e.to_string())),
            },
        }
    }

    /// Makes the durable consumer or brings it up to date; what it has read stays read.
    pub(crate) async fn ensure_consumer(&self, spec: &ConsumerSpec) -> Result<(), BusError> {
        let config = pull::Config {
            durable_name: Some(spec.durable.clone()),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            ack_wait: duration(spec.ack_wait_ms),
            max_deliver: spec.max_deliver,
            filter_subjects: spec.filters.clone(),
            replay_policy: ReplayPolicy::Instant,
            max_ack_pending: spec.max_ack_pending,
            backoff: spec.backoff_ms().iter().map(|ms| duration(*ms)).collect(),
            ..pull::Config::default()
        };
        match self.0.js.create_consumer_on_stream(config, spec.stream.as_str()).await {
            Ok(_) => Ok(()),
            Err(e) => match e.kind() {
                ConsumerErrorKind::JetStream(error) if error.code() == 404 => {
                    Err(BusError::Missing(format!("stream `{}`", spec.stream)))
                }
                ConsumerErrorKind::JetStream(error) => Err(api_error(&error)),
                _ => Err(BusError::Away(e.to_string())),
            },
        }
    }

    pub(crate) async fn delete_stream(&self, name: &str) -> Result<bool, BusError> {
        match self.0.js.delete_stream(name).await {
            Ok(done) => Ok(done.success),
            Err(e) => match e.kind() {
                DeleteStreamErrorKind::JetStream(missing) if missing.code() == 404 => Ok(false),
                DeleteStreamErrorKind::JetStream(other) => Err(api_error(&other)),
                _ => Err(BusError::Away(e.to_string())),
            },
        }
    }

    pub(crate) async fn stream_states(&self) -> Result<Vec<StreamState>, BusError> {
        let mut streams = self.0.js.streams();
        let mut states = Vec::new();
        while let Some(info) = streams.try_next().await.map_err(|e| BusError::Away(e.to_string()))? {
            states.push(StreamState {
                epoch: epoch_of(&info.config),
                name: info.config.name,
                messages: info.state.messages,
                last_seq: info.state.last_sequence,
            });
        }
        Ok(states)
    }
}

fn config(spec: &StreamSpec, epoch: Epoch) -> Config {
    Config {
        name: spec.name.clone(),
        subjects: spec.subjects.clone(),
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        storage: StorageType::File,
        num_replicas: 1,
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        max_message_size: -1,
        max_consumers: spec.max_consumers,
        max_age: duration(spec.max_age_ms),
        // Never zero: async-nats' default would switch the window off (bus.md F7).
        duplicate_window: duration(spec.dedup_ms),
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
        allow_atomic_publish: spec.takes_batches(),
        first_sequence: (epoch.first_seq > 1).then_some(epoch.first_seq),
        metadata: HashMap::from([
            (EPOCH.to_owned(), epoch.number.to_string()),
            (FIRST_SEQ.to_owned(), epoch.first_seq.to_string()),
        ]),
        ..Config::default()
    }
}

fn epoch_of(config: &Config) -> Epoch {
    let read = |name: &str| config.metadata.get(name);
    Epoch {
        number: read(EPOCH).and_then(|t| t.parse().ok()).unwrap_or(0),
        first_seq: read(FIRST_SEQ).and_then(|t| t.parse().ok()).unwrap_or(1),
    }
}

/// Whether anything that we set is otherwise at the server.
fn differs(want: &Config, have: &Config) -> bool {
    want.subjects != have.subjects
        || want.max_age != have.max_age
        || want.duplicate_window != have.duplicate_window
        || want.max_consumers != have.max_consumers
        || want.deny_delete != have.deny_delete
        || want.deny_purge != have.deny_purge
        || want.allow_direct != have.allow_direct
        || want.allow_atomic_publish != have.allow_atomic_publish
        || want.discard != have.discard
}

fn api_error(error: &async_nats::jetstream::Error) -> BusError {
    BusError::Refused { code: error.error_code().0, why: error.to_string() }
}

fn refused(stream: &str, kind: &CreateStreamErrorKind, error: &dyn std::error::Error) -> BusError {
    match kind {
        CreateStreamErrorKind::JetStream(refused) => api_error(refused),
        CreateStreamErrorKind::EmptyStreamName
        | CreateStreamErrorKind::InvalidStreamName
        | CreateStreamErrorKind::DomainAndExternalSet => {
            BusError::Setup(format!("stream `{stream}`: {error}"))
        }
        CreateStreamErrorKind::JetStreamUnavailable
        | CreateStreamErrorKind::TimedOut
        | CreateStreamErrorKind::Response
        | CreateStreamErrorKind::NotFound
        | CreateStreamErrorKind::ResponseParse => BusError::Away(error.to_string()),
    }
}
