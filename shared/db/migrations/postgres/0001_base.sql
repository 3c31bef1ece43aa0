-- The outbox is kept for ever: it is the service's log of what it said. `order_key` is the source of a
-- fact or a return, and `source>agency` of a dispatch; `version` counts within (order_key, subject_id).
CREATE TABLE outbox (
    seq              BIGSERIAL PRIMARY KEY,
    id               TEXT NOT NULL,
    kind             TEXT NOT NULL,
    event_type       TEXT NOT NULL,
    order_key        TEXT NOT NULL,
    subject_id       TEXT NOT NULL,
    version          BIGINT NOT NULL CHECK (version > 0),
    at               BIGINT NOT NULL,
    causation        TEXT,
    traceparent      TEXT,
    body             TEXT NOT NULL,
    hash             TEXT NOT NULL,
    alg              BIGINT NOT NULL,
    agency           TEXT,
    agency_seq       BIGINT,
    agency_prev_hash TEXT,
    agency_hash      TEXT,
    attempt          BIGINT NOT NULL DEFAULT 0,
    sent_at          BIGINT,
    stream           TEXT,
    stream_seq       BIGINT,
    log_seq          BIGINT,
    log_hash         TEXT,
    received_at      BIGINT
);
CREATE UNIQUE INDEX outbox_by_id ON outbox (id);
CREATE UNIQUE INDEX outbox_by_subject ON outbox (order_key, subject_id, version);
CREATE UNIQUE INDEX outbox_by_agency ON outbox (agency, agency_seq) WHERE agency IS NOT NULL;
CREATE UNIQUE INDEX outbox_by_log ON outbox (log_seq) WHERE log_seq IS NOT NULL;
CREATE INDEX outbox_unsent ON outbox (seq) WHERE sent_at IS NULL;
CREATE INDEX outbox_unreceipted ON outbox (sent_at) WHERE agency IS NOT NULL AND received_at IS NULL;

-- Where each subject's chain ends.
CREATE TABLE chain_head (
    order_key  TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    version    BIGINT NOT NULL,
    hash       TEXT NOT NULL,
    PRIMARY KEY (order_key, subject_id)
);

-- Where the numbering of each agency's dispatches ends.
CREATE TABLE dispatch_head (
    agency TEXT NOT NULL PRIMARY KEY,
    seq    BIGINT NOT NULL,
    hash   TEXT NOT NULL
);

-- Where the service-wide log ends, which the relay alone writes. One row.
CREATE TABLE log_head (
    one  BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO log_head (one, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE inbox (
    consumer   TEXT NOT NULL,
    message_id TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (consumer, message_id)
);
CREATE INDEX inbox_by_age ON inbox (at);

-- The last version applied of each subject, per consumer; of numbered dispatches also its hash.
CREATE TABLE applied (
    consumer   TEXT NOT NULL,
    order_key  TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    version    BIGINT NOT NULL,
    hash       TEXT,
    PRIMARY KEY (consumer, order_key, subject_id)
);

-- Messages that came before their predecessors. Bounded per consumer.
CREATE TABLE parked (
    consumer   TEXT NOT NULL,
    order_key  TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    version    BIGINT NOT NULL,
    subject    TEXT NOT NULL,
    headers    TEXT NOT NULL,
    body       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (consumer, order_key, subject_id, version)
);
CREATE INDEX parked_by_age ON parked (consumer, at);

-- Messages that could not be applied. `body` is bytes: what came in need not be text.
CREATE TABLE dead_letter (
    number      BIGSERIAL PRIMARY KEY,
    consumer    TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    subject     TEXT NOT NULL,
    headers     TEXT NOT NULL,
    body        BYTEA NOT NULL,
    reason      TEXT NOT NULL,
    at          BIGINT NOT NULL,
    requeued_at BIGINT,
    requeued_by TEXT,
    resolved_at BIGINT
);
CREATE INDEX dead_letter_open ON dead_letter (number) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX dead_letter_once ON dead_letter (consumer, message_id) WHERE resolved_at IS NULL;

CREATE TABLE lease (
    name       TEXT NOT NULL PRIMARY KEY,
    holder     TEXT NOT NULL,
    fence      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Gapless numbers, taken in the transaction that uses them.
CREATE TABLE series (
    name TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO meta (name, value) VALUES ('epoch', '1');
