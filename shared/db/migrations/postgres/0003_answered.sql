-- Requests that came with a key of their caller and were carried out, each with its answer: written in the
-- transaction of the effect. `request` and `fingerprint` are hashes; the key itself is kept nowhere.
CREATE TABLE answered (
    seq         BIGSERIAL PRIMARY KEY,
    request     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reply       TEXT NOT NULL,
    at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX answered_by_request ON answered (request);
CREATE INDEX answered_by_age ON answered (at);
