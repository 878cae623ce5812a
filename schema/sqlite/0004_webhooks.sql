-- Who is told of what happens. The secret signs what is sent, so it is kept as it is. state: on, off.
CREATE TABLE webhooks (
    id               INTEGER PRIMARY KEY,
    space_id         INTEGER NOT NULL REFERENCES spaces (id),
    url              TEXT NOT NULL,
    events           TEXT NOT NULL,
    secret           TEXT NOT NULL,
    state            TEXT NOT NULL,
    off_reason       TEXT,
    failures         INTEGER NOT NULL,
    failing_since_ms INTEGER,
    created_at_ms    INTEGER NOT NULL,
    updated_at_ms    INTEGER NOT NULL,
    UNIQUE (space_id, id)
) STRICT;
CREATE INDEX webhooks_in_order ON webhooks (space_id, created_at_ms, id);

-- One event on its way to one webhook. due_at_ms is NULL once it is over; while somebody sends it, it is the end of
-- that lease. state: waiting, done, failed.
CREATE TABLE webhook_deliveries (
    id             INTEGER PRIMARY KEY,
    webhook_id     INTEGER NOT NULL,
    space_id       INTEGER NOT NULL,
    event_id       INTEGER NOT NULL,
    event          TEXT NOT NULL,
    body           TEXT NOT NULL,
    state          TEXT NOT NULL,
    due_at_ms      INTEGER,
    attempts       INTEGER NOT NULL,
    status         INTEGER,
    error          TEXT,
    duration_ms    INTEGER,
    finished_at_ms INTEGER,
    created_at_ms  INTEGER NOT NULL,
    UNIQUE (webhook_id, event_id),
    FOREIGN KEY (space_id, webhook_id) REFERENCES webhooks (space_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, due_at_ms, id) WHERE due_at_ms IS NOT NULL;
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook_id, created_at_ms, id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at_ms);

-- What was told of a content or an application (a JSON array of words), so that a later change of it tells only
-- what is new; due_at_ms is the instant of a publication that is still to come.
CREATE TABLE webhook_told (
    entity_id INTEGER PRIMARY KEY,
    space_id  INTEGER NOT NULL,
    told      TEXT NOT NULL,
    due_at_ms INTEGER
) STRICT;
CREATE INDEX webhook_told_due ON webhook_told (due_at_ms) WHERE due_at_ms IS NOT NULL;

-- Which records of a segment were told as clicks: a JSON array of [first, end) pairs. Segments are nobody's, so
-- there is no space here.
CREATE TABLE webhook_clicks (
    spool_id   TEXT NOT NULL,
    lane       INTEGER NOT NULL,
    segment    TEXT NOT NULL,
    told       TEXT NOT NULL,
    told_at_ms INTEGER NOT NULL,
    PRIMARY KEY (spool_id, lane, segment)
) STRICT, WITHOUT ROWID;
