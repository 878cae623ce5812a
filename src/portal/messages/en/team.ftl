# What managers see of their teams.

area-team = Teams
team-nav = Teams
team-title = Teams by quarter
team-quarters = Quarters
team-before = Before
team-after = After
team-lead = Each team as a whole. Nobody’s own figures are shown here, and nobody is ranked.
team-empty-next = Once an administrator has made teams, their figures stand here.
team-away = The figures cannot be had at the moment; try again in a minute.
team-team = Team
team-people = People
team-kpi-advocates-registered = Registered
team-kpi-active-sharer-ratio = Who shared
team-kpi-shares = Shares
team-kpi-clicks = Clicks
team-kpi-clicks-per-share = Clicks a share
team-withheld = Too few
team-why-withheld = Figures of groups with too few people are withheld, so that nobody can be told from them.
team-aims = Objectives of the quarter
