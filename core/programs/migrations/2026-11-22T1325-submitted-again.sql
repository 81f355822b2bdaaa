-- From now on a submitted cycle has a request for approval. Those submitted before have none: they are submitted again.
UPDATE programs.cycles SET state = 'prepared', digest = NULL, submitted_by = NULL, submitted_by_name = NULL,
  submitted_at = NULL
WHERE state = 'submitted';
