-- Sketches are made under a secret of their own from here on, and say nothing of those made before: all are made anew.
DELETE FROM sketch;
DELETE FROM sketch_owed;
INSERT INTO sketch_owed (one, after) VALUES (1, '');
