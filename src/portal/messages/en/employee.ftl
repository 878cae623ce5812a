# What everybody does: share, and see what came of it.

nav-feed = Share
nav-figures = Figures
nav-referrals = Referrals
nav-account = Account

kind-article = Article
kind-campaign = Campaign
kind-job = Job
kind-video = Video
kind-event = Event
kinds-article = Articles
kinds-campaign = Campaigns
kinds-job = Jobs
kinds-video = Videos
kinds-event = Events

feed-title = Worth sharing
feed-search = Search
feed-find = Search
feed-kinds = Kinds
feed-all = Everything
feed-found = { $count ->
    [0] Nothing found
    [one] One proposal found
   *[other] { $count } proposals found
  }
feed-new = New
feed-shared = You shared it: { $where }
feed-copy = Copy the link
feed-copy-of = Copy the link to “{ $what }”
feed-share = Share
feed-share-of = Share “{ $what }”
feed-charter = Before your first link, please read what taking part means.
feed-charter-read = Read the charter (one minute)
feed-empty-title = Nothing to share yet
feed-empty = New proposals appear here as soon as they are published for you.
feed-nothing-title = Nothing found
feed-nothing = Try another word, or look at everything.
feed-everything = Show everything

content-read = Read it on { $site }
content-over = This is over and gets no new links. The links that you shared go on working.
content-charter-title = One thing first
content-charter = Before your first link, please read what taking part means. It takes a minute, once.
content-share = Share it
content-text = Your text
content-text-hint = A suggestion: make it yours, or empty it.
content-text-none = If you like: say in your own words why you share it.
content-others = { $count ->
    [one] Another suggestion
   *[other] { $count } other suggestions
  }
content-take = Take this one
content-disclosure-hint = Added below your text, so that readers know where you stand.
content-where = Where?
content-promise = Your link is yours. Nothing is posted for you, and no account is connected.
content-links = { $count ->
    [one] Your link to this
   *[other] Your { $count } links to this
  }
content-try = Try my link

disclosure-employee = I work with { $space }.
disclosure-partner = Partner of { $space }.
disclosure-customer = Customer of { $space }.
disclosure-influencer = In paid partnership with { $space }.

place-email = E-mail
place-sheet = More apps
place-qr = QR code
place-copy = Copy the link

share-said-copied = Your text is copied: paste it into { $place }.
share-said-opened = { $place } opens with your link.
share-said-shared = Shared. Thank you!
share-said-link = Your link is copied.
share-said-by-hand = Your link is ready below: copy it by hand.

made-title = Your link is ready
made-where = For { $where }. It counts as yours from the first click.
made-link = Your personal link
made-text = Your text
made-hint = Select it and copy it.
made-open = Open { $where }
made-back = Back

qr-title = Your QR code
qr-alt = QR code of { $link }
qr-hint = Show it on your screen, or print it: the code keeps working when the address behind it changes.
qr-print = Print
qr-download = Download

charter-title = The charter
charter-version = Version { $version }, of { $when }
charter-accept = I agree
charter-later = Not now
charter-accepted = You agreed to it on { $when }.
flash-charter-accepted = Thank you. You can share now.

leave-title = Leave the programme
leave-lead = Taking part is voluntary. If you leave:
leave-links = you get no new links; those that you shared go on working and no longer tell anybody anything new about you;
leave-mails = you are signed out everywhere and get no more mails;
leave-back = you can come back at any time: sign in again.
leave-erase = If you want your data erased, ask the person who administers this space.
leave-do = Leave now
leave-stay = Stay
left = You have left the programme. You can come back at any time: sign in again.

referrals-title = My referrals
referrals-lead = People who applied after they followed one of your links.
referrals-empty-title = No referral yet
referrals-empty = When somebody applies after following one of your links to a job, you see here how it goes.
referrals-jobs = Look at the jobs
referral-unknown-job = A job
referral-why = Why it is yours
referral-click = The last click before the application was on your link, on { $when } ({ $where }).
referral-window = A click counts for { $days ->
    [one] one day
   *[other] { $days } days
  } before the application.
referral-steps = How it went
referral-privacy = Nobody here knows who applied: the applicant system keeps that.
reason-last-click = The last link that the person followed before applying was yours.
reason-declared = You told us that you referred this person.
reason-pending = It is yours so far. Something more was told of it, and the clicks are being looked at again.
reason-imported = It came with earlier data of your company.

stage-started = Begun
stage-applied = Applied
stage-screened = In review
stage-interview = Interview
stage-offer = Offer
stage-hired = Hired
stage-probation_passed = Settled in
stage-rejected = Not kept
stage-withdrawn = Withdrawn

figures-title = What came of it
figures-period = Period
figures-days = { $days ->
    [one] Last day
   *[other] Last { $days } days
  }
figures-empty-title = Nothing in these days
figures-empty = Once you share something, you see here how many people it reached.
figures-share = Find something to share
figures-clicks = { $count ->
    [0] Nobody has clicked yet
    [one] One click on your links
   *[other] { $count } clicks on your links
  }
figures-shares = { $count ->
    [0] You shared nothing in these days.
    [one] You shared once.
   *[other] You shared { $count } times.
  }
figures-landed = { $count ->
    [0] No share has brought anybody yet.
    [one] One share brought somebody.
   *[other] { $count } shares brought somebody.
  }
figures-where = Where
figures-place = { $count ->
    [0] nobody yet
    [one] one click
   *[other] { $count } clicks
  }
figures-what = Clicks by people only: robots, previews and your own tries (“Try my link”) do not count.
figures-away = The figures are not there at the moment. Clicks are counted meanwhile: try again in a minute.
figures-own = Only you see this page.
