-- What people agree to, what they want to be told, and what strangers tell of a link.

-- texts is a JSON object of language and text. A version is never changed: a change is a new one.
CREATE TABLE charters (
    space_id        INTEGER NOT NULL REFERENCES spaces (id),
    version         INTEGER NOT NULL,
    texts           TEXT NOT NULL,
    published_at_ms INTEGER NOT NULL,
    PRIMARY KEY (space_id, version)
) STRICT, WITHOUT ROWID;

-- Who wants a mail of what is new, and how often; no row: nobody asked for one. told_until_ms: what was published
-- until then was told. stop is what the mails' address for stopping them carries.
CREATE TABLE digests (
    advocate_id   INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL,
    frequency     TEXT NOT NULL,
    stop          TEXT NOT NULL UNIQUE,
    told_until_ms INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    due_at_ms     INTEGER NOT NULL,
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX digests_by_due ON digests (due_at_ms, advocate_id);

-- Nothing is known of whoever reported. state: open, closed.
CREATE TABLE link_reports (
    id            INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL,
    link_id       INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    reason        TEXT NOT NULL,
    note          TEXT,
    state         TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (space_id, id)
) STRICT;
CREATE INDEX link_reports_in_order ON link_reports (space_id, created_at_ms, id);
CREATE INDEX link_reports_of_link ON link_reports (link_id);

-- Who left of its own will, on the day that stands as left_on: signing in again is coming back. An end that somebody
-- else set has another day or no row here.
CREATE TABLE leavers (
    advocate_id INTEGER PRIMARY KEY,
    space_id    INTEGER NOT NULL,
    left_on     TEXT NOT NULL,
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
) STRICT;
