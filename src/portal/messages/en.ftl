# Pages of signing in and out.

sign-in-title = Sign in
sign-in-space = You sign in to { $space }.
sign-in-which = Name of your space
sign-in-email = Your e-mail address
sign-in-send = Send me a code
sign-in-provider = Continue with { $provider }
sign-in-bad-email = This is no e-mail address: check it and try again.
sign-in-bad-space = There is no space of this name: check it, or ask whoever invited you.

code-title = Look into your mail
code-sent = If this address may sign in, a mail with a code is on its way. Keep this page open and type the code here.
code-label = Code
code-button = Sign in
code-wrong = This code is not valid (any more). Check it, or ask for a new one.
code-again = Ask for a new code

link-button = Sign in
away-title = One moment
away-go = Continue to your company’s sign-in

over-title = This link is over
over-text = It was used already, or it is too old. Ask for a new one.
elsewhere-title = Another browser asked for this link
elsewhere-text = Open the link in the browser in which you asked for it, or type the code from the same mail there.
provider-title = You could not be signed in
provider-text = Your company’s sign-in did not let you in here. Try again, sign in by mail, or ask whoever runs the programme.
refused-title = This request was not made on a page of this site
refused-text = Go back to the page, reload it and try again.
slow-title = Too many attempts
slow-text = Too many attempts came from your network. Please try again in a minute.
missing-title = There is nothing here
missing-text = The address may have been mistyped.
failed-title = Something failed
failed-text = It has been logged. Please try again in a moment.
notice-back = To the first page

home-who = You are signed in as { $who }.
home-role-advocate = You take part as an advocate.
home-role-marketing = You take part as marketing.
home-role-recruiter = You take part as a recruiter.
home-role-admin = You take part as an administrator.
home-sessions = Where you are signed in
home-since = Since
home-seen = Last used
home-this = This browser
home-end = Sign out there
home-out = Sign out
home-everywhere = Sign out everywhere
