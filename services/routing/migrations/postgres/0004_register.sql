-- The register at run time: a version that guards writers, and the last day of what ends (Art. 24).
ALTER TABLE agency ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE agency ADD COLUMN last_on TEXT;
UPDATE agency SET last_on = CAST(entry AS JSON) ->> 'valid_to';
CREATE INDEX agency_ending ON agency (code) WHERE last_on IS NOT NULL;
CREATE INDEX assignment_at_work ON assignment (agency, id) WHERE active = 1;
