-- What accounts used, by day (UTC). It outlives its jobs. joules is null where no device told its energy.
CREATE TABLE usage_day (
    day               date   NOT NULL,
    account           text   NOT NULL COLLATE "C", -- key:ID; empty: callers without a key
    succeeded         bigint NOT NULL,             -- jobs that ended on the day
    failed            bigint NOT NULL,
    cancelled         bigint NOT NULL,
    expired           bigint NOT NULL,
    pictures          bigint NOT NULL,
    megapixel_steps   float8 NOT NULL,
    device_seconds    float8 NOT NULL,
    processor_seconds float8 NOT NULL,
    joules            float8,
    PRIMARY KEY (day, account)
);

-- What ends of jobs add to it. Each has a row of its own, so that no end waits for another's; a sweep adds them up.
CREATE TABLE usage_entry (
    day               date   NOT NULL,
    account           text   NOT NULL COLLATE "C",
    succeeded         bigint NOT NULL,
    failed            bigint NOT NULL,
    cancelled         bigint NOT NULL,
    expired           bigint NOT NULL,
    pictures          bigint NOT NULL,
    megapixel_steps   float8 NOT NULL,
    device_seconds    float8 NOT NULL,
    processor_seconds float8 NOT NULL,
    joules            float8
);
