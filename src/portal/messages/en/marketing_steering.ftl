# Campaigns, feeds, objectives.

aim-of = of { $target }
aim-percent = { $percent ->
   *[other] { $percent }% of the objective
  }
aim-reached = Reached
aim-target = to reach: { $target }
aim-euro = €{ $amount }
target-in-percent = in %
target-in-euros = in €
problem-target-invalid = Write a number, 0 or more.

campaigns-title = Campaigns
campaigns-add = New campaign
campaigns-empty = No campaign yet
campaigns-empty-next = A campaign brackets contents, has an objective, and can be paused everywhere at once.
campaign-is-running = Running
campaign-is-planned = Planned
campaign-is-over = Over
campaign-is-paused = Paused
campaign-dates = { $from } to { $to }
campaign-from = From { $from }
campaign-until = Until { $to }
campaign-no-dates = Without dates
campaign-new-title = New campaign
campaign-edit = Edit
campaign-pause = Pause
campaign-resume = Resume
campaign-paused-note = Paused everywhere: its links lead to the fallback, and nobody is proposed its contents.
campaign-away = The figures cannot be had at the moment; clicks are recorded meanwhile. Try again in a minute.
campaign-objective = Objective
campaign-objective-none = This campaign aims at nothing yet.
campaign-objective-set = Set an objective
campaign-objective-hint = One figure to reach between the first day and the last.
campaign-no-objective = None
campaign-not-begun = It has not begun: figures come with the first day.
campaign-days = From { $from } through { $to }.
campaign-no-contents = Nothing is in it yet. Choose it in the form of a content.
campaign-name = Name
campaign-starts = First day
campaign-ends = Last day
campaign-kpi = Figure
campaign-target = To reach
campaign-slug = Name in links
campaign-slug-hint = For utm_campaign: a-z, 0-9 and hyphens. Empty: made of the name.
campaign-external-id = Key
campaign-external-id-hint = The campaign’s name in your own system.
campaign-stale = Somebody else changed this campaign while you were editing. Nothing of yours is saved yet: compare, then save again to put yours in its place.
flash-campaign-made = Ready: { $what }. Put contents into it.
flash-campaign-changed = Saved: { $what }
flash-campaign-paused = Paused: { $what }. Within two seconds its links lead to the fallback everywhere.
flash-campaign-resumed = Resumed: { $what }. Its links work again within two seconds.
problem-slug-invalid = Use a-z, 0-9 and hyphens, 63 characters at most.
problem-slug-slug-taken = Another campaign has this name in links.
problem-starts-on-invalid = This is no date.
problem-ends-on-invalid = This is no date, or it is earlier than the first day.

pause-title = Pause “{ $name }”?
pause-what = Within two seconds, everywhere:
pause-contents = { $count ->
    [0] It has no content yet: nothing changes for anybody.
    [one] Every link to its one content stops leading there.
   *[other] Every link to its { $count } contents stops leading there.
  }
pause-fallback = Whoever clicks is sent to the content’s fallback, or to { $url }.
pause-no-fallback = Whoever clicks is sent to the content’s fallback; without one, a page says that this is over.
pause-shelf = Nobody is proposed these contents to share any more.
pause-figures = Clicks meanwhile are recorded, and count in no figure.
pause-back = You can resume at any time: the same links work again.
pause-now = Pause now

feeds-title = Feeds
feeds-add = Add a feed
feeds-tab-review = To review
feeds-tab-sources = Sources
feeds-empty = No feed yet
feeds-empty-next = Your blog, your YouTube channel or your job board can propose contents by itself. You decide what is published.
feed-new-title = Add a feed
feed-url = Address
feed-url-hint = Of a feed (RSS, Atom), of a job feed, of a YouTube channel, or of a page that names its feed.
feed-publish = What is new
feed-publish-review = waits for somebody’s decision
feed-publish-automatic = is published at once
feed-content-kind = Its entries are
feed-content-kind-usual = What they usually are
feed-kind = What stands there
feed-kind-auto = Find out
feed-kind-rss = RSS
feed-kind-atom = Atom
feed-kind-youtube = YouTube channel
feed-kind-jobs-xml = Job feed (XML)
feed-kind-job-posting = Page of a job
feed-interval = Visit
feed-every-15 = Every quarter of an hour
feed-every-60 = Every hour
feed-every-360 = Every six hours
feed-every-1440 = Every day
feed-every-10080 = Every week
feed-every-minutes = { $count ->
    [one] Every minute
   *[other] Every { $count } minutes
  }
feed-close-missing = Close jobs that disappear
feed-close-missing-hint = A job that is missing in two visits, one after the other, is over.
feed-failed = Relais tries again by itself; check the address if it lasts.
feed-why-unreadable = What stands at this address is not a feed, or a damaged one.
feed-why-too-large = The feed has more than 1 MiB: use one with fewer entries.
feed-why-other = The last visit failed.
feed-is-paused = Paused
feed-is-failing = Failing
feed-is-automatic = Publishes by itself
feed-status-new = Not visited yet
feed-status-read = Read
feed-status-unchanged = Nothing new
feed-status-failing = The last visit failed
feed-visited = { $when }
feed-became = { $count ->
    [0] no content yet
    [one] one content
   *[other] { $count } contents
  }
feed-waiting = { $count ->
    [one] One to review
   *[other] { $count } to review
  }
feed-pause = Pause
feed-resume = Resume
feed-remove = Remove this feed
feed-remove-title = Remove
feed-remove-what = What it proposed goes with it. What became a content stays.
flash-feed-added = Added: { $what }. It is visited within seconds.
flash-feed-changed = Saved: { $what }
flash-feed-paused = Paused: { $what }
flash-feed-resumed = Resumed: { $what }. It is visited within seconds.
problem-close-missing-invalid = Only jobs can be closed when they are missing.
problem-interval-minutes-invalid = From five minutes to a week.

review-feed = Feed
review-any-feed = All
review-show = Show
review-filter = Show
review-state-proposed = What waits
review-state-rejected = What was dismissed
review-state-refused = What cannot be shared
review-refused-why = Over already, or at an address that your space does not allow.
review-empty = Everything is decided
review-empty-next = What the feeds find next will wait here.
review-none-found = Nothing fits
review-all = Show what waits
review-tick = Choose “{ $title }”
review-accept = Publish
review-dismiss = Dismiss
review-ticked = those ticked
review-hint = Tick and decide, or open one by its title to change it first.
proposal-title = Proposed by { $feed }
flash-review-none = Tick what you decide on first.
flash-review-accepted = Published: { $what }
flash-review-some-accepted = Published: { $what }. The others need a look: open them by their title.
flash-review-dismissed = Dismissed: { $what }

objectives-title = Objectives by quarter
objectives-whole = The whole programme
objectives-of = { $who }, { $quarter }
objectives-empty = Nothing is aimed at in this quarter yet.
objectives-set = Set objectives
objectives-change = Change
objectives-to-come = This quarter is to come: what comes of it will stand beside each objective.
objectives-teams = Teams without objectives
objectives-teams-hint = Objectives are a team’s, never a person’s. Its managers see them on their own page.
objectives-form-lead = Fill in what you aim at, and leave the rest empty.
objectives-study = In a study of such programmes: { $mean } in the mean, { $best } at best.
objectives-study-best = In a study of such programmes: { $best } at best.
flash-objectives-set = The objectives of { $what } are set.
flash-objectives-none = Nothing is aimed at any more.

charter-read-lead = What people read and accept before their first link, version by version. Administrators publish the next one.
charter-read-empty = No charter yet
charter-read-empty-next = New links ask for nothing until an administrator publishes one.
