-- 主办 or 协办 (Art. 24): a co-agency owes its part to the lead, and an order asks it for that.
ALTER TABLE assignment ADD COLUMN role TEXT NOT NULL DEFAULT 'lead' CHECK (role IN ('lead', 'co'));
