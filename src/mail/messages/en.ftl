# Mails. Plain sentences: the same texts stand in the plain and in the HTML part.

sign-in-subject = { $code } is your code for { $space }
sign-in-greeting = Hello,
sign-in-code = This code signs you in to { $space }:
sign-in-link = Or open this address in the browser in which you asked:
sign-in-button = Sign in
sign-in-limits = The code and the address work once, for { $minutes } minutes.
sign-in-not-you = If you did not ask for it, do nothing: nobody can sign in without this mail. Never pass the code on; nobody of { $space } will ask you for it.
