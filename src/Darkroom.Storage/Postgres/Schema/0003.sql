-- Secrets that the processes share: each is made once and never changed.
CREATE TABLE secret (
    name  text  NOT NULL COLLATE "C" PRIMARY KEY,
    bytes bytea NOT NULL
);
