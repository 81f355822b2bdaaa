-- Custom attributes of a row: of its person, and what the row says of its household.
ALTER TABLE imports.staged_rows ADD attributes jsonb, ADD group_attributes jsonb;
