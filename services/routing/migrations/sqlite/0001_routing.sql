-- The register of agencies: data, seeded once from the profile, changed by audited commands.
CREATE TABLE agency (
  code TEXT PRIMARY KEY,
  entry TEXT NOT NULL,              -- JSON of the register's entry
  listed_at INTEGER NOT NULL        -- business clock, ms
) STRICT;

CREATE TABLE matter (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,         -- number of facts so far
  state TEXT NOT NULL,
  purpose TEXT NOT NULL,
  category TEXT,
  route TEXT,
  restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
  facts_known INTEGER NOT NULL CHECK (facts_known IN (0, 1)),
  place_region TEXT,
  received_on TEXT NOT NULL,
  t01 TEXT NOT NULL,                -- JSON: due date
  summary TEXT NOT NULL,            -- JSON: codes, dates, hashes
  claims TEXT NOT NULL,             -- JSON: number, holder, outcome
  proposal TEXT NOT NULL CHECK (proposal IN ('wanted', 'made', 'none')),
  categories TEXT NOT NULL,         -- JSON: proposed categories
  agencies TEXT NOT NULL,           -- JSON: proposed agencies
  accused TEXT NOT NULL,            -- JSON: codes of units that must never get it
  registered_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX matter_wanting ON matter (id) WHERE proposal = 'wanted';
CREATE INDEX matter_unknown ON matter (id) WHERE facts_known = 0;
CREATE INDEX matter_restricted ON matter (id) WHERE restricted = 1;

CREATE TABLE assignment (
  id TEXT PRIMARY KEY,
  matter_id TEXT NOT NULL REFERENCES matter (id),
  no INTEGER NOT NULL,
  agency TEXT NOT NULL,
  mode TEXT NOT NULL,
  state TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  document_number TEXT NOT NULL,
  legal_ground TEXT NOT NULL,
  sent_on TEXT NOT NULL,
  limit_on TEXT,
  dispatch_seq INTEGER NOT NULL,
  days TEXT NOT NULL,               -- JSON: state -> day as used
  stated TEXT NOT NULL,             -- JSON: state -> day as the agency stated it
  dues TEXT NOT NULL,               -- JSON: due dates
  papers TEXT NOT NULL,             -- JSON: kind, content id
  close_code TEXT,
  UNIQUE (matter_id, no),
  UNIQUE (document_number)
) STRICT;
-- Invariant 2: at most one active lead assignment at every commit.
CREATE UNIQUE INDEX assignment_one_active ON assignment (matter_id) WHERE active = 1;
CREATE INDEX assignment_undelivered ON assignment (agency, dispatch_seq) WHERE state = 'sent';

-- The one site that answers for each agency; a second one is refused.
CREATE TABLE site (
  agency TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
