-- What came of clicks: one row for each stage that an application reached, with the click that it is credited to.
--
-- A view, because the latest version of an application holds all of it: a stage that is told late, twice or corrected
-- changes that row, and this follows. `click_id` is empty where nobody's click led there; `advocate_id` is then that of
-- whom the report itself named, or empty.
CREATE OR REPLACE VIEW conversions AS
SELECT
    application_id,
    space_id,
    external_id,
    content_id,
    advocate_id,
    channel,
    link_id,
    click_id,
    clicked_at,
    told.1 AS stage,
    told.2 AS occurred_at
FROM applications FINAL
ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS told
WHERE NOT removed;
