-- What other modules may join: which funds there are. Balances are asked of the module.

CREATE VIEW ledger.fund_codes AS
SELECT id, code, name, currency
FROM ledger.funds;
