-- What somebody prepared or submitted, by whichever account.
DROP INDEX approvals.requests_by_requester;
CREATE INDEX requests_by_maker ON approvals.requests USING gin (makers);
