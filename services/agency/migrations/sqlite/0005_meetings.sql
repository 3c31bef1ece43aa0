-- 会议通知: meetings that the agency is invited to, as the office dispatched them last.
CREATE TABLE received_meeting (
  meeting_id TEXT PRIMARY KEY,
  dispatch TEXT NOT NULL,           -- JSON of the newest invitation
  dispatched_by TEXT NOT NULL,      -- id of that dispatch: the cause of every return
  version INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,       -- business clock, ms
  reply TEXT,                       -- JSON: the newest reply
  cancelled_on TEXT,
  minutes_number TEXT,
  positions TEXT NOT NULL           -- JSON: item, content id
) STRICT;
CREATE INDEX received_meeting_by_start ON received_meeting (starts_at, meeting_id);

-- 交办单: tasks that resolutions of the joint conference gave the agency.
CREATE TABLE resolution_task (
  task_id TEXT PRIMARY KEY,
  matter_id TEXT NOT NULL,
  dispatch TEXT NOT NULL,           -- JSON of what the office dispatched
  dispatched_by TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  due_on TEXT NOT NULL,             -- by when a report is owed now
  days TEXT NOT NULL,               -- JSON: state -> day
  sent_back TEXT,                   -- reason of the last verdict that sent a report back
  reports TEXT NOT NULL,            -- JSON: content ids
  sort_on TEXT NOT NULL             -- due_on; ended ones last
) STRICT;
CREATE INDEX resolution_task_by_due ON resolution_task (sort_on, task_id);
CREATE INDEX task_by_matter ON task (matter_id, assignment_no);
