-- 督办函: supervision orders as the office dispatched them.
CREATE TABLE received_order (
  order_id TEXT PRIMARY KEY,
  matter_id TEXT NOT NULL,
  assignment_id TEXT NOT NULL,
  dispatch TEXT NOT NULL,           -- JSON of what the office dispatched
  dispatched_by TEXT NOT NULL,      -- id of the dispatch: the cause of every return
  restricted BIGINT NOT NULL CHECK (restricted IN (0, 1)),
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  due_on TEXT NOT NULL,             -- by when a reply is owed now
  days TEXT NOT NULL,               -- JSON: state -> day
  sent_back TEXT,                   -- reason of the last verdict that sent a reply back
  replies TEXT NOT NULL,            -- JSON: content ids
  sort_on TEXT NOT NULL             -- due_on; closed ones last
);
CREATE INDEX received_order_by_due ON received_order (sort_on, order_id);
CREATE INDEX received_order_by_task ON received_order (assignment_id);

-- A paper that may be written more than once for a task says of which round it is.
ALTER TABLE paper ADD COLUMN round TEXT NOT NULL DEFAULT '';
DROP INDEX paper_one_pending;
DROP INDEX paper_one_filed;
CREATE UNIQUE INDEX paper_one_pending ON paper (assignment_id, kind, round) WHERE state = 'pending';
CREATE UNIQUE INDEX paper_one_filed ON paper (assignment_id, kind, round) WHERE state = 'filed';
