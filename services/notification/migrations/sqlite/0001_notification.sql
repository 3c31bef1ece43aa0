-- Matters as notification knows them: how a notice names them, and who may see it.
CREATE TABLE matter (
  id TEXT PRIMARY KEY,
  number TEXT,                      -- public number; absent for an accusation
  restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
  anonymous INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
  heard_at INTEGER NOT NULL         -- business clock, ms
) STRICT;

-- Agencies by the register: names for texts, the mail address of the petition desk.
CREATE TABLE agency (
  code TEXT PRIMARY KEY,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  email TEXT
) STRICT;

-- 通知: one to one audience about one fact. What it says is rendered when it is sent or printed, so neither a text
-- nor an address is kept here.
CREATE TABLE notice (
  id TEXT PRIMARY KEY,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  audience TEXT NOT NULL,           -- petitioner, agency:renshe, agency_desk:renshe, office:supervisor
  subject_id TEXT NOT NULL,         -- the matter, the meeting
  matter_id TEXT,
  template TEXT NOT NULL,
  template_version INTEGER NOT NULL,
  told TEXT NOT NULL,               -- JSON: days, codes and document numbers
  channel TEXT NOT NULL,            -- the way it goes now
  ways TEXT NOT NULL,               -- JSON: the ways that are left
  restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
  state TEXT NOT NULL,
  trouble TEXT,
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER,          -- technical clock, ms
  queued_at INTEGER NOT NULL,       -- business clock, ms
  sent_on TEXT,
  delivered_on TEXT,
  way TEXT,
  proof TEXT,
  read_at INTEGER,                  -- of an inbox: business clock, ms
  version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX notice_once ON notice (event_id, audience);
CREATE INDEX notice_to_send ON notice (next_attempt_at, id) WHERE channel = 'mail' AND state IN ('queued', 'sending');
CREATE INDEX notice_by_state ON notice (audience, state, id);
CREATE INDEX notice_by_matter ON notice (matter_id, id);
CREATE INDEX notice_unread ON notice (audience, id) WHERE channel = 'inbox' AND read_at IS NULL;

-- Rises with each change of any inbox, so that a page learns of it by one look.
CREATE TABLE inbox_mark (
  name TEXT PRIMARY KEY,
  mark INTEGER NOT NULL
) STRICT;
INSERT INTO inbox_mark (name, mark) VALUES ('all', 0);
