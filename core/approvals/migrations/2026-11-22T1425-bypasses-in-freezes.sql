-- An emergency passes a freeze, and says so; what a review found is written as all other codes are.
ALTER TABLE approvals.bypasses DROP CONSTRAINT bypasses_finding_check;
UPDATE approvals.bypasses SET finding = 'not-justified' WHERE finding = 'not_justified';
ALTER TABLE approvals.bypasses
  ADD CONSTRAINT bypasses_finding_check CHECK (finding IN ('justified', 'not-justified')),
  ADD COLUMN during_freeze boolean NOT NULL DEFAULT false;
