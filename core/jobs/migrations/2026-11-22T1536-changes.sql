-- What a job is about, as it is called outside: its type and its reference or code.
ALTER TABLE jobs.jobs
  ADD COLUMN subject_type text,
  ADD COLUMN subject_name text,
  ADD CHECK ((subject_type IS NULL) = (subject_name IS NULL));

-- The transaction that last changed a job: who looks on asks for what is not older than the oldest one that was still
-- open when they last asked, and so overlooks nothing that commits late.
ALTER TABLE jobs.jobs ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE FUNCTION jobs.mark_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed := pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER changed BEFORE UPDATE ON jobs.jobs FOR EACH ROW EXECUTE FUNCTION jobs.mark_changed();
CREATE INDEX jobs_by_change ON jobs.jobs (changed);
CREATE INDEX jobs_by_maker ON jobs.jobs (created_by, id);
