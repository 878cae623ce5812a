-- One row per recorded request. Identity: (spool_id, lane, segment, record); whoever reads with
-- FINAL sees each identity once, however often it was sent.
--
-- The order is that of the questions: one space, one content, a period. Identity stands behind, so
-- that ReplacingMergeTree keeps one row of each and nothing else.
--
-- `batch` says which insert brought the row. Batches are numbered by time, a fresh part holds one,
-- so the minmax index finds a batch by reading its own part and no other.
--
-- Dictionary-encoded is what figures are split by. The rest are plain texts, which compress nearly as well: a
-- dictionary costs as much time at every insert as the rest of the column's work together. Links and
-- codes have too many values for one.
CREATE TABLE IF NOT EXISTS clicks
(
    batch UInt128 CODEC(ZSTD(3)),
    spool_id UInt128 CODEC(ZSTD(3)),
    lane UInt8 CODEC(ZSTD(3)),
    segment UInt64 CODEC(Delta, ZSTD(3)),
    record UInt32 CODEC(Delta, ZSTD(3)),
    clicked_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(3)),
    space_id LowCardinality(String) CODEC(ZSTD(3)),
    link_id String CODEC(ZSTD(3)),
    content_id LowCardinality(String) CODEC(ZSTD(3)),
    campaign_id LowCardinality(String) CODEC(ZSTD(3)),
    advocate_id LowCardinality(String) CODEC(ZSTD(3)),
    team_id LowCardinality(String) CODEC(ZSTD(3)),
    content_kind LowCardinality(String) CODEC(ZSTD(3)),
    code String CODEC(ZSTD(3)),
    cohort LowCardinality(String) CODEC(ZSTD(3)),
    channel LowCardinality(String) CODEC(ZSTD(3)),
    class LowCardinality(String) CODEC(ZSTD(3)),
    class_reason String CODEC(ZSTD(3)),
    classifier_version UInt16 CODEC(ZSTD(3)),
    status UInt16 CODEC(ZSTD(3)),
    answer LowCardinality(String) CODEC(ZSTD(3)),
    network String CODEC(ZSTD(3)),
    country LowCardinality(String) CODEC(ZSTD(3)),
    region String CODEC(ZSTD(3)),
    city String CODEC(ZSTD(3)),
    device String CODEC(ZSTD(3)),
    os String CODEC(ZSTD(3)),
    browser String CODEC(ZSTD(3)),
    language String CODEC(ZSTD(3)),
    visitor String CODEC(ZSTD(3)),
    utm_source String CODEC(ZSTD(3)),
    utm_medium String CODEC(ZSTD(3)),
    utm_campaign String CODEC(ZSTD(3)),
    utm_term String CODEC(ZSTD(3)),
    utm_content String CODEC(ZSTD(3)),
    evidence String CODEC(ZSTD(3)),
    evidence_flags UInt8 CODEC(ZSTD(3)),
    -- UUID version 7 of identity and time, as the program computes it (model::click_id). The first half of
    -- a UUID is the low half of the number that it is reinterpreted from.
    click_id UUID ALIAS reinterpretAsUUID(bitOr(
        toUInt128(bitOr(
            bitShiftLeft(toUInt64(toUnixTimestamp64Milli(clicked_at)), 16),
            toUInt64(bitOr(0x7000, bitAnd(record, 0xfff))))),
        bitShiftLeft(toUInt128(bitOr(
            toUInt64(0x8000000000000000),
            bitAnd(toUInt64(0x3fffffffffffffff), sipHash64Keyed(
                (toUInt64(bitAnd(spool_id, toUInt128(0xffffffffffffffff))), toUInt64(bitShiftRight(spool_id, 64))),
                bitOr(
                    bitOr(bitShiftLeft(toUInt128(lane), 96), bitShiftLeft(toUInt128(segment), 32)),
                    toUInt128(record)))))), 64))),
    INDEX batch_of_part batch TYPE minmax GRANULARITY 1024
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(clicked_at)
ORDER BY (space_id, content_id, clicked_at, spool_id, lane, segment, record)
SETTINGS
    non_replicated_deduplication_window = 100000,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
