# The recruiter's pages: jobs, applications by stage, receipts.

area-recruiting = Recruiting
recruiting-nav-jobs = Jobs
recruiting-nav-referrals = Referrals
recruiting-nav-rule = Rule
recruiting-nav-connect = Connect

jobs-title = Jobs
jobs-publish = Publish a job
jobs-search = Title or key
jobs-filter-state = State
jobs-any = All
jobs-state-open = Open
jobs-state-coming = Not published yet
jobs-state-over = Closed
jobs-find = Search
jobs-clear = Show all
jobs-count = { $count ->
    [one] One job
   *[other] { $count } jobs
  }
jobs-none-found = No job fits
jobs-none-found-next = Try another word or another state.
jobs-empty = No jobs yet
jobs-empty-next = Jobs that are published by hand or come by a feed stand here, with what sharing brings them.
jobs-away = Shares and clicks cannot be had at the moment; applications can. Try again in a minute.
jobs-see = See the job
jobs-sharers = people shared
jobs-clicks = clicks
jobs-applications = applications
job-open = Open
job-scheduled = Scheduled
job-draft = Draft
job-closed = Closed

board-title = Referrals
board-new = Add one
board-list = Upload a list
board-search = Applicant system’s id
board-job = Job
board-stage = Stage
board-period = Something happened
board-any-job = All jobs
board-any-stage = All stages
board-any-time = At any time
board-days = { $days ->
    [365] In the last year
   *[other] In the last { $days } days
  }
board-find = Show
board-clear = Show all
board-count = { $count ->
    [0] No application
    [one] One application
   *[other] { $count } applications
  }
board-show-names = Show who referred
board-hide-names = Hide who referred
board-names-logged = Each look at names is noted in the log.
board-none-found = No application fits
board-none-found-next = Try other filters, or show all.
board-empty = No applications yet
board-empty-next = As soon as somebody who followed a colleague’s link applies, the applicant system tells it and it stands here.
board-connect = Connect the applicant system
board-since = { $days ->
    [0] since today
    [one] since yesterday
   *[other] for { $days } days
  }
board-credited = Credited
board-open = Not decided yet
board-nobody = Nobody’s
board-move = Move on
board-move-to = New stage
board-move-do = Move
board-more = See all { $count }
flash-stage-told = Noted: { $what }.
flash-stage-noted = Noted. It still stands at “{ $what }”, which was reached later.
flash-application-noted = The application is noted. Who is credited is decided in a few seconds.
flash-list-taken = Done. Lines taken: { $what }.

hand-title = Add an application
hand-lead = For what the applicant system does not tell by itself.
hand-external-id = Applicant system’s id
hand-external-id-hint = The opaque id of the application there. Never a name, never an address.
hand-job = Job
hand-unknown-job = As the link says
hand-trace = Link or click, if you know it
hand-trace-hint = The code or the address of the personal link, or the click’s id (rid). Without it nobody is credited.
hand-stage = Stage
hand-when = When
hand-do = Add
hand-cancel = Cancel
problem-external-id-personal-data = This looks like a person’s name or e-mail address. Relais takes nothing of a candidate’s: use the applicant system’s own id.
problem-trace-invalid = Expected the code or the address of a link, or the id of a click.
problem-trace-not-found = This space has no such link: check the code.
problem-content-id-other-job = The link leads to another content: choose that job, or leave it open.
problem-occurred-at-invalid = Expected a date or a time, such as 2026-03-02 or 2026-03-02T09:30, at most a day ahead.

receipt-to-person = Credited to { $who }
receipt-to-somebody = Credited to a colleague
receipt-open = Not decided yet
receipt-to-nobody = Credited to nobody
receipt-somebody = somebody who is no longer here
receipt-rule = The rule: the last click by a person on a colleague’s link to this job counts, if it is at most { $days ->
    [one] one day
   *[other] { $days } days
  } older than the application; without one, a referral that was declared.
receipt-decided-for = The application counts from { $when }.
receipt-chain = From the click to here
receipt-click = Click that counts
receipt-click-other = Click that does not count
receipt-where = Shared on { $where }
receipt-to = To “{ $what }”
receipt-class-human = By a person
receipt-class-preview = A network’s preview, no person
receipt-class-bot = A robot, no person
receipt-class-scanner = A mail or link scanner, no person
receipt-class-prefetch = A browser’s fetch ahead of time, no person
receipt-class-head = A technical check, no person
receipt-class-self = The advocate’s own test
receipt-answer-fallback = Not sent on to the job: it was over, paused, or the link was disabled
receipt-answer-gone = Not sent on to the job: it was over, paused, or the link was disabled
receipt-answer-card = A preview card was shown
receipt-told-api = Told over the API
receipt-told-page = Told by hand
receipt-told-list = Told by a list
receipt-told-bundle = Imported
receipt-heard = heard on { $when }
receipt-evidence-click = It named a click
receipt-evidence-link = It named a link
receipt-evidence-declared = Somebody said so
receipt-evidence-import = It came with earlier data
receipt-declared = Said of { $who }
receipt-go-on = The next stage
receipt-tell = Note it
receipt-tell-hint = Stages are only ever added: what was noted stays.
receipt-number = Receipt
receipt-issued = Issued
receipt-space = Programme
receipt-privacy = Relais knows neither who clicked nor who applied: the applicant system alone does.
receipt-print = Print

