-- Ends of jobs that are still to be told to webhooks. They outlive their jobs, and hold no prompt.
CREATE TABLE outbox (
    id     TEXT    NOT NULL PRIMARY KEY, -- the same for all tries
    url    TEXT    NOT NULL,
    job    TEXT    NOT NULL,             -- JSON: how the job ended
    tries  INTEGER NOT NULL,             -- that failed
    due_at INTEGER NOT NULL
);
