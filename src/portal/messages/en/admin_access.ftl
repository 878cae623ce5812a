# Tokens and webhooks.

access-title = Access
access-tab-tokens = Tokens
access-tab-webhooks = Webhooks

tokens-title = Tokens
tokens-add = Make a token
tokens-lead = A program signs in with a token. It may never more than its role, and less if it was narrowed.
tokens-empty = No program has access
tokens-empty-next = Make a token for each program that reads or writes through the API: your website, your applicant system, a script.
tokens-made = Made on { $when }
tokens-used = last used { $when }
tokens-unused = never used
tokens-until = good until { $when }
tokens-expired = Expired
tokens-endless = Has no end
tokens-revoke = Take back
token-name = What is it for?
token-name-hint = So that somebody knows later whether it is still needed.
token-role = Role
token-role-hint = What the program may do at most.
token-advocate = On behalf of
token-advocate-hint = Only for the role Advocate: that person’s e-mail address.
token-scopes = Narrowed to
token-scopes-hint = Nothing ticked: everything that the role may.
token-life = Good for
token-life-hint = Afterwards it is refused; make a new one before.
token-days = { $count ->
    [one] one day
   *[other] { $count } days
 }
token-make = Make it
token-made-title = The token
token-made-once = It is shown this once. Copy it now to where the program keeps its secrets.
token-made-how = Programs send it in this header:
token-made-done = I have copied it
flash-token-revoked = Taken back: { $what }.
scope-read = Read everything that the role may see
scope-space = The space’s settings
scope-people = People and teams
scope-contents = Contents and campaigns
scope-links = Links and shares
scope-referrals = Applications and conversions
scope-webhooks = Webhooks
scope-exchange = Imports and exports
scope-tokens = Tokens
problem-advocate-id-required = Say on whose behalf: the role Advocate acts for one person.
problem-advocate-id-invalid = Only the role Advocate acts for somebody: leave this empty.
problem-advocate-id-not-found = Nobody here has this address.
problem-advocate-id-advocate-left = This person has left and gets no token.

webhooks-title = Webhooks
webhooks-add = Add a webhook
webhooks-empty = Nobody else is told
webhooks-empty-next = A webhook posts what happens here, a click or a step of an application, to a system of yours, signed, and again until it is taken.
webhook-url = Address
webhook-url-hint = https, and on the public internet.
webhook-events = What is told
webhook-made-title = The webhook is in place
webhook-made-once = Its secret is shown this once. Your system needs it to check each message’s signature.
webhook-secret = Secret
webhook-made-how = Each message carries a signature made with it. Send a test from the next page to see that it arrives.
webhook-made-done = I have copied it
webhook-change = Change it
webhook-test = Send a test
webhook-switch-off = Switch off
webhook-switch-on = Switch on
webhook-state-on = On
webhook-state-failing = Failing
webhook-state-off = Off
webhook-failures = { $count ->
    [one] The last attempt failed.
   *[other] The last { $count } attempts failed.
 }
webhook-off-by-hand = Somebody switched it off. What happens meanwhile waits for three days.
webhook-off-failing = It was switched off because nothing could be delivered for a day. Mend the receiver, then switch it on: what waits is sent.
flash-webhook-tested = A test is on its way: reload this page in a moment to see how it went.
flash-webhook-on = It is on, and what waited is sent.
flash-webhook-off = It is off.
event-link-created = A link is issued
event-share-created = Somebody shares
event-click-recorded = A person clicks
event-content-published = A content is published
event-application-any = Everything about applications
event-application-credited = An application is credited to somebody
event-application-started = An application is begun
event-application-applied = An application is sent
event-application-screened = An application was looked at
event-application-interview = There is an interview
event-application-offer = There is an offer
event-application-hired = Somebody is hired
event-application-probation-passed = The probation is over
event-application-rejected = An application is rejected
event-application-withdrawn = An application is withdrawn
problem-url-address-not-public = This address is not on the public internet.
problem-url-host-unknown = This name has no address: check its spelling.
problem-url-port-not-allowed = Use port 80 or 443.
problem-url-invalid = This is no address: it begins with https://.
problem-events-required = Tick at least one.

deliveries-title = Deliveries
deliveries-empty = Nothing has been sent yet. Send a test to see that your system answers.
deliveries-when = When
deliveries-event = Event
deliveries-state = State
deliveries-attempts = Attempts
deliveries-answer = Answer
deliveries-next = next { $when }
delivery-state-waiting = Waits
delivery-state-done = Delivered
delivery-state-failed = Given up
