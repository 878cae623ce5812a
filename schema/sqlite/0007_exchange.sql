-- How a bundle wrote a value that Relais writes otherwise (a time with another offset, an address in
-- capitals), so that an export gives it back as it came. A row counts only while `kept` is what stands.
CREATE TABLE written (
    entity_id INTEGER NOT NULL,
    field     TEXT NOT NULL,
    kept      TEXT NOT NULL,
    space_id  INTEGER NOT NULL REFERENCES spaces (id),
    written   TEXT NOT NULL,
    PRIMARY KEY (entity_id, field, kept)
) STRICT, WITHOUT ROWID;

-- One import a space at a time: whoever holds the lease. A holder that died loses it at until_ms.
CREATE TABLE import_leases (
    space_id INTEGER PRIMARY KEY REFERENCES spaces (id),
    holder   INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
) STRICT;
