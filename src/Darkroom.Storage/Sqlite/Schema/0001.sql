-- Moments are counted in 100 ns since 1970, UTC. What a query looks for is a column; the rest of a job is in the texts.
CREATE TABLE meta (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    schema INTEGER NOT NULL,            -- number of the last migration
    epoch  INTEGER NOT NULL,            -- counts the processes that opened it
    paused INTEGER NOT NULL             -- 0 or 1
);
INSERT INTO meta VALUES (1, 0, 0, 0);

CREATE TABLE job (
    seq         INTEGER NOT NULL PRIMARY KEY, -- order of admission
    id          TEXT    NOT NULL UNIQUE,
    state       TEXT    NOT NULL,
    priority    TEXT    NOT NULL,       -- may change while the job waits; the request keeps the first one
    caller      TEXT    NOT NULL,
    model       TEXT    NOT NULL,
    cost        REAL    NOT NULL,       -- megapixel-steps
    created_at  INTEGER NOT NULL,
    deadline_at INTEGER,
    started_at  INTEGER,
    finished_at INTEGER,                -- null: not finished
    attempt     INTEGER NOT NULL,
    lost_claims INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    owner       TEXT,
    idem_key    TEXT,
    body_hash   TEXT,
    request     TEXT    NOT NULL,       -- JSON, written once
    outcome     TEXT    NOT NULL        -- JSON: progress, warnings, result or failure, events
);

CREATE INDEX job_unfinished ON job (seq) WHERE finished_at IS NULL;
CREATE INDEX job_deadline ON job (deadline_at) WHERE finished_at IS NULL AND deadline_at IS NOT NULL;
CREATE INDEX job_newest ON job (created_at, id) WHERE finished_at IS NOT NULL;
CREATE INDEX job_newest_in_state ON job (state, created_at, id) WHERE finished_at IS NOT NULL;
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX job_key ON job (caller, idem_key) WHERE idem_key IS NOT NULL;
