-- Roll-ups: what questions about months and years read instead of clicks. They are computed again from `clicks FINAL`
-- and the facts whenever something behind them changed, and replace what stood there: nothing is ever added to.
-- src/kpi/rollup says when; src/warehouse/rollups holds the statements.
--
-- A row of rollup_clicks, rollup_visitors and rollup_links is a whole: all keys of one split (`by`) of one day, side by
-- side in arrays. So one row replaces one row, a key that is gone is gone, and no crash leaves half of a day's split.
-- The highest generation wins. Readers say FINAL, which costs little: a partition is a month, and one to which nothing
-- was written for ten minutes is merged into one part, of which FINAL has nothing to do.
--
-- Granules are of 16 such rows: with the usual 8,192, the sums of a year would be read with the arrays of every advocate
-- and every content beside them.
--
-- `grain` 'day' is a local day of the space, `start` its date. 'month' is a local month, `start` its first; it is the
-- sum of its days, made again with them. Whoever reads a period takes months that lie in it and days for the rest
-- (rollup_spans), or days alone when the question is about days. Every key is an id or the fact's own text, and ''
-- stands for none: no team, an advocate who is unknown or erased, a content without campaign. Attributes of people
-- and contents are the ones of today.

-- Clicks by class. One element per (key, channel); `clicks` are those of the KPIs: class human, answered with the
-- content. Read by: clicks, clicks_by_class, the numerators of clicks_per_share and clicks_per_content, earned media
-- value (per channel), and through job_clicks click_to_application_rate and clicks_per_hire.
--
-- `by`, and its keys:
--   all ''; team team_id; location, language, cohort, advocate_kind their text; advocate advocate_id;
--   content content_id; content_kind its text; campaign campaign_id; channel its text; country its code;
--   device, network their text; classifier the version that judged the click; hour '000' to '167', the local hour of the week from Monday 00:00;
--   age whole hours since the last share of the same link at or before the click, '000' to '047', then 'd02' to 'd30'
--   whole days, 'later', and '' when there was none, of `clicks` alone;
--   cohort_content content_id: the clicks within 30 x 24 hours from the content's publication alone;
--   video '' and video_country, video_device, video_network, video_hour: the same over contents of kind video alone.
CREATE TABLE IF NOT EXISTS rollup_clicks
(
    space_id LowCardinality(String),
    by LowCardinality(String),
    grain Enum8('day' = 1, 'month' = 2),
    start Date,
    generation UInt64,
    key Array(LowCardinality(String)) CODEC(ZSTD(1)),
    channel Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- Class human, answered with the content itself.
    clicks Array(UInt64) CODEC(T64, ZSTD(1)),
    -- The same on contents of kind job.
    job_clicks Array(UInt64) CODEC(T64, ZSTD(1)),
    -- Class human, answered otherwise: a fallback, or 410. No click of a KPI.
    elsewhere Array(UInt64) CODEC(T64, ZSTD(1)),
    -- The other classes, whatever was answered.
    preview Array(UInt64) CODEC(T64, ZSTD(1)),
    bot Array(UInt64) CODEC(T64, ZSTD(1)),
    scanner Array(UInt64) CODEC(T64, ZSTD(1)),
    prefetch Array(UInt64) CODEC(T64, ZSTD(1)),
    head Array(UInt64) CODEC(T64, ZSTD(1)),
    self Array(UInt64) CODEC(T64, ZSTD(1))
)
ENGINE = ReplacingMergeTree(generation)
PARTITION BY toYYYYMM(start)
ORDER BY (space_id, by, grain, start)
SETTINGS index_granularity = 16, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

-- Visitor-days: distinct visitors of a local day among `clicks`, one element per key; a month is the sum of its days.
-- The same values of `by` and keys as rollup_clicks but for classifier, hour, age, video_hour and cohort_content.
-- Read by: unique_visitors.
CREATE TABLE IF NOT EXISTS rollup_visitors
(
    space_id LowCardinality(String),
    by LowCardinality(String),
    grain Enum8('day' = 1, 'month' = 2),
    start Date,
    generation UInt64,
    key Array(LowCardinality(String)) CODEC(ZSTD(1)),
    visitors Array(UInt64) CODEC(T64, ZSTD(1))
)
ENGINE = ReplacingMergeTree(generation)
PARTITION BY toYYYYMM(start)
ORDER BY (space_id, by, grain, start)
SETTINGS index_granularity = 16, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

