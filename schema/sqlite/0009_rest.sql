-- Imports and exports that run in the background. node: whose disk has the files (data_dir/transfers/<id>);
-- settings, report and details are JSON; report holds numbers only, details may name people.
CREATE TABLE transfers (
    id            INTEGER PRIMARY KEY,
    space_id      INTEGER NOT NULL REFERENCES spaces (id),
    kind          TEXT NOT NULL,
    node          TEXT NOT NULL,
    asked_by      TEXT NOT NULL,
    settings      TEXT NOT NULL,
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL,
    done          INTEGER NOT NULL,
    total         INTEGER NOT NULL,
    report        TEXT,
    details       TEXT,
    problem       TEXT,
    -- Size of what came in or goes out, in bytes.
    bytes         INTEGER NOT NULL,
    has_files     INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    started_at_ms INTEGER,
    ended_at_ms   INTEGER,
    -- Files and details go then.
    kept_until_ms INTEGER
) STRICT;
CREATE INDEX transfers_of_space ON transfers (space_id, created_at_ms, id);
CREATE INDEX transfers_by_state ON transfers (state, created_at_ms);
