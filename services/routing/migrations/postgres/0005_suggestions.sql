-- What was proposed and what a person decided: the last screening of each matter. No accusation is here.
CREATE TABLE screening (
  matter_id TEXT PRIMARY KEY REFERENCES matter (id),
  category TEXT NOT NULL,           -- as decided
  proposed TEXT,                    -- the category proposed first
  used TEXT NOT NULL CHECK (used IN ('none', 'taken', 'overruled')),
  agency_used TEXT CHECK (agency_used IN ('none', 'taken', 'overruled')), -- handed over in the same step
  screened_on TEXT,                 -- absent: before agreement was counted
  confirmed_at BIGINT NOT NULL     -- business clock, ms
);
CREATE INDEX screening_in_order ON screening (confirmed_at, matter_id);
CREATE INDEX screening_by_day ON screening (screened_on);
INSERT INTO screening (matter_id, category, used, confirmed_at)
  SELECT id, category, 'none', changed_at FROM matter WHERE restricted = 0 AND category IS NOT NULL;

-- How the last learning of each kind ended.
CREATE TABLE learning (
  kind TEXT PRIMARY KEY CHECK (kind IN ('category', 'agency')),
  learned_on TEXT NOT NULL,
  learned_at BIGINT NOT NULL,      -- business clock, ms: what was confirmed later is new
  ended TEXT NOT NULL,
  texts BIGINT NOT NULL
);
