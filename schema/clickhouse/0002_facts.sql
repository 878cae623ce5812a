-- What the control plane knows, as far as figures need it: no name of a person, no address.
--
-- Each row carries the number of the change that it came with; the highest wins, so a row may be sent
-- again, and a reader with FINAL sees how things stand. An id belongs to one thing for ever, so it alone
-- is the key: of what is removed the program knows nothing else. Dates are local to the space.
CREATE TABLE IF NOT EXISTS spaces
(
    space_id String,
    slug String,
    name String,
    time_zone String,
    working_week Array(UInt8),
    holidays Array(Date32),
    click_rates String,
    privacy_mode LowCardinality(String),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY space_id;

CREATE TABLE IF NOT EXISTS teams
(
    team_id String,
    space_id LowCardinality(String),
    parent_id String,
    name String,
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY team_id;

CREATE TABLE IF NOT EXISTS advocates
(
    advocate_id String,
    space_id LowCardinality(String),
    external_id String,
    kind LowCardinality(String),
    team_id String,
    location LowCardinality(String),
    language LowCardinality(String),
    cohort LowCardinality(String),
    invited_on Nullable(Date32),
    registered_at Nullable(DateTime64(3, 'UTC')),
    left_on Nullable(Date32),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY advocate_id;

CREATE TABLE IF NOT EXISTS campaigns
(
    campaign_id String,
    space_id LowCardinality(String),
    external_id String,
    name String,
    slug String,
    starts_on Nullable(Date32),
    ends_on Nullable(Date32),
    objective String,
    paused Bool,
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY campaign_id;

CREATE TABLE IF NOT EXISTS contents
(
    content_id String,
    space_id LowCardinality(String),
    external_id String,
    kind LowCardinality(String),
    title String,
    url String,
    campaign_id String,
    published_at Nullable(DateTime64(3, 'UTC')),
    expires_at Nullable(DateTime64(3, 'UTC')),
    closed_at Nullable(DateTime64(3, 'UTC')),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY content_id;

CREATE TABLE IF NOT EXISTS links
(
    link_id String,
    space_id LowCardinality(String),
    content_id LowCardinality(String),
    advocate_id String,
    channel LowCardinality(String),
    code String,
    disabled Bool,
    created_at DateTime64(3, 'UTC'),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY link_id;

CREATE TABLE IF NOT EXISTS shares
(
    share_id String,
    space_id LowCardinality(String),
    external_id String,
    content_id LowCardinality(String),
    advocate_id String,
    channel LowCardinality(String),
    link_id String,
    source LowCardinality(String),
    shared_at DateTime64(3, 'UTC'),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY share_id;

CREATE TABLE IF NOT EXISTS sign_ins
(
    space_id LowCardinality(String),
    advocate_id String,
    signed_in_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY (advocate_id, signed_in_at);

CREATE TABLE IF NOT EXISTS applications
(
    application_id String,
    space_id LowCardinality(String),
    external_id String,
    content_id String,
    advocate_id String,
    channel LowCardinality(String),
    link_id String,
    click_id String,
    clicked_at Nullable(DateTime64(3, 'UTC')),
    reason LowCardinality(String),
    stage LowCardinality(String),
    reached Map(LowCardinality(String), DateTime64(3, 'UTC')),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY application_id;
