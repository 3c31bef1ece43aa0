-- One agency's tasks: a database of its own per agency, so no column says whose they are.
CREATE TABLE task (
  assignment_id TEXT PRIMARY KEY,
  matter_id TEXT NOT NULL,
  assignment_no BIGINT NOT NULL,
  dispatch TEXT NOT NULL,           -- JSON of what the office dispatched
  dispatched_by TEXT NOT NULL,      -- id of the dispatch: the cause of every return
  restricted BIGINT NOT NULL CHECK (restricted IN (0, 1)),
  version BIGINT NOT NULL,         -- counts what happened to the task, from 1
  state TEXT NOT NULL,
  days TEXT NOT NULL,               -- JSON: state -> day
  dues TEXT NOT NULL,               -- JSON: due dates
  papers TEXT NOT NULL,             -- JSON: kind, content id
  outcomes TEXT NOT NULL,           -- JSON: outcome per claim
  opinion_id TEXT,
  close_code TEXT,
  recall_reason TEXT,
  sort_on TEXT NOT NULL,            -- the earliest running limit; closed tasks last
  received_at BIGINT NOT NULL,     -- business clock, ms
  changed_at BIGINT NOT NULL
);
CREATE INDEX task_by_due ON task (sort_on, assignment_id);
CREATE INDEX task_by_state ON task (state, sort_on, assignment_id);

-- A recall of an assignment that never came: should it come after all, it does not open.
CREATE TABLE recalled_before (
  assignment_id TEXT PRIMARY KEY,
  matter_id TEXT NOT NULL,
  assignment_no BIGINT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- The data key of each task, wrapped under the agency's own key. Deleting it erases what it sealed.
CREATE TABLE task_key (
  assignment_id TEXT PRIMARY KEY REFERENCES task (assignment_id),
  wrapped BYTEA NOT NULL
);

-- The petition's text as opened from intake, sealed. Never of an accusation, never the contact.
CREATE TABLE text_copy (
  assignment_id TEXT PRIMARY KEY REFERENCES task (assignment_id),
  sealed BYTEA NOT NULL,
  copied_at BIGINT NOT NULL
);

-- The agency's papers, sealed. 'pending': numbered and perhaps at intake, not yet part of a step.
-- 'void': its number was given and never used (作废); the number stays in the register, the text does not.
CREATE TABLE paper (
  content_id TEXT PRIMARY KEY,
  assignment_id TEXT NOT NULL REFERENCES task (assignment_id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'filed', 'void')),
  series TEXT,                      -- 信告-2026
  number BIGINT,
  sealed BYTEA,
  sha256 TEXT NOT NULL,             -- of the plain text
  changed_at BIGINT NOT NULL,
  CHECK ((sealed IS NULL) = (state = 'void'))
);
CREATE UNIQUE INDEX paper_one_pending ON paper (assignment_id, kind) WHERE state = 'pending';
CREATE UNIQUE INDEX paper_one_filed ON paper (assignment_id, kind) WHERE state = 'filed';
CREATE UNIQUE INDEX paper_number ON paper (series, number) WHERE series IS NOT NULL;

-- Who of the agency looked at what, and why. Intake logs the unit, the agency the person.
CREATE TABLE look (
  id TEXT PRIMARY KEY,
  assignment_id TEXT NOT NULL REFERENCES task (assignment_id),
  user_id TEXT NOT NULL,
  part TEXT NOT NULL,
  purpose TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('intake', 'copy')),
  at BIGINT NOT NULL
);
CREATE INDEX look_by_task ON look (assignment_id, at);
