-- Applications whose credit waits for the click log.
CREATE INDEX applications_pending ON applications (id) WHERE reason = 'pending';
