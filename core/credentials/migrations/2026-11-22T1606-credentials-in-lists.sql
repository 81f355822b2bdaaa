-- Credentials are listed by program, and those few that are suspended or revoked by themselves.
CREATE INDEX credentials_by_program ON credentials.credentials (program_id, id);
CREATE INDEX credentials_not_active ON credentials.credentials (state, id) WHERE state <> 'active';
