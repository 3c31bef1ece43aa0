-- 异议 (Art. 23): the office's last ruling; a task whose objection was refused may file another.
ALTER TABLE task ADD COLUMN ruling TEXT;                  -- JSON: answer, reason, day
DROP INDEX paper_one_filed;
CREATE UNIQUE INDEX paper_one_filed ON paper (assignment_id, kind, round) WHERE state = 'filed' AND kind <> 'objection';
