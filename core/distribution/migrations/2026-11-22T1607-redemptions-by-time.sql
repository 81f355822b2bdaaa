-- What was handed over in some days is looked up.
CREATE INDEX redemptions_by_time ON distribution.redemptions (redeemed_at);
