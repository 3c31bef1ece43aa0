-- Matters as supervision knows them: who may see them, and how a list names them.
CREATE TABLE matter (
  id TEXT PRIMARY KEY,
  number TEXT,                      -- public number; absent for an accusation
  restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
  heard_at INTEGER NOT NULL         -- business clock, ms
) STRICT;

-- Assignments that were made: an order is about one of them.
CREATE TABLE assignment (
  id TEXT PRIMARY KEY,
  matter_id TEXT NOT NULL REFERENCES matter (id),
  agency TEXT NOT NULL,
  recalled INTEGER NOT NULL CHECK (recalled IN (0, 1))
) STRICT;

-- A duty with its limit: one per matter, rule and assignment, whatever comes twice.
CREATE TABLE duty (
  id TEXT PRIMARY KEY,              -- rule/assignment, or rule/matter
  matter_id TEXT NOT NULL REFERENCES matter (id),
  rule TEXT NOT NULL,
  assignment_id TEXT,
  agency TEXT,                      -- absent where the office owes it
  due TEXT NOT NULL,                -- JSON: the limit with its working
  due_on TEXT NOT NULL,             -- nominal date: lists go by it
  provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
  state TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),   -- still owed
  warned INTEGER,                   -- highest stage warned of, percent
  breached_on TEXT,
  met_on TEXT,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX duty_by_due ON duty (due_on, id) WHERE open = 1;
CREATE INDEX duty_by_matter ON duty (matter_id);
CREATE INDEX duty_provisional ON duty (id) WHERE provisional = 1 AND open = 1;

-- Timers: a row each, claimed once, with the fact that it makes.
CREATE TABLE alarm (
  duty_id TEXT NOT NULL REFERENCES duty (id),
  kind TEXT NOT NULL,               -- warn_050, warn_080, warn_100, breach, lapse: in the order they ring
  matter_id TEXT NOT NULL,
  fires_on TEXT NOT NULL,           -- the day at whose beginning it rings
  fires_at INTEGER NOT NULL,        -- business clock, ms
  fired_at INTEGER,
  PRIMARY KEY (duty_id, kind)
) STRICT;
CREATE INDEX alarm_waiting ON alarm (fires_at, duty_id, kind) WHERE fired_at IS NULL;
CREATE INDEX alarm_of_matter ON alarm (matter_id, fires_at) WHERE fired_at IS NULL;

-- 督办函
CREATE TABLE supervision_order (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  matter_id TEXT NOT NULL REFERENCES matter (id),
  assignment_id TEXT NOT NULL,
  agency TEXT NOT NULL,
  state TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  cause TEXT NOT NULL,
  owed TEXT NOT NULL,
  rule TEXT,
  due TEXT,                         -- JSON: the limit that was breached
  document_number TEXT UNIQUE,
  due_on TEXT,
  days TEXT NOT NULL,               -- JSON: state -> day
  replies TEXT NOT NULL,            -- JSON: day, content id
  sent_back INTEGER NOT NULL,
  sort_on TEXT NOT NULL             -- closed ones last
) STRICT;
-- An assignment has one order under way at most.
CREATE UNIQUE INDEX order_one_open ON supervision_order (assignment_id) WHERE open = 1;
CREATE INDEX order_by_due ON supervision_order (sort_on, id);
CREATE INDEX order_by_matter ON supervision_order (matter_id);

-- The one site that answers for each agency; a second one is refused.
CREATE TABLE site (
  agency TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
