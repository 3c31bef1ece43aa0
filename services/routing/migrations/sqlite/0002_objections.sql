-- 异议 and 管辖争议 (Art. 23, 24).
ALTER TABLE matter ADD COLUMN bounces INTEGER NOT NULL DEFAULT 0;   -- refusals so far
ALTER TABLE matter ADD COLUMN dispute TEXT;                       -- JSON: who refused, since when, who decides
ALTER TABLE assignment ADD COLUMN binding INTEGER NOT NULL DEFAULT 0 CHECK (binding IN (0, 1));
ALTER TABLE assignment ADD COLUMN override_reason TEXT;           -- the office's own words
ALTER TABLE assignment ADD COLUMN objections TEXT NOT NULL DEFAULT '[]';  -- JSON: objection and ruling
