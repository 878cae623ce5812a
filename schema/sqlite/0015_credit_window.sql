-- How many days before `applied` a click could lie when a credit was decided: the setting may change afterwards.
ALTER TABLE applications ADD COLUMN window_days INTEGER;
