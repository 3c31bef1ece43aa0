-- 推送: addresses at which the agency's own dispatches are announced, for an agency that runs no NATS.
CREATE TABLE webhook (
  webhook_id TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  types TEXT NOT NULL,              -- JSON: the types announced; none named: all
  active BIGINT NOT NULL CHECK (active IN (0, 1)),
  version BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,            -- its data key, under the agency's own ring
  sealed BYTEA NOT NULL,             -- the secret that signs
  old_sealed BYTEA,                  -- the secret before it, which signs too until old_until
  old_until BIGINT,                -- technical clock, ms
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL          -- technical clock, ms
);

-- Who changed an address, and how: never rewritten.
CREATE TABLE webhook_change (
  webhook_id TEXT NOT NULL REFERENCES webhook (webhook_id),
  version BIGINT NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('added', 'set', 'rotated')),
  user_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (webhook_id, version)
);

-- One dispatch to one address.
CREATE TABLE webhook_delivery (
  delivery_id TEXT PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhook (webhook_id),
  dispatch_id TEXT NOT NULL,        -- the message's own id: the receiver's webhook-id
  event_type TEXT NOT NULL,
  body TEXT NOT NULL,               -- the CloudEvent as it is sent
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  version BIGINT NOT NULL,
  attempts BIGINT NOT NULL,        -- all that were made
  round_from BIGINT NOT NULL,      -- those before a person said "again"
  next_at BIGINT NOT NULL,         -- technical clock, ms
  entered_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook_id, dispatch_id);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at, delivery_id) WHERE state = 'pending';

-- Each attempt, entered before it is made: one that stays 'open' was cut off. Nothing of the answer's body is kept.
CREATE TABLE webhook_attempt (
  delivery_id TEXT NOT NULL REFERENCES webhook_delivery (delivery_id),
  attempt_no BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  status BIGINT,
  took_ms BIGINT,
  at BIGINT NOT NULL,
  PRIMARY KEY (delivery_id, attempt_no)
);
