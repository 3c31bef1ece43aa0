-- A look by the notification service: `agency` is NULL, `actor` is who printed, if anybody did.
ALTER TABLE reveal ADD COLUMN notification BIGINT NOT NULL DEFAULT 0 CHECK (notification IN (0, 1));

-- 补发查询码: the code that counts now, in place of the one given at registration, which is never edited.
CREATE TABLE query_code (
    submission_id TEXT NOT NULL PRIMARY KEY,
    times         BIGINT NOT NULL,
    code          BYTEA NOT NULL,
    code_hash     BYTEA NOT NULL,
    request       TEXT,
    reissued_at   BIGINT NOT NULL,
    reissued_by   TEXT NOT NULL
);

-- How often a code was given, and a document did not fit, for one submission on one day.
CREATE TABLE code_try (
    submission_id TEXT NOT NULL,
    day           TEXT NOT NULL,
    wrong         BIGINT NOT NULL DEFAULT 0,
    given         BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (submission_id, day)
);
