-- From now on a submitted batch has a request for approval. Those submitted before have none: they are submitted again.
UPDATE payments.batches SET state = 'draft', submitted_by = NULL, submitted_by_name = NULL, submitted_at = NULL,
  version = version + 1
WHERE state = 'submitted';
