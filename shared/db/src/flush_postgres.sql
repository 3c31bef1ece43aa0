WITH written AS (
    INSERT INTO outbox (id, kind, event_type, order_key, subject_id, version, at, causation, traceparent, body, hash, alg, agency, agency_seq, agency_prev_hash, agency_hash, acted_by)
    SELECT v->>0, v->>1, v->>2, v->>3, v->>4, CAST(v->>5 AS BIGINT), CAST(v->>6 AS BIGINT), v->>7, v->>8, v->>9, v->>10, CAST(v->>11 AS BIGINT), v->>12, CAST(v->>13 AS BIGINT), v->>14, v->>15, v->>16
    FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)
),
subjects AS (
    INSERT INTO chain_head (order_key, subject_id, version, hash)
    SELECT v->>0, v->>1, CAST(v->>2 AS BIGINT), v->>3 FROM jsonb_array_elements(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v)
    ON CONFLICT (order_key, subject_id) DO UPDATE SET version = excluded.version, hash = excluded.hash
),
agencies AS (
    INSERT INTO dispatch_head (agency, seq, hash)
    SELECT v->>0, CAST(v->>1 AS BIGINT), v->>2 FROM jsonb_array_elements(CAST(CAST($3 AS TEXT) AS JSONB)) AS e(v)
    ON CONFLICT (agency) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
)
INSERT INTO series (name, next)
SELECT v->>0, CAST(v->>1 AS BIGINT) FROM jsonb_array_elements(CAST(CAST($4 AS TEXT) AS JSONB)) AS e(v)
ON CONFLICT (name) DO UPDATE SET next = excluded.next
