# Mails. Plain sentences: the same texts stand in the plain and in the HTML part.

sign-in-subject = { $code } is your code for { $space }
sign-in-greeting = Hello,
sign-in-code = This code signs you in to { $space }:
sign-in-link = Or open this address in the browser in which you asked:
sign-in-button = Sign in
sign-in-limits = The code and the address work once, for { $minutes } minutes.
sign-in-not-you = If you did not ask for it, do nothing: nobody can sign in without this mail. Never pass the code on; nobody of { $space } will ask you for it.

invitation-subject = { $space } invites you to share its news
invitation-greeting = Hello { $name },
invitation-lead = { $space } proposes articles, jobs and videos that you can share on your own networks, with a personal link for each. You choose what you share, where, and whether you share at all.
invitation-how = To have a look, open this address and ask for a code with the address that this mail was sent to:
invitation-button = Have a look
invitation-free = Taking part is voluntary and you can leave at any time. Nobody sees a list of those who did not share, and no account of a network is ever connected.

digest-subject =
    { $count ->
        [one] New at { $space }: { $title }
       *[other] { $count } new things to share at { $space }
    }
digest-lead = { $space } proposes something new to share, if you like:
digest-all = See everything
digest-why = You get this mail because you asked for it.
digest-stop = No more of these mails
