-- Two who rename a fund at once do not overwrite each other. Balances are no part of it.
ALTER TABLE ledger.funds ADD COLUMN version int NOT NULL DEFAULT 1;
