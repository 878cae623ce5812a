-- What a click that came with a bundle has beyond a recorded one.
--
-- `advocate_key` is what the bundle called an advocate that the space does not have; `advocate_id` is
-- empty then. `clicked_at_form` says how the bundle wrote the time when that was not local time with
-- milliseconds where there are some: src/exchange/times.rs has the forms. Both are empty for what a
-- redirect recorded.
ALTER TABLE clicks ADD COLUMN IF NOT EXISTS advocate_key String DEFAULT '' CODEC(ZSTD(3));
ALTER TABLE clicks ADD COLUMN IF NOT EXISTS clicked_at_form LowCardinality(String) DEFAULT '' CODEC(ZSTD(3));
