-- The payments of a beneficiary are looked up in a batch.
CREATE INDEX payments_by_registrant ON payments.payments (registrant_id);
