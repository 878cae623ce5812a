-- From when on rows are there, by what they are: 'clicks'. What is older was removed, or is about to be: a
-- figure of an earlier day is never computed again. It only ever moves forward.
CREATE TABLE IF NOT EXISTS kept_since
(
    what LowCardinality(String),
    since DateTime64(3, 'UTC'),
    announced_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(since) ORDER BY what;

-- Which records retention removed, so that the audit does not take them for lost. Noting some of them again
-- changes nothing.
CREATE TABLE IF NOT EXISTS expired_clicks
(
    spool_id UInt128,
    lane UInt8,
    segment UInt64,
    records AggregateFunction(groupBitmap, UInt32)
)
ENGINE = AggregatingMergeTree ORDER BY (spool_id, lane, segment);

-- Who asked to be forgotten, for everybody who ships clicks: none of theirs comes out of a spool with the person,
-- however late. Names are digests: SHA-256 of salt and name, in lower-case hexadecimal, empty when there was none.
CREATE TABLE IF NOT EXISTS erasures
(
    advocate_id String,
    space_id LowCardinality(String),
    erased_at DateTime64(3, 'UTC'),
    salt String,
    key_digest String,
    email_digest String
)
ENGINE = ReplacingMergeTree ORDER BY advocate_id;

-- Which quarters of an hour (UTC) of clicks and shares an erasure is about to change: the roll-ups are told of them once
-- it has, however often it was interrupted. One row goes when its quarter was told.
CREATE TABLE IF NOT EXISTS erasure_touched
(
    advocate_id String,
    space_id LowCardinality(String),
    subject LowCardinality(String),
    at DateTime('UTC')
)
ENGINE = ReplacingMergeTree ORDER BY (advocate_id, space_id, subject, at);

-- What was believed of a click before newer rules judged it otherwise: one row a click and version.
CREATE TABLE IF NOT EXISTS verdicts
(
    space_id LowCardinality(String) CODEC(ZSTD(3)),
    clicked_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(3)),
    spool_id UInt128 CODEC(ZSTD(3)),
    lane UInt8 CODEC(ZSTD(3)),
    segment UInt64 CODEC(Delta, ZSTD(3)),
    record UInt32 CODEC(Delta, ZSTD(3)),
    class LowCardinality(String) CODEC(ZSTD(3)),
    class_reason String CODEC(ZSTD(3)),
    classifier_version UInt16 CODEC(ZSTD(3)),
    replaced_by UInt16 CODEC(ZSTD(3)),
    replaced_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(3))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(clicked_at)
ORDER BY (space_id, clicked_at, spool_id, lane, segment, record, classifier_version);

-- Reclassifications that were begun; finished says whether the days that they touched were told to the roll-ups.
CREATE TABLE IF NOT EXISTS reclassifications
(
    version UInt16,
    finished Bool,
    noted_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(noted_at) ORDER BY version;
