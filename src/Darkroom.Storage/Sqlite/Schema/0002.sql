-- Lists of one caller's jobs.
CREATE INDEX job_newest_of_caller ON job (caller, created_at, id) WHERE finished_at IS NOT NULL;