-- Which links got `clicks` on a local day, and when last. The roll-ups' own notes, from which rollup_shares knows when
-- a share landed. `link` is a hash of content, channel and advocate; an erased person's link goes by its id, and what
-- is known of neither is one link.
CREATE TABLE IF NOT EXISTS rollup_links
(
    space_id LowCardinality(String),
    day Date,
    generation UInt64,
    link Array(UInt64) CODEC(ZSTD(1)),
    last_at Array(DateTime64(3, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(generation)
PARTITION BY toYYYYMM(day)
ORDER BY (space_id, day)
SETTINGS index_granularity = 16, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

-- One row per share, with what it is split by. Readers say FINAL and NOT removed; the engine is not told of `removed`,
-- because it would go through every row then, also of a month that is one part.
-- Read by: shares, active_sharers (of advocates active in the period: facts), shares_per_active_sharer,
-- contents_shared, channel_mix, clicks_per_share, clicks_per_content, landed_share_rate.
--
-- Count distinct advocates and contents by `advocate_key` and `content_key`, the cityHash64 of their ids: numbers are
-- eight times faster than texts. The key of '' stands for nobody.
CREATE TABLE IF NOT EXISTS rollup_shares
(
    space_id LowCardinality(String),
    -- The local day of shared_at.
    shared_on Date,
    share_id String CODEC(ZSTD(1)),
    shared_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    advocate_id LowCardinality(String) CODEC(ZSTD(1)),
    content_id LowCardinality(String) CODEC(ZSTD(1)),
    advocate_key UInt64 CODEC(ZSTD(1)),
    content_key UInt64 CODEC(ZSTD(1)),
    channel LowCardinality(String),
    team_id LowCardinality(String),
    location LowCardinality(String),
    language LowCardinality(String),
    cohort LowCardinality(String),
    advocate_kind LowCardinality(String),
    content_kind LowCardinality(String),
    campaign_id LowCardinality(String),
    link UInt64 CODEC(ZSTD(1)),
    -- The local day of the first of `clicks` on the share's link at or after shared_at: a share of a period landed in
    -- it when landed_on is not after the period's last day.
    landed_on Nullable(Date) CODEC(ZSTD(1)),
    generation UInt64 CODEC(ZSTD(1)),
    removed UInt8
)
ENGINE = ReplacingMergeTree(generation)
PARTITION BY toYYYYMM(shared_on)
ORDER BY (space_id, shared_on, share_id)
SETTINGS min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

-- One row per content, with what of it does not depend on the period that is asked about. FINAL leaves the removed
-- ones out. Read by: contents_published, content_usage_rate (used_on at most 14 days after the last day of the
-- period), clicks_per_content@cohort.
CREATE TABLE IF NOT EXISTS rollup_contents
(
    space_id LowCardinality(String),
    content_id String,
    content_kind LowCardinality(String),
    campaign_id String,
    -- The local day of published_at; empty for a draft.
    published_on Nullable(Date),
    -- The local day of the first share at or after published_at.
    used_on Nullable(Date),
    -- Somebody shared it within 30 x 24 hours from published_at.
    cohort_shared Bool,
    -- Its `clicks` within the same time.
    cohort_clicks UInt64,
    generation UInt64,
    removed UInt8
)
ENGINE = ReplacingMergeTree(generation, removed)
ORDER BY (space_id, content_id);

-- What changed. Whoever stores clicks or facts adds a random number to the mark of what they touch, after ClickHouse
-- was seen to hold them and before forgetting them. A sum has no order: however marks arrive, twice or late, the sum
-- differs from the one that was seen before the last rebuild, and that is all that anybody asks.
--
-- `subject` click and share: `at` is the quarter of an hour (UTC) of the click or share, which lies in one local day of
-- any time zone. advocate and content: `at` is 1970, and an empty space stands for each, for what was removed.
CREATE TABLE IF NOT EXISTS rollup_marks
(
    space_id LowCardinality(String),
    subject Enum8('click' = 1, 'share' = 2, 'advocate' = 3, 'content' = 4),
    at DateTime('UTC'),
    mark SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (space_id, subject, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- How far the roll-ups are: what had been seen before the subject was computed last, under the generation that it was
-- computed with. click, share: the marks of the local `day`, and its time zone; 0 before its first row is written, so
-- that no day has rows and no note. month: the notes of its days.
-- advocate, content: without `id` the space's marks, with one the attributes that figures are split by. claim: the
-- last generation that was drawn.
CREATE TABLE IF NOT EXISTS rollup_done
(
    space_id LowCardinality(String),
    subject Enum8('click' = 1, 'share' = 2, 'advocate' = 3, 'content' = 4, 'month' = 5, 'claim' = 6),
    id String,
    day Date,
    seen UInt64,
    generation UInt64
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY (space_id, subject, id, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
