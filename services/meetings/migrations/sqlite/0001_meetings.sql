-- Matters as meetings knows them: how a list names them, and which are hidden (Art. 30).
CREATE TABLE matter (
  id TEXT PRIMARY KEY,
  number TEXT,                      -- public number; absent for an accusation
  restricted INTEGER NOT NULL CHECK (restricted IN (0, 1))
) STRICT;

-- Units of the register: who can be invited, and given a task.
CREATE TABLE unit (
  agency TEXT PRIMARY KEY
) STRICT;

-- Letters of objection: each is its agency's written position, should the matter come to a dispute (Art. 24).
CREATE TABLE objection (
  content_id TEXT PRIMARY KEY,
  matter_id TEXT NOT NULL,
  agency TEXT NOT NULL,
  objected_on TEXT NOT NULL,
  proposed TEXT                     -- the unit that it holds for competent
) STRICT;
CREATE INDEX objection_by_matter ON objection (matter_id);

-- 联席会议, from the profile.
CREATE TABLE body (
  code TEXT PRIMARY KEY,
  profile TEXT NOT NULL             -- JSON
) STRICT;

-- 议题
CREATE TABLE item (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  matter_id TEXT NOT NULL REFERENCES matter (id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  parties TEXT NOT NULL,            -- JSON: agencies whose positions are heard
  proposed_on TEXT NOT NULL,
  meeting_id TEXT,
  until_on TEXT,
  positions TEXT NOT NULL,          -- JSON
  decision TEXT,                    -- JSON
  resolution_id TEXT,
  sort_on TEXT NOT NULL             -- proposed_on; ended ones last
) STRICT;
-- A matter stands on the list once at most.
CREATE UNIQUE INDEX item_one_open ON item (matter_id) WHERE open = 1;
CREATE INDEX item_by_age ON item (sort_on, id);
CREATE INDEX item_by_matter ON item (matter_id);

-- 会议
CREATE TABLE meeting (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL,
  terms TEXT NOT NULL,              -- JSON: what, when, where; uid and sequence
  sequence INTEGER NOT NULL,        -- of the newest invitation
  starts_at INTEGER NOT NULL,       -- business clock, ms
  reply_by TEXT NOT NULL,
  notice_days INTEGER NOT NULL,
  convener TEXT NOT NULL,
  agenda TEXT NOT NULL,             -- JSON: items in order
  short_notice_reason TEXT,
  call_off_reason TEXT,
  called_on TEXT NOT NULL,
  minutes_number TEXT UNIQUE,
  fixed_on TEXT
) STRICT;
CREATE INDEX meeting_by_start ON meeting (starts_at, id);

-- 邀请
CREATE TABLE invitation (
  meeting_id TEXT NOT NULL REFERENCES meeting (id),
  agency TEXT NOT NULL,
  required INTEGER NOT NULL CHECK (required IN (0, 1)),
  dropped INTEGER NOT NULL CHECK (dropped IN (0, 1)),   -- no more invited
  reply TEXT,                       -- JSON: the newest reply
  reply_sequence INTEGER,           -- the invitation that it answers
  attendance TEXT,
  who TEXT NOT NULL,                -- official's name and post, for the minutes
  PRIMARY KEY (meeting_id, agency)
) STRICT;
CREATE INDEX invitation_by_agency ON invitation (agency, meeting_id);

-- 议定事项
CREATE TABLE resolution (
  id TEXT PRIMARY KEY,
  document_number TEXT NOT NULL UNIQUE,
  meeting_id TEXT NOT NULL REFERENCES meeting (id),
  item_id TEXT NOT NULL REFERENCES item (id),
  matter_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  set_aside TEXT,                   -- code of the reason why it could not be carried out
  adopted_on TEXT NOT NULL
) STRICT;

-- 交办单
CREATE TABLE task (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  resolution_id TEXT NOT NULL REFERENCES resolution (id),
  document_number TEXT NOT NULL,
  meeting_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  matter_id TEXT NOT NULL REFERENCES matter (id),
  agency TEXT NOT NULL,
  role TEXT NOT NULL,
  lead TEXT NOT NULL,
  action TEXT NOT NULL,
  due_on TEXT NOT NULL,
  checker TEXT NOT NULL,
  state TEXT NOT NULL,
  days TEXT NOT NULL,               -- JSON: state -> day
  reports TEXT NOT NULL,            -- JSON: day, content id
  sent_back TEXT,
  overdue_on TEXT,
  fires_at INTEGER,                 -- when the date has passed; absent once it rang or a report is there
  sort_on TEXT NOT NULL             -- due_on; ended ones last
) STRICT;
CREATE UNIQUE INDEX task_one_each ON task (resolution_id, agency);
CREATE INDEX task_by_due ON task (sort_on, id);
CREATE INDEX task_by_item ON task (item_id);
CREATE INDEX task_waiting ON task (fires_at, id) WHERE fires_at IS NOT NULL;

-- The one site that answers for each agency; a second one is refused.
CREATE TABLE site (
  agency TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
