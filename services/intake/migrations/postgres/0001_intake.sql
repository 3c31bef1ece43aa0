-- 信访件: one row a submission, written once. What it says is sealed in `content` under the row's own data
-- key, which is wrapped in `data_key`; `code` is the query code, sealed; `code_hash` is what a look-up is
-- compared with. Days are YYYY-MM-DD (Asia/Shanghai), instants milliseconds since 1970.
CREATE TABLE submission (
    id                TEXT NOT NULL PRIMARY KEY,
    number            TEXT NOT NULL,
    channel           TEXT NOT NULL,
    purpose           TEXT NOT NULL,
    petitioner_kind   TEXT NOT NULL,
    anonymous         BIGINT NOT NULL CHECK (anonymous IN (0, 1)),
    joint             BIGINT NOT NULL CHECK (joint IN (0, 1)),
    heads             BIGINT NOT NULL CHECK (heads > 0),
    place_region      TEXT NOT NULL,
    written_on        TEXT,
    received_on       TEXT NOT NULL,
    registered_at     BIGINT NOT NULL,
    claims            BIGINT NOT NULL CHECK (claims > 0),
    attachments       BIGINT NOT NULL,
    identity_withheld BIGINT NOT NULL CHECK (identity_withheld IN (0, 1)),
    restricted        BIGINT NOT NULL CHECK (restricted IN (0, 1)),
    t01               TEXT NOT NULL,
    content_id        TEXT NOT NULL,
    content_hash      TEXT NOT NULL,
    data_key          BYTEA NOT NULL,
    content           BYTEA NOT NULL,
    code              BYTEA NOT NULL,
    code_hash         BYTEA NOT NULL
);
CREATE UNIQUE INDEX submission_by_number ON submission (number);

-- domain.md section 5, refusal 14: a submission is never edited. Only the wrapping of its key may change
-- (rotation of the key-encryption key).
CREATE FUNCTION never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never edited', TG_TABLE_NAME;
END $$;
CREATE TRIGGER submission_stays
BEFORE UPDATE OF id, number, channel, purpose, petitioner_kind, anonymous, joint, heads, place_region,
    written_on, received_on, registered_at, claims, attachments, identity_withheld, restricted, t01, content_id,
    content_hash, content, code, code_hash ON submission
FOR EACH ROW EXECUTE FUNCTION never_edited();

-- 信访人: one sealed cell a person, the petitioner at position 0. The blind indexes find equal numbers without
-- holding them; nothing looks them up yet, so they carry no SQL index.
CREATE TABLE identity (
    submission_id   TEXT NOT NULL,
    position        BIGINT NOT NULL,
    person          BYTEA NOT NULL,
    id_index        TEXT,
    telephone_index TEXT,
    PRIMARY KEY (submission_id, position)
);
CREATE TRIGGER identity_stays BEFORE UPDATE ON identity FOR EACH ROW EXECUTE FUNCTION never_edited();

-- Which repeated command is done already. The key is hashed together with who sent it.
CREATE TABLE idempotency (
    key           TEXT NOT NULL PRIMARY KEY,
    submission_id TEXT NOT NULL
);

-- 附件. `about` is sealed (name, type, hash): a file's name can name a person. While the upload runs,
-- `received` is below `size`.
CREATE TABLE attachment (
    id            TEXT NOT NULL PRIMARY KEY,
    submission_id TEXT,
    position      BIGINT,
    place         TEXT NOT NULL,
    uploaded_by   TEXT NOT NULL,
    size          BIGINT NOT NULL CHECK (size > 0),
    received      BIGINT NOT NULL,
    started_at    BIGINT NOT NULL,
    completed_at  BIGINT,
    data_key      BYTEA NOT NULL,
    about         BYTEA NOT NULL
);
CREATE INDEX attachment_by_submission ON attachment (submission_id, position) WHERE submission_id IS NOT NULL;
CREATE INDEX attachment_loose ON attachment (started_at) WHERE submission_id IS NULL;

-- The pieces of a file, in order; `object` is the hash of the sealed bytes, their name in the object store.
CREATE TABLE attachment_piece (
    attachment_id TEXT NOT NULL,
    begins        BIGINT NOT NULL,
    size          BIGINT NOT NULL,
    object        TEXT NOT NULL,
    PRIMARY KEY (attachment_id, begins)
);

-- Every look at sealed things. `agency` is NULL for the office; `actor` is NULL for an agency, whose own
-- node knows the person.
CREATE TABLE reveal (
    seq           BIGSERIAL PRIMARY KEY,
    submission_id TEXT,
    at            BIGINT NOT NULL,
    agency        TEXT,
    actor         TEXT,
    part          TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    detail        TEXT
);
CREATE INDEX reveal_by_submission ON reveal (submission_id, seq);

-- 重复件并入: which matter a submission repeats. The reason is sealed under the submission's key.
CREATE TABLE link (
    submission_id TEXT NOT NULL PRIMARY KEY,
    matter_id     TEXT NOT NULL,
    reason        BYTEA NOT NULL,
    linked_by     TEXT NOT NULL,
    linked_at     BIGINT NOT NULL
);
CREATE INDEX link_by_matter ON link (matter_id);

-- What intake must know of routing's matters: found to be an accusation at screening, closed.
CREATE TABLE standing (
    matter_id  TEXT NOT NULL PRIMARY KEY,
    restricted BIGINT NOT NULL DEFAULT 0,
    closed     BIGINT NOT NULL DEFAULT 0
);

-- Which agency may open what, by assignment. `state`: active, recalled, closed.
CREATE TABLE agency_right (
    assignment_id    TEXT NOT NULL PRIMARY KEY,
    matter_id        TEXT NOT NULL,
    agency           TEXT NOT NULL,
    assignment_no    BIGINT NOT NULL,
    identity_travels BIGINT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('active', 'recalled', 'closed'))
);
CREATE INDEX agency_right_by_matter ON agency_right (matter_id);

-- What agencies wrote (notices, opinions, service records, reports), sealed under the submission's key.
CREATE TABLE paper (
    content_id    TEXT NOT NULL PRIMARY KEY,
    matter_id     TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    agency        TEXT NOT NULL,
    sha256        TEXT NOT NULL,
    stored_at     BIGINT NOT NULL,
    body          BYTEA NOT NULL
);

-- One probe for each key-encryption key that ever wrapped something here: a start without one of them is
-- refused, because what it wrapped could not be opened.
CREATE TABLE kek (
    id    TEXT NOT NULL PRIMARY KEY,
    probe BYTEA NOT NULL,
    since BIGINT NOT NULL
);
