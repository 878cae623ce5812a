-- Imports and exports that run in the background. node: whose disk has the files (data_dir/transfers/<id>);
-- settings, report and details are JSON; report holds numbers only, details may name people.
CREATE TABLE transfers (
    id            BIGINT PRIMARY KEY,
    space_id      BIGINT NOT NULL REFERENCES spaces (id),
    kind          TEXT NOT NULL,
    node          TEXT NOT NULL,
    asked_by      TEXT NOT NULL,
    settings      TEXT NOT NULL,
    state         TEXT NOT NULL,
    attempts      BIGINT NOT NULL,
    done          BIGINT NOT NULL,
    total         BIGINT NOT NULL,
    report        TEXT,
    details       TEXT,
    problem       TEXT,
    -- Size of what came in or goes out, in bytes.
    bytes         BIGINT NOT NULL,
    has_files     BOOLEAN NOT NULL,
    created_at_ms BIGINT NOT NULL,
    started_at_ms BIGINT,
    ended_at_ms   BIGINT,
    -- Files and details go then.
    kept_until_ms BIGINT
);
CREATE INDEX transfers_of_space ON transfers (space_id, created_at_ms, id);
CREATE INDEX transfers_by_state ON transfers (state, created_at_ms);
