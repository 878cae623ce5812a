-- What proposes contents, what it proposed, and the pictures that Relais serves itself.

-- found_at is where the feed was, when url is a page that names it. A feed is due at next_at_ms; whoever visits it pushes that into the future first, so that no
-- other node does.
CREATE TABLE content_feeds (
    id               INTEGER PRIMARY KEY,
    space_id         INTEGER NOT NULL REFERENCES spaces (id),
    url              TEXT NOT NULL,
    kind             TEXT NOT NULL,
    content_kind     TEXT NOT NULL,
    campaign_id      INTEGER,
    publish          TEXT NOT NULL,
    audience         TEXT NOT NULL,
    interval_minutes INTEGER NOT NULL,
    close_missing    INTEGER NOT NULL,
    paused           INTEGER NOT NULL,
    title            TEXT,
    found_at         TEXT,
    status           TEXT NOT NULL,
    error            TEXT,
    failures         INTEGER NOT NULL,
    found            INTEGER NOT NULL,
    fetched_at_ms    INTEGER,
    succeeded_at_ms  INTEGER,
    next_at_ms       INTEGER NOT NULL,
    etag             TEXT,
    last_modified    TEXT,
    created_at_ms    INTEGER NOT NULL,
    updated_at_ms    INTEGER NOT NULL,
    UNIQUE (space_id, id),
    UNIQUE (space_id, url),
    FOREIGN KEY (space_id, campaign_id) REFERENCES campaigns (space_id, id)
) STRICT;
CREATE INDEX content_feeds_in_order ON content_feeds (space_id, created_at_ms, id);
CREATE INDEX content_feeds_due ON content_feeds (next_at_ms) WHERE NOT paused;

-- key is the entry's own among those of its feed; address is its address in the form in which two
-- are compared; draft is what it says of itself (JSON); content_id is what it became, or what the
-- space had already.
CREATE TABLE feed_items (
    id               INTEGER PRIMARY KEY,
    space_id         INTEGER NOT NULL,
    feed_id          INTEGER NOT NULL,
    key              TEXT NOT NULL,
    address          TEXT NOT NULL,
    draft            TEXT NOT NULL,
    state            TEXT NOT NULL,
    content_id       INTEGER,
    missed           INTEGER NOT NULL,
    closed_at_ms     INTEGER,
    first_seen_at_ms INTEGER NOT NULL,
    seen_at_ms       INTEGER NOT NULL,
    decided_at_ms    INTEGER,
    UNIQUE (space_id, id),
    UNIQUE (feed_id, key),
    FOREIGN KEY (space_id, feed_id) REFERENCES content_feeds (space_id, id) ON DELETE CASCADE,
    FOREIGN KEY (space_id, content_id) REFERENCES contents (space_id, id)
) STRICT;
CREATE INDEX feed_items_in_order ON feed_items (space_id, first_seen_at_ms, id);
CREATE INDEX feed_items_by_state ON feed_items (space_id, state, first_seen_at_ms, id);
CREATE INDEX feed_items_by_address ON feed_items (space_id, address);

-- Whether the space has an address already.
CREATE INDEX contents_by_url ON contents (space_id, url);
-- Whether a picture is still somebody's.
CREATE INDEX contents_by_picture ON contents (space_id, image_url) WHERE image_url IS NOT NULL;

-- key is made of space and url; media_type and body come with the fetch; an attempt that failed is
-- repeated at next_at_ms, which is NULL once there is nothing more to do.
CREATE TABLE pictures (
    key           TEXT PRIMARY KEY,
    space_id      INTEGER NOT NULL REFERENCES spaces (id),
    url           TEXT NOT NULL,
    media_type    TEXT,
    body          BLOB,
    bytes         INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    error         TEXT,
    next_at_ms    INTEGER,
    created_at_ms INTEGER NOT NULL,
    fetched_at_ms INTEGER
) STRICT;
CREATE INDEX pictures_due ON pictures (next_at_ms) WHERE next_at_ms IS NOT NULL;
CREATE INDEX pictures_by_space ON pictures (space_id, bytes);
