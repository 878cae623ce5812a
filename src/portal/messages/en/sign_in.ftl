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
