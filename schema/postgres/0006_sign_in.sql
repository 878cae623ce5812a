-- People at a browser: their roles, sessions, ways in, the mails that wait, and who changed what.

-- No row: an advocate and nothing more.
CREATE TABLE members (
    advocate_id   BIGINT PRIMARY KEY,
    space_id      BIGINT NOT NULL,
    role          TEXT NOT NULL,
    changed_at_ms BIGINT NOT NULL,
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
);
CREATE INDEX members_of_space ON members (space_id, advocate_id);

-- hash is SHA-256 of the cookie's secret. A session that is over has no row.
CREATE TABLE sessions (
    id            BIGINT PRIMARY KEY,
    space_id      BIGINT NOT NULL,
    advocate_id   BIGINT NOT NULL,
    hash          BYTEA NOT NULL UNIQUE,
    created_at_ms BIGINT NOT NULL,
    seen_at_ms    BIGINT NOT NULL,
    ends_at_ms    BIGINT NOT NULL,
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_of_advocate ON sessions (space_id, advocate_id);
CREATE INDEX sessions_by_end ON sessions (ends_at_ms);

-- One asking to sign in. email for a mail, advocate_id for a printed address; browser is SHA-256 of
-- the asking browser's secret, NULL for a printed address; code and link are digests, NULL until the
-- mail is made.
CREATE TABLE challenges (
    id            BIGINT PRIMARY KEY,
    space_id      BIGINT NOT NULL REFERENCES spaces (id),
    email         TEXT,
    advocate_id   BIGINT,
    browser       BYTEA,
    code          BYTEA,
    link          BYTEA UNIQUE,
    next          TEXT NOT NULL,
    attempts      BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    ends_at_ms    BIGINT NOT NULL,
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
);
CREATE INDEX challenges_of_browser ON challenges (browser);
CREATE INDEX challenges_of_email ON challenges (space_id, email, created_at_ms);
CREATE INDEX challenges_by_end ON challenges (ends_at_ms);

-- Mails that have not been handed over yet. They hold no secret: the code is drawn when the mail is made.
CREATE TABLE mails (
    id            BIGINT PRIMARY KEY,
    space_id      BIGINT NOT NULL REFERENCES spaces (id),
    challenge_id  BIGINT NOT NULL REFERENCES challenges (id) ON DELETE CASCADE,
    language      TEXT NOT NULL,
    attempts      BIGINT NOT NULL,
    due_at_ms     BIGINT NOT NULL
);
CREATE INDEX mails_by_due ON mails (due_at_ms, id);

-- A sign-in that is at the identity provider; state is a digest.
CREATE TABLE oidc_requests (
    state      BYTEA PRIMARY KEY,
    space_id   BIGINT NOT NULL REFERENCES spaces (id),
    browser    BYTEA NOT NULL,
    next       TEXT NOT NULL,
    ends_at_ms BIGINT NOT NULL
);
CREATE INDEX oidc_requests_by_end ON oidc_requests (ends_at_ms);

-- Who somebody of an identity provider is here: one advocate per space, one subject per advocate.
CREATE TABLE identities (
    space_id     BIGINT NOT NULL,
    issuer       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    advocate_id  BIGINT NOT NULL,
    linked_at_ms BIGINT NOT NULL,
    PRIMARY KEY (space_id, issuer, subject),
    UNIQUE (space_id, issuer, advocate_id),
    FOREIGN KEY (space_id, advocate_id) REFERENCES advocates (space_id, id) ON DELETE CASCADE
);

-- Rows are added, never changed; retention removes whole old rows. details is a JSON object without
-- secrets, names or addresses.
CREATE TABLE audit_log (
    id       BIGINT PRIMARY KEY,
    space_id BIGINT NOT NULL REFERENCES spaces (id),
    at_ms    BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,
    details  TEXT NOT NULL
);
CREATE INDEX audit_log_in_order ON audit_log (space_id, at_ms, id);
CREATE INDEX audit_log_by_age ON audit_log (at_ms);
CREATE FUNCTION audit_log_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$;
CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_is_never_changed();

-- As in step 1, but token_id may be a session's id too.
DROP TABLE idempotency_keys;
CREATE TABLE idempotency_keys (
    token_id      BIGINT NOT NULL,
    key           TEXT NOT NULL,
    space_id      BIGINT NOT NULL REFERENCES spaces (id),
    request_hash  BYTEA NOT NULL,
    status        BIGINT NOT NULL,
    answer        TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at_ms);
