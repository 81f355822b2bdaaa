-- What broke a report that was refused, by a name: people read it in their own language.
ALTER TABLE payments.reports ADD COLUMN error_rule text;
