-- Units come and go (Art. 24): who is invited exists on the day. A unit listed before has no day: it exists.
ALTER TABLE unit ADD COLUMN valid_from TEXT;
ALTER TABLE unit ADD COLUMN valid_to TEXT;
