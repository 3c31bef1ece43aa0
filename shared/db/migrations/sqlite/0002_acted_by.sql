-- In whose name a message was recorded (`office/us_…`, `agency/<code>/us_…`); NULL where a rule or a timer acted.
-- The chain covers it.
ALTER TABLE outbox ADD COLUMN acted_by TEXT;
