-- What the programme knows. Ids are 63 random bits; instants are milliseconds since 1970 (UTC) in
-- columns named *_at_ms; local dates are YYYY-MM-DD in columns named *_on; lists are JSON arrays.
-- References between a space's things carry the space, so that none can point into another one.

CREATE TABLE spaces (
    id                  INTEGER PRIMARY KEY,
    slug                TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    time_zone           TEXT NOT NULL,
    working_week        TEXT NOT NULL,
    holidays            TEXT NOT NULL,
    email_domains       TEXT NOT NULL,
    destination_domains TEXT NOT NULL,
    click_rates         TEXT NOT NULL,
    utm_template        TEXT NOT NULL,
    fallback_url        TEXT,
    privacy_mode        TEXT NOT NULL,
    language            TEXT NOT NULL,
    -- Days after a click in which an application is credited to it.
    attribution_window_days INTEGER NOT NULL,
    similar_jobs        INTEGER NOT NULL,
    closed              INTEGER NOT NULL,
    created_at_ms       INTEGER NOT NULL,
    updated_at_ms       INTEGER NOT NULL
) STRICT;

-- A table of its own makes a host belong to one space.
CREATE TABLE space_hosts (
    host     TEXT PRIMARY KEY,
    space_id INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX space_hosts_by_space ON space_hosts (space_id, position);

CREATE TABLE teams (
    id            INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL REFERENCES spaces (id),
    parent_id     INTEGER,
    name          TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (space_id, id),
    UNIQUE (space_id, name),
    FOREIGN KEY (space_id, parent_id) REFERENCES teams (space_id, id)
) STRICT;
CREATE INDEX teams_in_order ON teams (space_id, created_at_ms, id);

-- email and name stay here: changes carry the other columns only.
CREATE TABLE advocates (
    id                     INTEGER PRIMARY KEY,
    space_id               INTEGER NOT NULL REFERENCES spaces (id),
    external_id            TEXT,
    email                  TEXT,
    name                   TEXT,
    kind                   TEXT NOT NULL,
    team_id                INTEGER,
    location               TEXT,
    language               TEXT,
    cohort                 TEXT,
    skills                 TEXT NOT NULL,
    invited_on             TEXT,
    registered_at_ms       INTEGER,
    left_on                TEXT,
    charter_accepted       INTEGER,
    charter_accepted_at_ms INTEGER,
    created_at_ms          INTEGER NOT NULL,
    updated_at_ms          INTEGER NOT NULL,
    UNIQUE (space_id, id),
    UNIQUE (space_id, email),
    UNIQUE (space_id, external_id),
    FOREIGN KEY (space_id, team_id) REFERENCES teams (space_id, id)
) STRICT;
CREATE INDEX advocates_in_order ON advocates (space_id, created_at_ms, id);

CREATE TABLE team_managers (
    team_id     INTEGER NOT NULL,
    advocate_id INTEGER NOT NULL,
    space_id    INTEGER NOT NULL,
    PRIMARY KEY (team_id, advocate_id),
    FOREIGN KEY (space_id, team_id) REFERENCES teams (space_id, id),
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE campaigns (
    id            INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL REFERENCES spaces (id),
    external_id   TEXT,
    name          TEXT NOT NULL,
    slug          TEXT NOT NULL,
    starts_on     TEXT,
    ends_on       TEXT,
    objective     TEXT,
    paused        INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    UNIQUE (space_id, id),
    UNIQUE (space_id, slug),
    UNIQUE (space_id, external_id)
) STRICT;
CREATE INDEX campaigns_in_order ON campaigns (space_id, created_at_ms, id);

-- similar_ids: the open jobs to send people to once a job is over, newest first; computed.
CREATE TABLE contents (
    id                 INTEGER PRIMARY KEY,
    space_id           INTEGER NOT NULL REFERENCES spaces (id),
    external_id        TEXT,
    kind               TEXT NOT NULL,
    title              TEXT NOT NULL,
    url                TEXT NOT NULL,
    summary            TEXT,
    image_url          TEXT,
    campaign_id        INTEGER,
    audience           TEXT NOT NULL,
    captions           TEXT NOT NULL,
    published_at_ms    INTEGER,
    expires_at_ms      INTEGER,
    closed_at_ms       INTEGER,
    fallback_url       TEXT,
    tracks_conversions INTEGER NOT NULL,
    forward_query      INTEGER NOT NULL,
    similar_ids        TEXT NOT NULL,
    created_at_ms      INTEGER NOT NULL,
    updated_at_ms      INTEGER NOT NULL,
    UNIQUE (space_id, id),
    UNIQUE (space_id, external_id),
    FOREIGN KEY (space_id, campaign_id) REFERENCES campaigns (space_id, id)
) STRICT;
CREATE INDEX contents_in_order ON contents (space_id, created_at_ms, id);
CREATE INDEX contents_by_publication ON contents (space_id, kind, published_at_ms, id);

-- advocate_id becomes NULL when the person is erased: the link keeps redirecting without it.
-- An advocate's links are found through the space's contents: an index of their own would cost a
-- third more for every link that is issued.
CREATE TABLE links (
    id            INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL,
    content_id    INTEGER NOT NULL,
    advocate_id   INTEGER,
    channel       TEXT NOT NULL,
    code          TEXT NOT NULL UNIQUE,
    disabled      INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (content_id, advocate_id, channel),
    FOREIGN KEY (space_id, content_id) REFERENCES contents (space_id, id),
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id)
) STRICT;
CREATE INDEX links_in_order ON links (space_id, created_at_ms, id);

-- advocate_id is NULL for somebody unknown (advocate_key holds what a bundle called them) or erased;
-- link_id for an imported share whose link was never issued.
CREATE TABLE shares (
    id            INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL,
    external_id   TEXT,
    content_id    INTEGER NOT NULL,
    advocate_id   INTEGER,
    advocate_key  TEXT,
    channel       TEXT NOT NULL,
    link_id       INTEGER REFERENCES links (id) ON DELETE SET NULL,
    source        TEXT NOT NULL,
    shared_at_ms  INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (space_id, external_id),
    FOREIGN KEY (space_id, content_id) REFERENCES contents (space_id, id),
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id)
) STRICT;
CREATE INDEX shares_in_order ON shares (space_id, created_at_ms, id);
CREATE INDEX shares_of_link ON shares (link_id, shared_at_ms);
CREATE INDEX shares_of_advocate ON shares (space_id, advocate_id, shared_at_ms);