credit-last-click = The last click by a person within the window before the application was on this colleague’s link.
credit-declared = No click qualifies. The referral was declared for this colleague.
credit-imported = The application was imported with this colleague.
credit-pending = The click log is being asked. This takes seconds, and at most a day after the last message.
credit-not-applied = The credit is decided when the application is handed in.
credit-no-evidence = Nothing that was told names a click, a link or a colleague.
credit-unknown-click = There is no click with the id that was told: it may be mistyped, or older than what is kept.
credit-no-click = No person clicked on the link within the window before the application: no click, robots only, a disabled link, or one that came too late.
credit-not-human = The click was not made by a person: a robot, a preview, or the colleague’s own test.
credit-not-content = The click was not sent on to the job: the job was over or paused, or the link was disabled.
credit-other-content = The click was on a link to something else than this job.
credit-after-applied = The click came after the application.
credit-outside-window = The click is older than the window allows.
credit-no-advocate = The link belongs to nobody any more: whoever shared it had left, or was erased on request.

list-title = Upload a list of stages
list-lead = Nothing changes yet: you first see what the list would do.
list-file = The list
list-file-hint = A CSV file, one stage a line, 1 MB and { $count } lines at most.
list-look = See what changes
list-columns = What stands in it
list-columns-lead = These columns and no other: a list with names or addresses is refused.
list-explains-external-id = The applicant system’s opaque id of the application
list-explains-stage = started, applied, screened, interview, offer, hired, probation_passed, rejected, withdrawn; or as the board calls them
list-explains-occurred-at = A date or a time; without an offset, where the space is
list-explains-trace = Optional: the link’s code or address, or the click’s id
list-column-external-id = Id
list-column-stage = Stage
list-column-occurred-at = When
list-column-trace = Link or click
list-or = Better than lists:
list-or-connect = the applicant system tells each stage by itself.
list-would = What would change
list-moved = go on
list-added = new
list-known = known already
list-foreign = not from here
list-foreign-why = Applications that are not known here and name no link are left out: nobody referred them.
list-bad = unreadable
list-nothing = There is nothing to change.
list-again = Upload another list
list-confirm = Do it
list-confirm-good = Do it without the unreadable lines
list-bad-title = Unreadable lines
list-line = Line
list-what = What
list-reason = Reason
list-changes = The first changes
list-new = New
list-at-line = line { $line }
problem-file-too-large = The list is too large: 1 MB and 2,000 lines at most. Send it in parts.
problem-file-required = Choose a file that is not empty.
problem-file-invalid = This is no CSV file that can be read: in your spreadsheet, choose “Save as”, then “CSV UTF-8”.
problem-file-no-column = A column is missing: external_id, stage and occurred_at must be there.
problem-file-unknown-column = A column is none of those below. Take it out and send the list again.
problem-file-personal-data = A column describes candidates (a name, an address…). Relais takes nothing of the kind: take it out and send the list again. Nothing of it was kept.
problem-cells = The line has more cells than the header.
problem-stage-invalid = This is none of the stages.

connect-title = Connect the applicant system
connect-lead = It tells Relais each stage as it happens, by one request.
connect-token = A token
connect-token-what = The request carries a token of the role recruiter with the scope “referrals”.
connect-token-make = Make a token
connect-token-ask = Ask an administrator for one.
connect-click = When the application came by a link
connect-click-what = Relais adds rid, the click’s id, to the address of each job that counts applications. The applicant system keeps it with the application and sends it back:
connect-code = When only the link is known
connect-code-what = With the code of the personal link, the last click on it counts:
connect-later = Later stages
connect-later-what = The same request with the same external_id and the next stage. Sent twice, it counts once. Stages may come in any order.
connect-never = Never send a name, an address or anything else of a candidate’s: such a request is refused as a whole.
connect-copy = Copy
connect-copied = Copied
connect-docs = All of the API
connect-list = Upload a list instead

audit-referrals-read-by-advocate = Looked at who referred
audit-referral-receipt-read = Opened a receipt
audit-detail-job = Job
audit-detail-stage = Stage

rule-title = Rule of credit
rule-lead = The last click by a person on a colleague’s link to the job counts, if it is at most { $days ->
    [one] one day
   *[other] { $days } days
  } older than the application; without one, a referral that was declared.
rule-try = Try another window
rule-try-what = Decides the applications of the past once more, and changes nothing.
rule-days = Days between click and application
rule-days-hint = From 1 to 730.
rule-since = Applications
rule-try-do = Decide once more
rule-away = The click log cannot be asked at the moment. Try again in a minute.
rule-found = With { $days ->
    [one] one day
   *[other] { $days } days
  }
rule-none = No application was decided in this time.
rule-same = stay as they are
rule-gained = would be credited, and are not
rule-lost = would lose their credit
rule-moved = would go to another person
rule-winners = { $count ->
    [0] Nobody would be credited more often.
    [one] One person would be credited more often.
   *[other] { $count } people would be credited more often.
  }
rule-losers = { $count ->
    [0] Nobody would be credited less often.
    [one] One person would be credited less often.
   *[other] { $count } people would be credited less often.
  }
rule-cut = Only the { $count } applications of which something happened last were decided once more.
rule-somebody = A colleague
rule-now = Now
rule-then = Then
rule-why = Why
rule-change = Change the window
rule-change-what = The new window holds for what is decided from now on. Nobody loses a credit that was decided before.
rule-change-do = Change the window
flash-rule-changed = The new window holds from now on.
problem-attribution-window-days-invalid = Give a number of days from 1 to 730.
