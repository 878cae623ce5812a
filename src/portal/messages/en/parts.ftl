# The frame of every page, notices, forms.

skip = Skip to content
areas = Parts of the portal
pages = Pages
trail = Path
foot = Runs on Relais. No cookie and no profile of those who read your links, and nothing is shared on its own.
area-share = Share

pager = More of the list
pager-previous = Previous
pager-next = Next

form-refused = A few fields need another look:
problem-required = Fill this in.
problem-invalid = This value does not have the expected form.
problem-too-long = This is too long.
problem-not-found = There is nothing of that name here.

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
notice-sign-in = Sign in
forbidden-title = This page is not for your role
forbidden-text = If you should see it, ask the person who administers this space.
malformed-title = This request is incomplete
malformed-text = Go back to the page, reload it and try again.
closed-title = This space is closed
closed-text = Nothing in it changes for now. The person who administers it can open it again.
conflict-title = This is not possible right now
conflict-text = Something changed in the meantime. Go back, reload the page and try again.
