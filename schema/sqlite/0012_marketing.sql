-- What is aimed at in a quarter, by the whole programme or by a team.

-- team_id 0: the whole programme, so that the key needs no NULL. quarter is 2026-Q1; target is a JSON number in the
-- KPI's unit.
CREATE TABLE objectives (
    space_id      INTEGER NOT NULL REFERENCES spaces (id),
    quarter       TEXT NOT NULL,
    team_id       INTEGER NOT NULL,
    kpi           TEXT NOT NULL,
    target        TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (space_id, quarter, team_id, kpi)
) STRICT, WITHOUT ROWID;
