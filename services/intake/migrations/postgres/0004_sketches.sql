-- 可能的重复件: from a sketch likeness can be judged and no word read back; it is made under a secret of the office.
-- `seq` counts up with each entry, and again when the matter goes to another agency, so that an index in memory
-- catches up. Accusations have no row (Art. 30): the one of a matter found to be one is deleted with that finding.
CREATE TABLE sketch (
    submission_id TEXT NOT NULL PRIMARY KEY,
    seq           BIGINT NOT NULL,
    place_region  TEXT NOT NULL,
    agency        TEXT,
    sketch        BYTEA NOT NULL
);
CREATE UNIQUE INDEX sketch_by_seq ON sketch (seq);

-- How far submissions from before this table have been sketched; no row once all are.
CREATE TABLE sketch_owed (
    one   BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    after TEXT NOT NULL
);
INSERT INTO sketch_owed (one, after) VALUES (1, '');