CREATE TABLE sign_ins (
    advocate_id     INTEGER NOT NULL,
    signed_in_at_ms INTEGER NOT NULL,
    space_id        INTEGER NOT NULL,
    PRIMARY KEY (advocate_id, signed_in_at_ms),
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What the facts of one external_id add up to; reached is a JSON object of stage and instant.
CREATE TABLE applications (
    id            INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL REFERENCES spaces (id),
    external_id   TEXT NOT NULL,
    content_id    INTEGER,
    advocate_id   INTEGER,
    channel       TEXT,
    link_id       INTEGER,
    click_id      TEXT,
    clicked_at_ms INTEGER,
    reason        TEXT NOT NULL,
    stage         TEXT NOT NULL,
    reached       TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    UNIQUE (space_id, id),
    UNIQUE (space_id, external_id)
) STRICT;
CREATE INDEX applications_in_order ON applications (space_id, created_at_ms, id);

-- Facts are only ever added. The same message twice is one fact.
CREATE TABLE referral_facts (
    id             INTEGER PRIMARY KEY,
    space_id       INTEGER NOT NULL,
    application_id INTEGER NOT NULL,
    stage          TEXT NOT NULL,
    occurred_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    evidence       TEXT NOT NULL,
    click_id       TEXT,
    link_id        INTEGER,
    content_id     INTEGER,
    advocate_id    INTEGER,
    advocate_key   TEXT,
    channel        TEXT,
    FOREIGN KEY (space_id, application_id) REFERENCES applications (space_id, id)
) STRICT;
CREATE INDEX referral_facts_of_application ON referral_facts (application_id, occurred_at_ms);

-- hash is SHA-256 of the whole token; the token itself is nowhere. scopes is a JSON array, NULL for
-- all that the role may.
CREATE TABLE tokens (
    id              INTEGER PRIMARY KEY,
    space_id        INTEGER NOT NULL REFERENCES spaces (id),
    role            TEXT NOT NULL,
    name            TEXT NOT NULL,
    scopes          TEXT,
    advocate_id     INTEGER,
    hash            BLOB NOT NULL UNIQUE,
    created_at_ms   INTEGER NOT NULL,
    expires_at_ms   INTEGER,
    last_used_at_ms INTEGER,
    revoked_at_ms   INTEGER,
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX tokens_in_order ON tokens (space_id, created_at_ms, id);

CREATE TABLE idempotency_keys (
    token_id      INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    key           TEXT NOT NULL,
    space_id      INTEGER NOT NULL REFERENCES spaces (id),
    request_hash  BLOB NOT NULL,
    status        INTEGER NOT NULL,
    answer        TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at_ms);

-- The outbox and the change feed in one: written in the transaction that it tells of.
CREATE TABLE changes (
    seq       INTEGER PRIMARY KEY,
    space_id  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    payload   TEXT NOT NULL,
    at_ms     INTEGER NOT NULL
) STRICT;

-- One row: the newest number, which outlives the pruning of old changes.
CREATE TABLE feed (
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO feed (seq) VALUES (0);

CREATE TABLE consumers (
    name       TEXT PRIMARY KEY,
    seq        INTEGER NOT NULL,
    read_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
