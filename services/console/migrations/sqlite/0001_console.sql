-- Accounts of this place, their sessions, and the board: the read model of all open matters.

CREATE TABLE account (
    id              TEXT PRIMARY KEY,
    login           TEXT NOT NULL,
    display         TEXT NOT NULL,
    -- NULL: the office; else the agency's code.
    agency          TEXT,
    roles           TEXT NOT NULL,
    password        TEXT NOT NULL,
    disabled        INTEGER NOT NULL DEFAULT 0,
    must_change     INTEGER NOT NULL DEFAULT 0,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    last_sign_in_at INTEGER
) STRICT;
CREATE UNIQUE INDEX account_by_login ON account (login);

CREATE TABLE session (
    token      BLOB PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id, created_at);
CREATE INDEX session_by_end ON session (expires_at);

-- The link that makes the first administrator; one at most.
CREATE TABLE first_run (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    token      BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- One row per matter that is no accusation. `body` is the row; the columns beside it are for order and filters.
CREATE TABLE board (
    id            TEXT PRIMARY KEY,
    number        TEXT NOT NULL,
    state         TEXT NOT NULL,
    -- 'office', or the agency that holds it.
    agency        TEXT NOT NULL,
    category      TEXT NOT NULL,
    channel       TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    received_on   TEXT NOT NULL,
    registered_on TEXT NOT NULL,
    -- The date that alarms and order use; '9999-12-31' where nothing runs.
    due_on        TEXT NOT NULL,
    -- The date by which a breach is measured; provisional ones are '9999-12-31'.
    breach_on     TEXT NOT NULL,
    changed_at    INTEGER NOT NULL,
    body          TEXT NOT NULL,
    -- Masked title from intake; NULL until the sweep has asked for it.
    title         TEXT,
    indexed       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX board_by_number ON board (number);
CREATE INDEX board_by_due ON board (due_on, id);
CREATE INDEX board_by_received ON board (received_on, id);
CREATE INDEX board_by_change ON board (changed_at, id);
CREATE INDEX board_by_agency ON board (agency, due_on, id);
CREATE INDEX board_by_state ON board (state, due_on, id);
CREATE INDEX board_to_index ON board (id) WHERE indexed = 0;

-- Accusations: that there is one, and how far its facts have been seen. Nothing else.
CREATE TABLE restricted (
    id              TEXT PRIMARY KEY,
    intake_version  INTEGER NOT NULL,
    routing_version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE board_event (
    matter_id TEXT NOT NULL,
    context   TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    type      TEXT NOT NULL,
    detail    TEXT NOT NULL,
    PRIMARY KEY (matter_id, context, subject_id, version)
) STRICT, WITHOUT ROWID;

-- Lines about a matter in another one's timeline (a repeat), found when the matter turns out an accusation.
CREATE INDEX board_event_elsewhere ON board_event (subject_id) WHERE subject_id <> matter_id;

-- How many matters lie in which state with whom; kept in the transaction of each change.
CREATE TABLE counter (
    state  TEXT NOT NULL,
    agency TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (state, agency)
) STRICT, WITHOUT ROWID;

-- The register of agencies as routing published it.
CREATE TABLE agency (
    code TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Pairs of characters of masked texts, as hexadecimal words.
CREATE VIRTUAL TABLE board_text USING fts5 (matter_id UNINDEXED, words, tokenize = 'ascii');
-- What is taken out must leave no trace in the index.
INSERT INTO board_text (board_text, rank) VALUES ('secure-delete', 1);
