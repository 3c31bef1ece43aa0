INSERT INTO outbox (id, kind, event_type, order_key, subject_id, version, at, causation, traceparent, body, hash, alg, agency, agency_seq, agency_prev_hash, agency_hash, acted_by)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9, value->>10, value->>11, value->>12, value->>13, value->>14, value->>15, value->>16
FROM jsonb_each($1);
INSERT INTO chain_head (order_key, subject_id, version, hash)
SELECT value->>0, value->>1, value->>2, value->>3 FROM jsonb_each($2) WHERE true
ON CONFLICT (order_key, subject_id) DO UPDATE SET version = excluded.version, hash = excluded.hash;
INSERT INTO dispatch_head (agency, seq, hash)
SELECT value->>0, value->>1, value->>2 FROM jsonb_each($3) WHERE true
ON CONFLICT (agency) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
INSERT INTO series (name, next)
SELECT value->>0, value->>1 FROM jsonb_each($4) WHERE true
ON CONFLICT (name) DO UPDATE SET next = excluded.next
