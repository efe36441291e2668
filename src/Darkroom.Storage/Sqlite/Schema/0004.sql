-- What accounts used, by day (UTC). It outlives its jobs. joules is null where no device told its energy.
CREATE TABLE usage_day (
    day               TEXT    NOT NULL,  -- 2026-11-29
    account           TEXT    NOT NULL,  -- key:ID; empty: callers without a key
    succeeded         INTEGER NOT NULL,  -- jobs that ended on the day
    failed            INTEGER NOT NULL,
    cancelled         INTEGER NOT NULL,
    expired           INTEGER NOT NULL,
    pictures          INTEGER NOT NULL,
    megapixel_steps   REAL    NOT NULL,
    device_seconds    REAL    NOT NULL,
    processor_seconds REAL    NOT NULL,
    joules            REAL,
    PRIMARY KEY (day, account)
) WITHOUT ROWID;
