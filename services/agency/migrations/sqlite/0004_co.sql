-- 主办与协办 (Art. 24): the lead's list of parts, and a co-agency's draft of its own.
ALTER TABLE task ADD COLUMN co TEXT NOT NULL DEFAULT '[]';       -- JSON: who gives a part, by when, where it stands
ALTER TABLE task ADD COLUMN drafted INTEGER NOT NULL DEFAULT 0 CHECK (drafted IN (0, 1));

-- The draft of a part, sealed under the task's key; it goes when the part is sent, or the task is taken back.
CREATE TABLE part_draft (
  assignment_id TEXT PRIMARY KEY REFERENCES task (assignment_id),
  sealed BLOB NOT NULL,
  drafted_at INTEGER NOT NULL
) STRICT;
