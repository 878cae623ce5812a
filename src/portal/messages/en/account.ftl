# A person's account.

account-title = My account
account-who = You are signed in as { $who }.
account-role-advocate = You take part as an advocate.
account-role-marketing = You take part for marketing.
account-role-recruiter = You take part for recruiting.
account-role-admin = You administer this space.
account-sessions = Where you are signed in
account-since = Since { $when }
account-seen = Last used { $when }
account-this = This browser
account-end = Sign out there
account-out = Sign out
account-everywhere = Sign out everywhere

account-digest = Mails about what is new
account-digest-daily = On working days, when there is something new
account-digest-weekly = Once a week, when there is something new
account-digest-none = Never
account-save = Save
account-membership = Taking part
account-charter = Read the charter
account-leave = Leave the programme

flash-digest = Your choice is saved.
