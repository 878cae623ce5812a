-- Why the last visit to a feed failed, as a stable word: people read it in their own language.
ALTER TABLE content_feeds ADD COLUMN error_code TEXT;
