# Pages for people who are not signed in, and what they told.

stop-title = No more mails?
stop-text = You will get no more mails about what is new. You can choose them again in your account.
stop-do = Stop the mails
stopped-title = The mails are stopped
stopped-text = You get no more mails about what is new.
stopped-account = To my account

report-title = Report a link
report-lead = Tell { $space } what is wrong. Nothing is kept of who you are.
report-code = The link’s code
report-code-hint = What stands behind the last slash of the link.
report-reason = What is wrong?
report-harmful = It leads to something that deceives or harms
report-unwanted = I was sent it and did not want it
report-misleading = It leads to something else than it says
report-other = Something else
report-note = What else should we know?
report-note-hint = Optional. Please write nothing about yourself.
report-send = Report the link
reported-title = Thank you
reported-text = Those who run the programme will look at it.

reports-title = Reported links
reports-lead = What people who were sent a link told about it. Nothing is known of them.
reports-empty-title = Nothing was reported
reports-empty = When somebody reports a link of this space, it appears here.
reports-disable = Switch the link off
reports-close = Leave it, it is fine
flash-report-disabled = The link is off: its visitors get the fallback.
flash-report-closed = The reports are closed.
