-- 主办 and 协办 (Art. 24): one active lead, and co-agencies beside it.
ALTER TABLE assignment ADD COLUMN role TEXT NOT NULL DEFAULT 'lead' CHECK (role IN ('lead', 'co'));
ALTER TABLE assignment ADD COLUMN share TEXT;                     -- JSON: of a co-agency, what it is asked
DROP INDEX assignment_one_active;
-- Invariant 2: at most one active lead assignment at every commit; no agency helps a matter twice at once.
CREATE UNIQUE INDEX assignment_one_lead ON assignment (matter_id) WHERE active = 1 AND role = 'lead';
CREATE UNIQUE INDEX assignment_one_co ON assignment (matter_id, agency) WHERE active = 1 AND role = 'co';

-- The receipt travels apart from the steps: it is owed until it came, whatever the state.
ALTER TABLE assignment ADD COLUMN receipt_owed BIGINT NOT NULL DEFAULT 0 CHECK (receipt_owed IN (0, 1));
UPDATE assignment SET receipt_owed = 1 WHERE active = 1 AND days NOT LIKE '%"delivered"%';
DROP INDEX assignment_undelivered;
CREATE INDEX assignment_undelivered ON assignment (agency, dispatch_seq) WHERE receipt_owed = 1;
