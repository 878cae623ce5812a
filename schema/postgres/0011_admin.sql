-- How a space looks and how far its administrator is with setting it up, and who was invited.

-- accent is #rrggbb, logo the key of the space's row in logos.
ALTER TABLE spaces ADD COLUMN accent TEXT;
ALTER TABLE spaces ADD COLUMN logo TEXT;

-- Uploaded, at most one a space; served under its key like any picture.
CREATE TABLE logos (
    key           TEXT PRIMARY KEY,
    space_id      BIGINT NOT NULL UNIQUE REFERENCES spaces (id),
    media_type    TEXT NOT NULL,
    body          BYTEA NOT NULL,
    created_at_ms BIGINT NOT NULL
);

-- What was found the last time that somebody asked whether a host points here. Of a host that the space has no
-- more it says nothing.
CREATE TABLE host_checks (
    host          TEXT PRIMARY KEY,
    space_id      BIGINT NOT NULL REFERENCES spaces (id),
    outcome       TEXT NOT NULL,
    checked_at_ms BIGINT NOT NULL
);

-- Steps of the set-up that somebody looked at and left as they were; all else about it is computed.
CREATE TABLE settled_steps (
    space_id      BIGINT NOT NULL REFERENCES spaces (id),
    step          TEXT NOT NULL,
    settled_at_ms BIGINT NOT NULL,
    PRIMARY KEY (space_id, step)
);

-- Invitations that have not been handed to the mail server yet.
CREATE TABLE invitations (
    advocate_id BIGINT PRIMARY KEY,
    space_id    BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    due_at_ms   BIGINT NOT NULL,
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
);
CREATE INDEX invitations_by_due ON invitations (due_at_ms, advocate_id);
