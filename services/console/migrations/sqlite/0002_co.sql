-- 协办: the agencies that help the one that holds a matter, each between commas: `,zhujian,shuiwu,`.
ALTER TABLE board ADD COLUMN co TEXT NOT NULL DEFAULT '';
