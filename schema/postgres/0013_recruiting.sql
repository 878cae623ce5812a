-- By which door a fact of an application came in, and who told it, as the audit log calls people and programs.
ALTER TABLE referral_facts ADD COLUMN source TEXT NOT NULL DEFAULT 'api';
ALTER TABLE referral_facts ADD COLUMN told_by TEXT;
