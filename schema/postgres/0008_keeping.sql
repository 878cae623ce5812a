-- Who asked to be forgotten. The random key names nobody any more; names are digests (SHA-256 of salt and name, in
-- lower-case hexadecimal), by which a bundle or a backup that brings the person back is recognised. request is what
-- the asker calls it, found a JSON object of places and counts; done_at_ms is NULL while ClickHouse and files are not
-- dealt with, lease_until_ms the end of whoever deals with them.
CREATE TABLE erasures (
    advocate_id    BIGINT PRIMARY KEY,
    space_id       BIGINT NOT NULL REFERENCES spaces (id),
    asked_at_ms    BIGINT NOT NULL,
    actor          TEXT NOT NULL,
    request        TEXT NOT NULL,
    salt           TEXT NOT NULL,
    key_digest     TEXT NOT NULL,
    email_digest   TEXT NOT NULL,
    found          TEXT NOT NULL,
    done_at_ms     BIGINT,
    lease_until_ms BIGINT
);
CREATE INDEX erasures_of_space ON erasures (space_id);
CREATE INDEX erasures_waiting ON erasures (asked_at_ms) WHERE done_at_ms IS NULL;

-- Old sign-ins go.
CREATE INDEX sign_ins_by_age ON sign_ins (signed_in_at_ms);
