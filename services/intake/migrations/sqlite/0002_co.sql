-- 协办意见 (Art. 24): which lead may open which co-agency's part. Nobody else of the agencies may.
CREATE TABLE co_part (
    content_id         TEXT NOT NULL PRIMARY KEY,
    matter_id          TEXT NOT NULL,
    lead_assignment_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
