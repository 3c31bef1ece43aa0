-- 信访件: one row a submission, written once. What it says is sealed in `content` under the row's own data
-- key, which is wrapped in `data_key`; `code` is the query code, sealed; `code_hash` is what a look-up is
-- compared with. Days are YYYY-MM-DD (Asia/Shanghai), instants milliseconds since 1970.
CREATE TABLE submission (
    id                TEXT NOT NULL PRIMARY KEY,
    number            TEXT NOT NULL,
    channel           TEXT NOT NULL,
    purpose           TEXT NOT NULL,
    petitioner_kind   TEXT NOT NULL,
    anonymous         INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
    joint             INTEGER NOT NULL CHECK (joint IN (0, 1)),
    heads             INTEGER NOT NULL CHECK (heads > 0),
    place_region      TEXT NOT NULL,
    written_on        TEXT,
    received_on       TEXT NOT NULL,
    registered_at     INTEGER NOT NULL,
    claims            INTEGER NOT NULL CHECK (claims > 0),
    attachments       INTEGER NOT NULL,
    identity_withheld INTEGER NOT NULL CHECK (identity_withheld IN (0, 1)),
    restricted        INTEGER NOT NULL CHECK (restricted IN (0, 1)),
    t01               TEXT NOT NULL,
    content_id        TEXT NOT NULL,
    content_hash      TEXT NOT NULL,
    data_key          BLOB NOT NULL,
    content           BLOB NOT NULL,
    code              BLOB NOT NULL,
    code_hash         BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX submission_by_number ON submission (number);

-- domain.md section 5, refusal 14: a submission is never edited. Only the wrapping of its key may change
-- (rotation of the key-encryption key).
CREATE TRIGGER submission_stays
BEFORE UPDATE OF id, number, channel, purpose, petitioner_kind, anonymous, joint, heads, place_region,
    written_on, received_on, registered_at, claims, attachments, identity_withheld, restricted, t01, content_id,
    content_hash, content, code, code_hash ON submission
BEGIN
    SELECT RAISE(ABORT, 'a submission is never edited');
END;

-- 信访人: one sealed cell a person, the petitioner at position 0. The blind indexes find equal numbers without
-- holding them; nothing looks them up yet, so they carry no SQL index.
CREATE TABLE identity (
    submission_id   TEXT NOT NULL,
    position        INTEGER NOT NULL,
    person          BLOB NOT NULL,
    id_index        TEXT,
    telephone_index TEXT,
    PRIMARY KEY (submission_id, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER identity_stays BEFORE UPDATE ON identity
BEGIN
    SELECT RAISE(ABORT, 'an identity is never edited');
END;

-- Which repeated command is done already. The key is hashed together with who sent it.
CREATE TABLE idempotency (
    key           TEXT NOT NULL PRIMARY KEY,
    submission_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- 附件. `about` is sealed (name, type, hash): a file's name can name a person. While the upload runs,
-- `received` is below `size`.
CREATE TABLE attachment (
    id            TEXT NOT NULL PRIMARY KEY,
    submission_id TEXT,
    position      INTEGER,
    place         TEXT NOT NULL,
    uploaded_by   TEXT NOT NULL,
    size          INTEGER NOT NULL CHECK (size > 0),
    received      INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    completed_at  INTEGER,
    data_key      BLOB NOT NULL,
    about         BLOB NOT NULL
) STRICT;
CREATE INDEX attachment_by_submission ON attachment (submission_id, position) WHERE submission_id IS NOT NULL;
CREATE INDEX attachment_loose ON attachment (started_at) WHERE submission_id IS NULL;

-- The pieces of a file, in order; `object` is the hash of the sealed bytes, their name in the object store.
CREATE TABLE attachment_piece (
    attachment_id TEXT NOT NULL,
    begins        INTEGER NOT NULL,
    size          INTEGER NOT NULL,
    object        TEXT NOT NULL,
    PRIMARY KEY (attachment_id, begins)
) STRICT, WITHOUT ROWID;

-- Every look at sealed things. `agency` is NULL for the office; `actor` is NULL for an agency, whose own
-- node knows the person.
CREATE TABLE reveal (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    submission_id TEXT,
    at            INTEGER NOT NULL,
    agency        TEXT,
    actor         TEXT,
    part          TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    detail        TEXT
) STRICT;
CREATE INDEX reveal_by_submission ON reveal (submission_id, seq);

-- 重复件并入: which matter a submission repeats. The reason is sealed under the submission's key.
CREATE TABLE link (
    submission_id TEXT NOT NULL PRIMARY KEY,
    matter_id     TEXT NOT NULL,
    reason        BLOB NOT NULL,
    linked_by     TEXT NOT NULL,
    linked_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_matter ON link (matter_id);

-- What intake must know of routing's matters: found to be an accusation at screening, closed.
CREATE TABLE standing (
    matter_id  TEXT NOT NULL PRIMARY KEY,
    restricted INTEGER NOT NULL DEFAULT 0,
    closed     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Which agency may open what, by assignment. `state`: active, recalled, closed.
CREATE TABLE agency_right (
    assignment_id    TEXT NOT NULL PRIMARY KEY,
    matter_id        TEXT NOT NULL,
    agency           TEXT NOT NULL,
    assignment_no    INTEGER NOT NULL,
    identity_travels INTEGER NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('active', 'recalled', 'closed'))
) STRICT, WITHOUT ROWID;
CREATE INDEX agency_right_by_matter ON agency_right (matter_id);

-- What agencies wrote (notices, opinions, service records, reports), sealed under the submission's key.
CREATE TABLE paper (
    content_id    TEXT NOT NULL PRIMARY KEY,
    matter_id     TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    agency        TEXT NOT NULL,
    sha256        TEXT NOT NULL,
    stored_at     INTEGER NOT NULL,
    body          BLOB NOT NULL
) STRICT;

-- One probe for each key-encryption key that ever wrapped something here: a start without one of them is
-- refused, because what it wrapped could not be opened.
CREATE TABLE kek (
    id    TEXT NOT NULL PRIMARY KEY,
    probe BLOB NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
