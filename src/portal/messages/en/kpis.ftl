# The programme's figures.

area-kpis = Figures
kpis-nav-overview = Overview
kpis-nav-live = Right now
kpis-title = The programme’s figures
kpis-back = To the overview

kpis-periods = Period
kpis-period-7d = 7 days
kpis-period-30d = 30 days
kpis-period-90d = 90 days
kpis-period-quarter = This quarter
kpis-period-last-quarter = Last quarter
kpis-period-year = This year
kpis-period-other = Other dates
kpis-from = First day
kpis-to = Last day
kpis-show = Show
kpis-problem-date = Choose a day between 1970 and 2148.
kpis-problem-backwards = The last day lies before the first.
kpis-problem-too-long = Choose at most ten years.
kpis-from-to = { $from } to { $to }
kpis-compared = compared with { $before }
kpis-download-as = Download as { $format }

kpis-away-title = No figures at the moment
kpis-away = Clicks are still recorded and will be counted. Reload this page in a minute; if it lasts, tell whoever runs Relais.
kpis-too-long-title = These figures take too long
kpis-too-long = Choose a shorter period, or reload this page in a minute.
kpis-too-many-title = More figures than a spreadsheet takes
kpis-too-many = Choose a shorter period, or download them as CSV.
kpis-reload = Reload

kpis-study-title = What makes a programme work
kpis-study-lead = Beside each figure stands what a six-month study of many programmes found.
kpis-no-value = Nothing to measure yet
kpis-of = { $part } out of { $whole }
kpis-divided = { $part } ÷ { $whole }
kpis-range = { $low } to { $high }
kpis-before = Before: { $value }
kpis-before-change = Before: { $value }, so { $change }
kpis-before-none = No figure before
kpis-up = up { $by }
kpis-down = down { $by }
kpis-same = unchanged
kpis-points = { $number } pts
kpis-euro = €{ $amount }
kpis-study = Study:
kpis-study-mean = mean
kpis-study-best = best
kpis-study-lowest = lowest
kpis-verdict-best = At or above the study’s best
kpis-verdict-above = Above the study’s mean
kpis-verdict-below = Below the study’s mean
kpis-verdict-within = Within the study’s range
kpis-verdict-lowest = Below the study’s lowest

kpis-clicks-title = Who clicked: people and machines
kpis-clicks-lead = Only people count as clicks. Networks that draw previews, robots and mail scanners are shown beside them and never mixed in.
kpis-clicks-empty = Nobody clicked in this period. Clicks appear here half a minute after they happen.
kpis-detail-class = Class
kpis-detail-channel = Channel
kpis-class-human = People
kpis-class-preview = Previews
kpis-class-bot = Robots
kpis-class-scanner = Scanners
kpis-class-prefetch = Prefetches
kpis-class-head = Header requests
kpis-class-self = Own tests
kpis-more = More about this figure

kpis-jobs-title = From a click to a hire
kpis-jobs-lead = What came of the jobs that were shared.
kpis-jobs-empty = No job was clicked and nobody applied in this period. Once jobs are shared, their way to a hire stands here.
kpis-step-clicks = Clicks on jobs
kpis-step-applications = Applications
kpis-step-hires = Hires
kpis-step-rate = { $rate } of the step before
kpis-stages-title = Applications that reached a stage
kpis-stage = Stage
kpis-stage-started = Form opened
kpis-stage-applied = Applied
kpis-stage-screened = Screened
kpis-stage-interview = Interview
kpis-stage-offer = Offer
kpis-stage-hired = Hired
kpis-stage-probation-passed = Probation passed
kpis-reached = Reached
kpis-went-on = Went on since
kpis-ended = Ended there
kpis-days = Days to the next stage
kpis-days-hint = Days to the next stage: half of those who went on took less.

kpis-every-title = All figures

kpis-definition = What it means
kpis-counts = Counts
kpis-over = Divided by
kpis-unit = Unit
kpis-version = Definition
kpis-classifier = Classifier of clicks
kpis-classifier-none = No clicks in this period
kpis-withheld-rule = Groups of people
kpis-withheld-people = Withheld below { $people } people
kpis-withheld-some = Withheld when too small
kpis-definitions = Definition
kpis-split-by = Split by
kpis-no-data-title = Nothing to show for this period
kpis-no-data = Choose a longer period. Figures appear once contents are shared.
kpis-over-time = { $name } by { $bucket }
kpis-as-table = As a table
kpis-chart = Chart. The same figures stand in the table that follows.
kpis-parts-title = By { $by }
kpis-parts-empty = No parts of this kind in the period.
kpis-value = Value
kpis-bar = Compared
kpis-estimate = Low to high
kpis-parts = Made of
kpis-share = Share of the whole
kpis-key = Name
kpis-withheld = Withheld
kpis-why-withheld = Withheld: fewer than { $people } people, or a group that would give such a one away.
kpis-why-withheld-some = Withheld: too few people, or a group that would give such a one away.
kpis-not-a-sum = These parts do not add up to the whole: the same thing may be in several.
kpis-hours-title = When people click
kpis-hours-lead = Clicks by people, by weekday and local hour. The darker, the more.
kpis-hour = Hour
kpis-hour-of = { $hour }:00
kpis-week = Week { $week }, { $year }
kpis-quarter = Q{ $quarter } { $year }

kpis-by-nothing = Nothing
kpis-by-day = day
kpis-by-week = week
kpis-by-month = month
kpis-by-quarter = quarter
kpis-by-team = team
kpis-by-location = place
kpis-by-language = language
kpis-by-cohort = cohort
kpis-by-advocate-kind = kind of person
kpis-by-advocate = person (noted in the audit log)
kpis-by-content = content
kpis-by-content-kind = kind of content
kpis-by-campaign = campaign
kpis-by-channel = channel
kpis-by-country = country
kpis-none-team = No team
kpis-none-location = No place
kpis-none-language = No language
kpis-none-cohort = No cohort
kpis-none-advocate-kind = Unknown people
kpis-none-advocate = Unknown people
kpis-none-content = Unknown contents
kpis-none-content-kind = Unknown contents
kpis-none-campaign = No campaign
kpis-none-channel = Unknown channel
kpis-none-country = Unknown country

kpis-live-title = Right now
kpis-live-lead = The last 30 minutes. This page renews itself every few seconds; nobody who clicks is identified, and no advocate is named.
kpis-live-people = { $count ->
    [one] One click by a person
   *[other] { $count } clicks by people
  }
kpis-live-others = { $count ->
    [one] and one request by a machine
   *[other] and { $count } requests by machines
  }
kpis-live-at = As of { $time }
kpis-live-minutes = By minute
kpis-live-chart = People above the line, everything else below it. The same counts stand in the table that follows.
kpis-live-quiet = Nothing in the last 30 minutes. A click appears here within a few seconds.
kpis-live-minute = Minute
kpis-live-left-out = Minutes without a click are left out.
kpis-live-fresh = Last clicked
kpis-live-content = Content
kpis-live-clicks = Clicks
kpis-live-when = Last one
kpis-live-ago = { $count ->
    [0] just now
    [one] a minute ago
   *[other] { $count } minutes ago
  }
kpis-live-new-content = A new content
